import pytest

from clinic.translating.pseudo import pseudo


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Set", "[Šéţ~]"),
        ("%(number)s times", "[%(number)s ţîɱéš~~]"),
        (" on your left side", " [öñ ýöûŕ ļéƒţ šîðé~~~~ ~~]"),
        ('<a href="%(url)s">Call</a> &amp; wait', '[<a href="%(url)s">Çáļļ</a> &amp; ŵáîţ~~~]'),
        ("100%% of {name}", "[100%% öƒ {name}~~]"),
        ("", ""),
        (" ", " "),
    ],
)
def test_words_get_an_accent_and_what_is_filled_in_stays(text, said):
    assert pseudo(text) == said
