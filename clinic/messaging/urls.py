from django.urls import path

from clinic.messaging import inbox_views, views

urlpatterns = [
    path("messages/", views.messages, name="messages"),
    path("messages/photos/<uuid:uuid>/", views.message_photo, name="message_photo"),
    path("clinic/messages/", inbox_views.inbox, name="inbox"),
    path("clinic/patients/<uuid:uuid>/messages/", inbox_views.patient_messages, name="patient_messages"),
    path(
        "clinic/patients/<uuid:uuid>/messages/photos/<uuid:message>/",
        inbox_views.patient_message_photo,
        name="patient_message_photo",
    ),
]
