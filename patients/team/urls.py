from django.urls import path

from patients.team import emergency_views, transfer_views, views

urlpatterns = [
    path("clinic/team/", views.clinic_team, name="clinic_team"),
    path("clinic/team/away/", views.away, name="away"),
    path("clinic/team/away/<uuid:uuid>/end/", views.away_end, name="away_end"),
    path("clinic/team/lead/<uuid:uuid>/", views.lead_take, name="lead_take"),
    path("clinic/team/hand-over/", views.hand_over, name="hand_over"),
    path("clinic/team/hand-over/<uuid:sheet>/", views.hand_over_sheet, name="hand_over_sheet"),
    path("clinic/team/emergency/", emergency_views.emergency, name="emergency"),
    path("clinic/team/emergency/<uuid:uuid>/end/", emergency_views.emergency_end, name="emergency_end"),
    path("clinic/patients/<uuid:uuid>/transfer/", transfer_views.patient_transfer, name="patient_transfer"),
]
