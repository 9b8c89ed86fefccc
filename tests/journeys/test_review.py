"""The office reviews by keyboard alone: approves, returns with categories, sees what changed, accepts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.surroundings.stack import Stack

from .steps import barriers, fill_task, log_in, log_out, wait_until_saved

pytestmark = [pytest.mark.browser, pytest.mark.once]

SUBMITTED = """
from tasks_app import clock
from tasks_app.domain.reporting import actions
from tasks_app.models import Report, User

for name, username in (("三元区", "sanyuan"), ("永安市", "yongan")):
    filler = User.objects.get(username=username)
    report = Report.objects.get(unit__name=name, period__kind="first_half")
    for entry in report.entries.order_by("task__number"):
        words = {"progress": f"第{entry.task.number}项已完成阶段任务，培训 3 期。", "forecast": "", "remarks": "",
                 "status": "on_track"}
        actions.save_entry(report.pk, entry.pk, values=words, version=0, by=filler, at=clock.now())
    actions.submit_report(report.pk, by=filler, at=clock.now())
print(Report.objects.get(unit__name="三元区", period__kind="first_half").pk)
"""
QUESTIONS: list[str] = []


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focused(page: Page) -> str:
    """Return the id of what has the keyboard."""
    return str(page.evaluate("document.activeElement.id"))


def return_two_entries(page: Page) -> None:
    """Approve the first entry, return the second and the third, one of them in words only of the list."""
    press(page, "a")  # before any was looked at, the first is meant
    expect(page.locator("#decided-count")).to_have_text("已核定 1 / 21 项")
    assert focused(page) == "task-2"  # it goes on by itself
    press(page, "r")
    page.keyboard.type("请补充jarok人次")  # letters that are keys elsewhere
    expect(page.locator("#task-2").get_by_label("退回理由")).to_have_value("请补充jarok人次")
    press(page, "Shift+Tab", "ArrowDown", "ArrowDown")  # the list of categories stands before the words
    press(page, "Escape", "j", "r", "Shift+Tab", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "Escape")
    assert focused(page) == "task-3"
    expect(page.locator("#returning-count")).to_have_text("，拟退回 2 项")


def test_the_office_reviews_by_keyboard_alone(app_server: Stack, page: Page):
    report = app_server.manage("shell", "--verbosity=0", "-c", SUBMITTED).stdout.strip()
    address = f"{app_server.url}/review/{report}"
    log_in(page, app_server.url, "yigaiban")
    page.goto(address)
    press(page, "?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    assert barriers(page) == []
    press(page, "Escape")
    return_two_entries(page)
    page.reload()  # as after closing the browser: the reasons are kept on this computer
    expect(page.locator("#returning-count")).to_have_text("，拟退回 2 项")
    expect(page.locator("#decided-count")).to_have_text("已核定 1 / 21 项")
    press(page, "e", "Enter")
    expect(page.locator("main")).to_contain_text("已退回三元区")
    expect(page).to_have_title(re.compile("永安市"))  # the next report follows
    page.goto(f"{app_server.url}/review")
    expect(page.locator("#returned")).to_contain_text("三元区")
    log_out(page)
    correct(page, app_server.url)

    log_in(page, app_server.url, "yigaiban")
    page.goto(f"{app_server.url}/review")
    expect(page.locator("#again")).to_contain_text("三元区")
    page.goto(address)
    expect(page.locator("#returning-count")).to_have_text("")  # what was sent is forgotten here
    card = page.locator("#task-2")
    expect(card).to_contain_text("无数据")
    expect(card.locator("ins")).to_contain_text("，120 人次")
    expect(page.locator("#task-3")).to_contain_text("未写下一步")
    expect(page.locator("#task-4")).to_contain_text("退回后未修改")
    assert barriers(page) == []
    page.get_by_role("button", name="只看退回和有修改的（2）").click()
    expect(page.locator("[data-entry]:visible")).to_have_count(2)
    page.get_by_role("button", name="只看退回和有修改的（2）").click()
    expect(page.locator("[data-entry]:visible")).to_have_count(21)
    press(page, "j", "ArrowRight", "a")
    expect(page.locator("#decided-count")).to_have_text("已核定 1 / 21 项")
    page.get_by_role("button", name="未改动的沿用原核定").click()  # what says the same again
    expect(page.locator("main")).to_contain_text("未改动的 1 项已沿用原核定")
    expect(page.locator("#decided-count")).to_have_text("已核定 2 / 21 项")
    page.on("dialog", lambda dialog: (QUESTIONS.append(dialog.message), dialog.accept()))
    press(page, "e", "Tab", "Enter")
    expect(page.locator("main")).to_contain_text("已采纳三元区")
    assert QUESTIONS == ["已核定 2 / 21 项。采纳三元区2024年上半年的填报？采纳后填报锁定。"]


def correct(page: Page, site: str) -> None:
    """The unit reads why, mends both entries and submits again."""
    log_in(page, site, "sanyuan")
    page.get_by_role("link", name="继续填报").click()
    card = page.locator("#task-2")
    expect(card).to_contain_text("请补充jarok人次")
    fill_task(card, "第2项已完成阶段任务，培训 3 期，120 人次。", "达到序时")
    fill_task(page.locator("#task-3"), "第3项已完成阶段任务，培训 3 期。下一步推进信息系统对接。", "已完成")
    wait_until_saved(page)
    page.get_by_role("link", name="检查并报送").click()
    page.get_by_role("button", name="报送市医改办").click()
    expect(page.locator(".receipt-number")).to_have_text("2024-1-350404-02")
    log_out(page)


def test_accepting_asks_about_reasons_that_were_not_sent(app_server: Stack, page: Page):
    report = app_server.manage("shell", "--verbosity=0", "-c", SUBMITTED).stdout.strip()
    log_in(page, app_server.url, "yigaiban")
    page.goto(f"{app_server.url}/review/{report}")
    press(page, "j", "r")
    page.keyboard.type("请补充")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="采纳").click()
    assert asked == ["有 1 项写了退回理由，采纳后这些理由不会发出。仍要采纳？"]
    expect(page.locator("#task-1").get_by_label("退回理由")).to_have_value("请补充")
    page.reload()
    expect(page.locator("#task-1").get_by_label("退回理由")).to_have_value("请补充")


def test_a_rating_and_notes_without_leaving_the_page(app_server: Stack, page: Page):
    report = app_server.manage("shell", "--verbosity=0", "-c", SUBMITTED).stdout.strip()
    log_in(page, app_server.url, "yigaiban")
    page.goto(f"{app_server.url}/review/{report}")
    press(page, "j", "n", "ArrowDown", "ArrowDown", "ArrowDown", "Tab", "Tab")
    page.keyboard.type("与台账不符")
    card = page.locator("#task-1")
    press(page, "Tab", "Space", "Tab", "Enter")
    expect(card).to_contain_text("与单位自评不同")
    expect(card.locator(".office-word")).to_contain_text("意见（单位可见）")
    other = page.locator("#task-2")
    other.get_by_text("核定、意见与备注").click()
    other.get_by_label("意见或备注").fill("看台账")
    other.get_by_role("button", name="保存").click()
    expect(other.get_by_role("alert")).to_contain_text("请选择意见给谁看")
    expect(other.get_by_label("意见或备注")).to_have_value("看台账")
    page.goto(f"{app_server.url}/matrix")
    expect(page.locator("td.cell-rated")).to_have_count(1)
    page.emulate_media(media="print")  # the mark is printed in the corner of its cell, not of the sheet
    assert page.locator("td.cell-rated").evaluate("cell => getComputedStyle(cell).position") == "relative"
    assert (
        page.locator("td:not(.cell-rated)").first.evaluate("cell => getComputedStyle(cell).position")
        == "static"
    )
    page.emulate_media(media="screen")
    page.locator(".matrix thead a").first.click()
    expect(page.locator(".unit-entry", has_text="三元区").first).to_contain_text("文字相近")
    assert barriers(page) == []
    receipt = "/receipts?number=2024-1-350404-01"
    for other in ("/review", f"/reports/{report}/submissions", receipt):
        page.goto(f"{app_server.url}{other}")
        assert barriers(page) == []
    expect(page.locator("main")).to_contain_text("与存档一致")
