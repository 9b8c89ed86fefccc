"""Stand-ins: admins and signers name them; whoever stands in finds the work here."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tasks_app.choices import Role
from tasks_app.clock import local_date
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.stand_ins import actions, queries
from tasks_app.forms.acting import StandInForm

from .middleware import Request
from .moves import make_move, submitted
from .permissions import requires

PAGE_SIZE = 30
WHOSE = {Role.OFFICE: "您的替岗记录", Role.ADMIN: "各单位的替岗"}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.NAME_STAND_IN, Permission.FILL_REPORT, Permission.HANDLE_REQUESTS)
def stand_ins(request: Request) -> HttpResponse:
    """List the stand-ins and name one; for the office its own, with the reports to work on."""
    today, may_name = local_date(request.now), may(request.user, Permission.NAME_STAND_IN)
    form = None
    if may_name:
        form = StandInForm(request.POST or None, user=request.user, initial={"since": today})
    if form is not None and (named := submitted(request, form, actions.name_stand_in)):
        messages.success(
            request, f"已指定{named.user}替{named.unit}{named.get_role_display()}，到期自动结束。"
        )
        return redirect("stand_ins")
    context = {
        "form": form,
        "page": Paginator(queries.visible_stand_ins(request.user), PAGE_SIZE).get_page(
            request.GET.get("page")
        ),
        "today": today,
        "may_name": may_name,
        "reports": queries.reports_to_work_on(request.user, today),
        "is_office": may(request.user, Permission.HANDLE_REQUESTS),
        "whose": WHOSE.get(Role(request.user.role), "本单位的替岗"),
    }
    return render(request, "stand_ins/stand_ins.html", context)


@require_POST
@requires(Permission.NAME_STAND_IN)
def end(request: Request, pk: int) -> HttpResponse:
    """End one at once."""
    stand_in = get_object_or_404(queries.visible_stand_ins(request.user), pk=pk)
    done = f"已结束{stand_in.user}的替岗。"
    return make_move(request, actions.end_stand_in, pk, done=done, back=reverse("stand_ins"))
