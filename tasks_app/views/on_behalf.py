"""Entering for a unit that is cut off: what is under way, beginning, giving up, taking over."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import own_reports
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission
from tasks_app.domain.on_behalf import actions, queries
from tasks_app.forms.acting import BeginForm

from .middleware import Request
from .moves import make_move, submitted
from .permissions import requires

PAGE_SIZE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ENTER_REPORT)
def on_behalf(request: Request) -> HttpResponse:
    """Show what is entered for units, and begin; the form itself is the unit's."""
    form = BeginForm(request.POST or None, reports=queries.reports_to_enter(request.user, request.now))
    if begun := submitted(request, form, actions.begin):
        messages.success(request, f"可以代{begun.unit}填报了。填好后提交复核，由另一名市医改办人员报送。")
        return redirect("report", pk=begun.pk)
    done = Paginator(queries.submitted_for_units(request.user), PAGE_SIZE)
    context = {
        "form": form,
        "entered": queries.entered_reports(request.user),
        "done": done.get_page(request.GET.get("page")),
        "has_second": queries.has_second_person(request.user, request.now),
    }
    return render(request, "on_behalf/on_behalf.html", context)


@require_POST
@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT, Permission.ENTER_REPORT)
def end(request: Request, pk: int) -> HttpResponse:
    """Give it up, or take it over for one's own unit."""
    report = get_object_or_404(own_reports(request.user, local_date(request.now)), pk=pk)
    is_unit = request.user.role in REPORTING_ROLES
    done = "已收回，本单位可以接着填报。代填的内容保留在各项里，请核对。"
    if not is_unit:
        done = f"已结束代填，{report.unit}可以自行填报，已填的内容保留。"
    back = reverse("report", args=[pk]) if is_unit else reverse("on_behalf")
    return make_move(request, actions.end, pk, done=done, back=back)
