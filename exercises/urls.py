from django.urls import path

from exercises import views

urlpatterns = [
    path("exercises/", views.exercises, name="exercises"),
    path("exercises/<slug:slug>/", views.exercise, name="exercise"),
    path("exercises/<slug:slug>/figure.svg", views.exercise_figure, name="exercise_figure"),
    path("media/exercises/<str:name>", views.exercise_picture, name="exercise_picture"),
    path("media/exercises/video/<str:name>", views.exercise_video, name="exercise_video"),
]
