"""How a task of a unit stands, in a page: both voices, and why it lags."""

from django import template
from django.utils.safestring import SafeString

from tasks_app.choices import Cause
from tasks_app.domain.standing.rules import Standing
from tasks_app.tables import lagging

register = template.Library()


@register.simple_tag
def said_and_judged(standing: Standing) -> SafeString:
    """Draw the status that leads and what the other voice says."""
    return lagging.said_and_judged(standing)


@register.filter
def cause(value: str) -> str:
    """Return why it lags in words."""
    return str(Cause(value).label) if value else ""
