"""The numbers of the clinical rules: one place, a clinic's own where it set one."""

from dataclasses import fields

import pytest
from django.urls import reverse

from patients.accounts.thresholds import DEFAULTS, Thresholds
from patients.models import Clinic


@pytest.mark.parametrize("setting", fields(Thresholds), ids=lambda setting: setting.name)
def test_default_lies_in_the_range_that_a_clinic_may_choose(setting):
    assert setting.metadata["low"] <= setting.default <= setting.metadata["high"]
    assert setting.metadata["words"] and setting.metadata["rule"]


def test_clinic_stores_what_differs_and_the_rest_is_the_default():
    own = Thresholds.of({"amber_to": 4})

    assert own == Thresholds(amber_to=4)
    assert Thresholds.of({}) == DEFAULTS


@pytest.mark.parametrize(
    "stored", [{"amber_to": 99}, {"amber_to": "5"}, {"amber_to": 4.5}, {"amber_to": True}, {"x": 1}]
)
def test_value_that_is_none_of_the_rules_falls_back_to_the_default(stored):
    assert Thresholds.of(stored) == DEFAULTS


def form_values(client, clinic):
    form = client.get(reverse("admin:patients_clinic_change", args=[clinic.pk])).context["adminform"].form
    return {name: "" if form[name].value() is None else form[name].value() for name in form.fields}


def test_admin_sets_a_threshold_and_takes_it_back(admin_client, spine_ina):
    url = reverse("admin:patients_clinic_change", args=[spine_ina.pk])
    values = form_values(admin_client, spine_ina)

    admin_client.post(url, values | {"threshold_amber_to": "4", "threshold_green_to": "2"})
    assert Clinic.objects.get().thresholds_set == {"amber_to": 4}
    assert form_values(admin_client, spine_ina)["threshold_amber_to"] == 4

    admin_client.post(url, values | {"threshold_amber_to": ""})
    assert Clinic.objects.get().thresholds == DEFAULTS


def test_admin_is_told_at_the_field_what_is_out_of_range(admin_client, spine_ina):
    url = reverse("admin:patients_clinic_change", args=[spine_ina.pk])

    response = admin_client.post(url, form_values(admin_client, spine_ina) | {"threshold_amber_to": "11"})

    assert response.context["adminform"].form.errors == {
        "threshold_amber_to": ["Ensure this value is less than or equal to 7."]
    }
    assert Clinic.objects.get().thresholds == DEFAULTS
