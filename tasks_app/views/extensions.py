"""More time: a unit asks and withdraws, the office decides."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks_app.choices import ExtensionState
from tasks_app.clock import day_in_words, local_date
from tasks_app.domain.access.queries import own_reports
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.extensions import actions, queries
from tasks_app.domain.extensions.rules import why_not_ask
from tasks_app.forms.requests import ExtensionForm, GrantForm, RefuseForm
from tasks_app.models import Extension

from .middleware import Request
from .moves import make_move, submitted
from .permissions import requires

P = Permission
PAGE_SIZE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.FILL_REPORT, P.SIGN_REPORT)
def ask(request: Request, pk: int) -> HttpResponse:
    """Show the extensions of a report, and ask for one while that is possible."""
    today = local_date(request.now)
    report = get_object_or_404(own_reports(request.user, today), pk=pk)
    form = ExtensionForm(request.POST or None)
    if submitted(request, form, actions.ask_extension, pk):
        messages.success(request, "已申请，等待市医改办批复。批复前截止日不变。")
        return redirect("extension_ask", pk=pk)
    extensions = queries.extensions_of(report)
    waits = any(extension.state == ExtensionState.ASKED for extension in extensions)
    context = {
        "report": report,
        "form": form,
        "extensions": extensions,
        "waits": waits,
        "why_not": why_not_ask(report, today),
    }
    return render(request, "extensions/ask.html", context)


@require_POST
@requires(P.FILL_REPORT, P.SIGN_REPORT)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back what waits."""
    reports = own_reports(request.user, local_date(request.now))
    extension = get_object_or_404(Extension.objects.filter(report__in=reports), pk=pk)
    back = reverse("extension_ask", args=[extension.report_id])
    return make_move(request, actions.withdraw_extension, pk, done="已撤回延期申请。", back=back)


@require_safe
@requires(P.HANDLE_REQUESTS)
def extensions(request: Request) -> HttpResponse:
    """List what waits for a decision, the oldest first, then what was decided."""
    decided = Paginator(queries.decided_extensions(request.user), PAGE_SIZE)
    waiting = queries.open_extensions(request.user, request.now)
    forms = [
        # Ids carry the extension: several forms stand on one page.
        GrantForm(initial={"until": item.extension.wanted_on}, auto_id=f"grant-{item.extension.pk}-%s")
        for item in waiting
    ]
    context = {
        "waiting": list(zip(waiting, forms, strict=True)),
        "decided": decided.get_page(request.GET.get("page")),
    }
    return render(request, "extensions/extensions.html", context)


@require_POST
@requires(P.HANDLE_REQUESTS)
def decide(request: Request, pk: int) -> HttpResponse:
    """Grant, perhaps until another day, or refuse with a reason."""
    extension = get_object_or_404(queries.visible_extensions(request.user), pk=pk)
    lead, back = f"{extension.report.unit}：", reverse("extensions")
    if request.POST.get("decision_is") == "refuse":
        return make_move(
            request,
            actions.refuse_extension,
            pk,
            form=RefuseForm(request.POST),
            wrong="没有批复，请写明不予延期的理由，不超过 500 个字。",
            done="已告知不予延期，截止日不变。",
            lead=lead,
            back=back,
        )
    return make_move(
        request,
        actions.grant_extension,
        pk,
        form=GrantForm(request.POST),
        wrong="没有批复，请选择准予延至的日期，意见不超过 500 个字。",
        done=lambda granted: f"已准予延至 {day_in_words(granted.granted_until)}。",
        lead=lead,
        back=back,
    )
