"""The ladder of reminders: when, whom, by which channel and with which words, for each kind of obligation."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import reporting_units, visible_plans
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.calendar.queries import missing_years, working_calendar
from tasks_app.domain.reminders import actions, queries
from tasks_app.domain.reminders.kinds import KINDS, filing
from tasks_app.domain.reminders.kinds.kind import Kind
from tasks_app.domain.reminders.ladder import ladder_problems
from tasks_app.domain.reminders.phrases import PLACEHOLDERS
from tasks_app.domain.reminders.previewing import days_of, sample_message
from tasks_app.forms.ladder import BaseLadderFormSet, LadderFormSet, PreviewForm, ladder_initial
from tasks_app.models import Plan

from .middleware import Request
from .moves import taken
from .permissions import requires


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SET_LADDER)
def ladder(request: Request, pk: int, kind: str = filing.KIND.code) -> HttpResponse:
    """Change a plan's ladder for one kind of obligation; beside it the days on which its periods are reminded."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    chosen = _known(kind)
    rungs = queries.ladder_of(plan, chosen)
    formset = _formset(request, chosen, ladder_initial(rungs))
    if request.method == "POST" and formset.is_valid():
        act = partial(actions.set_ladder, kind=chosen)
        _, sentences = taken(request, None, act, plan.pk, formset.ladder())
        if not sentences:
            messages.success(request, f"已保存“{chosen.label}”的提醒规则，从下一次提醒起按新规则计算。")
            return redirect(_address(plan, chosen))
        messages.error(request, "".join(sentences))
    is_filing = chosen is filing.KIND
    periods = list(plan.periods.order_by("due_on")) if is_filing else []
    calendar = working_calendar()
    context = {
        "plan": plan,
        "kind": chosen,
        "kinds": [(each, _address(plan, each)) for each in KINDS.values()],
        "has_periods": is_filing,
        "placeholders": PLACEHOLDERS,
        "formset": formset,
        "units": PreviewForm(units=reporting_units(plan.issuer).order_by("position")),
        "periods": periods,
        "rows": days_of(rungs, periods),
        "days_off": [
            {"period": period, "last_working_day": calendar.add(period.due_on, -1)}
            for period in periods
            if not calendar.is_working_day(period.due_on)
        ],
        "hours": calendar.hours,
        "missing_years": missing_years(local_date(request.now), calendar),
    }
    return render(request, "reminders/ladder.html", context)


@require_POST
@requires(Permission.SET_LADDER)
def preview(request: Request, pk: int, kind: str, row: int) -> HttpResponse:
    """Show what the rung in one row of the form, as it stands there, would tell a unit; nothing is saved."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    tried = _known(kind)
    chosen = PreviewForm(request.POST, units=reporting_units(plan.issuer))
    formset = _formset(request, tried, [])
    formset.is_valid()
    form = formset.forms[row] if row < len(formset.forms) else None
    rung = form.rung() if form and form.is_valid() else None
    problems = ladder_problems(tried, [rung]) if rung else ["这一行还没有填好，请先填写提醒时点。"]
    context: dict[str, object] = {"problems": problems}
    if rung and not problems and chosen.is_valid():
        unit = chosen.cleaned_data["unit"]
        context["words"] = sample_message(plan, unit, tried, rung, local_date(request.now))
    return render(request, "reminders/_sample.html", context)


def _known(code: str) -> Kind:
    try:
        return KINDS[code]
    except KeyError:
        raise Http404 from None


def _formset(request: Request, kind: Kind, initial: list) -> BaseLadderFormSet:
    return LadderFormSet(request.POST or None, initial=initial, form_kwargs={"kind": kind})


def _address(plan: Plan, kind: Kind) -> str:
    if kind is filing.KIND:
        return reverse("ladder", args=[plan.pk])
    return reverse("ladder_of", args=[plan.pk, kind.code])
