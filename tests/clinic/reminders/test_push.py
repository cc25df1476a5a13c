"""Knocking at devices: only where we know the service, signed, empty, and never led elsewhere."""

import json
import threading
from base64 import urlsafe_b64decode
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from clinic.reminders import push


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
        "https://fcm.googleapis.com:443/abc",
    ],
)
def test_services_of_the_browsers_are_known(endpoint):
    assert push.is_push_service(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/abc",
        "https://fcm.googleapis.com.evil.example/abc",
        "https://evil.example/?fcm.googleapis.com",
        "https://evilpush.apple.com/abc",
        "https://fcm.googleapis.com@evil.example/abc",
        "https://evil.example\\@fcm.googleapis.com/abc",
        "https://fcm.googleapis.com:8443/abc",
        "https://fcm.googleapis.com:port/abc",
        "https://127.0.0.1/abc",
        "https://[::1/abc",
        "https://fcm.googleapis.com/a b",
        "https://fcm.googleapis.com/a\r\nHost: evil.example",
        "https://fcm.googleapis.com/ä",
        "file:///etc/passwd",
        "",
    ],
)
def test_no_other_address_is_ever_asked(endpoint):
    assert not push.is_push_service(endpoint)
    with pytest.raises(push.Gone):
        push.knock(endpoint, lasts=60, topic="session")


class Double(BaseHTTPRequestHandler):
    """A push service that answers with the number in the address."""

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        self.server.asked.append((self.path, dict(self.headers), self.rfile.read(length)))
        code = int(self.path.rsplit("/", 1)[1])
        if code == 0:  # hangs up without a word
            return
        self.send_response(code)
        if code in (301, 307):
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/201")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *args):
        pass


@pytest.fixture
def service(settings):
    server = HTTPServer(("127.0.0.1", 0), Double)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    server.address = f"http://127.0.0.1:{server.server_port}"
    settings.PUSH_SERVICES = [server.address]
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def bytes_of(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_knock_is_empty_signed_and_short_lived(service):
    push.knock(f"{service.address}/device/201", lasts=900, topic="session")

    [(path, headers, body)] = service.asked
    assert (path, body, headers["Ttl"], headers["Topic"]) == ("/device/201", b"", "900", "session")
    assert not {"Cookie", "Referer", "Content-Encoding"} & set(headers)
    scheme, token, key = headers["Authorization"].split()
    said, _, signature = token.removeprefix("t=").removesuffix(",").rpartition(".")
    head, claims = (json.loads(bytes_of(part)) for part in said.split("."))
    assert (scheme, head) == ("vapid", {"typ": "JWT", "alg": "ES256"})
    assert claims["aud"] == service.address and claims["sub"] == "https://portal.example.org"
    point = bytes_of(key.removeprefix("k="))
    raw = bytes_of(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point).verify(der, said.encode(), ECDSA(SHA256()))


@pytest.mark.parametrize(
    ("code", "for_now"), [(400, False), (403, False), (413, False), (429, True), (500, True), (503, True)]
)
def test_refusal_says_whether_to_come_again(service, code, for_now):
    with pytest.raises(push.Refused, match=f"push {code}") as refused:
        push.knock(f"{service.address}/device/{code}", lasts=60, topic="session")

    assert refused.value.for_now is for_now


@pytest.mark.parametrize("code", [404, 410])
def test_gone_is_gone(service, code):
    with pytest.raises(push.Gone):
        push.knock(f"{service.address}/device/{code}", lasts=60, topic="session")


@pytest.mark.parametrize("code", [301, 307])
def test_nobody_is_followed_elsewhere(service, code):
    with pytest.raises(push.Refused):
        push.knock(f"{service.address}/device/{code}", lasts=60, topic="session")

    assert len(service.asked) == 1


def test_service_that_hangs_up_may_have_taken_it(service):
    with pytest.raises(push.CutOff):
        push.knock(f"{service.address}/device/0", lasts=60, topic="session")


def test_service_that_is_not_there_took_nothing(service):
    service.shutdown()
    service.server_close()

    with pytest.raises(push.Refused) as refused:
        push.knock(f"{service.address}/device/201", lasts=60, topic="session")

    assert refused.value.for_now


def test_key_is_made_once_and_kept_for_its_owner_alone(settings):
    first = push.public_key()
    push._key.cache_clear()

    assert push.public_key() == first
    kept = settings.DATA_DIR / "vapid_key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in settings.DATA_DIR.glob("vapid_key*")] == ["vapid_key"]
    settings.VAPID_PRIVATE_KEY = kept.read_text()
    kept.unlink()
    push._key.cache_clear()
    assert push.public_key() == first
