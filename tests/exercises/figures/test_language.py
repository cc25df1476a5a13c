"""The pose language: what it says, and that a mistake has a line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.figures import PoseError, Problem, check, render
from exercises.figures.body import LENGTHS, MUSCLES
from exercises.figures.language import THINGS, read
from exercises.figures.pictures import filmed
from exercises.figures.pose import LIMBS, Angles, Reach
from exercises.figures.statements import BASES


@pytest.mark.parametrize("base", BASES)
def test_each_starting_position_can_be_drawn(base):
    assert check(f"start {base}\npose\n") == []


@pytest.mark.parametrize("thing", [t for t in THINGS if t not in ("bike", "recumbent", "elliptical")])
@pytest.mark.parametrize("view", ["side", "front", "back", "top", "front 30 turn 40"])
def test_each_thing_can_be_drawn_in_each_view(thing, view):
    numbers = {"box": "60 120 0 60", "wall": "-74", "step": "60", "table": "100", "bench": "-60", "bed": "-200", "doorway": "40", "bar": "60 400",
               "anchor": "200 250", "pool": "300", "roman-chair": "20 200", "ball": "100 70 30", "pillow": "0 10", "roller": "0 24", "towel": "0 4"}  # fmt: skip
    words = {"band": "hand.R hand.L", "strap": "hand.R sole.R hand.L", "loop": "thigh.R thigh.L", "stick": "spine", "dumbbell": "hand.R",
             "kettlebell": "hands", "barbell": "hands", "crate": "hand.R", "card": "hand.R"}  # fmt: skip
    text = f"view {view}\n{thing} {numbers.get(thing, '')} {words.get(thing, '')}\npose\npose\n  arm 60 30\n"
    assert "<svg" in render(text, "thumb", title="", desc="")
    assert view != "side" or not [p for p in check(text) if "too large" not in p.message]


@pytest.mark.parametrize("muscle", sorted(MUSCLES))
def test_each_muscle_can_be_shown_from_the_side_or_the_front(muscle):
    views = [
        render(f"view {view}\nmuscles {muscle}\npose\n", "thumb", title="", desc="")
        for view in ("side", "front", "back")
    ]
    assert any('class="m"' in svg for svg in views)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem(1, "There is no pose: start one with the word “pose”.")),
        ("view side\nwobble 3\npose", Problem(2, "“wobble” is not a word of the pose language.")),
        ("pose\ntrunk sideways", Problem(2, "The trunk angle must be a number, not “sideways”.")),
        ("pose\nleg.R 20", Problem(2, "The knee angle is missing at the end.")),
        ("pose\nleg.X 20 20", Problem(2, "“leg.X”: the side is R (the person’s right) or L.")),
        ("view up\npose", Problem(1, "The view must be side, front, back or top, not “up”.")),
        ("arrow knee\npose", Problem(1, "“knee” is not a point of the body. Say knee.R or knee.L.")),
        ("chair 1 2 3\npose", Problem(1, "chair wants 0 to 2 numbers.")),
        ("order 1 4\npose\npose", Problem(1, "There is no pose 4.")),
        ("pose\nput hip 1e9 3", Problem(2, "A place must be a number, not “1e9”.")),
        ("pose hold 99", Problem(1, "The hold in seconds must be between 0 and 20.")),
        ("arrow head\npose\npose", Problem(1, "head does not move between the poses of this arrow.")),
    ],
)  # fmt: skip
def test_mistake_names_its_line(text, problem):
    assert check(text) == [problem]


@pytest.mark.parametrize(
    ("text", "line", "words"), [("pose\n\nhand.R on moon", 3, "low-back"), ("muscles brain\npose", 1, "hamstrings")]
)
def test_unknown_place_or_muscle_is_answered_with_the_known_ones(text, line, words):
    (problem,) = check(text)
    assert (problem.line, words in problem.message) == (line, True)


def test_all_mistakes_are_told_at_once():
    assert [p.line for p in check("view up\nfoo\npose\nleg.R x y\narm.L 4\n")] == [1, 2, 4, 5]


def test_render_raises_what_check_tells():
    with pytest.raises(PoseError, match="Line 2"):
        render("pose\nleg.R", title="", desc="")


def test_statements_before_the_first_pose_hold_for_all():
    figure = read("start stand\narm.R 30 10\npose\npose\narm.L 90 0\n")
    assert [key.limbs["arm.R"].joints[0].degrees for key in figure.keys] == [30, 30]
    assert [key.limbs["arm.L"].joints[0].degrees for key in figure.keys] == [0, 90]


def test_like_starts_from_an_earlier_pose():
    figure = read("pose\npose\narm.R 90 0\npose like 2\nleg.R 30 30\n")
    assert figure.keys[2].limbs["arm.R"].joints[0].degrees == 90


def test_both_sides_reach_out_to_their_own_side():
    figure = read("pose\nhand at 20 300 60\n")
    right, left = (figure.keys[0].limbs[f"arm.{side}"] for side in "RL")
    assert isinstance(right, Reach) and isinstance(left, Reach)
    assert (right.at[2], left.at[2]) == (60, -60)


def test_put_on_one_axis_leaves_the_others_to_the_starting_position():
    film, _ = filmed("start supine\npose\nput back -50 _\n")
    assert film.keys[0].points["back"][:2] == pytest.approx((-50, 4))


def test_remarks_semicolons_and_windows_line_ends_are_read():
    assert read("view side # from the right\r\npose\r\ntrunk 10; neck 5\r\n").keys[0].neck.bend == 5


def test_single_pose_is_drawn_without_movement():
    assert "<animate" not in render("start sit\npose\n", "move", title="", desc="")


ANGLE = st.integers(-180, 180)
STATEMENTS = st.one_of(
    st.builds("trunk {} side {} turn {}".format, st.integers(-120, 120), ANGLE, ANGLE),
    st.builds("lumbar {} side {} turn {}".format, st.integers(-45, 60), st.integers(-35, 35), st.integers(-22, 22)),
    st.builds("thoracic {} side {} turn {}".format, st.integers(-40, 60), st.integers(-40, 40), st.integers(-55, 55)),
    st.builds("leg.{} {} {} {} out {} turn {}".format, st.sampled_from("RL"), st.integers(-30, 140), st.integers(0, 150), st.integers(-60, 40), st.integers(-30, 60), st.integers(-40, 60)),
    st.builds("arm.{} {} {} out {} turn {}".format, st.sampled_from("RL"), st.integers(-70, 190), st.integers(0, 150), st.integers(-40, 170), st.integers(-90, 90)),
    st.builds("foot.{} at {} {}".format, st.sampled_from("RL"), st.integers(-80, 80), st.integers(0, 150)),
    st.builds("hand.{} on {}".format, st.sampled_from("RL"), st.sampled_from(["hips", "thigh", "knee.L", "belly", "shoulder.R", "head"])),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    view=st.sampled_from(["side", "front", "front 40", "back", "top", "front 20 turn 50"]),
    base=st.sampled_from(sorted(BASES)),
    first=st.lists(STATEMENTS, max_size=4),
    second=st.lists(STATEMENTS, max_size=4),
)
def test_any_pose_is_drawn_truly_or_refused_with_a_line(view, base, first, second):
    text = "\n".join([f"view {view}", f"start {base}", "pose", *first, "pose", *second])
    lines = text.count("\n") + 1
    problems = check(text)
    assert all(1 <= p.line <= lines for p in problems)
    if any("too large" not in p.message for p in problems):
        return
    film, _ = filmed(text)
    for skeleton in film.frames:
        for name in LIMBS:
            places = skeleton.limbs[name].places
            for a, b, size in zip(places, places[1:], LENGTHS[name[:3]], strict=False):
                assert sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5 == pytest.approx(size, abs=1e-6)


@settings(max_examples=80, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                "pose",
                "leg.R",
                "hand",
                "at",
                "on",
                "12",
                "-4",
                "@90",
                "put",
                "hip",
                "_",
                ";",
                "\n",
                "arrow",
                "view",
                "side",
                "order",
                "chair",
                "band",
                "\x00",
                "💥",
                "\ud800",
                "nan",
                "1e999",
                "٣",
            ]
        )
    ).map(" ".join)
)
def test_any_text_at_all_gives_problems_and_never_an_exception(text):
    assert all(isinstance(p, Problem) for p in check(text))


@given(st.sampled_from(LIMBS), st.integers(-30, 120), st.integers(0, 140), st.integers(-20, 40), st.integers(-40, 40))
def test_angles_read_back_from_a_solved_limb_give_the_same_limb(name, first, second, out, turned):
    from exercises.figures.pose import Angle, Pose
    from exercises.figures.solve import angles_of, limb_bases, solve

    sign = 1 if name[-1] == "R" else -1
    pose = Pose().with_limb(name, Angles((Angle(first), Angle(second), Angle(5)), out, turned))
    skeleton = solve(pose)
    back = angles_of(name[:3], skeleton.limbs[name], limb_bases(pose, skeleton)[name][1], sign)
    again = solve(pose.with_limb(name, back))
    for a, b in zip(skeleton.limbs[name].places, again.limbs[name].places, strict=True):
        assert a == pytest.approx(b, abs=1e-6)
