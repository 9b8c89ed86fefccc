"""The form filled in without network: download, upload, side by side, confirm."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import own_reports
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.moves import Refused, Stale
from tasks_app.domain.offline import actions, queries, receiving
from tasks_app.domain.offline.rules import FIELDS, Box, BoxOutcome, ServerEntry, UploadedRow, merge, shown
from tasks_app.forms.offline import DecisionsForm, OfflineUploadForm, PlaceForm
from tasks_app.models import Report

from .downloads import XLSX, download_of
from .middleware import Request
from .moves import taken
from .permissions import requires


@dataclass(frozen=True)
class ShownBox:
    """One box on the page; `choice` and `joined` are there where it asks."""

    box: Box
    choice: BoundField | None = None
    seen: BoundField | None = None
    joined: BoundField | None = None

    @property
    def server(self) -> str:
        return shown(self.box.field, self.box.server)

    @property
    def file(self) -> str:
        return shown(self.box.field, self.box.file)


@dataclass
class TaskGroup:
    """The boxes of one task that the page shows."""

    entry: ServerEntry
    boxes: list[ShownBox] = field(default_factory=list)


@dataclass(frozen=True)
class Stranger:
    """A row without a mark: what it says, and the small form that gives it to a task."""

    row: UploadedRow
    texts: list[tuple[str, str]]
    form: PlaceForm


@require_safe
@requires(Permission.FILL_REPORT)
def download(request: Request, pk: int) -> HttpResponse:
    """Send the prefilled form."""
    report = _own_report(request, pk)
    file, sentences = taken(request, None, actions.take_form, report.pk)
    if sentences:
        messages.error(request, f"没有下载：{''.join(sentences)}")
        return redirect("report", pk=pk)
    return download_of(file.name, file.content, XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.FILL_REPORT)
def upload(request: Request, pk: int) -> HttpResponse:
    """Take a filled form; what it says anew is kept with the session until somebody confirms it."""
    report = _own_report(request, pk)
    form = OfflineUploadForm(request.POST, request.FILES) if request.method == "POST" else OfflineUploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            received = receiving.receive(report, file.read(), file_name=file.name, at=request.now)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            request.session[_key(pk)] = received.to_plain()
            return redirect("offline_preview", pk=pk)
    context = {"report": report, "form": form, "waiting": _waiting(request, pk)}
    return render(request, "offline/upload.html", context)


@require_safe
@requires(Permission.FILL_REPORT)
def preview(request: Request, pk: int) -> HttpResponse:
    """Show what would become of everything in the file, beside what the server holds now."""
    report = _own_report(request, pk)
    waiting = _waiting(request, pk)
    if waiting is None:
        return redirect("offline_upload", pk=pk)
    return _page(request, report, waiting)


@require_POST
@requires(Permission.FILL_REPORT)
def place(request: Request, pk: int) -> HttpResponse:
    """Give the text of a row without a mark to a task, or take it back."""
    report = _own_report(request, pk)
    waiting = _waiting(request, pk)
    if waiting is None:
        return _gone(request, pk)
    form = PlaceForm(queries.server_entries(report), request.POST)
    if form.is_valid():
        placed = waiting.with_placed(form.cleaned_data["line"], form.cleaned_data["entry"])
        request.session[_key(pk)] = placed.to_plain()
    return redirect("offline_preview", pk=pk)


@require_POST
@requires(Permission.FILL_REPORT)
def apply(request: Request, pk: int) -> HttpResponse:
    """Write what was confirmed."""
    report = _own_report(request, pk)
    waiting = _waiting(request, pk)
    if waiting is None:
        return _gone(request, pk)
    form = DecisionsForm(queries.merge_of(report, waiting).boxes, request.POST)
    if not form.is_valid():
        messages.error(request, "没有写入：还有内容需要您选择或修改，已在下面标出。")
        return _page(request, report, waiting, request.POST)
    try:
        written = actions.apply_upload(report.pk, waiting, form.decisions(), by=request.user, at=request.now)
    except Stale as error:
        messages.error(request, str(error))
        return _page(request, report, waiting, request.POST)
    except Refused as error:
        messages.error(request, f"没有写入：{error}文件中的内容仍然保留在您的文件里。")
        return redirect("offline_preview", pk=pk)
    del request.session[_key(pk)]
    messages.success(request, f"离线表已采用，写入 {written} 处，现在是草稿。请检查后报送。")
    return redirect("report", pk=pk)


@require_POST
@requires(Permission.FILL_REPORT)
def discard(request: Request, pk: int) -> HttpResponse:
    """Put an upload aside; nothing was written."""
    _own_report(request, pk)
    if request.session.pop(_key(pk), None) is not None:
        messages.success(request, "已放弃这次上传，填报内容没有改动。")
    return redirect("report", pk=pk)


def _own_report(request: Request, pk: int) -> Report:
    return get_object_or_404(own_reports(request.user, local_date(request.now)), pk=pk)


def _key(pk: int) -> str:
    return f"offline-upload-{pk}"


def _waiting(request: Request, pk: int) -> receiving.Upload | None:
    stored = request.session.get(_key(pk))
    return receiving.from_plain(stored) if stored else None


def _gone(request: Request, pk: int) -> HttpResponse:
    messages.error(request, "没有等待确认的离线表（可能已经确认或放弃）。需要时请重新上传。")
    return redirect("offline_upload", pk=pk)


def _page(request: Request, report: Report, upload: receiving.Upload, data: Any = None) -> HttpResponse:
    entries = queries.server_entries(report)
    merged = merge(entries, upload.rows, upload.bases, upload.placed)
    form = DecisionsForm(merged.boxes, data)
    context = {
        "report": report,
        "upload": upload,
        "uploaded_at": datetime.fromisoformat(upload.uploaded_at),
        "downloaded_at": datetime.fromisoformat(upload.downloaded_at),
        "form": form,
        "asking": _groups(entries, [box for box in merged.boxes if box.asks], form),
        "taken": _groups(entries, merged.of(BoxOutcome.TAKEN)),
        "refused": _groups(entries, merged.of(BoxOutcome.REFUSED)),
        "kept": _groups(entries, merged.of(BoxOutcome.KEPT)),
        "counts": {outcome.value: len(merged.of(outcome)) for outcome in BoxOutcome},
        "asks": len(form.boxes),
        "missing": merged.missing,
        "strangers": [_stranger(row, entries, upload) for row in merged.strangers],
        "placed": [
            _stranger(row, entries, upload)
            for row in upload.rows
            if row.line in upload.placed and row not in merged.strangers
        ],
    }
    return render(request, "offline/preview.html", context)


def _groups(
    entries: list[ServerEntry], boxes: list[Box], form: DecisionsForm | None = None
) -> list[TaskGroup]:
    groups = {entry.pk: TaskGroup(entry) for entry in entries}
    for box in boxes:
        fields = [f"{part}-{box.name}" for part in ("choice", "seen", "joined")] if form else []
        bound = [form[name] if form and name in form.fields else None for name in fields]
        groups[box.entry].boxes.append(ShownBox(box, *bound))
    return [group for group in groups.values() if group.boxes]


def _stranger(row: UploadedRow, entries: list[ServerEntry], upload: receiving.Upload) -> Stranger:
    texts = [(FIELDS[name][0], shown(name, text)) for name, text in row.texts.items()]
    by_number = {f"{entry.number}": entry.pk for entry in entries if entry.number}
    guess = upload.placed.get(row.line) or row.entry or by_number.get(row.label.split(" ")[0])
    form = PlaceForm(entries, initial={"line": row.line, "entry": guess}, auto_id=f"row-{row.line}-%s")
    return Stranger(row, texts, form)
