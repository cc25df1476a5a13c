import pytest

from clinic.models import Proposal

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]


def test_a_handful_of_proposals_waits_for_the_demo_clinician(demo):
    found = Proposal.objects.open().values_list("patient__last_name", "rule").order_by("patient__last_name", "rule")

    by_patient = {name for name, _ in found}
    assert by_patient == {"Ellismoor", "Haddawell", "Lindqvale", "Delmarine"}
    assert 4 <= len(found) <= 6
    assert {rule for _, rule in found} >= {"PROG-8", "PROG-9", "STAGE"}
