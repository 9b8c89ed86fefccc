"""The numbers of all units beside each other: indicators × units, and which of two values of the city holds."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tasks_app.domain.access.queries import visible_periods
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.exports.actions import export_numbers
from tasks_app.domain.numbers.actions import rule_total
from tasks_app.domain.numbers.queries import number_table
from tasks_app.forms.lagging import PeriodFilter
from tasks_app.models import Indicator

from .downloads import XLSX, download_of
from .look import look_at
from .middleware import Request
from .moves import make_move
from .permissions import requires


@require_safe
@requires(Permission.READ_OVERVIEW)
def numbers(request: Request) -> HttpResponse:
    """Show every number that is asked for in a period, by unit."""
    look = look_at(request)
    if look is None:
        return render(request, "lagging/no_period.html")
    context = look.context(PeriodFilter(request.GET, *look.choices)) | {
        "table": number_table(look.period, at=look.as_of.at),
        "may_rule": may(request.user, Permission.REVIEW_REPORT) and not look.as_of.is_past,
    }
    return render(request, "numbers/numbers.html", context)


@require_safe
@requires(Permission.READ_OVERVIEW)
def workbook(request: Request, pk: int) -> HttpResponse:
    """Send the table as a workbook."""
    period = get_object_or_404(visible_periods(request.user).select_related("plan__issuer"), pk=pk)
    file = export_numbers(period, by=request.user, at=request.now)
    return download_of(file.name, file.content, XLSX)


@require_POST
@requires(Permission.REVIEW_REPORT)
def rule(request: Request, pk: int, indicator_pk: int) -> HttpResponse:
    """Say which of two values is the city's."""
    period = get_object_or_404(visible_periods(request.user), pk=pk)
    indicator = Indicator.objects.accepted().filter(task__plan=period.plan_id, pk=indicator_pk).first()
    if indicator is None:
        raise Http404
    return make_move(
        request,
        rule_total,
        indicator,
        period,
        request.POST.get("holds", ""),
        done="已记下以哪个数为准。",
        back=f"{reverse('numbers')}?period={period.pk}#indicator-{indicator.pk}",
    )
