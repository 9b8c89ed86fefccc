"""Small tags for display: lamps, which always carry a shape and a word beside the colour."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks_app.choices import (
    CoordinationState,
    DeliveryState,
    ExtensionState,
    FilingLamp,
    PracticeState,
    ProgressBand,
    ProgressLamp,
    ProgressStatus,
    ReportState,
)
from tasks_app.domain.plan.rules import measure_mark

register = template.Library()

# value: (style class, shape). Shapes differ so that the lamps can be told apart without colour.
LOOKS: dict[str, tuple[str, str]] = {
    FilingLamp.NOT_OPEN: ("quiet", "○"),
    FilingLamp.OWED: ("plain", "◇"),
    FilingLamp.NEAR: ("notice", "◆"),
    FilingLamp.URGENT: ("warn", "▲"),
    FilingLamp.OVERDUE: ("bad", "✖"),
    FilingLamp.ON_TIME: ("good", "✔"),
    FilingLamp.LATE: ("late", "◐"),
    ProgressLamp.UNKNOWN: ("quiet", "○"),
    ProgressLamp.NORMAL: ("good", "●"),
    ProgressLamp.LAGGING: ("warn", "▲"),
    ProgressLamp.SEVERE: ("bad", "■"),
    ProgressBand.UNKNOWN: ("quiet", "○"),
    ProgressBand.STEADY: ("good", "●"),
    ProgressBand.SOME: ("warn", "▲"),
    ProgressBand.MANY: ("bad", "■"),
    ProgressStatus.DONE: ("good", "✔"),
    ProgressStatus.ON_TRACK: ("good", "●"),
    ProgressStatus.BEHIND: ("warn", "▲"),
    ProgressStatus.NOT_STARTED: ("bad", "■"),
    ReportState.DRAFT: ("plain", "✎"),
    ReportState.SIGNING: ("notice", "◇"),
    ReportState.SUBMITTED: ("notice", "➤"),
    ReportState.RETURNED: ("bad", "↩"),
    ReportState.ACCEPTED: ("good", "✔"),
    CoordinationState.AWAITING: ("notice", "◇"),
    CoordinationState.ANSWERED: ("good", "✔"),
    CoordinationState.CLOSED: ("quiet", "○"),
    ExtensionState.ASKED: ("notice", "◇"),
    ExtensionState.GRANTED: ("good", "✔"),
    ExtensionState.REFUSED: ("bad", "✖"),
    ExtensionState.WITHDRAWN: ("quiet", "○"),
    PracticeState.PROPOSED: ("notice", "◇"),
    PracticeState.PUBLISHED: ("good", "✔"),
    PracticeState.DECLINED: ("quiet", "○"),
    DeliveryState.PENDING: ("plain", "◇"),
    DeliveryState.SENDING: ("notice", "➤"),
    DeliveryState.SENT: ("good", "✔"),
    DeliveryState.FAILED: ("bad", "✖"),
    DeliveryState.UNCERTAIN: ("warn", "▲"),
    DeliveryState.CANCELLED: ("quiet", "○"),
}
LABELS = {
    choice.value: choice.label
    for choices in (
        ReportState,
        ProgressStatus,
        ProgressLamp,
        ProgressBand,
        FilingLamp,
        DeliveryState,
        CoordinationState,
        ExtensionState,
        PracticeState,
    )
    for choice in choices
}
ALERTS = {"error": "danger", "debug": "secondary"}


@register.simple_tag
def lamp(value: str, extra: str = "") -> SafeString:
    """Draw a state as a lamp: shape, word and colour; `extra` follows the word ("3天")."""
    style, shape = LOOKS.get(value, ("quiet", "○"))
    label = LABELS.get(value, "未填")
    return format_html(
        '<span class="lamp lamp-{}"><span aria-hidden="true">{}</span> {}{}</span>',
        style,
        shape,
        label,
        extra,
    )


@register.filter
def alert_class(level_tag: str) -> str:
    """Return the framework's class for a message level of Django's."""
    return ALERTS.get(level_tag, level_tag)


@register.filter
def circled(number: int) -> str:
    """Return the mark in front of a measure: ① and so on."""
    return measure_mark(number)
