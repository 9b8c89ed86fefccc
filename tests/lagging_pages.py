"""What the tests of the office's lists have in common: the words of a report, a page, a figure on the overview."""

import re
from datetime import datetime

from django.test import Client
from django.urls import reverse

from tasks_app.domain.reporting import actions
from tasks_app.models import Report, User

WORDS = {
    "progress": "<b>专班</b>已组建。",
    "forecast": "年底完成。",
    "status": "behind",
    "cause": "funds",
    "outlook": "hard",
    "remarks": "缺编制。",
}


def fill(report: Report, *, by: User, at: datetime) -> Report:
    """Fill in every task of `report`, which nobody has touched yet."""
    for entry in report.entries.all():
        actions.save_entry(report.pk, entry.pk, values=WORDS, version=0, by=by, at=at)
    return report


def page(client: Client, name: str, **query: object) -> str:
    """Return the page called `name`."""
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return response.content.decode()


def tile(text: str, label: str) -> int:
    """Return the number on the tile of the overview labelled `label`."""
    for number, rest in re.findall(r'<a class="figure-tile[^>]*><b>(\d+)</b>(.*?)</a>', text):
        if re.sub("<.*?>", "", rest).split()[-1] == label:
            return int(number)
    raise AssertionError(f"no tile {label}")
