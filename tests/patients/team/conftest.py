import pytest

from tests.factories import people


@pytest.fixture
def private(spine_ina):
    """The clinic does not share its records."""
    spine_ina.shares_records = False
    spine_ina.save()
    return spine_ina


@pytest.fixture
def third(spine_ina):
    return people.clinician(spine_ina, "Tomás", "Rioclaro")
