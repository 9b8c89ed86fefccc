"""填报口径 by a workbook: download, upload, what it would change, confirm."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks_app.domain.access.queries import visible_plans
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.indicators.actions import decide_gatherings, export_gatherings
from tasks_app.domain.indicators.workbook import GatheringUpload, from_plain, read_workbook
from tasks_app.domain.moves import Refused
from tasks_app.forms.gathering import GatheringUploadForm
from tasks_app.models import Plan

from .downloads import XLSX, download_of
from .middleware import Request
from .permissions import requires


@require_safe
@requires(Permission.MANAGE_PLAN)
def download(request: Request, pk: int) -> HttpResponse:
    """Send the workbook, filled in as it is decided or proposed now."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    name, content = export_gatherings(plan, by=request.user, at=request.now)
    return download_of(name, content, XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PLAN)
def upload(request: Request, pk: int) -> HttpResponse:
    """Take a workbook and show what it would change; it is kept with the session until somebody confirms it."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    form = GatheringUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            read = read_workbook(plan, file.read(), file_name=file.name)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            request.session[_key(plan)] = read.to_plain()
            return redirect("gatherings_upload", pk=plan.pk)
    context = {"plan": plan, "form": form, "upload": None if form.errors else _waiting(request, plan)}
    return render(request, "indicators/upload.html", context)


@require_POST
@requires(Permission.MANAGE_PLAN)
def apply(request: Request, pk: int) -> HttpResponse:
    """Write all that was confirmed, or put it aside."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    waiting = _waiting(request, plan)
    if waiting is None or waiting.faults:
        return redirect("gatherings_upload", pk=plan.pk)
    del request.session[_key(plan)]
    if "discard" in request.POST:
        return redirect("gatherings", pk=plan.pk)
    try:
        count = decide_gatherings(plan, waiting.wanted, seen=waiting.seen, by=request.user, at=request.now)
    except Refused as refused:
        messages.error(request, f"没有写入：{refused}请重新上传核对。")
        return redirect("gatherings_upload", pk=plan.pk)
    messages.success(request, f"已保存 {count} 项指标的填报口径。")
    return redirect("gatherings", pk=plan.pk)


def _waiting(request: Request, plan: Plan) -> GatheringUpload | None:
    kept = request.session.get(_key(plan))
    return from_plain(kept) if kept else None


def _key(plan: Plan) -> str:
    return f"gatherings-{plan.pk}"
