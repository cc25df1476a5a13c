"""How the progress page draws its charts."""

from django import template
from django.utils.safestring import SafeString

from clinic.progress.changes import Strip
from clinic.progress.charts import Chart, strip_svg, svg

register = template.Library()


@register.simple_tag
def course(chart: Chart) -> SafeString:
    return svg(chart)


@register.simple_tag
def then_and_now(strip: Strip) -> SafeString:
    return strip_svg(strip)
