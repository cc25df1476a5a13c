"""A contact sheet, for judging figures by eye.

    python -m exercises.figures.sheet POSES OUT.html|OUT.png [--only a,b] [--kind still|thumb|move] [--frames N]
                                      [--width 160] [--columns 8] [--blind] [--theme light|dark|both] [--mirror]

POSES is a folder of SLUG.pose files, or one such file. --blind leaves the names out; --frames N shows N moments of the loop.
A PNG is taken with Chromium through playwright, which only then need be installed.
"""

from __future__ import annotations

import argparse
import re
import sys
from html import escape
from pathlib import Path

from exercises.figures import PoseError, check, render, svg
from exercises.figures.arrows import arrows
from exercises.figures.camera import camera
from exercises.figures.pictures import filmed, scene, slides
from exercises.figures.solve import angles_of, limb_bases

STYLES = Path(__file__).parents[2] / "static" / "css"
CSS = STYLES / "figures.css"


def theme(opening: str) -> str:
    """The colours that the portal gives a figure in one of its themes."""
    block = (STYLES / "app.css").read_text().split(opening, 1)[1].split("}", 1)[0]
    return ";".join(re.findall(r"--(?:fig-[\w-]+|surface|ink):[^;]+", block))


THEMES = {"light": theme('[data-bs-theme="light"] {'), "dark": theme('\n[data-bs-theme="dark"] {')}


def moments(text: str, count: int) -> str:
    """The loop as it is at evenly spaced moments."""
    reel, _ = filmed(text)
    figure = reel.figure
    way = arrows(figure, reel.keys, camera(figure))
    nodes = [*scene(reel), *way]
    box = svg.bounds(nodes, range(len(reel.frames)))
    scale = svg.fitted(box, 600, 440, 1.35)
    out = ""
    for n in range(count):
        frame = round(n * (len(reel.frames) - 1) / max(1, count - 1))
        out += svg.document(
            svg.centred(svg.still(nodes, frame), box, 20, 20, 600, 440, scale, False), "", "", f"f{n}"
        )
    return out


def card(slug: str, text: str, args: argparse.Namespace, theme: str) -> str:
    name = "" if args.blind else f"<b>{escape(slug)}</b>"
    try:
        if args.frames:
            picture = moments(text, args.frames)
        else:
            picture = render(text, args.kind, title=slug, desc="", prefix=f"{theme}-{slug}", mirror=args.mirror)
        note = "" if args.blind else "".join(f"<em>{escape(str(p))}</em>" for p in check(text))
    except PoseError as error:
        picture, note = "", f"<em>{escape(str(error))}</em>"
    return f'<figure class="{theme}">{picture}{name}{note}</figure>'


def page(files: list[Path], args: argparse.Namespace) -> str:
    themes = ["light", "dark"] if args.theme == "both" else [args.theme]
    cards = "".join(card(f.stem, f.read_text(), args, theme) for theme in themes for f in files)
    columns = 1 if args.frames else args.columns
    width = args.width * max(1, args.frames)
    rules = "".join(f".{name}{{{values}}}" for name, values in THEMES.items())
    return (
        f"<!doctype html><meta charset=utf-8><title>Contact sheet</title><style>{CSS.read_text()}{rules}"
        f"body{{margin:0;padding:8px;background:#f3f6f3;font:11px/1.25 system-ui;display:grid;gap:8px;width:max-content;grid-template-columns:repeat({columns},{width}px)}}"
        "figure{margin:0;background:var(--surface);color:var(--ink);border-radius:8px;padding:0 0 4px;overflow:hidden;display:flex;flex-wrap:wrap}"
        f"figure .fig{{width:{args.width}px;aspect-ratio:4/3}}b{{padding:0 6px;width:100%;font-weight:500}}em{{color:#c22;padding:0 6px;width:100%}}</style>{cards}"
    )


def points(text: str) -> str:
    """Where the joints are in each key pose, for writing the next line of a text."""
    reel, _ = filmed(text)
    figure = reel.figure
    lines = [
        f"{len(reel.frames)} frames, {reel.seconds:g} s, strays { ({k: round(v, 1) for k, v in slides(reel).items()}) }"
    ]
    for n, skeleton in enumerate(reel.keys, 1):
        lines.append(f"pose {n}")
        for name, (x, y, z) in sorted(skeleton.points.items()):
            lines.append(f"  {name:12} {x:5.0f} {y:5.0f} {z:5.0f}")
        for name, chain in skeleton.limbs.items():
            kind, sign = name[:3], 1 if name[-1] == "R" else -1
            angles = angles_of(kind, chain, limb_bases(figure.keys[n - 1], skeleton)[name][1], sign)
            lines.append(
                f"  {name:12} {' '.join(f'{a.degrees:5.0f}' for a in angles.joints)} out {angles.out:.0f} turn {angles.turn:.0f}"
            )
    return "\n".join(lines)


def shoot(html: str, out: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
        )
        sheet = browser.new_page(viewport={"width": 400, "height": 300}, device_scale_factor=1)
        sheet.set_content(html)
        width, height = sheet.evaluate("[document.body.scrollWidth + 2, document.body.scrollHeight + 2]")
        sheet.set_viewport_size({"width": width, "height": height})
        sheet.screenshot(path=str(out), full_page=True)
        browser.close()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m exercises.figures.sheet",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("poses", type=Path)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--points", action="store_true", help="print the joints of one text instead")
    parser.add_argument("--only", default="")
    parser.add_argument("--kind", choices=("move", "still", "thumb"), default="still")
    parser.add_argument("--frames", type=int, default=0)
    parser.add_argument("--width", type=int, default=160)
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--theme", choices=("light", "dark", "both"), default="light")
    parser.add_argument("--blind", action="store_true")
    parser.add_argument("--mirror", action="store_true")
    args = parser.parse_args(arguments)
    files = [args.poses] if args.poses.is_file() else sorted(args.poses.glob("*.pose"))
    if args.only:
        files = [f for f in files if f.stem in args.only.split(",")]
    if args.points:
        print(*(points(f.read_text()) for f in files), sep="\n\n")
        return 0
    if args.out is None:
        parser.error("name the sheet to write")
    html = page(files, args)
    if args.out.suffix == ".png":
        shoot(html, args.out)
    else:
        args.out.write_text(html)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
