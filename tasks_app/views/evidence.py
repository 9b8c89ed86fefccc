"""Files of evidence: a unit uploads and removes them; whoever may read the report takes them away as downloads."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import own_reports
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.evidence import actions
from tasks_app.domain.evidence.queries import visible_attachment
from tasks_app.domain.reporting.fillings import attachments_of
from tasks_app.models import ProgressEntry, Report

from .downloads import ANY, download_of
from .middleware import Request
from .moves import taken
from .permissions import requires


@requires(Permission.FILL_REPORT)
@require_POST
def upload(request: Request, pk: int, entry_pk: int) -> HttpResponse:
    """Attach the chosen files, each by itself: one that cannot be taken does not keep the others out."""
    report, entry = _own_entry(request, pk, entry_pk)
    files = request.FILES.getlist("files")
    refusals = [] if files else ["没有上传：请先选择文件。"]
    for file in files:
        size = file.size or 0
        # One that is too large is refused by its size, without being read into memory.
        content = file.read() if size <= settings.EVIDENCE_MAX_BYTES else b""
        attach = partial(actions.attach, name=file.name or "", size=size, content=content)
        refusals += taken(request, None, attach, report.pk, entry.pk)[1]
    return _answer(request, report, entry, refusals)


@requires(Permission.FILL_REPORT)
@require_POST
def remove(request: Request, pk: int, entry_pk: int, attachment_pk: int) -> HttpResponse:
    """Take a file off the draft."""
    report, entry = _own_entry(request, pk, entry_pk)
    attachment = get_object_or_404(entry.attachments.defer("content"), pk=attachment_pk)
    _, refusals = taken(request, None, actions.remove, report.pk, attachment.pk)
    return _answer(request, report, entry, refusals)


@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT, Permission.READ_REPORTS)
@require_safe
def download(request: Request, pk: int) -> HttpResponse:
    """Send a file to be stored, never to be shown by the browser."""
    attachment = visible_attachment(request.user, pk, today=local_date(request.now))
    if attachment is None:
        raise Http404
    return download_of(attachment.name, bytes(attachment.content), ANY)


def _own_entry(request: Request, pk: int, entry_pk: int) -> tuple[Report, ProgressEntry]:
    report = get_object_or_404(own_reports(request.user, local_date(request.now)), pk=pk)
    return report, get_object_or_404(report.entries.select_related("task"), pk=entry_pk)


def _answer(request: Request, report: Report, entry: ProgressEntry, refusals: list[str]) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        context = {
            "report": report,
            "entry": entry,
            "attachments": attachments_of([entry]).get(entry.pk, []),
            "may_attach": True,
            "refusals": refusals,
            "max_mb": settings.EVIDENCE_MAX_BYTES // 1024 // 1024,
        }
        return render(request, "reporting/_files.html", context)
    for refusal in refusals:
        messages.error(request, refusal)
    return redirect(f"{reverse('report', args=[report.pk])}#task-{entry.task.number}")
