from django.urls import path

from config.urls import *
from config.urls import urlpatterns as real
from tests.bench.views import bare_insert, bare_page

urlpatterns = [
    path("bare/<slug:template>/", bare_page),
    path("bare-insert/", bare_insert),
    *real,
]
