"""A county fills in without network: takes the form away, brings it back, chooses where two wrote."""

import io
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.surroundings.stack import Stack

from .steps import fill_task, log_in, wait_until_saved

pytestmark = [pytest.mark.browser, pytest.mark.once]


def open_form(page: Page, site: str) -> None:
    log_in(page, site, "sanyuan")
    page.get_by_role("link", name="开始填报").or_(page.get_by_role("link", name="继续填报")).click()


def fill_in_offline(path: Path, **cells: str | None) -> dict[str, bytes | str]:
    """Type into the cells of a downloaded form; return it as the browser sends it."""
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    for place, text in cells.items():
        book["填报表"][place] = text
    file = io.BytesIO()
    book.save(file)
    return {"name": "离线表.xlsx", "mimeType": "application/octet-stream", "buffer": file.getvalue()}


def test_from_download_to_the_draft(app_server: Stack, page: Page):
    open_form(page, app_server.url)
    form_address = page.url
    fill_task(page.locator("#task-1"), "下载之前写的。", "达到序时")
    wait_until_saved(page)
    with page.expect_download() as started:
        page.get_by_role("link", name="下载离线表").click()
    file = fill_in_offline(
        started.value.path(), G5="离线改的。", K5="离线写的预计。", G6="第二项离线写的。", H6="未启动"
    )
    fill_task(page.locator("#task-1"), "网上后来改的。", "达到序时")
    wait_until_saved(page)

    page.get_by_role("link", name="上传离线表").click()
    page.get_by_label("填好的离线表").set_input_files(file)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("heading", name="需要您选择（1 处）")).to_be_visible()
    expect(page.get_by_role("heading", name="将采用文件中的内容（3 处）")).to_be_visible()
    assert Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"] == []
    page.reload()

    ask = page.locator(".offline-ask")
    expect(ask).to_contain_text("离线改的。")
    expect(ask).to_contain_text("网上后来改的。")
    ask.get_by_label("用文件的").focus()
    page.keyboard.press("Space")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(ask.get_by_label("合并两边", exact=True)).to_be_checked()
    ask.get_by_role("textbox").fill("两边合起来的话。")
    page.get_by_role("button", name="确认写入").click()
    expect(page.get_by_role("status").first).to_contain_text("写入 4 处")
    assert page.url == form_address
    expect(page.locator("#task-1").get_by_label("工作进展")).to_have_value("两边合起来的话。")
    expect(page.locator("#task-1").get_by_label("预计至期末")).to_have_value("离线写的预计。")
    expect(page.locator("#task-2").get_by_label("工作进展")).to_have_value("第二项离线写的。")


def test_another_countys_form_is_refused(app_server: Stack, page: Page):
    open_form(page, app_server.url)
    own = page.url
    with page.expect_download() as started:
        page.get_by_role("link", name="下载离线表").click()
    file = fill_in_offline(started.value.path(), G5="三元区写的。")
    page.context.clear_cookies()
    log_in(page, app_server.url, "jiangle")
    page.get_by_role("link", name="开始填报").or_(page.get_by_role("link", name="继续填报")).click()
    assert page.url != own
    page.get_by_role("link", name="上传离线表").click()
    page.get_by_label("填好的离线表").set_input_files(file)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.locator("main")).to_contain_text("不是“将乐县”的")
