from django.urls import path

from clinic.frontdoor import views

urlpatterns = [
    path("", views.home, name="home"),
    path("services/", views.services, name="services"),
    path("team/", views.team, name="team"),
    path("media/team/<str:name>", views.team_photo, name="team_photo"),
    path("learn/", views.learn, name="learn"),
    path("learn/<slug:slug>/", views.article, name="article"),
    path("help/", views.help, name="help"),
    path("no-role/", views.no_role, name="no_role"),
    path("outbox/", views.outbox, name="outbox"),
    path("favicon.ico", views.favicon, name="favicon"),
]
