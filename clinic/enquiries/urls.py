from django.urls import path

from clinic.enquiries import queue_views, views

urlpatterns = [
    path("ask-for-a-visit/", views.ask_for_visit, name="ask_for_visit"),
    path("ask-for-a-visit/thanks/", views.visit_asked, name="visit_asked"),
    path("clinic/requests/", queue_views.visit_requests, name="visit_requests"),
    path("clinic/requests/<uuid:uuid>/", queue_views.visit_request, name="visit_request"),
    path("clinic/requests/<uuid:uuid>/patient/", queue_views.visit_request_patient, name="visit_request_patient"),
]
