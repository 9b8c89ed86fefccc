"""提醒约谈: the list, the proposal, one with its ledger and list of corrections, every move of office and unit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from tasks_app.clock import SHANGHAI, local_date
from tasks_app.domain.access.queries import reporting_units
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.escalation.candidates import candidate_after
from tasks_app.domain.escalation.queries import visible_notices
from tasks_app.domain.interviews import actions, queries, rules
from tasks_app.domain.interviews.queries import Item
from tasks_app.domain.interviews.rules import Move
from tasks_app.forms.interviews import (
    MOST_ROWS,
    ROWS,
    CloseForm,
    CorrectionForm,
    InterviewFilter,
    NewForm,
    NotifyForm,
    ProposalForm,
    RecordForm,
    RefusalForm,
    VerifyForm,
    WithdrawForm,
    demand_rows,
)
from tasks_app.models import Correction, Interview, SupervisionNotice
from tasks_app.tables.interviews import InterviewTable

from .middleware import Request
from .permissions import requires

P = Permission
PAGE_SIZE = 30
# Offered in the forms, changed by the person.
NOTICE_WORKING_DAYS, NOTICE_HOUR, CORRECTION_WORKING_DAYS = 3, time(9), 10
require_page = require_http_methods(["GET", "HEAD", "POST"])
# A form on the page: its move, and for an item of the list the number of its row.
Place = tuple[Move, int]
ITSELF = 0


@dataclass(frozen=True)
class Row:
    """One item of the list of corrections, with the forms of the moves that can be made with it."""

    item: Item
    forms: dict[str, forms.Form]
    opened: frozenset[str]  # what was typed into these was not taken


@require_safe
@requires(P.READ_NOTICES, P.ANSWER_NOTICE)
def interviews(request: Request) -> HttpResponse:
    """List the 约谈 that the user may see, the open ones first."""
    today = local_date(request.now)
    visible = queries.visible_interviews(request.user, today)
    reads_all = may(request.user, P.READ_NOTICES)
    units = reporting_units(request.user.unit).order_by("position", "code") if reads_all else None
    form = InterviewFilter(request.GET, units=units, years=queries.years_of(visible))
    found = queries.in_order(queries.counted(queries.narrowed(visible, **form.criteria()), today))
    exclude = () if reads_all else ("unit", "age")
    table = InterviewTable(found, calendar=working_calendar(), today=today, exclude=exclude)
    RequestConfig(request, paginate={"per_page": PAGE_SIZE}).configure(table)
    context = {"filter": form, "table": table, "escalates": may(request.user, P.ESCALATE)}
    return render(request, "interviews/interviews.html", context)


@require_page
@requires(P.ESCALATE)
def new(request: Request) -> HttpResponse:
    """Propose a 约谈 of a unit (?unit=), or one that follows from a 督查单 (?notice=), with its grounds."""
    notice = _notice(request)
    form: forms.Form
    subject: dict[str, Any] = {}
    initial: dict[str, Any]
    if notice is not None:
        candidate = candidate_after(notice, request.now)
        subject = {"unit": notice.unit, "plan": notice.plan}
        initial = {"title": candidate.subject, "grounds": candidate.grounds}
        form = ProposalForm(request.POST or None, initial=initial)
        others = queries.interviews_of(notice.unit)
    else:
        units = reporting_units(request.user.unit).order_by("position", "code")
        asked = request.GET.get("unit", "")
        unit = units.filter(pk=asked).first() if asked.isdecimal() else None
        plans = queries.plans_to_choose(request.user.unit)
        initial = {"unit": unit, "plan": plans.first()}
        form = NewForm(request.POST or None, initial=initial, units=units, plans=plans)
        others = queries.interviews_of(unit) if unit else Interview.objects.none()
    if request.method == "POST" and form.is_valid():
        given = subject | form.cleaned_data
        try:
            made = actions.propose(notice=notice, **given, by=request.user, at=request.now)
        except actions.InterviewRefusedError as refusal:
            form.add_error(None, refusal.problems)
        else:
            messages.success(request, "已提出约谈，单位还看不到。请核对后发出约谈通知。")
            return redirect("interview", pk=made.pk)
    context = {"form": form, "notice": notice, "others": others}
    return render(request, "interviews/new.html", context)


@require_page
@requires(P.ESCALATE)
def edit(request: Request, pk: int) -> HttpResponse:
    """Mend the proposal."""
    found = _visible(request, pk)
    if found.state not in rules.MOVES[Move.EDIT][1]:
        messages.error(request, f"这件约谈{found.get_state_display()}，事由和依据不能再修改。")
        return redirect("interview", pk=pk)
    form = ProposalForm(request.POST or None, initial={"title": found.title, "grounds": found.grounds})
    if request.method == "POST" and not _problems(request, form, actions.edit_proposal, pk):
        messages.success(request, "已保存。")
        return redirect("interview", pk=pk)
    return render(request, "interviews/edit.html", {"interview": found, "form": form})


@require_safe
@requires(P.READ_NOTICES, P.ANSWER_NOTICE)
def interview(request: Request, pk: int) -> HttpResponse:
    """Show one 约谈, its list of corrections, its ledger, and what its state lets the user do."""
    return _page(request, _visible(request, pk))


@require_POST
@requires(P.ESCALATE)
def notify(request: Request, pk: int) -> HttpResponse:
    """Notify the unit, or tell it that the 约谈 is put off."""
    found, form = _visible(request, pk), _form(Move.NOTIFY, request, calendar=working_calendar())
    return _step(request, found, Move.NOTIFY, form, actions.notify, "约谈通知已发出，单位可以看到了。")


@require_POST
@requires(P.ESCALATE)
def record(request: Request, pk: int) -> HttpResponse:
    """Put on record what was said."""
    found, form = _visible(request, pk), _form(Move.RECORD, request)
    done = "约谈记录已保存。请下达整改清单；没有整改事项的，可以写明理由销号。"
    return _step(request, found, Move.RECORD, form, actions.record_interview, done)


@require_POST
@requires(P.ESCALATE)
def demand(request: Request, pk: int) -> HttpResponse:
    """Give the unit its list of corrections; or only show more empty rows."""
    found, calendar = _visible(request, pk), working_calendar()
    rows = demand_rows(request.POST, calendar=calendar)
    if "more" in request.POST:
        data = request.POST.copy()
        data["demand-TOTAL_FORMS"] = str(min(rows.total_form_count() + ROWS, MOST_ROWS))
        return _page(request, found, {(Move.DEMAND, ITSELF): demand_rows(data, calendar=calendar)})
    problems = ["整改清单没有下达，请改正标出的内容。"]
    if rows.is_valid():
        try:
            actions.demand_corrections(pk, demands=rows.demands(), by=request.user, at=request.now)
        except actions.InterviewRefusedError as refusal:
            problems = refusal.problems
        else:
            messages.success(request, "整改清单已下达，单位会收到提醒。")
            return redirect("interview", pk=pk)
    if not rows.management_form.is_valid():
        rows = demand_rows(calendar=calendar)
    return _page(request, _visible(request, pk), {(Move.DEMAND, ITSELF): rows}, problems)


@require_POST
@requires(P.ESCALATE)
def close(request: Request, pk: int) -> HttpResponse:
    """End it (销号)."""
    found = _visible(request, pk)
    form = _form(Move.CLOSE, request, has_items=found.corrections.exists())
    return _step(request, found, Move.CLOSE, form, actions.close, "已销号。")


@require_POST
@requires(P.ESCALATE)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Give it up before it is held."""
    found, form = _visible(request, pk), _form(Move.WITHDRAW, request)
    return _step(request, found, Move.WITHDRAW, form, actions.withdraw, "已取消约谈。")


@require_POST
@requires(P.ANSWER_NOTICE)
def answer(request: Request, pk: int, correction_pk: int) -> HttpResponse:
    """Report for the unit on one item."""
    own = queries.own_interviews(request.user, local_date(request.now))
    item = _item(get_object_or_404(own, pk=pk), correction_pk)
    form, done = _form(Move.ANSWER, request, item.pk), f"第 {item.number} 项已报告，等待市医改办核验。"
    return _step(request, item.interview, Move.ANSWER, form, actions.answer_correction, done, item)


@require_POST
@requires(P.ESCALATE)
def verify(request: Request, pk: int, correction_pk: int) -> HttpResponse:
    """Be content with one item."""
    item = _item(_visible(request, pk), correction_pk)
    form, done = _form(Move.VERIFY, request, item.pk), f"第 {item.number} 项已通过核验。"
    return _step(request, item.interview, Move.VERIFY, form, actions.verify_correction, done, item)


@require_POST
@requires(P.ESCALATE)
def refuse(request: Request, pk: int, correction_pk: int) -> HttpResponse:
    """Send one item back with a new limit."""
    item = _item(_visible(request, pk), correction_pk)
    form = _form(Move.REFUSE, request, item.pk, calendar=working_calendar())
    done = f"第 {item.number} 项已退回，单位须在新的时限前重新报告。"
    return _step(request, item.interview, Move.REFUSE, form, actions.refuse_correction, done, item)


FORMS: dict[Move, Callable[..., forms.Form]] = {
    Move.NOTIFY: NotifyForm,
    Move.RECORD: RecordForm,
    Move.CLOSE: CloseForm,
    Move.WITHDRAW: WithdrawForm,
    Move.ANSWER: CorrectionForm,
    Move.VERIFY: VerifyForm,
    Move.REFUSE: RefusalForm,
}


def _form(move: Move, request: Request | None, item_pk: int = ITSELF, **kwargs: Any) -> forms.Form:
    """Return the form of a move; its ids carry move and item, for several stand on one page."""
    data = request.POST if request is not None else None
    return FORMS[move](data, auto_id=f"{move}-{item_pk}-%s" if item_pk else f"{move}-%s", **kwargs)


def _visible(request: Request, pk: int) -> Interview:
    return get_object_or_404(queries.visible_interviews(request.user, local_date(request.now)), pk=pk)


def _item(found: Interview, correction_pk: int) -> Correction:
    return get_object_or_404(found.corrections.select_related("interview"), pk=correction_pk)


def _notice(request: Request) -> SupervisionNotice | None:
    """Return the 督查单 that the address names, None when it names none; one that is not the user's is a 404."""
    asked = request.GET.get("notice", "")
    if not asked:
        return None
    visible = visible_notices(request.user, local_date(request.now)).filter(issued_at__isnull=False)
    return get_object_or_404(visible, pk=asked if asked.isdecimal() else 0)


def _problems(request: Request, form: forms.Form, act: Callable[..., Any], pk: int) -> list[str]:
    """Act when the form is good; return what stands against it, a sentence each, and nothing when it is done."""
    if not form.is_valid():
        return ["没有办理，请改正标出的内容。"]
    try:
        act(pk, **form.cleaned_data, by=request.user, at=request.now)
    except actions.InterviewRefusedError as refusal:
        return refusal.problems
    return []


def _step(
    request: Request,
    found: Interview,
    move: Move,
    form: forms.Form,
    act: Callable[..., Any],
    done: str,
    item: Correction | None = None,
) -> HttpResponse:
    """Make a move from the page; what cannot be done is said on it, with the words that were typed."""
    problems = _problems(request, form, act, item.pk if item else found.pk)
    if not problems:
        messages.success(request, done)
        return redirect("interview", pk=found.pk)
    place = (move, item.pk if item else ITSELF)
    return _page(request, _visible(request, found.pk), {place: form}, problems)


def _page(
    request: Request,
    found: Interview,
    bound: Mapping[Place, Any] | None = None,
    problems: Sequence[str] = (),
) -> HttpResponse:
    """Draw the page; `bound` are forms that were sent and not taken, `problems` say why."""
    bound = bound or {}
    today, calendar = local_date(request.now), working_calendar()
    escalates = may(request.user, P.ESCALATE) and found.issuer_id == request.user.unit_id
    answers = queries.answers_for_unit(request.user, found, today)
    can = {
        move: found.state in states and (escalates if whose == rules.OFFICE else answers)
        for move, (whose, states) in rules.MOVES.items()
    }
    steps = queries.steps_of(found, for_unit=not may(request.user, P.READ_NOTICES))
    corrections = queries.corrections_of(found)
    items = queries.items_of(corrections, today, calendar, steps)
    drawn = _forms(found, can, bool(items), calendar, request.now)
    context = {
        "interview": found,
        "steps": steps,
        "rows": [_row(item, can, bound, calendar, request.now) for item in items],
        "unverified": rules.missing_for_close(corrections, "有理由"),
        "can": {move.value: possible for move, possible in can.items()},
        "forms": drawn | {move.value: form for (move, pk), form in bound.items() if pk == ITSELF},
        "opened": {move.value: True for move, pk in bound if pk == ITSELF},
        "problems": problems,
        "escalates": escalates,
    }
    return render(request, "interviews/interview.html", context)


def _forms(
    found: Interview, can: Mapping[Move, bool], has_items: bool, calendar: WorkingCalendar, at: datetime
) -> dict[str, Any]:
    """Return an empty form for every move of the 约谈 itself that can be made, with what is offered."""
    today = local_date(at)
    offered = datetime.combine(calendar.add(today, NOTICE_WORKING_DAYS), NOTICE_HOUR, SHANGHAI)
    people = {"interviewer": found.interviewer, "interviewee": found.interviewee}
    planned = {"planned_at": localtime(found.planned_at or offered), "place": found.place}
    planned_on = local_date(found.planned_at) if found.planned_at else today
    held = {"held_on": found.held_on or min(planned_on, today), "record": found.record}
    given: dict[Move, dict[str, Any]] = {
        Move.NOTIFY: {"calendar": calendar, "initial": people | planned},
        Move.RECORD: {"initial": people | held},
        Move.CLOSE: {"has_items": has_items},
        Move.WITHDRAW: {},
    }
    drawn: dict[str, Any] = {
        move.value: _form(move, None, **kwargs) for move, kwargs in given.items() if can[move]
    }
    if can[Move.DEMAND]:
        drawn[Move.DEMAND.value] = demand_rows(calendar=calendar)
    return drawn


def _row(
    item: Item, can: Mapping[Move, bool], bound: Mapping[Place, Any], calendar: WorkingCalendar, at: datetime
) -> Row:
    correction = item.correction
    drawn: dict[str, forms.Form] = {}
    if can[Move.ANSWER] and not item.is_verified:
        drawn[Move.ANSWER.value] = _form(
            Move.ANSWER, None, correction.pk, initial={"text": correction.answer}
        )
    if can[Move.VERIFY] and item.is_reported:
        drawn[Move.VERIFY.value] = _form(Move.VERIFY, None, correction.pk)
        limit = {"due_on": calendar.add(local_date(at), CORRECTION_WORKING_DAYS)}
        drawn[Move.REFUSE.value] = _form(Move.REFUSE, None, correction.pk, initial=limit, calendar=calendar)
    mine = {move.value: form for (move, pk), form in bound.items() if pk == correction.pk}
    return Row(item, drawn | {name: mine[name] for name in mine if name in drawn}, frozenset(mine))
