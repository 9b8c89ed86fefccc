"""What is written stays when the session has ended or the page is gone; what did not go through is said."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tasks_app.management.commands.seed_demo import PASSWORD
from tests.surroundings.stack import Stack

from .windows import box, computer, open_form, state

pytestmark = [pytest.mark.browser, pytest.mark.once]
REASON = "因数据尚未核定，申请延期。\n预计三日内核完。"
OFFERED = "刚才没有提交成功，您写的内容还在"


def open_extension(page: Page) -> None:
    """Open the page on which a unit asks for more time, and write into it."""
    page.get_by_role("link", name="申请延期").click()
    page.get_by_label("申请理由").fill(REASON)
    page.get_by_label("目前工作进度").fill("已完成八成。")


def test_words_wait_for_their_author_when_the_session_ended(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "yongan")
    open_extension(page)
    page.get_by_label("申请延至").fill("2024-07-29")
    context.clear_cookies(name="sessionid")  # as the server lets it run out
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("登录已过期")).to_be_visible()
    log_in_here(page, "yongan")
    expect(page.get_by_text(OFFERED)).to_be_visible()
    expect(page.get_by_label("申请理由")).to_have_value("")
    page.get_by_role("button", name="放回框里").click()
    expect(page.get_by_label("申请理由")).to_have_value(REASON)
    expect(page.get_by_label("申请延至")).to_have_value("2024-07-29")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("已申请，等待市医改办批复")).to_be_visible()
    page.reload()
    expect(page.get_by_text(OFFERED)).to_have_count(0)


def test_words_are_not_shown_to_whoever_logs_in_next(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "mingxi")
    open_extension(page)
    page.get_by_label("申请延至").fill("2024-07-29")
    context.clear_cookies(name="sessionid")  # as the server lets it run out
    page.get_by_role("button", name="提交申请").click()
    log_in_here(page, "qingliu")
    expect(page.get_by_text("没有找到这个页面")).to_be_visible()
    expect(page.get_by_text(OFFERED)).to_have_count(0)
    assert page.evaluate("sessionStorage.getItem('kept-words')") is None


def test_words_for_a_page_that_is_gone_can_still_be_copied(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "qingliu")
    open_extension(page)
    page.get_by_label("申请延至").fill("2024-07-29")
    page.evaluate("document.querySelector('main form').action = '/reports/987654321/extension'")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("没有找到这个页面")).to_be_visible()
    expect(page.get_by_text("预计三日内核完。")).to_be_visible()
    expect(page.get_by_text("需要的可以复制留用。")).to_be_visible()
    expect(page.get_by_role("button", name="放回框里")).to_have_count(0)
    page.get_by_role("button", name="不再需要").click()
    expect(page.get_by_text(OFFERED)).to_have_count(0)
    page.reload()
    expect(page.get_by_text("预计三日内核完。")).to_have_count(0)


def test_words_that_came_too_late_stand_beside_the_refusal(
    app_server: Stack, context: BrowserContext, browser: Browser
):
    page = open_form(context, app_server.url, "jianning")
    card = page.locator("#task-1")
    card.get_by_role("link", name="提出需协调事项").click()
    card.get_by_label("需要协调什么").fill("请协调接口")
    card.get_by_role("button", name="提出").click()
    expect(card.get_by_text("请协调接口")).to_be_visible()
    page.goto(f"{app_server.url}/coordination")
    page.locator("main").get_by_role("link", name="查看").first.click()
    with computer(browser) as other:
        end_it = open_form(other, app_server.url, "jianning")
        end_it.on("dialog", lambda dialog: dialog.accept())
        address = page.url
        page.locator("main").get_by_role("link", name="修改", exact=True).click()
        end_it.goto(address)
        end_it.get_by_role("button", name="不再需要，办结").click()
        expect(end_it.get_by_text("已办结。")).to_be_visible()
    page.get_by_label("需要协调什么").fill("请协调接口，文档三页。")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".alert-danger + .left-drafts")).to_contain_text("请协调接口，文档三页。")


def test_a_form_that_is_drawn_again_with_its_words_offers_nothing(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "datian")
    open_extension(page)
    page.get_by_label("申请延至").fill("2024-07-01")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_label("申请理由")).to_have_value(REASON)
    expect(page.get_by_text(OFFERED)).to_have_count(0)


def test_a_task_taken_back_while_somebody_writes(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "shaxian")
    card = page.locator("#task-1")
    asked = []
    page.route("**/entries/*", lambda route: (asked.append(route), route.fulfill(status=404)))
    box(card).fill("刚写的内容")
    expect(state(card)).to_contain_text("未保存——已留在本机。这项填报已有变动")
    page.wait_for_timeout(9_000)  # longer than the pause after which what may still succeed is tried again
    assert len(asked) == 1


def test_a_box_that_is_full_says_so(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "youxi")
    written = box(page.locator("#task-1"))
    written.focus()
    page.keyboard.insert_text("长" * 10_500)
    expect(page.locator("#task-1").get_by_text("已到 10000 字的上限")).to_be_visible()
    written.fill("短")
    expect(page.locator("#task-1").get_by_text("已到 10000 字的上限")).to_have_count(0)


def test_a_file_that_does_not_arrive_is_said(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "ninghua")
    card = page.locator("#task-1")
    card.get_by_text("佐证材料（可不附）").click()
    card.get_by_label("选择文件").set_input_files(
        {"name": "纪要.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}
    )
    context.set_offline(True)
    card.get_by_role("button", name="上传").click()
    expect(card.get_by_text("网络不通，没有办理")).to_be_visible()
    context.set_offline(False)
    card.get_by_role("button", name="上传").click()
    expect(card.get_by_role("link", name="纪要.pdf")).to_be_visible()
    expect(card.get_by_text("网络不通，没有办理")).to_have_count(0)


def log_in_here(page: Page, username: str) -> None:
    """Log in on the page that the end of the session led to."""
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
