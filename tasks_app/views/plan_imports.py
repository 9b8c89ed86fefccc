"""The life of an import: upload, reading with its progress, confirming, discarding, undoing."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from tasks_app.choices import ImportState
from tasks_app.clock import local_date
from tasks_app.documents.plan_template import plan_template
from tasks_app.domain.access.queries import reporting_units, visible_imports
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.plan_import.actions import apply_import, discard_import, read_import, store_upload
from tasks_app.domain.plan_import.undoing import undo_import
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.forms.plan_imports import PlanUploadForm
from tasks_app.tables.plans import PlanImportsTable

from .downloads import XLSX, download_of
from .middleware import Request
from .moves import make_move, taken
from .permissions import requires

# What is read within a second or two is read at once; for the rest there is a page that shows the progress.
SMALL = 100_000  # bytes: some three thousand rows


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PLAN)
def plan_imports(request: Request) -> HttpResponse:
    """Earlier imports and the upload of a new one."""
    form = PlanUploadForm(request.POST, request.FILES) if request.method == "POST" else PlanUploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        stored = store_upload(
            file.read(),
            issuer=request.user.unit,
            file_name=file.name,
            given=form.given(),
            by=request.user,
            at=request.now,
        )
        if file.size <= SMALL:
            read_import(stored.pk, at=request.now)
        return _go_to(request, reverse("plan_import", args=[stored.pk]))
    found = visible_imports(request.user).select_related("uploaded_by")
    table = PlanImportsTable(found.defer("content", "before", "outline", "summary", "mends"))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    return render(request, "plan_imports/plan_imports.html", {"form": form, "table": table})


@require_safe
@requires(Permission.MANAGE_PLAN)
def template(request: Request) -> HttpResponse:
    """Send an empty table with the names of the city's own units."""
    city, year = request.user.unit, local_date(request.now).year
    units = reporting_units(city).order_by("position", "code").values_list("name", flat=True)
    content = plan_template(f"{city.name}{year}年深化医改重点任务分解表", list(units))
    return download_of("重点任务分解表（空白模板）.xlsx", content, XLSX)


@require_POST
@requires(Permission.MANAGE_PLAN)
def read(request: Request, pk: int) -> HttpResponse:
    """Read an upload now; somebody who reads it already is left alone."""
    found = get_object_or_404(visible_imports(request.user).only("pk"), pk=pk)
    read_import(found.pk, at=request.now)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204)  # the page asks how far it has come, and goes on by itself
    return redirect("plan_import", pk=found.pk)


@require_safe
@requires(Permission.MANAGE_PLAN)
def progress(request: Request, pk: int) -> HttpResponse:
    """The bar that shows how far the reading has come; when it is over, the page goes on to the preview."""
    found = get_object_or_404(
        visible_imports(request.user).only("pk", "state", "rows_read", "rows_total", "read_until"), pk=pk
    )
    context = {
        "import": found,
        "is_reading": found.state == ImportState.READING,
        # Nobody reads it: the server was stopped in the middle of it, perhaps.
        "is_left_alone": found.read_until is None or found.read_until < request.now,
    }
    return render(request, "plan_imports/_progress.html", context)


@require_POST
@requires(Permission.MANAGE_PLAN)
def apply(request: Request, pk: int) -> HttpResponse:
    """Confirm a preview."""
    found = get_object_or_404(visible_imports(request.user).only("pk", "file_name"), pk=pk)
    stopped_by = request.POST.get("stopped_by", "")
    plan, sentences = taken(request, None, partial(apply_import, stopped_by=stopped_by), found.pk)
    if sentences:
        messages.error(request, "".join(sentences))
        return redirect("plan_import", pk=found.pk)
    open_due_periods(at=request.now, by=request.user)
    messages.success(request, f"已导入“{found.file_name}”。请核对牵头单位、量化指标和填报期。")
    return redirect("plan", pk=plan.pk)


@require_POST
@requires(Permission.MANAGE_PLAN)
def discard(request: Request, pk: int) -> HttpResponse:
    """Put a preview aside."""
    found = get_object_or_404(visible_imports(request.user).only("pk", "file_name"), pk=pk)
    done = f"已放弃“{found.file_name}”，分解表没有改动。"
    return make_move(request, discard_import, found.pk, done=done, back=reverse("plan_imports"))


@require_POST
@requires(Permission.MANAGE_PLAN)
def undo(request: Request, pk: int) -> HttpResponse:
    """Take an applied import back as one step."""
    found = get_object_or_404(visible_imports(request.user).only("pk", "file_name"), pk=pk)
    undone, sentences = taken(request, None, undo_import, found.pk)
    if sentences:
        messages.error(request, "".join(sentences))
        return redirect("plan_import", pk=found.pk)
    open_due_periods(at=request.now, by=request.user)
    if undone.plan_id is None:
        messages.success(request, f"已撤销“{found.file_name}”的导入，它新建的分解表已去掉。")
        return redirect("plans")
    messages.success(request, f"已撤销“{found.file_name}”的导入，分解表恢复为导入前的内容。")
    return redirect("plan", pk=undone.plan_id)


def _go_to(request: Request, address: str) -> HttpResponse:
    """Send the browser on, also where the request ran in the background of a page."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)
