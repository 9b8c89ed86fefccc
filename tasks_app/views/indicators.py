"""Numbers that the table proposes as indicators: an admin accepts, mends or drops each."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks_app.choices import IndicatorState
from tasks_app.domain.access.queries import visible_plans
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.indicators.actions import accept_proposed, decide_indicator
from tasks_app.domain.indicators.queries import UNDECIDED, indicator_counts, indicators_of, show, shown
from tasks_app.domain.moves import Refused
from tasks_app.forms.indicators import IndicatorForm
from tasks_app.models import Plan

from .middleware import Request
from .moves import taken
from .permissions import requires

PER_PAGE = 50
EMPTY = {
    IndicatorState.PROPOSED: "没有待定的指标。",
    IndicatorState.ACCEPTED: "还没有采用的指标。",
    IndicatorState.DROPPED: "没有不用的指标。",
}
LONGEST_KEY = 19  # digits; beyond it no database has one


@require_safe
@requires(Permission.MANAGE_PLAN)
def indicators(request: Request, pk: int) -> HttpResponse:
    """The indicators of a plan by state, those that wait for a decision first."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    state = request.GET.get("state", IndicatorState.PROPOSED.value)
    if state not in IndicatorState.values:
        raise Http404
    page = Paginator(indicators_of(plan, state), PER_PAGE).get_page(request.GET.get("page"))
    rows, counts = shown(page.object_list), indicator_counts(plan)
    context = {
        "plan": plan,
        "state": state,
        "page": page,
        "rows": rows,
        "open_keys": [r.indicator.pk for r in rows if r.indicator.state == IndicatorState.PROPOSED],
        "tabs": _tabs(counts),
        "undecided": counts[UNDECIDED],
        "empty": EMPTY[IndicatorState(state)],
    }
    return render(request, "indicators/indicators.html", context)


@require_POST
@requires(Permission.MANAGE_PLAN)
def decide(request: Request, pk: int, indicator_pk: int) -> HttpResponse:
    """Accept or drop one, or leave it open again; in the background the answer is its row."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    indicator = get_object_or_404(indicators_of(plan), pk=indicator_pk)
    decision = request.POST.get("decision", "")
    if decision not in IndicatorState.values:
        return redirect("indicators", pk=plan.pk)
    decide = partial(decide_indicator, seen=request.POST.get("seen", ""))
    _, sentences = taken(request, None, decide, indicator.pk, IndicatorState(decision))
    refusal = "".join(sentences)
    if request.htmx:  # type: ignore[attr-defined]
        row = show(indicators_of(plan).get(pk=indicator.pk))
        state = request.POST.get("state", "")
        context = {
            "plan": plan,
            "row": row,
            "refusal": refusal,
            "tabs": _tabs(indicator_counts(plan)),
            "state": state,
        }
        return render(request, "indicators/_decided.html", context)
    if refusal:
        messages.error(request, refusal)
    return _back(request, plan)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PLAN)
def edit(request: Request, pk: int, indicator_pk: int) -> HttpResponse:
    """Mend one and accept it so."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    indicator = get_object_or_404(indicators_of(plan), pk=indicator_pk)
    form = IndicatorForm(indicator, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_indicator(
                indicator.pk,
                IndicatorState.ACCEPTED,
                seen=request.POST.get("seen", ""),
                values=form.values(),
                by=request.user,
                at=request.now,
            )
        except Refused as refused:
            for name, fault in refused.faults.items():
                form.add_error(name, fault)
            if not refused.faults:
                form.add_error(None, str(refused))
        else:
            messages.success(request, f"已采用指标“{form.cleaned_data['name']}”。")
            return redirect("indicators", pk=plan.pk)
    context = {"plan": plan, "row": show(indicator), "form": form}
    return render(request, "indicators/edit.html", context)


@require_POST
@requires(Permission.MANAGE_PLAN)
def accept_shown(request: Request, pk: int) -> HttpResponse:
    """Accept all that a page showed and nobody has decided on since."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    keys = [
        int(key) for key in request.POST.getlist("indicator") if key.isdecimal() and len(key) < LONGEST_KEY
    ]
    count = accept_proposed(plan, keys, by=request.user, at=request.now)
    messages.success(request, f"已采用 {count} 项指标。" if count else "没有可以直接采用的指标。")
    return _back(request, plan)


def _back(request: Request, plan: Plan) -> HttpResponse:
    """Return to the list in the state that was shown."""
    state = request.POST.get("state", "")
    query = f"?state={state}" if state in IndicatorState.values else ""
    return HttpResponseRedirect(f"{reverse('indicators', args=[plan.pk])}{query}")


def _tabs(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(state.value, state.label, counts[state.value]) for state in IndicatorState]
