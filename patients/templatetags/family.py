from django import template

from patients.family import addresses
from patients.family.models import FamilyAccess

register = template.Library()


@register.simple_tag
def own_url(name: str) -> str:
    """A page of one's own, from those of somebody whom one helps."""
    return addresses.own_address(name)


@register.simple_tag
def pages_of(access: FamilyAccess) -> str:
    return addresses.pages_of(access)
