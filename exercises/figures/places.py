"""Points of the solved body that a text may name, and the places where a hand may lie."""

from __future__ import annotations

from exercises.figures import body
from exercises.figures.pose import Reach, refuse
from exercises.figures.skeleton import Chain, Skeleton
from exercises.figures.space import Vec, mixed, plus


def place_on_body(limb: Reach, draft: Skeleton, chains: dict[str, Chain], sign: int) -> Vec:
    name, _, side = limb.on.partition(".")
    other = 1 if side == "R" else -1

    def surface(s: float, ahead: float, out: float, away: float = 8.0) -> Vec:
        section = draft.section(s)
        depth = (draft.front(s) if ahead >= 0 else draft.back(s)) + away
        width = body.at_height(body.WIDTH, s) + away
        frame = section.frame
        return plus(plus(section.at, frame.forward, ahead * depth), frame.right, out * width)

    def along(limb_name: str, part: int, share: float, ahead: float) -> Vec:
        if limb_name not in chains:
            raise refuse(limb.line, f"The hand lies on the {name}, which in turn lies on this hand.")
        chain = chains[limb_name]
        a, b = (*chain.places, plus(chain.places[2], chain.frames[2].up, -15))[part : part + 2]
        return plus(mixed(a, b, share), chain.frames[part].forward, ahead)

    leg, arm = f"leg.{side}", f"arm.{side}"
    head = draft.head

    def skull(ahead: float, up: float, out: float) -> Vec:
        frame = head.frame
        return plus(plus(plus(head.at, frame.forward, ahead), frame.up, up), frame.right, out)

    spots = {
        "thigh": lambda: along(leg, 0, 0.66, 25),
        "thigh-side": lambda: plus(along(leg, 0, 0.6, 4), chains[leg].frames[0].right, other * 27),
        "knee": lambda: along(leg, 0, 0.86, 22),
        "shin": lambda: along(leg, 1, 0.2, 17),
        "hamstring": lambda: along(leg, 0, 0.78, -22),
        "calf": lambda: along(leg, 1, 0.35, -20),
        "ankle": lambda: along(leg, 1, 0.92, 14),
        "foot": lambda: plus(chains[leg].places[2], chains[leg].frames[2].forward, 34),
        "toe": lambda: plus(chains[leg].places[2], chains[leg].frames[2].forward, 46),
        "sole": lambda: plus(plus(chains[leg].places[2], chains[leg].frames[2].forward, 20), chains[leg].frames[2].up, -20),
        "hips": lambda: surface(17, 0.1, other * 0.95, 4),
        "waist": lambda: surface(36, 0.15, other * 1.0, 4),
        "belly": lambda: surface(30, 1, other * 0.3, 7),
        "ribs": lambda: surface(66, 0.8, other * 0.7, 5),
        "chest": lambda: surface(90, 1, -other * 0.42, 8),
        "low-back": lambda: surface(25, -0.8, other * 0.75, 5),
        "sacrum": lambda: surface(9, -0.9, other * 0.6, 5),
        "nape": lambda: skull(-20, -2, other * 14),
        "head": lambda: skull(-24, 22, other * 14),
        "ear": lambda: skull(2, 14, other * 24),
        "forehead": lambda: skull(26, 30, other * 12),
        "shoulder": lambda: along(arm, 0, 0.1, 20) if arm in chains else surface(98, 0.9, other * 0.8, 6),
        "upper-arm": lambda: along(arm, 0, 0.6, 14),
        "elbow": lambda: along(arm, 0, 0.98, 8),
        "wrist": lambda: along(arm, 1, 0.95, 8),
        "hand": lambda: along(arm, 1, 1.1, 6),
    }  # fmt: skip
    return plus(spots[name](), limb.at)


def named_points(draft: Skeleton, chains: dict[str, Chain]) -> dict[str, Vec]:
    """Every point that a text may name, in the world."""

    def on(s: float, ahead: float, out: float = 0.0) -> Vec:
        section = draft.section(s)
        return plus(plus(section.at, section.frame.forward, ahead), section.frame.right, out)

    head, frame = draft.head.at, draft.head.frame

    def skull(ahead: float, up: float, out: float = 0.0) -> Vec:
        return plus(plus(plus(head, frame.forward, ahead), frame.up, up), frame.right, out)

    points: dict[str, Vec] = {
        "hip": draft.root, "sacrum": on(10, -29), "belly": on(30, draft.front(30)), "groin": on(0, 23), "sit": on(-17, -8), "lap": on(-4, 40),
        "waist": on(34, 0), "lumbar": on(40, -17), "back": on(92, -draft.back(92)), "chest": on(84, draft.front(84)), "neck": on(116, 0),
        "shoulder": on(body.SHOULDER_AT, 0), "head": skull(2, 24), "crown": skull(3, 53), "occiput": skull(-22, 27), "nose": skull(28, 17),
        "chin": skull(18, -3), "nape": skull(-14, 2),
    }  # fmt: skip
    for side, sign in (("R", 1), ("L", -1)):
        points[f"flank.{side}"] = on(4, 0, sign * body.at_height(body.WIDTH, 4))
        points[f"rib.{side}"] = on(70, 0, sign * body.at_height(body.WIDTH, 70))
        points[f"waist.{side}"] = on(36, 0, sign * body.at_height(body.WIDTH, 36))
        points[f"ear.{side}"] = skull(2, 22, sign * 19)
        if leg := chains.get(f"leg.{side}"):
            points |= leg_points(leg, side)
        if arm := chains.get(f"arm.{side}"):
            shoulder, elbow, wrist = arm.places
            points |= {f"shoulder.{side}": shoulder, f"elbow.{side}": elbow, f"wrist.{side}": wrist}
            points[f"hand.{side}"] = plus(wrist, arm.frames[2].up, -body.GRIP)
            points[f"tip.{side}"] = plus(wrist, arm.frames[2].up, -34)
    return points


def leg_points(leg: Chain, side: str) -> dict[str, Vec]:
    hip, knee, ankle = leg.places
    foot = leg.frames[2]

    def on(ahead: float, down: float) -> Vec:
        return plus(plus(ankle, foot.forward, ahead), foot.up, -down)

    return {
        f"hip.{side}": hip, f"knee.{side}": knee, f"ankle.{side}": ankle, f"toe.{side}": on(*body.TOE), f"heel.{side}": on(*body.HEEL),
        f"ball.{side}": on(*body.BALL), f"sole.{side}": on(14, 15), f"thigh.{side}": mixed(hip, knee, 0.6), f"shin.{side}": mixed(knee, ankle, 0.5),
    }  # fmt: skip
