"""The production settings over plain HTTP, with the bare views to compare with mounted beside the real ones."""

import os

os.environ["BACKWELL_MODE"] = "production"
os.environ.setdefault("SECRET_KEY", "bench" * 12)
os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1")
os.environ.setdefault("SECURE_HTTPS", "0")
os.environ.setdefault("STAFF_SECOND_FACTOR", "0")

from config.settings import *

ROOT_URLCONF = "tests.bench.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench"]
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], DATA_DIR / "templates"]
