"""More time: a unit asks and withdraws, the office decides."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks_app.choices import ExtensionState
from tasks_app.clock import day_in_words, local_date
from tasks_app.domain.access.queries import own_reports
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.extensions import actions, queries
from tasks_app.domain.extensions.rules import why_not_ask
from tasks_app.domain.moves import Refused
from tasks_app.forms.requests import ExtensionForm, GrantForm, RefuseForm
from tasks_app.models import Extension

from .middleware import Request
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
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_extension(pk, **form.cleaned_data, by=request.user, at=request.now)
        except Refused as error:
            form.add_error(None, str(error))
        else:
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
    try:
        actions.withdraw_extension(pk, by=request.user, at=request.now)
        messages.success(request, "已撤回延期申请。")
    except Refused as error:
        messages.error(request, str(error))
    return redirect("extension_ask", pk=extension.report_id)


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
    unit = extension.report.unit
    try:
        if request.POST.get("decision_is") == "refuse":
            refuse = RefuseForm(request.POST)
            if not refuse.is_valid():
                messages.error(request, f"{unit}：没有批复，请写明不予延期的理由，不超过 500 个字。")
                return redirect("extensions")
            decision = refuse.cleaned_data["decision"]
            actions.refuse_extension(pk, decision=decision, by=request.user, at=request.now)
            messages.success(request, f"{unit}：已告知不予延期，截止日不变。")
        else:
            grant = GrantForm(request.POST)
            if not grant.is_valid():
                messages.error(request, f"{unit}：没有批复，请选择准予延至的日期，意见不超过 500 个字。")
                return redirect("extensions")
            actions.grant_extension(pk, **grant.cleaned_data, by=request.user, at=request.now)
            until = day_in_words(grant.cleaned_data["until"])
            messages.success(request, f"{unit}：已准予延至 {until}。")
    except Refused as error:
        messages.error(request, f"{unit}：{error}")
    return redirect("extensions")
