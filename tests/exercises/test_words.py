"""Words put together: lists, and labels within a sentence."""

import pytest
from django.utils.translation import override

from exercises.words import in_a_sentence, in_words


@pytest.mark.parametrize(
    ("language", "label", "within"),
    [
        ("en-gb", "Tired or unwell", "tired or unwell"),
        ("en-gb", "I forgot", "I forgot"),
        ("en-gb", "MRI not seen yet", "MRI not seen yet"),
        ("de", "Schmerzen", "Schmerzen"),
        ("en-gb", "", ""),
    ],
)
def test_label_within_a_sentence(language, label, within):
    with override(language):
        assert in_a_sentence(label) == within


def test_names_are_joined_and_said_once():
    assert in_words([]) == ""
    assert in_words(["buttocks"]) == "buttocks"
    assert in_words(["tummy", "buttocks", "tummy", "calf"]) == "tummy, buttocks and calf"
