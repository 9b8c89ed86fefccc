"""Addresses written by the hundred: worked out once, for none changes while the program runs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.urls import reverse

if TYPE_CHECKING:
    from tasks_app.forms.as_of import AsOf
    from tasks_app.models import ReportingPeriod

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=8192)
def address(name: str, *pks: object) -> str:
    """Return an address by its name, as `url` does."""
    return reverse(name, args=pks)


@register.filter
def report_address(as_of: AsOf, pk: int) -> str:
    """Return the address of one report at the moment that the page speaks of."""
    return as_of.report_address(pk)


@register.simple_tag
def task_address(as_of: AsOf, pk: int, period: ReportingPeriod | None) -> str:
    """Return the address of one task of all units at that moment."""
    return as_of.task_address(pk, period)
