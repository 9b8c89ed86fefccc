"""The menu has six entries at most, each leads somewhere, and says where one is; beside a page stand its neighbours."""

import re

import pytest
from django.urls import reverse

from tasks_app.choices import Role
from tasks_app.domain.matters.actions import answer, ask
from tasks_app.domain.reporting import actions
from tasks_app.models import ReportingPeriod
from tasks_app.views.menu import MENUS
from tests import cast

WORDS = {
    Role.FILLER: ["今天", "填报", "往来", "任务与做法", "本单位"],
    Role.SIGNER: ["今天", "待审签", "往来", "任务与做法", "本单位"],
    Role.OFFICE: ["今天", "审阅", "进展", "督办", "汇报", "设置"],
    Role.LEADER: ["今天", "待我定", "进展", "督办", "汇报"],
    Role.ADMIN: ["今天", "分解表", "单位", "人员", "工作日历", "系统"],
    Role.AUDITOR: ["记录", "核验"],
}
BADGE = r"(?: <span.*?</span></span>)?"
LINK = rf'<a\s+(?:class="nav-link[^"]*"\s+)?href="([^"]*)"\s*(?:aria-current="(\w+)")?\s*>([^<]*){BADGE}</a>'


def links(text: str, label: str) -> list[tuple[str, str, str]]:
    """The links of the menu called `label`: (address, aria-current, word)."""
    menu = re.search(rf'<nav[^>]*aria-label="{label}">(.*?)</nav>', text, re.DOTALL)
    return re.findall(LINK, menu[1]) if menu else []


def lit(client, address: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What is lit in the menu and beside the page: (aria-current, word)."""
    text = client.get(address, follow=True).content.decode()
    return tuple([(c, w.strip()) for _, c, w in links(text, label) if c] for label in ("主菜单", "本栏目"))


@pytest.mark.parametrize("role", list(Role))
def test_six_entries_at_most_and_each_leads_somewhere(login, people, period, at, role):
    actions.open_due_periods(at=at)
    client = login(getattr(people, role.value))
    text = client.get("/", follow=True).content.decode()
    menu = links(text, "主菜单")
    assert [word.strip() for _, _, word in menu] == WORDS[role]
    for entry in MENUS[role]:
        for place in entry.places:
            assert client.get(reverse(place.name), follow=True).status_code == 200, place.name
    assert len(menu) <= 6


@pytest.mark.parametrize(
    ("who", "name", "entry", "tab"),
    [
        ("office", "notices", ("page", "督办"), ("page", "督查单")),
        ("office", "escalation", ("page", "督办"), ("page", "督办建议")),
        ("office", "interview_new", ("true", "督办"), ("true", "提醒约谈")),
        ("office", "extensions", ("page", "审阅"), ("page", "延期申请")),
        ("office", "practices", ("true", "汇报"), ("true", "经验做法")),
        ("office", "lagging", ("page", "进展"), ("page", "滞后清单")),
        ("leader", "notices", ("page", "督办"), ("page", "督查单")),
        ("leader", "home", ("page", "今天"), None),
        ("filler", "home", ("page", "今天"), None),
        ("filler", "notices", ("page", "往来"), ("page", "督查单")),
        ("admin", "plan_imports", ("page", "分解表"), ("page", "导入")),
        ("admin", "person_create", ("true", "人员"), ("true", "人员")),
        ("auditor", "audit", ("page", "记录"), None),
    ],
)
def test_one_entry_and_one_tab_are_lit(login, people, plan, who, name, entry, tab):
    assert lit(login(getattr(people, who)), reverse(name)) == ([entry], [tab] if tab else [])


@pytest.mark.parametrize(
    ("who", "word"), [("office", "设置"), ("leader", "进展"), ("filler", "任务与做法"), ("admin", "分解表")]
)
def test_the_table_is_lit_on_its_list_and_on_itself(login, people, plan, who, word):
    client = login(getattr(people, who))
    assert {word for _, word in lit(client, reverse("plans"))[0]} == {word}
    assert lit(client, reverse("plan", args=[plan.pk])) == ([("true", word)], [("true", "分解表")])


def test_filling_in_leads_to_the_report_itself(login, people, period, at):
    client = login(people.filler)
    assert client.get(reverse("report_now")).headers["Location"] == reverse("home")
    actions.open_due_periods(at=at)
    report = ReportingPeriod.objects.get().reports.get(unit=people.filler.unit)
    assert client.get(reverse("report_now")).headers["Location"] == reverse("report", args=[report.pk])
    assert lit(client, reverse("report", args=[report.pk])) == ([("true", "填报")], [])
    assert lit(login(people.signer), reverse("report", args=[report.pk])) == ([("true", "待审签")], [])


def test_a_task_of_all_units_belongs_to_progress_and_a_report_to_reviewing(login, people, plan, period, at):
    actions.open_due_periods(at=at)
    task = plan.tasks.get(number=1)
    assert lit(login(people.office), reverse("review_task", args=[task.pk])) == (
        [("true", "进展")],
        [("true", "进度矩阵")],
    )


def badges(text: str, label: str) -> dict[str, int]:
    """What is counted beside the links of the menu called `label`: {word: number}."""
    menu = re.search(rf'<nav[^>]*aria-label="{label}">(.*?)</nav>', text, re.DOTALL)[1]
    found = re.findall(r">\s*([^<>]+?) <span class=\"badge[^>]*>(\d+)<", menu)
    return {word: int(number) for word, number in found}


def test_beside_an_entry_stands_what_waits_there_for_whom(login, people, units, signed_report, at):
    item = ask(
        signed_report.pk, signed_report.entries.first().pk, text="接口", addressee=units["市卫健委"],
        due_on=at.date(), by=people.filler, at=at,
    )  # fmt: skip
    filler, signer, asked, office = (
        login(getattr(people, who)) for who in ("filler", "signer", "bureau_filler", "office")
    )
    assert badges(signer.get("/").content.decode(), "主菜单") == {}
    assert badges(filler.get("/").content.decode(), "主菜单") == {"填报": 1}
    assert badges(asked.get("/").content.decode(), "主菜单") == {"填报": 1, "往来": 1}
    assert badges(asked.get("/instructions").content.decode(), "本栏目") == {"协调事项": 1}
    assert badges(office.get("/").content.decode(), "主菜单") == {"督办": 1}
    answer(item.pk, text="可以", by=people.bureau_filler, at=at)
    assert badges(asked.get("/").content.decode(), "主菜单") == {"填报": 1}
    assert badges(filler.get("/").content.decode(), "主菜单") == {"填报": 1, "往来": 1}
    assert badges(office.get("/").content.decode(), "主菜单") == {}
    cast.Report.objects.filter(pk=signed_report.pk).update(state="signing", sign_requested_at=at)
    assert badges(filler.get("/").content.decode(), "主菜单") == {"往来": 1}
    assert badges(signer.get("/").content.decode(), "主菜单") == {"待审签": 1, "往来": 1}
