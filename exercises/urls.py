from django.urls import path

from exercises import views

urlpatterns = [
    path("exercises/", views.exercises, name="exercises"),
    path("exercises/<slug:slug>/", views.exercise, name="exercise"),
    path("media/exercises/<str:name>", views.exercise_picture, name="exercise_picture"),
]
