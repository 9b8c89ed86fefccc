"""No barriers on the pages by WCAG 2 A and AA, as far as a program can tell: labels, names, contrast, order."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.surroundings.stack import Stack

from .steps import log_in, wait_until_saved

pytestmark = [pytest.mark.browser, pytest.mark.once]
REPORT = 1  # the demonstration makes it first: 三元区's
PAGES = {
    "sanyuan": [
        "/", f"/reports/{REPORT}", f"/reports/{REPORT}/check", f"/reports/{REPORT}/offline", "/inbox", "/profile",
        "/password", "/plans/1", "/coordination", "/practices", "/receipts",
    ],
    "yigaiban": [
        "/", "/review", "/review/tasks/1", "/receipts", "/matrix", "/not-filed", "/lagging", "/reminders",
        "/reminders/coming", "/coordination", "/practices", "/extensions", "/stand-ins", "/on-behalf",
    ],
    "admin": [
        "/", "/plans", "/plans/1", "/plans/1/periods", "/plans/1/ladder", "/plans/1/tasks/3", "/plans/1/indicators",
        "/imports", "/imports/1",
        "/units", "/units/new", "/people", "/people/new", "/people/1", "/calendar",
    ],
    "auditor": ["/audit"],
}  # fmt: skip


def barriers(page: Page) -> list[str]:
    """Return the rules that the open page breaks, each with the first element that does."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"], "resultTypes": ["violations"]})
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found.response["violations"]]


def test_no_page_has_barriers(app_server: Stack, page: Page):
    found = {}
    page.goto(f"{app_server.url}/login")
    found["/login"] = barriers(page)
    for username, addresses in PAGES.items():
        page.context.clear_cookies()
        log_in(page, app_server.url, username)
        for address in addresses:
            answer = page.goto(app_server.url + address)
            assert answer is not None
            assert answer.status == 200, address
            found[f"{username} {address}"] = barriers(page)
    assert {address: rules for address, rules in found.items() if rules} == {}


def test_a_county_can_fill_in_by_keyboard_alone(app_server: Stack, page: Page):
    """Tab reaches the boxes, arrows choose the status, Enter follows the links; what has the focus shows it."""
    log_in(page, app_server.url, "sanyuan")
    page.goto(f"{app_server.url}/reports/{REPORT}#task-1")
    page.locator("#task-1").get_by_label("工作进展").focus()
    page.keyboard.type("只用键盘填写。")
    for _ in range(3):  # 本期无新进展, 预计至期末, 状态
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    wait_until_saved(page)
    page.reload()
    card = page.locator("#task-1")
    assert card.get_by_label("工作进展").input_value() == "只用键盘填写。"
    assert card.get_by_label("达到序时", exact=True).is_checked()
