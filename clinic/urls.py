from django.urls import include, path

from clinic.today.check_views import red_flag_check, red_flag_result

urlpatterns = [
    path("today/", include("clinic.guided.urls")),
    path("today/", include("clinic.today.urls")),
    path("", include("clinic.frontdoor.urls")),
    path("", include("clinic.discussion.urls")),
    path("", include("clinic.enquiries.urls")),
    path("", include("clinic.newsletter.urls")),
    path("", include("clinic.offline.urls")),
    path("", include("clinic.reminders.urls")),
    path("checks/", red_flag_check, name="red_flag_check"),
    path("checks/thanks/", red_flag_result, name="red_flag_result"),
    path("", include("clinic.messaging.urls")),
    path("clinic/", include("clinic.caseload.urls")),
    path("clinic/", include("clinic.numbers.urls")),
    path("clinic/", include("clinic.palette.urls")),
    path("clinic/", include("clinic.prescriptions.urls")),
    path("clinic/", include("clinic.progression.urls")),
    path("clinic/", include("clinic.story.urls")),
    path("", include("clinic.paper.urls")),
    path("", include("clinic.progress.urls")),
]
