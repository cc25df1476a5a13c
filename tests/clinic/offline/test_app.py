"""The files that make an app of the site: the same for everybody, small, and nothing of a person in them."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from django.utils.translation import override

from clinic.offline.scripts import SPEAKING, script_that_speaks
from clinic.offline.views import SHELL

pytestmark = pytest.mark.django_db
KB = 1024


def test_worker_rules_over_the_whole_site_and_is_asked_for_anew(client, patient_client):
    response = client.get("/sw.js")

    script = response.content.decode()
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert (response["Cache-Control"], response["Service-Worker-Allowed"]) == ("no-cache", "/")
    assert "VERSION-OF-THIS" not in script
    assert len(script.splitlines()) < 260
    assert patient_client.get("/sw.js").content == response.content


def test_everything_that_the_worker_keeps_is_there(client):
    for name in SHELL:
        assert finders.find(name), name
        assert staticfiles_storage.url(name) in client.get("/sw.js").content.decode()
    assert client.get("/scripts/queue.js")["Location"] == "/static/js/queue.js"
    for name in ("app", "offline"):
        address = client.get(f"/scripts/{name}.js")["Location"]
        assert address in client.get("/sw.js").content.decode()
        assert client.get(address).status_code == 200
    assert client.get("/scripts/settings.js").status_code == 404


def test_script_goes_out_with_its_words_and_stays_as_long_as_neither_changes(client):
    address = script_that_speaks("app").address
    response = client.get(address, headers={"Accept-Encoding": "br"})

    assert address in client.get("/accounts/login/").content.decode()
    assert response["Content-Encoding"] == "br"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    script = brotli.decompress(response.content).decode()
    assert '"dark":"Dark colours"' in script
    assert (settings.BASE_DIR / "static/js/app.js").read_text() in script
    with override("de"):
        assert script_that_speaks("app").address != address


def test_page_from_before_gets_the_script_of_now(client):
    response = client.get("/scripts/app.en-gb.000000000000.js")

    assert response.content == script_that_speaks("app").text
    assert response["Cache-Control"] == "no-cache"
    assert client.get("/scripts/queue.en-gb.000000000000.js").status_code == 404
    assert client.get("/scripts/app.x-y-z.000000000000.js").status_code == 404


def test_manifest_names_an_app_that_can_be_installed(client, patient_client):
    response = client.get("/manifest.webmanifest")

    said = response.json()
    assert response["Content-Type"].startswith("application/manifest+json")
    assert (said["start_url"], said["scope"], said["display"]) == ("/start/", "/", "standalone")
    assert {(icon["sizes"], icon["purpose"]) for icon in said["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip
    for icon in said["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))
    assert patient_client.get("/manifest.webmanifest").content == response.content


def test_page_without_a_network_is_nobodys(patient, patient_client):
    page = patient_client.get("/offline/").content.decode()

    assert "No connection" in page
    for personal in (patient.first_name, patient.last_name, patient.email, patient.device_key, "data-owner"):
        assert personal not in page


def test_page_says_whose_device_it_is_without_a_name(patient, other_patient, patient_client, clinician_client):
    page = patient_client.get("/help/").content.decode()

    assert f'data-owner="{patient.device_key}"' in page
    assert patient.device_key != other_patient.device_key
    assert str(patient.uuid) not in page
    assert "data-owner" not in clinician_client.get("/clinic/").content.decode()


def test_kept_frame_of_today_carries_each_persons_own_key(
    patient, other_patient, patient_client, other_patient_client
):
    for client, person in ((patient_client, patient), (other_patient_client, other_patient)):
        assert f'data-owner="{person.device_key}"' in client.get("/today/").content.decode()


def test_scripts_of_the_heaviest_page_weigh_40_kb_at_most(client):
    """The guided session on a patient's own phone, the worker and what it brings along included."""
    names = ["django_htmx/htmx-2.min.js", *[f"js/{n}.js" for n in ("queue", "queue", "figures", "guided")]]
    files = [Path(finders.find(name)).read_bytes() for name in names]
    files += [script_that_speaks(name).text for name in SPEAKING]
    files.append(client.get("/sw.js", headers={"Accept-Encoding": "identity"}).content)

    assert sum(len(brotli.compress(each)) for each in files) <= 40 * KB


def test_signing_out_clears_the_device_unless_something_is_kept(patient):
    for data, cleared in (({}, '"cache", "storage"'), ({"keep": "1"}, '"cache"')):
        client = Client()
        client.force_login(patient.user)

        assert client.post("/accounts/logout/", data)["Clear-Site-Data"] == cleared


def test_session_that_ended_by_itself_leaves_what_waits_on_the_phone(patient):
    client = Client()
    client.force_login(patient.user)
    patient.user.set_password("another-password-of-mine")
    patient.user.save()

    response = client.get("/today/")

    assert (response.status_code, response["Clear-Site-Data"]) == (302, '"cache"')


# A sentence, or a word with a capital: what a person reads. Names of keys and errors for developers are neither.
SAID = re.compile(
    r"""(?<!Error\()["'`>](?:[A-Z][a-z’]+(?: [a-z’]+)*[.!?]?|[a-zA-Z’]+(?: [a-zA-Z’${}]+)+[.!?])["'`<]"""
)
NAMES = {"Enter", "Escape", "Content", "Accept", "Notification"}


@pytest.mark.parametrize("path", sorted((settings.BASE_DIR / "static/js").glob("*.js")), ids=lambda path: path.name)
def test_no_script_speaks_by_itself(path):
    """Words stand in pages and in `scripts`, where they are translated."""
    code = re.sub(r"^\s*//.*$|\s// .*$", "", path.read_text(), flags=re.MULTILINE)
    said = {found.strip("\"'`<>") for found in SAID.findall(code)}

    assert said - NAMES == set()
