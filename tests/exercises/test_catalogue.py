import pytest
from django.http import QueryDict

from exercises.catalogue import CatalogueQuery, find
from exercises.content.load import load_catalogue
from exercises.models import Exercise, Muscle
from tests.factories import catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole_catalogue(db):
    load_catalogue()


def ask(text=""):
    return find(Exercise.objects.current(), CatalogueQuery.parse(QueryDict(text)))


def names(text):
    return [card.name for card in ask(text).cards]


def counts(found, facet):
    return {option.value: option.hits for f in found.facets if f.name == facet for option in f.options}


def test_nothing_asked_shows_everything_in_alphabetical_order(whole_catalogue):
    found = ask()

    assert found.total == 134
    assert [card.name for card in found.cards[:3]] == [
        "90/90 supported breathing",
        "Abdominal brace",
        "Abdominal draw-in",
    ]
    assert len(found.page) == 24


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("Bridge", "Bridge"),
        ("brigde", "Bridge"),  # two letters swapped
        ("birgd", "Bird dog"),  # unfinished and misspelt
        ("hamstring strech", "Seated hamstring stretch"),
        ("dog bird", "Bird dog"),  # other order
        ("BIRD-DOG", "Bird dog"),
        ("pushup", "Incline push-up"),  # without the hyphen
        ("birddog", "Bird dog"),  # without the space
        ("chin tuk", "Chin tuck"),  # a slip in three letters
        ("glute bridge", "Bridge"),  # also known as
        ("marjaryasana", "Cat-cow"),
        ("pirifórmis", "Supine figure-four stretch"),  # an accent too many
        ("cobra", "Prone press-up"),
        ("sciatica", "Sciatic nerve slider, lying"),
        ("stretches for the calf", "Wall calf stretch"),  # filler words and endings
    ],
)
def test_search_finds(whole_catalogue, asked, first):
    assert names(f"q={asked}")[0] == first


def test_better_matches_come_first(db):
    glute = catalogue.muscle("gluteus-maximus", "gluteus maximus")
    catalogue.exercise("zebra-text", purpose="This is like a bridge.", name="Zebra text")
    muscled = catalogue.exercise("yak-muscle", name="Yak muscle")
    muscled.primary_muscles.set(
        [Muscle.objects.create(slug="b", name="bridge muscle", plain_name="b", region="hips")]
    )
    muscled.save()
    catalogue.exercise("word-in-name", name="Marching bridge")
    catalogue.exercise("begins", name="Bridge march")
    catalogue.exercise("known-as", name="Xylo", also_known_as="something; bridge")
    catalogue.exercise("same", name="Bridge")

    assert names("q=bridge") == ["Bridge", "Xylo", "Bridge march", "Marching bridge", "Yak muscle", "Zebra text"]
    assert glute.name not in names("q=bridge")


def test_every_word_must_be_found(whole_catalogue):
    assert names("q=bridge kettlebell") == []


def test_guess_says_that_it_is_one(whole_catalogue):
    assert ask("q=bridge").is_guess is False
    assert ask("q=brigde").is_guess is True
    assert ask("q=qqqqqqqq").is_guess is False
    assert ask("q=qqqqqqqq").total == 0


def test_short_word_is_not_guessed(whole_catalogue):
    assert ask("q=xq").total == 0


@pytest.mark.parametrize("asked", ["%00", "%ED%A0%80", "%F0%9F%98%80", "x" * 5000, "%25", "_", "((", "\\", "'", "  "])
def test_odd_text_is_no_error(whole_catalogue, asked):
    assert ask(f"q={asked}").total in range(135)


def test_values_of_a_facet_add_up_and_facets_narrow(whole_catalogue):
    stretches, breathing = ask("category=stretch").total, ask("category=breathing").total

    assert ask("category=stretch&category=breathing").total == stretches + breathing == 25
    assert {card.category for card in ask("category=stretch&level=1").cards} == {"stretch"}
    assert {card.level for card in ask("category=stretch&level=1").cards} == {1}


def test_without_a_movement_leaves_its_exercises_out(whole_catalogue):
    found = ask("without=floor&without=balance")

    assert found.total == Exercise.objects.exclude(tags__slug__in=["floor", "balance"]).count()
    assert [card.slug for card in found.cards if {"floor", "balance"} & set(card.tags)] == []


def test_no_equipment_can_be_asked_for(whole_catalogue):
    assert {card.equipment for card in ask("equipment=none").cards} == {()}


@pytest.mark.parametrize(
    "text", ["category=nonsense", "level=99999999999999999999", "page=-1", "page=x", "equipment=%00"]
)
def test_unknown_values_are_ignored(whole_catalogue, text):
    found = ask(text)

    assert found.total == 134
    assert found.query.page == 1


def test_page_behind_the_end_is_empty_and_leads_back(whole_catalogue):
    found = ask("page=9999")

    assert found.page == []
    assert found.previous == "?page=6"


def test_facet_counts_say_what_choosing_would_find(whole_catalogue):
    found = ask("q=hip&category=stretch&without=floor")

    for facet in ("category", "region", "position", "equipment", "level", "phase"):
        for value, count in counts(found, facet).items():
            narrowed = {"q": "hip", "category": "stretch", "without": "floor"} | {facet: value}
            assert ask("&".join(f"{k}={v}" for k, v in narrowed.items())).total == count, (facet, value)
    for value, count in counts(found, "without").items():
        assert ask(f"q=hip&category=stretch&without=floor&without={value}").total == count, value


def test_chosen_filters_can_be_let_go_one_by_one(whole_catalogue):
    assert ask("category=stretch&without=floor&level=1").chosen == [
        ("Stretch", "?level=1&without=floor"),
        ("Very easy", "?category=stretch&without=floor"),
        ("Without: Getting down to the floor", "?category=stretch&level=1"),
    ]


def test_address_asks_for_the_same_again():
    query = CatalogueQuery.parse(QueryDict("q=knee+%26+hip&category=stretch&category=strength&page=3"))

    assert CatalogueQuery.parse(QueryDict(query.address(page=3).removeprefix("?"))) == query
    assert CatalogueQuery().is_empty


def test_change_is_found_at_once(whole_catalogue):
    assert names("q=flamingo") == []
    bridge = Exercise.objects.get(slug="bridge")
    bridge.also_known_as = "flamingo"

    bridge.save()

    assert names("q=flamingo") == ["Bridge"]


def test_search_takes_one_query_once_the_index_is_warm(whole_catalogue, django_assert_num_queries):
    with django_assert_num_queries(3):
        ask("q=bridge")
    with django_assert_num_queries(1):
        ask("q=stretch&category=stretch")


def test_search_of_few_exercises_takes_as_many_queries(db, django_assert_num_queries):
    catalogue.exercise("bridge")

    with django_assert_num_queries(3):
        ask("q=bridge")
    with django_assert_num_queries(1):
        ask("q=bridge")
