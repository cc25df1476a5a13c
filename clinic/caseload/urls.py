from django.urls import path

from clinic.caseload import pain_views, views
from clinic.today import flare_views

# `<day:…>` is registered with Today's addresses, which are mounted before these.
urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("patients/<uuid:uuid>/", views.patient_record, name="patient_record"),
    path("flares/<uuid:uuid>/end/", flare_views.flare_end, name="flare_end"),
    path("patients/<uuid:uuid>/easings/<int:easing>/lift/", flare_views.easing_lift, name="easing_lift"),
    path("patients/<uuid:uuid>/days/", views.patient_days, name="patient_days"),
    path("patients/<uuid:uuid>/days/<day:day>/", views.patient_day, name="patient_day"),
    path("patients/<uuid:uuid>/pain/", pain_views.patient_pain, name="patient_pain"),
]
