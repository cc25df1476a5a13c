from datetime import date

from django.urls import path, register_converter

from clinic.today import overviews, pain_views, views


class Day:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(Day, "day")

urlpatterns = [
    path("", views.today, name="today"),
    path("check/", views.check, name="check"),
    path("skip/", views.skip, name="skip"),
    path("say/", views.session_say, name="session_say"),
    path("morning/", pain_views.morning_say, name="morning_say"),
    path("hurts/", pain_views.hurts, name="hurts"),
    path("went-wrong/", pain_views.adverse_event, name="adverse_event"),
    path("went-wrong/told/", pain_views.adverse_event_told, name="adverse_event_told"),
    path("seen/", views.plan_seen, name="plan_seen"),
    path("exercise/<uuid:line>/", views.today_exercise, name="today_exercise"),
    path("figures/<str:name>.svg", views.today_figures, name="today_figures"),
    path("week/", overviews.week, name="week"),
    path("plan/", overviews.plan, name="plan"),
    path("progress/", overviews.progress, name="progress"),
    path("<day:day>/", views.today_on, name="today_on"),
]
