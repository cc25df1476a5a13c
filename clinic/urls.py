from django.urls import include, path

urlpatterns = [
    path("", include("clinic.frontdoor.urls")),
    path("today/", include("clinic.today.urls")),
    path("clinic/", include("clinic.caseload.urls")),
    path("clinic/", include("clinic.prescriptions.urls")),
    path("clinic/", include("clinic.progression.urls")),
]
