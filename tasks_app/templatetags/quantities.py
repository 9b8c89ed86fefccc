"""Small tags for figures with a target."""

from datetime import date
from decimal import Decimal

from django import template

from tasks_app.choices import IndicatorKind
from tasks_app.domain.indicators import rules

register = template.Library()


@register.simple_tag
def requirement(
    kind: str, comparator: str, value: str | Decimal, unit: str, due_on: date | None = None
) -> str:
    """Return the target of an indicator in words, such as 不低于300台, and until when."""
    words = rules.requirement(kind, comparator, Decimal(value), unit)
    return f"{words}，{due_on}" if due_on else words


@register.filter
def indicator_kind(value: str) -> str:
    """Return what a kind of indicator is called."""
    return IndicatorKind(value).label
