"""The measures of a task as a unit ticks them off, and its states: drawn here, for a form has three hundred of them.

Every text passes `escape` exactly once.
"""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from tasks_app.choices import Cause, MeasureState, Outlook, ProgressStatus
from tasks_app.domain.reporting import rules
from tasks_app.domain.reporting.entry_values import MeasureLine
from tasks_app.models import ProgressEntry

register = template.Library()

STATES = [(value, str(label)) for value, label in MeasureState.choices]
CHOICES = {"status": ProgressStatus.choices, "outlook": Outlook.choices, "cause": Cause.choices}


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


@register.filter
def lags(entry: ProgressEntry) -> bool:
    """Tell whether an entry says that its task is behind."""
    return rules.is_lagging(entry.status)


@register.simple_tag
def expected_words(outlook: str, forecast: str) -> str:
    """Return 预计至期末 in words."""
    return rules.expected_words(outlook, forecast)


@register.simple_tag
def choice_radios(name: str, entry: int, chosen: str) -> SafeString:
    """Draw the choices of a box of an entry, one click each; `name` is one of CHOICES."""
    return mark_safe(  # noqa: S308
        "".join(
            f'<input class="form-check-input" type="radio" id="entry-{entry}-{name}_{place}" name="{name}"'
            f' value="{value}"{" checked" if value == chosen else ""}>'
            f'<label for="entry-{entry}-{name}_{place}">{label}</label>'
            for place, (value, label) in enumerate(CHOICES[name])
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
