from django.urls import include, path

from clinic.today.check_views import red_flag_check, red_flag_result

urlpatterns = [
    path("", include("clinic.frontdoor.urls")),
    path("today/", include("clinic.today.urls")),
    path("checks/", red_flag_check, name="red_flag_check"),
    path("checks/thanks/", red_flag_result, name="red_flag_result"),
    path("", include("clinic.messaging.urls")),
    path("clinic/", include("clinic.caseload.urls")),
    path("clinic/", include("clinic.prescriptions.urls")),
    path("clinic/", include("clinic.progression.urls")),
]
