from django.urls import path

from clinic.caseload import views

# `<day:…>` is registered with Today's addresses, which are mounted before these.
urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("patients/<uuid:uuid>/", views.patient_record, name="patient_record"),
    path("patients/<uuid:uuid>/days/", views.patient_days, name="patient_days"),
    path("patients/<uuid:uuid>/days/<day:day>/", views.patient_day, name="patient_day"),
]
