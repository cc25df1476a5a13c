import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# What is loaded by now stays as long as the worker: the collector need not walk it again in each of its full rounds.
gc.collect()
gc.freeze()
