from django.urls import path

from clinic.newsletter import views

urlpatterns = [
    path("newsletter/", views.newsletter, name="newsletter"),
    path("newsletter/thanks/", views.newsletter_asked, name="newsletter_asked"),
    path("newsletter/confirm/<str:token>/", views.newsletter_confirm, name="newsletter_confirm"),
    path("newsletter/stop/<str:token>/", views.newsletter_stop, name="newsletter_stop"),
]
