"""Windows of their own for journeys in which requests fail on purpose: nobody watches the console there."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from .steps import log_in


@contextmanager
def computer(browser: Browser) -> Iterator[BrowserContext]:
    """A computer: whatever is opened on it shares its cookies and its storage."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    yield context
    context.close()


def open_form(context: BrowserContext, site: str, username: str) -> Page:
    """Log in as a filler and open the form."""
    page = context.new_page()
    log_in(page, site, username)
    page.get_by_role("link", name="开始填报").or_(page.get_by_role("link", name="继续填报")).click()
    expect(page.locator(".task-card").first).to_be_visible()
    return page


def box(card: Locator) -> Locator:
    """The box for the words of one task."""
    return card.get_by_label("工作进展", exact=False).first


def state(card: Locator) -> Locator:
    """The line under the boxes that tells what became of them."""
    return card.locator(".entry-foot .save-state")


def cut_savings(page: Page) -> None:
    """From now on nothing that the page saves reaches the server."""
    page.route("**/entries/*", lambda route: route.abort())


def mend_savings(page: Page) -> None:
    """The server can be reached again, and the browser notices."""
    page.unroute("**/entries/*")
    page.evaluate("window.dispatchEvent(new Event('online'))")
