"""填报口径: who reports each number and how the city's value comes about, on one grid and on a page for each."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from tasks_app.domain.access.queries import visible_plans
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.indicators.actions import decide_gatherings
from tasks_app.domain.indicators.gatherings import gathering_rows
from tasks_app.domain.moves import Refused
from tasks_app.forms.gathering import GatheringForm, WhoForm
from tasks_app.models import Plan

from .middleware import Request
from .permissions import requires


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PLAN)
def grid(request: Request, pk: int) -> HttpResponse:
    """All numbers of a plan on one form: a row each."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    rows = gathering_rows(plan)
    forms = [WhoForm(row, request.POST or None) for row in rows]
    if request.method == "POST" and _save(request, plan, forms):
        return redirect("gatherings", pk=plan.pk)
    undecided = sum(not row.gathering.is_decided for row in rows)
    proposed = sum(row.proposal is not None for row in rows)
    context = {"plan": plan, "forms": forms, "undecided": undecided, "proposed": proposed}
    return render(request, "indicators/gatherings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PLAN)
def one(request: Request, pk: int, indicator_pk: int) -> HttpResponse:
    """All of one number: who, total, baseline, source, and what falls to each unit."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    rows = gathering_rows(plan, [indicator_pk])
    if not rows:
        raise Http404
    form = GatheringForm(rows[0], request.POST or None)
    if request.method == "POST" and _save(request, plan, [form]):
        return redirect("gatherings", pk=plan.pk)
    return render(request, "indicators/gathering.html", {"plan": plan, "form": form, "row": rows[0]})


def _save(request: Request, plan: Plan, forms: list[WhoForm]) -> bool:
    """Save all or none; put the reasons of a refusal on the rows."""
    by_key = {form.row.indicator.pk: form for form in forms if form.has_to_be_read}
    are_valid = [
        form.is_valid() for form in by_key.values()
    ]  # all of them, so that each shows its own faults
    if not all(are_valid):
        return False
    try:
        count = decide_gatherings(
            plan,
            {key: form.gathering() for key, form in by_key.items()},
            seen={key: form.cleaned_data["seen"] for key, form in by_key.items()},
            by=request.user,
            at=request.now,
        )
    except Refused as refused:
        for key, sentence in refused.faults.items():
            by_key[int(key)].add_error(None, sentence)
        messages.error(request, "没有保存：请改正标出的指标。" if refused.faults else str(refused))
        return False
    messages.success(request, f"已保存 {count} 项指标的填报口径。" if count else "填报口径没有变化。")
    return True
