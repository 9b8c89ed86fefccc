"""Matters to be coordinated: asking from an entry, the lists of both sides, answer, close."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks_app.choices import MatterKind
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import issuer_of, own_reports, reporting_units, visible_plans
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.matters import actions, queries
from tasks_app.domain.matters.rules import addressee_name, offered_day
from tasks_app.domain.matters.summary import summary_of
from tasks_app.domain.moves import MatterMove as Move
from tasks_app.forms.requests import (
    ADDRESSED,
    ASKED,
    AnswerForm,
    AskForm,
    AskOnTaskForm,
    CoordinationFilter,
    ReferForm,
)
from tasks_app.models import Matter, ProgressEntry, Report, Task, Unit

from .middleware import Request
from .moves import ITSELF, Offers, Panel, Place, make_move, submitted
from .permissions import requires

PAGE_SIZE = 30
# The moves made on the page itself: the form of each, and the actions behind it.
MOVES: dict[Move, type[forms.Form]] = {Move.ANSWER: AnswerForm, Move.SETTLE: forms.Form}
ACTIONS: dict[tuple[str, Move], Callable[..., Matter]] = {
    (MatterKind.COORDINATION, Move.ANSWER): actions.answer,
    (MatterKind.COORDINATION, Move.SETTLE): actions.close,
    (MatterKind.REFERRAL, Move.ANSWER): actions.answer_referral,
    (MatterKind.REFERRAL, Move.SETTLE): actions.take_back,
}
READERS = (Permission.FILL_REPORT, Permission.SIGN_REPORT, Permission.READ_OVERVIEW)
require_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires(*READERS)
def coordination(request: Request) -> HttpResponse:
    """List what one's unit asked or is asked; for office and leaders everything, summed up; what waits first."""
    of_unit = request.user.role in REPORTING_ROLES
    units = None if of_unit else reporting_units(request.user.unit).order_by("position", "code")
    form = CoordinationFilter(request.GET, units=units)
    everything = queries.listed_requests(request.user)
    found = queries.narrowed(everything, **form.criteria())
    if form.waits_long():
        found = queries.waiting_long(found, local_date(request.now), working_calendar())
    if of_unit and form.side_chosen() == ASKED:
        found = found.filter(asker=request.user.unit)
    elif of_unit and form.side_chosen() == ADDRESSED:
        found = found.filter(addressee=request.user.unit)
    page = Paginator(queries.open_first(found), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": form,
        "page": page,
        "asked": queries.asked(page.object_list, request.now),
        "handles": may(request.user, Permission.HANDLE_REQUESTS),
        "summary": None if of_unit else summary_of(everything.in_running_years(), request.now),
    }
    return render(request, "coordination/coordination.html", context)


@require_page
@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT)
def new(request: Request) -> HttpResponse:
    """Ask for something on one of the own unit's tasks, at any time and apart from a report."""
    unit, today = request.user.unit, local_date(request.now)
    tasks = Task.objects.in_use().filter(
        plan__in=visible_plans(request.user).filter(closed_at=None), assignments__unit=unit
    )
    units = _others(issuer_of(request.user), unit)
    initial = {"due_on": offered_day(today, working_calendar()), "task": request.GET.get("task")}
    form = AskOnTaskForm(
        request.POST or None, tasks=tasks.select_related("plan__issuer"), units=units, initial=initial
    )
    if item := submitted(request, form, actions.ask_on_task):
        messages.success(request, f"已提出，{addressee_name(item)}会在“协调事项”里看到。")
        return redirect("coordination_read", pk=item.pk)
    return render(request, "coordination/new.html", {"form": form})


@require_safe
@requires(*READERS)
def read(request: Request, pk: int) -> HttpResponse:
    """Show one matter with its steps and what can be done with it."""
    return _page(request, _item(request, pk))


@require_page
@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT)
def ask(request: Request, pk: int, entry_pk: int) -> HttpResponse:
    """Ask for something from an entry; within the form's page it answers with the entry's own part."""
    report = get_object_or_404(own_reports(request.user, local_date(request.now)), pk=pk)
    entry = get_object_or_404(report.entries.select_related("task"), pk=entry_pk)
    initial = {"due_on": offered_day(local_date(request.now), working_calendar()), "cause": entry.cause}
    units = _others(report.period.plan.issuer, report.unit)
    form = AskForm(request.POST or None, units=units, initial=initial, auto_id=f"ask-{entry.pk}-%s")
    if item := submitted(request, form, actions.ask, report.pk, entry.pk):
        if request.htmx:  # type: ignore[attr-defined]
            return _part(request, report, entry, None)
        messages.success(request, f"已提出，{addressee_name(item)}会在“协调事项”里看到。")
        return redirect(f"{reverse('report', args=[pk])}#task-{entry.task.number}")
    if request.htmx:  # type: ignore[attr-defined]
        return _part(request, report, entry, None if "cancel" in request.GET else form)
    return render(request, "coordination/ask.html", {"report": report, "entry": entry, "form": form})


@require_page
@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT)
def change(request: Request, pk: int) -> HttpResponse:
    """Mend what the own unit asked while nobody has answered."""
    item = get_object_or_404(queries.visible_requests(request.user).coordinations(), pk=pk)
    if not queries.is_asker(request.user, item, local_date(request.now)):
        raise Http404
    asks_office = item.addressee_id == item.plan.issuer_id
    addressee = None if asks_office else item.addressee_id
    initial = {"text": item.text, "addressee": addressee, "due_on": item.due_on, "cause": item.cause}
    form = AskForm(request.POST or None, units=_others(item.plan.issuer, item.asker), initial=initial)
    if request.method == "POST" and form.is_valid():
        back = reverse("coordination_read", args=[pk])
        return make_move(request, actions.change, pk, form=form, done="已修改。", back=back)
    return render(request, "coordination/change.html", {"form": form, "item": item})


@require_page
@requires(Permission.HANDLE_REQUESTS)
def refer(request: Request, pk: int) -> HttpResponse:
    """Hand a request on to the unit that can help."""
    item, today = _item(request, pk), local_date(request.now)
    if Move.REFER not in queries.open_moves(request.user, item, today):
        messages.error(request, f"这件事现在是“{item.get_state_display()}”，不能转办。")
        return redirect("coordination_read", pk=pk)
    units = reporting_units(item.plan.issuer).exclude(pk__in=[item.asker_id, item.addressee_id])
    initial = {"due_on": offered_day(today, working_calendar())}
    form = ReferForm(request.POST or None, units=units.order_by("position", "code"), initial=initial)
    if referral := submitted(request, form, actions.refer, pk):
        messages.success(request, f"已转{referral.addressee}办理，答复会同时到{item.asker}和市医改办。")
        return redirect("coordination_read", pk=pk)
    return render(request, "coordination/refer.html", {"item": item, "form": form})


@require_POST
@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT, Permission.HANDLE_REQUESTS)
def move(request: Request, pk: int, move: str) -> HttpResponse:
    """Make one of MOVES from the page; a refusal shows it again with every word kept."""
    item, chosen = _item(request, pk), Move(move)
    act, form = ACTIONS[item.kind, chosen], MOVES[chosen](request.POST)
    asker = item.parent.asker if item.parent is not None else item.asker
    done = f"已答复，{asker}会看到。" if chosen is Move.ANSWER else "已办结。"
    return make_move(
        request,
        act,
        pk,
        form=form,
        done=done,
        back=reverse("coordination_read", args=[pk]),
        again=lambda problems: _page(request, _item(request, pk), {(chosen, ITSELF): form}, problems),
    )


def _item(request: Request, pk: int) -> Matter:
    return get_object_or_404(queries.visible_requests(request.user), pk=pk)


def _others(issuer: Unit, asker: Unit) -> QuerySet[Unit]:
    """Return the units that `asker` may turn to."""
    return reporting_units(issuer).exclude(pk=asker.pk).order_by("position", "code")


def _page(
    request: Request,
    item: Matter,
    bound: Mapping[Place, Any] | None = None,
    problems: Sequence[str] = (),
) -> HttpResponse:
    """Draw the page; `bound` are forms that were sent and not taken, `problems` say why."""
    own = own_reports(request.user, local_date(request.now))
    [asked] = queries.asked([item], request.now)
    context = {
        "asked": asked,
        "steps": queries.steps_of(item),
        "panels": _panels(request, item, bound or {}),
        "handles": may(request.user, Permission.HANDLE_REQUESTS),
        "problems": problems,
        "own_report": own.filter(pk=item.entry.report_id).first() if item.entry is not None else None,
        "referrals": queries.asked(
            item.children.select_related("plan", "addressee", "answer", "ending"), request.now
        ),
    }
    return render(request, "coordination/read.html", context)


def _panels(request: Request, item: Matter, bound: Mapping[Place, Any]) -> list[Panel]:
    can = queries.open_moves(request.user, item, local_date(request.now))
    offer = Offers(
        address=lambda move: reverse(f"coordination_{move}", args=[item.pk]),
        form_of=lambda move: MOVES[Move(move)](),
        bound=bound,
    )
    panels = []
    if Move.ANSWER in can:
        confirm = "答复后双方都不能再修改。确定答复？"
        panels.append(Panel("答复", [offer(Move.ANSWER, "答复", confirm=confirm)]))
    if Move.REFER in can:
        note = "不归市医改办答复的，可以转给能解决的单位，答复会同时到提出单位和市医改办。"
        panels.append(
            Panel("转办", note=note, links=[(reverse("coordination_refer", args=[item.pk]), "转办")])
        )
    if can & {Move.CHANGE, Move.SETTLE}:
        links = [(reverse("coordination_change", args=[item.pk]), "修改")] if Move.CHANGE in can else []
        button, confirm = "办结", "办结这件事？办结后不再列在待办里。"
        if item.answer is None:
            button, confirm = "不再需要，办结", "这件事还没有答复，确定不再需要协调、直接办结？"
        close = offer(Move.SETTLE, button, confirm=confirm, style="btn-outline-primary")
        panels.append(Panel("其他办理", [close], links=links))
    return panels


def _part(request: Request, report: Report, entry: ProgressEntry, form: AskForm | None) -> HttpResponse:
    asks = queries.asked_on(report, request.now, working_calendar()).get(entry.task_id, [])
    context = {"report": report, "entry": entry, "asks": asks, "form": form, "may_ask": True}
    return render(request, "coordination/_on_entry.html", context)
