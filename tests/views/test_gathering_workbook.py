"""填报口径 by a workbook: drawn, taken back, previewed, written whole or not at all."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tasks_app.choices import Reporters, Total
from tasks_app.models import AuditEvent, Indicator
from tests.cast import make_indicator


@pytest.fixture
def undecided(plan, people, at) -> Indicator:
    """会商次数 of task 1, accepted, of which nothing was decided."""
    made = make_indicator(plan, people, at)
    Indicator.objects.update(reporters="", total="")
    made.refresh_from_db()
    return made


@pytest.fixture
def book(admin, plan, undecided) -> openpyxl.Workbook:
    """The workbook as it is drawn."""
    answer = admin.get(reverse("gatherings_workbook", args=[plan.pk]))
    return openpyxl.load_workbook(BytesIO(answer.content))


@pytest.fixture
def send(admin, plan):
    """`send(book)` uploads a workbook and returns the page that follows."""

    def run(book: openpyxl.Workbook) -> str:
        file = BytesIO()
        book.save(file)
        sent = SimpleUploadedFile("口径.xlsx", file.getvalue())
        return admin.post(
            reverse("gatherings_upload", args=[plan.pk]), {"file": sent}, follow=True
        ).content.decode()

    return run


def put(sheet, row: int, **cells: str) -> None:
    """Write `cells` {heading: text} into one row."""
    headings = {cell.value: cell.column for cell in sheet[1]}
    for heading, text in cells.items():
        sheet.cell(row, headings[heading]).value = text


def unit_rows(sheet) -> dict[str, int]:
    return {row[2].value: row[0].row for row in sheet.iter_rows(min_row=2)}


def test_it_says_what_is_decided_and_names_every_unit_of_the_task(book, undecided):
    first, parts = book["填报口径"], book["份额"]
    assert [cell.value for cell in first[2]][:4] == [
        str(undecided.pk), "1. 健全三医协同工作机制", "会商次数", "不低于4次",
    ]  # fmt: skip
    assert set(unit_rows(parts)) == {"市卫健委", "市医保局", "三元区", "将乐县"}
    assert AuditEvent.objects.latest("pk").note == "2024年量化指标填报口径.xlsx"


def test_what_it_changes_is_shown_first_and_written_when_confirmed(admin, plan, book, send, undecided, units):
    put(
        book["填报口径"],
        2,
        谁报="任务中的各县（市、区）",
        怎样汇总="各单位合计",
        基数="约2次",
        数据来源="台账",
    )
    put(book["份额"], unit_rows(book["份额"])["三元区"], 份额="1.5")
    page = send(book)
    assert "确认后写入下面 1 项的改动" in page
    assert "三元区 1.5" in page
    undecided.refresh_from_db()
    assert undecided.reporters == ""
    answer = admin.post(reverse("gatherings_apply", args=[plan.pk]), follow=True).content.decode()
    assert "已保存 1 项" in answer
    undecided.refresh_from_db()
    assert (undecided.reporters, undecided.total, undecided.baseline) == (Reporters.COUNTIES, Total.SUM, 2)
    assert [(s.unit_id, s.target) for s in undecided.shares.all()] == [(units["三元区"].pk, 1.5)]
    again = openpyxl.load_workbook(BytesIO(admin.get(reverse("gatherings_workbook", args=[plan.pk])).content))
    assert "没有要改的" in send(again)


def test_one_unit_by_any_of_its_names(admin, plan, book, send, undecided, units):
    put(book["填报口径"], 2, 谁报="一家单位", 报数单位="市医疗保障局")
    send(book)
    admin.post(reverse("gatherings_apply", args=[plan.pk]))
    undecided.refresh_from_db()
    assert (undecided.owner_id, undecided.total) == (units["市医保局"].pk, Total.OWNER)


@pytest.mark.parametrize(
    ("sheet", "cells", "sentence"),
    [
        ("填报口径", {"谁报": "大家"}, "“填报口径”第2行：“大家”不是“谁报”的选项"),
        ("填报口径", {"谁报": "一家单位", "报数单位": "市教育局"}, "不是“会商次数”所在任务的责任单位"),
        ("填报口径", {"谁报": "选定的单位"}, "“会商次数”：请选择怎样汇总。"),
        ("填报口径", {"基数": "二次"}, "基数“二次”没有读懂"),
        ("填报口径", {"编号": "9999"}, "编号“9999”不是本表采用的指标"),
        ("份额", {"份额": "12户"}, "“份额”第2行：份额“12户”没有读懂"),
        ("份额", {"选定": "对"}, "“选定”只写“是”或留空"),
        ("份额", {"单位": "某局"}, "“某局”不是“会商次数”所在任务的责任单位"),
    ],
)
def test_a_bad_row_is_said_and_nothing_is_written(admin, plan, book, send, undecided, sheet, cells, sentence):
    put(book["填报口径"], 2, 数据来源="台账")
    put(book[sheet], 2, **cells)
    page = send(book)
    assert sentence in page
    assert "确认写入" not in page
    admin.post(reverse("gatherings_apply", args=[plan.pk]))
    undecided.refresh_from_db()
    assert undecided.source == ""


def test_another_file_is_refused_in_a_sentence(send):
    assert "没有在文件中找到“填报口径”表的表头" in send(openpyxl.Workbook())


def test_what_was_decided_meanwhile_is_not_overruled(admin, plan, book, send, undecided):
    put(book["填报口径"], 2, 谁报="任务中的各县（市、区）", 怎样汇总="各单位合计")
    send(book)
    Indicator.objects.update(source="别处")
    answer = admin.post(reverse("gatherings_apply", args=[plan.pk]), follow=True).content.decode()
    assert "刚刚有人改过" in answer
    undecided.refresh_from_db()
    assert undecided.reporters == ""


def test_it_can_be_put_aside(admin, plan, book, send, undecided):
    put(book["填报口径"], 2, 数据来源="台账")
    send(book)
    admin.post(reverse("gatherings_apply", args=[plan.pk]), {"discard": "1"})
    undecided.refresh_from_db()
    assert undecided.source == ""
    assert "确认写入" not in admin.get(reverse("gatherings_upload", args=[plan.pk])).content.decode()
