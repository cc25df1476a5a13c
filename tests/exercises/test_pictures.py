"""What a stranger's file can be: photos are drawn anew, and nothing hostile is unpacked."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from exercises.pictures import MB, PHOTO_MB, cleaned_photo
from tests.factories.photos import photo


def header_only(width, height):
    """A PNG that says a size and holds nothing of it."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    said = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", said) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def upload(content, name="a.jpg"):
    return SimpleUploadedFile(name, content, "image/jpeg")


NOT_ONE = "not a JPEG"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (upload(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), NOT_ONE),
        (upload(b"<!doctype html><script>alert(1)</script>"), NOT_ONE),
        (upload(photo().read()[:200]), NOT_ONE),
        (photo("GIF"), NOT_ONE),
        (upload(header_only(60_000, 60_000)), NOT_ONE),
        (upload(header_only(60_000, 1_000)), "too many pixels"),
        (upload(b"x" * (PHOTO_MB * MB + 1)), "larger than 10 MB"),
    ],
    ids=["svg", "html", "truncated", "gif", "bomb", "wide", "heavy"],
)
def test_what_is_no_photo_is_refused_before_it_is_unpacked(file, words, monkeypatch):
    if words == "too many pixels":
        monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("was unpacked"))

    with pytest.raises(ValidationError, match=words):
        cleaned_photo(file)


def test_photo_is_a_jpeg_no_longer_than_1600_whatever_it_came_as():
    for kind in ("JPEG", "PNG", "WEBP"):
        kept = cleaned_photo(photo(kind, size=(3000, 1500), name="../../evil.html"))

        image = Image.open(kept)
        assert (image.format, image.size) == ("JPEG", (1600, 800))
        assert kept.name.endswith(".jpg")
        assert "evil" not in kept.name


def test_photo_forgets_where_it_was_taken_and_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # the phone was held upright
    exif[0x010E] = "Taken at 12 Elm Road"
    exif.get_ifd(0x8825)[1] = "N"

    kept = cleaned_photo(photo(size=(40, 30), exif=exif, comment=b"secret"))

    image = Image.open(kept)
    assert image.size == (30, 40)
    assert not image.getexif()
    kept.seek(0)
    content = kept.read()
    assert [part for part in (b"Elm Road", b"secret", b"Exif") if part in content] == []


def test_what_hides_behind_a_photo_is_left_behind():
    polyglot = photo().read() + b"<script>alert(1)</script>PK\x03\x04"

    assert b"script" not in cleaned_photo(upload(polyglot)).read()


def test_what_is_see_through_becomes_white():
    file = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(file, "PNG")

    assert Image.open(cleaned_photo(upload(file.getvalue()))).getpixel((1, 1)) == (255, 255, 255)
