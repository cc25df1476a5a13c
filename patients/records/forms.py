import json
import unicodedata
from datetime import date, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises.kept import kept_in_language
from patients.accounts.models import Clinician
from patients.accounts.time_zones import time_zone_choices
from patients.records.conditions import CONDITION_CHOICES
from patients.records.models import Goal, GoalStep, Note, Patient

OLDEST_BIRTH_DATE = date(1900, 1, 1)
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %b %Y", "%d %B %Y"]


def has_something_to_see(text: str) -> None:
    """Letters, digits, symbols or emoji: not only spaces and marks that print nothing."""
    if not any(unicodedata.category(character)[0] in "LNPS" for character in text):
        raise ValidationError(gettext("Please write something here."))


def not_in_the_future(day: date) -> None:
    # Half of the world is already in tomorrow.
    if day > timezone.now().date() + timedelta(days=1):
        raise ValidationError(gettext("This day is still to come. Please check the date."))


def not_before_1900(day: date) -> None:
    if day < OLDEST_BIRTH_DATE:
        raise ValidationError(gettext("This date is too long ago. Please check the year."))


def within_ten_years(day: date) -> None:
    if abs(day - timezone.now().date()) > timedelta(days=3653):
        raise ValidationError(gettext("Choose a date within the next ten years."))


class TimeZoneSelect(forms.Select):
    """Django renders a template for each of the 400 options, which takes longer than the rest of the page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = format_html('value="{}"', value)
        options = mark_safe(time_zone_options().replace(chosen, f"{chosen} selected", 1))
        attributes = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, attributes, options)


@kept_in_language(maxsize=16)
def time_zone_options() -> str:
    return format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        (
            (region, format_html_join("", '<option value="{}">{}</option>', places))
            for region, places in time_zone_choices()
        ),
    )


class DayField(forms.DateField):
    """A day that the browser's own date field sends, or one typed as on paper."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(input_formats=DATE_FORMATS, widget=widget, **options)


class PatientForm(forms.ModelForm):
    born_on = DayField(label=_("Date of birth"), validators=[not_in_the_future, not_before_1900])
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zone_choices,
        widget=TimeZoneSelect,
        help_text=_("Decides when the patient's day begins and ends."),
    )

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=lambda: [("", _("The clinic’s")), *settings.LANGUAGES[1:]],
        help_text=_("Of their pages, and of what is written to them."),
    )

    class Meta:
        model = Patient
        fields = [
            "first_name",
            "last_name",
            "known_as",
            "born_on",
            "email",
            "phone",
            "time_zone",
            "language",
            "problem",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.fields[name].validators.append(has_something_to_see)
        for name in self.fields:
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["email"].widget.attrs["inputmode"] = "email"
        self.fields["phone"].widget.input_type = "tel"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Div("first_name", "last_name", css_class="two"),
            Div("born_on", "known_as", css_class="two"),
            "problem",
            HTML(format_html('<h2 class="form-part">{}</h2>', gettext("Contact"))),
            Div("email", "phone", css_class="two"),
            "time_zone",
        )
        if len(settings.LANGUAGES) > 1:
            self.helper.layout.append("language")
        else:
            del self.fields["language"]


class PatientEditForm(PatientForm):
    """Carries which edit it started from and what stood there, so that two people's changes can be told apart."""

    edit = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    was = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout.extend(["edit", "was"])

    @classmethod
    def opened_on(cls, patient: Patient) -> "PatientEditForm":
        standing = as_typed(patient)
        return cls(initial=standing | {"edit": patient.edit, "was": json.dumps(standing)})

    def reconciled_with(self, patient: Patient) -> "PatientEditForm":
        """The same form on top of what a colleague saved meanwhile. What only they changed is taken over; what only
        this form changed stays; where both did, this form's stands and theirs is shown beside it."""
        was, theirs = self._opened_with(), as_typed(patient)
        taken_over, disputed, merged = [], [], {}
        for name, saved in theirs.items():
            typed = self.data.get(name, "").strip()
            merged[name] = typed
            if typed == saved:
                continue
            if typed == was.get(name):
                merged[name] = saved
                taken_over.append(name)
            elif saved != was.get(name):
                disputed.append(name)
        form = PatientEditForm(merged | {"edit": patient.edit, "was": json.dumps(theirs)})
        form.is_valid()
        saved_by = patient.edited_by or gettext("Somebody")
        nothing = gettext("nothing here")
        for name in disputed:
            form.add_error(
                name,
                gettext("%(who)s saved: %(theirs)s. You wrote: %(yours)s.")
                % {"who": saved_by, "theirs": theirs[name] or nothing, "yours": merged[name] or nothing},
            )
        for name in taken_over:
            form.fields[name].help_text = gettext("Now as %(who)s saved it. Before: %(before)s.") % {
                "who": saved_by,
                "before": was.get(name) or nothing,
            }
        return form

    def _opened_with(self) -> dict[str, Any]:
        try:
            was = json.loads(self.data.get("was", ""))
        except (ValueError, RecursionError):
            return {}
        return was if isinstance(was, dict) else {}

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in PatientForm.Meta.fields if name in self.fields}


def as_typed(patient: Patient) -> dict[str, str]:
    return {name: str(getattr(patient, name)) for name in PatientForm.Meta.fields}


class SearchForm(forms.Form):
    SHOWN = [("active", _("Active")), ("mine", _("My patients")), ("discharged", _("Discharged"))]

    q = forms.CharField(required=False, max_length=120, label=_("Find a patient"))
    show = forms.ChoiceField(required=False, choices=SHOWN)


class GoalForm(forms.ModelForm):
    due_on = DayField(required=False, label=_("By when"), validators=[within_ten_years])

    class Meta:
        model = Goal
        fields = ["text", "due_on"]

    prefix = "goal"

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["text"].label = gettext("Add a goal, in the patient's own words")
        self.fields["text"].validators.append(has_something_to_see)


class GoalStateForm(forms.Form):
    state = forms.ChoiceField(choices=[(state, state) for state in Goal.STATES])

    def __init__(self, data: Any, *, patient: Patient) -> None:
        super().__init__(data)
        self.fields["goal"] = forms.ModelChoiceField(patient.goals.all())


def closeness_field(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        choices=[("", "–"), *((n, n) for n in range(GoalStep.FAR, GoalStep.THERE + 1))],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={
            "required": _("Choose a number from 0 to 10."),
            "invalid_choice": _("Choose a number from 0 to 10."),
        },
    )


class GoalStepForm(forms.Form):
    """How close the patient is to one of their open goals. Without a day it is `today`, the patient's own."""

    close = closeness_field(_("How close, 0 to 10"))
    day = DayField(required=False, label=_("Day, if not today"), validators=[not_before_1900])

    def __init__(self, data: Any = None, *, patient: Patient, of: object = "") -> None:
        """of: the number of the goal that the form stands under."""
        self.of = str(of or (data or {}).get("goal", ""))
        super().__init__(data, auto_id=f"goal-{self.of}-%s")
        self.patient = patient
        self.fields["goal"] = forms.ModelChoiceField(patient.goals.filter(dropped_at=None, reached_at=None))

    def clean_day(self) -> date:
        today = self.patient.local_day()
        day: date = self.cleaned_data["day"] or today
        if day > today:
            raise ValidationError(gettext("This day is still to come. Please check the date."))
        return day


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    prefix = "note"

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["text"].label = gettext("Add a note")
        self.fields["text"].required = True
        self.fields["text"].validators += [MaxLengthValidator(Note.LONGEST), has_something_to_see]


class VisitNoteForm(forms.ModelForm):
    """A note in the four parts of a visit, each of them optional, or an addendum to an earlier one."""

    visit_on = DayField(label=_("Day of the visit"), validators=[not_in_the_future, not_before_1900])

    class Meta:
        model = Note
        fields = ["visit_on", *Note.PARTS, "text"]
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in (*Note.PARTS, "text")}
        help_texts = {
            "subjective": _("What the patient says: symptoms, function, what changed."),
            "objective": _("What was found or counted: tests, measures, adherence."),
            "assessment": _("What you make of it."),
            "plan": _("What was agreed, and until when."),
        }

    prefix = "visit"

    def __init__(self, *args: Any, is_addendum: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = gettext("Addendum") if is_addendum else gettext("Anything else")
        if is_addendum:
            for name in ("visit_on", *Note.PARTS):
                del self.fields[name]
        for name, each in self.fields.items():
            if name != "visit_on":
                each.validators.append(MaxLengthValidator(Note.LONGEST))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        texts = [name for name in self.fields if name != "visit_on"]
        if not any(self.errors.get(name) for name in texts):
            try:
                has_something_to_see("".join(said.get(name, "") for name in texts))
            except ValidationError as empty:
                self.add_error(texts[0], empty)
        return said

    @property
    def written(self) -> dict[str, Any]:
        """What `write_note` takes."""
        return {name: self.cleaned_data[name] for name in self.fields}


class ConditionForm(forms.Form):
    condition = forms.ChoiceField(choices=CONDITION_CHOICES)
    wanted = forms.ChoiceField(choices=[("1", _("on the record")), ("0", _("ended"))])
    since = DayField(required=False, label=_("Since"), validators=[not_in_the_future, not_before_1900])
    note = forms.CharField(required=False, max_length=300, label=_("Note"))


class EpisodeForm(forms.Form):
    problem = forms.CharField(required=False, max_length=200, label=_("Problem, in a few words"))
    onset_on = DayField(required=False, label=_("Began on"), validators=[not_in_the_future, not_before_1900])

    prefix = "episode"


class ClinicianChoice(forms.ModelChoiceField):
    def label_from_instance(self, clinician: Clinician) -> str:
        return f"{clinician.user}, {clinician.title}"


class CareTeamForm(forms.Form):
    """One of three wishes about one colleague of the patient's own clinic."""

    wish = forms.ChoiceField(choices=[("join", "join"), ("leave", "leave"), ("lead", "lead")])
    lead_stays = forms.BooleanField(required=False, label=_("The lead until now stays on the care team"))

    def __init__(self, data: Any = None, *, patient: Patient) -> None:
        super().__init__(data)
        colleagues = Clinician.objects.filter(clinic=patient.clinic_id).select_related("user")
        if self.data.get("wish") != "leave":
            colleagues = colleagues.filter(user__is_active=True)
        self.fields["clinician"] = ClinicianChoice(
            colleagues,
            label=gettext("Colleague"),
            error_messages={
                "invalid_choice": gettext("Choose a colleague of this clinic."),
                "required": gettext("Choose a colleague."),
            },
        )
