"""The measures of a task as a unit ticks them off, and its states: drawn here, for a form has three hundred of them.

Every text passes `escape` exactly once.
"""

from html import escape

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString, mark_safe

from tasks_app.choices import MeasureState, ProgressStatus
from tasks_app.domain.reporting.entry_values import MeasureLine

register = template.Library()

STATES = [(value, str(label)) for value, label in MeasureState.choices]
STATUSES = [(value, str(label)) for value, label in ProgressStatus.choices]


@register.simple_tag
def measure_ticks(line: MeasureLine, entry: int) -> SafeString:
    """Draw what a unit says of one measure: its state, the day it was done, what was said last time."""
    pk, mark = line.measure.pk, escape(line.mark)
    states = "".join(_tick(line, value, label, f"tick-{entry}-{pk}-{value}", mark) for value, label in STATES)
    return mark_safe(  # noqa: S308
        f'<fieldset class="ticks"><legend class="visually-hidden">措施{mark}进展</legend>{states} '
        f'<span class="done-on"><label for="done-{entry}-{pk}">完成日期</label> '
        f'<input class="form-control form-control-sm" type="date" id="done-{entry}-{pk}"'
        f' aria-label="完成日期（措施{mark}）" name="measure-{pk}-done_on"'
        f' value="{escape(line.shown_day or "")}"></span>{_last(line)}</fieldset>'
    )


@register.simple_tag
def status_choices(field: BoundField) -> SafeString:
    """Draw the states that an entry may have."""
    chosen = field.value()
    return mark_safe(  # noqa: S308
        "".join(
            f'<div class="form-check mb-0"><input type="radio" name="{field.html_name}" value="{value}"'
            f' class="form-check-input" id="{field.auto_id}_{place}"{" checked" if value == chosen else ""}>'
            f' <label class="form-check-label" for="{field.auto_id}_{place}">{label}</label></div>'
            for place, (value, label) in enumerate(STATUSES)
        )
    )


def _tick(line: MeasureLine, value: str, label: str, pk: str, mark: str) -> str:
    checked = " checked" if line.state == value else ""
    return (
        f'<input class="visually-hidden" type="radio" id="{pk}" name="measure-{line.measure.pk}-state"'
        f' value="{value}" aria-label="措施{mark}：{label}"{checked}>'
        f'<label class="tick tick-{value}" for="{pk}">{label}</label>'
    )


def _last(line: MeasureLine) -> str:
    if not line.last_label:
        return ""
    done = f"（{line.last_done_on.month}月{line.last_done_on.day}日）" if line.last_done_on else ""
    return f' <span class="last-state">上期：{escape(line.last_label)}{done}</span>'
