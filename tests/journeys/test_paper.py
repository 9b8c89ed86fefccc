"""What people print: nothing beside the page, no page for nothing, nothing of the screen's own."""

import re

import pytest
from playwright.sync_api import Page

from tasks_app.choices import Role
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import Report
from tests.test_addresses import url_of, world

from .test_barriers import SITE, is_page, show

__all__ = ["world"]  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.once]
# A4 between margins of 10 mm, in the pixels of a screen: 96 to the inch.
WITHOUT_MARGINS = 794  # what the rules for wide screens go by, margins or not
UPRIGHT, LYING = (718, 1046), (1062, 734)
# {what is printed: by whom}; those of ONE_PAGE hold little in the sample and need no second page.
PRINTED = {
    "home": Role.LEADER,
    "not_filed": Role.OFFICE,
    "lagging": Role.OFFICE,
    "reminders": Role.OFFICE,
    "reminders_coming": Role.OFFICE,
    "reminders_calls": Role.OFFICE,
    "review_queue": Role.OFFICE,
    "review_report": Role.OFFICE,
    "review_task": Role.OFFICE,
    "escalation": Role.OFFICE,
    "notices": Role.OFFICE,
    "notice": Role.OFFICE,
    "interviews": Role.OFFICE,
    "interview": Role.OFFICE,
    "practices": Role.OFFICE,
    "coordination": Role.OFFICE,
    "extensions": Role.OFFICE,
    "report": Role.FILLER,
    "report_receipt": Role.FILLER,
    "calendar_feed": Role.FILLER,
    "plan": Role.ADMIN,
}
ONE_PAGE = {
    "home",
    "not_filed",
    "reminders_calls",
    "notice",
    "coordination",
    "extensions",
    "report_receipt",
    "calendar_feed",
}
BESIDE_THE_PAGE = """() => [...document.querySelectorAll("main *")]
    .filter((one) => one.getClientRects().length && one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 40)}`)"""
CUT = """() => [...document.querySelectorAll("main input, main textarea")]
    .filter((box) => box.getClientRects().length && box.scrollWidth > box.clientWidth + 1)
    .map((box) => `${box.name}: ${box.value}`)"""
OF_THE_SCREEN = ".topbar, .demo-bar, .footer, .nav-tabs, .crumbs, .btn, .filter-bar, .action-bar"


def pages_of(page: Page) -> int:
    """Return how many sheets of A4 the open page takes."""
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize(("name", "role"), PRINTED.items())
def test_a_page_fits_on_paper(name, role, page, world, people, login):
    client, url = login(getattr(people, role.value)), url_of(name, world)
    answer = client.get(url)
    assert is_page(answer)
    page.set_viewport_size(dict(zip(("width", "height"), UPRIGHT, strict=True)))
    page.emulate_media(media="print")
    show(page, client, answer, url)
    assert page.url == SITE + url
    assert page.evaluate(BESIDE_THE_PAGE) == []
    assert [one.inner_text() for one in page.locator(OF_THE_SCREEN).all() if one.is_visible()] == []
    if name in ONE_PAGE:
        assert pages_of(page) == 1


def test_the_forms_head_is_whole_on_paper(page, period, people, login, at):
    open_due_periods(at=at)
    report = Report.objects.get(unit=people.filler.unit)
    url = f"/reports/{report.pk}"
    client = login(people.filler)
    page.set_viewport_size({"width": WITHOUT_MARGINS, "height": UPRIGHT[1]})
    page.emulate_media(media="print")
    show(page, client, client.get(url), url)
    page.evaluate("width => { document.body.style.width = `${width}px`; }", UPRIGHT[0])
    assert page.locator("#id_filler_phone").input_value() == "0598-8220000"
    assert page.evaluate(CUT) == []
    when = page.locator("#id_filled_on").bounding_box()
    assert when["width"] > 110  # a date, and the sign of the calendar beside it


def test_the_citys_matrix_fits_on_one_sheet(page, real_plan, people, login, at):
    """All 26 units and the sums below them, each once."""
    open_due_periods(at=at)
    client, url = login(people.leader), "/matrix"
    show(page, client, client.get(url), url)
    assert page.locator(".matrix tbody tr").count() == 26
    assert pages_of(page) == 1
