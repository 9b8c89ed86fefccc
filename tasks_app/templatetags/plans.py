"""The units of a task as the table prints them: drawn here, for a plan of twenty tasks names three hundred."""

from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from tasks_app.domain.plan.table import UnitDuty
from tasks_app.models import Unit

from .display import unit_name

register = template.Library()

ASSUMED = '<span class="assumed" title="分解表没有写明，按惯例推定，待管理员确认">推定</span>'


@register.simple_tag
def duty_units(duties: Iterable[UnitDuty], own_unit: Unit | None) -> SafeString:
    """Return the names of those who must act, the reader's own unit marked, and which roles are assumed."""
    return mark_safe("、".join(_drawn(duty, own_unit) for duty in duties))  # noqa: S308


def _drawn(duty: UnitDuty, own_unit: Unit | None) -> str:
    name = conditional_escape(unit_name(duty.unit))
    if duty.unit == own_unit:
        name = format_html('<b class="own-unit">{}<span class="visually-hidden">（本单位）</span></b>', name)
    return name + ASSUMED if duty.is_assumed else name
