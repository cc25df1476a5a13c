from django.urls import path

from patients.outcomes import views

urlpatterns = [
    path("measures/", views.measures, name="measures"),
    path("measures/<slug:slug>/", views.measure, name="measure"),
    path("clinic/patients/<uuid:uuid>/measures/", views.patient_measures, name="patient_measures"),
    path("clinic/patients/<uuid:uuid>/activities/", views.patient_activities, name="patient_activities"),
]
