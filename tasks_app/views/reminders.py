"""Reminders, for the office: the ledger, what comes next, what is in doubt; and the ladder, for admins."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_plans
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.calendar.queries import missing_years, working_calendar
from tasks_app.domain.reminders import actions, queries
from tasks_app.domain.reminders.queries import Draft
from tasks_app.domain.reminders.rules import Rung, rung_day, rung_label, rung_words
from tasks_app.forms.reminders import BaseLadderFormSet, LadderFormSet, LedgerFilter, ladder_initial
from tasks_app.models import Plan
from tasks_app.tables.reminders import DoubtfulTable, LedgerTable

from .middleware import Request
from .permissions import requires


@require_safe
@requires(Permission.SEND_REMINDER)
def reminders(request: Request) -> HttpResponse:
    """Show what was sent and what became of it; above it what a person has to look after."""
    search = LedgerFilter(request.GET, issuer=request.user.unit)
    ledger = LedgerTable(queries.visible_messages(request.user, **search.criteria()))
    RequestConfig(request, paginate={"per_page": 50}).configure(ledger)
    doubtful = DoubtfulTable(queries.doubtful_deliveries(request.user), prefix="doubt-")
    RequestConfig(request, paginate={"per_page": 20}).configure(doubtful)
    context = {
        "filter": search,
        "table": ledger,
        "doubtful": doubtful,
        "without_recipient": list(queries.units_without_recipient(request.user.unit)),
    }
    return render(request, "reminders/ledger.html", context)


@require_safe
@requires(Permission.SEND_REMINDER)
def coming(request: Request) -> HttpResponse:
    """Show who will get what on the next ten working days if nobody files meanwhile."""
    days = queries.coming_messages(request.user.unit, request.now)
    context = {
        "days": [{"day": day, "groups": _grouped(drafts)} for day, drafts in days],
        "today": local_date(request.now),
        "missing_years": missing_years(local_date(request.now)),
    }
    return render(request, "reminders/coming.html", context)


def _grouped(drafts: list[Draft]) -> list[dict[str, Any]]:
    """Return the units that get the same on one day together."""
    groups: dict[tuple[tuple[str, int], ...], list[Draft]] = defaultdict(list)
    for draft in drafts:
        groups[tuple((one.owed.period, one.rung) for one in draft.due)].append(draft)
    return [
        {
            "rungs": [
                {"period": period, "label": rung_label(rung), "words": rung_words(rung)}
                for period, rung in reasons
            ],
            "reached": [draft for draft in members if draft.recipients],
            "unreached": [draft for draft in members if not draft.recipients],
        }
        for reasons, members in groups.items()
    ]


@require_POST
@requires(Permission.SEND_REMINDER)
def decide(request: Request, pk: int) -> HttpResponse:
    """Send a doubtful delivery again, or take it for sent."""
    delivery = get_object_or_404(queries.visible_deliveries(request.user), pk=pk)
    resend = request.POST.get("decision") == "resend"
    try:
        (actions.resend if resend else actions.treat_as_sent)(delivery.pk, by=request.user, at=request.now)
    except actions.DecisionRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        done = "已排入重发，下一个发送时段发出" if resend else "已登记"
        messages.success(request, f"{delivery.message.unit.name} {delivery.user.name}：{done}。")
    return redirect("reminders")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PLAN)
def ladder(request: Request, pk: int) -> HttpResponse:
    """Change a plan's ladder; below it the days on which its periods will be reminded."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    rungs = queries.ladder_of(plan)
    formset: BaseLadderFormSet = LadderFormSet(request.POST or None, initial=ladder_initial(rungs))
    if request.method == "POST" and formset.is_valid():
        try:
            actions.set_ladder(plan.pk, formset.ladder(), by=request.user, at=request.now)
        except actions.LadderError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "已保存提醒规则，从下一次提醒起按新规则计算。")
            return redirect("ladder", pk=plan.pk)
    context = {
        "plan": plan,
        "formset": formset,
        "preview": _preview(plan, rungs),
        "missing_years": missing_years(local_date(request.now)),
    }
    return render(request, "reminders/ladder.html", context)


def _preview(plan: Plan, rungs: Sequence[Rung]) -> dict[str, Any]:
    """Return the plan's periods, for every rung its day in each of them, and the limits on days off."""
    calendar = working_calendar()
    periods = list(plan.periods.order_by("due_on"))
    return {
        "periods": periods,
        "rows": [
            {
                "label": rung_label(rung.offset),
                "words": rung_words(rung.offset),
                "repeat_every": rung.repeat_every,
                "days": [
                    day
                    if (day := rung_day(rung.offset, period.due_on, calendar)) >= period.opens_on
                    else None
                    for period in periods
                ],
            }
            for rung in rungs
        ],
        "days_off": [
            {"period": period, "last_working_day": calendar.add(period.due_on, -1)}
            for period in periods
            if not calendar.is_working_day(period.due_on)
        ],
    }
