"""Good practice: put forward from an entry, handled by the office, read by everybody."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks_app.choices import PracticeState
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import issuer_of, own_reports, reporting_units
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.moves import PRACTICE, Party, PracticeMove
from tasks_app.domain.practices import actions, queries
from tasks_app.domain.practices.rules import why_not_propose
from tasks_app.forms.requests import DeclineForm, PracticeFilter, PracticeForm
from tasks_app.models import GoodPractice, ProgressEntry

from .middleware import Request
from .moves import Offer, make_move, submitted
from .permissions import requires

PAGE_SIZE = 20
require_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires(Permission.READ_PRACTICES)
def practices(request: Request) -> HttpResponse:
    """Show what was published, by search; for a unit also what became of its own."""
    units = reporting_units(issuer_of(request.user)).order_by("position", "code")
    form = PracticeFilter(request.GET, units=units, years=queries.years_of(request.user))
    found = queries.published(request.user, **form.criteria())
    own = queries.of_unit(request.user) if request.user.role in REPORTING_ROLES else ()
    context = {
        "filter": form,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "own": own,
        "handles": may(request.user, Permission.HANDLE_REQUESTS),
    }
    return render(request, "practices/practices.html", context)


@require_safe
@requires(Permission.READ_PRACTICES)
def read(request: Request, pk: int) -> HttpResponse:
    """Show one practice; to the office with what it can do with it."""
    return _page(request, _practice(request, pk))


@require_page
@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT)
def put_forward(request: Request, pk: int, entry_pk: int) -> HttpResponse:
    """Put an entry forward; its words stand in the box to begin with."""
    report = get_object_or_404(own_reports(request.user, local_date(request.now)), pk=pk)
    entry = get_object_or_404(report.entries.select_related("task", "practice"), pk=entry_pk)
    practice = _of(entry)
    form = PracticeForm(request.POST or None, initial=_initial(entry, practice))
    if submitted(request, form, actions.put_forward, pk, entry_pk):
        messages.success(request, "已推荐。市医改办处理后，结果显示在“经验做法”里。")
        return redirect(f"{reverse('report', args=[pk])}#task-{entry.task.number}")
    why_not = why_not_propose(practice) if practice else ""
    context = {"report": report, "entry": entry, "form": form, "why_not": why_not}
    return render(request, "practices/put_forward.html", context)


@require_safe
@requires(Permission.HANDLE_REQUESTS)
def handling(request: Request) -> HttpResponse:
    """List what was put forward, by state; what waits comes first."""
    state = request.GET.get("state", "")
    if state not in PracticeState.values:
        state = PracticeState.PROPOSED.value
    found = Paginator(queries.put_forward(request.user, state), PAGE_SIZE)
    context = {
        "page": found.get_page(request.GET.get("page")),
        "tabs": queries.counts(request.user),
        "state": state,
        "link": "处理" if state == PracticeState.PROPOSED else "查看",
    }
    return render(request, "practices/handling.html", context)


@require_POST
@requires(Permission.HANDLE_REQUESTS)
def decide(request: Request, pk: int) -> HttpResponse:
    """Save the office's wording, and publish if that button was pressed; or decline."""
    practice, back = _practice(request, pk), reverse("practice", args=[pk])
    decision, form = request.POST.get("decision", ""), PracticeForm(request.POST)
    if decision == "decline":
        return make_move(
            request,
            actions.decline,
            pk,
            form=DeclineForm(request.POST),
            wrong="没有处理：请写明不采用的原因，不超过 500 个字。",
            done=f"已告知{practice.entry.report.unit}。",
            back=reverse("practices_handling"),
            instead=back,
        )
    if not form.is_valid():
        return _page(request, practice, form)
    if decision == "publish":
        done = "已推广，各单位都能在“经验做法”里看到。"
        return make_move(request, actions.edit_and_publish, pk, form=form, done=done, back=back)
    return make_move(request, actions.edit, pk, form=form, done="已保存。", back=back)


def _page(request: Request, practice: GoodPractice, form: PracticeForm | None = None) -> HttpResponse:
    handles = may(request.user, Permission.HANDLE_REQUESTS)
    is_own = practice.entry.report.unit_id == request.user.unit_id
    parties = [party for party, is_theirs in ((Party.OFFICE, handles), (Party.UNIT, is_own)) if is_theirs]
    can = PRACTICE.open_moves(practice.state, parties)
    context = {
        "practice": practice,
        "form": form or PracticeForm(initial={"title": practice.title, "text": practice.text}),
        "may_publish": PracticeMove.PUBLISH in can,
        "decline": _declining(practice) if PracticeMove.DECLINE in can else None,
        "propose": _proposing(practice) if PracticeMove.PROPOSE in can else "",
        "handles": handles,
        "is_own": is_own,
        # Readers of other units get the words, not how they came about.
        "steps": queries.steps_of(practice) if handles or is_own else (),
    }
    return render(request, "practices/read.html", context)


def _declining(practice: GoodPractice) -> Offer:
    is_published = practice.state == PracticeState.PUBLISHED
    asked = "撤下这条做法？各单位将不再看到。" if is_published else "不采用这条做法？推荐单位会看到原因。"
    return Offer(
        reverse("practice_decide", args=[practice.pk]),
        "撤下" if is_published else "不采用",
        DeclineForm(),
        style="btn-outline-danger",
        confirm=asked,
        name="decision",
        value="decline",
    )


def _proposing(practice: GoodPractice) -> str:
    return "修改后再推荐" if practice.state == PracticeState.DECLINED else "修改推荐内容"


def _practice(request: Request, pk: int) -> GoodPractice:
    return get_object_or_404(queries.visible_practices(request.user), pk=pk)


def _of(entry: ProgressEntry) -> GoodPractice | None:
    return getattr(entry, "practice", None)


def _initial(entry: ProgressEntry, practice: GoodPractice | None) -> dict[str, str]:
    if practice is not None:
        return {"title": practice.title, "text": practice.text}
    return {"title": entry.task.title[:100], "text": entry.progress}
