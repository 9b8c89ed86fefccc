"""Small tags for 督查单: colour and state, which always carry a shape and a word beside the colour."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks_app.choices import NoticeColour, NoticeState
from tasks_app.domain.escalation import rules
from tasks_app.domain.matters.wording import words_of
from tasks_app.models import Step, SupervisionNotice

register = template.Library()

# value: (style class, shape). Apart from display.LOOKS, where some of these values mean something else.
COLOUR_LOOKS = {
    NoticeColour.BLUE: ("blue", "●"),
    NoticeColour.ORANGE: ("orange", "▲"),
    NoticeColour.RED: ("red", "■"),
}
STATE_LOOKS = {
    NoticeState.DRAFT: ("plain", "✎"),
    NoticeState.HEARING: ("notice", "◇"),
    NoticeState.ISSUED: ("warn", "➤"),
    NoticeState.ACKNOWLEDGED: ("notice", "✓"),
    NoticeState.REPLIED: ("late", "↩"),
    NoticeState.CLOSED: ("good", "✔"),
    NoticeState.RAISED: ("bad", "▲"),
    NoticeState.WITHDRAWN: ("quiet", "○"),
}


@register.simple_tag
def colour_lamp(colour: str, extra: str = "") -> SafeString:
    """Draw the colour of a 督查单: ● 蓝色, ▲ 橙色, ■ 红色."""
    return _lamp(*COLOUR_LOOKS[NoticeColour(colour)], f"{NoticeColour(colour).label}{extra}")


@register.simple_tag
def notice_lamp(state: str) -> SafeString:
    """Draw where a 督查单 stands."""
    return _lamp(*STATE_LOOKS[NoticeState(state)], str(NoticeState(state).label))


@register.filter
def step_words(step: Step) -> str:
    """Return what one step of the ledger says."""
    return words_of(step)


@register.filter
def document_number(notice: SupervisionNotice) -> str:
    """Return 发文字号, "" before the 督查单 is issued."""
    return rules.document_number(notice)


def _lamp(style: str, shape: str, word: str) -> SafeString:
    return format_html(
        '<span class="lamp lamp-{}"><span aria-hidden="true">{}</span> {}</span>', style, shape, word
    )
