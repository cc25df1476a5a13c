"""The two parts of the catalogue page that it repeats a hundred times, kept drawn because they are the same each time."""

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from exercises.catalogue import Facet
from exercises.index import Card

register = template.Library()


@register.simple_tag
def exercise_cards(cards: Sequence[Card], *, for_staff: bool, appended: bool = False) -> SafeString:
    """`appended`: to a list that stands already, so the first one takes the focus."""
    moment = get_language(), get_script_prefix()
    drawn = (exercise_card(moment, card, for_staff, focus=appended and n == 0) for n, card in enumerate(cards))
    return mark_safe("".join(drawn))


@lru_cache(maxsize=2000)
def exercise_card(moment: tuple[str | None, str], card: Card, for_staff: bool, *, focus: bool) -> str:
    """moment: its language, and how its address begins."""
    context = {"card": card, "for_staff": for_staff, "focus": focus}
    return render_to_string("exercises/_card.html", context)


@register.simple_tag
def filter_options(facet: Facet) -> SafeString:
    """Each value as a box to tick, with what ticking it would leave."""
    pills = []
    for option in facet.options:
        start, end = pill(facet.name, option.id, option.value, option.label)
        pills.append(f"{start}{' checked' if option.chosen else ''}{end}{option.hits}</span></label>")
    return mark_safe("".join(pills))


@lru_cache(maxsize=2000)  # the label is in a language already
def pill(name: str, id: str, value: str, label: str) -> tuple[SafeString, SafeString]:
    return (
        format_html(
            '<label class="pill" for="{}"><input type="checkbox" id="{}" name="{}" value="{}"', id, id, name, value
        ),
        format_html('>{} <span class="n">', label),
    )
