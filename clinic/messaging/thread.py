"""A conversation as its page shows it: the newest messages, or those before one of them. One query."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext

from clinic.messaging.forms import EarlierForm
from clinic.messaging.models import Message

PAGE = 50


@dataclass(frozen=True, slots=True)
class Thread:
    """Oldest first. `earlier`: before which message there are more; `is_newest`: whether it ends with the last one."""

    messages: list[Message]
    earlier: int | None
    is_newest: bool

    @property
    def last(self) -> int:
        return self.messages[-1].pk if self.messages else 0


def thread_of(messages: QuerySet[Message], asked: object) -> Thread:
    form = EarlierForm(asked)  # type: ignore[arg-type]
    before = form.cleaned_data.get("before") if form.is_valid() else None
    found = list((messages.filter(pk__lt=before) if before else messages).order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE][::-1]
    return Thread(shown, shown[0].pk if len(found) > PAGE else None, is_newest=not before)


def since(messages: QuerySet[Message], seen_to: int) -> list[Message]:
    """What a page that showed the messages up to `seen_to` lacks."""
    return list(messages.filter(pk__gt=seen_to).order_by("-pk")[:PAGE])[::-1]


def expected(days: int) -> str:
    """When an answer can be expected, for the patient."""
    if days == 1:
        return gettext("We usually answer by the next working day.")
    words = ngettext(
        "We usually answer within %(n)d working day.", "We usually answer within %(n)d working days.", days
    )
    return words % {"n": days}
