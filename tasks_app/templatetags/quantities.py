"""Small tags for figures with a target."""

from decimal import Decimal

from django import template

from tasks_app.choices import IndicatorKind
from tasks_app.domain.indicators import rules

register = template.Library()


@register.simple_tag
def requirement(kind: str, comparator: str, value: str | Decimal, unit: str) -> str:
    """Return the target of an indicator in words, such as 不低于300台."""
    return rules.requirement(kind, comparator, Decimal(value), unit)


@register.filter
def indicator_kind(value: str) -> str:
    """Return what a kind of indicator is called."""
    return IndicatorKind(value).label
