import pytest
from django.core.management import call_command

from clinic.prescriptions.dosage_words import shorthand
from clinic.prescriptions.models import Importance, Protocol, ProtocolLine
from clinic.prescriptions.starter import load_starters, read_starters
from exercises.models import Exercise

STARTERS = {starter.slug: starter for starter in read_starters()}
LINES = [(starter.slug, line) for starter in STARTERS.values() for line in starter.lines]
BLOCKED_IN_ACUTE_PHASE = {"heavy-lift", "loaded-flexion", "axial-load", "rotation", "impact", "inversion"}
BLOCKED_WITH_OSTEOPOROSIS_OR_FALLS_RISK = {"loaded-flexion", "impact", "inversion"}


@pytest.fixture(scope="module")
def catalogue(django_db_setup, django_db_blocker):
    """Every exercise by its slug, with its tags; read once, nothing here changes it."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_catalogue", verbosity=0)
        rows = {e.slug: (e, {t.slug for t in e.tags.all()}) for e in Exercise.objects.with_parts()}
        transaction.set_rollback(True)
    return rows


def test_there_are_twelve():
    assert (len(STARTERS), len(LINES)) == (12, 145)


@pytest.mark.parametrize(("slug", "line"), LINES, ids=[f"{s}-{it.stage}-{it.exercise}" for s, it in LINES])
def test_line_fits_its_exercise(slug, line, catalogue):
    exercise, _ = catalogue[line.exercise]
    dosage = line.dosage(exercise)

    assert line.phase in exercise.phases
    assert dosage.measure == exercise.measure
    assert dosage.side == exercise.side
    assert not exercise.clinician_only


def tags_of(slug, catalogue):
    return {line.exercise: catalogue[line.exercise][1] for line in STARTERS[slug].lines}


@pytest.mark.parametrize("slug", ["acute-first-week", "post-flare-return", "aerobic-base"])
def test_gentle_protocols_hold_nothing_blocked_in_the_acute_phase(slug, catalogue):
    too_much = [e for e, tags in tags_of(slug, catalogue).items() if tags & BLOCKED_IN_ACUTE_PHASE]
    too_hard = [it.exercise for it in STARTERS[slug].lines if catalogue[it.exercise][0].level > 2]

    assert (too_much, too_hard) == ([], [])


@pytest.mark.parametrize(("slug", "tag"), [("extension-bias", "flexion"), ("flexion-bias", "extension")])
def test_directional_protocols_hold_nothing_of_the_other_direction(slug, tag, catalogue):
    assert [e for e, tags in tags_of(slug, catalogue).items() if tag in tags] == []


def test_older_adults_get_nothing_blocked_with_osteoporosis_or_falls_risk(catalogue):
    tags = tags_of("older-adult", catalogue)

    assert [e for e, t in tags.items() if t & BLOCKED_WITH_OSTEOPOROSIS_OR_FALLS_RISK] == []


def test_nothing_turns_anybody_upside_down(catalogue):
    tags = {line.exercise: catalogue[line.exercise][1] for _, line in LINES}

    assert [e for e, of in tags.items() if e == "inversion-table" or "inversion" in of] == []


@pytest.mark.parametrize("slug", STARTERS)
def test_no_stage_asks_for_more_than_six_main_exercises_on_a_day(slug, catalogue):
    lines = STARTERS[slug].lines
    for stage in {line.stage for line in lines}:
        of_stage = [line for line in lines if line.stage in (0, stage) and line.phase == "main"]
        daily = [line for line in of_stage if line.dosage(catalogue[line.exercise][0]).days_per_week == 7]
        assert len(daily) <= 6, stage


def test_doses_speak_themselves_as_the_files_say(catalogue):
    spoken = shorthand(STARTERS["mcgill-big-3"].lines[1].dosage(catalogue["mcgill-curl-up"][0]))

    assert spoken.startswith("4 x 8 s, alternate sides")


@pytest.mark.django_db
class TestLoading:
    @pytest.fixture(autouse=True)
    def _catalogue(self):
        call_command("load_catalogue", verbosity=0)

    def test_second_run_changes_nothing(self):
        assert len(load_starters().added) == 12
        before = list(ProtocolLine.objects.values_list("pk", flat=True))

        assert len(load_starters().unchanged) == 12
        assert list(ProtocolLine.objects.values_list("pk", flat=True)) == before

    def test_rules_of_the_stages_follow_the_file_where_the_rest_does(self):
        load_starters()
        Protocol.objects.filter(slug__in=["subacute-nslbp", "older-adult"]).update(stage_rules={})
        Protocol.objects.filter(slug="older-adult").update(name="Our seniors")

        loaded = load_starters()

        assert (loaded.replaced, loaded.kept) == (["subacute-nslbp"], ["older-adult"])
        rules = Protocol.objects.get(slug="subacute-nslbp").stage_rules
        assert rules == {"1": {"sessions": 6, "share": 0.8, "calm": True}}
        assert Protocol.objects.get(slug="older-adult").stage_rules == {}

    def test_protocol_edited_here_is_kept_unless_told_otherwise(self):
        load_starters()
        Protocol.objects.filter(slug="older-adult").update(name="Our seniors")

        assert load_starters().kept == ["older-adult"]
        assert load_starters(overwrite=True).replaced == ["older-adult"]
        assert Protocol.objects.get(slug="older-adult").name == "Older adult, back and balance"

    def test_ranks_follow_the_file_where_the_rest_does(self):
        """Installations of before the files had ranks get them; a protocol that was edited keeps its own."""
        load_starters()
        ProtocolLine.objects.update(importance=Importance.SHOULD)
        Protocol.objects.filter(slug="older-adult").update(name="Our seniors")

        loaded = load_starters()

        assert "subacute-nslbp" in loaded.replaced and loaded.kept == ["older-adult"]
        ranked = ProtocolLine.objects.filter(importance=Importance.MUST)
        assert ranked.filter(protocol__slug="subacute-nslbp", exercise__slug="walking").exists()
        assert not ranked.filter(protocol__slug="older-adult").exists()


@pytest.mark.parametrize("slug", [slug for slug in STARTERS if slug != "desk-microbreaks"])
def test_every_stage_has_something_that_comes_first_and_not_everything(slug):
    """At most four a stage: what people keep up on a day with little time."""
    lines = STARTERS[slug].lines
    for stage in {line.stage for line in lines} - {0} or {0}:
        here = [line for line in lines if line.stage in (0, stage)]
        musts = {line.exercise for line in here if line.importance == Importance.MUST}

        assert 1 <= len(musts) <= 4
        assert len(musts) < len(here)
