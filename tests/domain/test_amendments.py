"""A task given to a unit in mid-period is asked of it, and of nothing else than that task."""

from datetime import date, timedelta

import pytest

from tasks_app.choices import AuditAction, FilingLamp, ReportState
from tasks_app.domain.amendments.actions import change_units, settle_reports
from tasks_app.domain.amendments.queries import consequences
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.evidence.actions import attach
from tasks_app.domain.history.queries import reports_then
from tasks_app.domain.matters import actions as matters
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan.actions import set_period
from tasks_app.domain.plan.rules import PeriodDates
from tasks_app.domain.reminders.actions import compose_reminders
from tasks_app.domain.reminders.obligations import obligations
from tasks_app.domain.reporting.actions import open_due_periods, save_entry, submit_report
from tasks_app.domain.reporting.queries import owed_reports, required_entries
from tasks_app.domain.reporting.rules import report_lamp
from tasks_app.domain.review.actions import accept_report, return_report
from tasks_app.models import AuditEvent, Message, Report
from tasks_app.templatetags.display import report_state

WORDS = {"progress": "专班已组建。", "forecast": "年底完成。", "status": "on_track", "remarks": ""}
BASIS = "明医改组〔2024〕7号"


def write(report, by, at, **words):
    for entry in required_entries(report):
        values = WORDS | words
        save_entry(report.pk, entry.pk, values=values, version=entry.version, by=by, at=at)


@pytest.fixture
def filed(period, people, at) -> Report:
    """三元区's report on tasks 1 and 2, accepted; the county has no signer."""
    open_due_periods(at=at)
    report = Report.objects.get(unit=people.other_filler.unit)
    write(report, people.other_filler, at)
    submit_report(report.pk, by=people.other_filler, at=at)
    accept_report(report.pk, submission=1, by=people.office, at=at + timedelta(hours=1))
    return Report.objects.get(pk=report.pk)


@pytest.fixture
def give(plan, units, people, at):
    """`give("三元区")` gives task 3 to that unit too, at `at` + two days; `take` takes it away again."""

    def change(*names: str, moment=at + timedelta(days=2)):
        task = plan.tasks.get(number=3)
        roles = dict(task.assignments.exclude(unit__kind="county").values_list("unit", "role"))
        roles |= {units[name].pk: "local" for name in names}
        return change_units(task.pk, roles, basis=BASIS, by=people.admin, at=moment)

    return change


def test_an_accepted_report_goes_back_for_the_new_task_alone(filed, give, people, at, plan):
    (back,) = give("三元区")
    assert back == filed
    back.refresh_from_db()
    assert (back.state, back.due_on, back.accepted_at) == (ReportState.RETURNED, date(2024, 7, 25), None)
    assert list(owed_reports(at + timedelta(days=2)).filter(pk=back.pk)) == [back]
    (asked,) = required_entries(back)
    assert asked.task == plan.tasks.get(number=3)
    assert report_lamp(back, date(2024, 7, 26), working_calendar()) == FilingLamp.OVERDUE
    event = AuditEvent.objects.get(action=AuditAction.REPORT_ADD)
    assert (event.unit, BASIS in event.note) == (people.other_filler.unit, True)
    assert "3. 完善医保基金预算管理" in event.note


def test_after_the_periods_limit_it_has_a_limit_of_its_own(filed, give, at):
    (back,) = give("三元区", moment=at.replace(month=8, day=1))
    assert back.due_on == date(2024, 8, 6)  # three working days


def test_what_was_filed_stays_locked_until_the_office_returns_it(filed, give, people, at):
    give("三元区")
    later, filler = at + timedelta(days=3), people.other_filler
    old = filed.entries.get(task__number=1)
    with pytest.raises(Refused, match="只需填报新增任务"):
        save_entry(filed.pk, old.pk, values={"progress": "改"}, version=old.version, by=filler, at=later)
    file = {"name": "纪要.pdf", "size": 9, "content": b"%PDF-1.4\n"}
    with pytest.raises(Refused, match="只需填报新增任务"):
        attach(filed.pk, old.pk, **file, by=filler, at=later)
    write(Report.objects.get(pk=filed.pk), filler, later, progress="预算已编制。")
    submission = submit_report(filed.pk, by=filler, at=later)
    assert [entry["progress"] for entry in submission.content["entries"]] == [
        "专班已组建。",
        "专班已组建。",
        "预算已编制。",
    ]
    # Returned for the new task alone the rest stays locked; for the whole it is open.
    task = filed.entries.get(task__number=3).task_id
    return_report(filed.pk, submission=2, reasons={task: "无数据"}, by=people.office, at=later)
    with pytest.raises(Refused, match="只需填报新增任务"):
        save_entry(filed.pk, old.pk, values={"progress": "改"}, version=old.version, by=filler, at=later)
    submit_report(filed.pk, by=filler, at=later)
    return_report(filed.pk, submission=3, reasons={None: "请重报"}, by=people.office, at=later)
    save_entry(filed.pk, old.pk, values={"progress": "改"}, version=old.version, by=filler, at=later)


def test_taken_away_again_the_report_is_accepted_as_it_was(filed, give, people):
    give("三元区")
    assert give() == []
    back = Report.objects.get(pk=filed.pk)
    for field in ("state", "accepted_at", "accepted_by", "due_on", "returned_at", "added_since"):
        assert getattr(back, field) == getattr(filed, field), field
    assert sorted(back.entries.values_list("task__number", flat=True)) == [1, 2]


def test_what_went_back_and_came_to_rest_is_found_again_as_of_then(filed, give, at):
    give("三元区")
    give(moment=at + timedelta(days=3))
    kept = Report.objects.get(pk=filed.pk)
    then = {
        days: reports_then(filed.period, at=at + timedelta(days=days, hours=2), only=kept)[0].report
        for days in (0, 2, 3)
    }
    assert [then[days].state for days in then] == ["accepted", "returned", "accepted"]
    assert then[2].returned_at == at + timedelta(days=2)
    assert then[2].added_since == at + timedelta(days=2)
    for field in ("accepted_at", "accepted_by_id", "due_on", "returned_at", "added_since"):
        assert getattr(then[0], field) == getattr(then[3], field) == getattr(filed, field), field


def test_as_of_then_a_report_is_back_for_added_tasks_or_as_a_whole(filed, give, people, at):
    """Returned for its added task alone, and then as a whole: each day shows what was so on it."""
    give("三元区")
    task, filler = filed.entries.get(task__number=3).task_id, people.other_filler
    for days, reason in ((3, task), (4, None)):
        later = at + timedelta(days=days)
        write(Report.objects.get(pk=filed.pk), filler, later)
        submit_report(filed.pk, by=filler, at=later)
        return_report(filed.pk, submission=days - 1, reasons={reason: "无数据"}, by=people.office, at=later)
    kept = Report.objects.get(pk=filed.pk)
    shown = []
    for days in (0, 2, 3, 4):
        then = at + timedelta(days=days, hours=2)
        (past,) = reports_then(filed.period, at=then, only=kept)
        shown.append((past.report.added_since, report_state(past.report)))
    added = at + timedelta(days=2)
    assert shown == [(None, "已采纳"), (added, "待补充新增任务"), (added, "待补充新增任务"), (None, "已退回")]


def test_who_has_not_filed_gets_it_into_the_form(period, people, give, at):
    open_due_periods(at=at)
    assert give("三元区", "将乐县") == []
    report = Report.objects.get(unit=people.filler.unit)
    assert report.state == ReportState.DRAFT
    assert report.entries.get(task__number=3).added_at == at + timedelta(days=2)
    assert len(required_entries(report)) == 3


def test_what_a_unit_asks_for_in_a_task_stays_when_the_task_is_taken_away(period, people, plan, give, at):
    """Nobody has written in the box yet, but something stands on it; the others' empty boxes go."""
    open_due_periods(at=at)
    give("三元区", "将乐县")
    report = Report.objects.get(unit=people.filler.unit)
    entry = report.entries.get(task__number=3)
    words = {"text": "请开通数据接口。", "addressee": None, "due_on": None}
    asked = matters.ask(report.pk, entry.pk, **words, by=people.filler, at=at)
    give(moment=at + timedelta(days=3))
    open_due_periods(at=at + timedelta(days=4))
    assert report.entries.get(task__number=3) == asked.entry
    other = Report.objects.get(unit=people.other_filler.unit)
    assert list(other.entries.order_by("task").values_list("task__number", flat=True)) == [1, 2]


def test_it_is_said_before_it_is_done(filed, period, units, plan, at):
    given = {units["将乐县"].pk: ["第3项"], units["三元区"].pk: ["第3项"], units["永安市"].pk: ["第3项"]}
    expected = consequences(plan, given, at=at)
    assert [(each.unit.name, each.comes_back, each.report is None) for each in expected] == [
        ("三元区", True, False),
        ("永安市", False, True),
        ("将乐县", False, False),
    ]
    assert not AuditEvent.objects.filter(action=AuditAction.REPORT_ADD).exists()


def test_settling_again_changes_nothing(filed, give, plan, people, at):
    give("三元区")
    before = AuditEvent.objects.count()
    assert settle_reports(plan, basis="", by=None, at=at + timedelta(days=2)) == []
    assert AuditEvent.objects.count() == before


def test_a_change_says_what_it_rests_on(plan, units, people, at):
    task = plan.tasks.get(number=3)
    roles = {units["市财政局"].pk: "lead", units["市教育局"].pk: "support"}
    with pytest.raises(Refused, match="请填写依据"):
        change_units(task.pk, roles, basis=" ", by=people.admin, at=at)
    change_units(task.pk, roles, basis=BASIS, by=people.admin, at=at)
    event = AuditEvent.objects.get(action=AuditAction.PLAN_EDIT)
    assert event.changes == {"市医保局": ["配合", None], "市教育局": [None, "配合"]}
    assert BASIS in event.note
    kept = task.assignments.get(unit=units["市财政局"])
    assert kept.role_is_assumed  # nobody spoke of its role


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        ({}, "至少要有一个责任单位"),
        ({"市财政局": "local"}, "不能是“属地”"),
        ({"市体育局": "support"}, "已停用"),
        ({"三明市": "lead"}, "不是本市的责任单位"),
    ],
)
def test_what_cannot_be_is_refused(roles, sentence, plan, units, people, at):
    closed = units.setdefault("市体育局", units["市教育局"])
    closed.is_active = False
    closed.save()
    task = plan.tasks.get(number=3)
    with pytest.raises(Refused, match=sentence):
        change_units(task.pk, {units[n].pk: r for n, r in roles.items()}, basis=BASIS, by=people.admin, at=at)


def test_the_unit_is_told_at_once_of_the_new_task_and_not_of_a_return(filed, give, people, at):
    later = at + timedelta(days=2)
    give("三元区")
    (owed,) = obligations(later, units=[filed.unit_id])
    assert (owed.kind.code, owed.due_on) == ("added", date(2024, 7, 25))
    compose_reminders(at=later)
    message = Message.objects.get(unit=filed.unit)
    assert message.subject == "【填报提醒】2024年上半年填报（补充新增任务）7月25日截止，还有6个工作日（8天）"
    assert "请只就新增任务补充填报后报送" in message.body
    assert "退回" not in message.body


def test_moving_a_limit_tells_every_unit_that_follows_it(period, people, at):
    open_due_periods(at=at)
    compose_reminders(at=at)
    due = {report.unit_id for report in Report.objects.all()}
    next_day = at + timedelta(days=1)
    later = PeriodDates(period.opens_on, date(2024, 8, 8))
    set_period(period.pk, later, today=next_day.date(), by=people.admin, at=next_day)
    drafts = {d.unit: d for d in compose_reminders(at=next_day)}
    assert due <= set(drafts)
    message = Message.objects.get(unit=people.filler.unit, day=next_day.date())
    assert "截止日期（已调整）：2024年8月8日" in message.body
    assert "贵单位有1项" in message.body
    again = compose_reminders(at=next_day + timedelta(days=1))
    assert [draft for draft in again if draft.recipients and draft.unit in due] == []
