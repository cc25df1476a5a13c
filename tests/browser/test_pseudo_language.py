"""Every page in the pseudo-language: what is not translatable shows in plain letters, what is too long is cut off.

The demo clinic is walked as in test_every_page.py. Its catalogue and articles are translated too, so that all that is
left in plain letters is what people wrote: names, notes, messages.
"""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.apps import apps
from django.conf import settings as project
from django.core.management import call_command
from django.db import models
from django.test import override_settings
from django.utils import translation

from clinic.prescriptions.models import PrescribedExercise
from clinic.prescriptions.telling import told
from clinic.translating.pseudo import LANGUAGE
from exercises.governance import Licence
from exercises.models import Exercise
from exercises.translations import FIELDS, by_language
from patients.models import Patient
from patients.outcomes.measures import ALL
from tests.browser.conftest import PHONE
from tests.browser.every_page import PAGES
from tests.browser.test_every_page import BEYOND, as_in_the_demo, broken, devices, name_of, world
from tests.factories.languages import forget_languages

__all__ = ["as_in_the_demo", "devices", "world"]

# The same in every language: names, the mail of `as_in_the_demo`, and what the walk types.
NAMES = [
    "Backwell", "Your code to sign in", "ABCD-1234", "Why?",
    *(name for _, name in project.LANGUAGES), "Pseudo",
    *(str(measure.name) for measure in ALL), str(Licence.MIT.label),
]  # fmt: skip
# Initials of a name, the reference on an error page, a link.
NO_WORDS = re.compile(r"[A-Z]{2}|[0-9a-f]{12}|https?://\S+")
WORD = re.compile(r"[A-Za-z]{2,}")
# Everything that a person reads or hears of a page.
SAID = """() => {
  const said = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (!node.parentElement.closest("script, style, template, noscript, code, [translate=no], .trap, #id_time_zone")) said.push(node.data);
  }
  for (const element of document.body.querySelectorAll("[aria-label], [title], [alt], [placeholder]")) {
    if (element.closest("[translate=no]")) continue;
    for (const name of ["aria-label", "title", "alt", "placeholder"]) said.push(element.getAttribute(name) ?? "");
  }
  return said.map(text => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""
CUT_OFF = """() => [...document.body.querySelectorAll("*")]
  .filter(each => {
    const style = getComputedStyle(each);
    return each.childNodes.length && style.overflowX === "hidden" && each.scrollWidth > each.clientWidth + 1
      && !each.closest(".visually-hidden, svg, .skip, .trap, [aria-hidden=true]") && each.checkVisibility() && each.innerText.trim();
  })
  .map(each => `${each.tagName}.${each.className}: ${each.innerText.slice(0, 60)}`).slice(0, 5)"""


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("locale")
    with override_settings(LANGUAGES=[*project.LANGUAGES, (LANGUAGE, "Pseudo")], LOCALE_PATHS=[folder]):
        forget_languages()
        call_command("translate", LANGUAGE, verbosity=0)
        forget_languages()
        yield folder
    forget_languages()


@pytest.fixture(scope="module")
def demo(pseudo, demo):
    """Served by a portal that offers the language."""
    return demo


@pytest.fixture(autouse=True)
def db(demo):
    """As in test_every_page.py."""


@pytest.fixture(scope="module")
def translated(pseudo, world, django_db_blocker):
    """The content in the pseudo-language, and what patients were told of it; each patient speaks it."""
    with django_db_blocker.unblock():
        call_command("translate_content", LANGUAGE, str(pseudo / "content.po"), verbosity=0)
        call_command("translate_content", LANGUAGE, str(pseudo / "content.po"), "--read", verbosity=0)
        Patient.objects.update(language=LANGUAGE)
        texts = by_language(Exercise.objects.all())
        lines = list(PrescribedExercise.objects.exclude(told={}).select_related("exercise"))
        for line in lines:
            line.told = told(line.exercise, texts.get(("exercise", line.exercise.slug)))
        PrescribedExercise.objects.bulk_update(lines, ["told"])
        return written_by_people()


def written_by_people() -> list[str]:
    """What stands in the database and is nobody's to translate, longest first."""
    found: set[str] = set()
    for model in apps.get_models():
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices
            if field.name not in FIELDS.get(model, ())
        ]
        for row in model._default_manager.values_list(*names) if names else ():
            found.update(_texts(row))
    return sorted({text for text in [*found, *NAMES] if WORD.search(text)}, key=len, reverse=True)


def _texts(value):
    if isinstance(value, str):
        yield " ".join(value.split())
        yield from (" ".join(line.removeprefix("- ").split()) for line in value.splitlines())
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in _texts(each))
    elif isinstance(value, list | tuple):
        yield from (text for each in value for text in _texts(each))


def plain_letters(said, by_people):
    known = {text.lower() for text in by_people}
    found = []
    for text in dict.fromkeys(said):
        if not WORD.search(text) or known.issuperset(text.lower().split(", ")) or NO_WORDS.fullmatch(text):
            continue
        rest = text
        for each in by_people:
            if each in rest:
                rest = rest.replace(each, " ")
        if WORD.search(rest):
            found.append(f"{WORD.search(rest).group()!r} in {text[:90]!r}")
    return found


@pytest.mark.parametrize(
    "shown",
    # Django's admin names models and fields by their classes; it is for whoever reads the documentation as well.
    [
        pytest.param(each, id=name_of(each), marks=pytest.mark.xdist_group("pseudo"))
        for each in PAGES
        if not each.route.startswith("admin:")
    ],
)
def test_nothing_is_untranslated_and_nothing_cut_off(
    shown, devices, demo, world, translated, as_in_the_demo, monkeypatch
):
    page, _ = devices(shown.role)
    page.context.add_cookies([{"name": project.LANGUAGE_COOKIE_NAME, "value": LANGUAGE, "url": demo.url}])
    page.set_viewport_size(PHONE)
    if shown.route == "server_error":
        monkeypatch.setattr("clinic.frontdoor.views.render", broken)
    page.goto(shown.path.format(**world[1]))
    if shown.then:
        with page.expect_navigation(), translation.override(LANGUAGE):
            shown.then(page)

    typed = parse_qsl(urlsplit(shown.path).query)
    by_people = sorted([*(words for _, words in typed if words), *translated], key=len, reverse=True)
    faults = plain_letters(page.evaluate(SAID), by_people)
    faults += [f"cut off: {each}" for each in page.evaluate(CUT_OFF)]
    page.set_viewport_size({"width": 320, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth")
    faults += [f"{wide} wide at 320: {page.evaluate(BEYOND)}"] if wide > 320 else []

    assert not faults, "\n".join(faults)
