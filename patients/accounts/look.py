"""How pages look on this device: theme, size of the text, movement. Kept in cookies, so that a page asks nobody for it
and comes right at once, before signing in too."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

THEMES = ("light", "dark")
SIZES = ("large", "largest")
MOTIONS = ("less",)
KNOWN = {"theme": THEMES, "text": SIZES, "motion": MOTIONS}
YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Look:
    """Each empty where nobody chose: the theme of the device, normal text, movement as the device says."""

    theme: str = ""
    text: str = ""
    motion: str = ""

    @classmethod
    def of(cls, cookies: Mapping[str, str]) -> Self:
        """What no choice is called says nothing, whoever put it there."""
        return cls(**{name: said for name, known in KNOWN.items() if (said := cookies.get(name, "")) in known})

    @property
    def needs_style(self) -> bool:
        """A theme stands in the portal's own style sheet; the rest is in one that only those load who chose it."""
        return bool(self.text or self.motion)

    @property
    def cookies(self) -> dict[str, str]:
        return asdict(self)
