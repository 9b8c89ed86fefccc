"""Components of pages: heads, panels, facts, forms that ask one thing; drawn here, for an include costs far more."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.template import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from .addresses import address as address_of

register = template.Library()

PRINT = SafeString(
    '<button class="btn btn-sm btn-outline-secondary d-print-none" type="button" data-print>打印</button>'
)


def attributes(**given: object) -> SafeString:
    """Write attributes that have a value; `data_confirm` stands for data-confirm."""
    parts = (
        f' {name.replace("_", "-")}="{conditional_escape(str(value))}"'
        for name, value in given.items()
        if value
    )
    return SafeString("".join(parts))


def address(to: str, args: tuple[object, ...]) -> str:
    """Return the address of a view by its name, or `to` itself where a view has worked it out."""
    return to if "/" in to else address_of(to, *args)


@register.simple_tag
def crumbs(here: object, parent: object = "", to: str = "", *args: object) -> SafeString:
    """Draw the way back: home, the page above if any (its words, its address by name), where one is."""
    above = format_html('<a href="{}">{}</a> › ', address(to, args), parent) if parent else ""
    return format_html(
        '<nav class="crumbs d-print-none" aria-label="所在位置"><a href="{}">首页</a> › {}'
        '<span aria-current="page">{}</span></nav>',
        address_of("home"),
        above,
        here,
    )


@register.simple_block_tag
def page_head(content: SafeString, heading: str, beside: object = "", prints: bool = False) -> SafeString:
    """Draw the head of a page: its heading, in small what it is of, and what can be done with the whole."""
    small = format_html(' <small class="text-secondary">{}</small>', beside) if beside else ""
    deeds = SafeString(content.strip())
    if deeds and prints:
        deeds = format_html('<div class="d-flex flex-wrap gap-2 d-print-none">{}{}</div>', deeds, PRINT)
    elif prints:
        deeds = PRINT
    return format_html('<div class="page-head"><h1>{}{}</h1>{}</div>', heading, small, deeds)


@register.simple_block_tag
def panel(
    content: SafeString, heading: str = "", count: int | None = None, look: str = "", id: str = ""
) -> SafeString:
    """Draw a part of a page under its heading, with the number of what is in it."""
    number = f"（{count}）" if count is not None else ""
    head = format_html("<h2>{}{}</h2>", heading, number) if heading else ""
    classes = f"panel {look}".rstrip()
    return format_html("<section{}>{}{}</section>", attributes(**{"class": classes, "id": id}), head, content)


@register.simple_tag
def fact(label: str, value: object) -> SafeString:
    """Draw one line of <dl class="facts">, none where there is nothing to say."""
    if value is None or value == "":
        return SafeString("")
    return format_html("<dt>{}</dt><dd>{}</dd>", label, value)


@register.simple_block_tag(takes_context=True)
def move_form(
    context: Context,
    content: SafeString,
    button: str,
    to: str = "",
    *args: object,
    look: str = "btn-primary",
    name: str = "",
    value: str = "1",
    confirm: str = "",
    form_class: str = "",
    back: str = "",
    back_to: object = None,
    back_words: str = "取消",
    **more: object,
) -> SafeString:
    """Draw a form that asks one thing: what is to be filled in, then the button.

    `to` is the name of the address, `args` what stands in it; `confirm` is asked before it is sent. `back` is the name
    of the page that 取消 (or `back_words`) leads to, `back_to` what stands in it; `more` are attributes of the form.
    """
    form = {"class": form_class, "action": to and address(to, args), "data_confirm": confirm} | more
    cancel = address(back, () if back_to is None else (back_to,)) if back else ""
    return format_html(
        '<form method="post"{}><input type="hidden" name="csrfmiddlewaretoken" value="{}">{}'
        '<button class="btn {}" type="submit"{}>{}</button>{}</form>',
        attributes(**form),
        context["csrf_token"],
        content,
        look,
        attributes(name=name, value=value if name else ""),
        button,
        format_html(' <a class="btn btn-outline-secondary" href="{}">{}</a>', cancel, back_words)
        if cancel
        else "",
    )


@register.simple_tag(takes_context=True)
def move_button(
    context: Context, button: str, to: str = "", *args: object, about: object = "", **more: Any
) -> SafeString:
    """Draw the form of a move for which a button is enough.

    `about` is what the button is for, for who does not see where it stands; `more` is that of `move_form`, and
    `hidden_…` what is sent along.
    """
    sent = {name.removeprefix("hidden_"): more.pop(name) for name in list(more) if name.startswith("hidden_")}
    hidden = format_html_join("", '<input type="hidden" name="{}" value="{}">', sent.items())
    words = format_html('{}<span class="visually-hidden">{}</span>', button, about) if about else button
    return move_form(context, hidden, words, to, *args, **more)


@register.filter
def listed(rows: Iterable[object], words: str = "{}") -> SafeString:
    """Write rows one after the other, each in some words: 2026年、2027年."""
    return format_html_join("、", words, ((row,) for row in rows))


@register.filter
def first_of(rows: Sequence[object], most: int) -> Sequence[object]:
    """Return as many rows as are shown at most."""
    return rows[:most]


@register.filter
def within(value: object, sentence: str) -> SafeString:
    """Put a value into a sentence at its {}; nothing into nothing."""
    if value is None or value == "":
        return SafeString("")
    return format_html(sentence, value)
