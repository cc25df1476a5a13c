"""The project's settings, as the test suite and the type checker load them."""

import os

os.environ.setdefault("BACKWELL_MODE", "test")

from config.settings import *
