"""Who vouches for what is prescribed and taught: author, source, licence, who reviewed it, and until when that holds.

`state_on` is the one place that says how a content stands on a day. What was reviewed is remembered field by field, so
that an edit of what matters takes the review away again and can say what changed.
"""

import hashlib
import json
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

DUE_SOON_DAYS = 60
MONTHS = 12
# An article or an answer whose review ran out stays readable for so long: who reads it now still needs it.
READABLE_DAYS = 90
# What an update of the product changed may be prescribed for so long until somebody of the clinic has read it.
UPDATE_DAYS = 30
SHIPPED_BY = "The Backwell authors"


class State(models.TextChoices):
    EXPIRED = "expired", _("review ran out")
    UNREVIEWED = "unreviewed", _("not reviewed")
    DUE = "due", _("review due soon")
    REVIEWED = "reviewed", _("reviewed")


class Licence(models.TextChoices):
    MIT = "mit", "MIT"
    CC0 = "cc0", "CC0"
    CC_BY = "cc-by", "CC BY 4.0"
    CC_BY_SA = "cc-by-sa", "CC BY-SA 4.0"
    OWN = "own", _("the clinic’s own work")
    PERMISSION = "permission", _("used by permission")
    OTHER = "other", _("another licence")


def state_on(day: date, *, reviewed_on: date | None, review_by: date | None) -> State:
    """How a content stands. Without `reviewed_on` it may have a time of grace, until `review_by`: that is due now."""
    if review_by is None:
        return State.UNREVIEWED
    if day > review_by:
        return State.EXPIRED
    if reviewed_on is None or review_by - day <= timedelta(days=DUE_SOON_DAYS):
        return State.DUE
    return State.REVIEWED


def is_vouched_for(review_by: date | None, day: date) -> bool:
    """Whether it may be newly prescribed on that day."""
    return review_by is not None and day <= review_by


def why_not(review_by: date | None, day: date) -> str:
    """Why it cannot be newly prescribed, in words for a clinician; empty when it can."""
    if review_by is None:
        return gettext("Not reviewed by anybody of your clinic.")
    if day > review_by:
        return gettext("Its review ran out on %(day)s.") % {"day": date_format(review_by, "j F Y")}
    return ""


def readable_on(day: date) -> Q:
    """The teaching texts that somebody vouches for, or did until lately."""
    return Q(review_by__gte=day - timedelta(days=READABLE_DAYS))


def is_readable(review_by: date | None, day: date) -> bool:
    """`readable_on` of one text."""
    return review_by is not None and day - timedelta(days=READABLE_DAYS) <= review_by


def vouched_on(day: date, of: str = "") -> Q:
    """`is_vouched_for` as a condition; with a prefix such as `exercise__`, of what a row points at."""
    return Q(**{f"{of}review_by__gte": day})


def in_state(state: State, day: date) -> Q:
    """`state_on` as a condition."""
    soon = day + timedelta(days=DUE_SOON_DAYS)
    return {
        State.UNREVIEWED: Q(review_by=None),
        State.EXPIRED: Q(review_by__lt=day),
        State.DUE: Q(review_by__gte=day) & (Q(reviewed_on=None) | Q(review_by__lte=soon)),
        State.REVIEWED: Q(review_by__gt=soon, reviewed_on__isnull=False),
    }[state]


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def full_https_link() -> URLValidator:
    return URLValidator(schemes=["https"], message=_("A full link that begins with https://"))


class Reviewed(models.Model):
    """What every content has that somebody has to vouch for.

    reviewed_as: what was read, or has a time of grace, one short digest a field. changed_since: the fields whose change
    took the review away.
    """

    # The fields whose change makes another content of it. Names and where it stands are not among them.
    SUBSTANCE: ClassVar[tuple[str, ...]] = ()

    author = models.CharField(_("author"), max_length=120, blank=True, help_text=_("Who wrote it."))
    source = models.CharField(
        _("source"), max_length=300, blank=True, help_text=_("What it rests on: a guideline, a book, own experience.")
    )
    source_url = models.CharField(
        _("link to the source"),
        max_length=200,
        blank=True,
        validators=[full_https_link()],
        help_text=_("A full link that begins with https://."),
    )
    licence = models.CharField(_("licence"), max_length=12, choices=Licence.choices, blank=True)
    licence_note = models.CharField(
        _("about the licence"),
        max_length=200,
        blank=True,
        help_text=_("As: by permission of the authors, 3 May 2026."),
    )
    reviewed_by = models.CharField(
        _("reviewed by"), max_length=120, blank=True, help_text=_("The clinician who read it and vouches for it.")
    )
    reviewed_on = models.DateField(
        _("last reviewed"),
        null=True,
        blank=True,
        help_text=_("When a clinician last read it through. Readers of a text see it."),
    )
    review_by = models.DateField(
        _("review again by"),
        null=True,
        blank=True,
        help_text=_("The last day on which it may be newly prescribed, or shown without being listed for review."),
    )
    reviewed_as: Any = models.JSONField(default=dict, editable=False)
    changed_since: Any = models.JSONField(default=list, editable=False)

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        wrong: dict[str, str] = {}
        if self.reviewed_on and not self.reviewed_by:
            wrong["reviewed_by"] = gettext("Say who read it.")
        if self.reviewed_by and not self.reviewed_on:
            wrong["reviewed_on"] = gettext("Say when it was read.")
        if self.reviewed_on and not self.review_by:
            wrong["review_by"] = gettext("Say until when the review holds.")
        if self.review_by and not self.reviewed_on:
            wrong["review_by"] = gettext("Somebody has to have read it. Say who and when, or leave this empty.")
        elif self.review_by and self.reviewed_on and self.review_by < self.reviewed_on:
            wrong["review_by"] = gettext("This is before the day it was reviewed.")
        if wrong and not self._claims_no_more():
            raise ValidationError(wrong)

    def _claims_no_more(self) -> bool:
        """Than what stands there already. A time of grace may become shorter."""
        is_grace = self.review_by and not self.reviewed_on
        standing = {"review_by__gte" if is_grace else "review_by": self.review_by}
        rows = type(self)._default_manager.filter(
            pk=self.pk, reviewed_by=self.reviewed_by, reviewed_on=self.reviewed_on
        )
        return bool(rows.filter(**standing).exists())

    def state_of_review(self, day: date) -> State:
        return state_on(day, reviewed_on=self.reviewed_on, review_by=self.review_by)

    def substance(self) -> dict[str, Any]:
        """By field, what a reviewer vouches for."""
        return {name: getattr(self, name) for name in self.SUBSTANCE}

    def fingerprint(self) -> dict[str, str]:
        return fingerprint_of(self.substance())

    def vouch(self, *, name: str, day: date, until: date) -> None:
        """Not saved. Somebody read it as it is now."""
        self.reviewed_by, self.reviewed_on, self.review_by = name, day, until
        self.reviewed_as, self.changed_since = self.fingerprint(), []

    def lose_review(self, *, until: date | None = None) -> list[str]:
        """Takes the review away where the content is another by now, and says which fields are. Not saved.

        until: a time of grace, for what changed without anybody's doing here.
        """
        if not self.reviewed_as:
            return []
        now = self.fingerprint()
        changed = [name for name, was in self.reviewed_as.items() if now.get(name) != was]
        if changed:
            grace = min(until, self.review_by) if until and self.review_by else None
            self.reviewed_by, self.reviewed_on, self.review_by = "", None, grace
            self.reviewed_as = now if grace else {}
            self.changed_since = list(dict.fromkeys([*self.changed_since, *changed]))
        return changed

    @property
    def review_state(self) -> State:
        """Today, for templates."""
        return self.state_of_review(timezone.localdate())

    @property
    def is_vouched_for_now(self) -> bool:
        return is_vouched_for(self.review_by, timezone.localdate())

    @property
    def changed_in_words(self) -> list[str]:
        """The fields of `changed_since`, as their forms call them."""
        return [str(_name_of(type(self), name)) for name in self.changed_since]

    @property
    def licence_in_words(self) -> str:
        return " · ".join(filter(None, [self.get_licence_display(), self.licence_note]))


def vouch_for(rows: Iterable[Reviewed], *, name: str, day: date, months: int = MONTHS) -> int:
    """`name` has read these as they are now; review again in so many months. How many there were."""
    read = list(rows)
    with transaction.atomic():
        for row in read:
            row.vouch(name=name, day=day, until=months_after(day, months))
            row.save()
    return len(read)


def look_again(rows: Iterable[Reviewed], *, until: date | None = None) -> dict[str, list[str]]:
    """After edits: takes the review from what is another content now. By name, the fields that changed."""
    found = {}
    with transaction.atomic():
        for row in rows:
            if changed := row.lose_review(until=until):
                row.save()
                found[str(row)] = changed
    return found


def attribute(model: Any, *, source: str) -> None:
    """What ships with the product says so, where nobody said otherwise."""
    shipped = model._default_manager.filter(author="", licence="").exclude(loaded_hash="")
    shipped.update(author=SHIPPED_BY, licence=Licence.MIT, source=source)


def _name_of(model: type[models.Model], name: str) -> Any:
    field = model._meta.get_field(name)
    return getattr(field, "verbose_name", None) or field.related_model._meta.verbose_name_plural  # type: ignore[union-attr]


def fingerprint_of(substance: dict[str, Any]) -> dict[str, str]:
    return {name: _digest(value) for name, value in substance.items()}


def fingerprint_of_all(rows: Iterable[Reviewed]) -> str:
    """Which rows these are, and what each of them says."""
    return _digest(sorted([row.pk, row.fingerprint()] for row in rows))


def _digest(value: Any) -> str:
    same = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(" ".join(same.split()).encode()).hexdigest()[:12]
