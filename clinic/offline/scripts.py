"""Scripts that speak: they go out with their words before them, in the language of the page that asks, under a name that
changes with either. So a page that comes anew at each visit carries neither."""

import json
from dataclasses import dataclass
from functools import lru_cache
from gzip import compress as gzipped
from hashlib import sha256

import brotli
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from clinic.today.forms import EFFORT_WORDS, PAIN_WORDS

SPEAKING = ("app", "offline")


@dataclass(frozen=True, slots=True)
class Script:
    name: str
    language: str
    text: bytes
    brotli: bytes
    gzip: bytes

    @property
    def address(self) -> str:
        """Not kept: addresses begin otherwise for who helps a patient."""
        return reverse("spoken_script", args=[self.name, self.language, sha256(self.text).hexdigest()[:12]])


def script_that_speaks(name: str) -> Script:
    """In the language that is active."""
    path = settings.BASE_DIR / "static/js" / f"{name}.js"
    # A developer's file changes while the server runs.
    return _script(
        name, get_language() or settings.LANGUAGE_CODE, 0 if settings.STATIC_BUILT else path.stat().st_mtime
    )


@lru_cache(maxsize=64)
def _script(name: str, language: str, written_at: float) -> Script:
    code = (settings.BASE_DIR / "static/js" / f"{name}.js").read_text()
    with override(language):
        words = {"app": _app, "offline": _offline}[name]()
    said = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    text = f"const {name}Words = {said};\n{code}".encode()
    return Script(name, language, text, brotli.compress(text), gzipped(text))


def _app() -> dict[str, object]:
    return {
        "dark": _("Dark colours"),
        "light": _("Light colours"),
        "saving": _("Saving…"),
        "notLoaded": _("This did not load."),
        "clear": _("Clear"),
        "less": _("Less: %(question)s"),
        "more": _("More: %(question)s"),
        "unanswered": _("Not answered"),
        "outOf10": _("%(score)s out of 10, %(words)s"),
        # The scales that Today asks every day: here once, and not in the page at each visit.
        "scales": {
            "pain": ["|".join(map(str, PAIN_WORDS)), _("0 none|10 worst")],
            "effort": ["|".join(map(str, EFFORT_WORDS)), _("0 no effort|10 my limit")],
        },
    }


def _offline() -> dict[str, object]:
    return {
        "kept": _("Saved on this phone. It will be sent when you are online."),
        "notToday": _("Not today. Saved on this phone. It will be sent when you are online."),
        "cannotKeepTap": _("Not saved. This phone cannot keep it, so it needs a connection."),
        "undo": _("Undo"),
        "allDone": _("All done"),
        "doneOf": _("%(done)s of %(all)s done"),
        "waitsOne": _("1 thing waits to be sent"),
        "waits": _("%(number)s things wait to be sent"),
        "allSent": _("All sent."),
        "signIn": _("Sign in to send"),
        "sendNow": _("Send now"),
        "asItWasToday": _("You are offline, or the internet is slow. This page is as it was %(time)s."),
        "asItWas": _("You are offline, or the internet is slow. This page is as it was %(day)s, %(time)s."),
        "countsFor": _("What you tick here counts for %(day)s."),
        "refused": _("Not saved."),
        "seen": _("OK, I have seen it"),
        "wrote": _("You wrote: “%(text)s”"),
        "whatWhen": _("%(what)s, %(when)s:"),
        "what": {
            "check": _("A tick"),
            "skip": _("“Can’t today”"),
            "sets_counted": _("Your numbers"),
            "hurts": _("“It hurts”"),
            "": _("Your answers"),
        },
        "unknown": _("Your clinic does not know yet. Is it bad, or does it get worse? Call them now."),
        "notSent": _("Not sent. What you typed is still here. Press the button again when you are online."),
        "cannotKeep": _("This phone cannot keep your plan here. Backwell needs a connection."),
        "keeps": _("Your plan is kept on this phone."),
        "keepsNoMore": _("Your plan is not kept on this phone any more."),
        "onThisPhone": _("They are on this phone only. What should happen to them?"),
        "cannotSend": _("They cannot be sent now. You can keep them on this phone until you sign in again."),
        "sendAndLeave": _("Send, then sign out"),
        "keepAndLeave": _("Keep until I sign in again"),
        "stay": _("Stay signed in"),
    }
