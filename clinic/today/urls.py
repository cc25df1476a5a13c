from datetime import date

from django.urls import path, register_converter

from clinic.today import breaks_views, first_steps_views, flare_views, overviews, pain_views, views


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
    path("counted/", views.sets_counted, name="sets_counted"),
    path("say/", views.session_say, name="session_say"),
    path("morning/", pain_views.morning_say, name="morning_say"),
    path("hurts/", pain_views.hurts, name="hurts"),
    path("went-wrong/", pain_views.adverse_event, name="adverse_event"),
    path("went-wrong/told/", pain_views.adverse_event_told, name="adverse_event_told"),
    path("seen/", views.plan_seen, name="plan_seen"),
    path("exercise/<uuid:line>/", views.today_exercise, name="today_exercise"),
    path("figures/<str:name>.svg", views.today_figures, name="today_figures"),
    path("flare/", flare_views.flare, name="flare"),
    path("flare/more/", flare_views.flare_extend, name="flare_extend"),
    path("flare/better/", flare_views.flare_better, name="flare_better"),
    path("breaks/", breaks_views.breaks, name="breaks"),
    path("breaks/prompt/", breaks_views.break_prompt, name="break_prompt"),
    path("first-steps/", first_steps_views.first_steps, name="first_steps"),
    path("first-steps/done/", first_steps_views.first_steps_done, name="first_steps_done"),
    path("week/", overviews.week, name="week"),
    path("plan/", overviews.plan, name="plan"),
    path("plan/<uuid:prescription>/", overviews.plan_version, name="plan_version"),
    path("<day:day>/", views.today_on, name="today_on"),
]
