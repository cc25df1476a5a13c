"""Style sheets and scripts that must agree with each other and with the policy."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CSS = ROOT / "static" / "css"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def block(css, opening):
    """The declarations after `opening`, up to the brace that closes them."""
    body = re.sub(r"/\*.*?\*/", "", css.split(opening, 1)[1].split("}", 1)[0], flags=re.DOTALL)
    return dict(re.findall(r"([\w-]+):\s*([^;]+);", body))


@pytest.fixture(scope="module")
def app_css():
    return (CSS / "app.css").read_text()


def test_dark_that_was_chosen_and_the_systems_dark_are_the_same(app_css):
    chosen = block(app_css, '\n[data-bs-theme="dark"] {')
    systems = block(app_css, ":root:not([data-bs-theme]) {")

    assert len(chosen) > 30
    assert systems == chosen


def test_dark_names_every_colour_that_light_names(app_css):
    light = block(app_css, ':root,\n[data-bs-theme="light"] {')
    dark = block(app_css, '\n[data-bs-theme="dark"] {')

    assert {name for name in light if not name.startswith("--r-")} == set(dark)


def test_admin_uses_the_portals_own_colours(app_css):
    tokens = set(re.findall(r"#[0-9a-f]{6}", app_css))

    assert set(re.findall(r"#[0-9a-f]{6}", (CSS / "admin.css").read_text())) - tokens == set()


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    *[("ink", ground, 7) for ground in ("bg", "surface", "surface-2")],
    *[("ink-2", ground, 7) for ground in ("bg", "surface")],
    *[("link", ground, 4.5) for ground in ("bg", "surface", "surface-2")],
    ("on-primary", "primary", 4.5),
    ("on-primary", "primary-hover", 4.5),
    ("on-danger", "danger", 4.5),
    *[(f"{state}-ink", f"{state}-soft", 4.5) for state in ("primary", "accent", "info", "good", "warn", "danger")],
    *[(mark, ground, 3) for mark in ("line-strong", "focus") for ground in ("bg", "surface", "surface-2")],
]


@pytest.mark.parametrize("theme", [':root,\n[data-bs-theme="light"] {', '\n[data-bs-theme="dark"] {'])
@pytest.mark.parametrize(("mark", "ground", "least"), PAIRS)
def test_colours_can_be_told_apart(app_css, theme, mark, ground, least):
    tokens = block(app_css, theme)

    assert contrast(tokens[f"--{mark}"], tokens[f"--{ground}"]) >= least


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_carries_nothing_that_the_policy_forbids(path):
    markup = path.read_text()

    assert re.findall(r"""\s(?:style|on\w+|hx-on[\w:-]*)=["']""", markup) == []
    assert re.findall(r"<style|href=[\"']javascript:|hx-vals=[\"']js:", markup) == []
    inline = re.findall(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>", markup)
    assert inline == []


def test_vendored_files_point_at_no_source_map_and_no_other_host():
    for path in (ROOT / "static" / "vendor").glob("*.min.*"):
        text = path.read_text()
        assert "sourceMappingURL" not in text, path.name
        assert re.findall(r"url\([\"']?https?:", text) == [], path.name
