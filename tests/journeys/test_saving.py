"""Nothing typed is lost: the network goes, the session ends, a colleague is quicker."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.services.stack import Stack

from .steps import fill_task, log_in, wait_until_saved

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A window of its own; failed requests are part of these tests, so nobody watches the console."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    yield context
    context.close()


def open_form(context: BrowserContext, site: str) -> Page:
    """Log in as 三元区's filler and open the form."""
    page = context.new_page()
    log_in(page, site, "sanyuan")
    page.get_by_role("link", name="开始填报").or_(page.get_by_role("link", name="继续填报")).click()
    return page


def test_the_network_goes_and_comes_back(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url)
    card = page.locator("#task-1")
    context.set_offline(True)
    fill_task(card, "断网时写的内容", "达到序时")
    expect(card.locator(".save-state")).to_contain_text("网络不通，没有保存")
    expect(page.locator("#page-state")).to_contain_text("请不要关闭本页")
    context.set_offline(False)
    wait_until_saved(page)
    page.reload()
    expect(page.locator("#task-1").get_by_label("工作进展")).to_have_value("断网时写的内容")


def test_the_session_ends_while_typing(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url)
    context.clear_cookies()
    card = page.locator("#task-1")
    fill_task(card, "登录过期时写的内容", "达到序时")
    expect(card.locator(".save-state")).to_contain_text("登录已过期")
    other = context.new_page()
    log_in(other, app_server.url, "sanyuan")
    wait_until_saved(page)
    other.goto(page.url)
    expect(other.locator("#task-1").get_by_label("工作进展")).to_have_value("登录过期时写的内容")


def test_two_people_in_the_same_box(app_server: Stack, browser: Browser, context: BrowserContext):
    first = open_form(context, app_server.url)
    second_context = browser.new_context(locale="zh-CN")
    second = open_form(second_context, app_server.url)
    fill_task(first.locator("#task-1"), "甲写的", "达到序时")
    wait_until_saved(first)
    card = second.locator("#task-1")
    fill_task(card, "乙写的", "未达序时")
    expect(card.locator(".save-state.failed")).to_contain_text("刚刚被他人修改过")
    expect(card).to_contain_text("甲写的")
    expect(card.get_by_label("工作进展")).to_have_value("乙写的")
    fill_task(second.locator("#task-2"), "另一项", "达到序时")  # other boxes are not held up
    expect(second.locator("#task-2 .save-state")).to_contain_text("已保存")
    card.get_by_role("button", name="保存").click()
    expect(card.locator(".save-state")).to_contain_text("已保存")
    first.reload()
    expect(first.locator("#task-1").get_by_label("工作进展")).to_have_value("乙写的")
    second_context.close()


def test_an_open_form_cannot_change_what_was_submitted(app_server: Stack, context: BrowserContext):
    stale = open_form(context, app_server.url)
    other = context.new_page()
    other.goto(stale.url)
    for index in range(21):
        fill_task(other.locator(".task-card").nth(index), f"第{index + 1}项进展", "达到序时")
    other.get_by_role("link", name="检查并报送").click()
    other.get_by_role("button", name="报送市医改办").dblclick()
    expect(other.locator(".receipt-number")).to_have_text("2024-1-350404-01")
    card = stale.locator("#task-1")
    card.get_by_label("工作进展").fill("迟到的修改")
    expect(card.locator(".save-state.failed")).to_contain_text("已报送")
    other.goto(stale.url)
    expect(other.locator("#task-1")).to_contain_text("第1项进展")
    expect(other.locator("#task-1")).not_to_contain_text("迟到的修改")
