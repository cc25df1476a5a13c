import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext
from PIL import Image, ImageOps

MB = 1024 * 1024
MOST_MB = 2
MOST_PIXELS = 4000  # a side
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
# A photo as a phone takes it, and what is kept of it.
PHOTO_MB = 10
PHOTO_PIXELS = 25_000_000  # in all
PHOTO_SIDE = 1600


def cleaned_picture(upload: File) -> ContentFile:
    """The picture drawn anew under a name of ours: no place, no camera, nothing that only looks like a picture.

    Raises ValidationError in words for whoever uploaded it.
    """
    with _opened(upload, MOST_MB) as image:
        kind = str(image.format)
        if max(image.size) > MOST_PIXELS:
            raise ValidationError(
                gettext("This picture is larger than %(number)s pixels a side. Make it smaller.")
                % {"number": MOST_PIXELS}
            )
        # A new image takes the pixels along and leaves behind everything else that the file said.
        turned = ImageOps.exif_transpose(image)
        turned = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
        clean = Image.new(turned.mode, turned.size)
        clean.paste(turned)
        return _kept(clean, kind)


def cleaned_photo(upload: File, *, side: int = PHOTO_SIDE) -> ContentFile:
    """As `cleaned_picture`, for a person's photo: made no larger than a page needs, and always a JPEG."""
    with _opened(upload, PHOTO_MB) as image:
        if image.width * image.height > PHOTO_PIXELS:
            raise ValidationError(gettext("This photo has too many pixels. Make it smaller and try again."))
        image.thumbnail((side, side))  # a JPEG is not even unpacked in full
        turned = ImageOps.exif_transpose(image).convert("RGBA")
        clean = Image.new("RGB", turned.size, "white")
        clean.paste(turned, mask=turned)
        return _kept(clean, "JPEG")


@contextmanager
def _opened(upload: File, most_mb: int) -> Iterator[Image.Image]:
    """Its kind and size are read, its pixels not yet; whatever a hostile file raises becomes words."""
    if upload.size is None or upload.size > most_mb * MB:
        raise ValidationError(
            gettext("This file is larger than %(number)s MB. Make it smaller and try again.") % {"number": most_mb}
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield Image.open(upload, formats=list(FORMATS))
    except ValidationError:
        raise
    except Exception as broken:  # whatever a hostile file can raise in a decoder
        raise ValidationError(gettext("This is not a JPEG, PNG or WebP picture, or it is damaged.")) from broken


def _kept(clean: Image.Image, kind: str) -> ContentFile:
    file = BytesIO()
    clean.save(file, kind, quality=88)
    return ContentFile(file.getvalue(), name=f"{secrets.token_hex(8)}.{FORMATS[kind]}")
