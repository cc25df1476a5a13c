"""Who is in the demo clinic. Every name is made up; every surname and every note stands here once and nowhere else."""

from dataclasses import dataclass
from datetime import date

from clinic.prescriptions.models import Importance

PASSWORD = "back-in-motion"  # noqa: S105  the point of a demo account is that everybody knows it


@dataclass(frozen=True)
class ClinicOf:
    slug: str
    name: str
    phone: str
    email: str
    address: str


@dataclass(frozen=True)
class Staff:
    email: str
    first_name: str
    last_name: str
    clinic: str
    title: str


@dataclass(frozen=True)
class Person:
    """`versions`: how many days ago each version of the plan started, and the protocol's stage it took.

    `lead`: which of the clinic's clinicians looks after them. `quiet`: for how many days nothing was logged.
    `free_days`: the patient chooses the days themselves. `breaks`: desk micro-breaks beside the plan. `relief`: an exercise for when it helps. `skips`: an exercise they often leave out, and why.
    `kept`: exercises that a condition blocks, and why the clinician keeps them. `comments`: what they said, and how many days ago, beside what the course has them say.
    """

    first_name: str
    last_name: str
    born_on: date
    problem: str
    goal: str
    note: str
    course: str = "steady"
    protocol: str = ""
    versions: tuple[tuple[int, int], ...] = ()
    conditions: tuple[str, ...] = ()
    lead: int = 0
    quiet: int = 0
    free_days: bool = False
    breaks: bool = False
    relief: tuple[str, str] | None = None
    skips: tuple[str, str] | None = None
    kept: tuple[tuple[str, str], ...] = ()
    comments: tuple[tuple[int, str], ...] = ()
    known_as: str = ""
    account: str = ""


SPINE_INA = ClinicOf(
    slug="spine-ina",
    name="Spine INA",
    phone="+44 20 7946 0142",
    email="hello@spine-ina.example",
    address="4 Heron Walk\nLondon",
)
HARBOUR_BACKS = ClinicOf(
    slug="harbour-backs",
    name="Harbour Backs",
    phone="+44 117 496 0187",
    email="hello@harbour-backs.example",
    address="11 Ropemaker Steps\nBristol",
)
# What rings in an emergency has to be a made-up number too: nobody should reach help through a demo.
EMERGENCY_PHONE = "+44 20 7946 0999"
URGENT_PHONE = "+44 20 7946 0111"
CLINICS = (SPINE_INA, HARBOUR_BACKS)

STAFF = (
    Staff("clinician@demo.example", "Priya", "Valecroft", "spine-ina", "Physiotherapist"),
    Staff("clinician2@demo.example", "Sam", "Achterwell", "spine-ina", "Senior physiotherapist"),
    Staff("clinician3@demo.example", "Tomás", "Rioclaro", "spine-ina", "Sports physiotherapist"),
    Staff("other@demo.example", "Olga", "Fernholt", "harbour-backs", "Physiotherapist"),
)

AT_SPINE_INA = (
    Person(
        "Margaret", "Ellismoor", date(1964, 3, 14), "chronic low back pain",
        goal="Walk the dog for 30 minutes without stopping", known_as="Maggie",
        note="Worried that bending will “put it out again”. Walked her through the scan report; no nerve signs. "
        "Prefers mornings, after tea.",
        course="improving", protocol="own", versions=((84, 1), (35, 2)), account="patient@demo.example",
        comments=(
            (1, "Walked to the pond and back with Biscuit. No need to sit down."),
            (4, "Bird dog feels steady now. May I do more of it?"),
            (9, "A bit stiff after gardening, fine once I was warm."),
            (33, "The new ones are harder. I took my time."),
            (55, "Bad week, twisted in the kitchen. Just the breathing and a little walk."),
        ),
    ),
    Person(
        "Noor", "Newharrow", date(1991, 9, 2), "low back pain after moving house",
        goal="Carry my daughter up the stairs",
        note="First visit done, screen clear. Wants to see the plan before buying a mat.",
        course="none", account="newpatient@demo.example",
    ),
    Person(
        "Rosa", "Delmarine", date(1978, 6, 21), "disc L5–S1, leg pain settling",
        goal="Sit through a film", note="Flared after a long drive in March as well. Asked to ring if numbness spreads.",
        course="flared", protocol="extension-bias", versions=((56, 2), (28, 3)), conditions=("flexion-intolerant",),
    ),
    Person(
        "Tom", "Okafarrow", date(1971, 1, 30), "chronic low back pain",
        goal="Play five-a-side again", note="Night shifts until spring; sleep is poor. Keep the load where it is for now.",
        course="worse", protocol="subacute-nslbp", versions=((63, 1), (41, 2)), lead=0,
    ),
    Person(
        "Hannah", "Lindqvale", date(1992, 11, 8), "postnatal low back pain",
        goal="Lift the pram into the car", note="Baby sleeps badly. Ten minutes a day is what is realistic.",
        course="silent", quiet=9, protocol="subacute-nslbp", versions=((45, 1), (26, 2)), conditions=("pelvic-floor",),
    ),
    Person(
        "George", "Whitfern", date(1955, 4, 3), "osteoporosis, stiff upper back",
        goal="Stand straight at my granddaughter’s wedding",
        note="Hip hinge is clean now. Discuss discharge when this block ends.",
        course="ending", protocol="older-adult", versions=((80, 1), (52, 2)), conditions=("osteoporosis",),
    ),
    Person(
        "Aisha", "Rahmoor", date(1997, 2, 17), "neck and mid-back ache at the desk",
        goal="Get through a sprint week without painkillers",
        note="Laptop on the kitchen table. Sent the chair set-up sheet; asks for very short breaks.",
        course="steady", protocol="general-back-health", versions=((12, 0),), breaks=True,
    ),
    Person(
        "Daniel", "Moreauvale", date(1985, 7, 26), "after surgery L4–5, five months on",
        goal="Go back to the climbing wall", note="Surgeon has lifted all limits by letter. Fear of rotation is the last hurdle.",
        course="improving", protocol="chronic-lbp-strength", versions=((77, 1), (49, 2)), lead=2,
    ),
    Person(
        "Ingrid", "Solbrook", date(1960, 12, 5), "stenosis L3–4",
        goal="Do the market in one go", note="Walks to the second lamp post before the legs ache; was the first one.",
        course="steady", protocol="flexion-bias", versions=((70, 1), (56, 2)), conditions=("stenosis",), lead=1,
        relief=("legs-on-chair-rest", "5 min, 4x/day, as needed"),
    ),
    Person(
        "Samir", "Haddawell", date(1974, 8, 19), "chronic low back pain",
        goal="Stand through a whole lesson", note="Teaches on his feet. Good with the bridge, rushes the bird dog.",
        course="steady", protocol="chronic-lbp-strength", versions=((28, 1),),
    ),
    Person(
        "Wei", "Lanternlake", date(1988, 5, 11), "recurrent low back pain",
        goal="Run 10 km in the autumn", note="Third episode in two years. Wants numbers, likes to see the curve.",
        course="improving", protocol="general-back-health", versions=((66, 0),), lead=2,
    ),
    Person(
        "Kofi", "Amberquill", date(1969, 10, 23), "low back pain, hypertension",
        goal="Dig the allotment", note="130/82 at rest today. Breathes through the holds since we practised it.",
        course="steady", protocol="aerobic-base", versions=((60, 1), (46, 2), (25, 3)),
        conditions=("hypertension-controlled",), lead=1,
    ),
    Person(
        "Yuki", "Stillpond", date(1981, 3, 29), "sacroiliac pain, right",
        goal="Sleep on my side again", note="Pain drawing smaller than at intake. Keep the clamshell, she swears by it.",
        course="sporadic", protocol="subacute-nslbp", versions=((50, 1), (36, 2)), lead=2,
    ),
    Person(
        "Bronagh", "Thistlegrove", date(1946, 1, 9), "back pain and balance",
        goal="Go to church on foot", note="Daughter lives next door and reminds her. One stumble in October, no injury.",
        course="steady", protocol="older-adult", versions=((81, 1), (53, 2)), conditions=("hypertension-controlled",), lead=1,
    ),
    Person(
        "Mateo", "Quillfeather", date(2000, 6, 2), "low back pain from lifting",
        goal="Deadlift my own weight again", note="Impatient. Agreed in writing: no test lifts until week six.",
        course="improving", protocol="return-to-lifting", versions=((42, 1), (28, 2)), lead=2,
    ),
    Person(
        "Agnieszka", "Marblebrook", date(1966, 9, 14), "chronic low back pain, low mood",
        goal="Sing in the choir standing up", note="GP is reviewing the tablets. Praise the small weeks; she discounts them.",
        course="declining", protocol="aerobic-base", versions=((70, 1), (56, 2)), lead=0,
    ),
    Person(
        "Tariq", "Copperlane", date(1979, 4, 27), "taxi driver’s low back pain",
        goal="Drive a full shift", note="Twelve-hour days, symptoms ease on sitting. Exercises happen in the rank or not at all.",
        course="declining", protocol="flexion-bias", versions=((55, 1), (41, 2)), lead=1,
    ),
    Person(
        "Linnea", "Juniperly", date(1999, 12, 19), "hypermobile, aching low back",
        goal="Dance the spring show", note="Stops short of end range when reminded. Film the side plank next time.",
        course="steady", protocol="mcgill-big-3", versions=((38, 1), (24, 2)), conditions=("hypermobility",), lead=2,
    ),
    Person(
        "Deepak", "Saffronhill", date(1958, 2, 8), "low back pain, knee osteoarthritis",
        goal="Kneel to light the lamp", note="Left knee is the limit, not the back. Swap kneeling for the chair.",
        course="skipper", protocol="older-adult", versions=((46, 1), (18, 2)), skips=("step-up", "unsafe"), conditions=("knee-problem",), lead=0,
    ),
    Person(
        "Moira", "Windlemere", date(1943, 11, 30), "stenosis, uses a stick",
        goal="Bake without sitting down", note="Eighty-three and prouder of her chair stands than of the medal.",
        course="improving", protocol="flexion-bias", versions=((74, 1), (60, 2)), conditions=("stenosis", "anticoagulant"), lead=1,
    ),
    Person(
        "Elio", "Pebblecombe", date(1990, 7, 7), "disc bulge L4–5, extension eases",
        goal="Cycle to work", note="Centralised fully on Tuesday. Reintroduce bending from next week.",
        course="improving", protocol="extension-bias", versions=((24, 2), (14, 3)), lead=0,
    ),
    Person(
        "Zanele", "Harrowgale", date(1984, 10, 12), "low back pain, two desk jobs",
        goal="Keep going without a flare until summer", note="Sets her own reminders. Asked for the plan as a picture for the fridge.",
        course="steady", protocol="desk-microbreaks", versions=((64, 0),), lead=0,
    ),
    Person(
        "Ciarán", "Nightingrove", date(1973, 5, 25), "postman’s back",
        goal="Carry the bag on the left again", note="On leave until the end of the month, walking in the hills. Plan paused at his wish.",
        course="paused", quiet=6, protocol="subacute-nslbp", versions=((48, 1), (34, 2)), lead=1,
    ),
    Person(
        "Fatima", "Oystermond", date(1987, 8, 3), "low back pain, in hospital for her gall bladder",
        goal="Pick up the shopping", note="Ward rang: keyhole operation on Monday. Re-screen before anything restarts.",
        course="paused", quiet=11, protocol="general-back-health", versions=((58, 0),), lead=0,
    ),
    Person(
        "Oskar", "Bramblewick", date(1976, 1, 16), "chronic low back pain",
        goal="Build the shed", note="Does the whole plan on Sunday and calls it a week. Talked about spreading it.",
        course="sporadic", protocol="general-back-health", versions=((75, 0),), free_days=True, lead=2,
    ),
    Person(
        "Nadia", "Cinderholt", date(1994, 3, 3), "low back pain, early pregnancy",
        goal="Stay at work until May", note="Midwife copied in. Switch to side lying as soon as lying flat bothers her.",
        course="steady", protocol="post-flare-return", versions=((9, 1), (5, 2)), conditions=("pregnancy-early",), lead=1,
    ),
    Person(
        "Hemi", "Driftmere", date(1982, 9, 9), "rower’s low back pain",
        goal="Race in the spring regatta", note="Coach wants weekly figures; told both that the patient shares them, not we.",
        course="steady", protocol="chronic-lbp-strength", versions=((82, 1), (54, 2), (26, 3)), lead=2,
    ),
    Person(
        "Colette", "Emberlyne", date(1952, 6, 18), "degenerative scoliosis",
        goal="Play the cello for an hour", note="Bring the stool height down one notch at the next visit.",
        course="steady", protocol="older-adult", versions=((33, 1),), lead=0,
    ),
    Person(
        "Jonas", "Foxglade", date(1996, 2, 22), "acute low back pain, day 3",
        goal="Put my socks on", note="Locked up unloading crates. Screen clear on the phone, seen the same day.",
        course="fresh", protocol="acute-first-week", versions=((2, 1),), conditions=("acute-phase",), lead=2,
    ),
    Person(
        "Soledad", "Gullifant", date(1963, 12, 28), "low back pain, anxious about movement",
        goal="Garden for an afternoon", note="Start low. Celebrate that she came; cancelled twice before.",
        course="fresh", protocol="aerobic-base", versions=((4, 1),), lead=1,
    ),
    Person(
        "Arjun", "Hazelrigge", date(2002, 4, 15), "student, low back pain when sitting",
        goal="Sit my finals", note="Exam timetable is in May. Breaks between past papers fit best.",
        course="fresh", protocol="subacute-nslbp", versions=((5, 1),), breaks=True, lead=0,
    ),
    Person(
        "Beatrix", "Ivorstone", date(1968, 7, 1), "low back pain after a fall from a horse",
        goal="Ride at a walk", note="Films clear, reported by letter. Invitation sent; she reads mail on Sundays.",
        course="invited", lead=1,
    ),
    Person(
        "Kwame", "Jaspermoor", date(1977, 11, 11), "low back pain, heavy work",
        goal="Back on the scaffold", note="Draft written, waiting for his answer on which days he is on site.",
        course="draft", protocol="subacute-nslbp", versions=((0, 1),), lead=0,
    ),
    Person(
        "Sunniva", "Kestrelby", date(1989, 5, 20), "recurrent low back pain",
        goal="Ski in February", note="Reached every goal we set. Discharged with the maintenance sheet.",
        course="discharged", quiet=12, protocol="general-back-health", versions=((88, 0),), lead=2,
    ),
    Person(
        "Pavel", "Larkenfold", date(1957, 8, 24), "low back pain",
        goal="Walk round the reservoir", note="Moves to Leeds next week. Letter for the new physio is in his hands.",
        course="discharged", quiet=20, protocol="older-adult", versions=((85, 1), (55, 2)), lead=1,
    ),
    Person(
        "Ottilie", "Mosswinter", date(1949, 10, 10), "osteopenia, back pain on standing",
        goal="Host Christmas dinner", note="Plan ran out while she was at her sister’s. Ring to agree the next block.",
        course="ended", quiet=3, protocol="older-adult", versions=((60, 1), (32, 2)), lead=0,
    ),
    Person(
        "Rafiq", "Nettlemarch", date(1980, 1, 5), "nurse, low back pain on shift",
        goal="Turn a patient without bracing for it", note="Rota changes every week. Let him pick the days, count the week.",
        course="sporadic", protocol="chronic-lbp-strength", versions=((57, 1), (29, 2)), free_days=True, lead=1,
    ),
    Person(
        "Delphine", "Orchardine", date(1970, 4, 8), "chronic low back pain",
        goal="Fly to Réunion without dread", note="No answer to two calls. Try once more on Thursday, then write.",
        course="silent", quiet=26, protocol="mcgill-big-3", versions=((68, 1), (54, 2)), lead=2,
    ),
    Person(
        "Anahera", "Plumtrellis", date(1993, 6, 29), "low back pain, no equipment at home",
        goal="Carry both bags from the shop", note="Band went missing in the move. Reception has one set aside.",
        course="skipper", protocol="general-back-health", versions=((31, 0),), skips=("band-row", "equipment"), lead=1,
    ),
    Person(
        "Ludvik", "Quincewater", date(1961, 9, 17), "low back pain, retired fitter",
        goal="Fish from the bank all morning", note="Says the app is for young people, yet opened it more than anyone this month.",
        course="silent", quiet=14, protocol="flexion-bias", versions=((65, 1), (51, 2)), lead=2,
        conditions=("dizziness-vertigo",),
        kept=(("seated-forward-bend", "Vertigo quiet since spring. Bends half way, head up; tried here twice without dizziness."),),
    ),
)  # fmt: skip

AT_HARBOUR_BACKS = (
    Person(
        "Freya", "Tidewarden", date(1986, 2, 11), "chronic low back pain",
        goal="Row across the harbour", note="Boat yard work, twists under load all day. Keep rotation unloaded.",
        course="steady", protocol="own", versions=((70, 1), (28, 2)), account="otherpatient@demo.example",
        relief=("childs-pose", "1 x 30 s, 4x/day, as needed"),
    ),
    Person(
        "Isolde", "Ravenscarp", date(1972, 3, 6), "low back pain",
        goal="Walk the coast path", note="Blisters, not the back, ended the last walk. New boots ordered.",
        course="improving", protocol="aerobic-base", versions=((60, 1), (46, 2)),
    ),
    Person(
        "Benedikt", "Saltmarrow", date(1965, 11, 19), "stenosis L4–5",
        goal="Stand at the bar, not sit", note="Cycles to the ferry and back. Count that as the cycling block.",
        course="steady", protocol="flexion-bias", versions=((49, 1), (35, 2)), conditions=("stenosis",),
    ),
    Person(
        "Chiamaka", "Umberfell", date(1995, 8, 30), "low back pain at the desk",
        goal="Finish my thesis", note="Supervisor agreed to walking meetings. Ask how the first week went.",
        course="declining", protocol="general-back-health", versions=((40, 0),), breaks=True,
    ),
    Person(
        "Haruto", "Velvetoak", date(1953, 5, 5), "low back pain, retired dockhand",
        goal="Dance at the social club", note="Hearing aid off during sessions. Write the cue down for him.",
        course="silent", quiet=10, protocol="older-adult", versions=((62, 1), (34, 2)),
    ),
    Person(
        "Perpetua", "Willowhythe", date(1998, 12, 1), "low back pain, first episode",
        goal="Get back to roller derby", note="Team physio treats the ankle; we stay with the back.",
        course="fresh", protocol="subacute-nslbp", versions=((3, 1),),
    ),
)  # fmt: skip

PEOPLE = {SPINE_INA.slug: AT_SPINE_INA, HARBOUR_BACKS.slug: AT_HARBOUR_BACKS}

# The plan of the fixed demo patients: something every day, in all four phases, by stage.
OWN_PLAN_TITLE = "Strong and easy back"
# What the clinicians rank; all else should be done.
IMPORTANCE = {
    "bridge": Importance.MUST,
    "sit-to-stand": Importance.MUST,
    "cat-cow": Importance.MUST,
    "single-knee-to-chest": Importance.IF_TIME,
}
OWN_PLAN = {
    1: (
        ("warm", "marching-on-spot", "2 min"),
        ("warm", "cat-cow", "1 x 6, 2 s hold"),
        ("main", "glute-set", "2 x 10, 5 s hold"),
        ("main", "bridge", "2 x 8, 3 s hold"),
        ("main", "walking", "10 min, 4 days/week"),
        ("cool", "single-knee-to-chest", "2 x 15 s, each side"),
    ),
    2: (
        ("warm", "marching-on-spot", "2 min"),
        ("warm", "cat-cow", "1 x 8, 2 s hold"),
        ("main", "bridge", "3 x 10, 5 s hold"),
        ("main", "bird-dog", "2 x 6, 8 s hold, alternate sides"),
        ("main", "sit-to-stand", "2 x 8"),
        ("main", "walking", "15 min, 4 days/week"),
        ("cool", "single-knee-to-chest", "3 x 20 s, each side"),
        ("desk", "seated-cat-cow", "1 x 6, 2 s hold, 2x/day"),
        ("desk", "shoulder-blade-squeeze", "1 x 8, 3 s hold, 2x/day"),
    ),
}
DESK_BREAKS = (
    ("sitting-break", "1 min, 4x/day, Mo-Fr"),
    ("seated-backbend", "1 x 5, 2 s hold, 2x/day, Mo-Fr"),
    ("shoulder-blade-squeeze", "1 x 8, 3 s hold, 2x/day, Mo-Fr"),
)
