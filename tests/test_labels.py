"""Facts are codes: with every label of every list renamed, what is decided of what was done before is the same."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps

from tasks_app import choices
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.escalation import queries as notices
from tasks_app.domain.escalation import rules as escalation
from tasks_app.domain.escalation.candidates import candidate_after, suggestions
from tasks_app.domain.history.queries import reports_then
from tasks_app.domain.interviews import queries as interviews
from tasks_app.domain.matters import actions as matters
from tasks_app.domain.matters import queries as requests
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.review import actions as review
from tasks_app.domain.standing.queries import standings
from tasks_app.models import Interview, Matter, Report, ReturnReason, SupervisionNotice
from tests.escalation_stage import LATE, bring_to, on, step
from tests.interview_steps import Desk

WORDS = {"progress": "专班已组建。", "forecast": "年底前完成。", "status": "on_track", "remarks": ""}


@pytest.fixture
def rename() -> Iterator[Callable[[], None]]:
    """`rename()` gives every member of every list another label; afterwards all is as it was."""
    lists = [each for each in vars(choices).values() if isinstance(each, type) and hasattr(each, "choices")]
    # Pairs: members of two lists with one value are equal, of a dictionary they would be one key.
    members = [(member, member._label_) for each in lists for member in each]
    fields = [
        field for model in apps.get_app_config("tasks_app").get_models() for field in model._meta.fields
    ]
    kept = {field: field.choices for field in fields if field.choices}

    def run() -> None:
        for number, (member, _) in enumerate(members):
            member._label_ = f"另名{number}"
        for field, old in kept.items():
            field.choices = [(value, f"另名{value}") for value, _ in old]

    yield run
    for member, label in members:
        member._label_ = label
    for field, old in kept.items():
        field.choices = old


@pytest.fixture
def world(period, plan, people, city, at) -> SimpleNamespace:
    """A report that was returned and filed again, requests, 督查单 in several states, a 约谈 with a refused item."""
    reporting.open_due_periods(at=at)
    period.refresh_from_db()
    report = Report.objects.get(unit=people.other_filler.unit)
    _file(report, people, at)
    review.return_report(
        report.pk, submission=1, reasons={None: "请补充"}, by=people.office, at=at + timedelta(1)
    )
    _file(report, people, at + timedelta(days=2))
    asked = {
        "text": "接口",
        "addressee": None,
        "due_on": date(2024, 7, 19),
        "by": people.other_filler,
        "at": at,
    }
    for number in range(3):
        item = matters.ask(report.pk, report.entries.first().pk, **asked)
        if number:
            matters.answer(item.pk, text="可以。", by=people.office, at=at)
        if number == 2:
            matters.close(item.pk, by=people.office, at=at)
    notice = bring_to("hearing", Report.objects.get(unit=people.filler.unit), people)
    step(notice, "object", people)
    step(notice, "agree", people)
    desk = Desk(people, plan, at)
    desk.bring_to("correcting, reported")
    desk.refuse(Matter.objects.corrections().first())
    return SimpleNamespace(people=people, city=city, period=period, notice=notice, report=report)


def _file(report: Report, people, at) -> None:
    for entry in report.entries.all():
        reporting.save_entry(
            report.pk, entry.pk, values=WORDS, version=entry.version, by=people.other_filler, at=at
        )
    reporting.submit_report(report.pk, by=people.other_filler, at=at)


def _past_states(world) -> Any:
    moments = [LATE - timedelta(days=days) for days in range(20)]
    return [
        [(each.report.unit.name, each.report.state) for each in reports_then(world.period, at=moment)]
        for moment in moments
    ]


def _standings(world) -> Any:
    found = [standings(world.period, at=LATE, past=past) for past in (False, True)]
    return [
        [(unit.lamp, {task: each.status for task, each in unit.tasks.items()}) for unit in each]
        for each in found
    ]


def _notice(world) -> Any:
    notice = SupervisionNotice.objects.get()
    said = escalation.objection(notices.steps_of(notice))
    can = [
        sorted(notices.open_moves(person, notice, LATE.date()))
        for person in (world.people.office, world.people.filler)
    ]
    return escalation.has_agreed(said), escalation.why_not_issue(notice, said, LATE.date()), can


def _interview(world) -> Any:
    interview, today = Interview.objects.get(), LATE.date()
    steps = interviews.steps_of(interview)
    items = interviews.items_of(interviews.corrections_of(interview), today, working_calendar(), steps)
    return [(item.is_reported, item.is_verified, item.is_late, item.refusal) for item in items]


def _requests(world) -> Any:
    found = requests.open_first(requests.listed_requests(world.people.office))
    can = [sorted(requests.open_moves(world.people.office, item, LATE.date())) for item in found]
    return [(each.awaits, each.days, each.is_overdue) for each in requests.asked(found, LATE)], can


def _suggestions(world) -> Any:
    found = suggestions(world.city, on(date(2024, 9, 30))).open
    after = candidate_after(notices.visible_notices(world.people.office, LATE.date()).get(), LATE)
    return [(each.thing, each.kind, each.colour, each.limit, each.days) for each in [*found, after]]


# What is decided, in codes. Whoever decides something of what is stored has a line here.
DECISIONS = (_past_states, _standings, _notice, _interview, _requests, _suggestions)


def test_no_decision_is_read_back_from_a_label(world, rename):
    before = {decide.__name__: decide(world) for decide in DECISIONS}
    assert before["_notice"][:2] == (True, "")
    assert [bool(refusal) for *_, refusal in before["_interview"]] == [True, False]
    assert {state for moment in before["_past_states"] for _, state in moment} == {
        "draft",
        "submitted",
        "returned",
    }
    rename()
    assert {decide.__name__: decide(world) for decide in DECISIONS} == before


def test_a_category_alone_goes_by_its_name_of_today_in_old_rows_too(rename):
    new, old = ReturnReason(category="no_data"), ReturnReason(category="no_data", text="无数据")
    both = ReturnReason(category="no_data", text="请补充人次")
    assert [each.in_words for each in (new, old, both)] == ["无数据", "无数据", "请补充人次"]
    rename()
    assert [each.in_words for each in (new, old, both)] == ["另名no_data", "另名no_data", "请补充人次"]
