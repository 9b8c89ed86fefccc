"""Steps that journeys share: logging in and out, filling one task, waiting for the page to have saved."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tasks_app.management.commands.seed_demo import PASSWORD


def log_in(page: Page, site: str, username: str) -> None:
    """Log in as one of the demonstration's people."""
    page.goto(f"{site}/login")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("header")).to_contain_text("·")


def log_out(page: Page) -> None:
    """Log out by the menu."""
    page.locator("header .dropdown-toggle").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("账号")).to_be_visible()


def fill_task(card: Locator, progress: str, status: str) -> None:
    """Type one task's progress and choose its status."""
    card.get_by_label("工作进展").fill(progress)
    card.get_by_label(status, exact=True).check()


def wait_until_saved(page: Page) -> None:
    """Wait until the page says that everything is saved."""
    expect(page.locator("#page-state")).to_have_text("全部内容已保存", timeout=30_000)


def barriers(page: Page, *, contrast: bool = True) -> list[str]:
    """Return the rules that the open page breaks, each with the first element that does.

    Contrast, which the style sheets decide, takes four fifths of the time.
    """
    options = {"runOnly": ["wcag2a", "wcag2aa"], "resultTypes": ["violations"]}
    found = Axe().run(page, options=options | {"rules": {"color-contrast": {"enabled": contrast}}})
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found.response["violations"]]
