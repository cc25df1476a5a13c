from django.urls import path

from clinic.guided import views

urlpatterns = [
    path("go/", views.guided, name="guided"),
    path("go/minutes/", views.guided_minutes, name="guided_minutes"),
    path("go/<uuid:line>/", views.guided_exercise, name="guided_exercise"),
]
