"""Small tags for figures with a target."""

from datetime import date
from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tasks_app.choices import IndicatorKind
from tasks_app.domain.indicators import rules
from tasks_app.domain.numbers.rules import CityVoice, UnitNumber

from .addresses import address
from .display import pace_lamp, sign

register = template.Library()


@register.simple_tag
def requirement(
    kind: str, comparator: str, value: str | Decimal, unit: str, due_on: date | None = None
) -> str:
    """Return the target of an indicator in words, such as 不低于300台, and until when."""
    words = rules.requirement(kind, comparator, Decimal(value), unit)
    return f"{words}，{due_on}" if due_on else words


@register.filter
def indicator_kind(value: str) -> str:
    """Return what a kind of indicator is called."""
    return IndicatorKind(value).label


@register.filter
def plain(value: Decimal | None) -> str:
    """Return a number as one types it, with its thousands parted: 33,000, 47.5."""
    return "" if value is None else f"{value.normalize():,f}"


@register.simple_tag
def number_of(number: UnitNumber | None, task: int) -> SafeString:
    """Draw what one unit says of a number: it leads to where it stands; below it share, last time and forecast."""
    if number is None:
        return SafeString("")
    said = number.stands
    value = SafeString('<span class="text-secondary">未报</span>')
    if said is not None:
        to = f"{address('review_report', said.report)}#task-{task}"
        value = format_html('<a class="num" href="{}">{}</a> {}', to, said.words, pace_lamp(said.pace))
        if number.is_carried:
            value = format_html("{} {}", value, sign("quiet", "↩", "上期"))
    now = number.now
    facts = [
        ("份额", plain(number.share)),
        ("上期", plain(number.last.value) if number.last and now else ""),
        ("预计", plain(now.forecast) if now else ""),
    ]
    return format_html("{} {}", value, _facts(facts))


@register.simple_tag
def city_voice(voice: CityVoice, unit: str) -> SafeString:
    """Draw one value of the city: the number, who says it or of how many units it is, and how many are from before."""
    whose = f"{voice.who}报" if voice.who else f"{voice.counted}/{voice.asked}家"
    carried = f"，其中{voice.carried}家为上期数" if voice.carried and not voice.who else ""
    carried = "，上期数" if voice.carried and voice.who else carried
    return format_html(
        '<b class="num">{}{}</b> <small class="text-secondary">{}{}</small>',
        plain(voice.value),
        unit,
        whose,
        carried,
    )


@register.simple_tag
def city_facts(voice: CityVoice) -> SafeString:
    """Draw what is known of the city's value besides: the last one, and what is expected."""
    last = plain(voice.last) if not voice.carried else ""
    return _facts([("上期", last), ("预计", plain(voice.forecast))])


def _facts(facts: list[tuple[str, str]]) -> SafeString:
    below = format_html_join(" · ", "{} {}", [fact for fact in facts if fact[1]])
    return format_html('<small class="number-facts">{}</small>', below) if below else SafeString("")
