"""What the program suggests to the office, with the grounds; a person drafts a 督查单 or sets it aside."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks_app.choices import CandidateKind, NoticeColour
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import reporting_units
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.escalation import actions, rules
from tasks_app.domain.escalation.candidates import Candidate, candidate_of, suggestions
from tasks_app.forms.escalation import CandidateFilter, NoticeForm, ReasonForm

from .middleware import Request
from .moves import make_move, submitted
from .permissions import requires

PAGE_SIZE = 20


@require_safe
@requires(Permission.ESCALATE)
def candidates(request: Request) -> HttpResponse:
    """List what is suggested, each with its grounds; below it what was set aside."""
    found = suggestions(request.user.unit, request.now)
    units = reporting_units(request.user.unit).order_by("position", "code")
    form = CandidateFilter(request.GET, units=units)
    shown = _narrowed(found.open, **form.criteria())
    counts = Counter(candidate.kind for candidate in found.open)
    context = {
        "filter": form,
        "page": Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page")),
        "total": len(found.open),
        "counts": [(kind.label, counts[kind]) for kind in CandidateKind if counts[kind]],
        "set_aside": found.set_aside,
        "today": local_date(request.now),
    }
    return render(request, "escalation/candidates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ESCALATE)
def draft(request: Request, thing: str) -> HttpResponse:
    """Draft the first 督查单 about a candidate, or go to the one that it follows from."""
    candidate = _candidate(request, thing)
    if candidate.notice is not None:
        return redirect("notice_raise", pk=candidate.notice.pk)
    calendar = working_calendar()
    after_hearing = calendar.add(local_date(request.now), rules.OBJECTION_WORKING_DAYS)
    initial = {
        "title": candidate.subject,
        "grounds": candidate.grounds,
        "requirement": candidate.requirement,
        "reply_due_on": rules.offered_limit(after_hearing, NoticeColour.BLUE, calendar),
    }
    form = NoticeForm(request.POST or None, initial=initial, calendar=calendar, is_first=True)
    if notice := submitted(request, form, actions.draft_notice, thing):
        messages.success(request, "已拟稿，单位还看不到。请核对后告知单位，听取申辩。")
        return redirect("notice", pk=notice.pk)
    return render(request, "escalation/draft.html", {"candidate": candidate, "form": form})


@require_POST
@requires(Permission.ESCALATE)
def set_aside(request: Request, thing: str) -> HttpResponse:
    """Decide not to follow a suggestion."""
    candidate = _candidate(request, thing)
    return make_move(
        request,
        actions.set_aside,
        thing,
        form=ReasonForm(request.POST),
        wrong="没有处理，请写明暂不督办的理由，不超过 300 个字。",
        done="暂不督办，列在页面下方，随时可以恢复。",
        lead=f"{candidate.title}：",
        back=reverse("escalation"),
    )


@require_POST
@requires(Permission.ESCALATE)
def take_back(request: Request, thing: str) -> HttpResponse:
    """Let a suggestion be made again."""
    candidate = _candidate(request, thing)
    lead, back = f"{candidate.title}：", reverse("escalation")
    return make_move(request, actions.take_back, thing, done="已恢复为督办建议。", lead=lead, back=back)


def _candidate(request: Request, thing: str) -> Candidate:
    """Return the candidate, also one that was set aside; a cause that is gone is a 404."""
    candidate = candidate_of(request.user.unit, thing, request.now)
    if candidate is None:
        raise Http404
    return candidate


def _narrowed(found: list[Candidate], *, kind: str = "", unit: Any = None) -> list[Candidate]:
    return [each for each in found if kind in ("", each.kind) and unit in (None, each.unit)]
