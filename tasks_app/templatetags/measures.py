"""The measures of a task as a unit ticks them off: drawn here, for a form holds three boxes for each of its eighty."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tasks_app.choices import MeasureState
from tasks_app.domain.reporting.entry_values import MeasureLine

register = template.Library()

TICK = (
    '<input class="visually-hidden" type="radio" id="tick-{entry}-{measure}-{value}" name="measure-{measure}-state"'
    ' value="{value}" aria-label="措施{mark}：{label}"{checked}>'
    '<label class="tick tick-{value}" for="tick-{entry}-{measure}-{value}">{label}</label>'
)
DONE_ON = (
    '<span class="done-on"><label for="done-{entry}-{measure}">完成日期'
    '<span class="visually-hidden">（措施{mark}）</span></label> '
    '<input class="form-control form-control-sm" type="date" id="done-{entry}-{measure}"'
    ' name="measure-{measure}-done_on" value="{day}"></span>'
)


@register.simple_tag
def measure_ticks(line: MeasureLine, entry: int) -> SafeString:
    """Draw what a unit says of one measure: its state, the day it was done, what was said last time."""
    of = {"entry": entry, "measure": line.measure.pk, "mark": line.mark}
    states = (
        (format_html(TICK, value=value, label=label, checked=_checked(line.state == value), **of),)
        for value, label in MeasureState.choices
    )
    return format_html(
        '<fieldset class="ticks"><legend class="visually-hidden">措施{}进展</legend>{} {}{}</fieldset>',
        line.mark,
        format_html_join("", "{}", states),
        format_html(DONE_ON, day=line.shown_day or "", **of),
        _last(line),
    )


def _checked(is_checked: bool) -> str:
    return " checked" if is_checked else ""


def _last(line: MeasureLine) -> SafeString | str:
    if not line.last_label:
        return ""
    done = f"（{line.last_done_on.month}月{line.last_done_on.day}日）" if line.last_done_on else ""
    return format_html(' <span class="last-state">上期：{}{}</span>', line.last_label, done)
