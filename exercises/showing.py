"""Which views show exercises: a patient whose red-flag check says stop reaches none of them.

The views say so here, at the bottom of the house, because the catalogue itself shows exercises;
`config.middleware.RedFlagStop` holds patients back.
"""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def shows_exercises(view: View) -> View:
    """Shows an exercise or its figure, or takes something in about one."""
    view.shows_exercises = True  # type: ignore[attr-defined]
    return view


def asks_for_exercises(view: View) -> View:
    """As `shows_exercises`, and is there to do them: a whole red-flag check that is due comes first."""
    view.asks_for_exercises = True  # type: ignore[attr-defined]
    return shows_exercises(view)
