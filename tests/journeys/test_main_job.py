"""The main job, end to end: import, fill in, return, correct, accept, and a reminder in a real mailbox."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.cast import REAL_TABLE
from tests.surroundings import mail
from tests.surroundings.stack import Stack

from .steps import fill_task, log_in, log_out, wait_until_saved

pytestmark = pytest.mark.browser
PEOPLE_WHO_OWE = 29  # 27 fillers of 26 units and, from three days before the limit, 2 signers


def import_table(page: Page) -> None:
    """The admin uploads the real table, reads the preview and confirms."""
    page.get_by_role("link", name="分解表", exact=True).first.click()
    page.get_by_role("link", name="导入", exact=True).click()
    page.set_input_files("input[type=file]", str(REAL_TABLE))
    page.locator("main form").filter(has=page.locator("input[type=file]")).locator("[type=submit]").click()
    preview = page.locator("main")
    figures = [
        ("6", "工作任务"),
        ("24", "主要目标要求"),
        ("85", "细化措施"),
        ("26", "责任单位"),
        ("303", "责任分工"),
    ]
    expect(preview.locator(".figures a[href='#table']")).to_have_text(
        [re.compile(rf"^\s*{number}\s*{name}\s*$") for number, name in figures]
    )
    expect(page.locator("#problems")).to_have_count(0)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=re.compile("确认导入")).click()
    expect(page.locator("main")).to_contain_text("已导入")


def fill_all(page: Page, tasks: int) -> None:
    """The filler types into every box, as a person does: the page saves by itself."""
    cards = page.locator(".task-card")
    expect(cards).to_have_count(tasks)
    for index in range(tasks):
        fill_task(cards.nth(index), f"第{index + 1}项：已完成阶段任务，培训 {index + 3} 期。", "达到序时")
    wait_until_saved(page)
    expect(page.locator("#done-count")).to_have_text(f"已填好 {tasks} / {tasks} 项")


def test_a_whole_reporting_period(empty_server: Stack, page: Page):
    site = empty_server.url
    log_in(page, site, "admin")
    import_table(page)
    log_out(page)

    log_in(page, site, "sanyuan")
    expect(page.locator("main")).to_contain_text("2024年7月25日")
    page.get_by_role("link", name="开始填报").click()
    fill_all(page, 21)
    page.get_by_role("link", name="检查并报送").click()
    page.get_by_role("button", name="报送市医改办").click()
    expect(page.locator(".receipt-number")).to_have_text("2024-1-350404-01")
    log_out(page)

    log_in(page, site, "yigaiban")
    page.get_by_label("主菜单").get_by_role("link", name="审阅").click()
    page.get_by_role("link", name=re.compile(r"审阅\s*三元区2024年上半年")).click()
    card = page.locator("#task-1")
    expect(card).to_contain_text("第1项：已完成阶段任务")
    card.get_by_label("退回理由").fill("请补充会商次数")
    page.get_by_role("button", name="退回修改").click()
    expect(page.locator("main")).to_contain_text("已退回三元区")
    log_out(page)

    log_in(page, site, "sanyuan")
    expect(page.locator("main")).to_contain_text("市医改办已退回")
    page.get_by_role("link", name="继续填报").click()
    card = page.locator("#task-1")
    expect(card).to_contain_text("请补充会商次数")
    fill_task(card, "已会商 4 次，形成纪要 4 份。", "已完成")
    page.get_by_role("link", name="检查并报送").click()  # at once: the page saves before it leaves
    page.get_by_role("button", name="报送市医改办").click()
    expect(page.locator(".receipt-number")).to_have_text("2024-1-350404-02")
    log_out(page)

    log_in(page, site, "yigaiban")
    page.get_by_label("主菜单").get_by_role("link", name="审阅").click()
    page.get_by_role("link", name=re.compile(r"审阅\s*三元区2024年上半年")).click()
    expect(page.locator("#task-1")).to_contain_text("退回后有修改")
    expect(page.locator("#task-2")).to_contain_text("退回后未修改")
    page.get_by_role("button", name="采纳").click()
    expect(page.locator("main")).to_contain_text("已采纳")
    page.get_by_role("link", name="进展", exact=True).click()
    row = page.locator("tr", has_text="三元区")
    expect(row).to_contain_text("按期")
    row.get_by_role("link").nth(1).click()
    expect(page.locator("#task-1")).to_contain_text("已会商 4 次")


def test_a_reminder_arrives_in_a_real_mailbox(app_server: Stack, mail_server: mail.Server):
    """The clock alone does it: timetable, worker and mail server run, nobody presses a button."""
    app_server.manage("demo_clock", "2024-07-22 10:00")  # three working days before the limit

    def of_this_day() -> dict[str, list[str]]:
        """Return the words by address. The clock stood at the 15th before: that day's letters may come as well."""
        came: dict[str, list[str]] = {}
        for letter, to in zip(
            list(mail_server.mailbox.letters), mail_server.mailbox.recipients, strict=False
        ):
            if "截至2024年7月22日" in letter.get_content():
                for address in to:
                    came.setdefault(address, []).append(letter.get_content())
        return came

    deadline = time.monotonic() + 180
    while len(of_this_day()) < PEOPLE_WHO_OWE and time.monotonic() < deadline:
        time.sleep(0.5)
    time.sleep(5)  # whatever would come twice comes now
    came = of_this_day()
    assert len(came) == PEOPLE_WHO_OWE
    assert {address: len(letters) for address, letters in came.items() if len(letters) > 1} == {}
    assert "7月25日" in came["sanyuan@example.invalid"][0]
