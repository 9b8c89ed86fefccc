"""Addresses at the moment that a page speaks of, where a page has so many that `url` is a part of its cost."""

from django import template

from tasks_app.forms.as_of import AsOf
from tasks_app.models import ReportingPeriod

register = template.Library()


@register.filter
def report_address(as_of: AsOf, pk: int) -> str:
    """Return the address of one report."""
    return as_of.report_address(pk)


@register.simple_tag
def task_address(as_of: AsOf, pk: int, period: ReportingPeriod | None) -> str:
    """Return the address of one task of all units."""
    return as_of.task_address(pk, period)
