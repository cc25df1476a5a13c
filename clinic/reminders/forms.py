from collections.abc import Iterator
from datetime import time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.reminders.models import EVERY_DAY, CalendarFeed, Reminder
from clinic.reminders.push import is_push_service
from clinic.reminders.rules import Quiet, Way

IN_QUIET = _("This is in your quiet time. Choose another time, or change the quiet time below.")
NO_DEVICE = _("Open this page on the phone or computer that should remind you, and press Save there.")
UNKNOWN_DEVICE = _("This device cannot be reminded. Choose e-mail.")


def clock(example: str, label: Any, *, required: bool = True) -> forms.TimeField:
    invalid = format_lazy(_("A time, like {example}."), example=example)
    return forms.TimeField(label=label, required=required, error_messages={"invalid": invalid, "required": invalid})


def days(**options: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(choices=list(WEEKDAYS.items()), coerce=int, **options)


def chosen_days(field: forms.BoundField) -> Iterator[tuple[int, str, bool]]:
    chosen = {str(value) for value in field.value() or ()}
    for number, name in WEEKDAYS.items():
        yield number, str(name), str(number) in chosen


class ReminderForm(forms.Form):
    """For reminders that are on. Another time on some days: fields `on_0` to `on_6`, empty where it is the usual one."""

    way = forms.ChoiceField(choices=Reminder.WAYS, error_messages={"required": _("Choose one.")})
    at = clock("08:00", _("At what time?"))
    weekdays = days(error_messages={"required": _("Choose at least one day.")})
    quiet_from = clock("21:00", _("Quiet from"))
    quiet_until = clock("07:00", _("Quiet until"))
    nudges = forms.BooleanField(required=False)
    # What the browser's push service said, filled in by the page's script.
    endpoint = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_device: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_device = has_device
        for number, name in WEEKDAYS.items():
            self.fields[f"on_{number}"] = clock("10:00", gettext("%(day)s at") % {"day": name}, required=False)

    @classmethod
    def initial_of(cls, reminder: Reminder) -> dict[str, Any]:
        known = {name: getattr(reminder, name) for name in cls.base_fields if name != "endpoint"}
        return known | {f"on_{day}": time.fromisoformat(at) for day, at in reminder.other_times.items()}

    def clean_endpoint(self) -> str:
        endpoint: str = self.cleaned_data["endpoint"]
        if endpoint and not is_push_service(endpoint):
            raise forms.ValidationError(UNKNOWN_DEVICE)
        return endpoint

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        has_device = self.has_device or bool(said.get("endpoint"))
        if said.get("way") == Way.PUSH and not has_device and not self.has_error("endpoint"):
            self.add_error("way", NO_DEVICE)
        if not {"quiet_from", "quiet_until"} <= said.keys():
            return said
        quiet = Quiet(said["quiet_from"], said["quiet_until"])
        for name in ("at", *(f"on_{day}" for day in said.get("weekdays", ()))):
            if said.get(name) and quiet.covers(said[name]):
                self.add_error(name, IN_QUIET)
        return said

    @property
    def wanted(self) -> dict[str, Any]:
        """By field of `Reminder`."""
        said = self.cleaned_data
        other = {str(day): f"{at:%H:%M}" for day in EVERY_DAY if (at := said[f"on_{day}"]) and at != said["at"]}
        names = ("way", "at", "quiet_from", "quiet_until", "nudges")
        return {name: said[name] for name in names} | {"weekdays": sorted(said["weekdays"]), "other_times": other}

    @property
    def days(self) -> Iterator[tuple[int, str, bool]]:
        return chosen_days(self["weekdays"])

    @property
    def other(self) -> list[forms.BoundField]:
        return [self[f"on_{day}"] for day in EVERY_DAY]

    @property
    def has_other(self) -> bool:
        """Whether the part with the other times stands open."""
        return any(field.value() or field.errors for field in self.other)

    @property
    def quiet(self) -> list[forms.BoundField]:
        return [self["quiet_from"], self["quiet_until"]]


class CalendarForm(forms.Form):
    morning = clock("08:00", _("Morning"))
    midday = clock("13:00", _("Midday"))
    evening = clock("18:00", _("Evening"))
    weekdays = days(required=False)

    @classmethod
    def initial_of(cls, feed: CalendarFeed) -> dict[str, Any]:
        return {name: getattr(feed, name) for name in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for earlier, later in (("morning", "midday"), ("midday", "evening")):
            if said.get(earlier) and said.get(later) and said[later] <= said[earlier]:
                self.add_error(later, gettext("This has to be later than the one before."))
        return said

    @property
    def times(self) -> list[forms.BoundField]:
        return [self["morning"], self["midday"], self["evening"]]

    @property
    def days(self) -> Iterator[tuple[int, str, bool]]:
        return chosen_days(self["weekdays"])
