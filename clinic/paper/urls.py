from django.urls import path

from clinic.paper import entry_views, views

# No address or file name says what is on the paper.
OWN = "today/plan/<uuid:prescription>/"
SENT = "clinic/prescriptions/<uuid:prescription>/"

urlpatterns = [
    path(OWN + "print/", views.own_paper, name="own_paper"),
    path(OWN + "exercise-plan.pdf", views.own_paper_pdf, name="own_paper_pdf"),
    path(SENT + "print/", views.paper, name="paper"),
    path(SENT + "exercise-plan.pdf", views.paper_pdf, name="paper_pdf"),
    path("clinic/patients/<uuid:uuid>/paper/", entry_views.paper_entry, name="paper_entry"),
]
