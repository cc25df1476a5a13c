from django.urls import include, path

urlpatterns = [
    path("", include("patients.records.urls")),
    path("", include("patients.entrance.urls")),
    path("", include("patients.family.urls")),
    path("", include("patients.tasks.urls")),
    path("", include("patients.screening.urls")),
    path("", include("patients.outcomes.urls")),
    path("", include("patients.team.urls")),
]
