"""Each page of the busiest against an empty page for a person who is logged in, and saving one box."""

import itertools
from collections.abc import Callable, Iterator

from django.test import Client
from django.urls import reverse

from tasks_app.models import ReportingPeriod, User

from .busiest import addresses
from .past import WORDS
from .timing import Ratio, compare

# What a page may cost at most, in empty pages. Form and review are to be written anew.
MOST = {"form": 10.0, "saving one box": 3.0, "goals matrix": 3.0, "review": 8.0}
MOST_OF_ALL_OTHERS = 4.0
LISTS = ("reminders", "reminders_coming", "escalation", "notices", "coordination", "extensions", "people")


def ratios(period: ReportingPeriod, *, rounds: int = 40) -> Iterator[tuple[Ratio, float]]:
    """Give what each page of `period` costs, and the most it may."""
    asked = addresses(period)
    works = {page: get(enter(who), address) for page, (who, address) in asked.items()}
    works["saving one box"] = saving(enter("jiangle"), asked["form"][1], period)
    for name in LISTS:
        works[f"list: {name}"] = get(enter("admin" if name == "people" else "yigaiban"), reverse(name))
    for page, work in works.items():
        empty = ("empty page", get(enter("jiangle"), "/empty"))
        yield compare((page, work), empty, rounds=rounds), MOST.get(page, MOST_OF_ALL_OTHERS)


def enter(username: str) -> Client:
    client = Client(raise_request_exception=True)
    person = User.objects.get(username=username)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def get(client: Client, address: str) -> Callable[[], None]:
    """Return the work of asking for a page."""

    def ask() -> None:
        response = client.get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"

    return ask


def saving(client: Client, form: str, period: ReportingPeriod) -> Callable[[], None]:
    """Return the work of saving one box that says something new each time."""
    report = period.reports.get(pk=int(form.rsplit("/", 1)[1]))
    entry = report.entries.order_by("task__number")[0]
    versions = itertools.count(entry.version)

    def save() -> None:
        version = next(versions)
        box = {"progress": f"{WORDS}第{version}次", "forecast": "", "status": "on_track", "version": version}
        answer = client.post(f"{form}/entries/{entry.pk}", box, headers={"HX-Request": "true"})
        assert "已保存" in answer.content.decode(), answer.content.decode()

    return save
