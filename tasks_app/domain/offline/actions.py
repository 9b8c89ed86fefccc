"""Changes: taking a form away, and writing what came back, whole or not at all."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tasks_app.choices import AuditAction
from tasks_app.documents.offline_form import offline_form
from tasks_app.domain import audit
from tasks_app.domain.moves import ReportMove as Move
from tasks_app.domain.moves import Stale
from tasks_app.domain.reporting import actions as reporting
from tasks_app.models import ProgressEntry, Report, User

from .queries import form_of, header_texts, merge_of
from .receiving import Upload
from .rules import HEADER, Decision, resolved


@dataclass(frozen=True, slots=True)
class OfflineFile:
    """A file to be handed to the browser."""

    name: str
    content: bytes


@transaction.atomic
def take_form(report_pk: int, *, by: User, at: datetime) -> OfflineFile:
    """Return the form of a report that may be filled in. Raises Refused."""
    report = reporting.lock_report(report_pk, Move.SAVE, by=by, at=at)
    name = f"{report.unit}{report.period}离线填报表.xlsx"
    content = offline_form(form_of(report, at=at), at=at)
    audit.record(AuditAction.EXPORT, report, by=by, at=at, unit=report.unit, note=name)
    return OfflineFile(name, content)


@transaction.atomic
def apply_upload(
    report_pk: int, upload: Upload, decisions: Mapping[str, Decision], *, by: User, at: datetime
) -> int:
    """Write what a file says anew and return how many boxes were written.

    `decisions` is {name of a box that asks: what was chosen}. Everything is compared again under lock; the
    first thing that is undecided, and nothing is written. Raises Stale, Refused.
    """
    report = reporting.lock_report(report_pk, Move.SAVE, by=by, at=at)
    entries = {entry.pk: entry for entry in report.entries.select_for_update().order_by("pk")}
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    for box in merge_of(report, upload).boxes:
        try:
            text = resolved(box, decisions.get(box.name))
        except LookupError as error:
            raise Stale("没有写入：有的内容刚刚在网上又有变化，或者还没有选择。请核对后再确认。") from error
        if text is not None:
            texts[box.entry][box.field] = text
    header = texts.pop(HEADER, None)
    for pk, changed in sorted(texts.items()):
        _save_entry(report, entries[pk], changed, by=by, at=at)
    if header:
        _save_header(report, header, by=by, at=at)
    written = sum(map(len, texts.values())) + len(header or ())
    note = f"上传离线表“{upload.file_name}”，采用 {written} 处"
    audit.record(AuditAction.REPORT_SAVE, report, by=by, at=at, unit=report.unit, note=note[:300])
    return written


def _save_entry(
    report: Report, entry: ProgressEntry, changed: Mapping[str, str], *, by: User, at: datetime
) -> None:
    """Write the boxes that are new; whatever else an entry holds stays as it is."""
    reporting.save_entry(report.pk, entry.pk, values=changed, version=entry.version, by=by, at=at)


def _save_header(report: Report, changed: Mapping[str, str], *, by: User, at: datetime) -> None:
    report.refresh_from_db(fields=[*reporting.HEADER_FIELDS, "header_version"])
    values = header_texts(report) | dict(changed)
    reporting.save_header(
        report.pk,
        filler_name=values["filler_name"],
        filler_phone=values["filler_phone"],
        filled_on=date.fromisoformat(values["filled_on"]) if values["filled_on"] else None,
        version=report.header_version,
        by=by,
        at=at,
    )
