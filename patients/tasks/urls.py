from django.urls import path

from patients.tasks import views

urlpatterns = [
    path("clinic/tasks/", views.tasks, name="tasks"),
    path("clinic/tasks/<uuid:uuid>/", views.task, name="task"),
]
