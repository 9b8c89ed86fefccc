"""提醒约谈: numbers, what follows from a 督查单, who sees which, who stands in, open corrections, the list."""

from datetime import date, datetime, timedelta

import pytest

from tasks_app.choices import InterviewState, NoticeColour, NoticeState, Role
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.escalation.rules import notice_thing
from tasks_app.domain.interviews import actions, queries, rules
from tasks_app.domain.matters import papers
from tasks_app.domain.moves import Refused
from tasks_app.domain.stand_ins.actions import name_stand_in
from tasks_app.models import AuditEvent, Interview, Matter, SetAside, Step, SupervisionNotice
from tests.interview_steps import ABOUT, PEOPLE

S = InterviewState


def test_numbers_run_per_year_and_a_given_up_one_is_not_given_again(people, plan, units, at):
    def notified(name: str, at: datetime) -> Interview:
        made = actions.propose(units[name], plan=plan, **ABOUT, by=people.office, at=at)
        return actions.notify(
            made.pk, planned_at=at + timedelta(days=1), place="会议室", **PEOPLE, by=people.office, at=at
        )

    first = notified("将乐县", at)
    actions.withdraw(first.pk, reason="已整改", by=people.office, at=at)
    # Already the new year in Shanghai, still the old one in UTC.
    new_year = datetime(2025, 1, 1, 0, 30, tzinfo=SHANGHAI)
    found = [first, notified("三元区", at), notified("市医保局", new_year)]
    numbers = [rules.document_number(Interview.objects.get(pk=each.pk)) for each in found]
    assert numbers == ["明医改约〔2024〕1号", "明医改约〔2024〕2号", "明医改约〔2025〕1号"]


@pytest.fixture
def notice(people, plan, at) -> SupervisionNotice:
    """A red 督查单 of 将乐县, issued."""
    return SupervisionNotice.objects.create(
        issuer=people.office.unit, plan=plan, unit=people.filler.unit, thing="task:1", colour=NoticeColour.RED,
        state=NoticeState.ISSUED, year=2024, number=3, title="健康管护组织建设滞后", grounds="依据",
        requirement="要求", reply_due_on=date(2024, 7, 12), drafted_by=people.office, drafted_at=at,
        issued_by=people.office, issued_at=at,
    )  # fmt: skip


def test_one_after_a_notice_names_it_and_ends_what_was_set_aside(notice, people, plan, units, at):
    thing = notice_thing(notice)
    SetAside.objects.create(issuer=notice.issuer, thing=thing, reason="再看看", by=people.office, at=at)
    given = {"plan": plan, **ABOUT, "notice": notice, "by": people.office, "at": at}
    with pytest.raises(Refused, match="不是发给该单位的"):
        actions.propose(units["三元区"], **given)
    made = actions.propose(notice.unit, **given)
    assert (made.thing, made.notice) == (thing, notice)
    assert made.steps.get().text == "接明医改督〔2024〕3号督查单"
    assert not SetAside.objects.exists()
    with pytest.raises(Refused, match="已有一件约谈正在办理"):
        actions.propose(notice.unit, **given)
    notice.state = NoticeState.WITHDRAWN
    notice.save()
    actions.withdraw(made.pk, reason="督查单已撤销", by=people.office, at=at)
    with pytest.raises(Refused, match="没有发出或者已经撤销"):
        actions.propose(notice.unit, **given)


def test_the_same_words_about_a_unit_are_one_thing_while_open(desk, people, plan, units, at):
    given, proposed = {"plan": plan, **ABOUT, "by": people.office, "at": at}, desk.proposed
    with pytest.raises(Refused, match="已有一件约谈正在办理"):
        actions.propose(proposed.unit, **given)
    actions.propose(proposed.unit, **given | {"title": "另一件事"})
    actions.propose(units["三元区"], **given)
    actions.withdraw(proposed.pk, reason="重复", by=people.office, at=at)
    actions.propose(proposed.unit, **given)
    assert Interview.objects.count() == 4


@pytest.mark.parametrize("part", ["filler", "leader", "admin", "auditor"])
def test_only_the_office_proposes(part, people, plan, at):
    with pytest.raises(Refused, match="由市医改办办理"):
        actions.propose(people.filler.unit, plan=plan, **ABOUT, by=getattr(people, part), at=at)


def test_a_unit_that_is_none_of_the_citys_cannot_be_interviewed(people, plan, city, at):
    with pytest.raises(Refused, match="责任单位"):
        actions.propose(city, plan=plan, **ABOUT, by=people.office, at=at)


def seen_by(people, day) -> dict[str, bool]:
    return {
        part: queries.visible_interviews(getattr(people, part), day).exists()
        for part in ("office", "leader", "filler", "signer", "other_filler", "admin", "auditor")
    }


@pytest.mark.parametrize("state", list(S))
def test_a_unit_sees_it_from_its_notice_on(state, desk, people, at):
    desk.bring_to(state)
    told = state != "proposed"
    assert seen_by(people, at.date()) == {
        "office": True, "leader": True, "filler": told, "signer": told,
        "other_filler": False, "admin": False, "auditor": False,
    }  # fmt: skip
    assert queries.own_interviews(people.filler, at.date()).exists() == told
    assert not queries.own_interviews(people.office, at.date()).exists()


def test_a_proposal_given_up_before_its_notice_stays_with_the_office(desk, people, at):
    desk.withdraw()
    assert [part for part, sees in seen_by(people, at.date()).items() if sees] == ["office", "leader"]


def test_whoever_stands_in_reports_and_signs_so(desk, people, at):
    desk.bring_to("correcting")
    item = Matter.objects.get(number=1)
    with pytest.raises(Refused, match="由将乐县办理"):
        desk.answer(item, by=people.office)
    days = {"since": at.date(), "until": at.date() + timedelta(days=3)}
    name_stand_in(people.filler.unit, people.office, Role.FILLER, **days, by=people.admin, at=at)
    assert queries.own_interviews(people.office, at.date()).exists()
    assert len(queries.open_corrections(people.office, at, working_calendar())) == 2
    desk.answer(item, by=people.office)
    assert Step.objects.latest("pk").by_name == "陈志远（替岗）"
    assert AuditEvent.objects.latest("pk").actor_name == "陈志远（替岗）"
    after = at + timedelta(days=4)
    assert queries.open_corrections(people.office, after, working_calendar()) == []
    with pytest.raises(Refused, match="由将乐县办理"):
        desk.answer(item, by=people.office, at=after)


def test_open_corrections_with_their_days_the_late_ones_lit(desk, people, at, django_assert_num_queries):
    desk.bring_to("correcting")
    desk.answer(Matter.objects.get(number=2))
    later = datetime(2024, 8, 2, 9, 0, tzinfo=SHANGHAI)
    calendar = working_calendar()
    with django_assert_num_queries(2):
        first, second = queries.open_corrections(people.filler, later, calendar)
    assert (first.correction.number, first.left, first.is_late) == (1, "已逾期2个工作日（2天）", True)
    assert (second.is_reported, second.left, second.is_late) == (True, "", False)
    on_the_day = datetime(2024, 7, 31, 23, 59, 59, tzinfo=SHANGHAI)
    assert not queries.open_corrections(people.filler, on_the_day, working_calendar())[0].is_late
    assert queries.open_corrections(people.other_filler, later, working_calendar()) == []
    [counted] = queries.counted(queries.interviews_of(people.filler.unit), later.date())
    assert (counted.items_total, counted.items_open, counted.items_reported, counted.items_late) == (
        2,
        2,
        1,
        1,
    )
    desk.verify(Matter.objects.get(number=2))
    assert len(queries.open_corrections(people.filler, later, working_calendar())) == 1


def test_the_list_is_narrowed_and_what_is_open_stands_first(desk, people, plan, units, at):
    desk.bring_to("closed")
    other = actions.propose(units["三元区"], plan=plan, **ABOUT, by=people.office, at=at - timedelta(days=9))
    visible = queries.visible_interviews(people.office, at.date())
    assert [each.pk for each in papers.in_order(visible)] == [other.pk, desk.proposed.pk]
    assert [each.pk for each in papers.narrowed(visible, state=papers.OPEN)] == [other.pk]
    assert [each.pk for each in papers.narrowed(visible, state=S.CLOSED, year=2024)] == [desk.proposed.pk]
    assert not papers.narrowed(visible, unit=units["三元区"], year=2023).exists()
    assert papers.years_of(visible) == [2024]
    assert queries.days_open(other, at.date(), working_calendar()) == 6
