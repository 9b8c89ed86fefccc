"""The stored plan: its periods, and what an admin may mend."""

from datetime import date

import pytest

from tasks_app.choices import AuditAction, PeriodKind, ReportState
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan.actions import create_default_periods, edit_task, set_period
from tasks_app.domain.plan.queries import next_task
from tasks_app.domain.plan.rules import PeriodDates, days_off, period_faults
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import AuditEvent, Plan, Report

TODAY = date(2024, 7, 15)
DATES = PeriodDates(date(2024, 7, 1), date(2024, 7, 25))


def test_tasks_follow_one_another(plan):
    first, second, third = plan.tasks.all()
    assert (next_task(first), next_task(third)) == (second, None)


def test_a_new_plan_gets_the_three_periods_of_the_notice(city, at):
    plan = Plan.objects.create(issuer=city, year=2026, title="2026年分解表")
    periods = create_default_periods(plan, by=None, at=at)
    assert [(p.kind, p.due_on) for p in periods] == [
        (PeriodKind.FIRST_HALF, date(2026, 7, 25)),
        (PeriodKind.THREE_QUARTERS, date(2026, 9, 25)),
        (PeriodKind.FULL_YEAR, date(2026, 11, 25)),
    ]
    assert AuditEvent.objects.get().action == AuditAction.PERIOD_EDIT


def test_a_new_limit_is_carried_to_what_is_still_owed(period, people, units, at):
    open_due_periods(at=at)
    returned = Report.objects.get(unit=units["三元区"])
    returned.state, returned.due_on = ReportState.RETURNED, date(2024, 7, 31)
    returned.submitted_at = returned.first_submitted_at = at
    returned.submitted_by = people.other_filler
    returned.save()
    later = PeriodDates(DATES.opens_on, date(2024, 7, 26))
    _, carried = set_period(period.pk, later, today=TODAY, by=people.admin, at=at)
    limits = dict(Report.objects.values_list("unit__name", "due_on"))
    assert limits.pop("三元区") == date(2024, 7, 31)
    assert set(limits.values()) == {date(2024, 7, 26)}
    assert carried == len(limits) == 4
    event = AuditEvent.objects.filter(action=AuditAction.PERIOD_EDIT).first()
    assert event.changes == {"due_on": ["2024-07-25", "2024-07-26"]}
    assert "4个单位" in event.note


def test_the_same_days_again_leave_no_trace(period, people, at):
    set_period(period.pk, DATES, today=TODAY, by=people.admin, at=at)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("dates", "is_open", "fields"),
    [
        (PeriodDates(date(2024, 7, 2), date(2024, 7, 1)), False, {"due_on"}),
        (PeriodDates(date(2024, 7, 1), date(2024, 7, 25), date(2024, 7, 24)), False, {"closes_on"}),
        (PeriodDates(date(2024, 7, 16), date(2024, 7, 25)), True, {"opens_on"}),
        (PeriodDates(date(2024, 7, 16), date(2024, 7, 25)), False, set()),
        (PeriodDates(date(2024, 7, 1), date(2024, 7, 25), date(2024, 7, 25)), True, set()),
    ],
)
def test_days_must_fit_together(dates, is_open, fields):
    assert period_faults(dates, is_open=is_open, was=DATES, today=TODAY).keys() == fields


def test_days_that_do_not_fit_are_refused_whole(period, people, at):
    with pytest.raises(Refused):
        set_period(period.pk, PeriodDates(DATES.due_on, DATES.opens_on), today=TODAY, by=people.admin, at=at)
    period.refresh_from_db()
    assert period.due_on == DATES.due_on


def test_a_limit_on_a_day_off_is_said_with_the_nearest_working_days(period):
    calendar = WorkingCalendar()
    assert days_off(period, calendar.is_working_day, calendar.add) == []
    period.due_on = date(2026, 7, 25)
    (sentence,) = days_off(period, calendar.is_working_day, calendar.add)
    assert sentence == (
        "按期截止日7月25日（周六）不是工作日，可改为前一个工作日7月24日（周五），或后一个工作日7月27日（周一）。"
    )


def test_a_task_moves_and_roles_are_confirmed(plan, people, at):
    task = plan.tasks.get(number=1)
    lead, support, *_ = task.assignments.all()
    second = plan.sections.get(position=2)
    edit_task(task.pk, section=second, roles={lead.pk: "support", support.pk: "lead"}, by=people.admin, at=at)
    task.refresh_from_db()
    roles = [(a.role, a.role_is_assumed) for a in task.assignments.all()[:3]]
    assert (task.section, roles) == (second, [("support", False), ("lead", False), ("local", False)])
    event = AuditEvent.objects.get(action=AuditAction.PLAN_EDIT)
    assert event.changes["工作任务"] == ["一、加强组织领导", "二、深化医保改革"]
    assert event.changes["市卫健委"] == ["牵头（推定）", "配合"]


def test_confirming_what_was_assumed_is_a_change_of_its_own(plan, people, at):
    task = plan.tasks.get(number=3)
    lead = task.assignments.get(role="lead")
    edit_task(task.pk, section=task.section, roles={lead.pk: "lead"}, by=people.admin, at=at)
    assert AuditEvent.objects.get().changes == {"市财政局": ["牵头（推定）", "牵头"]}


def test_what_does_not_belong_together_is_refused(plan, city, people, at):
    other = Plan.objects.create(issuer=city, year=2023, title="旧").sections.create(position=1, title="旧")
    task = plan.tasks.get(number=1)
    with pytest.raises(Refused, match="不属于"):
        edit_task(task.pk, section=other, roles={}, by=people.admin, at=at)
    bureau = task.assignments.get(role="lead")
    with pytest.raises(Refused, match="不能是“属地”"):
        edit_task(task.pk, section=None, roles={bureau.pk: "local"}, by=people.admin, at=at)
