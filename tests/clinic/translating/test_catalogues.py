"""A translation from the first file to the page, as a clinic makes one."""

from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.translation import gettext, ngettext

from clinic.prescriptions.dosage import Dosage, Measure
from clinic.prescriptions.dosage_words import shorthand, words_short
from clinic.translating.catalogues import bring_up_to_date
from clinic.translating.words import as_code, words_of_the_portal
from tests.factories.languages import forget_languages


@pytest.fixture
def folder(tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [*project.LANGUAGES, ("de", "Deutsch"), ("en-xa", "Pseudo")]
    forget_languages()
    yield tmp_path
    forget_languages()


def po(folder, language="de"):
    return folder / language / "LC_MESSAGES" / "django.po"


def translate(path: Path, **texts):
    """Fills in what a translator would, by the English text with blanks as underscores."""
    said = path.read_text()
    for text, into in texts.items():
        message = f'msgid "{text.replace("_", " ")}"\nmsgstr ""'
        assert message in said
        said = said.replace(message, message[:-1] + into + '"')
    path.write_text(said)


def test_every_word_of_the_portal_is_in_the_file_and_none_twice(folder):
    found = bring_up_to_date("de")

    assert found.missing == found.texts == len([m for m in words_of_the_portal() if m.id])
    assert "Stop when you cannot do 1 more." in po(folder).read_text()
    assert "clinic/prescriptions/dosage_words.py" in po(folder).read_text()


def test_words_of_templates_are_found_with_their_plurals():
    template = """{% load i18n %}<p title="{% translate "A tip" %}">
      {% blocktranslate trimmed count n=days %}One day{% plural %}{{ n }} days{% endblocktranslate %}
      {% include "x.html" with label=_("A label") %}</p>"""
    code = as_code(template, "x.html")

    assert all(said in code for said in ("gettext(u'A tip')", "'One day'", "'%(n)s days'", '_("A label")')), code


def test_what_is_translated_is_spoken_at_once(folder):
    bring_up_to_date("de")
    translate(po(folder), Set="Satz", left_side="linke Seite")
    found = bring_up_to_date("de")
    forget_languages()

    assert found.texts - found.missing == 2
    with translation.override("de"):
        assert gettext("Set") == "Satz"
        assert gettext("right side") == "right side"


def test_a_translation_outlives_the_next_version_of_the_portal(folder):
    bring_up_to_date("de")
    translate(po(folder), Set="Satz")
    bring_up_to_date("de")
    found = bring_up_to_date("de")

    assert found.texts - found.missing == 1


def test_a_translation_that_lost_a_value_is_named_and_not_used(folder, capsys):
    bring_up_to_date("de")
    translate(po(folder), **{"hold_%(time)s": "halten %(zeit)s"})

    with pytest.raises(CommandError, match="1 translation"):
        call_command("translate", "de")

    forget_languages()
    with translation.override("de"):
        assert gettext("hold %(time)s") == "hold %(time)s"
    assert "hold %(time)s" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["xx-what", "", "../de"])
def test_a_language_nobody_knows_is_refused_in_words(folder, language):
    with pytest.raises(CommandError, match="no language known"):
        call_command("translate", language)

    assert list(folder.iterdir()) == []


def test_a_file_that_is_none_is_refused_and_left_as_it_is(folder):
    bring_up_to_date("de")
    po(folder).write_bytes(b"\xff\xfe nonsense")

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("translate", "de")

    assert po(folder).read_bytes() == b"\xff\xfe nonsense"


def test_the_pseudo_language_speaks_for_the_portal_and_for_its_libraries(folder):
    call_command("translate", "en-xa")
    forget_languages()
    dosage = Dosage(Measure.REPS, sets=3, reps=10)

    with translation.override("en-xa"):
        assert gettext("This field is required.").startswith("[Ţĥîš ƒîéļð")
        assert ngettext("%(number)s minute", "%(number)s minutes", 1) % {"number": 1} == "[1 ɱîñûţé~~]"
        assert words_short(dosage).startswith("[3 šéţš")
        assert shorthand(dosage) == "3 x 10"  # read back by the portal, so the same in every language
