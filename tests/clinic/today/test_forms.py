from clinic.today.forms import EFFORT_WORDS, PAIN_WORDS


def test_every_score_from_0_to_10_has_words_of_its_own():
    for words in (PAIN_WORDS, EFFORT_WORDS):
        assert len(set(words)) == len(words) == 11
