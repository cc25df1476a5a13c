from django.urls import path

from clinic.caseload import attend_views, pain_views, saved_views, views
from clinic.today import flare_views

# `<day:…>` is registered with Today's addresses, which are mounted before these.
urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("views/new/", saved_views.caseload_view_new, name="caseload_view_new"),
    path("views/<int:pk>/remove/", saved_views.caseload_view_remove, name="caseload_view_remove"),
    path("patients/<uuid:uuid>/", views.patient_record, name="patient_record"),
    path("patients/<uuid:uuid>/attend/", attend_views.attend, name="attend"),
    path("flares/<uuid:uuid>/end/", flare_views.flare_end, name="flare_end"),
    path("patients/<uuid:uuid>/easings/<int:easing>/lift/", flare_views.easing_lift, name="easing_lift"),
    path("patients/<uuid:uuid>/days/", views.patient_days, name="patient_days"),
    path("patients/<uuid:uuid>/days/<day:day>/", views.patient_day, name="patient_day"),
    path("patients/<uuid:uuid>/pain/", pain_views.patient_pain, name="patient_pain"),
]
