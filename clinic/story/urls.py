from django.urls import path

from clinic.story import views

# No address or file name says whose it is or what is in it.
urlpatterns = [
    path("patients/<uuid:uuid>/story/", views.story, name="story"),
    path("patients/<uuid:uuid>/story/two-days/", views.two_days, name="two_days"),
    path("patients/<uuid:uuid>/story/summary/", views.visit_summary, name="visit_summary"),
    path("patients/<uuid:uuid>/story/summary.pdf", views.visit_summary_pdf, name="visit_summary_pdf"),
    path("patients/<uuid:uuid>/story/note/", views.visit_note, name="visit_note"),
]
