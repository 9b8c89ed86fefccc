"""Small tags for display: lamps, which always carry a shape and a word beside the colour."""

from collections.abc import Iterable
from datetime import timedelta

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tasks_app.choices import (
    DeliveryState,
    ExtensionState,
    FilingLamp,
    Health,
    ImportState,
    IndicatorState,
    MatterState,
    Pace,
    PracticeState,
    ProgressBand,
    ProgressLamp,
    ProgressStatus,
    ReportState,
    Unheard,
)
from tasks_app.domain.operation import rules as operation
from tasks_app.domain.plan.rules import measure_mark
from tasks_app.models import Report, Unit

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
    FilingLamp.MISSING: ("quiet", "—"),
    ProgressLamp.UNKNOWN: ("quiet", "○"),
    ProgressLamp.NORMAL: ("good", "●"),
    ProgressLamp.LAGGING: ("warn", "▲"),
    ProgressLamp.SEVERE: ("bad", "■"),
    ProgressBand.UNKNOWN: ("quiet", "○"),
    ProgressBand.SENT_BACK: ("notice", "↩"),
    Unheard.SENT_BACK: ("notice", "↩"),
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
    MatterState.OPEN: ("notice", "◇"),
    MatterState.ANSWERED: ("good", "✔"),
    MatterState.CLOSED: ("quiet", "○"),
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
    DeliveryState.NOT_SENT: ("warn", "▣"),
    DeliveryState.UNCERTAIN: ("warn", "▲"),
    DeliveryState.CANCELLED: ("quiet", "○"),
    Health.GOOD: ("good", "✔"),
    Health.QUIET: ("quiet", "○"),
    Health.BAD: ("bad", "✖"),
}
# Apart from those, where some of these values mean something else.
IMPORT_LOOKS = {
    ImportState.READING: ("quiet", "…"),
    ImportState.FAILED: ("bad", "✖"),
    ImportState.PREVIEWED: ("notice", "◇"),
    ImportState.APPLIED: ("good", "✔"),
    ImportState.DISCARDED: ("quiet", "○"),
    ImportState.UNDONE: ("quiet", "↩"),
}
INDICATOR_LOOKS = {
    IndicatorState.PROPOSED: ("notice", "◇"),
    IndicatorState.ACCEPTED: ("good", "✔"),
    IndicatorState.DROPPED: ("quiet", "○"),
}
PACE_LOOKS = {Pace.BEHIND: ("warn", "▲"), Pace.FAR_BEHIND: ("bad", "▼")}
LABELS = {
    choice.value: choice.label
    for choices in (
        ReportState,
        ProgressStatus,
        Unheard,
        ProgressLamp,
        ProgressBand,
        FilingLamp,
        DeliveryState,
        MatterState,
        ExtensionState,
        PracticeState,
        Health,
    )
    for choice in choices
}
ENTERED_WAITS = "待第二人确认"
BACK_FOR_ADDED = "待补充新增任务"
ALERTS = {"error": "danger", "debug": "secondary"}


def phone_label(words: str) -> SafeString:
    """Return what stands before a value on a phone, where a list has no headings."""
    return format_html('<span class="d-md-none text-secondary">{}：</span>', words)


@register.simple_tag
def sign(style: str, shape: str, words: object) -> SafeString:
    """Draw something else than a state like a lamp: its colour never without a shape and words."""
    shown = conditional_escape(str(words))
    return mark_safe(  # noqa: S308
        f'<span class="lamp lamp-{style}"><span aria-hidden="true">{shape}</span> {shown}</span>'
    )


@register.simple_tag
def lamp(value: str, extra: str = "", label: str = "") -> SafeString:
    """Draw a state as a lamp: shape, word and colour; `extra` follows the word ("3天"), `label` replaces it."""
    style, shape = LOOKS.get(value, ("quiet", "○"))
    return sign(style, shape, f"{label or LABELS.get(value, '未填')}{extra}")


@register.simple_tag
def import_lamp(state: str) -> SafeString:
    """Draw the state of an import as a lamp."""
    return sign(*IMPORT_LOOKS[ImportState(state)], ImportState(state).label)


@register.simple_tag
def indicator_lamp(state: str) -> SafeString:
    """Draw what was decided of a proposed indicator as a lamp."""
    return sign(*INDICATOR_LOOKS[IndicatorState(state)], IndicatorState(state).label)


@register.simple_tag
def pace_lamp(pace: str) -> SafeString:
    """Draw how far a number is behind 序时 as a lamp; nothing where it is not."""
    return sign(*PACE_LOOKS[Pace(pace)], Pace(pace).label) if pace else SafeString("")


@register.simple_tag
def report_lamp(report: Report) -> SafeString:
    """Draw the state of a report as a lamp."""
    return lamp(report.state, label=report_state(report))


def report_state(report: Report) -> str:
    """Return the state in words: what the office enters (代填) waits for a colleague, not for the unit's signer."""
    if report.state == ReportState.RETURNED and report.added_since is not None:
        return BACK_FOR_ADDED
    is_entered = report.state == ReportState.SIGNING and report.entered_by_id is not None
    return ENTERED_WAITS if is_entered else report.get_state_display()


@register.filter
def header_line(report: Report) -> str:
    """Return who fills in a report and when, as it stands at its head."""
    day = report.filled_on.isoformat() if report.filled_on else "报送当天"
    who = f"填表人：{report.filler_name or '（未填）'}　联系电话：{report.filler_phone or '（未填）'}"
    return f"填报单位：{report.unit}　填报时间：{day}　{who}"


@register.filter
def what_is_owed(report: Report) -> str:
    """Return what an owed report waits for where it is more than to be filled in."""
    if report.state == ReportState.SIGNING:
        return "正在等待本单位审签人审签。"
    if report.state != ReportState.RETURNED:
        return ""
    if report.added_since is not None:
        return "分解表给本单位新增了任务，只需补充新增任务，其余内容保持已报送的原样。"
    return "市医改办已退回，请按退回理由修改后重新报送。"


@register.simple_tag
def submit_words(report: Report, is_signer: bool, still: object = False) -> str:
    """Return what the button says that sends a report to the office, `still` in spite of what was asked."""
    words = "报送市医改办"
    if report.entered_by_id is not None or (is_signer and report.state == ReportState.SIGNING):
        words = f"{signing_word(report)}并报送"
    return f"仍要{words}" if still else words


@register.simple_tag
def request_words(report: Report, still: object = False) -> str:
    """Return what the button says that hands a report on to whoever sends it, `still` as above."""
    return f"{'仍要' if still else ''}提交{signing_word(report)}"


@register.filter
def signing_word(report: Report) -> str:
    """Return what is done before a report leaves: 复核 by a second person of the office that entered it, else 审签."""
    return "审签" if report.entered_by_id is None else "复核"


@register.filter
def as_typed(text: str) -> SafeString:
    """Show what somebody typed with its line breaks; how the template around it is laid out does not matter."""
    return mark_safe(f'<span class="preserve-lines">{conditional_escape(text)}</span>')  # noqa: S308


@register.simple_tag
def marked(pieces: Iterable[tuple[str, bool]]) -> SafeString:
    """Show a text with the words that count in it (the numbers of a measure, say) highlighted."""
    shown = format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", w) if is_m else w,) for w, is_m in pieces)
    )
    return as_typed(shown)


@register.filter
def unit_name(unit: Unit) -> SafeString | str:
    """Return the name of a unit, marked where it is closed: the one way in which pages write it."""
    if not unit.mark:
        return unit.name
    return format_html('{}<small class="text-secondary">（{}）</small>', unit.name, unit.mark)


@register.filter
def alert_class(level_tag: str) -> str:
    """Return the framework's class for a message level of Django's."""
    return ALERTS.get(level_tag, level_tag)


@register.filter
def span(duration: timedelta) -> str:
    """Return a length of time in words: 20秒, 5分钟."""
    return operation.span(duration)


@register.filter
def circled(number: int) -> str:
    """Return the mark in front of a measure: ① and so on."""
    return measure_mark(number)


@register.simple_tag
def waiting(number: int | str, unit: str = "件待办") -> SafeString:
    """Draw how much waits behind a link, nothing for nothing."""
    if not number:
        return SafeString("")
    return format_html(
        ' <span class="badge text-bg-warning">{}<span class="visually-hidden"> {}</span></span>', number, unit
    )
