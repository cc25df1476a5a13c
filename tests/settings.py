"""The project's settings, as the test suite runs them."""

import os

os.environ.setdefault("BACKWELL_MODE", "test")

from config.settings import *
