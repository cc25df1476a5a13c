import gzip

import brotli
import pytest

pytestmark = pytest.mark.django_db


def test_page_leaves_in_brotli(client):
    plain = client.get("/accounts/login/")
    response = client.get("/accounts/login/", headers={"Accept-Encoding": "gzip, br"})

    assert response["Content-Encoding"] == "br"
    assert int(response["Content-Length"]) == len(response.content) < len(plain.content) / 2
    assert b"</html>" in brotli.decompress(response.content)


def test_page_leaves_in_gzip_where_brotli_is_not_known(client):
    response = client.get("/accounts/login/", headers={"Accept-Encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(response.content)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_request_from_another_site_learns_nothing_from_the_length(client, site):
    response = client.get("/accounts/login/", headers={"Accept-Encoding": "br", "Sec-Fetch-Site": site})

    assert not response.has_header("Content-Encoding")
    assert "Sec-Fetch-Site" in response["Vary"]


def test_small_answer_is_left_alone(client):
    response = client.get("/healthz", headers={"Accept-Encoding": "br"})

    assert not response.has_header("Content-Encoding")
