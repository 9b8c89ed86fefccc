"""The course of a task of a unit: every period and year, what was expected and came, for the office and the unit."""

import re
from datetime import date, datetime

import pytest
from django.urls import reverse

from tasks_app.choices import Voice
from tasks_app.clock import SHANGHAI
from tasks_app.domain.lagging.trail import came_true
from tasks_app.domain.reporting import actions
from tasks_app.domain.reporting.content import EntryContent
from tasks_app.domain.review.actions import write_note
from tasks_app.domain.standing.rules import Standing
from tasks_app.models import Plan, Report, Task

SEPTEMBER = datetime(2024, 9, 16, 9, tzinfo=SHANGHAI)
WORDS = {"progress": "专班已组建。", "forecast": "", "remarks": ""}


@pytest.mark.parametrize(
    ("status", "outlook", "later", "expected"),
    [
        ("on_track", "", "done", True),
        ("on_track", "", "behind", False),
        ("behind", "can", "on_track", True),
        ("behind", "cannot", "not_started", True),
        ("behind", "cannot", "on_track", False),
        ("behind", "hard", "behind", None),
        ("behind", "", "behind", None),
        ("on_track", "", "sent_back", None),
    ],
)
def test_whether_what_was_expected_came(status, outlook, later, expected):
    said = EntryContent(task=1, number=1, title="任务", status=status, outlook=outlook)
    assert came_true(said, Standing(later, Voice.UNIT, 2, None)) == expected


def file(report: Report, by, at: datetime, **said: str) -> None:
    for entry in report.entries.all():
        actions.save_entry(report.pk, entry.pk, values=WORDS | said, version=0, by=by, at=at)
    actions.submit_report(report.pk, by=by, at=at)


@pytest.fixture
def course(report, people, plan, at):
    """三元区 expected to finish at mid-year, and lags in September; the office judged mid-year otherwise."""
    file(report, people.other_filler, at, status="on_track")
    task = Task.objects.get(plan=plan, number=1)
    write_note(report.pk, task.pk, submission=1, rating="behind", by=people.office, at=at)
    later = plan.periods.create(kind="three_quarters", opens_on=date(2024, 9, 1), due_on=date(2024, 9, 25))
    actions.open_due_periods(at=SEPTEMBER)
    second = Report.objects.get(period=later, unit=report.unit)
    file(second, people.other_filler, SEPTEMBER, status="behind", cause="systems", outlook="hard")
    return reverse("course", args=[second.pk, task.pk])


def rows_of(client, address: str) -> list[str]:
    body = client.get(address).content.decode().partition("<tbody>")[2]
    return [
        " ".join(re.sub("<.*?>", " ", row).split()) for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]


def test_every_period_stands_with_both_voices_and_what_came(course, people, login):
    expected = [
        "2024年前三季度 ▲ 未达序时 系统接口 专班已组建。 有困难",
        "2024年上半年 ▲ 未达序时 自评：达到序时 专班已组建。 能完成 ≠ 未如预计",
    ]
    for person in (people.office, people.leader, people.other_filler):
        assert rows_of(login(person, at=SEPTEMBER), course) == expected


def test_a_stranger_finds_nothing_and_a_draft_says_nothing(course, people, login, plan):
    assert login(people.filler, at=SEPTEMBER).get(course).status_code == 404
    draft = Report.objects.get(unit=people.filler.unit, period__kind="first_half")
    own = reverse("course", args=[draft.pk, Task.objects.get(plan=plan, number=1).pk])
    actions.save_entry(
        draft.pk, draft.entries.first().pk, values=WORDS, version=0, by=people.filler, at=SEPTEMBER
    )
    text = login(people.filler, at=SEPTEMBER).get(own).content.decode()
    assert "还没有报送过这项任务" in text
    assert "专班" not in text
    assert login(people.office, at=SEPTEMBER).get(own).status_code == 404


def test_last_years_same_task_is_part_of_it(course, report, people, plan, login):
    before = Plan.objects.create(issuer=plan.issuer, year=2023, title="2023年分解表")
    task = Task.objects.create(plan=before, number=7, title="健全三医协同机制")
    Task.objects.filter(plan=plan, number=1).update(predecessor=task)
    period = before.periods.create(kind="full_year", opens_on=date(2023, 11, 1), due_on=date(2023, 11, 25))
    last = Report.objects.create(
        period=period, unit=report.unit, due_on=period.due_on, filler_name="郑", filler_phone="1"
    )
    last.entries.create(task=task)
    file(last, people.other_filler, datetime(2023, 11, 20, 9, tzinfo=SHANGHAI), status="done")
    rows = rows_of(login(people.office, at=SEPTEMBER), course)
    assert len(rows) == 3
    assert rows[2] == "2023年全年 7. 健全三医协同机制 ✔ 已完成 专班已组建。 能完成 ≠ 未如预计"


def test_it_takes_a_fixed_number_of_statements(course, people, login, django_assert_num_queries):
    client = login(people.office, at=SEPTEMBER)
    client.get(course)
    with django_assert_num_queries(16):
        client.get(course)
