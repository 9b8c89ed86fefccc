"""What the ten busiest pages weigh, in a city of 26 units and of 106: statements, bytes, elements, widgets."""

import gzip
from dataclasses import astuple, dataclass
from html.parser import HTMLParser
from unittest.mock import patch

import pytest
from django.db import connection
from django.forms import Widget
from django.test.utils import CaptureQueriesContext

from bench.busiest import addresses, fill
from tasks_app.domain.reporting import actions
from tasks_app.models import ReportingPeriod, User


@dataclass(frozen=True)
class Weight:
    """What a page may cost at most."""

    statements: int
    kilobytes: int
    elements: int
    widgets: int

    def is_within(self, limit: "Weight") -> bool:
        return all(mine <= most for mine, most in zip(astuple(self), astuple(limit), strict=True))


# Measured, with a twentieth more bytes and elements for what a sentence may grow. Statements and widgets are exact.
CITY = {
    "unit's first page": Weight(13, 10, 210, 0),
    "form": Weight(21, 243, 2930, 129),
    "overview": Weight(12, 15, 316, 2),
    "goals matrix": Weight(11, 110, 2315, 5),
    "review queue": Weight(11, 17, 429, 3),
    "review": Weight(15, 92, 1453, 49),
    "one task of all units": Weight(12, 20, 325, 0),
    "not filed": Weight(10, 12, 240, 3),
    "lagging": Weight(18, 49, 910, 11),
    "plan": Weight(16, 46, 650, 0),
}
PROVINCE = CITY | {
    "overview": Weight(12, 20, 484, 2),
    "goals matrix": Weight(11, 466, 9120, 5),
    "review queue": Weight(11, 51, 1500, 3),
    "one task of all units": Weight(12, 66, 1380, 0),
    "lagging": Weight(18, 72, 1385, 11),
    "plan": Weight(16, 65, 650, 0),
}


class Counter(HTMLParser):
    """Counts the elements of a page."""

    elements = 0

    def handle_starttag(self, tag, attrs):
        self.elements += 1


def weigh(client, address: str) -> Weight:
    drawn = Widget._render
    widgets = []

    def count(widget, *args, **kwargs):
        widgets.append(widget)
        return drawn(widget, *args, **kwargs)

    with CaptureQueriesContext(connection) as found, patch.object(Widget, "_render", count):
        answer = client.get(address)
    assert answer.status_code == 200, address
    page = Counter()
    page.feed(answer.content.decode())
    return Weight(len(found), -(-len(answer.content) // 1000), page.elements, len(widgets))


def test_pages_are_compressed_and_files_are_not(login, people, period, at):
    client = login(people.filler)
    actions.open_due_periods(at=at)
    report = ReportingPeriod.objects.get().reports.get(unit=people.filler.unit)
    asked = {"accept-encoding": "gzip"}
    page = client.get(f"/reports/{report.pk}", headers=asked)
    assert page["Content-Encoding"] == "gzip"
    assert "健全三医协同工作机制" in gzip.decompress(page.content).decode()
    assert len(page.content) < len(gzip.decompress(page.content)) / 4
    assert "Content-Encoding" not in client.get(f"/reports/{report.pk}/export.xlsx", headers=asked)
    assert "Content-Encoding" not in client.get(f"/reports/{report.pk}")


@pytest.mark.parametrize(("size", "limits"), [(26, CITY), (106, PROVINCE)], ids=["26", "106"])
def test_the_busiest_pages_weigh_no_more(size, limits, real_plan, people, login, at):
    period = ReportingPeriod.objects.get(plan=real_plan, kind="first_half")
    fill(period, units=size)
    found = {}
    for page, (who, address) in addresses(period).items():
        client = login(User.objects.get(username=who))
        client.get(address)  # what is fetched once for a process
        found[page] = weigh(client, address)
    assert {page: weight for page, weight in found.items() if not weight.is_within(limits[page])} == {}
    heavy = {page for page, w in found.items() if w.kilobytes > 300 or w.elements > 1500}
    assert heavy <= {"goals matrix", "form"}


def test_the_weight_grows_with_what_a_page_holds(login, people, period, at):
    """The scales weigh: a list with a report in it has more elements than without."""
    client = login(people.office)
    empty = weigh(client, "/review")
    actions.open_due_periods(at=at)
    assert weigh(client, "/matrix").elements > empty.elements > 0
