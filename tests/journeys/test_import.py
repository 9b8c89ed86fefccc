"""The import in the browser: drop a file with three doubts, mend them, confirm, see the plan, undo it."""

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.surroundings.stack import Stack

from .steps import log_in
from .test_barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.once]

HEADINGS = ["序号", "工作任务", "重点任务", "具体举措", "牵头单位", "配合单位", "完成时限", "落实科室"]
FIRST, SECOND = "一、加强组织领导", "二、深化医保改革"
# The doubts: a column nobody knows, a unit nobody knows, two tasks in one row.
ROWS = [
    [1, FIRST, "健全工作机制", "①培训救护员3.3万人。", "市卫健委", "市医保局", "12月底前", "体改科"],
    [2, FIRST, "推进健康管护", "①组建健康管护组织。", "市卫健委", "市大数据中心", "持续推进", "体改科"],
    [3, SECOND, "预算管理；集中采购", "①编制预算。②开展采购。", "市医保局", "市财政局", "6月底前", "医药科"],
]


def awkward_table(folder: Path) -> Path:
    """Make the file that the admin drops."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["2026年三明市深化医改重点任务分解表"])
    for cells in (HEADINGS, *ROWS):
        sheet.append(cells)
    book.save(folder / "2026年分解表.xlsx")
    return folder / "2026年分解表.xlsx"


def split_the_third_row(page: Page) -> None:
    """Make two tasks of the row that has two."""
    page.locator("#row-0-5").get_by_role("link").click()
    page.get_by_role("button", name="拆成两行").click()
    first, second = (page.get_by_label(f"拆出的第{n}行", exact=True) for n in (1, 2))
    first.get_by_label("主要目标要求").fill("完善预算管理")
    first.get_by_label("细化措施").fill("①编制预算。")
    second.get_by_label("主要目标要求").fill("推进集中采购")
    second.get_by_label("细化措施").fill("①开展采购。")
    second.get_by_label("牵头单位").fill("市医保局")
    assert barriers(page) == []
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page).to_have_url(re.compile("#row-0-5$"))
    expect(page.locator("#row-0-5")).to_contain_text("已修改")


def test_a_file_with_three_doubts_from_drop_to_undo(app_server: Stack, page: Page, tmp_path: Path):
    questions: list[str] = []
    page.on("dialog", lambda dialog: (questions.append(dialog.message), dialog.accept()))
    log_in(page, app_server.url, "admin")
    page.get_by_role("link", name="分解表", exact=True).first.click()
    page.get_by_role("link", name="导入", exact=True).click()
    page.set_input_files("input[type=file]", str(awkward_table(tmp_path)))
    page.get_by_role("button", name="上传并预览").click()

    expect(page.locator("#problems")).to_contain_text("不认识列名“落实科室”")
    expect(page.locator("#problems")).to_contain_text("“市大数据中心”不是已登记的单位")
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)
    assert barriers(page) == []
    page.get_by_label("“落实科室”").select_option("备注")
    page.get_by_role("button", name="按此重新读取").first.click()
    expect(page.locator("#problems")).not_to_contain_text("落实科室")
    page.get_by_label("“市大数据中心”是").select_option("新建单位“市大数据中心”")
    page.locator("#names").get_by_role("button", name="保存").click()
    expect(page.get_by_role("button", name="确认导入")).to_be_visible()
    split_the_third_row(page)
    expect(page.locator("#table mark")).to_have_text("培训救护员3.3万人")

    page.get_by_role("button", name="确认导入").click()
    expect(page.locator("main")).to_contain_text("已导入")
    tasks = page.locator(".plan-task")
    expect(tasks).to_have_count(4)
    expect(tasks.nth(1)).to_contain_text("市大数据中心")
    expect(tasks.nth(3)).to_contain_text("推进集中采购")
    plan = page.url

    page.get_by_role("link", name="量化指标").click()
    assert barriers(page) == []
    row = page.locator(".indicator")
    row.get_by_role("button", name="采用").click()
    expect(row).to_contain_text("赵敏")
    expect(page.locator("#indicator-tabs")).to_contain_text("采用 1")

    page.goto(plan)
    page.get_by_role("link", name="查看或撤销").click()
    page.get_by_role("button", name="撤销这次导入").click()
    expect(page.locator("main")).to_contain_text("已撤销")
    expect(page.get_by_role("link", name="2026年三明市深化医改重点任务分解表")).to_have_count(0)
    assert page.request.get(plan).status == 404
    assert [question[:6] for question in questions] == ["撤销这次导入"]


NOTE_WHAT_IS_SHOWN = """new MutationObserver(() => {
  const status = document.querySelector("progress.read-bar")?.parentElement;
  if (status) sessionStorage.setItem("shown", status.textContent);
}).observe(document.body, { childList: true, subtree: true });"""


def test_a_large_file_shows_how_far_it_has_come(app_server: Stack, page: Page, tmp_path: Path):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["2027年重点任务分解表"])
    sheet.append(HEADINGS[:5])
    for number in range(1, 4501):
        sheet.append([number, "一、总则", f"任务{number}号", f"①完成第{number}项工作。", "市卫健委"])
    book.save(tmp_path / "很大.xlsx")
    log_in(page, app_server.url, "admin")
    page.goto(f"{app_server.url}/imports")
    page.set_input_files("input[type=file]", str(tmp_path / "很大.xlsx"))
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_label("读取进度")).to_be_visible()
    expect(page.locator("#progress p")).to_contain_text("行", timeout=90_000)
    expect(page.locator("#table")).to_contain_text("共 4500 项任务，第 1 / 90 页", timeout=90_000)
    # A mend of so many rows takes seconds, in which the page shows that it is worked on.
    page.get_by_text("年度、文号", exact=False).first.click()
    page.fill("#id_details-document_number", "明医改组〔2027〕1号")
    page.evaluate(NOTE_WHAT_IS_SHOWN)
    page.locator("#mends form", has=page.locator("#id_details-document_number")).get_by_role("button").click()
    expect(page.locator("#mends")).to_contain_text("明医改组〔2027〕1号", timeout=90_000)
    assert page.evaluate("sessionStorage.getItem('shown')").strip() == "正在按修改重新读取，请稍候…"
