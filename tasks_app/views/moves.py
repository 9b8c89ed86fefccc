"""Moves on a page, the same way for every workflow: form → action → message → page; panels hold those that are open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
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
    name: str = ""  # what the button itself sends along, and with which value
    value: str = "1"
    summary: str = ""
    summary_style: str = ""
    about: str = ""  # said behind the summary to those who hear the page
    is_opened: bool = False
    template: str = "components/move_form.html"


# A form on a page: its move, and the number of the row that it stands in.
Place = tuple[StrEnum, int]
ITSELF = 0


@dataclass(frozen=True)
class Offers:
    """Makes the offers of a page, or of one `row` of it: a form that was sent and not taken stays, and stays open."""

    address: Callable[[StrEnum], str]
    form_of: Callable[[StrEnum], Any]
    bound: Mapping[Place, Any]
    row: int = ITSELF

    def __call__(self, move: StrEnum, button: str, **given: Any) -> Offer:
        """Return the offer of `move`."""
        is_sent = (move, self.row) in self.bound
        form = self.bound[move, self.row] if is_sent else self.form_of(move)
        return Offer(self.address(move), button, form, is_opened=is_sent, **given)


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


def taken(
    request: Request, form: forms.BaseForm | None, act: Callable[..., Any], *args: Any
) -> tuple[Any, list[str]]:
    """Act when `form`, if there is one, is good. Return the result and what stands against it, a sentence each.

    One of both is empty.
    """
    if form is not None and not form.is_valid():
        return None, [FORM_IS_WRONG]
    given = form.cleaned_data if form is not None else {}
    try:
        return act(*args, **given, by=request.user, at=request.now), []
    except Refused as refusal:
        return None, refusal.sentences


def submitted(request: Request, form: forms.BaseForm, act: Callable[..., Any], *args: Any) -> Any:
    """Act when `form` was sent and is good, and return the result; else None, with what is wrong in the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(*args, **form.cleaned_data, by=request.user, at=request.now)
    except Refused as refusal:
        for field, sentence in refusal.faults.items():
            form.add_error(field, sentence)
        if not refusal.faults:
            form.add_error(None, refusal.sentences)
        return None


def make_move(
    request: Request,
    act: Callable[..., Any],
    *args: Any,
    done: str | Callable[[Any], str],
    back: str | Callable[[Any], str],
    form: forms.BaseForm | None = None,
    wrong: str = FORM_IS_WRONG,
    lead: str = "",
    instead: str = "",
    again: Callable[[list[str]], HttpResponse] | None = None,
) -> HttpResponse:
    """Make a move from a page, say what was `done` and go `back`; both may depend on what `act` returned.

    What stands against it is said where the person goes `instead`, or `again` draws the page with what was typed;
    `wrong` says what a form lacks. `lead` names what all of it is about.
    """
    result, sentences = taken(request, form, act, *args)
    if not sentences:
        messages.success(request, f"{lead}{done(result) if callable(done) else done}")
        return redirect(back(result) if callable(back) else back)
    if again is not None:
        return again(sentences)
    lacks = form is not None and bool(form.errors)
    messages.error(request, f"{lead}{wrong if lacks else ''.join(sentences)}")
    return redirect(instead or (back if isinstance(back, str) else "home"))
