from exercises.words import in_words


def test_names_are_joined_and_said_once():
    assert in_words([]) == ""
    assert in_words(["buttocks"]) == "buttocks"
    assert in_words(["tummy", "buttocks", "tummy", "calf"]) == "tummy, buttocks and calf"
