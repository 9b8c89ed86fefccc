"""Changes: a unit attaches a file to its draft, or takes one off again."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction

from tasks_app.choices import AuditAction
from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.evidence import evidence_kind
from tasks_app.domain import audit
from tasks_app.domain.moves import Refused
from tasks_app.domain.moves import ReportMove as Move
from tasks_app.domain.reporting.actions import demand_unlocked, lock_report
from tasks_app.domain.reporting.rules import in_whose_place
from tasks_app.models import Attachment, Report, User

from .rules import fault, safe_name


@transaction.atomic
def attach(
    report_pk: int, entry_pk: int, *, name: str, size: int, content: bytes, by: User, at: datetime
) -> Attachment:
    """Attach a file to an entry of a draft and return it; of one that is too large `content` may be empty.

    Raises Refused, when the file cannot be taken or the report is locked.
    """
    report = lock_report(report_pk, Move.SAVE, by=by, at=at)
    entry = report.entries.select_related("task").get(pk=entry_pk)
    demand_unlocked(report, entry)
    there = entry.attachments.kept()
    if reason := fault(size, files=there.count(), max_bytes=settings.EVIDENCE_MAX_BYTES):
        raise Refused(f"{name}：{reason}")
    try:
        kind = evidence_kind(content)
    except UnreadableDocument as error:
        raise Refused(f"{name}：{error}") from error
    sha256 = hashlib.sha256(content).hexdigest()
    if same := there.filter(sha256=sha256).defer("content").first():
        raise Refused(f"{name}：与已上传的“{same.name}”内容相同，没有重复上传。")
    attachment = Attachment.objects.create(
        entry=entry,
        name=safe_name(name, kind),
        kind=kind,
        size=len(content),
        sha256=sha256,
        content=content,
        uploaded_by=by,
        uploaded_at=at,
    )
    note = f"{entry.task}：上传 {attachment.name}（{attachment.size} 字节）"
    _record(report, note, by=by, at=at)
    return attachment


@transaction.atomic
def remove(report_pk: int, attachment_pk: int, *, by: User, at: datetime) -> Attachment | None:
    """Take a file off a draft; what a submission names stays readable there. Twice is as good as once.

    Raises Refused when the report is locked; returns None when the report has no such file.
    """
    report = lock_report(report_pk, Move.SAVE, by=by, at=at)
    files = Attachment.objects.filter(entry__report=report).select_related("entry__task").defer("content")
    attachment = files.filter(pk=attachment_pk).first()
    if attachment is not None and attachment.removed_at is None:
        demand_unlocked(report, attachment.entry)
        attachment.removed_at = at
        attachment.save(update_fields=["removed_at"])
        _record(report, f"{attachment.entry.task}：移除 {attachment.name}", by=by, at=at)
    return attachment


def _record(report: Report, note: str, *, by: User, at: datetime) -> None:
    action, is_entered = AuditAction.EVIDENCE, report.entered_by_id is not None
    in_place = in_whose_place(action, report.state, by.role, is_entered=is_entered)
    audit.record(action, report, by=by, at=at, unit=report.unit, note=note, in_place=in_place)
