from django.urls import path

from clinic.reminders import views

urlpatterns = [
    path("reminders/", views.reminders, name="reminders"),
    path("reminders/words/", views.reminder_words, name="reminder_words"),
    path("reminders/device/<int:number>/remove/", views.device_remove, name="device_remove"),
    path("reminders/calendar/", views.calendar_change, name="calendar_change"),
    path("reminders/planned-sessions.ics", views.calendar_file, name="calendar_file"),
    path("reminders/stop/<str:token>/", views.reminders_stop, name="reminders_stop"),
    path("calendar/<str:token>.ics", views.calendar_feed, name="calendar_feed"),
]
