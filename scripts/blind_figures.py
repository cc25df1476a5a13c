"""A blind test of the figures: can somebody who never saw a name tell what to do?

    PYTHONPATH=. python scripts/blind_figures.py make OUT [--seed N]    numbered sheets, questions.txt, and key.json kept apart
    PYTHONPATH=. python scripts/blind_figures.py score OUT ANSWERS      ANSWERS has a line a figure: NUMBER LETTER

Each figure is shown by its start and end, without its name, in random order, with four names to choose from: the right
one and three of the same body position (of the nearest ones where there are too few).
"""

import argparse
import json
import random
import tomllib
from pathlib import Path

from exercises.figures import render
from exercises.figures.sheet import CSS, THEMES, shoot

ROOT = Path(__file__).resolve().parents[1]

POSES = ROOT / "exercises" / "content" / "poses"
A_SHEET = 24
NEAR = {
    "inverted": "supine",
    "long-sitting": "seated",
    "half-kneeling": "kneeling",
    "kneeling": "quadruped",
    "in water": "standing",
    "varies": "standing",
}


def exercises() -> dict[str, tuple[str, str]]:
    """Slug to name and position."""
    rows: dict[str, tuple[str, str]] = {}
    for path in sorted((ROOT / "exercises" / "content" / "exercises").glob("*.toml")):
        rows |= {slug: (row["name"], row["position"]) for slug, row in tomllib.loads(path.read_text()).items()}
    return rows


def make(out: Path, seed: int) -> None:
    out.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)  # noqa: S311
    known = exercises()
    order = sorted(slug for slug in known if (POSES / f"{slug}.pose").exists())
    chance.shuffle(order)
    key: dict[int, dict[str, str]] = {}
    questions = []
    for number, slug in enumerate(order, 1):
        _, position = known[slug]
        alike = [s for s, (_, p) in known.items() if s != slug and p == position]
        if len(alike) < 3:
            alike += [s for s, (_, p) in known.items() if p == NEAR.get(position) and s not in alike]
        options = [slug, *chance.sample(alike, 3)]
        chance.shuffle(options)
        key[number] = {"slug": slug, "answer": "ABCD"[options.index(slug)]} | dict(zip("ABCD", options, strict=True))
        questions.append(
            f"{number}: " + "; ".join(f"{a} {known[s][0]}" for a, s in zip("ABCD", options, strict=True))
        )
    for start in range(0, len(order), A_SHEET):
        some = list(enumerate(order, 1))[start : start + A_SHEET]
        cards = "".join(
            f"<figure>{render((POSES / f'{slug}.pose').read_text(), 'still', title='', desc='', prefix=f'n{number}')}"
            f"<b>{number}</b></figure>"
            for number, slug in some
        )
        html = (
            f"<!doctype html><meta charset=utf-8><style>{CSS.read_text()}body{{{THEMES['light']};margin:0;padding:8px;"
            "background:#f3f6f3;font:16px system-ui;display:grid;gap:8px;width:max-content;"
            "grid-template-columns:repeat(6,230px)}figure{margin:0;background:#fff;border-radius:8px;padding:0 6px 4px}"
            f"figure .fig{{width:218px;aspect-ratio:4/3}}</style>{cards}"
        )
        shoot(html, out / f"sheet-{start // A_SHEET + 1}.png")
    (out / "questions.txt").write_text("\n".join(questions) + "\n")
    (out / "key.json").write_text(json.dumps(key, indent=1))


def score(out: Path, answers: Path) -> None:
    key = json.loads((out / "key.json").read_text())
    said = dict(line.split()[:2] for line in answers.read_text().splitlines() if line.strip())
    wrong = {n: row for n, row in key.items() if said.get(n) != row["answer"]}
    for row in wrong.values():
        chosen = said.get(next(n for n, r in key.items() if r is row), "")
        print(f"{row['slug']} taken for {row.get(chosen, 'nothing')}")
    print(f"{len(key) - len(wrong)} of {len(key)} right ({100 * (len(key) - len(wrong)) / len(key):.1f} %)")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", choices=["make", "score"])
    options.add_argument("out", type=Path)
    options.add_argument("answers", type=Path, nargs="?")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    if chosen.what == "make":
        make(chosen.out, chosen.seed)
    else:
        score(chosen.out, chosen.answers)


if __name__ == "__main__":
    main()
