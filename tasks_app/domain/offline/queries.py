"""Looks: what goes into the file that is taken away, and what the server holds beside the file that came back."""

from datetime import datetime

from tasks_app.clock import SHANGHAI, day_in_words, local_date
from tasks_app.documents.offline_form import OfflineForm, OfflineRow
from tasks_app.domain.plan.rules import measure_mark
from tasks_app.domain.reporting.queries import entries_of, previous_entries
from tasks_app.models import ProgressEntry, Report

from .marks import FormMark, RowMark, signed
from .receiving import Upload
from .rules import CHOICES, ENTRY_FIELDS, HEADER, OfflineMerge, ServerEntry, fingerprint, merge, shown


def form_of(report: Report, *, at: datetime) -> OfflineForm:
    """Return the form of `report` as it is now, with the marks that tell later what was taken away."""
    header = header_texts(report)
    previous = previous_entries(report)
    mark = FormMark(
        report=report.pk,
        unit=report.unit.code,
        year=report.period.plan.year,
        period=report.period.kind,
        name=str(report),
        downloaded_at=at.isoformat(),
        bases={name: fingerprint(text) for name, text in header.items()},
    )
    return OfflineForm(
        mark=signed(mark),
        title=report.period.plan.title,
        place=(
            f"填报单位：{report.unit}　　填报期：{report.period}　　截止：{day_in_words(report.due_on)}　　"
            f"下载时间：{day_in_words(local_date(at))} {at.astimezone(SHANGHAI):%H:%M}　　严禁填写涉密信息"
        ),
        header=header,
        rows=[_row(report, entry, previous.get(entry.task_id)) for entry in entries_of(report)],
        choices={field: list(choices) for field, choices in CHOICES.items()},
        limit=ENTRY_FIELDS["progress"][1],
    )


def server_entries(report: Report) -> list[ServerEntry]:
    """Return what the server holds now: the head of the form, then every task."""
    head = ServerEntry(HEADER, "表头", header_texts(report))
    return [head, *map(_server_entry, entries_of(report))]


def merge_of(report: Report, upload: Upload) -> OfflineMerge:
    """Return what becomes of everything in `upload` beside what the server holds now."""
    return merge(server_entries(report), upload.rows, upload.bases, upload.placed)


def header_texts(report: Report) -> dict[str, str]:
    """Return {field: text} of the form's head."""
    return {
        "filler_name": report.filler_name,
        "filler_phone": report.filler_phone,
        "filled_on": report.filled_on.isoformat() if report.filled_on else "",
    }


def _server_entry(entry: ProgressEntry) -> ServerEntry:
    saved = ""
    if entry.saved_at and entry.saved_by:
        local = entry.saved_at.astimezone(SHANGHAI)
        saved = f"{entry.saved_by.name} {local.month}月{local.day}日 {local:%H:%M}"
    texts = {name: getattr(entry, name) for name in ENTRY_FIELDS}
    return ServerEntry(entry.pk, str(entry.task), texts, number=entry.task.number, saved=saved)


def _row(report: Report, entry: ProgressEntry, previous: ProgressEntry | None) -> OfflineRow:
    texts = {name: getattr(entry, name) for name in ENTRY_FIELDS}
    bases = {name: fingerprint(text) for name, text in texts.items()}
    task = entry.task
    return OfflineRow(
        mark=signed(RowMark(report.pk, entry.pk, bases)),
        number=task.number,
        section=task.section.title if task.section else "",
        task=str(task),
        measures="\n".join(
            f"{measure_mark(measure.number) if measure.is_numbered else ''}{measure.text}"
            for measure in task.measures.all()
        ),
        previous=f"【{previous.report.period}】{previous.progress}" if previous else "",
        boxes={name: shown(name, text) for name, text in texts.items()},
    )
