"""Photos for tests, small and made on the spot."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photo(kind="JPEG", size=(40, 30), name="a.jpg", **options):
    file = BytesIO()
    Image.new("RGB", size, "red").save(file, kind, **options)
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")
