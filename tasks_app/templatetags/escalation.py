"""Small tags for 督查单 and 约谈: numbers, colour and state; beside a colour always stand a shape and a word."""

from django import template
from django.utils.safestring import SafeString

from tasks_app.choices import InterviewState, NoticeColour, NoticeState
from tasks_app.domain.escalation import rules
from tasks_app.domain.interviews import rules as interviews
from tasks_app.domain.matters.wording import words_of
from tasks_app.models import Interview, Step, SupervisionNotice

from .display import sign

register = template.Library()

# value: (style class, shape). Apart from display.LOOKS, where some of these values mean something else.
COLOUR_LOOKS = {
    NoticeColour.BLUE: ("blue", "●"),
    NoticeColour.ORANGE: ("orange", "▲"),
    NoticeColour.RED: ("red", "■"),
}
NOTICE_LOOKS = {
    NoticeState.DRAFT: ("plain", "✎"),
    NoticeState.HEARING: ("notice", "◇"),
    NoticeState.ISSUED: ("warn", "➤"),
    NoticeState.ACKNOWLEDGED: ("notice", "✓"),
    NoticeState.REPLIED: ("late", "↩"),
    NoticeState.CLOSED: ("good", "✔"),
    NoticeState.RAISED: ("bad", "▲"),
    NoticeState.WITHDRAWN: ("quiet", "○"),
}
INTERVIEW_LOOKS = {
    InterviewState.PROPOSED: ("plain", "✎"),
    InterviewState.NOTIFIED: ("notice", "➤"),
    InterviewState.HELD: ("late", "◐"),
    InterviewState.CORRECTING: ("warn", "▲"),
    InterviewState.CLOSED: ("good", "✔"),
    InterviewState.WITHDRAWN: ("quiet", "○"),
}


@register.simple_tag
def colour_lamp(colour: str, extra: str = "") -> SafeString:
    """Draw the colour of a 督查单: ● 蓝色, ▲ 橙色, ■ 红色."""
    return sign(*COLOUR_LOOKS[NoticeColour(colour)], f"{NoticeColour(colour).label}{extra}")


@register.simple_tag
def notice_lamp(state: str) -> SafeString:
    """Draw where a 督查单 stands."""
    return sign(*NOTICE_LOOKS[NoticeState(state)], str(NoticeState(state).label))


@register.simple_tag
def interview_lamp(state: str) -> SafeString:
    """Draw where a 约谈 stands."""
    return sign(*INTERVIEW_LOOKS[InterviewState(state)], str(InterviewState(state).label))


@register.filter
def step_words(step: Step) -> str:
    """Return what one step of the ledger says."""
    return words_of(step)


@register.filter
def document_number(notice: SupervisionNotice) -> str:
    """Return 发文字号, "" before the 督查单 is issued."""
    return rules.document_number(notice)


@register.filter
def interview_number(interview: Interview) -> str:
    """Return 发文字号, "" before the unit was notified."""
    return interviews.document_number(interview)
