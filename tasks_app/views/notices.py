"""督查单: the list, one with its ledger and what can be done with it, and every move of office and unit."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks_app.choices import NoticeState
from tasks_app.clock import local_date
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.escalation import actions, queries, rules
from tasks_app.domain.escalation.candidates import candidate_after
from tasks_app.domain.moves import NOTICE, Party
from tasks_app.domain.moves import NoticeMove as Move
from tasks_app.domain.reporting.rules import FILED_STATES
from tasks_app.forms.escalation import NoticeFilter, NoticeForm
from tasks_app.models import SupervisionNotice
from tasks_app.tables.escalation import NoticeTable

from .middleware import Request
from .moves import ITSELF, Place, make_move, submitted
from .notice_moves import MOVES, NoticeLook, drafts, form_of, panels, state_line
from .papers import draw_list, is_units
from .permissions import requires

require_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires(Permission.READ_NOTICES, Permission.ANSWER_NOTICE)
def notices(request: Request) -> HttpResponse:
    """List the 督查单 that the user may see, the open ones first."""
    return draw_list(
        request,
        "notices/notices.html",
        queries.visible_notices(request.user, local_date(request.now)),
        form_class=NoticeFilter,
        table_class=NoticeTable,
        narrow=queries.narrowed,
        hidden=("unit",),
    )


@require_safe
@requires(Permission.READ_NOTICES, Permission.ANSWER_NOTICE)
def notice(request: Request, pk: int) -> HttpResponse:
    """Show one 督查单, its ledger, and what its state lets the user do."""
    return _page(request, _visible(request, pk))


@require_page
@requires(Permission.ESCALATE)
def edit(request: Request, pk: int) -> HttpResponse:
    """Mend the draft; what the unit was heard on is heard anew."""
    notice = _visible(request, pk)
    if not NOTICE.allows(Move.EDIT, notice.state, {Party.OFFICE}):
        messages.error(request, f"这件督查单{notice.get_state_display()}，不能再修改。")
        return redirect("notice", pk=pk)
    is_heard = notice.state == NoticeState.HEARING
    fields = ("colour", "higher_because", "title", "grounds", "requirement", "reply_due_on")
    calendar = working_calendar()
    initial = {name: getattr(notice, name) for name in fields}
    initial["objection_due_on"] = calendar.add(local_date(request.now), rules.OBJECTION_WORKING_DAYS)
    form = NoticeForm(
        request.POST or None,
        initial=initial,
        calendar=calendar,
        is_first=notice.predecessor_id is None,
        is_heard=is_heard,
    )
    if submitted(request, form, actions.edit_notice, pk):
        messages.success(request, "已保存，单位可以就改动后的内容申辩。" if is_heard else "已保存。")
        return redirect("notice", pk=pk)
    return render(request, "notices/edit.html", {"notice": notice, "form": form, "is_heard": is_heard})


@require_page
@requires(Permission.ESCALATE)
def raise_colour(request: Request, pk: int) -> HttpResponse:
    """Draft the next colour of a 督查单 that was not heeded; its grounds are what happened since."""
    notice = _visible(request, pk)
    refused = rules.why_not_raise(notice, local_date(request.now))
    if refused or not NOTICE.allows(Move.RAISE, notice.state, {Party.OFFICE}):
        messages.error(request, refused or f"这件督查单{notice.get_state_display()}，不能转下一色。")
        return redirect("notice", pk=pk)
    candidate = candidate_after(notice, request.now)
    assert candidate.colour is not None, "why_not_raise says that there is a next colour"  # noqa: S101
    calendar = working_calendar()
    after_hearing = calendar.add(local_date(request.now), rules.OBJECTION_WORKING_DAYS)
    initial = {
        "title": candidate.subject,
        "grounds": candidate.grounds,
        "requirement": candidate.requirement,
        "reply_due_on": rules.offered_limit(after_hearing, candidate.colour, calendar),
    }
    is_replied = notice.state == NoticeState.REPLIED
    form = NoticeForm(request.POST or None, initial=initial, calendar=calendar, is_replied=is_replied)
    if successor := submitted(request, form, actions.raise_notice, pk):
        messages.success(request, f"已转下一色并拟好{candidate.colour.label}督查单，请核对后告知单位。")
        return redirect("notice", pk=successor.pk)
    return render(request, "notices/raise.html", {"notice": notice, "form": form, "colour": candidate.colour})


@require_POST
@requires(Permission.ESCALATE, Permission.ANSWER_NOTICE)
def move(request: Request, pk: int, move: str) -> HttpResponse:
    """Make one of MOVES from the page; one that is never the user's to make is a 404."""
    chosen = Move(move)
    notice = _own(request, pk) if is_units(request, NOTICE, chosen) else _visible(request, pk)
    act, done = MOVES[chosen]
    if chosen is Move.OBJECT and "agree" in request.POST:
        act, done, form = actions.agree_to_notice, "已表示无异议。", forms.Form(request.POST)
    else:
        form = form_of(chosen, _look(request, notice), request.POST)
    return make_move(
        request,
        act,
        pk,
        form=form,
        done=done,
        back=reverse("notice", args=[pk]),
        again=lambda problems: _page(request, _visible(request, pk), {(chosen, ITSELF): form}, problems),
    )


def _visible(request: Request, pk: int) -> SupervisionNotice:
    return get_object_or_404(queries.visible_notices(request.user, local_date(request.now)), pk=pk)


def _own(request: Request, pk: int) -> SupervisionNotice:
    return get_object_or_404(queries.own_notices(request.user, local_date(request.now)), pk=pk)


def _look(request: Request, notice: SupervisionNotice) -> NoticeLook:
    today = local_date(request.now)
    steps = queries.steps_of(notice, for_unit=not may(request.user, Permission.READ_NOTICES))
    return NoticeLook(
        notice, steps, queries.open_moves(request.user, notice, today), today, working_calendar()
    )


def _page(
    request: Request,
    notice: SupervisionNotice,
    bound: Mapping[Place, Any] | None = None,
    problems: Sequence[str] = (),
) -> HttpResponse:
    """Draw the page; `bound` are forms that were sent and not taken, `problems` say why."""
    look = _look(request, notice)
    is_open_office = Move.WITHDRAW in look.open
    report = notice.report
    context = {
        "notice": notice,
        "line": state_line(
            queries.card_of(notice, look.today, look.calendar, is_settled=notice.plan.closed_at is not None)
        ),
        "drafts": drafts(notice) if may(request.user, Permission.DRAFT_DOCUMENTS) else (),
        "steps": look.steps,
        "successor": _successor(notice, may(request.user, Permission.READ_NOTICES)),
        "is_filed": is_open_office and report and not notice.task_id and report.state in FILED_STATES,
        "panels": panels(look, bound or {}),
        "problems": problems,
        "may_instruct": notice.task_id and may(request.user, Permission.INSTRUCT),
    }
    return render(request, "notices/notice.html", context)


def _successor(notice: SupervisionNotice, reads_all: bool) -> SupervisionNotice | None:
    """Return the 督查单 of the next colour, for a unit once it has been told of it."""
    successor: SupervisionNotice | None = getattr(notice, "successor", None)
    return successor if successor and (reads_all or successor.objection_due_on) else None
