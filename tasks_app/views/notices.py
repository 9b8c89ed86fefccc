"""督查单: the list, one with its ledger and what can be done with it, and every move of office and unit."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from tasks_app.choices import NoticeState, StepKind
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import reporting_units
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.escalation import actions, queries, rules
from tasks_app.domain.escalation.candidates import candidate_after
from tasks_app.domain.escalation.rules import Move
from tasks_app.domain.reporting.rules import FILED_STATES
from tasks_app.forms.escalation import (
    AcceptForm,
    HearForm,
    IssueForm,
    NoticeFilter,
    NoticeForm,
    ObjectForm,
    ReasonForm,
    RefuseForm,
    ReplyForm,
)
from tasks_app.models import SupervisionNotice
from tasks_app.tables.escalation import NoticeTable

from .middleware import Request
from .permissions import requires

P = Permission
PAGE_SIZE = 30
require_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires(P.READ_NOTICES, P.ANSWER_NOTICE)
def notices(request: Request) -> HttpResponse:
    """List the 督查单 that the user may see, the open ones first."""
    today = local_date(request.now)
    visible = queries.visible_notices(request.user, today)
    reads_all = may(request.user, P.READ_NOTICES)
    units = reporting_units(request.user.unit).order_by("position", "code") if reads_all else None
    form = NoticeFilter(request.GET, units=units, years=queries.years_of(visible))
    found = queries.in_order(queries.narrowed(visible, **form.criteria()))
    exclude = () if reads_all else ("unit",)
    table = NoticeTable(found, calendar=working_calendar(), today=today, exclude=exclude)
    RequestConfig(request, paginate={"per_page": PAGE_SIZE}).configure(table)
    context = {"filter": form, "table": table, "escalates": may(request.user, P.ESCALATE)}
    return render(request, "notices/notices.html", context)


@require_safe
@requires(P.READ_NOTICES, P.ANSWER_NOTICE)
def notice(request: Request, pk: int) -> HttpResponse:
    """Show one 督查单, its ledger, and what its state lets the user do."""
    return _page(request, _visible(request, pk))


@require_page
@requires(P.ESCALATE)
def edit(request: Request, pk: int) -> HttpResponse:
    """Mend the draft; what the unit was heard on is heard anew."""
    found = _visible(request, pk)
    if found.state not in rules.MOVES[Move.EDIT][1]:
        messages.error(request, f"这件督查单{found.get_state_display()}，不能再修改。")
        return redirect("notice", pk=pk)
    is_heard = found.state == NoticeState.HEARING
    fields = ("colour", "higher_because", "title", "grounds", "requirement", "reply_due_on")
    calendar = working_calendar()
    initial = {name: getattr(found, name) for name in fields}
    initial["objection_due_on"] = calendar.add(local_date(request.now), rules.OBJECTION_WORKING_DAYS)
    form = NoticeForm(
        request.POST or None,
        initial=initial,
        calendar=calendar,
        is_first=found.predecessor_id is None,
        is_heard=is_heard,
    )
    if request.method == "POST" and _done(request, form, actions.edit_notice, pk):
        messages.success(request, "已保存，单位可以就改动后的内容申辩。" if is_heard else "已保存。")
        return redirect("notice", pk=pk)
    return render(request, "notices/edit.html", {"notice": found, "form": form, "is_heard": is_heard})


@require_page
@requires(P.ESCALATE)
def raise_colour(request: Request, pk: int) -> HttpResponse:
    """Draft the next colour of a 督查单 that was not heeded; its grounds are what happened since."""
    found = _visible(request, pk)
    is_replied = found.state == NoticeState.REPLIED
    refused = rules.why_not_raise(found, "已回复" if is_replied else "", local_date(request.now))
    if found.state not in rules.MOVES[Move.RAISE][1] or refused:
        messages.error(request, refused or f"这件督查单{found.get_state_display()}，不能转下一色。")
        return redirect("notice", pk=pk)
    candidate = candidate_after(found, request.now)
    assert candidate.colour is not None, "why_not_raise says that there is a next colour"  # noqa: S101
    calendar = working_calendar()
    after_hearing = calendar.add(local_date(request.now), rules.OBJECTION_WORKING_DAYS)
    initial = {
        "title": candidate.subject,
        "grounds": candidate.grounds,
        "requirement": candidate.requirement,
        "reply_due_on": rules.offered_limit(after_hearing, candidate.colour, calendar),
    }
    form = NoticeForm(request.POST or None, initial=initial, calendar=calendar, is_replied=is_replied)
    if request.method == "POST" and (successor := _done(request, form, actions.raise_notice, pk)):
        messages.success(request, f"已转下一色并拟好{candidate.colour.label}督查单，请核对后告知单位。")
        return redirect("notice", pk=successor.pk)
    return render(request, "notices/raise.html", {"notice": found, "form": form, "colour": candidate.colour})


@require_POST
@requires(P.ESCALATE)
def hear(request: Request, pk: int) -> HttpResponse:
    """Tell the unit what is intended and ask for its objection."""
    form = partial(HearForm, calendar=working_calendar())
    return _step(
        request, _visible(request, pk), "hear", form, actions.ask_for_objection, "已告知单位，等待申辩。"
    )


@require_POST
@requires(P.ESCALATE)
def issue(request: Request, pk: int) -> HttpResponse:
    """Issue it: it gets its number."""
    found = _visible(request, pk)
    has_objection = rules.has_objected(rules.objection(queries.steps_of(found)))
    form = partial(IssueForm, calendar=working_calendar(), has_objection=has_objection)
    return _step(request, found, "issue", form, actions.issue_notice, "已签发，单位可以签收和回复了。")


@require_POST
@requires(P.ESCALATE)
def refuse(request: Request, pk: int) -> HttpResponse:
    """Send the reply back with a new limit."""
    form = partial(RefuseForm, calendar=working_calendar())
    return _step(
        request, _visible(request, pk), "refuse", form, actions.refuse_reply, "已退回回复，单位须重新回复。"
    )


@require_POST
@requires(P.ESCALATE)
def accept(request: Request, pk: int) -> HttpResponse:
    """Accept the reply."""
    return _step(
        request, _visible(request, pk), "accept", AcceptForm, actions.accept_reply, "已认可，督查单办结。"
    )


@require_POST
@requires(P.ESCALATE)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Withdraw it; a number that was given stays with it."""
    return _step(request, _visible(request, pk), "withdraw", ReasonForm, actions.withdraw_notice, "已撤销。")


@require_POST
@requires(P.ANSWER_NOTICE)
def object_to(request: Request, pk: int) -> HttpResponse:
    """Object for the unit, or say that there is nothing to object to."""
    found = _own(request, pk)
    if "agree" in request.POST:
        given = {"text": rules.NO_OBJECTION}
        return _step(request, found, "object", ObjectForm, actions.object_to_notice, "已表示无异议。", given)
    return _step(
        request, found, "object", ObjectForm, actions.object_to_notice, "已提出申辩，市医改办会答复。"
    )


@require_POST
@requires(P.ANSWER_NOTICE)
def acknowledge(request: Request, pk: int) -> HttpResponse:
    """Sign for the receipt."""
    return _step(
        request, _own(request, pk), "acknowledge", forms.Form, actions.acknowledge, "已签收，请按时回复。"
    )


@require_POST
@requires(P.ANSWER_NOTICE)
def reply(request: Request, pk: int) -> HttpResponse:
    """Reply for the unit."""
    return _step(request, _own(request, pk), "reply", ReplyForm, actions.reply, "已回复，等待市医改办审核。")


def _visible(request: Request, pk: int) -> SupervisionNotice:
    return get_object_or_404(queries.visible_notices(request.user, local_date(request.now)), pk=pk)


def _own(request: Request, pk: int) -> SupervisionNotice:
    return get_object_or_404(queries.own_notices(request.user, local_date(request.now)), pk=pk)


def _done(request: Request, form: forms.Form, act: Callable[..., SupervisionNotice], pk: int) -> Any:
    """Act when the form is good and return the result; else None, with what is wrong in the form."""
    if not form.is_valid():
        return None
    try:
        return act(pk, **form.cleaned_data, by=request.user, at=request.now)
    except actions.NoticeRefusedError as refusal:
        form.add_error(None, str(refusal))
        return None


def _step(
    request: Request,
    found: SupervisionNotice,
    name: str,
    form_class: Callable[..., forms.Form],
    act: Callable[..., SupervisionNotice],
    done: str,
    given: Any = None,
) -> HttpResponse:
    """Make a move from the page; what cannot be done is said on it, with the words that were typed."""
    form = form_class(given or request.POST, auto_id=f"{name}-%s")
    if _done(request, form, act, found.pk):
        messages.success(request, done)
        return redirect("notice", pk=found.pk)
    found.refresh_from_db()
    return _page(request, found, **{name: form})


def _page(request: Request, found: SupervisionNotice, **bound: forms.Form) -> HttpResponse:
    """Draw the page; `bound` are forms that were sent and not taken, by the name of their move."""
    today, calendar = local_date(request.now), working_calendar()
    escalates = may(request.user, P.ESCALATE) and found.issuer_id == request.user.unit_id
    answers = queries.answers_for_unit(request.user, found, today)
    reads_all = may(request.user, P.READ_NOTICES)
    steps = queries.steps_of(found, for_unit=not reads_all)
    said = rules.objection(steps)
    can = {
        move.value: found.state in states and (escalates if whose == rules.OFFICE else answers)
        for move, (whose, states) in rules.MOVES.items()
    }
    can["object"] = can["object"] and not rules.is_heard_out(found, today)
    can["raise"] = can["raise"] and not rules.why_not_raise(found, "有理由", today)
    context = {
        "notice": found,
        "card": queries.card_of(found, today, calendar),
        "steps": steps,
        "said": said,
        "last_reply": next((step for step in reversed(steps) if step.kind == StepKind.REPLY), None),
        "has_agreed": rules.has_agreed(said),
        "why_not_issue": rules.why_not_issue(found, said, "有答复", today) if can["issue"] else "",
        "successor": _successor(found, reads_all),
        "is_filed": found.report is not None and not found.task_id and found.report.state in FILED_STATES,
        "can": can,
        "forms": _forms(found, can, rules.has_objected(said), today, calendar) | bound,
        # A form that was refused names its fault even if its place on the page is gone.
        "refused": [error for form in bound.values() for error in form.non_field_errors()],
    }
    return render(request, "notices/notice.html", context)


def _successor(found: SupervisionNotice, reads_all: bool) -> SupervisionNotice | None:
    """Return the 督查单 of the next colour, for a unit once it has been told of it."""
    successor: SupervisionNotice | None = getattr(found, "successor", None)
    return successor if successor and (reads_all or successor.objection_due_on) else None


def _forms(
    found: SupervisionNotice,
    can: dict[str, bool],
    has_objection: bool,
    today: date,
    calendar: WorkingCalendar,
) -> dict[str, forms.Form]:
    """Return an empty form for every move that can be made, with the days that are offered."""
    offered = max(found.reply_due_on, rules.offered_limit(today, found.colour, calendar))
    makers: dict[str, Callable[..., forms.Form]] = {
        "hear": partial(
            HearForm,
            calendar=calendar,
            initial={"objection_due_on": calendar.add(today, rules.OBJECTION_WORKING_DAYS)},
        ),
        "issue": partial(
            IssueForm, calendar=calendar, has_objection=has_objection, initial={"reply_due_on": offered}
        ),
        "refuse": partial(
            RefuseForm,
            calendar=calendar,
            initial={"reply_due_on": rules.offered_limit(today, found.colour, calendar)},
        ),
        "accept": AcceptForm,
        "withdraw": ReasonForm,
        "object": ObjectForm,
        "reply": ReplyForm,
    }
    return {name: make(auto_id=f"{name}-%s") for name, make in makers.items() if can[name]}
