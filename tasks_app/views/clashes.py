"""The clash list of a plan: every limit and rung on a day off with a proposed day, taken over with one click."""

from datetime import date
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from tasks_app.clock import local_date, short_day
from tasks_app.domain.access.queries import visible_plans
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.clashes.actions import adopt_proposal
from tasks_app.domain.clashes.queries import clashes_of
from tasks_app.domain.clashes.rules import FIELDS
from tasks_app.models import ReportingPeriod

from .middleware import Request
from .moves import make_move
from .permissions import requires


@require_safe
@requires(Permission.MANAGE_PLAN)
def clashes(request: Request, pk: int) -> HttpResponse:
    """What clashes in one plan, from today on."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    context = {"plan": plan, "found": clashes_of(plan, local_date(request.now))}
    return render(request, "clashes/clashes.html", context)


@require_POST
@requires(Permission.MANAGE_PLAN)
def adopt(request: Request, pk: int) -> HttpResponse:
    """Take over one proposed day."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    posted = request.POST
    field, proposed = posted.get("field", ""), _day(posted.get("proposed", ""))
    period = posted.get("period", "")
    if proposed is None or field not in FIELDS or not (period.isascii() and period.isdigit()):
        messages.error(request, "没有收到要采用的日期，请在列表中重新点“采用建议日期”。")
        return redirect("clashes", pk=plan.pk)

    def done(result: tuple[ReportingPeriod, int]) -> str:
        changed, carried = result
        note = f"，{carried} 份尚未报送的填报改按新的截止日" if carried else ""
        return f"{changed}的{FIELDS[field]}已改为{short_day(proposed)}{note}。"

    act = partial(adopt_proposal, today=local_date(request.now))
    back = reverse("clashes", args=[plan.pk])
    return make_move(request, act, plan, int(period), field, proposed, done=done, back=back)


def _day(text: str) -> date | None:
    """Return the day that was posted, None where it is none."""
    try:
        return parse_date(text)
    except ValueError:  # well written, and not in the calendar
        return None
