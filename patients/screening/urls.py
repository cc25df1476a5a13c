from django.urls import path

from patients.screening import views

urlpatterns = [
    path("clinic/patients/<uuid:uuid>/checks/", views.patient_checks, name="patient_checks"),
    path("clinic/patients/<uuid:uuid>/checks/new/", views.patient_check_new, name="patient_check_new"),
    path(
        "clinic/patients/<uuid:uuid>/checks/<uuid:screening>/clearance/",
        views.patient_clearance,
        name="patient_clearance",
    ),
]
