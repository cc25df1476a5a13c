"""When to stop, for the sheet. The words are those of Today's answers and of the site's list of emergency signs."""

import re

from django.template.loader import render_to_string
from django.utils.html import strip_tags

from clinic.paper.sheet import Stops
from clinic.today.advice import WORDS
from patients.accounts.models import Clinic
from patients.accounts.thresholds import Thresholds
from patients.records.pain_limits import Limits

SIGN = re.compile(r"<li>(.*?)</li>", re.DOTALL)


def stops_of(clinic: Clinic, limits: Limits, thresholds: Thresholds) -> Stops:
    ceiling = limits.amber_to
    said = {"ceiling": ceiling, "minutes": thresholds.settle_minutes}
    minutes = thresholds.away_minutes
    # Nobody has told the clinic yet of what is written on paper.
    text = {
        kind: words[2].format(**said).replace("We have told your clinic", "Please call us")
        for kind, words in WORDS.items()
    }
    call = plain(render_to_string("patients/screening/_emergency.html", {"clinic": clinic}))
    return Stops(
        pain=(
            (f"Pain of 0 to {ceiling} out of 10", text["amber"]),
            (f"Pain of {ceiling + 1} or more", f"{WORDS['red'][1].split('. ')[0]}. {text['red']}"),
            (
                f"Pain that moves further out or down for more than {minutes} minutes",
                f"{WORDS['away'][1]} {text['away']}",
            ),
            ("New numbness or weakness", text["numb"]),
        ),
        signs=tuple(map(plain, SIGN.findall(render_to_string("clinic/frontdoor/_emergency_signs.html")))),
        emergency=f"{call[:1].upper()}{call[1:]} if:",
    )


def plain(html: str) -> str:
    return " ".join(strip_tags(html).split())
