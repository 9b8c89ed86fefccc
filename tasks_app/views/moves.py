"""Moves on a page, the same way for every workflow: form → action → message → page; panels hold those that are open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from tasks_app.domain.moves import Refused

from .middleware import Request

FORM_IS_WRONG = "没有办理，请改正标出的内容。"


@dataclass(frozen=True)
class Offer:
    """A move that is open: where its form goes and what the button says. With `summary` it is folded away."""

    address: str
    button: str
    form: Any = None
    style: str = "btn-primary"
    confirm: str = ""  # asked before it is sent
    name: str = ""  # what the button itself sends along
    summary: str = ""
    summary_style: str = ""
    about: str = ""  # said behind the summary to those who hear the page
    is_opened: bool = False
    template: str = "components/move_form.html"


@dataclass(frozen=True)
class Panel:
    """Moves that belong together, under one heading: `note` explains, `points` are listed, `links` lead to pages."""

    heading: str
    offers: Sequence[Offer] = ()
    note: str = ""
    points: Sequence[str] = ()
    quote: tuple[str, str] | None = None  # what is to be judged: who and when, and the words
    links: Sequence[tuple[str, str]] = field(default_factory=list)  # address, words
    anchor: str = ""


@dataclass(frozen=True)
class StateLine:
    """Where a thing stands, in one sentence: the words around a `day`; what is `left` warns once it is late."""

    before: str
    day: str = ""
    after: str = ""
    left: str = ""
    is_late: bool = False


def taken(request: Request, form: forms.Form, act: Callable[..., Any], *args: Any) -> tuple[Any, list[str]]:
    """Act when `form` is good. Return the result and what stands against it, a sentence each: one of both is empty."""
    if not form.is_valid():
        return None, [FORM_IS_WRONG]
    try:
        return act(*args, **form.cleaned_data, by=request.user, at=request.now), []
    except Refused as refusal:
        return None, refusal.sentences


def submitted(request: Request, form: forms.Form, act: Callable[..., Any], *args: Any) -> Any:
    """Act when `form` was sent and is good, and return the result; else None, with what is wrong in the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    done, sentences = taken(request, form, act, *args)
    if sentences:
        form.add_error(None, sentences)
    return done


def make_move(
    request: Request,
    form: forms.Form,
    act: Callable[..., Any],
    pk: int,
    *,
    done: str,
    back: str,
    again: Callable[[list[str]], HttpResponse],
) -> HttpResponse:
    """Make a move from a page and go `back` to it; `again` draws it with what was typed and why it was not taken."""
    _, sentences = taken(request, form, act, pk)
    if sentences:
        return again(sentences)
    messages.success(request, done)
    return redirect(back)
