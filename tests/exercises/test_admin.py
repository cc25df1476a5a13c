import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from exercises.content.articles import load_articles, load_questions
from exercises.content.load import load_catalogue
from exercises.models import Article, Equipment, Exercise, MovementTag, Muscle, Question
from tests.factories import articles, catalogue

pytestmark = pytest.mark.django_db
LIST = "/admin/exercises/exercise/"


@pytest.fixture
def bridge(db):
    return catalogue.exercise("bridge")


def page_of(exercise):
    return f"{LIST}{exercise.pk}/change/"


def filled(exercise, **changes):
    """The form of an exercise as a browser sends it."""
    return {
        "name": exercise.name,
        "plain_name": exercise.plain_name,
        "also_known_as": exercise.also_known_as,
        "purpose": exercise.purpose,
        "setup": exercise.setup,
        "steps": "\r\n".join(exercise.steps),
        "cues": "\r\n".join(exercise.cues),
        "mistakes": "\r\n".join(exercise.mistakes),
        "ease_off": exercise.ease_off,
        "feel": exercise.feel,
        "category": exercise.category,
        "position": exercise.position,
        "phases": exercise.phases,
        "level": exercise.level,
        "regression": "",
        "progression": "",
        "measure": exercise.measure,
        "sets": exercise.sets,
        "reps": exercise.reps or "",
        "hold_s": exercise.hold_s or "",
        "minutes": "",
        "side": exercise.side,
        "rest_s": exercise.rest_s,
        "times_per_day": exercise.times_per_day,
        "days_per_week": exercise.days_per_week,
        "reviewed_by": exercise.reviewed_by,
        "reviewed_on": exercise.reviewed_on or "",
        "review_by": exercise.review_by or "",
        "primary_muscles": [m.pk for m in exercise.primary_muscles.all()],
    } | changes


def sent_as_shown(form):
    """What a browser sends of a form that was opened and not touched."""
    sent = {}
    for field in form:
        value = field.value()
        if isinstance(value, str):
            sent[field.name] = value.replace("\n", "\r\n")
        elif isinstance(value, list):
            sent[field.name] = [getattr(row, "pk", row) for row in value]
        elif (value and field.name != "picture") or (value == 0 and value is not False):
            sent[field.name] = value
    return sent


def errors_of(response):
    return dict(response.context["adminform"].form.errors)


def picture(kind="PNG", size=(40, 30), name="a.png", **options):
    file = BytesIO()
    Image.new("RGB", size, "red").save(file, kind, **options)
    return SimpleUploadedFile(name, file.getvalue())


@pytest.mark.parametrize("who", ["patient_client", "clinician_client", "nobody_client", "client"])
@pytest.mark.parametrize("path", [LIST, f"{LIST}1/change/", f"{LIST}export/", f"{LIST}import/", f"{LIST}preview/"])
def test_only_admins_reach_the_catalogues_admin(who, path, request, bridge):
    reader = request.getfixturevalue(who)

    for response in (reader.get(path), reader.post(path)):
        assert response.status_code in (302, 401, 403)
        assert "Hips" not in response.content.decode()


def test_edit_is_saved_shown_to_patients_and_kept_in_history(admin, admin_client, patient_client, bridge):
    changes = {"steps": "Lie down.\r\n\r\n  Breathe in. \r\nBreathe out.", "feel": "Warmth in your buttocks."}

    response = admin_client.post(page_of(bridge), filled(bridge, **changes))

    assert response.status_code == 302
    bridge.refresh_from_db()
    assert bridge.steps == ["Lie down.", "Breathe in.", "Breathe out."]
    assert "warmth" in bridge.search_text
    assert "Warmth in your buttocks." in patient_client.get("/exercises/bridge/").content.decode()
    assert bridge.history.first().history_user == admin
    history = admin_client.get(f"{LIST}{bridge.pk}/history/")
    assert "Warmth in your buttocks." in history.content.decode()


def test_unchanged_form_is_no_change(admin_client, bridge):
    form = admin_client.post(page_of(bridge), filled(bridge, cues="One."), follow=True).context["adminform"].form

    assert form.changed_data == ["cues"]


def test_earlier_version_can_be_looked_at(admin_client, bridge):
    first = bridge.history.first()

    assert admin_client.get(f"{LIST}{bridge.pk}/history/{first.pk}/").status_code == 200


def test_new_muscle_is_found_by_search_at_once(admin_client, client, bridge):
    calf = Muscle.objects.create(slug="calf", name="gastrocnemius", plain_name="calf", region="lower-legs")

    admin_client.post(page_of(bridge), filled(bridge, primary_muscles=[calf.pk]))

    assert client.get("/exercises/?q=gastrocnemius").context["found"].total == 1


def test_renamed_muscle_is_found_by_its_new_name(admin_client, client, bridge):
    muscle = bridge.primary_muscles.get()

    admin_client.post(
        f"/admin/exercises/muscle/{muscle.pk}/change/",
        {"slug": muscle.slug, "name": "glutes proper", "plain_name": "seat", "region": "hips"},
    )

    assert client.get("/exercises/?q=seat").context["found"].total == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"steps": "Only one."}, "steps"),
        ({"cues": ""}, "cues"),
        ({"level": "6"}, "level"),
        ({"level": "9" * 40}, "level"),
        ({"sets": "0"}, "sets"),
        ({"sets": "99999999999999999999"}, "sets"),
        ({"reps": ""}, "reps"),
        ({"minutes": "5"}, "minutes"),
        ({"measure": "minutes", "reps": "", "hold_s": "", "minutes": "NaN"}, "minutes"),
        ({"measure": "minutes", "reps": "", "hold_s": "", "minutes": "1e9"}, "minutes"),
        ({"measure": "hold", "hold_s": ""}, "hold_s"),
        ({"phases": ["sideways"]}, "phases"),
        ({"phases": []}, "phases"),
        ({"purpose": "with \0 in it"}, "purpose"),
        ({"primary_muscles": ["x"]}, "primary_muscles"),
        ({"regression": "x"}, "regression"),
        ({"video_url": "javascript:alert(1)"}, "video_url"),
        ({"video_url": "//evil.example/v"}, "video_url"),
        ({"video_url": "http://video.example/v"}, "video_url"),
        ({"video_url": "https://"}, "video_url"),
        ({"video_url": "data:text/html,x"}, "video_url"),
    ],
)
def test_wrong_value_is_refused_at_its_field(admin_client, bridge, changes, field):
    response = admin_client.post(page_of(bridge), filled(bridge, **changes))

    assert list(errors_of(response)) == [field]


def test_https_video_link_is_taken(admin_client, bridge):
    admin_client.post(page_of(bridge), filled(bridge, video_url="https://video.example/v?id=1"))

    bridge.refresh_from_db()
    assert bridge.video_url == "https://video.example/v?id=1"


def test_ladder_that_goes_down_is_refused(admin_client, bridge):
    hard, easy = catalogue.exercise("hard", level=5), catalogue.exercise("easy", level=1)

    response = admin_client.post(page_of(bridge), filled(bridge, regression=hard.pk, progression=easy.pk))

    assert errors_of(response) == {
        "regression": ["Hard has level 5, which is harder than this one."],
        "progression": ["Easy has level 1, which is easier than this one."],
    }


def test_ladder_that_leads_back_is_refused(admin_client, bridge):
    second = catalogue.exercise("second", progression=bridge)
    third = catalogue.exercise("third", progression=second)

    response = admin_client.post(page_of(bridge), filled(bridge, progression=third.pk))

    assert errors_of(response) == {
        "progression": ["Third leads back to this exercise, so the ladder would be a circle."]
    }
    assert list(errors_of(admin_client.post(page_of(bridge), filled(bridge, regression=bridge.pk)))) == ["regression"]


def test_level_that_breaks_anothers_ladder_is_refused(admin_client, bridge):
    catalogue.exercise("march", level=3, regression=bridge)

    response = admin_client.post(page_of(bridge), filled(bridge, level=4))

    assert errors_of(response) == {"level": ["March names this as its easier exercise, and has level 3."]}


def test_preview_shows_what_was_typed_and_saves_nothing(admin_client, bridge):
    typed = filled(bridge, feel="Typed just now.", preview_of=bridge.pk)
    entries = bridge.history.count()

    panel = admin_client.post(f"{LIST}preview/", typed, headers={"HX-Request": "true"})
    page = admin_client.post(f"{LIST}preview/", typed)

    assert "Typed just now." in panel.content.decode()
    assert "<html" not in panel.content.decode()
    assert "<html" in page.content.decode()
    bridge.refresh_from_db()
    assert bridge.feel == "Work in your buttocks."
    assert bridge.history.count() == entries


def test_preview_of_an_unfinished_form_names_what_is_wrong(admin_client, bridge):
    for typed in ({}, filled(bridge, sets="x", measure="y", side="z", level="", preview_of=bridge.pk)):
        response = admin_client.post(f"{LIST}preview/", typed)

        assert response.status_code == 200
        assert "Not yet right" in response.content.decode()


def test_preview_escapes_and_cannot_be_fetched(admin_client, bridge):
    page = admin_client.post(f"{LIST}preview/", filled(bridge, feel="<script>alert(1)</script>")).content.decode()

    assert "<script>alert" not in page
    assert admin_client.get(f"{LIST}preview/").status_code == 405
    assert admin_client.post(f"{LIST}preview/", {"preview_of": "9" * 30}).status_code == 200
    assert admin_client.post(f"{LIST}preview/", {"preview_of": "12345"}).status_code == 404


@pytest.mark.parametrize(
    ("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")], ids=["jpeg", "png", "webp"]
)
def test_picture_is_kept_under_a_name_of_ours(admin_client, client, bridge, settings, tmp_path, kind, ending):
    settings.MEDIA_ROOT = tmp_path

    admin_client.post(page_of(bridge), filled(bridge, picture=picture(kind, name="../../evil.html")))

    bridge.refresh_from_db()
    folder, name = bridge.picture.name.split("/")
    assert folder == "exercises"
    assert "evil" not in name
    assert name.endswith(f".{ending}")
    assert [path.name for path in tmp_path.rglob("*.*")] == [name]
    assert client.get(f"/media/exercises/{name}")["Content-Type"] == f"image/{'jpeg' if ending == 'jpg' else ending}"
    assert bridge.picture.url in client.get("/exercises/bridge/").content.decode()


def test_picture_forgets_where_it_was_taken(admin_client, bridge, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    exif = Image.Exif()
    exif[0x010E] = "Taken at 12 Elm Road"
    upload = picture("JPEG", name="a.jpg", exif=exif, comment=b"secret")

    admin_client.post(page_of(bridge), filled(bridge, picture=upload))

    bridge.refresh_from_db()
    kept = bridge.picture.read()
    assert b"Elm Road" not in kept
    assert b"secret" not in kept


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (SimpleUploadedFile("a.png", b"<script>alert(1)</script>", "image/png"), "not a JPEG"),
        (SimpleUploadedFile("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"), "not a JPEG"),
        (SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 50), "not a JPEG"),
        (picture("GIF", name="a.gif"), "not a JPEG"),
        (picture("BMP", name="a.jpg"), "not a JPEG"),
        (picture("PNG", size=(4001, 1)), "larger than 4000"),
        (SimpleUploadedFile("a.png", b"x" * (2 * 1024 * 1024 + 1)), "larger than 2 MB"),
        (SimpleUploadedFile("a.png", b""), "empty"),
    ],
    ids=["html", "svg", "broken", "gif", "bmp", "huge", "heavy", "empty"],
)
def test_what_is_no_proper_picture_is_refused(admin_client, bridge, settings, tmp_path, upload, message):
    settings.MEDIA_ROOT = tmp_path

    response = admin_client.post(page_of(bridge), filled(bridge, picture=upload))

    assert message in errors_of(response)["picture"][0]
    assert list(tmp_path.iterdir()) == []


def test_list_filters_and_search_forgives(admin_client):
    load_catalogue()

    def shown(query):
        return [row.slug for row in admin_client.get(f"{LIST}{query}").context["cl"].result_list]

    assert shown("?q=brigde")[0] == "bridge"
    assert shown("?q=deadlift")[0] == "barbell-deadlift"
    assert len(shown("?category__exact=breathing")) == 5
    assert shown("?clinician_only__exact=1") == ["inversion-table"]
    assert shown("?retired=yes") == []
    assert shown("?q=%F0%9F%98%80qqqq") == []
    assert admin_client.get(f"{LIST}?q=%00").status_code == 200


def act(client, action, pks):
    return client.post(LIST, {"action": action, "_selected_action": pks}, follow=True)


def test_exercises_are_retired_and_brought_back_in_bulk(admin, admin_client, client, bridge):
    plank = catalogue.exercise("plank")

    response = act(admin_client, "retire", [bridge.pk, plank.pk])

    assert "2 retired." in response.content.decode()
    bridge.refresh_from_db()
    assert bridge.retired_by == str(admin.pk)
    assert bridge.history.first().history_user == admin
    assert client.get("/exercises/").context["found"].total == 0
    act(admin_client, "bring_back", [bridge.pk])
    assert [card.slug for card in client.get("/exercises/").context["found"].cards] == ["bridge"]


def test_exercises_are_never_deleted(admin_client, bridge):
    assert admin_client.post(f"{LIST}{bridge.pk}/delete/", {"post": "yes"}).status_code == 403
    act(admin_client, "delete_selected", [bridge.pk])
    assert Exercise.objects.filter(pk=bridge.pk).exists()


@pytest.mark.parametrize("model", [Exercise, Muscle, Equipment, MovementTag, Article, Question])
@pytest.mark.parametrize("chosen", ["x", "1 OR 1=1", "9" * 40, "-1", "²", "\0"])
def test_rows_that_are_no_numbers_are_refused_in_words(admin_client, bridge, model, chosen):
    path = f"/admin/exercises/{model._meta.model_name}/"

    response = admin_client.post(path, {"action": "retire", "_selected_action": [chosen]}, follow=True)

    assert response.status_code == 200
    assert "Choose them again." in response.content.decode()


def test_muscle_in_use_is_not_deleted(admin_client, bridge):
    used = bridge.primary_muscles.get()
    unused = Muscle.objects.create(slug="calf", name="calf", plain_name="calf", region="lower-legs")

    assert admin_client.post(f"/admin/exercises/muscle/{used.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin_client.post(f"/admin/exercises/muscle/{unused.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Muscle.objects.all()) == [used]


@pytest.mark.parametrize("model", ["exercise", "muscle", "equipment", "movementtag", "article", "question"])
def test_lists_take_as_many_queries_with_much_as_with_little(
    admin_client, bridge, model, django_assert_max_num_queries
):
    articles.article()
    articles.question()
    path = f"/admin/exercises/{model}/"
    admin_client.get(path)
    load_catalogue()

    with django_assert_max_num_queries(12):
        assert admin_client.get(path).status_code == 200


def test_every_admin_form_opens(admin_client):
    load_catalogue()
    for model in (Exercise, Muscle, Equipment, MovementTag):
        path = f"/admin/exercises/{model._meta.model_name}/"
        assert admin_client.get(f"{path}add/").status_code == 200
        assert admin_client.get(f"{path}{model.objects.first().pk}/change/").status_code == 200


def test_new_exercise_can_be_added(admin_client, client, bridge):
    new = filled(bridge, slug="new-one", name="New one", plain_name="Something new")

    response = admin_client.post(f"{LIST}add/", new)

    assert response.status_code == 302
    assert client.get("/exercises/new-one/").status_code == 200


def test_retired_exercise_keeps_its_ladder_neighbours(admin_client, bridge):
    catalogue.exercise("plank", level=3, regression=bridge)
    Exercise.objects.filter(pk=bridge.pk).update(retired_at=timezone.now())

    assert admin_client.get(page_of(bridge)).status_code == 200


def test_pose_with_a_mistake_is_refused_with_its_line(admin_client, bridge):
    response = admin_client.post(page_of(bridge), filled(bridge, pose="view side\r\npose\r\nleg.R 20 175"))

    assert errors_of(response) == {"pose": ["Line 3: The right knee would be 175 degrees; -3 to 158 is possible."]}
    assert "leg.R 20 175" in response.content.decode()


def test_preview_draws_the_pose_as_typed_in_both_themes(admin_client, bridge):
    data = filled(bridge, pose="view side\npose\npose\n  arm 90 0", preview_of=bridge.pk)

    panel = admin_client.post(f"{LIST}preview/", data, headers={"HX-Request": "true"}).content.decode()

    assert panel.count('class="fig move"') == 2
    assert panel.count('class="fig still"') == 4
    assert panel.count('data-bs-theme="light"') == panel.count('data-bs-theme="dark"') == 1
    ids = re.findall(r' id="([^"]+)"', panel)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("slug", ["bridge", "cat-cow", "walking", "inversion-table"])
def test_exercise_that_was_opened_and_saved_untouched_still_follows_its_file(admin_client, slug):
    load_catalogue()
    exercise = Exercise.objects.get(slug=slug)
    form = admin_client.get(page_of(exercise)).context["adminform"].form

    response = admin_client.post(page_of(exercise), sent_as_shown(form))

    assert response.status_code == 302
    assert load_catalogue()["exercises"].edited_here == []


@pytest.mark.parametrize(
    ("load", "model", "slug"), [(load_articles, Article, "bed-rest"), (load_questions, Question, "pain-moves-down")]
)
def test_text_that_was_opened_and_saved_untouched_still_follows_its_file(admin_client, load, model, slug):
    load()
    url = f"/admin/exercises/{model._meta.model_name}/{model.objects.get(slug=slug).pk}/change/"
    form = admin_client.get(url).context["adminform"].form

    response = admin_client.post(url, sent_as_shown(form))

    assert response.status_code == 302
    assert load().edited_here == []


def question_form(**changes):
    return {"question": "May I swim?", "answer": "Yes.", "slug": "swim", "order": "5"} | changes


def test_new_question_is_kept_with_its_places_and_its_author(admin, admin_client):
    form = question_form(moments=["aerobic", "rest-day"], is_published="on")

    response = admin_client.post("/admin/exercises/question/add/", form)

    assert response.status_code == 302
    question = Question.objects.get(slug="swim")
    assert question.moments == ["rest-day", "aerobic"]
    assert question.history.get().history_user == admin


def test_place_that_is_not_on_the_list_is_refused(admin_client):
    response = admin_client.post("/admin/exercises/question/add/", question_form(moments=["sideways"]))

    assert list(errors_of(response)) == ["moments"]
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("question", question_form(answer="Yes, **slowly**.<script>alert(1)</script>")),
        (
            "article",
            {
                "title": "Swimming",
                "summary": "In water.",
                "body": "# Loud\n\nGo **slowly**.<script>alert(1)</script>",
            },
        ),
    ],
)
def test_text_is_shown_as_the_patient_will_see_it_and_not_saved(admin_client, path, form):
    url = f"/admin/exercises/{path}/preview/"

    panel = admin_client.post(url, form, headers={"HX-Request": "true"}).content.decode()
    page = admin_client.post(url, form).content.decode()

    assert "<strong>slowly</strong>" in panel
    assert "<script>alert" not in panel + page
    assert "<html" not in panel
    assert page.count("<h1") == 1
    assert admin_client.get(url).status_code == 405
    assert not Question.objects.exists()
    assert not Article.objects.exists()


@pytest.mark.parametrize("who", ["patient_client", "clinician_client", "client"])
@pytest.mark.parametrize("path", ["question/", "question/preview/", "article/preview/"])
def test_only_admins_edit_what_patients_read(who, path, request, db):
    reader = request.getfixturevalue(who)

    for response in (
        reader.get(f"/admin/exercises/{path}"),
        reader.post(f"/admin/exercises/{path}", question_form()),
    ):
        assert response.status_code in (302, 401, 403, 405)


def test_texts_are_listed_by_where_they_matter(admin_client):
    articles.article("flare", moments=["flare"])
    articles.article("sit", moments=["breaks", "rest-day"])

    def shown(query):
        return [row.slug for row in admin_client.get(f"/admin/exercises/article/{query}").context["cl"].result_list]

    assert shown("?moment=breaks") == ["sit"]
    assert len(shown("?moment=sideways")) == 2
