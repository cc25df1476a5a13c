"""A video of a clinic's own: what may come in, and how it goes out in pieces, as a phone asks for it."""

import re
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.translation import gettext

from exercises.pictures import MB

MOST_MB = 25
TYPES = {"mp4": "video/mp4", "webm": "video/webm"}
BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"M4VP", b"dash", b"MSNV"}
RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")
PIECE = 1024 * 1024


def checked_video(upload: Any) -> Any:
    """The upload under a name of ours, if its first bytes are those of MP4 or WebM; else ValidationError in words."""
    if upload.size > MOST_MB * MB:
        raise ValidationError(
            gettext("This file is larger than %(number)s MB. Make it shorter and try again.") % {"number": MOST_MB}
        )
    upload.seek(0)
    kind = kind_of(upload.read(4096))
    upload.seek(0)
    if not kind:
        raise ValidationError(gettext("This is not an MP4 or WebM video."))
    upload.name = f"{secrets.token_hex(8)}.{kind}"
    return upload


def kind_of(head: bytes) -> str:
    """mp4 or webm, by content; empty for anything else, whatever its name says."""
    if head[4:8] == b"ftyp" and head[8:12] in BRANDS:
        return "mp4"
    if head[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in head[:64]:
        return "webm"
    return ""


def in_pieces(file: File, kind: str, asked: str) -> HttpResponseBase:
    """The whole, or the piece that a player asks for: some play nothing from a server without pieces."""
    size = file.size
    found = RANGE.fullmatch(asked)
    if not found or not any(found.groups()):
        response: HttpResponseBase = FileResponse(file, content_type=TYPES[kind])
    else:
        first, last = found.groups()
        start = int(first) if first else max(size - int(last), 0)
        end = min(int(last) if first and last else size - 1, size - 1, start + PIECE - 1)
        if start > end:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        file.seek(start)
        response = HttpResponse(file.read(end - start + 1), status=206, content_type=TYPES[kind])
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Accept-Ranges"] = "bytes"
    return response
