"""核实: the office asks the lead bureau about an entry, or a task of all units; it reads exactly that and answers."""

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
from tasks_app.domain.access.queries import visible_periods, visible_plans, visible_reports
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.matters.queries import asked, open_moves, steps_of
from tasks_app.domain.matters.rules import addressee_name, offered_day
from tasks_app.domain.moves import MatterMove as Move
from tasks_app.domain.plan.queries import leading_units
from tasks_app.domain.plan.rules import opened_last
from tasks_app.domain.review.rules.content import FILES, STATUS, answer_key, statements
from tasks_app.domain.verification import actions, queries
from tasks_app.domain.verification.rules import ASKED_FOR
from tasks_app.forms.verification import AskToVerifyForm, FindingForm, VerificationFilter
from tasks_app.models import Matter, Task, Unit

from .middleware import Request
from .moves import ITSELF, Offers, Panel, Place, make_move, submitted
from .permissions import requires

PAGE_SIZE = 30
MOVES: dict[Move, tuple[type[forms.Form], Callable[..., Matter], str]] = {
    Move.ANSWER: (FindingForm, actions.answer, "已答复，市医改办会看到。"),
    Move.SETTLE: (forms.Form, actions.close, "已办结。"),
}
READERS = (Permission.REVIEW_REPORT, Permission.ANSWER_NOTICE)
require_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires(*READERS)
def verifications(request: Request) -> HttpResponse:
    """List what one's unit is asked to verify; for the office everything; what waits first."""
    form = VerificationFilter(request.GET)
    found = queries.in_order(queries.visible_verifications(request.user))
    if state := form.state_chosen():
        found = found.listed_as(state)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"filter": form, "page": page, "asked": asked(page.object_list, request.now)}
    return render(request, "verification/verifications.html", context)


@require_page
@requires(Permission.REVIEW_REPORT)
def ask(request: Request, pk: int, task_pk: int) -> HttpResponse:
    """Hand one entry of a report to the lead bureau of its task."""
    report = get_object_or_404(visible_reports(request.user), pk=pk)
    task = get_object_or_404(Task, pk=task_pk, plan=report.period.plan_id)
    leading = [unit for unit in leading_units(task) if unit.pk != report.unit_id]
    form = _ask_form(request, leading)
    back = f"{reverse('review_report', args=[pk])}#task-{task.number}"
    if item := submitted(request, form, actions.ask, pk, task.pk):
        messages.success(request, f"已请{addressee_name(item)}核实，答复会显示在这一项下面。")
        return redirect(back)
    context = {"task": task, "report": report, "form": form, "leading": leading, "back": back}
    return render(request, "verification/ask.html", context)


@require_page
@requires(Permission.REVIEW_REPORT)
def ask_all(request: Request, task_pk: int) -> HttpResponse:
    """Hand what all units filed on a task, in the period of `?period=` or the last, to its lead bureau."""
    task = get_object_or_404(Task, pk=task_pk, plan__in=visible_plans(request.user))
    periods = list(visible_periods(request.user).filter(plan=task.plan_id).order_by("due_on"))
    chosen = (each for each in periods if str(each.pk) == request.GET.get("period", ""))
    period = next(chosen, None) or opened_last(periods)
    leading = leading_units(task)
    form = _ask_form(request, leading)
    back = f"{reverse('review_task', args=[task.pk])}?period={period.pk if period else ''}"
    if period and (item := submitted(request, form, actions.ask_all, task.pk, period.pk)):
        messages.success(request, f"已请{addressee_name(item)}逐项核实。")
        return redirect("verification", pk=item.pk)
    context = {"task": task, "period": period, "form": form, "leading": leading, "back": back}
    return render(request, "verification/ask.html", context)


@require_safe
@requires(*READERS)
def verification(request: Request, pk: int) -> HttpResponse:
    """Show what is to be verified: of an entry what was submitted, of a task of all units its parts."""
    return _page(request, _item(request, pk))


@require_POST
@requires(*READERS)
def move(request: Request, pk: int, move: str) -> HttpResponse:
    """Make one of MOVES from the page; from a part one goes on to the next that waits."""
    item, chosen = _item(request, pk), Move(move)
    make, act, done = MOVES[chosen]
    form = make(request.POST)
    return make_move(
        request,
        act,
        item.pk,
        form=form,
        done=done,
        back=_next,
        instead=reverse("verification", args=[pk]),
        again=lambda problems: _page(request, _item(request, pk), {(chosen, ITSELF): form}, problems),
    )


def _next(item: Matter) -> str:
    following = queries.next_part(item)
    goal = following.pk if following is not None else item.parent_id or item.pk
    return reverse("verification", args=[goal])


def _ask_form(request: Request, leading: Sequence[Unit]) -> AskToVerifyForm:
    due_on = offered_day(local_date(request.now), working_calendar())
    initial = {"text": ASKED_FOR, "due_on": due_on}
    return AskToVerifyForm(request.POST or None, leading=leading, initial=initial)


def _item(request: Request, pk: int) -> Matter:
    return get_object_or_404(queries.visible_verifications(request.user), pk=pk)


def _page(
    request: Request,
    item: Matter,
    bound: Mapping[Place, Any] | None = None,
    problems: Sequence[str] = (),
) -> HttpResponse:
    """Draw the page; `bound` are forms that were sent and not taken, `problems` say why."""
    [one] = asked([item], request.now)
    shown = queries.shown_of(item)
    context: dict[str, Any] = {
        "asked": one,
        "shown": shown,
        "parts": queries.parts_of(item, request.now) if item.entry is None else [],
        "steps": steps_of(item),
        "panels": _panels(request, item, shown, bound or {}),
        "problems": problems,
        "reviews": may(request.user, Permission.REVIEW_REPORT),
    }
    if shown is not None:
        said = {each.key: each for each in statements(shown.content)}
        asked_of_it = [(each.question, said.get(answer_key(each.key))) for each in shown.content.questions]
        apart = {STATUS, FILES, *(answer_key(each.key) for each in shown.content.questions)}
        context |= {
            "said": [each for each in said.values() if each.key not in apart],
            "questions": asked_of_it,
        }
    return render(request, "verification/read.html", context)


def _panels(
    request: Request, item: Matter, shown: queries.Shown | None, bound: Mapping[Place, Any]
) -> list[Panel]:
    can = open_moves(request.user, item, local_date(request.now))
    number = shown.submission.number if shown is not None else None
    offer = Offers(
        address=lambda move: reverse(f"verification_{move}", args=[item.pk]),
        form_of=lambda move: MOVES[Move(move)][0](initial={"submission": number}),
        bound=bound,
    )
    panels = []
    if Move.ANSWER in can and shown is not None:
        panels.append(Panel("核实", [offer(Move.ANSWER, "答复")]))
    if Move.SETTLE in can:
        note = "在审阅页核定这一项后，这件事自动办结。" if item.entry is not None else ""
        close = offer(Move.SETTLE, "不再核实，办结", confirm="确定不再核实？", style="btn-outline-primary")
        panels.append(Panel("其他办理", [close], note=note))
    return panels
