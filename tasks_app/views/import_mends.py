"""Mending a preview: its details, the meaning of columns, what names stand for, how a row is to be read."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tasks_app.domain.access.queries import visible_imports
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.plan_import.actions import Given, given_of, mend_import, refresh_import
from tasks_app.domain.plan_import.presenting import Preview, RowToMend, page_of, suggestions
from tasks_app.domain.plan_import.queries import decide_all, unit_index
from tasks_app.forms.import_mends import ColumnsForm, NamesForm, RowPartForm
from tasks_app.forms.plan_imports import DetailsForm
from tasks_app.models import PlanImport
from tasks_app.plan_reading.mends import MendedRow, Mends, RowKind

from .import_preview import WITH, show_preview
from .middleware import Request
from .moves import make_move, taken
from .permissions import requires

MOST_PARTS = 2


@require_POST
@requires(Permission.MANAGE_PLAN)
def details(request: Request, pk: int) -> HttpResponse:
    """Year, document number, day, and which sheets are read."""
    found = _pending(request, pk)
    form = DetailsForm(found, request.POST)
    if not form.is_valid():
        return show_preview(request, found, details=form)
    mends = replace(Mends.from_json(found.mends), sheets=form.chosen_sheets())
    if not _save(request, found, mends, form.given()):
        return show_preview(request, _pending(request, pk), details=form)
    return _back(found, "mends")


@require_POST
@requires(Permission.MANAGE_PLAN)
def columns(request: Request, pk: int) -> HttpResponse:
    """What the headings mean."""
    found = _pending(request, pk)
    form = ColumnsForm(found.outline["columns"], request.POST)
    if not form.is_valid():
        return show_preview(request, found, columns=form)
    mends = Mends.from_json(found.mends)
    mends = replace(mends, columns={**mends.columns, **form.changed()})
    if not _save(request, found, mends):
        return show_preview(request, _pending(request, pk), columns=form)
    return _back(found, "mends")


@require_POST
@requires(Permission.MANAGE_PLAN)
def names(request: Request, pk: int) -> HttpResponse:
    """What the names stand for that are no known units; with `suggested`, for all of them what is likely.

    What that would do is shown first, and done once it is `confirmed`.
    """
    found = _pending(request, pk)
    mends = Mends.from_json(found.mends)
    index = unit_index(found.issuer)
    if "suggested" in request.POST:
        decisions = decide_all(found)
        if request.POST["suggested"] != "confirmed":
            lists = suggestions(found, decisions, index.units)
            return render(request, "plan_imports/suggested.html", {"import": found, "lists": lists})
        _save(request, found, replace(mends, units={**mends.units, **decisions}))
        return _back(found, "names")
    form = NamesForm(Preview(found).names(index, request.POST.get("name", "")), index.units, request.POST)
    if not form.is_valid():
        return show_preview(request, found, names=form)
    decided = {**mends.units, **form.decisions()}
    mends = replace(mends, units={name: d for name, d in decided.items() if d is not None})
    if not _save(request, found, mends):
        return show_preview(request, _pending(request, pk), names=form)
    return _back(found, "names")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PLAN)
def row(request: Request, pk: int, sheet: int, row: int) -> HttpResponse:
    """One row of the file: read as something else, mended, split in two, left out, or as it was again."""
    found = _pending(request, pk)
    shown = Preview(found).row(sheet, row)
    if shown is None:
        raise Http404
    if request.method != "POST":
        return _row_page(request, found, shown, _parts(shown, None, len(shown.parts)))
    mends = Mends.from_json(found.mends)
    if "restore" in request.POST:
        if _save(request, found, mends.with_row(shown.sheet, row, None)):
            return _back(found, *_place(found, shown))
        return redirect(request.path)
    count = MOST_PARTS if "split" in request.POST or "part1-kind" in request.POST else 1
    parts = _parts(shown, request.POST, count)
    if "split" in request.POST or not all(part.is_valid() for part in parts):
        return _row_page(request, found, shown, parts)
    rows = tuple(mended for mended in (part.mended() for part in parts) if mended is not None)
    if not _save(request, found, mends.with_row(shown.sheet, row, rows)):
        return _row_page(request, _pending(request, pk), shown, parts)
    return _back(found, *_place(found, shown))


@require_POST
@requires(Permission.MANAGE_PLAN)
def refresh(request: Request, pk: int) -> HttpResponse:
    """Compare a preview anew with the plan as it is now."""
    found = get_object_or_404(visible_imports(request.user).only("pk"), pk=pk)
    done = "已按现在的分解表重新比对，请核对差别后确认。"
    return make_move(
        request, refresh_import, found.pk, done=done, back=reverse("plan_import", args=[found.pk])
    )


def _pending(request: Request, pk: int) -> PlanImport:
    """Return a preview that may still be mended; one that was dealt with is no longer there for mending."""
    previews = visible_imports(request.user).previewed()
    return get_object_or_404(previews.select_related(*WITH), pk=pk)


def _save(request: Request, found: PlanImport, mends: Mends, given: Given | None = None) -> bool:
    """Store the mends if nobody else was quicker; else say so and return False."""
    version = request.POST.get("version", "")
    mend = partial(
        mend_import,
        mends=mends,
        given=given or given_of(found),
        version=int(version) if version.isdecimal() else -1,
    )
    _, sentences = taken(request, None, mend, found.pk)
    if sentences:
        messages.error(request, "".join(sentences))
        return False
    messages.success(request, "修改已保存，预览已重新生成。")
    return True


def _back(found: PlanImport, anchor: str, page: int = 1) -> HttpResponseRedirect:
    query = f"?page={page}" if page > 1 else ""
    return HttpResponseRedirect(f"{reverse('plan_import', args=[found.pk])}{query}#{anchor}")


def _place(found: PlanImport, shown: RowToMend) -> tuple[str, int]:
    """Return where a row stands now: mending it may have moved it to another page."""
    page, anchor = page_of(PlanImport.objects.get(pk=found.pk), shown.sheet, shown.row)
    return anchor, page


def _parts(shown: RowToMend, data: Any, count: int) -> list[RowPartForm]:
    empty = MendedRow(RowKind.TASK, {})
    read = [*shown.parts, empty, empty][:count]
    sent = [data if data is not None and f"part{i}-kind" in data else None for i in range(count)]
    return [
        RowPartForm(part, shown.fields, number=i, is_left_out=shown.is_left_out, data=sent[i])
        for i, part in enumerate(read)
    ]


def _row_page(
    request: Request, found: PlanImport, shown: RowToMend, parts: list[RowPartForm]
) -> HttpResponse:
    context = {"import": found, "row": shown, "parts": parts, "may_split": len(parts) < MOST_PARTS}
    return render(request, "plan_imports/row.html", context)
