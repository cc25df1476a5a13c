from django.urls import path

from clinic.palette.views import go

urlpatterns = [
    path("go/", go, name="go"),
]
