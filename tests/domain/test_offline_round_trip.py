"""Random edits on the server and in a real file give exactly the expected merge; so they do through LibreOffice."""

import io
import random
from pathlib import Path

import openpyxl
import pytest

from tasks_app.choices import ProgressStatus
from tasks_app.domain.offline.actions import apply_upload, take_form
from tasks_app.domain.offline.queries import merge_of
from tasks_app.domain.offline.receiving import receive
from tasks_app.domain.offline.rules import Choice, Decision, fingerprint
from tasks_app.domain.reporting import actions as reporting
from tasks_app.models import Report

COLUMNS = {"progress": "G", "status": "H", "forecast": "K", "remarks": "L"}
TEXTS = [
    "",
    "甲。",
    "=1+1",
    "-3 台",
    "第一行\n第二行",
    "  空格  ",
    "👨‍👩‍👧 已完成",
    "@某局",
    "长。" * 5000,
    "_x0041_",
]
Texts = dict[int, dict[str, str]]  # {entry: {field: text}}


@pytest.fixture
def report(real_plan, people, at) -> Report:
    """三元区's report on the real table: 21 tasks."""
    reporting.open_due_periods(at=at)
    return Report.objects.get(unit=people.other_filler.unit, period__kind="first_half")


def texts_of(report: Report) -> Texts:
    return {
        entry.pk: {name: getattr(entry, name) for name in COLUMNS}
        for entry in report.entries.order_by("task__number")
    }


def edited(texts: Texts, chance: random.Random) -> Texts:
    """Change about a third of the boxes."""

    def new(name: str, text: str) -> str:
        if chance.random() > 0.35:
            return text
        return chance.choice(["", *ProgressStatus.values] if name == "status" else TEXTS)

    return {pk: {name: new(name, text) for name, text in boxes.items()} for pk, boxes in texts.items()}


def save(report: Report, texts: Texts, *, by, at) -> None:
    for entry in report.entries.all():
        reporting.save_entry(report.pk, entry.pk, values=texts[entry.pk], version=entry.version, by=by, at=at)


def type_into(data: bytes, texts: Texts, chance: random.Random) -> bytes:
    """Write `texts` into the boxes of the form and put its rows into another order."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["填报表"]
    rows = {pk: [sheet.cell(5 + i, column).value for column in range(1, 11)] for i, pk in enumerate(texts)}
    order = list(texts)
    chance.shuffle(order)
    for line, pk in enumerate(order, start=5):
        for column, value in enumerate(rows[pk], start=1):
            put(sheet.cell(line, column), value)
        for name, letter in COLUMNS.items():
            text = texts[pk][name]
            shown = ProgressStatus(text).label if name == "status" and text else text
            put(sheet[f"{letter}{line}"], shown.replace("_x0041_", "_x005F_x0041_"))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def put(cell, text: str | None) -> None:
    cell.value = text or None
    if text:
        cell.data_type = "s"  # what is typed into a cell for text is text


def expected(base: str, server: str, file: str, choice: Choice) -> str:
    """What must stand on the server in the end; spaces at the ends alone are no change."""
    if file.strip() in (base.strip(), server.strip()):
        return server
    if server.strip() == base.strip() and file.strip():
        return file
    return file if choice is Choice.FILE else server


@pytest.mark.dealt_to("sqlite")
@pytest.mark.parametrize(
    ("seed", "kind"),
    [(1, ""), (5, "xlsx"), (6, "xls"), *(pytest.param(n, "", marks=pytest.mark.soak) for n in (2, 3, 4))],
)
def test_random_edits_merge_exactly(seed, kind, report, people, at, soffice, tmp_path: Path):
    chance, by = random.Random(seed), people.other_filler
    save(report, edited(texts_of(report), chance), by=by, at=at)
    base = texts_of(report)
    data = take_form(report.pk, by=by, at=at).content
    file = edited(base, chance)
    data = type_into(data, file, chance)
    save(report, edited(base, chance), by=by, at=at)
    server = texts_of(report)
    if kind:
        path = tmp_path / "in" / "离线表.xlsx"
        path.parent.mkdir()
        path.write_bytes(data)
        data = soffice(path, kind).read_bytes()
    upload = receive(report, data, file_name="离线表.xlsx", at=at)
    boxes = merge_of(report, upload).boxes
    chosen = {box.name: chance.choice([Choice.FILE, Choice.SERVER]) for box in boxes if box.asks}
    assert chosen
    decisions = {
        box.name: Decision(chosen[box.name], "", fingerprint(box.server)) for box in boxes if box.asks
    }
    apply_upload(report.pk, upload, decisions, by=by, at=at)
    assert texts_of(report) == {
        pk: {
            name: expected(
                base[pk][name], server[pk][name], file[pk][name], chosen.get(f"{pk}-{name}", Choice.FILE)
            )
            for name in COLUMNS
        }
        for pk in base
    }
    assert receive(report, data, file_name="离线表.xlsx", at=at).rows == upload.rows
