"""What must hold in every frame of every figure of the catalogue."""

import math
from itertools import pairwise

import pytest

from exercises.figures import Problem, body, check
from exercises.figures.camera import camera
from exercises.figures.draw import Artist
from exercises.figures.pictures import SLIDE, filmed, slides
from exercises.figures.pose import LIMBS
from exercises.figures.solve import problems
from exercises.figures.svg import apply, placed
from exercises.figures.timeline import resting


def test_pose_text_of_the_catalogue_has_no_problems(pose_text):
    assert check(pose_text) == []


def test_limbs_keep_their_length_in_every_frame(pose_text):
    film, _ = filmed(pose_text)
    for skeleton in film.frames:
        for name in LIMBS:
            chain = skeleton.limbs[name]
            lengths = [math.dist(a, b) for a, b in zip(chain.places, chain.places[1:], strict=False)]
            assert lengths == pytest.approx(body.LENGTHS[name[:3]], abs=1e-6)


def test_trunk_keeps_its_length_in_every_frame(pose_text):
    film, _ = filmed(pose_text)
    for skeleton in film.frames:
        along = [section.at for section in skeleton.spine]
        total = sum(math.dist(a, b) for a, b in pairwise(along))
        assert total == pytest.approx(120 * body.SPINE_STRETCH)


def test_joints_stay_in_their_range_in_every_frame(pose_text):
    film, _ = filmed(pose_text)
    for pose, skeleton in zip(film.poses, film.frames, strict=True):
        assert problems(pose, skeleton) == []


def test_knees_bend_back_and_elbows_forward_in_every_frame(pose_text):
    film, _ = filmed(pose_text)
    for skeleton in film.frames:
        for name in LIMBS:
            upper, lower, _ = skeleton.limbs[name].frames
            ahead, _, _ = upper.inside(tuple(-v for v in lower.up))
            assert (
                -ahead if name[:3] == "leg" else ahead
            ) > -0.07  # a straight limb may be 4 degrees beyond straight


def test_hands_and_feet_that_rest_do_not_slide(pose_text):
    film, _ = filmed(pose_text)
    strayed = slides(film)
    assert all(far < 3 for name, far in strayed.items() if name not in film.outlined)
    assert SLIDE < 3


def test_limbs_drawn_as_outlines_end_where_they_rest(pose_text):
    film, _ = filmed(pose_text)
    figure = film.figure
    artist = Artist(figure, film.keys, film.frames, camera(figure), film.outlined)
    order = figure.order
    for n, i in enumerate(order):
        j = order[(n + 1) % len(order)]
        for name in set(resting(figure, i, j)) & film.outlined:
            ends = [artist.camera.see(s.limbs[name].places[2]) for s in film.frames]
            assert max(math.dist(ends[0], end) for end in ends) < 1 or len(set(order)) > 2


def test_loop_ends_where_it_begins(pose_text):
    film, _ = filmed(pose_text)
    for name, place in film.frames[0].points.items():
        assert math.dist(place, film.frames[-1].points[name]) < 1e-6


def test_nothing_sinks_far_below_the_floor(pose_text):
    film, _ = filmed(pose_text)
    for skeleton in film.frames:
        for name in ("knee.R", "knee.L", "elbow.R", "elbow.L", "heel.R", "heel.L", "crown", "sacrum", "back"):
            assert skeleton.points[name][1] > -13, name  # 5 cm: a heel turned over on its way


def test_figure_mirrored_is_the_same_picture_turned_over(pose_text):
    from exercises.figures import render

    plain, mirrored = (render(pose_text, "thumb", title="t", desc="d", mirror=m) for m in (False, True))
    body_of = lambda svg: svg.split("<path", 1)[1]  # noqa: E731
    assert body_of(plain) == body_of(mirrored)
    assert plain != mirrored


def test_hand_out_of_reach_is_an_error_that_names_the_line():
    found = check("start stand\npose\n  hand.R at 400 300\n")
    assert found == [Problem(3, "The right hand cannot get there: the place is 253 units too far away.")]


def test_way_that_passes_too_close_is_an_error_that_names_the_pose_it_leads_to():
    text = "start stand\npose\n  hand.R at 70 300\npose\n  hand.R at -50 326\n"
    way = "On the way into this pose: The right hand cannot get there: the place is too close to the body."
    assert check(text) == [Problem(5, way)]


def test_joint_beyond_its_range_is_an_error_that_names_the_line():
    found = check("start stand\npose\n  leg.R 20 175\n")
    assert found == [Problem(3, "The right knee would be 175 degrees; -3 to 158 is possible.")]


@pytest.mark.parametrize(
    ("line", "moves"),
    [("lumbar 30", (1, 0)), ("lumbar -30", (-1, 0)), ("lumbar 0 side 20", (0, 1)), ("lumbar 0 side -20", (0, -1))],
)
def test_spine_bends_the_way_it_is_told(line, moves):
    film, _ = filmed(f"start stand\npose\npose\n  {line}\n")
    straight, bent = (s.points["head"] for s in film.keys)
    ahead, right = bent[0] - straight[0], bent[2] - straight[2]
    assert (round(ahead / 40), round(right / 30)) == moves or (math.copysign(1, ahead or right) == sum(moves))


def test_turned_chest_carries_the_shoulders_round():
    film, _ = filmed("start stand\npose\npose\n  thoracic 0 turn 40\n")
    still, turned = film.keys
    right_before, right_after = still.points["shoulder.R"], turned.points["shoulder.R"]
    assert right_after[0] < right_before[0] - 15  # the right shoulder goes back
    assert turned.points["hip.R"] == pytest.approx(still.points["hip.R"])


def test_spine_line_runs_just_inside_the_back():
    film, _ = filmed("view side\nstart stand\npose\npose\n  lumbar 30; thoracic 20\n")
    figure = film.figure
    artist = Artist(figure, film.keys, film.frames, camera(figure))
    for i in range(len(film.frames)):
        for height, (_, points) in zip((17, 44, 78, 116), artist.spine(i), strict=True):
            back, _, _, _ = artist.edges(i, height)
            assert math.dist(points[-1], back) < 10


def test_movement_starts_and_ends_at_rest():
    film, _ = filmed("start stand\npose\npose hold 0\n  arm 90 0\n")
    steps = [
        math.dist(a.points["hand.R"], b.points["hand.R"]) for a, b in zip(film.frames, film.frames[1:], strict=False)
    ]
    half = len(steps) // 2
    assert steps[0] < max(steps[:half])
    assert steps[half - 1] < max(steps[:half])


def test_times_are_those_of_the_text():
    film, _ = filmed("start stand\npose move 1.8\npose hold 1.8 move 3.6\n  arm 90 0\n")
    assert film.seconds == pytest.approx(7.2)


def test_pedalling_foot_stays_on_its_circle():
    text = "view side\nlinear\nstart sit\nput hip 0 190\npose\n  foot.R at 90 70 pedal 90; foot.L at 90 70 pedal 270\npose\n  foot.R at 90 70 pedal 270; foot.L at 90 70 pedal 90\n"
    film, _ = filmed(text)
    for skeleton in film.frames:
        x, y, _ = skeleton.points["ball.R"]
        assert math.hypot(x - 90, y - 70) == pytest.approx(body.PEDAL, abs=1e-6)


def test_drawn_joints_are_where_the_skeleton_has_them(pose_text):
    """The tree of groups, worked out for a frame, puts each limb's outline at the solved joint."""
    film, _ = filmed(pose_text)
    figure = film.figure
    artist = Artist(figure, film.keys, film.frames, camera(figure))
    for name in LIMBS:
        track = artist.track(name)
        for i in range(len(film.frames) - 1):
            assert math.dist(track(i, 0.0), artist.camera.see(film.frames[i].limbs[name].places[2])) < 0.01
    shapes = placed((artist.person(),), 0)
    assert all(math.isfinite(v) for node, m in shapes for v in apply(m, (1.0, 1.0)))
