"""Nothing typed is lost: the network goes, the session ends, the computer is switched off, storage is full."""

import re

import pytest
from playwright.sync_api import BrowserContext, Dialog, Locator, Page, Route, expect

from tests.surroundings.stack import Stack

from .steps import fill_task, log_in, wait_until_saved
from .test_barriers import barriers
from .windows import box, cut_savings, mend_savings, open_form, state

pytestmark = [pytest.mark.browser, pytest.mark.once]
KEPT = "未保存——已留在本机"
FORBIDDEN = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no') }})"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"


def test_a_box_saves_itself_once_one_rests(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "ninghua")
    card = page.locator("#task-1")
    box(card).fill("写到这里")
    expect(state(card)).to_have_text(re.compile(r"已保存 \d\d:\d\d"))


def test_the_network_goes_and_comes_back(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "sanyuan")
    card = page.locator("#task-1")
    context.set_offline(True)
    fill_task(card, "断网时写的内容", "达到序时")
    expect(state(card)).to_contain_text(f"{KEPT}。网络不通")
    expect(page.locator("#page-state")).to_have_text("有内容未保存，已留在本机")
    context.set_offline(False)
    wait_until_saved(page)
    page.reload()
    expect(box(card)).to_have_value("断网时写的内容")


def test_an_answer_lost_on_the_way_is_no_quarrel_with_oneself(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "datian")
    card = page.locator("#task-1")

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/entries/*", lose_the_answer, times=1)
    box(card).fill("第一句。")
    expect(state(card)).to_contain_text("网络不通")
    box(card).press_sequentially("第二句。")
    wait_until_saved(page)
    expect(card.locator(".two-texts")).to_have_count(0)
    page.reload()
    expect(box(card)).to_have_value("第一句。第二句。")


def test_what_was_typed_before_the_scripts_had_come_is_saved(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "youxi")
    card, held = page.locator("#task-1"), []
    page.route("**/report*.js", lambda route: held.append(route))
    page.reload(wait_until="commit")
    fill_task(card, "脚本还没到就写了。", "未达序时")
    expect(state(card)).to_have_text("尚未填写")
    for route in held:
        route.continue_()
    expect(state(card)).to_have_text(re.compile(r"已保存 \d\d:\d\d"))
    page.unroute_all()
    page.reload()
    expect(box(card)).to_have_value("脚本还没到就写了。")
    expect(card.get_by_label("未达序时")).to_be_checked()


def test_what_lags_is_asked_why_by_one_click(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "youxi")
    card = page.locator("#task-2")
    why = card.get_by_role("group", name="滞后原因")
    fill_task(card, "系统尚未对接。", "未达序时")
    card.get_by_text("系统接口", exact=True).click()
    card.get_by_text("有困难", exact=True).click()
    wait_until_saved(page)
    page.reload()
    expect(why.get_by_label("系统接口")).to_be_checked()
    card.get_by_label("未启动", exact=True).check()
    expect(why.get_by_label("系统接口")).to_be_checked()
    card.get_by_label("达到序时", exact=True).check()
    expect(why).to_have_count(0)
    wait_until_saved(page)
    page.reload()
    expect(why).to_have_count(0)
    expect(card.get_by_label("有困难")).to_be_checked()


def test_the_session_ends_while_typing_and_another_window_logs_in(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "shaxian")
    context.clear_cookies()
    card = page.locator("#task-1")
    fill_task(card, "登录过期时写的内容", "达到序时")
    expect(state(card)).to_contain_text("登录已过期")
    with context.expect_page() as opened:
        card.get_by_role("link", name="重新登录").click()
    log_in(opened.value, app_server.url, "shaxian")
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # without a screen no window gets it by itself
    wait_until_saved(page)
    page.reload()
    expect(box(card)).to_have_value("登录过期时写的内容")


def test_the_session_ends_during_a_save_and_the_same_window_logs_in(
    app_server: Stack, context: BrowserContext
):
    page = open_form(context, app_server.url, "yongan")
    form = page.url

    def end_session(route: Route) -> None:
        context.clear_cookies()
        route.continue_(headers={**route.request.headers, "cookie": ""})

    page.route("**/entries/*", end_session)
    card = page.locator("#task-1")
    box(card).fill("保存途中过期")
    expect(state(card)).to_contain_text(KEPT)
    mend_savings(page)
    log_in(page, app_server.url, "yongan")
    page.goto(form)
    card.get_by_role("button", name="用本机的").click()
    wait_until_saved(page)
    page.reload()
    expect(box(card)).to_have_value("保存途中过期")


def test_the_computer_was_switched_off_and_each_draft_is_offered(app_server: Stack, context: BrowserContext):
    """One draft is taken, one is left, one is joined; nothing is overwritten before the choice."""
    page = open_form(context, app_server.url, "mingxi")
    cards = [page.locator(f"#task-{number}") for number in (1, 2, 3)]
    for card in cards:
        box(card).fill("服务器上：培训8期。")
    wait_until_saved(page)
    cut_savings(page)
    for card in cards:
        box(card).fill("本机：培训12期。")
    for card in cards:
        expect(state(card)).to_contain_text(KEPT)
    expect(page.locator("#page-state")).to_have_text("有内容未保存，已留在本机")
    form = page.url
    page.close()

    page = context.new_page()
    page.goto(form)
    taken, left, joined = (page.locator(f"#task-{number}") for number in (1, 2, 3))
    for card in (taken, left, joined):
        expect(card.locator(".two-texts")).to_contain_text("本机：培训12期。")
        expect(card.locator(".two-texts")).to_contain_text("服务器上：培训8期。")
        expect(box(card)).to_have_value("服务器上：培训8期。")
    expect(taken.locator("[data-side=mine] mark")).to_have_text(["本机", "12"])
    expect(page.locator("#page-state")).to_have_text("有内容等您选择")
    assert barriers(page) == []
    taken.get_by_role("button", name="用本机的").click()
    left.get_by_role("button", name="用服务器的").click()
    joined.get_by_role("button", name="合并").click()
    wait_until_saved(page)
    page.reload()
    expect(page.locator(".two-texts")).to_have_count(0)
    expect(box(taken)).to_have_value("本机：培训12期。")
    expect(box(left)).to_have_value("服务器上：培训8期。")
    expect(box(joined)).to_have_value("本机：培训12期。\n服务器上：培训8期。")


@pytest.mark.parametrize(("storage", "username"), [(FORBIDDEN, "youxi"), (FULL, "taining")])
def test_without_storage_the_page_says_so_and_goes_on(
    app_server: Stack, context: BrowserContext, storage: str, username: str
):
    context.add_init_script(storage)
    page = open_form(context, app_server.url, username)
    cut_savings(page)
    card = page.locator("#task-1")
    box(card).fill("只在页面上")
    expect(state(card)).to_contain_text("未保存，本机也不能留存，请不要关闭本页")
    mend_savings(page)
    wait_until_saved(page)
    page.reload()
    expect(box(card)).to_have_value("只在页面上")


def test_logging_out_asks_before_it_clears_this_computer(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "jianning")
    form = page.url
    cut_savings(page)
    card = page.locator("#task-1")
    box(card).fill("还没有保存")
    expect(state(card)).to_contain_text(KEPT)
    page.close()

    page = context.new_page()
    questions: list[str] = []

    def answer(dialog: Dialog) -> None:
        """No at first, yes the second time."""
        questions.append(dialog.message)
        (dialog.accept if len(questions) > 1 else dialog.dismiss)()

    page.on("dialog", answer)
    page.goto(f"{app_server.url}/inbox")
    page.locator("header .dropdown-toggle").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(f"{app_server.url}/inbox")
    assert "1 处内容没有保存到服务器" in questions[0]
    page.locator("header .dropdown-toggle").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("账号")).to_be_visible()
    assert len(questions) == 2
    log_in(page, app_server.url, "jianning")
    page.goto(form)
    expect(page.locator(".task-card").first).to_be_visible()
    expect(page.locator(".two-texts")).to_have_count(0)


def test_the_back_button_shows_what_is_saved_now(app_server: Stack, context: BrowserContext):
    page = open_form(context, app_server.url, "qingliu")
    card = page.locator("#task-1")
    box(card).fill("离开前写的")
    page.get_by_role("link", name="检查并报送").click()
    expect(page).to_have_url(re.compile("/check$"))
    page.go_back()
    expect(box(card)).to_have_value("离开前写的")
    box(card).press_sequentially("，回来接着写")
    wait_until_saved(page)
    expect(page.locator(".two-texts")).to_have_count(0)
    page.reload()
    expect(box(card)).to_have_value(re.compile("离开前写的"))
    expect(box(card)).to_have_value(re.compile("回来接着写"))


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus."""
    for _ in range(150):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {wanted}")


def test_a_report_is_filled_in_and_submitted_by_keyboard_alone(app_server: Stack, context: BrowserContext):
    """From the log-in page to the receipt: Tab, Space, arrows, Enter, letters."""
    page = context.new_page()
    page.goto(f"{app_server.url}/login")
    tab_to(page, page.get_by_label("账号"))
    page.keyboard.type("jggw")
    tab_to(page, page.get_by_label("密码"))
    page.keyboard.type("sanming-2024")
    page.keyboard.press("Enter")
    expect(page.locator("header")).to_contain_text("·")
    tab_to(page, page.get_by_role("link", name="开始填报"))
    page.keyboard.press("Enter")
    cards = page.locator(".task-card")
    expect(cards.first).to_be_visible()
    for index in range(cards.count()):
        tab_to(page, box(cards.nth(index)))
        page.keyboard.type(f"第{index + 1}项：开展宣传活动，覆盖机关单位。")
        tab_to(page, cards.nth(index).locator("[name=status]").first)
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
    wait_until_saved(page)
    tab_to(page, page.get_by_role("link", name="检查并报送"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/check$"))
    tab_to(page, page.get_by_role("button", name="报送市医改办"))
    page.keyboard.press("Enter")
    expect(page.locator(".receipt-number")).to_have_text(re.compile(r"^2024-1-\w+-01$"))
