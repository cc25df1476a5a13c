from django.urls import path

from clinic.prescriptions import (
    condition_views,
    draft_views,
    favourite_views,
    many_views,
    neighbour_views,
    own_views,
    safety_views,
    views,
)

PRESCRIPTION = "prescriptions/<uuid:prescription>/"
LINE = PRESCRIPTION + "lines/<uuid:line>/"

urlpatterns = [
    path("patients/<uuid:uuid>/conditions/", condition_views.patient_conditions, name="patient_conditions"),
    path("patients/<uuid:patient>/prescribe/", views.prescription_new, name="prescription_new"),
    path("prescriptions/change-many/", many_views.change_many, name="change_many"),
    path(PRESCRIPTION, views.prescription, name="prescription"),
    path(PRESCRIPTION + "revise/", views.prescription_revise, name="prescription_revise"),
    path(PRESCRIPTION + "pause/", views.prescription_pause, name="prescription_pause"),
    path(PRESCRIPTION + "resume/", views.prescription_resume, name="prescription_resume"),
    path(PRESCRIPTION + "end/", views.prescription_end, name="prescription_end"),
    path(PRESCRIPTION + "save-as-protocol/", views.protocol_save, name="protocol_save"),
    path(PRESCRIPTION + "edit/", draft_views.prescription_edit, name="prescription_edit"),
    path(PRESCRIPTION + "change/", draft_views.draft_change, name="draft_change"),
    path(PRESCRIPTION + "days/", draft_views.draft_days, name="draft_days"),
    path(PRESCRIPTION + "undo/", draft_views.draft_undo, name="draft_undo"),
    path(PRESCRIPTION + "discard/", draft_views.draft_discard, name="draft_discard"),
    path(PRESCRIPTION + "publish/", draft_views.prescription_publish, name="prescription_publish"),
    path(PRESCRIPTION + "lines/", draft_views.line_add, name="line_add"),
    path(LINE, draft_views.line_change, name="line_change"),
    path(LINE + "move/", draft_views.line_move, name="line_move"),
    path(LINE + "duplicate/", draft_views.line_duplicate, name="line_duplicate"),
    path(LINE + "remove/", draft_views.line_remove, name="line_remove"),
    path(LINE + "step/", neighbour_views.line_step, name="line_step"),
    path(LINE + "swap/", safety_views.line_swap, name="line_swap"),
    path(LINE + "keep/", safety_views.line_keep, name="line_keep"),
    path(PRESCRIPTION + "keep-all/", safety_views.lines_keep, name="lines_keep"),
    path("exercises/", own_views.own_exercises, name="own_exercises"),
    path("exercises/new/", own_views.own_exercise_new, name="own_exercise_new"),
    path("exercises/<slug:slug>/edit/", own_views.own_exercise_edit, name="own_exercise_edit"),
    path("exercises/<slug:slug>/retire/", own_views.own_exercise_retire, name="own_exercise_retire"),
    path("exercises/<slug:slug>/favourite/", favourite_views.favourite, name="favourite"),
    path("protocols/", views.protocols, name="protocols"),
    path("protocols/<slug:slug>/", views.protocol, name="protocol"),
    path("protocols/<slug:slug>/retire/", views.protocol_retire, name="protocol_retire"),
]
