"""More time: a unit asks and withdraws, the office decides."""

from collections.abc import Callable
from dataclasses import dataclass

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
from tasks_app.domain.moves import EXTENSION, ExtensionMove, Party
from tasks_app.forms.requests import ExtensionForm, GrantForm, RefuseExtensionForm
from tasks_app.models import Extension

from .middleware import Request
from .moves import Offer, StateLine, make_move, submitted
from .permissions import requires

PAGE_SIZE = 30


@dataclass(frozen=True)
class ShownExtension:
    """One extension as its unit sees it: with which word it `ended`, and what the unit can do with it."""

    extension: Extension
    ended: str
    offers: list[Offer]


def state_line(extension: Extension) -> StateLine:
    """Return what became of an extension, for the head of its report."""
    wanted, asked = extension.wanted_on, local_date(extension.asked_at)
    makers: dict[ExtensionState, Callable[[], StateLine]] = {
        ExtensionState.ASKED: lambda: StateLine(
            f"{asked.month}月{asked.day}日申请延至 {wanted.month}月{wanted.day}日，等待市医改办批复，批复前截止日不变"
        ),
        ExtensionState.GRANTED: lambda: StateLine("市医改办已准予延至", _granted(extension)),
        ExtensionState.REFUSED: lambda: StateLine(f"市医改办不予延期：{extension.decision.rstrip('。')}"),
        ExtensionState.WITHDRAWN: lambda: StateLine("申请已撤回"),
    }
    return makers[ExtensionState(extension.state)]()


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT)
def ask(request: Request, pk: int) -> HttpResponse:
    """Show the extensions of a report, and ask for one while that is possible."""
    today = local_date(request.now)
    report = get_object_or_404(own_reports(request.user, today), pk=pk)
    form = ExtensionForm(request.POST or None)
    if submitted(request, form, actions.ask_extension, pk):
        messages.success(request, "已申请，等待市医改办批复。批复前截止日不变。")
        return redirect("extension_ask", pk=pk)
    rows = [_row(extension) for extension in queries.extensions_of(report)]
    context = {
        "report": report,
        "form": form,
        "rows": rows,
        "waits": any(row.offers for row in rows),
        "why_not": why_not_ask(report, today),
    }
    return render(request, "extensions/ask.html", context)


@require_POST
@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back what waits."""
    reports = own_reports(request.user, local_date(request.now))
    extension = get_object_or_404(Extension.objects.filter(report__in=reports), pk=pk)
    back = reverse("extension_ask", args=[extension.report_id])
    return make_move(request, actions.withdraw_extension, pk, done="已撤回延期申请。", back=back)


@require_safe
@requires(Permission.HANDLE_REQUESTS)
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
@requires(Permission.HANDLE_REQUESTS)
def decide(request: Request, pk: int) -> HttpResponse:
    """Grant, perhaps until another day, or refuse with a reason."""
    extension = get_object_or_404(queries.visible_extensions(request.user), pk=pk)
    lead, back = f"{extension.report.unit}：", reverse("extensions")
    if request.POST.get("decision_is") == "refuse":
        return make_move(
            request,
            actions.refuse_extension,
            pk,
            form=RefuseExtensionForm(request.POST),
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


def _row(extension: Extension) -> ShownExtension:
    ended = ""
    if extension.decided_at is not None:
        ended = "撤回" if extension.state == ExtensionState.WITHDRAWN else "批复"
    offers = []
    if EXTENSION.allows(ExtensionMove.WITHDRAW, extension.state, {Party.UNIT}):
        address = reverse("extension_withdraw", args=[extension.pk])
        style = "btn-sm btn-outline-primary"
        offers.append(Offer(address, "撤回", style=style, confirm="撤回这件延期申请？"))
    return ShownExtension(extension, ended, offers)


def _granted(extension: Extension) -> str:
    return day_in_words(extension.granted_until) if extension.granted_until else ""
