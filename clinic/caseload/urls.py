from django.urls import path

from clinic.caseload import pain_views, views

# `<day:…>` is registered with Today's addresses, which are mounted before these.
urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("patients/<uuid:uuid>/", views.patient_record, name="patient_record"),
    path("patients/<uuid:uuid>/days/", views.patient_days, name="patient_days"),
    path("patients/<uuid:uuid>/days/<day:day>/", views.patient_day, name="patient_day"),
    path("patients/<uuid:uuid>/pain/", pain_views.patient_pain, name="patient_pain"),
    path("patients/<uuid:uuid>/pain/lift/", pain_views.easing_lift, name="easing_lift"),
]
