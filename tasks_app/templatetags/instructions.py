"""Instructions (批示) where rows are drawn: what stands under a row, and the way to write one on it."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from tasks_app.domain.matters.queries import Asked

from .addresses import address
from .display import lamp, sign

register = template.Library()


@register.filter
def under_row(asks: Sequence[Asked]) -> SafeString:
    """Draw the instructions on a row, each with its answer."""
    return format_html_join("", "{}", ((_one(ask),) for ask in asks))


@register.filter
def with_rows(asks: Sequence[Asked]) -> SafeString:
    """Draw instructions apart from their rows: each says on which it was written."""
    return format_html_join("", "{}", ((_one(ask, _row(ask)),) for ask in asks))


@register.simple_tag
def instruct_link(task: int, unit: int | None = None) -> SafeString:
    """Draw the way to write an instruction on a row: what a unit, or all, do in a task."""
    query = f"?unit={unit}" if unit is not None else ""
    return format_html(
        '<a class="instruct-link d-print-none" href="{}{}">批示</a>', address("instruct", task), query
    )


def _row(ask: Asked) -> str:
    unit, task = ask.item.unit, ask.item.task
    return f"{unit.shown_name} · {task}" if unit is not None else str(task)


def _one(ask: Asked, row: str = "") -> SafeString:
    item = ask.item
    asked_at = localtime(item.asked_at)
    answer = SafeString("")
    if item.answer is not None:
        at, by = localtime(item.answer.at), item.answer.by
        answer = format_html(
            '<div class="office-word mb-0"><strong>{}{}（{}月{}日）：</strong>{}</div>',
            by.unit, by, at.month, at.day, item.answer.text,
        )  # fmt: skip
    return format_html(
        '<div class="ask{}"><strong>{}</strong> <span class="text-secondary">{} {}月{}日，'
        '请{}于 {}月{}日前办理</span> {}{} <a class="d-print-none" href="{}">查看</a><div>{}</div>{}</div>',
        " ask-overdue" if ask.is_overdue else "", row or "批示",
        item.asked_by, asked_at.month, asked_at.day, ask.addressee,
        item.due_on.month if item.due_on else "", item.due_on.day if item.due_on else "",
        lamp(item.state), sign("bad", "✖", "超期") if ask.is_overdue else "",
        address("instruction", item.pk), item.text, answer,
    )  # fmt: skip
