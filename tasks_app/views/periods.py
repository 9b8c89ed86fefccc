"""The three reporting periods of a plan: when they open, are due, and close."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_plans
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.clashes.queries import clashes_of
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan.actions import set_period
from tasks_app.domain.plan.rules import days_off
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.forms.plans import PeriodForm

from .middleware import Request
from .permissions import requires


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PLAN)
def periods(request: Request, pk: int) -> HttpResponse:
    """All periods of one plan on one form."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    forms = [PeriodForm(period, request.POST or None) for period in plan.periods.order_by("due_on")]
    are_valid = [form.is_valid() for form in forms]  # all of them, so that each shows its own faults
    if request.method == "POST" and all(are_valid) and _save(request, forms):
        return redirect("periods", pk=plan.pk)
    calendar = working_calendar()
    rows = [(form, days_off(form.period, calendar.is_working_day, calendar.add)) for form in forms]
    years = {form.period.due_on.year for form in forms}
    missing = sorted(year for year in years if not calendar.covers(year))
    found = clashes_of(plan, local_date(request.now))
    context = {"plan": plan, "rows": rows, "missing_years": missing, "found": found}
    return render(request, "periods/periods.html", context)


def _save(request: Request, forms: list[PeriodForm]) -> bool:
    """Save all or none; put the reasons of a refusal on the forms."""
    carried = 0
    refused = False
    with transaction.atomic():
        for form in forms:
            try:
                _, count = set_period(
                    form.period.pk,
                    form.dates(),
                    today=local_date(request.now),
                    by=request.user,
                    at=request.now,
                )
                carried += count
            except Refused as refusal:
                refused = True
                for field, sentence in refusal.faults.items():
                    form.add_error(field, sentence)
        if refused:
            transaction.set_rollback(True)
            return False
        open_due_periods(at=request.now, by=request.user)
    note = f"，{carried} 份尚未报送的填报改按新的截止日" if carried else ""
    messages.success(request, f"已保存填报期{note}。")
    return True
