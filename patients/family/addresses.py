"""Where the pages of somebody who is helped are, and where one's own are."""

from django.urls import get_script_prefix, reverse, set_script_prefix

from patients.family.models import FamilyAccess

FOLDER = "helping/"


def pages_of(access: FamilyAccess) -> str:
    """Today of whom this access is for."""
    return reverse_below(f"{_own_prefix()}{FOLDER}{access.uuid}/", "today")


def own_address(name: str) -> str:
    """The address of a page of one's own, wherever one is."""
    return reverse_below(_own_prefix(), name)


def _own_prefix() -> str:
    before, found, _ = get_script_prefix().partition(f"/{FOLDER}")
    return f"{before}/" if found else before


def reverse_below(prefix: str, name: str) -> str:
    here = get_script_prefix()
    set_script_prefix(prefix)
    try:
        return reverse(name)
    finally:
        set_script_prefix(here)
