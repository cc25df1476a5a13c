"""The clinical thresholds as fields of the clinic's form, made from `Thresholds` itself."""

from dataclasses import Field, fields
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from patients.accounts.models import Clinic
from patients.accounts.thresholds import Thresholds

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

PREFIX = "threshold_"
TOPICS = {
    "DOS": _("size of a plan"),
    "ADH": _("adherence"),
    "PAIN": _("pain"),
    "PROG": _("progression"),
    "FLARE": _("flare-ups"),
    "RF": _("red flags"),
    "COND": _("red flags"),
    "BRK": _("micro-breaks"),
    "PROM": _("measures"),
    "REM": _("measures"),
    "MSG": _("messages"),
}


def _topic(setting: "Field[Any]") -> "StrPromise":
    rule = setting.metadata["rule"].rstrip("0123456789").rstrip("-")
    return TOPICS[rule]


def _form_field(setting: "Field[Any]") -> forms.Field:
    kind = forms.IntegerField if isinstance(setting.default, int) else forms.FloatField
    low, high = setting.metadata["low"], setting.metadata["high"]
    return kind(
        required=False,
        min_value=low,
        max_value=high,
        label=setting.metadata["words"],
        help_text=format_lazy(
            _("{rule}: {low} to {high}, default {default}."),
            rule=setting.metadata["rule"],
            low=f"{low:g}",
            high=f"{high:g}",
            default=f"{setting.default:g}",
        ),
    )


SETTINGS = fields(Thresholds)
ORDER = list(dict.fromkeys(TOPICS.values()))
THRESHOLD_GROUPS = [
    (topic, [PREFIX + setting.name for setting in some])
    for topic, some in groupby(sorted(SETTINGS, key=lambda each: ORDER.index(_topic(each))), key=_topic)
]


class ThresholdFields(forms.ModelForm):
    """Keeps only what differs from the default, so that a better default reaches whoever did not choose."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in self.instance.thresholds_set.items():
            if PREFIX + name in self.fields:
                self.initial[PREFIX + name] = value

    def save(self, commit: bool = True) -> Clinic:
        chosen = {setting.name: self.cleaned_data.get(PREFIX + setting.name) for setting in SETTINGS}
        self.instance.thresholds_set = {
            setting.name: chosen[setting.name]
            for setting in SETTINGS
            if chosen[setting.name] is not None and chosen[setting.name] != setting.default
        }
        return super().save(commit)


# Declared fields, as the admin's fieldsets need them.
ThresholdsForm = type(
    "ThresholdsForm", (ThresholdFields,), {PREFIX + setting.name: _form_field(setting) for setting in SETTINGS}
)
