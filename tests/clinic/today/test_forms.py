from clinic.offline.scripts import script_that_speaks
from clinic.today.forms import EFFORT_WORDS, PAIN_WORDS


def test_every_score_from_0_to_10_has_words_of_its_own():
    for words in (PAIN_WORDS, EFFORT_WORDS):
        assert len(set(map(str, words))) == len(words) == 11


def test_script_says_the_same_words_beside_the_numbers():
    script = script_that_speaks("app").text.decode()

    assert f'"{"|".join(map(str, PAIN_WORDS))}"' in script
    assert f'"{"|".join(map(str, EFFORT_WORDS))}"' in script
