from django.urls import path

from patients.records import invitation_views, part_views, views

urlpatterns = [
    path("clinic/patients/", views.patients, name="patients"),
    path("clinic/patients/new/", views.patient_new, name="patient_new"),
    path("clinic/patients/<uuid:uuid>/edit/", views.patient_edit, name="patient_edit"),
    path("clinic/patients/<uuid:uuid>/discharge/", views.patient_discharge, name="patient_discharge"),
    path("clinic/patients/<uuid:uuid>/reopen/", views.patient_reopen, name="patient_reopen"),
    path("clinic/patients/<uuid:uuid>/episode/", views.patient_episode, name="patient_episode"),
    path("clinic/patients/<uuid:uuid>/audit/", views.patient_audit, name="patient_audit"),
    path("clinic/patients/<uuid:uuid>/goals/", part_views.patient_goals, name="patient_goals"),
    path("clinic/patients/<uuid:uuid>/notes/", part_views.patient_notes, name="patient_notes"),
    path("clinic/patients/<uuid:uuid>/care-team/", part_views.patient_care_team, name="patient_care_team"),
    path("clinic/patients/<uuid:uuid>/invite/", invitation_views.patient_invite, name="patient_invite"),
    path("clinic/patients/<uuid:uuid>/uninvite/", invitation_views.patient_uninvite, name="patient_uninvite"),
    path("clinic/patients/<uuid:uuid>/sign-in/", invitation_views.patient_sign_in, name="patient_sign_in"),
]
