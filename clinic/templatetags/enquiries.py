from django import template

from clinic.enquiries.models import State, VisitRequest
from patients.accounts.models import User

register = template.Library()


@register.simple_tag
def new_requests(user: User) -> int:
    """How many requests for a first visit nobody has taken up yet."""
    return VisitRequest.objects.visible_to(user).filter(state=State.NEW).count()
