"""提醒约谈: the list, the proposal, one with its ledger and list of corrections, every move of office and unit."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks_app.choices import MatterKind
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import reporting_units
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.escalation.candidates import candidate_after
from tasks_app.domain.escalation.queries import visible_notices
from tasks_app.domain.interviews import actions, queries
from tasks_app.domain.matters import papers
from tasks_app.domain.matters.steps import parties_of
from tasks_app.domain.moves import INTERVIEW, MATTERS, Party
from tasks_app.domain.moves import InterviewMove as Move
from tasks_app.domain.moves import MatterMove as ItemMove
from tasks_app.forms.interviews import MOST_ROWS, ROWS, InterviewFilter, NewForm, ProposalForm, demand_rows
from tasks_app.models import Interview, SupervisionNotice
from tasks_app.tables.interviews import InterviewTable

from .interview_moves import ITEM_MOVES, MOVES, InterviewLook, drafts, form_of, panels, rows, state_line
from .middleware import Request
from .moves import ITSELF, Place, make_move, submitted
from .papers import draw_list, is_units
from .permissions import requires

require_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires(Permission.READ_NOTICES, Permission.ANSWER_NOTICE)
def interviews(request: Request) -> HttpResponse:
    """List the 约谈 that the user may see, the open ones first."""
    today = local_date(request.now)
    return draw_list(
        request,
        "interviews/interviews.html",
        queries.visible_interviews(request.user, today),
        form_class=InterviewFilter,
        table_class=InterviewTable,
        narrow=lambda found, **criteria: queries.counted(papers.narrowed(found, **criteria), today),
        hidden=("unit", "age"),
    )


@require_page
@requires(Permission.ESCALATE)
def new(request: Request) -> HttpResponse:
    """Propose a 约谈 of a unit (?unit=), or one that follows from a 督查单 (?notice=), with its grounds."""
    notice = _notice(request)
    form: forms.Form
    subject: dict[str, Any] = {}
    if notice is not None:
        candidate = candidate_after(notice, request.now)
        subject = {"unit": notice.unit, "plan": notice.plan}
        initial: dict[str, Any] = {"title": candidate.subject, "grounds": candidate.grounds}
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
    if made := submitted(request, form, partial(actions.propose, notice=notice, **subject)):
        messages.success(request, "已提出约谈，单位还看不到。请核对后发出约谈通知。")
        return redirect("interview", pk=made.pk)
    context = {"form": form, "notice": notice, "others": others}
    return render(request, "interviews/new.html", context)


@require_page
@requires(Permission.ESCALATE)
def edit(request: Request, pk: int) -> HttpResponse:
    """Mend the proposal."""
    interview = _visible(request, pk)
    if not INTERVIEW.allows(Move.EDIT, interview.state, {Party.OFFICE}):
        messages.error(request, f"这件约谈{interview.get_state_display()}，事由和依据不能再修改。")
        return redirect("interview", pk=pk)
    form = ProposalForm(
        request.POST or None, initial={"title": interview.title, "grounds": interview.grounds}
    )
    if submitted(request, form, actions.edit_proposal, pk):
        messages.success(request, "已保存。")
        return redirect("interview", pk=pk)
    return render(request, "interviews/edit.html", {"interview": interview, "form": form})


@require_safe
@requires(Permission.READ_NOTICES, Permission.ANSWER_NOTICE)
def interview(request: Request, pk: int) -> HttpResponse:
    """Show one 约谈, its list of corrections, its ledger, and what its state lets the user do."""
    return _page(request, _visible(request, pk))


@require_POST
@requires(Permission.ESCALATE)
def move(request: Request, pk: int, move: str) -> HttpResponse:
    """Make one of MOVES from the page."""
    chosen, interview = Move(move), _visible(request, pk)
    form = form_of(chosen, _look(request, interview), request.POST)
    act, done = MOVES[chosen]
    return make_move(
        request,
        act,
        pk,
        form=form,
        done=done,
        back=reverse("interview", args=[pk]),
        again=lambda problems: _page(request, _visible(request, pk), {(chosen, ITSELF): form}, problems),
    )


@require_POST
@requires(Permission.ESCALATE, Permission.ANSWER_NOTICE)
def move_item(request: Request, pk: int, correction_pk: int, move: str) -> HttpResponse:
    """Make one of ITEM_MOVES with one item of the list; one that is never the user's to make is a 404."""
    chosen = ItemMove(move)
    theirs = is_units(request, MATTERS[MatterKind.CORRECTION], chosen)
    visible = queries.own_interviews if theirs else queries.visible_interviews
    look = _look(request, get_object_or_404(visible(request.user, local_date(request.now)), pk=pk))
    item = next((item for item in look.items if item.correction.pk == correction_pk), None)
    if item is None:
        raise Http404
    form = form_of(chosen, look, request.POST, item)
    act, done = ITEM_MOVES[chosen]
    return make_move(
        request,
        act,
        correction_pk,
        form=form,
        done=done.format(item.correction.number),
        back=reverse("interview", args=[pk]),
        again=lambda problems: _page(
            request, _visible(request, pk), {(chosen, correction_pk): form}, problems
        ),
    )


@require_POST
@requires(Permission.ESCALATE)
def demand(request: Request, pk: int) -> HttpResponse:
    """Give the unit its list of corrections; or only show more empty rows."""
    interview, calendar = _visible(request, pk), working_calendar()
    filled = demand_rows(request.POST, calendar=calendar)
    if "more" in request.POST:
        data = request.POST.copy()
        data["demand-TOTAL_FORMS"] = str(min(filled.total_form_count() + ROWS, MOST_ROWS))
        return _page(request, interview, {(Move.DEMAND, ITSELF): demand_rows(data, calendar=calendar)})

    def again(sentences: list[str]) -> HttpResponse:
        drawn = filled if filled.management_form.is_valid() else demand_rows(calendar=calendar)
        problems = sentences if filled.is_valid() else ["整改清单没有下达，请改正标出的内容。"]
        return _page(request, _visible(request, pk), {(Move.DEMAND, ITSELF): drawn}, problems)

    if not filled.is_valid():
        return again([])
    act = partial(actions.demand_corrections, demands=filled.demands())
    done, back = "整改清单已下达，单位会收到提醒。", reverse("interview", args=[pk])
    return make_move(request, act, pk, done=done, back=back, again=again)


def _visible(request: Request, pk: int) -> Interview:
    return get_object_or_404(queries.visible_interviews(request.user, local_date(request.now)), pk=pk)


def _notice(request: Request) -> SupervisionNotice | None:
    """Return the 督查单 that the address names, None when it names none; one that is not the user's is a 404."""
    asked = request.GET.get("notice", "")
    if not asked:
        return None
    visible = visible_notices(request.user, local_date(request.now)).issued()
    return get_object_or_404(visible, pk=asked if asked.isdecimal() else 0)


def _look(request: Request, interview: Interview) -> InterviewLook:
    today, calendar = local_date(request.now), working_calendar()
    steps = queries.steps_of(interview, for_unit=not may(request.user, Permission.READ_NOTICES))
    items = queries.items_of(queries.corrections_of(interview), today, calendar, steps)
    parties = parties_of(request.user, interview, today)
    can = INTERVIEW.open_moves(interview.state, parties)
    return InterviewLook(interview, steps, items, parties, can, request.now, calendar)


def _page(
    request: Request,
    interview: Interview,
    bound: Mapping[Place, Any] | None = None,
    problems: Sequence[str] = (),
) -> HttpResponse:
    """Draw the page; `bound` are forms that were sent and not taken, `problems` say why."""
    look = _look(request, interview)
    context = {
        "interview": interview,
        "steps": look.steps,
        "rows": rows(look, bound or {}),
        "line": state_line(look),
        "drafts": drafts(look) if may(request.user, Permission.DRAFT_DOCUMENTS) else (),
        "panels": panels(look, bound or {}),
        "problems": problems,
    }
    return render(request, "interviews/interview.html", context)
