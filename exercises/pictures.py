import secrets
import warnings
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from PIL import Image, ImageOps

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 4000  # a side
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}


def cleaned_picture(upload: File) -> ContentFile:
    """The picture drawn anew under a name of ours: no place, no camera, nothing that only looks like a picture.

    Raises ValidationError in words for whoever uploaded it.
    """
    if upload.size is None or upload.size > MOST_BYTES:
        raise ValidationError("This file is larger than 2 MB. Make it smaller and try again.")
    unreadable = ValidationError("This is not a JPEG, PNG or WebP picture, or it is damaged.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=list(FORMATS))
            kind = str(image.format)
            if max(image.size) > MOST_PIXELS:
                raise ValidationError(f"This picture is larger than {MOST_PIXELS} pixels a side. Make it smaller.")
            # A new image takes the pixels along and leaves behind everything else that the file said.
            turned = ImageOps.exif_transpose(image)
            turned = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
            clean = Image.new(turned.mode, turned.size)
            clean.paste(turned)
            file = BytesIO()
            clean.save(file, kind, quality=88)
    except ValidationError:
        raise
    except Exception as broken:  # whatever a hostile file can raise in a decoder
        raise unreadable from broken
    return ContentFile(file.getvalue(), name=f"{secrets.token_hex(8)}.{FORMATS[kind]}")
