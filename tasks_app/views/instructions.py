"""Instructions (批示): writing one on a row, the list that is a leader's inbox, the answer, asking again, closing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import reporting_units, visible_plans
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.instructions import actions, queries
from tasks_app.domain.matters.queries import asked, open_moves, steps_of
from tasks_app.domain.matters.rules import addressee_name, offered_day
from tasks_app.domain.moves import MatterMove as Move
from tasks_app.domain.plan.queries import leading_units
from tasks_app.forms.instructions import AskAgainForm, HandledForm, InstructForm, InstructionFilter
from tasks_app.models import Matter, Task

from .middleware import Request
from .moves import ITSELF, Offers, Panel, Place, make_move, submitted
from .permissions import requires

PAGE_SIZE = 30
# The moves made on the page itself: the form of each, the action behind it, what is said when it is done.
MOVES: dict[Move, tuple[type[forms.Form], Callable[..., Matter], str]] = {
    Move.ANSWER: (HandledForm, actions.answer, "已报告办理情况，领导会在批示下面看到。"),
    Move.REFUSE: (AskAgainForm, actions.ask_again, "已请其再办理。"),
    Move.SETTLE: (forms.Form, actions.close, "已办结。"),
}
READERS = (Permission.INSTRUCT, Permission.HANDLE_REQUESTS, Permission.ANSWER_NOTICE)


@require_safe
@requires(*READERS)
def instructions(request: Request) -> HttpResponse:
    """List the instructions: a leader's answered ones first, for who has to answer the open ones."""
    of_unit, instructs = request.user.role in REPORTING_ROLES, may(request.user, Permission.INSTRUCT)
    form = InstructionFilter(request.GET, of_unit=of_unit)
    found = queries.narrowed(queries.visible_instructions(request.user), **form.criteria())
    ordered = queries.in_order(found, answered_first=instructs)
    page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": form,
        "page": page,
        "asked": asked(page.object_list, request.now),
        "instructs": instructs,
        "handles": may(request.user, Permission.HANDLE_REQUESTS),
    }
    return render(request, "instructions/instructions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.INSTRUCT)
def instruct(request: Request, task_pk: int) -> HttpResponse:
    """Write a few words on what a unit (`?unit=`, by default all) does in a task."""
    tasks = Task.objects.in_use().filter(plan__in=visible_plans(request.user)).select_related("plan__issuer")
    task = get_object_or_404(tasks, pk=task_pk)
    unit = queries.unit_of_row(task, request.GET.get("unit", ""))
    units = reporting_units(task.plan.issuer).order_by("position", "code")
    initial = {
        "addressee": unit.answering if unit is not None else next(iter(leading_units(task)), None),
        "due_on": offered_day(local_date(request.now), working_calendar()),
    }
    form = InstructForm(request.POST or None, units=units, initial=initial)
    if item := submitted(request, form, _instruct_on(unit), task.pk):
        messages.success(request, f"已批示，工作时间内马上告知{addressee_name(item)}。")
        return redirect("instruction", pk=item.pk)
    rows = queries.on_rows(task.plan, [(unit.pk if unit is not None else None, task.pk)], request.now)
    context = {
        "task": task,
        "unit": unit,
        "form": form,
        "asks": [one for row in rows.values() for one in row],
    }
    return render(request, "instructions/instruct.html", context)


@require_safe
@requires(*READERS)
def instruction(request: Request, pk: int) -> HttpResponse:
    """Show one instruction with its steps and what can be done with it."""
    return _page(request, _item(request, pk))


@require_POST
@requires(*READERS)
def move(request: Request, pk: int, move: str) -> HttpResponse:
    """Make one of MOVES from the page; a refusal shows it again with every word kept."""
    item, chosen = _item(request, pk), Move(move)
    make, act, done = MOVES[chosen]
    form = make(request.POST)
    return make_move(
        request,
        act,
        item.pk,
        form=form,
        done=done,
        back=reverse("instruction", args=[pk]),
        again=lambda problems: _page(request, _item(request, pk), {(chosen, ITSELF): form}, problems),
    )


def _instruct_on(unit: Any) -> Callable[..., Matter]:
    return lambda task_pk, **given: actions.instruct(task_pk, unit=unit, **given)


def _item(request: Request, pk: int) -> Matter:
    return get_object_or_404(queries.visible_instructions(request.user), pk=pk)


def _page(
    request: Request,
    item: Matter,
    bound: Mapping[Place, Any] | None = None,
    problems: Sequence[str] = (),
) -> HttpResponse:
    """Draw the page; `bound` are forms that were sent and not taken, `problems` say why."""
    [shown] = asked([item], request.now)
    context = {
        "asked": shown,
        "steps": steps_of(item),
        "panels": _panels(request, item, bound or {}),
        "problems": problems,
        "instructs": may(request.user, Permission.INSTRUCT),
        "reads_all": may(request.user, Permission.READ_REPORTS),
    }
    return render(request, "instructions/read.html", context)


def _panels(request: Request, item: Matter, bound: Mapping[Place, Any]) -> list[Panel]:
    today = local_date(request.now)
    can = open_moves(request.user, item, today)
    again = {"due_on": offered_day(today, working_calendar())}
    offer = Offers(
        address=lambda move: reverse(f"instruction_{move}", args=[item.pk]),
        form_of=lambda move: MOVES[Move(move)][0](initial=again if move is Move.REFUSE else {}),
        bound=bound,
    )
    panels = []
    if Move.ANSWER in can:
        panels.append(Panel("报告办理情况", [offer(Move.ANSWER, "报告")]))
    if Move.SETTLE in can:
        button, confirm = ("办结", "") if item.answer else ("不再需要，办结", "还没有答复，确定直接办结？")
        offers = [offer(Move.SETTLE, button, confirm=confirm)]
        if Move.REFUSE in can:
            offers.append(offer(Move.REFUSE, "请再办理", summary="请再办理", style="btn-outline-primary"))
        panels.append(Panel("待您定" if item.answer else "其他办理", offers))
    return panels
