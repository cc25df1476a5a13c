from django.urls import path

from clinic.progression import views

urlpatterns = [
    path("proposals/", views.proposals, name="proposals"),
    path("proposals/<uuid:proposal>/change/", views.proposal_change, name="proposal_change"),
    path("proposals/<uuid:proposal>/decline/", views.proposal_decline, name="proposal_decline"),
    path("patients/<uuid:patient>/proposals/accept/", views.proposals_accept, name="proposals_accept"),
]
