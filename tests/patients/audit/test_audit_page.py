from patients.audit.actions import record
from tests.factories import people


def url(patient):
    return f"/clinic/patients/{patient.uuid}/audit/"


def test_patient_audit_says_who_did_what(clinician_client, clinician, colleague, patient, other_patient):
    record(by=colleague.user, action="record.viewed", patient=patient, part="notes")
    record(by=colleague.user, action="patient.edited", patient=patient, fields=["phone", "born_on"])
    record(by=patient.user, action="prescription.seen_by_patient", patient=patient)
    record(by=None, action="invitation.wrong_try", patient=patient)
    record(by=colleague.user, action="note.written", patient=other_patient)

    lines = clinician_client.get(url(patient)).context["lines"]

    assert [(line.who, line.what) for line in lines] == [
        ("Rita Voss", "Opened the record: audit log"),
        ("Backwell itself", "Answered an invitation wrongly"),
        ("Margaret Ellis", "Prescription seen by patient"),
        ("Sam Achterberg", "Changed details: phone, born on"),
        ("Sam Achterberg", "Opened the record: notes"),
    ]


def test_patient_audit_names_people_in_a_fixed_number_of_queries(
    clinician_client, spine_ina, patient, django_assert_num_queries
):
    clinician_client.get(url(patient))
    with django_assert_num_queries(QUERIES):
        clinician_client.get(url(patient))
    for number in range(30):
        somebody = people.clinician(spine_ina, "Cal", f"League{number}")
        record(by=somebody.user, action="record.viewed", patient=patient)
    with django_assert_num_queries(QUERIES):
        clinician_client.get(url(patient))


QUERIES = 7  # session, user, patient, audit line, count, lines, names


def test_patient_audit_is_closed_to_others(
    foreign_clinician_client, patient_client, admin_client, client, patient, clinician_client
):
    assert foreign_clinician_client.get(url(patient)).status_code == 404
    assert patient_client.get(url(patient)).status_code == 403
    assert admin_client.get(url(patient)).status_code == 403
    assert client.get(url(patient)).status_code == 302
    assert clinician_client.post(url(patient)).status_code == 405
