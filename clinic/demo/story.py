"""One demo patient's record: who they are, their plans, and their diary since the first visit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db.models import F

from clinic.demo import cast, voices
from clinic.demo.course import COURSES, DayLog, Life
from clinic.prescriptions.dosage import Dosage, normal
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.models import Importance, Pause, PrescribedExercise, Prescription, Protocol
from clinic.prescriptions.telling import told
from clinic.prescriptions.week_plan import week_plan
from clinic.today.models import CheckOff, Session, Skip, SkipReason
from clinic.today.tallies import planned
from exercises.models import Exercise, Phase
from patients.models import (
    CareTeamMember,
    Clinic,
    Clinician,
    Goal,
    Invitation,
    Note,
    Patient,
    PatientCondition,
    User,
)

ZONE = "Europe/London"
LAST_MINUTE = 22 * 60
SHORT_MINUTES = 10
WEEKDAYS_OF = {1: (2,), 2: (1, 4), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4), 6: (0, 1, 2, 3, 4, 5)}


@dataclass
class Rows:
    """What is written in bulk at the end, in this order."""

    check_offs: list[CheckOff] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    def create(self) -> None:
        CheckOff.objects.bulk_create(self.check_offs, batch_size=2_000)
        Skip.objects.bulk_create(self.skips, batch_size=2_000)
        Session.objects.bulk_create(self.sessions, batch_size=2_000)
        Session.objects.update(said_at=F("started_at") + timedelta(minutes=25))


def add_user(email: str, first_name: str, last_name: str, password: str, **fields: bool) -> User:
    user = User.objects.create(email=email, first_name=first_name, last_name=last_name, password=password, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


class Story:
    """One patient's record from the first visit to yesterday."""

    def __init__(
        self,
        person: cast.Person,
        clinic: Clinic,
        staff: list[Clinician],
        catalogue: dict[str, Exercise],
        today: date,
        password: str,
    ) -> None:
        self.person, self.clinic, self.staff, self.catalogue, self.today = person, clinic, staff, catalogue, today
        self.lead = staff[person.lead % len(staff)]
        self.password = password
        self.rng = Random(f"backwell demo {person.last_name}")  # noqa: S311  a story, not a secret

    def write(self, rows: Rows) -> None:
        person = self.person
        self.patient = self._patient()
        self._record()
        if person.course == "invited":
            self._invitation()
        if not person.versions:
            return
        lines = self._prescriptions()
        if person.course == "draft":
            return
        first, last = self.days
        life = Life(self.rng, COURSES[person.course], always_skips=self._always_skips(lines[-1]))
        self._log(life.diary([planned(line) for version in lines for line in version], first, last), lines, rows)

    @property
    def days(self) -> tuple[date, date]:
        """The first day of the first plan, and the last on which anything was done."""
        return self._ago(self.person.versions[0][0]), self._ago(self.person.quiet or 1)

    def _patient(self) -> Patient:
        person, user = self.person, None
        email = person.account or f"{person.first_name}.{person.last_name}@patients.example".lower()
        email = email.encode("ascii", "ignore").decode()
        if person.course != "invited":
            password = self.password if person.account else make_password(None)
            user = add_user(email, person.first_name, person.last_name, password)
        patient = Patient(
            uuid=self._uuid(),
            clinic=self.clinic,
            user=user,
            first_name=person.first_name,
            last_name=person.last_name,
            known_as=person.known_as,
            born_on=person.born_on,
            email=email,
            phone=f"+44 7700 900{self.rng.randrange(1000):03}",
            time_zone=ZONE,
            problem=person.problem,
            created_by=self.lead.user,
        )
        if person.course == "discharged":
            patient.discharged_at, patient.discharged_by = self._at(self._ago(person.quiet), 15), self.lead.user
        if person.versions and person.course != "draft":
            patient.seen_on = self._ago(person.quiet or 1)
        patient.save()
        self.first_visit = self._ago(person.versions[0][0] + 1 if person.versions else 4)
        Patient.objects.filter(pk=patient.pk).update(created_at=self._at(self.first_visit, 9))
        return patient

    def _record(self) -> None:
        """Care team, conditions, goals and notes, dated to the visits they were written at."""
        patient, by = self.patient, self.lead.user
        visit = self._at(self.first_visit, 9)
        team = [CareTeamMember(patient=patient, clinician=self.lead, leads=True)]
        if len(self.staff) > 1 and self.rng.random() < 0.3:
            colleague = self.rng.choice([each for each in self.staff if each != self.lead])
            team.append(CareTeamMember(patient=patient, clinician=colleague))
        CareTeamMember.objects.bulk_create(team)
        PatientCondition.objects.bulk_create(
            PatientCondition(patient=patient, code=code, added_by=by) for code in self.person.conditions
        )
        Goal.objects.create(
            patient=patient,
            text=self.person.goal,
            due_on=self.today + timedelta(weeks=self.rng.randint(3, 9)),
            added_by=by,
        )
        Note.objects.create(patient=patient, text=self.person.note, written_by=by)
        patient.care_team.update(since=visit)
        patient.conditions.update(added_at=visit)
        patient.goals.update(added_at=visit)
        patient.notes.update(written_at=self._at(self._ago(self._noted_days_ago()), 16))

    def _noted_days_ago(self) -> int:
        """Notes are written when something happens: at the latest version, or where the story turned since."""
        person = self.person
        if person.course in {"silent", "ended"}:
            return max(1, person.quiet - 7)
        if person.course in {"paused", "discharged"}:
            return person.quiet
        return max(1, person.versions[-1][0]) if person.versions else 3

    def _invitation(self) -> None:
        made = self._at(self.first_visit, 10)
        Invitation.objects.create(
            patient=self.patient,
            token_hash=f"{self.rng.getrandbits(256):064x}",
            made_by=self.lead.user,
            expires_at=made + timedelta(days=14),
        )
        self.patient.invitations.update(made_at=made)

    def _prescriptions(self) -> list[list[PrescribedExercise]]:
        """Every version of the plan, oldest first, with its lines."""
        person, by = self.person, self.lead.user
        protocol = None if person.protocol == "own" else Protocol.objects.get(slug=person.protocol, clinic=None)
        threads: dict[str, UUID] = {}
        made: list[list[PrescribedExercise]] = []
        previous: Prescription | None = None
        for number, (days_ago, stage) in enumerate(person.versions, 1):
            starts = self._ago(days_ago)
            following = self._ago(person.versions[number][0]) if number < len(person.versions) else None
            # A first plan is written at the visit the day before, a new version sent on the morning it starts.
            sent = self._at(starts, 7) if number > 1 else self._at(self.first_visit, 9) + timedelta(minutes=40)
            prescription = Prescription(
                uuid=self._uuid(),
                patient=self.patient,
                title=protocol.name if protocol else cast.OWN_PLAN_TITLE,
                protocol=protocol,
                stage=stage,
                replaces=previous,
                version=number,
                starts_on=starts,
                note_to_patient=self.rng.choice(voices.WITH_A_NEW_VERSION) if number > 1 else "",
                created_by=by,
                edited_by=by,
            )
            if person.course != "draft":
                prescription.published_at, prescription.published_by = sent, by
                prescription.seen_at = sent + timedelta(hours=2) if number > 1 else None
            if following:
                prescription.ended_on, prescription.ended_at = following, self._at(following, 7)
                prescription.ended_by, prescription.end_reason = by, "Replaced by a new version"
            elif person.course == "discharged":
                prescription.ended_on = self._ago(person.quiet)
                prescription.ended_at, prescription.ended_by = self.patient.discharged_at, by
                prescription.end_reason = "Discharged"
            else:
                prescription.ends_on = self._last_day(protocol)
            lines = self._lines(protocol, stage, threads)
            prescription.week_plan = week_plan(lines)
            prescription.save()
            Prescription.objects.filter(pk=prescription.pk).update(
                created_at=sent - timedelta(minutes=25), edited_at=sent - timedelta(minutes=2)
            )
            for line in lines:
                line.prescription = prescription
            made.append(PrescribedExercise.objects.bulk_create(lines))
            previous = prescription
        if person.course == "paused" and previous:
            Pause.objects.create(
                prescription=previous,
                from_day=self._ago(person.quiet - 1),
                reason="Walking holiday" if "hills" in person.note else "In hospital",
                paused_by=by,
            )
            previous.pauses.update(paused_at=self._at(self._ago(person.quiet - 1), 11))
        return made

    def _last_day(self, protocol: Protocol | None) -> date | None:
        if self.person.course == "ending":
            return self.today + timedelta(days=4)
        if self.person.course == "ended":
            return self._ago(self.person.quiet)
        weeks = protocol.weeks if protocol else None
        usual = self._ago(self.person.versions[0][0]) + timedelta(weeks=weeks) if weeks else self.today
        return usual if usual > self.today + timedelta(days=9) else None

    def _lines(self, protocol: Protocol | None, stage: int, threads: dict[str, UUID]) -> list[PrescribedExercise]:
        order = list(Phase.values)
        lines = list[PrescribedExercise]()
        for phase, exercise, dosage in sorted(self._doses(protocol, stage), key=lambda dose: order.index(dose[0])):
            first_time = exercise.slug not in {line.exercise.slug for line in lines}
            thread = threads.setdefault(exercise.slug, self._uuid()) if first_time else self._uuid()
            lines.append(
                PrescribedExercise(
                    uuid=self._uuid(),
                    exercise=exercise,
                    thread=thread,
                    phase=phase,
                    position=len(lines),
                    dosage=dosage,
                    importance=cast.IMPORTANCE.get(exercise.slug, Importance.SHOULD),
                    told=told(exercise),
                )
            )
        return lines

    def _doses(self, protocol: Protocol | None, stage: int) -> Iterator[tuple[str, Exercise, Dosage]]:
        if self.person.relief:
            slug, dose = self.person.relief
            yield Phase.COOL, self.catalogue[slug], parse(dose)
        if protocol is None:
            for phase, slug, dose in cast.OWN_PLAN[stage]:
                yield phase, self.catalogue[slug], parse(dose)
            return
        for line in (
            protocol.lines.filter(stage__in=(0, stage)).select_related("exercise").prefetch_related("exercise__tags")
        ):
            dosage = normal(line.dosage)
            if dosage.days_per_week < 7 and not dosage.weekdays and not self.person.free_days:
                dosage = replace(dosage, weekdays=WEEKDAYS_OF[dosage.days_per_week])
            yield line.phase, line.exercise, dosage
        if self.person.breaks:
            for slug, dose in cast.DESK_BREAKS:
                yield Phase.DESK, self.catalogue[slug], parse(dose)

    def _always_skips(self, lines: list[PrescribedExercise]) -> tuple[UUID, str] | None:
        if not self.person.skips:
            return None
        slug, reason = self.person.skips
        return next((line.thread, reason) for line in lines if line.exercise.slug == slug)

    def _log(self, diary: Iterable[DayLog], versions: list[list[PrescribedExercise]], rows: Rows) -> None:
        patient, user = self.patient, self.patient.user
        assert user is not None
        own_words = {self._ago(days): text for days, text in self.person.comments}
        for log in diary:
            lines = {
                line.thread: line
                for version in versions
                if version[0].prescription.starts_on <= log.day
                for line in version
            }
            began = self._at(log.day) + timedelta(minutes=log.minute)
            common = {"patient": patient, "day": log.day}
            for seconds, ((thread, occasion), (number, side)) in enumerate(log.ticks, 1):
                # Later occasions follow in the evening at the latest, never after midnight.
                minute = min(log.minute + 150 * (occasion - 1), LAST_MINUTE)
                at = self._at(log.day) + timedelta(minutes=minute, seconds=30 * seconds)
                rows.check_offs.append(
                    CheckOff(
                        **common, thread=thread, occasion=occasion, set_number=number, side=side,
                        line=lines[UUID(str(thread))], done_at=at, done_by=user,
                    )
                )  # fmt: skip
            for (thread, occasion), reason in log.skips:
                rows.skips.append(
                    Skip(
                        **common, thread=thread, occasion=occasion, reason=reason,
                        line=lines[UUID(str(thread))], said_at=began, said_by=user,
                    )
                )  # fmt: skip
            comment = own_words.get(log.day, log.comment)
            picked = _short_of_time(log, lines)
            if log.pain_before is not None or comment or log.effort is not None or picked:
                rows.sessions.append(
                    Session(
                        **common, minutes=SHORT_MINUTES if picked else None, picked=picked, pain_before=log.pain_before, pain_worst=log.pain_worst, effort=log.effort,
                        comment=comment, started_at=began, said_by=user,
                    )
                )  # fmt: skip

    def _ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def _at(self, day: date, hour: int = 0) -> datetime:
        return datetime.combine(day, time(hour), ZoneInfo(ZONE)).astimezone(UTC)

    def _uuid(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)


def _short_of_time(log: DayLog, lines: dict[UUID, PrescribedExercise]) -> list[str]:
    """On a day on which there was no time for something, the rest was picked for a short session."""
    if all(reason != SkipReason.TIME for _, reason in log.skips):
        return []
    done = dict.fromkeys(UUID(str(thread)) for (thread, occasion), _ in log.ticks if occasion == 1)
    return [str(thread) for thread in done if lines[thread].phase != Phase.DESK]
