"""The admin vouches in one action; edits of what matters take it back; one page says what is to do."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from clinic.governance import reminding
from clinic.governance.reminding import remind
from clinic.models import Protocol, ProtocolLine
from clinic.prescriptions.dosage_parse import parse
from exercises.governance import State, months_after, vouch_for
from exercises.models import Article, Exercise
from patients.audit.words import in_words
from patients.models import AuditEvent
from tests.exercises.test_admin import filled
from tests.factories import articles, catalogue

TODAY = date.today()
LIST = "/admin/exercises/exercise/"
TO_REVIEW = "/admin/clinic/letstand/review/"


@pytest.fixture
def bridge(db):
    return catalogue.exercise("bridge", review_by=None, reviewed_on=None, reviewed_by="")


def vouch(client, url, rows, **typed):
    data = {"action": "vouch", "_selected_action": [row.pk for row in rows], "select_across": "0"} | typed
    return client.post(url, data)


SAID = {"vouched": "1", "name": "Rita Voss", "months": "12", "read": "on"}


def read_and_vouch(client, url, rows, **typed):
    """As a browser does it: the page that asks, and its form sent."""
    asked = vouch(client, url, rows)
    return vouch(client, url, rows, **SAID | {"shown": asked.context["shown"]} | typed)


def test_one_action_vouches_for_all_that_is_chosen(admin, admin_client, bridge):
    plank = catalogue.exercise("plank", review_by=None, reviewed_on=None)

    asked = vouch(admin_client, LIST, [bridge, plank])
    done = vouch(admin_client, LIST, [bridge, plank], **SAID, shown=asked.context["shown"])

    assert asked.status_code == 200
    assert "2 chosen" in asked.content.decode()
    assert done.status_code == 302
    for exercise in Exercise.objects.all():
        assert (exercise.reviewed_by, exercise.reviewed_on) == ("Rita Voss", TODAY)
        assert exercise.review_by == months_after(TODAY, 12)
    lines = AuditEvent.objects.filter(action="content.vouched", actor=str(admin.pk))
    assert set(lines.values_list("subject", flat=True)) == {"exercise:bridge", "exercise:plank"}


@pytest.mark.parametrize("missing", ["read", "name"])
def test_nobody_vouches_by_accident(admin_client, bridge, missing):
    response = read_and_vouch(admin_client, LIST, [bridge], **{missing: ""})

    bridge.refresh_from_db()
    assert response.status_code == 422
    assert bridge.review_by is None


def test_each_kind_of_content_is_vouched_for(admin_client, bridge):
    protocol = Protocol.objects.create(slug="h" * 80, name="Hips")
    ProtocolLine.objects.create(protocol=protocol, phase="main", position=0, exercise=bridge, dosage=parse("3x10"))
    rows = {
        "/admin/clinic/protocol/": protocol,
        "/admin/exercises/article/": articles.article(review_by=None),
        "/admin/exercises/question/": articles.question(review_by=None),
    }

    for url, row in rows.items():
        assert read_and_vouch(admin_client, url, [row]).status_code == 302
        row.refresh_from_db()
        assert row.state_of_review(TODAY) == State.REVIEWED
        assert row.lose_review() == []


def test_edit_of_the_steps_takes_the_review_away_and_the_admin_is_told(admin_client, bridge):
    vouch_for([bridge], name="Rita Voss", day=TODAY)

    response = admin_client.post(
        f"{LIST}{bridge.pk}/change/", filled(bridge, steps="One.\r\nTwo.\r\nThree."), follow=True
    )

    bridge.refresh_from_db()
    assert "the review is gone, because this changed: steps" in response.content.decode()
    assert bridge.state_of_review(TODAY) == State.UNREVIEWED
    assert AuditEvent.objects.get(action="content.review_lost").detail == {"fields": ["steps"]}


def test_edit_of_a_name_leaves_the_review(admin_client, bridge):
    vouch_for([bridge], name="Rita Voss", day=TODAY)

    admin_client.post(f"{LIST}{bridge.pk}/change/", filled(bridge, also_known_as="Hip raise"))

    bridge.refresh_from_db()
    assert bridge.also_known_as == "Hip raise"
    assert bridge.state_of_review(TODAY) == State.REVIEWED


def test_edit_with_a_new_review_in_the_same_form_is_vouched_for(admin_client, bridge):
    vouch_for([bridge], name="Rita Voss", day=TODAY - timedelta(days=10))
    until = months_after(TODAY, 6)

    admin_client.post(
        f"{LIST}{bridge.pk}/change/",
        filled(bridge, steps="One.\r\nTwo.\r\nThree.", reviewed_on=TODAY, review_by=until),
    )

    bridge.refresh_from_db()
    assert (bridge.reviewed_on, bridge.review_by) == (TODAY, until)
    assert bridge.lose_review() == []


def test_review_without_an_end_is_refused(admin_client, bridge):
    changes = {"reviewed_by": "Rita Voss", "reviewed_on": TODAY}
    response = admin_client.post(f"{LIST}{bridge.pk}/change/", filled(bridge, **changes))

    assert response.context["adminform"].form.errors == {"review_by": ["Say until when the review holds."]}


GRACE = TODAY + timedelta(days=180)


@pytest.mark.parametrize(
    ("standing", "typed", "wrong"),
    [
        ({}, {"review_by": GRACE}, "review_by"),
        ({}, {"reviewed_on": TODAY, "review_by": GRACE}, "reviewed_by"),
        ({}, {"reviewed_by": "Rita Voss", "review_by": GRACE}, "reviewed_on"),
        ({"review_by": GRACE}, {"review_by": GRACE + timedelta(days=1)}, "review_by"),
        ({"review_by": GRACE}, {"reviewed_by": "Rita Voss"}, "reviewed_on"),
        (
            {"reviewed_by": "Rita Voss", "reviewed_on": TODAY, "review_by": GRACE},
            {"reviewed_by": "", "reviewed_on": ""},
            "review_by",
        ),
    ],
    ids=["a day only", "no name", "not when", "longer grace", "a name in grace", "half withdrawn"],
)
def test_nothing_is_prescribable_by_a_day_alone(admin_client, bridge, standing, typed, wrong):
    Exercise.objects.update(**standing)
    bridge.refresh_from_db()

    response = admin_client.post(f"{LIST}{bridge.pk}/change/", filled(bridge, **typed))

    assert wrong in response.context["adminform"].form.errors
    before = (bridge.reviewed_by, bridge.reviewed_on, bridge.review_by)
    bridge.refresh_from_db()
    assert (bridge.reviewed_by, bridge.reviewed_on, bridge.review_by) == before


@pytest.mark.parametrize(
    ("standing", "typed"),
    [
        ({"reviewed_by": "Rita Voss", "reviewed_on": TODAY, "review_by": GRACE}, None),
        ({"review_by": GRACE}, None),
        ({"review_by": GRACE}, GRACE - timedelta(days=1)),
    ],
    ids=["review", "grace", "part of the grace"],
)
def test_review_that_is_taken_back_stands_in_the_audit(admin, admin_client, bridge, standing, typed):
    Exercise.objects.update(**standing)
    bridge.refresh_from_db()
    form = filled(bridge, reviewed_by="", reviewed_on="", review_by=typed or "")

    assert admin_client.post(f"{LIST}{bridge.pk}/change/", form).status_code == 302

    bridge.refresh_from_db()
    assert (bridge.reviewed_by, bridge.reviewed_on, bridge.review_by, bridge.reviewed_as) == ("", None, typed, {})
    [line] = AuditEvent.objects.filter(action="content.review_withdrawn")
    assert (line.actor, line.subject, in_words(line)) == (str(admin.pk), "exercise:bridge", "Took a review back")


def test_another_text_is_not_vouched_for_with_the_day_of_the_old_one(admin_client, bridge):
    bridge.vouch(name="Rita Voss", day=TODAY - timedelta(days=40), until=GRACE)
    bridge.save()
    longer = GRACE + timedelta(days=30)

    admin_client.post(f"{LIST}{bridge.pk}/change/", filled(bridge, review_by=longer))
    bridge.refresh_from_db()
    assert bridge.review_by == longer

    admin_client.post(f"{LIST}{bridge.pk}/change/", filled(bridge, review_by=GRACE, steps="One.\r\nTwo.\r\nThree."))
    bridge.refresh_from_db()
    assert (bridge.reviewed_on, bridge.review_by) == (None, None)


def test_edit_ends_a_time_of_grace_too(admin_client, bridge):
    Exercise.objects.update(review_by=GRACE)
    import_module("exercises.migrations.0009_grace_knows_its_text").remember(apps, None)
    bridge.refresh_from_db()

    admin_client.post(f"{LIST}{bridge.pk}/change/", filled(bridge, also_known_as="Hip raise"))
    bridge.refresh_from_db()
    assert bridge.review_by == GRACE

    admin_client.post(f"{LIST}{bridge.pk}/change/", filled(bridge, steps="One.\r\nTwo.\r\nThree."))
    bridge.refresh_from_db()
    assert (bridge.review_by, bridge.changed_since) == (None, ["steps"])


def test_upgrade_remembers_the_text_of_what_has_a_time_of_grace(db):
    jump = catalogue.exercise("jump", reviewed_by="", reviewed_on=None, measure="minutes", reps=None, hold_s=None,
                              minutes="1.5", blocked_for=["x"])  # fmt: skip
    jump.tags.create(slug="impact", name="Impact", meaning="jolts")
    protocol = Protocol.objects.create(
        slug="hips", name="Hips", review_by=GRACE, weeks=6, stage_rules={"1": {"x": 1}}
    )
    for position in (1, 0):
        ProtocolLine.objects.create(
            protocol=protocol,
            phase="main",
            position=position,
            exercise=jump,
            dosage=parse("3x10"),
            importance=position + 1,
        )
    rows = [jump, protocol, articles.article(), articles.question()]
    reviewed = catalogue.exercise("reviewed")

    for app, migration in (("exercises", "0009"), ("clinic", "0014")):
        import_module(f"{app}.migrations.{migration}_grace_knows_its_text").remember(apps, None)

    for row in rows:
        row.refresh_from_db()
        assert row.reviewed_as == row.fingerprint() != {}
    reviewed.refresh_from_db()
    assert reviewed.reviewed_as == {}


def test_text_that_changed_while_it_was_read_is_shown_again(admin_client, bridge):
    asked = vouch(admin_client, LIST, [bridge])
    Exercise.objects.update(cautions="Not on Mondays.")

    late = vouch(admin_client, LIST, [bridge], **SAID | {"months": "24"}, shown=asked.context["shown"])

    bridge.refresh_from_db()
    assert (late.status_code, bridge.review_by) == (422, None)
    page = late.content.decode()
    assert "Some of these changed while you read. Please look again." in page
    assert 'value="Rita Voss"' in page
    assert '<option value="24" selected>' in page
    assert not late.context["form"]["read"].value()

    again = vouch(admin_client, LIST, [bridge], **SAID, shown=late.context["shown"])
    bridge.refresh_from_db()
    assert (again.status_code, bridge.reviewed_by) == (302, "Rita Voss")
    assert bridge.lose_review() == []


def test_row_that_came_while_all_were_read_is_shown_first(admin_client, bridge):
    asked = vouch(admin_client, LIST, [bridge], select_across="1")
    plank = catalogue.exercise("plank", review_by=None, reviewed_on=None, reviewed_by="")

    late = vouch(admin_client, LIST, [bridge], **SAID, select_across="1", shown=asked.context["shown"])

    assert late.status_code == 422
    assert "Plank" in late.content.decode()
    plank.refresh_from_db()
    assert plank.review_by is None


def test_what_is_to_be_read_can_be_opened(admin_client, bridge):
    unread = {"review_by": None}
    rows = {
        LIST: bridge,
        "/admin/clinic/protocol/": Protocol.objects.create(slug="hips", name="Hips"),
        "/admin/exercises/article/": articles.article(**unread),
        "/admin/exercises/question/": articles.question(**unread),
    }

    for url, row in rows.items():
        [(_row, link)] = vouch(admin_client, url, [row]).context["rows"]
        page = admin_client.get(link)
        assert page.status_code == 200
        assert page.context["original"] == row


def test_change_of_a_line_takes_the_review_of_a_protocol(admin_client, bridge):
    protocol = Protocol.objects.create(slug="hips", name="Hips")
    line = ProtocolLine.objects.create(
        protocol=protocol, phase="main", position=0, exercise=bridge, dosage=parse("3x10")
    )
    vouch_for([protocol], name="Rita Voss", day=TODAY)
    line.dosage = parse("3x20")
    line.save()

    assert Protocol.objects.get().lose_review() == ["lines"]


def test_page_says_what_is_to_do_what_ran_out_first(admin_client, bridge, django_assert_num_queries):
    catalogue.exercise("plank")
    articles.article(review_by=TODAY - timedelta(days=1))
    for number in range(10):
        articles.question(f"q{number}", question=f"May I {number}?", review_by=TODAY + timedelta(days=30))

    shown = admin_client.get(TO_REVIEW).context["overview"]

    assert [row.content.slug for row in shown.to_do][:2] == ["walking", "bridge"]
    assert len(shown.to_do) == 12
    assert [[count.number for count in kind.counts] for kind in shown.kinds] == [
        [0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 10, 0]
    ]  # fmt: skip
    with django_assert_num_queries(7):  # who asks, their session, the clinic's name, and one for each kind
        admin_client.get(TO_REVIEW)


def test_counts_lead_to_the_rows(admin_client, bridge):
    catalogue.exercise("plank")

    shown = admin_client.get(f"{LIST}?review=unreviewed").context["cl"].result_list
    anything = admin_client.get(f"{LIST}?review=nonsense").context["cl"].result_list

    assert [row.slug for row in shown] == ["bridge"]
    assert len(anything) == 2


def test_each_number_is_that_of_the_list_it_leads_to(admin_client, bridge):
    catalogue.exercise("old", retired_at=timezone.now(), review_by=None, reviewed_on=None, reviewed_by="")
    for slug, retired_at in (("hips", None), ("old-hips", timezone.now())):
        Protocol.objects.create(slug=slug, name=slug, retired_at=retired_at)
    articles.article(review_by=None)

    counts = [count for kind in admin_client.get(TO_REVIEW).context["overview"].kinds for count in kind.counts]

    assert sum(count.number for count in counts) == 3
    for count in counts:
        assert admin_client.get(count.url).context["cl"].result_count == count.number


def test_list_comes_as_a_csv_that_no_spreadsheet_runs(admin_client, bridge):
    Exercise.objects.update(author="=1+1", licence="cc-by")

    lines = admin_client.get(f"{TO_REVIEW}list.csv").content.decode().splitlines()

    assert lines[0].startswith("kind,slug,name,state")
    assert lines[1].startswith("exercise,bridge,Bridge,not reviewed,'=1+1")
    assert "CC BY 4.0" in lines[1]


def test_index_leads_to_both_pages(admin_client):
    page = admin_client.get("/admin/").content.decode()

    assert f'href="{TO_REVIEW}"' in page
    assert 'href="/admin/clinic/letstand/contradictions/"' in page


@pytest.mark.parametrize("at", ["review/", "review/list.csv", "contradictions/"])
def test_only_admins_see_the_pages(at, client, clinician_client, patient_client):
    url = f"/admin/clinic/letstand/{at}"

    assert client.get(url).status_code == 302
    assert clinician_client.get(url).status_code == 403
    assert patient_client.get(url).status_code == 403


def test_clinician_reads_who_vouches_for_an_exercise(clinician_client, patient_client, bridge):
    def read(client):
        return client.get(reverse("exercise", args=["bridge"])).content.decode()

    assert "Nobody of your clinic has reviewed it" in read(clinician_client)

    Exercise.objects.update(author="Ada Writer", source="NG59", licence="cc-by")
    vouch_for([Exercise.objects.get()], name="Rita Voss", day=date(2026, 5, 3))
    page = read(clinician_client)
    for part in ("3 May 2026, by Rita Voss", "Next by 3 May 2027.", "Ada Writer", "NG59", "CC BY 4.0"):
        assert part in page
    assert "Rita Voss" not in read(patient_client)


def test_admins_are_reminded_once_a_week_of_what_runs_out(admin, bridge, django_capture_on_commit_callbacks):
    Exercise.objects.update(review_by=TODAY + timedelta(days=29))
    articles.article(review_by=TODAY - timedelta(days=1))
    articles.question(review_by=TODAY + timedelta(days=31))

    with django_capture_on_commit_callbacks(execute=True):
        assert remind() == 2
        assert remind() == 0

    [sent] = mail.outbox
    assert sent.to == [admin.email]
    assert "the review of 1 exercise, protocol or text has run out" in sent.body
    assert "1 runs out within 30 days" in sent.body
    assert TO_REVIEW in sent.body
    assert "Bridge" not in sent.body

    AuditEvent.objects.filter(action="content.reminded").delete()  # as if that were long ago
    with django_capture_on_commit_callbacks(execute=True):
        assert remind() == 2


def test_two_timers_at_once_remind_once(admin, bridge, monkeypatch, django_capture_on_commit_callbacks):
    Exercise.objects.update(review_by=TODAY)
    whole, runs = reminding.current, []

    def another_runs_meanwhile(model):
        monkeypatch.setattr(reminding, "current", whole)
        runs.append(remind())
        return whole(model)

    monkeypatch.setattr(reminding, "current", another_runs_meanwhile)
    with django_capture_on_commit_callbacks(execute=True):
        runs.append(remind())

    assert runs == [1, 0]
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("kind", ["article", "question"])
def test_review_that_holds_until_the_end_of_time_breaks_no_list(admin_client, kind):
    getattr(articles, kind)(review_by=date.max)

    page = admin_client.get(f"/admin/exercises/{kind}/")

    assert page.status_code == 200
    assert "31 Dec 9999" in page.content.decode()


def test_nothing_is_mailed_where_nothing_runs_out(admin, bridge):
    assert remind() == 0
    assert Article.objects.count() == 0
