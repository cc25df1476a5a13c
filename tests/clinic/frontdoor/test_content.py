"""What the public pages say: drafts, a schedule, previews and the clinic's own words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.frontdoor.models import Service, SiteTexts, TeamMember
from exercises.models import Article
from tests.factories import articles
from tests.factories.photos import photo

NOW = timezone.now()
HOUR = timedelta(hours=1)
# When it is public, by published, from and until in hours from now.
TIMES = [
    (True, None, None, True),
    (False, None, None, False),
    (True, -1, None, True),
    (True, 1, None, False),
    (True, None, -1, False),
    (True, -2, 1, True),
    (True, -2, -1, False),
    (False, -2, 1, False),
]


def at(hours):
    return None if hours is None else NOW + hours * HOUR


def service(**fields) -> Service:
    return Service.objects.create(
        **{"title": "First visit", "summary": "We listen.", "body": "**60** minutes", "is_published": True} | fields
    )


def member(**fields) -> TeamMember:
    return TeamMember.objects.create(
        **{"name": "Rita Maria Voss", "role": "Physiotherapist", "is_published": True} | fields
    )


def texts(**fields) -> SiteTexts:
    return SiteTexts.objects.create(**{"name": "Usual", "is_published": True, "headline": "Walk on."} | fields)


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize(("is_published", "begins", "ends", "is_seen"), TIMES)
def test_what_is_public_is_said_in_one_place_for_every_kind(client, db, is_published, begins, ends, is_seen):
    when = {"is_published": is_published, "publish_from": at(begins), "publish_until": at(ends)}
    service(**when)
    member(**when)
    texts(**when)
    articles.article(**when)

    home = text_of(client.get("/"))

    assert [part in home for part in ("We listen.", "Rita Maria Voss", "Walk on.", "Why walking helps")] == [
        is_seen
    ] * 4
    assert ("First visit" in text_of(client.get("/services/"))) is is_seen
    assert ("Rita Maria Voss" in text_of(client.get("/team/"))) is is_seen
    assert ("Why walking helps" in text_of(client.get("/learn/"))) is is_seen
    assert client.get("/learn/walking/").status_code == (200 if is_seen else 404)
    assert Article.objects.published(NOW).exists() is is_seen


def test_home_page_has_sensible_words_before_anybody_wrote_some(client, spine_ina):
    page = text_of(client.get("/"))

    assert "Your back gets better by moving." in page
    assert 'href="/ask-for-a-visit/"' in page
    assert "Who we are" not in page


def test_texts_that_became_public_last_are_shown(client, db):
    texts(headline="Usual words")
    texts(name="Christmas", headline="Merry words", publish_from=at(-2), publish_until=at(2))
    texts(name="Easter", headline="Later words", publish_from=at(2))

    page = text_of(client.get("/"))

    assert "Merry words" in page
    assert "Usual words" not in page


def test_home_says_hours_way_and_notice(client, spine_ina):
    texts(opening_hours="Monday: 8 to 18\nFriday: 8 to 12", getting_here="Bus 63.", notice="Closed on <Friday>.")

    page = text_of(client.get("/"))

    assert "Monday: 8 to 18<br>Friday: 8 to 12" in page
    assert "Bus 63." in page
    assert "Closed on &lt;Friday&gt;." in page


def test_service_is_written_in_markdown_that_is_cleaned(client, db):
    service(body="**Bold** <script>alert(1)</script> [x](javascript:alert(1))", how_long="45 minutes", cost="£60")

    page = text_of(client.get("/services/"))

    assert "<strong>Bold</strong>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "45 minutes" in page
    assert "£60" in page


def test_whoever_s_account_was_closed_leaves_the_page(client, clinician):
    member(clinician=clinician)
    assert "Rita Maria Voss" in text_of(client.get("/team/"))

    clinician.user.is_active = False
    clinician.user.save()

    assert "Rita Maria Voss" not in text_of(client.get("/team/"))


@pytest.mark.parametrize(("name", "initials"), [("Rita Maria Voss", "RV"), ("Rita", "R"), ("", "")])
def test_initials_stand_where_there_is_no_photo(name, initials):
    assert TeamMember(name=name).initials == initials


@pytest.mark.parametrize("count", [1, 30])
def test_pages_ask_the_same_whatever_is_on_them(client, spine_ina, count, django_assert_num_queries):
    for number in range(count):
        service(title=f"Service {number}")
        member(name=f"Member {number}")
        articles.article(f"read-{number}")
    for path, queries in (("/", 5), ("/services/", 2), ("/team/", 2)):
        with django_assert_num_queries(queries):
            client.get(path)


# --- kept by browsers ---


@pytest.mark.parametrize("path", ["/", "/services/", "/team/", "/learn/walking/"])
def test_strangers_browser_may_keep_a_page_for_a_minute(client, patient_client, path):
    articles.article()

    for_stranger, for_patient = client.get(path), patient_client.get(path)

    assert for_stranger["Cache-Control"] == "private, max-age=60"
    assert "Cookie" in for_stranger["Vary"]
    assert not for_stranger.cookies
    assert "no-store" in for_patient["Cache-Control"]


# --- the admin ---


def sent(row, **fields):
    base = {"preview_of": row.pk or "", "order": 10}
    return base | fields


def test_preview_shows_the_page_and_saves_nothing(admin_client):
    made = service(is_published=False)

    response = admin_client.post(
        "/admin/clinic/service/preview/", sent(made, title="Other", summary="New words", body="*soon*")
    )

    page = text_of(response)
    assert "no-store" in response["Cache-Control"]
    assert "Nothing is saved, and nobody else sees this." in page
    assert "<em>soon</em>" in page
    assert Service.objects.get().title == "First visit"


def test_preview_stands_among_the_rows_that_are_public(admin_client):
    made = service()
    service(title="Second", order=200)

    page = text_of(admin_client.post("/admin/clinic/service/preview/", sent(made, title="Other", summary="x")))

    assert "First visit" not in page
    assert page.index("Other") < page.index("Second")


def test_preview_says_what_is_not_right_yet(admin_client):
    page = text_of(admin_client.post("/admin/clinic/service/preview/", {"title": "", "order": "x"}))

    assert "Not right yet" in page
    assert "This field is required." in page


def test_preview_of_the_home_page_and_of_a_photo_that_is_not_stored_yet(admin_client):
    home = admin_client.post("/admin/clinic/sitetexts/preview/", {"name": "x", "headline": "New headline"})
    team = admin_client.post(
        "/admin/clinic/teammember/preview/", {"name": "New Person", "role": "Physio", "order": 1, "photo": photo()}
    )

    assert "New headline" in text_of(home)
    assert "New Person" in text_of(team)
    assert "data:image/jpeg;base64," in text_of(team)
    assert TeamMember.objects.count() == SiteTexts.objects.count() == 0


@pytest.mark.parametrize("who", ["clinician_client", "patient_client", "nobody_client"])
@pytest.mark.parametrize("model", ["service", "teammember", "sitetexts", "issue"])
def test_preview_is_the_admins(who, model, request):
    assert request.getfixturevalue(who).post(f"/admin/clinic/{model}/preview/").status_code == 403


@pytest.mark.parametrize("pk", ["x", "99", "9" * 30, "\0"])
def test_preview_of_a_row_that_is_not_there_breaks_nothing(admin_client, pk):
    assert admin_client.post("/admin/clinic/service/preview/", {"preview_of": pk}).status_code in (200, 404)


def test_until_comes_after_from(admin_client):
    response = admin_client.post(
        "/admin/clinic/service/add/",
        {
            "title": "A", "summary": "B", "order": 1, "publish_from": "2026-12-24T10:00",
            "publish_until": "2026-12-23T10:00",
        },
    )  # fmt: skip

    assert "This is not after the moment it becomes public." in text_of(response)


def test_every_edit_is_in_the_history(admin_client, admin):
    made = service()

    admin_client.post(f"/admin/clinic/service/{made.pk}/change/", {"title": "Other", "summary": "B", "order": 1})

    newest = made.history.first()
    assert (newest.title, newest.history_user) == ("Other", admin)
    assert made.history.count() == 2


def test_state_is_said_in_the_list(admin_client, db):
    service(is_published=False)
    service(publish_from=NOW + HOUR)

    page = text_of(admin_client.get("/admin/clinic/service/"))

    assert "Draft" in page
    assert "Scheduled" in page


def test_photo_is_drawn_anew_small_and_only_seen_while_its_owner_is_public(admin_client, client, settings, tmp_path):
    from PIL import Image

    settings.MEDIA_ROOT = tmp_path
    admin_client.post(
        "/admin/clinic/teammember/add/",
        {"name": "Rita", "role": "Physio", "order": 1, "is_published": "on", "photo": photo(size=(1200, 900))},
    )
    made = TeamMember.objects.get()

    response = client.get(made.photo.url)

    assert response["Content-Type"] == "image/jpeg"
    with Image.open(made.photo.path) as kept:
        assert max(kept.size) == 320
        assert not kept.getexif()
    assert response.getvalue().startswith(b"\xff\xd8")
    TeamMember.objects.update(is_published=False)
    assert client.get(made.photo.url).status_code == 404


@pytest.mark.parametrize("name", ["nowhere.jpg", "..%2F..%2Fsettings.py", "\0.jpg", "x" * 300])
def test_photo_that_is_nobodys_does_not_exist(client, db, name):
    assert client.get(f"/media/team/{name}").status_code == 404
