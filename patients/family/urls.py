from django.urls import path

from patients.family import views, welcome_views

urlpatterns = [
    path("family/", views.family, name="family"),
    path("family/give/", views.family_give, name="family_give"),
    path("family/<uuid:access>/link/", views.family_link, name="family_link"),
    path("family/<uuid:access>/renew/", views.family_renew, name="family_renew"),
    path("family/<uuid:access>/end/", views.family_end, name="family_end"),
    path("clinic/patients/<uuid:uuid>/family/", views.patient_family, name="patient_family"),
    path("clinic/patients/<uuid:uuid>/family/give/", views.patient_family_give, name="patient_family_give"),
    path(
        "clinic/patients/<uuid:uuid>/family/<uuid:access>/link/",
        views.patient_family_link,
        name="patient_family_link",
    ),
    path(
        "clinic/patients/<uuid:uuid>/family/<uuid:access>/renew/",
        views.patient_family_renew,
        name="patient_family_renew",
    ),
    path(
        "clinic/patients/<uuid:uuid>/family/<uuid:access>/end/", views.patient_family_end, name="patient_family_end"
    ),
    path("helping/", views.helping, name="helping"),
    # The secret follows on `welcome/`: what is logged leaves it out.
    path("helping/welcome/<str:token>/", welcome_views.welcome_helper, name="welcome_helper"),
]
