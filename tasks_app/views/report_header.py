"""The head of the form (填表人、联系电话、填报时间): how it is drawn, and how it saves itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import own_reports
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.moves import Refused, Stale
from tasks_app.domain.reporting import actions
from tasks_app.domain.reporting.queries import header_saving
from tasks_app.forms.reporting import HeaderForm
from tasks_app.models import Report

from .middleware import Request
from .permissions import requires

NOT_READ = "表头没有保存：填报时间请按“年-月-日”填写，填表人和联系电话不超过 30 个字。"
NO_VERSION = "表头没有保存：本页已经过期，请刷新页面后再填。"


def header_context(report: Report, request: Request) -> dict[str, Any]:
    """Return what the page needs to draw the head as a form, and who saved it when.

    Where nothing stands yet the person's own name and today are suggested.
    """
    is_unnamed = not report.filler_name and not report.filler_phone
    form = HeaderForm(
        initial={
            "filler_name": request.user.name if is_unnamed else report.filler_name,
            "filler_phone": request.user.phone if is_unnamed else report.filler_phone,
            "filled_on": report.filled_on or local_date(request.now),
        }
    )
    is_suggested = is_unnamed or report.filled_on is None
    return {"header_form": form, "header_suggested": is_suggested, "header_saving": header_saving(report)}


@requires(Permission.FILL_REPORT)
@require_POST
def save_header(request: Request, pk: int) -> HttpResponse:
    """Save the form's header as draft; the answer is the small line that tells what became of it."""
    report = get_object_or_404(own_reports(request.user, local_date(request.now)), pk=pk)
    form = HeaderForm(request.POST)
    context: dict[str, Any] = {"report": report, "seen_version": request.POST.get("version", "")}
    if not form.is_valid():
        context["refusal"] = NO_VERSION if "version" in form.errors else NOT_READ
    else:
        try:
            saved = actions.save_header(report.pk, **form.cleaned_data, by=request.user, at=request.now)
            context |= {"report": saved, "saved": True}
        except Stale as error:
            context |= {"theirs": True, "refusal": str(error)}
        except Refused as error:
            context["refusal"] = str(error)
    context["header_saving"] = header_saving(context["report"])
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "reporting/_header_state.html", context)
    if "refusal" in context:
        messages.error(request, context["refusal"])
    return redirect("report", pk=pk)
