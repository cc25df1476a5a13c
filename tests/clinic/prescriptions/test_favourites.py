import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.prescriptions.favourites import Favourite, groups_of, set_favourite
from tests.factories import catalogue, people, plans

HTMX = {"HX-Request": "true"}


def star(client, exercise, on="on", **more):
    return client.post(reverse("favourite", args=[exercise.slug]), {"star": on}, **more)


def found_in(client, draft, **asked):
    page = client.get(reverse("prescription_edit", args=[draft.uuid]), asked, headers=HTMX)
    return re.findall(r'<li data-slug="([^"]+)"', page.content.decode())


def test_star_is_set_and_taken_away_and_a_second_click_changes_nothing(bridge, clinician, clinician_client):
    for _ in range(2):
        star(clinician_client, bridge)
    assert Favourite.objects.filter(clinician=clinician, exercise=bridge).count() == 1

    for _ in range(2):
        star(clinician_client, bridge, "off")
    assert not Favourite.objects.exists()


def test_star_is_ones_own(bridge, clinician, colleague):
    set_favourite(exercise=bridge, on=True, by=clinician)

    assert groups_of(clinician).starred == {bridge.pk}
    assert not groups_of(colleague).starred


def test_most_used_comes_first(patient, clinician, bridge, bird_dog, draft):
    for exercise in (bird_dog, bridge):
        set_favourite(exercise=exercise, on=True, by=clinician)
    plans.published(people.patient(patient.clinic, "Ann", "Lee"), by=clinician.user, exercises=[bird_dog])

    assert groups_of(clinician).favourites.ids == (bird_dog.pk, bridge.pk)


def test_recent_is_what_this_clinician_sent_lately_newest_first(
    patient, clinician, colleague, bridge, bird_dog, walking
):
    at = patient.clinic
    old = plans.published(people.patient(at, "Ann", "Lee"), by=clinician.user, exercises=[bridge])
    type(old).objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=91))
    plans.published(people.patient(at, "Bea", "Lee"), by=clinician.user, exercises=[bird_dog])
    plans.published(patient, by=colleague.user, exercises=[walking])

    assert groups_of(clinician).recent.ids == (bird_dog.pk,)


def test_group_works_with_search_and_filters(draft, clinician, clinician_client, bridge, bird_dog, walking):
    for exercise in (bridge, bird_dog):
        set_favourite(exercise=exercise, on=True, by=clinician)

    assert set(found_in(clinician_client, draft, **{"from": "favourites"})) == {"bridge", "bird-dog"}
    assert found_in(clinician_client, draft, q="bird", **{"from": "favourites"}) == ["bird-dog"]
    assert found_in(clinician_client, draft, q="walking", **{"from": "favourites"}) == []
    assert len(found_in(clinician_client, draft, **{"from": "nonsense"})) == 3


def test_empty_group_says_how_it_fills(draft, clinician_client):
    page = clinician_client.get(reverse("prescription_edit", args=[draft.uuid]), {"from": "favourites"})

    assert "The star on an exercise puts it here." in page.content.decode()


def test_more_of_a_group_stays_in_the_group(draft, clinician, clinician_client):
    for number in range(30):
        made = catalogue.exercise(f"exercise-{number}", name=f"Exercise {number}")
        set_favourite(exercise=made, on=True, by=clinician)

    page = clinician_client.get(reverse("prescription_edit", args=[draft.uuid]), {"from": "favourites"})

    assert "?page=2&amp;from=favourites" in page.content.decode()


@pytest.mark.parametrize("from_builder", [True, False])
def test_without_a_script_the_page_with_the_star_comes_again(from_builder, draft, bridge, clinician_client):
    data = {"star": "on", "draft": str(draft.uuid) if from_builder else "//elsewhere.example"}
    answer = clinician_client.post(reverse("favourite", args=[bridge.slug]), data)

    assert answer["Location"] == (
        reverse("prescription_edit", args=[draft.uuid]) if from_builder else bridge.get_absolute_url()
    )


def test_star_answers_with_itself(bridge, clinician_client):
    answer = star(clinician_client, bridge, headers=HTMX).content.decode()

    assert 'aria-pressed="true"' in answer and 'value="off"' in answer
    page = clinician_client.get(bridge.get_absolute_url()).content.decode()
    assert 'aria-pressed="true"' in page
