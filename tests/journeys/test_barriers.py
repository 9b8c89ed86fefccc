"""No barriers by WCAG 2 A and AA, as far as a program can tell: labels, names, contrast, order; on every page."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Page, Route

from tasks_app.choices import InterviewState, NoticeState, Role
from tasks_app.models import Interview, Report, SupervisionNotice
from tests.cast import AT
from tests.test_addresses import ADDRESSES, PUBLIC, url_of, world

from .steps import barriers

__all__ = ["world"]  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.once]
SITE = "http://localhost"
# What can be seen as it was at a past moment.
LOOKING_BACK = (
    "home", "matrix", "not_filed", "lagging", "review_queue", "review_task", "report_as_of", "reminders",
)  # fmt: skip
# What is seen otherwise, or only, in another state than that of the samples.
IN_ANOTHER_STATE = ("interview", "interview_edit", "notice", "notice_raise")
# Between them they show nearly every colour; the contrast of all pages is looked at in the soak.
COLOURFUL = {"login", "report", "review_report", "matrix", "plan_import", "reminders", "status"}
# Parts of a page, that htmx puts into it.
PARTS = {"plan_import_progress", "report_compare"}
ELSEWHERE = {"report_now"}  # shows nothing, leads to a report
IN_A_REPORT = ({"report"}, {"report", "entry"})


def is_page(response: HttpResponse) -> bool:
    """Tell whether an answer is a whole page: no download, no part of one, no way to another."""
    return response.status_code == 200 and response.content.lstrip()[:15].lower() == b"<!doctype html>"


def show(page: Page, client: Client, answer: HttpResponse, url: str) -> None:
    """Show `answer` in the window; what it asks for on its own comes from `client`, without any server."""
    database = connections[DEFAULT_DB_ALIAS]

    def give(route: Route) -> None:
        # Playwright calls this in a context of its own, where Django would open a second connection.
        connections[DEFAULT_DB_ALIAS] = database
        path = route.request.url.removeprefix(SITE)
        if route.request.is_navigation_request():
            route.fulfill(status=200, headers=dict(answer.items()), body=answer.content)
        elif path.startswith("/static/"):
            route.fulfill(path=str(finders.find(path.removeprefix("/static/").partition("?")[0])))
        elif route.request.method == "GET":
            part = client.get(path, headers={"HX-Request": "true"})
            route.fulfill(status=part.status_code, headers=dict(part.items()), body=part.content)
        else:
            route.fulfill(status=204)

    page.goto("about:blank")  # what the last page asks for again and again, it asks no more
    page.unroute_all()
    page.route("**/*", give)
    page.goto(SITE + url)


def is_new(answer: HttpResponse, seen: set[str]) -> bool:
    """Tell whether a page has an element that its address has not shown yet: two roles often see the same.

    An element is its tag with class, type and role, and the names of all other attributes.
    """
    main = answer.content.decode().partition("<main")[2]
    tags = {
        re.sub(r'(?<=\s)(?!class=|type=|role=)([\w-]+)="[^"]*"', r"\1", tag)
        for tag in re.findall(r"<[a-z][^>]*>", main)
    }
    is_new = not tags <= seen
    seen |= tags
    return is_new


def walks(world: SimpleNamespace, people, login, *, as_everybody: bool) -> Iterator[tuple[str, Client, str]]:
    """Give (name, who opens it, address) of everything that can be opened, as nobody and as each role.

    Unless `as_everybody` an address is opened by the first who may; only the first page is each role's own.
    """
    yield from ((name, Client(), url_of(name, world)) for name in sorted(PUBLIC))
    opened: set[str] = set()
    for role in Role:
        client = login(getattr(people, role.value))
        for name, address in ADDRESSES.items():
            if address.post_only or role not in address.roles or (name in opened and not as_everybody):
                continue
            opened |= {name} - {"home"}
            yield name, client, url_of(name, world)
    yield from earlier_and_later(world, login(people.office), people)
    # The sample report was submitted; here is one that is being filled in, with a form brought back.
    client, draft = login(people.other_filler), Report.objects.get(unit=people.other_filler.unit)
    filling = SimpleNamespace(report=draft.pk, entry=draft.entries.first().pk)
    form = SimpleUploadedFile("离线表.xlsx", client.get(url_of("offline_form", filling)).content)
    client.post(url_of("offline_upload", filling), {"file": form})
    for name, address in ADDRESSES.items():
        if not address.post_only and Role.FILLER in address.roles and set(address.args) in IN_A_REPORT:
            yield name, client, url_of(name, filling)
    later = login(people.office, at=AT + timedelta(days=2))
    yield from ((name, later, f"{url_of(name, world)}?as_of={AT:%Y-%m-%d}") for name in LOOKING_BACK)


def earlier_and_later(world: SimpleNamespace, office: Client, people) -> Iterator[tuple[str, Client, str]]:
    """Give what the office opens of an interview that is only proposed, and of a notice that nobody answered."""
    Interview.objects.filter(pk=world.interview).update(state=InterviewState.PROPOSED)
    issued = {"year": AT.year, "number": 1, "issued_by": people.office, "issued_at": AT}
    notices = SupervisionNotice.objects.filter(pk=world.notice)
    notices.update(state=NoticeState.ISSUED, reply_due_on=AT.date() - timedelta(days=7), **issued)
    yield from ((name, office, url_of(name, world)) for name in IN_ANOTHER_STATE)


@pytest.mark.parametrize("as_everybody", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_no_page_has_barriers(world, people, login, page: Page, as_everybody: bool):
    found, names, seen = [], set(), defaultdict(set)
    for name, client, url in walks(world, people, login, as_everybody=as_everybody):
        answer = client.get(url)
        if answer.status_code == 200 and "text/html" not in answer.headers["Content-Type"]:
            names.add(name)  # a download
        if not is_page(answer):
            continue
        names.add(name)
        if is_new(answer, seen[name]):
            show(page, client, answer, url)
            found += [
                f"{name} {url} {rule}" for rule in barriers(page, contrast=as_everybody or name in COLOURFUL)
            ]
    assert found == []
    assert names == {name for name, address in ADDRESSES.items() if not address.post_only} - PARTS - ELSEWHERE
