"""When to stop, for the sheet. The words are those of Today's answers and of the site's list of emergency signs."""

import re

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import gettext, ngettext

from clinic.paper.sheet import Stops
from clinic.today.advice import WORDS, text_of
from patients.accounts.models import Clinic
from patients.accounts.thresholds import Thresholds
from patients.records.pain_limits import Limits

SIGN = re.compile(r"<li>(.*?)</li>", re.DOTALL)


def stops_of(clinic: Clinic, limits: Limits, thresholds: Thresholds) -> Stops:
    ceiling = limits.amber_to
    minutes = thresholds.away_minutes
    # Nobody has told the clinic yet of what is written on paper.
    call_us = gettext("Please call us.")
    text = {
        kind: text_of(kind, ceiling=ceiling, minutes=thresholds.settle_minutes, told=call_us)
        for kind in ("amber", "red", "away", "numb")
    }
    call = plain(render_to_string("patients/screening/_emergency.html", {"clinic": clinic}))
    return Stops(
        pain=(
            (gettext("Pain of 0 to %(most)d out of 10") % {"most": ceiling}, text["amber"]),
            (
                gettext("Pain of %(least)d or more") % {"least": ceiling + 1},
                f"{gettext('Stop for now.')} {text['red']}",
            ),
            (
                ngettext(
                    "Pain that moves further out or down for more than %(n)d minute",
                    "Pain that moves further out or down for more than %(n)d minutes",
                    minutes,
                )
                % {"n": minutes},
                f"{WORDS['away'][1]} {text['away']}",
            ),
            (gettext("New numbness or weakness"), text["numb"]),
        ),
        signs=tuple(map(plain, SIGN.findall(render_to_string("clinic/frontdoor/_emergency_signs.html")))),
        emergency=gettext("%(call)s if:") % {"call": f"{call[:1].upper()}{call[1:]}"},
    )


def plain(html: str) -> str:
    return " ".join(strip_tags(html).split())
