"""The menu says where one is: on an entry's own page, and on every page below it."""

import re

import pytest
from django.urls import reverse

from tasks_app.domain.reporting import actions
from tasks_app.models import ReportingPeriod


def lit(client, address: str) -> list[tuple[str, str]]:
    """The lit entries: (aria-current, word)."""
    text = client.get(address, follow=True).content.decode()
    menu = re.search(r'<nav class="navbar-nav.*?</nav>', text, re.DOTALL)[0]
    return re.findall(r'active"[^>]*aria-current="(\w+)"[^>]*>([^<]*)</a>', menu)


@pytest.mark.parametrize(
    ("who", "name", "entry"),
    [
        ("office", "notices", ("true", "督查督办")),
        ("office", "escalation", ("page", "督查督办")),
        ("office", "interviews", ("true", "督查督办")),
        ("office", "extensions", ("true", "事项办理")),
        ("leader", "notices", ("page", "督查督办")),
        ("leader", "home", ("page", "总览")),
        ("filler", "home", ("page", "我的填报")),
        ("filler", "notices", ("page", "督查督办")),
        ("admin", "plan_imports", ("page", "导入")),
        ("admin", "person_create", ("true", "人员")),
        ("auditor", "audit", ("page", "审计记录")),
    ],
)
def test_one_entry_is_lit(login, people, plan, who, name, entry):
    assert lit(login(getattr(people, who)), reverse(name)) == [entry]


@pytest.mark.parametrize("who", ["office", "leader", "filler", "admin"])
def test_the_table_is_lit_on_its_list_and_on_itself(login, people, plan, who):
    client = login(getattr(people, who))
    assert {word for _, word in lit(client, reverse("plans"))} == {"分解表"}
    assert lit(client, reverse("plan", args=[plan.pk])) == [("true", "分解表")]


def test_a_report_belongs_to_what_is_filled_in(login, people, period, at):
    actions.open_due_periods(at=at)
    client = login(people.filler)
    report = ReportingPeriod.objects.get().reports.get(unit=people.filler.unit)
    assert lit(client, reverse("report", args=[report.pk])) == [("true", "我的填报")]
