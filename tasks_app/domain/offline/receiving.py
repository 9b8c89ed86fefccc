"""A file that came back becomes an Upload: what in it differs from what was taken away, checked to be this report's."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.grid import CellFault
from tasks_app.documents.offline_reading import FilledForm, FilledRow, read_offline_form
from tasks_app.domain.moves import Refused
from tasks_app.models import Report

from .marks import EDITION, FormMark, form_mark, row_mark
from .rules import ENTRY_FIELDS, HEADER, HEADER_FIELDS, UploadedRow, fingerprint, value_of

NOT_SIGNED = (
    "离线表的标识已被改动，或者不是本系统的离线表，无法核对。请重新下载离线表，把填好的内容复制过去后上传。"
)
OTHER_UNIT = "这是“{name}”的离线表，不是“{unit}”的，没有采用。请选择从本页下载的文件。"
OTHER_PERIOD = "这是“{name}”的离线表，而本页是“{page}”。请到对应填报期的填报页上传，或选择从本页下载的文件。"
OTHER_REPORT = (
    "这张离线表对应的填报已不存在（分解表重新导入过）。请重新下载离线表，把填好的内容复制过去后上传。"
)
OTHER_EDITION = "这张离线表是旧版式。请重新下载离线表，把填好的内容复制过去后上传。"
NO_VALUE = "格内是公式，没有可用的结果，没有采用。请改成文字后重新上传，或在填报页填写。"
FORMULA = "（公式，没有结果）"
PICTURE = "格内是图片，图片里的内容没有读取。请改成文字后重新上传，或在填报页作为佐证材料上传。"
A_PICTURE = "（图片）"
FAULTS = {CellFault.PICTURE: (A_PICTURE, PICTURE)}


@dataclass(frozen=True, slots=True)
class Upload:
    """What a file says anew; kept from the upload until somebody confirms it or puts it aside."""

    file_name: str
    uploaded_at: str
    downloaded_at: str
    rows: tuple[UploadedRow, ...]
    bases: Mapping[int, Mapping[str, str]]
    placed: Mapping[int, int] = field(default_factory=dict)

    def with_placed(self, line: int, entry: int | None) -> "Upload":
        """Return it with the row `line` meant for `entry`, or for none."""
        others = {key: value for key, value in self.placed.items() if key != line}
        return replace(self, placed=others if entry is None else {**others, line: entry})

    def to_plain(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self)


def from_plain(values: Mapping[str, Any]) -> Upload:
    """Return what `to_plain` gave; JSON has made text of all keys."""
    return Upload(
        file_name=values["file_name"],
        uploaded_at=values["uploaded_at"],
        downloaded_at=values["downloaded_at"],
        rows=tuple(UploadedRow(**row) for row in values["rows"]),
        bases={int(key): value for key, value in values["bases"].items()},
        placed={int(key): value for key, value in values["placed"].items()},
    )


def receive(report: Report, data: bytes, *, file_name: str, at: datetime) -> Upload:
    """Read a file for `report`; nothing is written. Raises Refused."""
    try:
        form = read_offline_form(data, file_name=file_name)
    except UnreadableDocument as error:
        raise Refused(str(error)) from error
    mark = _checked(report, form_mark(form.mark))
    bases = {HEADER: mark.bases}
    rows = [_header(form, mark)]
    for row in form.rows:
        of = row_mark(row.mark)
        if of is not None and of.report == report.pk:
            bases[of.entry] = of.bases
            rows.append(_row(row, of.entry, of.bases))
        elif any(text.strip() for text in row.boxes.values()):
            rows.append(_row(row, None, {}))
    return Upload(file_name[:150], at.isoformat(), mark.downloaded_at, tuple(rows), bases)


def _checked(report: Report, mark: FormMark | None) -> FormMark:
    if mark is None:
        raise Refused(NOT_SIGNED)
    if mark.unit != report.unit.code:
        raise Refused(OTHER_UNIT.format(name=mark.name, unit=report.unit))
    if (mark.year, mark.period) != (report.period.plan.year, report.period.kind):
        raise Refused(OTHER_PERIOD.format(name=mark.name, page=report))
    if mark.report != report.pk:
        raise Refused(OTHER_REPORT)
    if mark.edition != EDITION:
        raise Refused(OTHER_EDITION)
    return mark


def _header(form: FilledForm, mark: FormMark) -> UploadedRow:
    texts, problems = _changed(form.header, mark.bases, {})
    return UploadedRow(0, HEADER, texts, problems, "表头")


def _row(row: FilledRow, entry: int | None, bases: Mapping[str, str]) -> UploadedRow:
    texts, problems = _changed(row.boxes, bases, row.faults)
    return UploadedRow(row.line, entry, texts, problems, row.label)


def _changed(
    boxes: Mapping[str, str], bases: Mapping[str, str], faults: Mapping[str, CellFault]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the values that are not as they were taken away, and what is wrong with them."""
    texts, problems = {}, {}
    for name in (*HEADER_FIELDS, *ENTRY_FIELDS):
        if name not in boxes:
            continue
        fault = faults.get(name)
        value, problem = value_of(name, boxes[name])
        if fault is not None:
            value, problem = FAULTS.get(fault, (FORMULA, NO_VALUE))
        if fingerprint(value) != bases.get(name, fingerprint("")):
            texts[name] = value
            if problem:
                problems[name] = problem
    return texts, problems
