"""The pages in Chromium 86, on which domestic browsers are built: no script error, nothing cut off."""

import pytest

from tasks_app.management.commands.seed_demo import PASSWORD
from tests.surroundings import old_browser
from tests.surroundings.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_the_county_fills_in(app_server: Stack):
    report = app_server.manage("shell", "-c", REPORT_OF_SANYUAN, "--verbosity=0").stdout.strip()
    pages = {"sanyuan": ["/inbox", "/plans", "/", f"/reports/{report}"]}
    [walked] = old_browser.walk(app_server.url, PASSWORD, pages, "旧浏览器里填写。")
    assert walked["version"] == "HeadlessChrome/86.0.4240.0"
    assert [seen["status"] for seen in walked["seen"]] == [200] * 4
    assert walked["errors"] == []
    assert not any(seen["wide"] for seen in walked["seen"])
    assert "已保存" in walked["state"]


def test_everybodys_pages_open_without_errors(app_server: Stack):
    for walked, pages in zip(old_browser.walk(app_server.url, PASSWORD, PAGES), PAGES.values(), strict=True):
        assert walked["errors"] == []
        opened = [(seen["address"], seen["status"]) for seen in walked["seen"]]
        assert opened == [(page, 200) for page in pages]
        assert [seen["address"] for seen in walked["seen"] if seen["wide"]] == []


PAGES = {
    "yigaiban": ["/", "/review", "/matrix", "/not-filed", "/lagging", "/reminders", "/review/tasks/1"],
    "admin": [
        "/",
        "/plans/1",
        "/imports",
        "/imports/1",
        "/plans/1/indicators",
        "/units",
        "/people",
        "/calendar",
    ],
    "leader": ["/"],
    "auditor": ["/audit"],
}
REPORT_OF_SANYUAN = """
from tasks_app.models import Report
print(Report.objects.get(unit__name="三元区", period__kind="first_half").pk)
"""
