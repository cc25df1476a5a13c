import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.prescriptions.dosage import AS_NEEDED_UP_TO, WEEKDAYS, Dosage, DosageError, Side
from clinic.prescriptions.dosage_parse import LONGEST_TEXT, parse
from clinic.prescriptions.dosage_words import shorthand
from clinic.prescriptions.models import Importance, PrescribedExercise, Prescription, Protocol
from clinic.prescriptions.safety import REASON_FROM
from clinic.prescriptions.safety_reading import LineSafety
from exercises.models import Phase

FIXED_DAYS = "fixed"
AS_NEEDED = "as-needed"


def shown(dosage: Dosage) -> dict[str, Any]:
    """A dosage as the row's fields show it. What comes back different was changed by the clinician."""
    return {
        "text": shorthand(dosage),
        "sets": str(dosage.sets),
        "reps": "-".join(map(str, dosage.rep_list)) or str(dosage.reps or ""),
        "hold_s": str(dosage.hold_s),
        "minutes": "" if dosage.minutes is None else f"{dosage.minutes.normalize():f}",
        "rest_s": str(dosage.rest_s),
        "side": str(dosage.side),
        "times_per_day": "" if dosage.every_hours else str(dosage.times_per_day),
        "days": AS_NEEDED if dosage.as_needed else FIXED_DAYS if dosage.weekdays else str(dosage.days_per_week),
        "weekdays": [str(day) for day in dosage.weekdays],
    }


class LineForm(forms.Form):
    """A row of the builder: the dosage by number or by shorthand, the note and the clearance.

    Ranges are the dosage's own rule; here it is only read. `dosage` holds it once the form is valid.
    """

    text = forms.CharField(required=False, max_length=LONGEST_TEXT)
    sets = forms.CharField(required=False, max_length=20)
    reps = forms.CharField(required=False, max_length=40)
    hold_s = forms.CharField(required=False, max_length=20)
    minutes = forms.CharField(required=False, max_length=20)
    rest_s = forms.CharField(required=False, max_length=20)
    side = forms.CharField(required=False, max_length=20)
    times_per_day = forms.CharField(required=False, max_length=20)
    days = forms.CharField(required=False, max_length=20)
    weekdays = forms.MultipleChoiceField(required=False, choices=[(str(n), day) for n, day in enumerate(WEEKDAYS)])
    importance = forms.TypedChoiceField(
        required=False,
        choices=Importance.choices,
        coerce=int,
        error_messages={"invalid_choice": _("One of the three.")},
    )
    note = forms.CharField(required=False, max_length=500)
    clearance = forms.CharField(required=False, max_length=300)

    data: QueryDict

    def __init__(self, data: QueryDict, *, line: PrescribedExercise) -> None:
        super().__init__(data)
        self.line = line
        self.dosage = line.dosage

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if self.errors:
            return typed
        was = shown(self._seen())
        changed = {name for name in was if name in self.data and typed[name] != was[name]}
        if was["weekdays"] and not self.data.getlist("weekdays") and "days" in self.data:
            changed.add("weekdays")
        try:
            base = self.line.dosage
            if "text" in changed and typed["text"]:
                base = parse(typed["text"], base=base)
            self.dosage = replace(base, **_amount(typed, changed), **_schedule(typed, changed, base))
            self.dosage.validate()
        except DosageError as error:
            for field, message in error.errors.items():
                self.add_error(_FIELD_OF.get(field, field if field in self.fields else "text"), message)
        return typed

    def _seen(self) -> Dosage:
        """The dosage that the row showed. Somebody else may have changed it since; then only what differs from what
        was seen is this person's change."""
        try:
            return parse(self.data.get("was", ""), base=Dosage(self.line.dosage.measure))
        except DosageError:
            return self.line.dosage


_FIELD_OF = {"rep_list": "reps", "days_per_week": "days", "as_needed": "days"}


def _amount(typed: dict[str, Any], changed: set[str]) -> dict[str, Any]:
    amount: dict[str, Any] = {name: _whole(typed[name]) for name in ("sets", "hold_s", "rest_s") if name in changed}
    if "reps" in changed:
        reps = [_whole(part) for part in re.split(r"[-–, ]+", typed["reps"])]
        amount |= {"reps": reps[0], "rep_list": ()} if len(reps) == 1 else {"reps": None, "rep_list": tuple(reps)}
        if len(reps) > 1 and "sets" not in changed:
            amount["sets"] = len(reps)
    if "minutes" in changed:
        minutes = typed["minutes"].replace(",", ".")
        amount["minutes"] = Decimal(minutes) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", minutes) else None
    if "side" in changed:
        amount["side"] = Side(typed["side"]) if typed["side"] in tuple(Side) else typed["side"]
    return amount


def _schedule(typed: dict[str, Any], changed: set[str], base: Dosage) -> dict[str, Any]:
    """Times a day are a most while it is done as needed, so they do not stay when it gets its days."""
    is_planned = "weekdays" in changed or ("days" in changed and typed["days"] != AS_NEEDED)
    schedule: dict[str, Any] = {"times_per_day": 1} if base.as_needed and is_planned else {}
    if "times_per_day" in changed:
        schedule |= {"times_per_day": _whole(typed["times_per_day"]), "every_hours": None}
    if "weekdays" in changed:
        days = tuple(sorted(map(int, typed["weekdays"])))
        schedule |= {"weekdays": () if len(days) == 7 else days, "days_per_week": len(days) or 7, "as_needed": False}
    elif "days" in changed and typed["days"] == AS_NEEDED:
        schedule = {"times_per_day": AS_NEEDED_UP_TO} | schedule
        schedule |= {"every_hours": None, "weekdays": (), "days_per_week": 7, "as_needed": True}
    elif "days" in changed:
        schedule |= {"weekdays": (), "days_per_week": _whole(typed["days"]), "as_needed": False}
    return schedule


def _whole(text: str) -> int | None:
    """None where it is no number, which no dosage accepts in a field that was filled in."""
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None


class KeepForm(forms.Form):
    """To keep a line that conditions speak against: with a reason where one blocks it, else with a look.

    `because`: the conditions that the page showed. Of these only are decided on those that still stand, so that nobody
    decides on what they have not seen.
    """

    because = forms.CharField(max_length=2000)
    reason = forms.CharField(required=False, max_length=500)

    def __init__(self, data: QueryDict, *, line: PrescribedExercise, safety: LineSafety) -> None:
        super().__init__(data)
        self.line, self.safety = line, safety

    @property
    def codes(self) -> set[str]:
        return set(self.cleaned_data.get("because", "").split(",")) & set(self.safety.codes)

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if self.safety.decidable and not self.codes:
            self.add_error("reason", gettext("The conditions changed meanwhile. Look again."))
        elif self.safety.asks_override and "reason" in typed and len(" ".join(typed["reason"].split())) < REASON_FROM:
            self.add_error(
                "reason",
                gettext("Say why, in %(number)s characters or more. It stays with the record.")
                % {"number": REASON_FROM},
            )
        return typed


class PlanForm(forms.ModelForm):
    class Meta:
        model = Prescription
        fields = ["title", "starts_on", "ends_on"]

    def clean(self) -> dict[str, Any]:
        dates = super().clean() or self.cleaned_data
        first, last = dates.get("starts_on"), dates.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day cannot be before the first."))
        return dates


class SendForm(forms.ModelForm):
    class Meta:
        model = Prescription
        fields = ["note_to_patient"]
        labels = {"note_to_patient": _("Note to patient")}


class DaysForm(forms.Form):
    days = forms.TypedMultipleChoiceField(
        required=False, coerce=int, choices=[(str(n), day) for n, day in enumerate(WEEKDAYS)]
    )


class MoveForm(forms.Form):
    """`to` is one place up or down; without it, a phase and perhaps a place in it."""

    to = forms.ChoiceField(required=False, choices=[("up", "up"), ("down", "down")])
    phase = forms.ChoiceField(required=False, choices=Phase.choices)
    position = forms.IntegerField(required=False, min_value=0, max_value=1000)


class StartForm(forms.Form):
    """Where a draft starts: empty, the last prescription, or a protocol's stage as `12/2`."""

    start = forms.CharField(max_length=40)
    protocol: Protocol | None = None
    stage = 0

    def __init__(self, data: Any, *, protocols: Any) -> None:
        super().__init__(data)
        self.protocols = protocols

    def clean_start(self) -> str:
        start = self.cleaned_data["start"]
        if start in ("empty", "last"):
            return start
        if found := re.fullmatch(r"([0-9]{1,9})/([0-9]{1,2})", start):
            self.protocol = self.protocols.filter(pk=int(found[1])).first()
            self.stage = int(found[2])
        if self.protocol is None:
            raise forms.ValidationError(gettext("Choose where to start."))
        return start


SAY_WHY = {"required": _("Say why, in a few words.")}


class PauseForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, error_messages=SAY_WHY)
    until = forms.DateField(
        required=False,
        label=_("Last day of the pause"),
        help_text=_("Empty: until you resume it."),
        widget=forms.DateInput({"type": "date"}),
    )

    def __init__(self, data: Any = None, *, today: Any = None) -> None:
        super().__init__(data)
        self.today = today

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until and until < self.today:
            raise forms.ValidationError(gettext("Choose today or a later day, or leave it empty."))
        return until


class EndForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, error_messages=SAY_WHY)


class ProtocolForm(forms.ModelForm):
    class Meta:
        model = Protocol
        fields = ["name", "summary"]
        labels = {"name": _("Name"), "summary": _("Summary")}
