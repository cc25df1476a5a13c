from django.urls import path

from clinic.progress import views

# No address or file name says whose it is or what is in it.
urlpatterns = [
    path("today/progress/", views.progress, name="progress"),
    path("today/progress/sheet.pdf", views.own_progress_pdf, name="own_progress_pdf"),
    path("today/progress/goal/", views.goal_say, name="goal_say"),
    path("today/progress/rest/", views.rest, name="rest"),
    path("clinic/patients/<uuid:uuid>/progress.pdf", views.progress_pdf, name="progress_pdf"),
]
