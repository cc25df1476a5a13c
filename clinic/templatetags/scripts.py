from django import template

from clinic.offline.scripts import script_that_speaks

register = template.Library()


@register.simple_tag
def spoken_script(name: str) -> str:
    """The address of a script of ours that has words in it."""
    return script_that_speaks(name).address
