"""Small tags for 约谈: where one stands, which always carries a shape and a word beside the colour."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks_app.choices import InterviewState
from tasks_app.domain.interviews import rules
from tasks_app.models import Interview

register = template.Library()

# value: (style class, shape). Apart from display.LOOKS, where some of these values mean something else.
STATE_LOOKS = {
    InterviewState.PROPOSED: ("plain", "✎"),
    InterviewState.NOTIFIED: ("notice", "➤"),
    InterviewState.HELD: ("late", "◐"),
    InterviewState.CORRECTING: ("warn", "▲"),
    InterviewState.CLOSED: ("good", "✔"),
    InterviewState.WITHDRAWN: ("quiet", "○"),
}


@register.simple_tag
def interview_lamp(state: str) -> SafeString:
    """Draw where a 约谈 stands."""
    style, shape = STATE_LOOKS[InterviewState(state)]
    return format_html(
        '<span class="lamp lamp-{}"><span aria-hidden="true">{}</span> {}</span>',
        style,
        shape,
        InterviewState(state).label,
    )


@register.filter
def interview_number(interview: Interview) -> str:
    """Return 发文字号, "" before the unit was notified."""
    return rules.document_number(interview)
