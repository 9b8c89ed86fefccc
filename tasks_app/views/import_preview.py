"""What an import would do, for reading: the table as understood beside the file, problems, changes, two years."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tasks_app.choices import ImportState, Severity
from tasks_app.domain.access.queries import visible_imports
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.amendments.queries import consequences
from tasks_app.domain.amendments.rules import Consequence
from tasks_app.domain.plan_import.presenting import (
    YEAR_KINDS,
    Preview,
    YearRow,
    decided_names,
    years_side_by_side,
)
from tasks_app.domain.plan_import.queries import is_stale, plan_of, unit_index
from tasks_app.domain.plan_import.rules.differences import Summary
from tasks_app.domain.plan_import.rules.side_by_side import PAGE
from tasks_app.domain.plan_import.undoing import why_not_undone
from tasks_app.forms.import_mends import ColumnsForm, NamesForm
from tasks_app.forms.plan_imports import DetailsForm
from tasks_app.models import Plan, PlanImport

from .middleware import Request
from .permissions import requires

PROBLEMS_SHOWN, PROBLEMS_PER_PAGE = 50, 100
CHANGES_SHOWN, CHANGES_PER_PAGE = 5, 20
TITLES_SHOWN = 20
YEARS_PER_PAGE = 50
SEVERITIES = {"": "全部", Severity.ERROR.value: "错误", Severity.WARNING.value: "提示"}
CHANGES = {"changed": "修改", "added": "新增", "moved": "移动", "removed": "停办"}


@require_safe
@requires(Permission.MANAGE_PLAN)
def preview(request: Request, pk: int) -> HttpResponse:
    """One import, at whatever stage it is."""
    found = get_object_or_404(visible_imports(request.user).select_related(*WITH), pk=pk)
    if found.state == ImportState.READING or not found.content:
        page = "reading" if found.state == ImportState.READING else "unread"
        has_failed = found.state == ImportState.FAILED
        return render(request, f"plan_imports/{page}.html", {"import": found, "has_failed": has_failed})
    return show_preview(request, found)


WITH = ("uploaded_by", "applied_by", "undone_by", "plan", "issuer")


def show_preview(request: Request, found: PlanImport, **forms: Any) -> HttpResponse:
    """Draw the preview; `forms` are those that were sent and could not be saved, by their names."""
    shown = Preview(found)
    is_pending = found.state == ImportState.PREVIEWED
    pages = Paginator(range(len(shown.tasks)), PAGE)
    page = pages.get_page(request.GET.get("page"))
    problems = shown.problems()
    context = {
        "import": found,
        # A form that could not be saved draws this page at its own address, which shows nothing by itself.
        "address": reverse("plan_import", args=[found.pk]),
        "title": shown.content.get("title", ""),
        "figures": shown.figures(),
        "document_number": shown.content.get("document_number", ""),
        "has_cells": bool(shown.workbook.sheets),
        "page": page,
        "blocks": shown.page(page.number),
        "problems": problems[:PROBLEMS_SHOWN],
        "problem_counts": _severity_counts(problems),
        "error_count": sum(p.severity == Severity.ERROR for p in problems),
        "summary": Summary.from_json(found.summary) if found.summary else None,
        "changes": _changes(found),
        "shown_at_most": {"changed": CHANGES_SHOWN, "other": TITLES_SHOWN},
        "last_plan": Plan.objects.year_before(found.issuer_id, found.year).first(),
        "is_pending": is_pending,
        "is_applied": found.state == ImportState.APPLIED,
        "is_undone": found.state == ImportState.UNDONE,
        "expected": _expected(found, request) if is_pending else [],
        "is_stale": is_pending and is_stale(found),
        "why_not_undone": why_not_undone(found) if found.state == ImportState.APPLIED else "",
    }
    if is_pending:
        context |= _mends(shown, found, request.GET.get("name", "") or request.POST.get("name", "")) | forms
    return render(request, "plan_imports/preview.html", context)


def _expected(found: PlanImport, request: Request) -> list[Consequence]:
    """Return what confirming means for the reports of the period that is open."""
    given = Summary.from_json(found.summary).given if found.summary else {}
    plan = plan_of(found) if given else None
    return consequences(plan, given, at=request.now) if plan else []


def _mends(shown: Preview, found: PlanImport, name: str) -> dict[str, Any]:
    """Return the forms by which a preview is mended."""
    index = unit_index(found.issuer)
    open_count = len(shown.outline["names"])
    return {
        "details": DetailsForm(found),
        "columns": ColumnsForm(shown.outline["columns"]),
        "names": NamesForm(shown.names(index, name), index.units),
        "open_count": open_count,
        "unknown_columns": sum(not column["is_known"] for column in shown.outline["columns"]),
        "asked_name": name,
        "decided": decided_names(shown.mends, index.units),
    }


@require_safe
@requires(Permission.MANAGE_PLAN)
def problems(request: Request, pk: int) -> HttpResponse:
    """Everything that was found wrong or doubtful, however much it is."""
    found = _with_content(request, pk)
    everything = Preview(found).problems()
    severity = request.GET.get("severity", "")
    wanted = [p for p in everything if not severity or p.severity == severity]
    counts = _severity_counts(everything)
    context = {
        "import": found,
        "page": Paginator(wanted, PROBLEMS_PER_PAGE).get_page(request.GET.get("page")),
        "severity": severity,
        "tabs": [(value, label, counts.get(value, len(everything))) for value, label in SEVERITIES.items()],
    }
    return render(request, "plan_imports/problems.html", context)


@require_safe
@requires(Permission.MANAGE_PLAN)
def changes(request: Request, pk: int) -> HttpResponse:
    """What confirming would change in the stored plan, one kind at a time."""
    found = _with_content(request, pk)
    summary = Summary.from_json(found.summary)
    kind = request.GET.get("kind", "changed")
    if kind not in CHANGES:
        raise Http404
    tasks = summary.tasks.get(kind, ())
    context = {
        "import": found,
        "kind": kind,
        "label": CHANGES[kind],
        "tabs": [(value, label, summary.counts.get(value, 0)) for value, label in CHANGES.items()],
        "page": Paginator(tasks, CHANGES_PER_PAGE).get_page(request.GET.get("page")),
        "left_out": summary.counts.get(kind, 0) - len(tasks),
    }
    return render(request, "plan_imports/changes.html", context)


@require_safe
@requires(Permission.MANAGE_PLAN)
def years(request: Request, pk: int) -> HttpResponse:
    """The table beside last year's: continued, changed, new, gone; for the preview the counts alone."""
    found = _with_content(request, pk)
    compared = years_side_by_side(found)
    kind = request.GET.get("kind", "changed")
    if kind not in YEAR_KINDS:
        raise Http404
    rows = compared.get(kind, [])
    page: Page[YearRow] = Paginator(rows, YEARS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "import": found,
        "last_plan": Plan.objects.year_before(found.issuer_id, found.year).first(),
        "kind": kind,
        "tabs": [(value, label, len(compared.get(value, []))) for value, label in YEAR_KINDS.items()],
        "page": page,
    }
    part = bool(request.htmx)  # type: ignore[attr-defined]
    return render(request, f"plan_imports/{'_years' if part else 'years'}.html", context)


def _with_content(request: Request, pk: int) -> PlanImport:
    return get_object_or_404(
        visible_imports(request.user).select_related(*WITH), pk=pk, content__isnull=False
    )


def _severity_counts(problems: list[Any]) -> dict[str, int]:
    return {s.value: sum(problem.severity == s.value for problem in problems) for s in Severity}


def _changes(found: PlanImport) -> list[tuple[str, str, int]]:
    """Return (kind, label, how many tasks) of each kind of change."""
    counts = found.summary.get("counts", {}) if found.summary else {}
    return [(kind, label, counts.get(kind, 0)) for kind, label in CHANGES.items()]
