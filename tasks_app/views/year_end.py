"""The end of a year: what is still open, listed once; then it is settled, or the day is moved."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_plans
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.reminders.kinds import added, returned, review
from tasks_app.domain.reminders.kinds.things import REPORT
from tasks_app.domain.reminders.rules import Obligation
from tasks_app.domain.year_end import actions, rules
from tasks_app.domain.year_end.queries import in_words, what_is_open
from tasks_app.forms.year_end import SeenForm, YearEndForm
from tasks_app.models import Plan

from .middleware import Request
from .moves import make_move
from .permissions import requires


@require_safe
@requires(Permission.CLOSE_YEAR)
def year_end(request: Request, pk: int) -> HttpResponse:
    """The list, and what can be done."""
    return _page(request, _plan(request, pk))


@require_POST
@requires(Permission.CLOSE_YEAR)
def set_end(request: Request, pk: int) -> HttpResponse:
    """Move the day on which the year's work ends."""
    return _move(request, pk, YearEndForm(request.POST), actions.set_end, "已保存年度工作截止日。")


@require_POST
@requires(Permission.CLOSE_YEAR)
def close(request: Request, pk: int) -> HttpResponse:
    """Settle the year."""
    return _move(request, pk, SeenForm(request.POST), actions.close_year, "本年度已办结，不再催办。")


@require_POST
@requires(Permission.CLOSE_YEAR)
def reopen(request: Request, pk: int) -> HttpResponse:
    """Open a settled year again."""
    return _move(request, pk, forms.Form(request.POST), actions.reopen_year, "已撤销办结。")


def _plan(request: Request, pk: int) -> Plan:
    return get_object_or_404(visible_plans(request.user).select_related("closed_by"), pk=pk)


def _move(request: Request, pk: int, form: forms.Form, act: Callable[..., Any], done: str) -> HttpResponse:
    plan = _plan(request, pk)

    def again(sentences: list[str]) -> HttpResponse:
        return _page(request, plan, sentences, form)

    back = reverse("year_end", args=[plan.pk])
    return make_move(request, act, plan.pk, form=form, done=done, back=back, again=again)


def _page(
    request: Request, plan: Plan, refusal: Sequence[str] = (), form: forms.Form | None = None
) -> HttpResponse:
    periods = list(plan.periods.order_by("due_on"))
    left = [] if plan.closed_at else what_is_open(plan, request.now)
    context = {
        "plan": plan,
        "left": [(each, _address(request, each)) for each in left],
        "in_words": in_words(left),
        "last_day": rules.last_day(plan, periods),
        "why_not": rules.why_not_closed(plan, periods, local_date(request.now)),
        "form": form if isinstance(form, YearEndForm) else YearEndForm(initial={"ends_on": plan.ends_on}),
        "refusal": refusal,
    }
    return render(request, "plans/year_end.html", context)


def _address(request: Request, one: Obligation) -> str:
    """Return where the reader finds it, "" where nothing of it is to be read yet: a draft is the unit's own."""
    if not may(request.user, Permission.READ_REPORTS):
        return ""
    if one.kind.thing is not REPORT:
        return f"/{one.kind.address(one.page)}"
    has_left = one.kind.code in (returned.KIND.code, added.KIND.code, review.KIND.code)
    return reverse("review_report", args=[one.thing]) if has_left else ""
