"""Import of the year's table: upload, preview, confirm or discard."""

import hashlib

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from tasks_app.choices import ImportState, Severity
from tasks_app.domain.access.queries import visible_imports
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.plan_import.actions import (
    ImportRefusedError,
    apply_import,
    discard_import,
    preview_import,
)
from tasks_app.domain.plan_import.queries import examine, preview_of
from tasks_app.domain.plan_import.rules.differences import Change
from tasks_app.domain.plan_import.rules.problems import Problem
from tasks_app.domain.plan_import.rules.understanding import understand_file
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.forms.plan_imports import PlanUploadForm
from tasks_app.tables.plans import PlanImportsTable

from .middleware import Request
from .permissions import requires

CHANGE_LABELS = {
    Change.ADDED: "新增",
    Change.CHANGED: "修改",
    Change.REMOVED: "去掉",
    Change.UNCHANGED: "未变",
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PLAN)
def plan_imports(request: Request) -> HttpResponse:
    """Earlier imports and the upload of a new one."""
    is_upload = request.method == "POST"
    form = PlanUploadForm(request.POST, request.FILES) if is_upload else PlanUploadForm()
    problems: list[Problem] = []
    if is_upload and form.is_valid():
        file = form.cleaned_data["file"]
        data = file.read()
        understanding = understand_file(data, year=form.cleaned_data["year"], file_name=file.name)
        examination = examine(
            understanding,
            issuer=request.user.unit,
            document_number=form.cleaned_data["document_number"],
            issued_on=form.cleaned_data["issued_on"],
        )
        if examination.is_presentable:
            stored = preview_import(
                examination,
                issuer=request.user.unit,
                file_name=file.name,
                file_sha256=hashlib.sha256(data).hexdigest(),
                by=request.user,
                at=request.now,
            )
            return redirect("plan_import", pk=stored.pk)
        problems = examination.problems
    table = PlanImportsTable(visible_imports(request.user).select_related("uploaded_by").defer("content"))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    context = {"form": form, "problems": problems, "table": table}
    return render(request, "plan_imports/plan_imports.html", context, status=422 if problems else 200)


@require_safe
@requires(Permission.MANAGE_PLAN)
def preview(request: Request, pk: int) -> HttpResponse:
    """What was understood, what is wrong with it, what it would change."""
    found = get_object_or_404(visible_imports(request.user).select_related("uploaded_by", "plan"), pk=pk)
    errors = [problem for problem in found.problems if problem["severity"] == Severity.ERROR]
    shown = preview_of(found)
    changes = [(kind, label, shown.difference.of_kind(kind)) for kind, label in CHANGE_LABELS.items()]
    context = {
        "import": found,
        "preview": shown,
        "changes": [(kind, label, len(tasks)) for kind, label, tasks in changes],
        **{kind.value: tasks for kind, _, tasks in changes},
        "errors": errors,
        "warnings": [problem for problem in found.problems if problem not in errors],
        "is_pending": found.state == ImportState.PREVIEWED,
        "is_applied": found.state == ImportState.APPLIED,
    }
    return render(request, "plan_imports/preview.html", context)


@require_POST
@requires(Permission.MANAGE_PLAN)
def apply(request: Request, pk: int) -> HttpResponse:
    """Confirm a preview."""
    found = get_object_or_404(visible_imports(request.user), pk=pk)
    try:
        plan = apply_import(found.pk, by=request.user, at=request.now)
    except ImportRefusedError as refused:
        messages.error(request, str(refused))
        return redirect("plan_import", pk=found.pk)
    open_due_periods(at=request.now, by=request.user)
    messages.success(request, f"已导入“{found.file_name}”。请核对牵头单位和填报期。")
    return redirect("plan", pk=plan.pk)


@require_POST
@requires(Permission.MANAGE_PLAN)
def discard(request: Request, pk: int) -> HttpResponse:
    """Put a preview aside."""
    found = get_object_or_404(visible_imports(request.user), pk=pk)
    try:
        discard_import(found.pk, by=request.user, at=request.now)
    except ImportRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已放弃“{found.file_name}”，分解表没有改动。")
    return redirect("plan_imports")
