"""督查单: the table of moves cell by cell, hearing before issue, numbers, visibility, and its ledger."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from tasks_app.choices import AuditAction, NoticeColour, NoticeState, Role, StepKind
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.escalation import actions, queries, rules
from tasks_app.domain.matters.wording import words_of
from tasks_app.domain.moves import NOTICE, Party, Refused
from tasks_app.domain.moves import NoticeMove as Move
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import AuditEvent, Report, StandIn, Step, SupervisionNotice
from tests.escalation_stage import HEARD_UNTIL, LATE, PATHS, REPLY_BY, TEXT, bring_to, draft, on, step

M, S = Move, NoticeState
OFFICE, UNIT = ("office",), ("filler", "signer")
# Who may make which move, and where it leads: {state: {move: (who, state after)}}. Everything else is refused.
TABLE = {
    S.DRAFT: {M.EDIT: (OFFICE, S.DRAFT), M.HEAR: (OFFICE, S.HEARING), M.WITHDRAW: (OFFICE, S.WITHDRAWN)},
    S.HEARING: {
        M.EDIT: (OFFICE, S.HEARING),
        M.OBJECT: (UNIT, S.HEARING),
        M.ISSUE: (OFFICE, S.ISSUED),
        M.WITHDRAW: (OFFICE, S.WITHDRAWN),
    },
    S.ISSUED: {
        M.ACKNOWLEDGE: (UNIT, S.ACKNOWLEDGED),
        M.REPLY: (UNIT, S.REPLIED),
        M.RAISE: (OFFICE, S.RAISED),
        M.WITHDRAW: (OFFICE, S.WITHDRAWN),
    },
    S.ACKNOWLEDGED: {
        M.REPLY: (UNIT, S.REPLIED),
        M.RAISE: (OFFICE, S.RAISED),
        M.WITHDRAW: (OFFICE, S.WITHDRAWN),
    },
    S.REPLIED: {
        M.REPLY: (UNIT, S.REPLIED),
        M.REFUSE: (OFFICE, S.ACKNOWLEDGED),
        M.ACCEPT: (OFFICE, S.CLOSED),
        M.RAISE: (OFFICE, S.RAISED),
        M.WITHDRAW: (OFFICE, S.WITHDRAWN),
    },
    S.CLOSED: {},
    S.RAISED: {},
    S.WITHDRAWN: {},
}
EVERYBODY = ("filler", "signer", "other_filler", "bureau_signer", "office", "leader", "admin", "auditor")


@pytest.fixture
def report(period, people, at) -> Report:
    """将乐县's report, due on 25 July and never filed; the calendar of 2024 is entered."""
    load_official_days([2024, 2025], by=None, at=at)
    open_due_periods(at=at)
    return Report.objects.select_related("unit").get(unit=people.filler.unit)


def attempt(notice: SupervisionNotice, move: Move, by, at) -> None:
    given = {"by": by, "at": at}
    later = at.date() + timedelta(days=40)
    pk = notice.pk
    {
        M.EDIT: lambda: actions.edit_notice(
            pk, **TEXT | {"title": "改过的事由"}, reply_due_on=later, objection_due_on=at.date(), **given
        ),
        M.HEAR: lambda: actions.ask_for_objection(pk, objection_due_on=HEARD_UNTIL, **given),
        M.OBJECT: lambda: actions.object_to_notice(pk, text="口径有变。", **given),
        M.ISSUE: lambda: actions.issue_notice(pk, reply_due_on=later, **given),
        M.ACKNOWLEDGE: lambda: actions.acknowledge(pk, **given),
        M.REPLY: lambda: actions.reply(pk, text="已在办理。", **given),
        M.REFUSE: lambda: actions.refuse_reply(pk, reason="不具体。", reply_due_on=later, **given),
        M.ACCEPT: lambda: actions.accept_reply(pk, **given),
        M.RAISE: lambda: actions.raise_notice(pk, reason="不具体。", **TEXT, reply_due_on=later, **given),
        M.WITHDRAW: lambda: actions.withdraw_notice(pk, reason="已另行处理。", **given),
    }[move]()


def stored(notice: SupervisionNotice) -> tuple:
    return (
        SupervisionNotice.objects.filter(pk=notice.pk).values().get(),
        SupervisionNotice.objects.count(),
        Step.objects.count(),
        AuditEvent.objects.count(),
    )


@pytest.mark.once
def test_every_state_and_every_move_stands_in_the_table():
    assert set(TABLE) == set(NoticeState) == set(PATHS)
    assert {move for row in TABLE.values() for move in row} == set(Move)


@pytest.mark.once
def test_the_table_of_moves_says_the_same():
    parties = {Party.OFFICE: OFFICE, Party.UNIT: UNIT}
    told = {
        state: {move: (parties[party],) for move in Move for party in NOTICE.table[move].get(state, ())}
        for state in NoticeState
    }
    assert told == {state: {move: cell[:1] for move, cell in row.items()} for state, row in TABLE.items()}


@pytest.mark.parametrize("state", list(TABLE))
def test_the_cells_of(state, report, people):
    notice = bring_to(state, report, people)
    # A day on which every limit plays its part: objections end today, replies were due yesterday.
    if state != S.DRAFT:
        SupervisionNotice.objects.filter(pk=notice.pk).update(reply_due_on=date(2024, 8, 5))
    at = on(HEARD_UNTIL)
    if state == S.HEARING:  # or nothing could be issued before the day is over
        step(notice, "agree", people, at)
    before = stored(notice)
    for who in EVERYBODY:
        for move in Move:
            savepoint = transaction.savepoint()
            allowed, leads_to = TABLE[state].get(move, ((), None))
            if who in allowed:
                attempt(notice, move, getattr(people, who), at)
                after = stored(notice)
                assert after[0]["state"] == leads_to, (who, move)
                assert after[2] > before[2], (who, move)
                assert after[2] - before[2] == after[3] - before[3], (who, move)
            else:
                with pytest.raises(Refused):
                    attempt(notice, move, getattr(people, who), at)
                assert stored(notice) == before, (who, move)
            transaction.savepoint_rollback(savepoint)


# --- before it goes out ---------------------------------------------------------------------------------------


def test_a_draft_is_of_a_candidate_only_and_one_at_a_time(report, people):
    notice = draft(report, by=people.office)
    assert (notice.unit, notice.report, notice.plan) == (report.unit, report, report.period.plan)
    with pytest.raises(Refused, match="已经不在了"):
        draft(report, by=people.office)
    with pytest.raises(Refused, match="已经不在了"):
        actions.draft_notice(
            "filing:0:2024-07-25", **TEXT, colour="blue", reply_due_on=REPLY_BY, by=people.office, at=LATE
        )


def test_orange_at_once_wants_a_reason_and_red_never_comes_first(report, people):
    with pytest.raises(Refused, match="请写明理由"):
        draft(report, by=people.office, colour="orange")
    with pytest.raises(Refused, match="第一张督查单用蓝色"):
        draft(report, by=people.office, colour="red", higher_because="要紧")
    notice = draft(report, by=people.office, colour="orange", higher_because="省里挂牌督办")
    assert notice.higher_because == "省里挂牌督办"


def test_a_limit_in_the_past_is_a_sentence(report, people):
    with pytest.raises(Refused, match="2024年7月31日（周三）已过"):
        draft(report, by=people.office, reply_due_on=date(2024, 7, 31))
    notice = draft(report, by=people.office)
    with pytest.raises(Refused, match="申辩截止日不对"):
        actions.ask_for_objection(pk=notice.pk, objection_due_on=date(2024, 7, 31), by=people.office, at=LATE)
    with pytest.raises(Refused, match="应早于回复截止日"):
        actions.ask_for_objection(pk=notice.pk, objection_due_on=REPLY_BY, by=people.office, at=LATE)


def test_nothing_goes_out_before_the_unit_was_heard(report, people):
    notice = bring_to(S.HEARING, report, people)
    issue = lambda at, **given: actions.issue_notice(notice.pk, **given, by=people.office, at=at)  # noqa: E731
    for answer in ("", "不采纳"):
        with pytest.raises(Refused, match="申辩期限（2024年8月6日（周二））未到"):
            issue(on(HEARD_UNTIL), answer=answer)
    step(notice, "object", people)
    with pytest.raises(Refused, match="请写明对申辩的答复"):
        issue(on(HEARD_UNTIL + timedelta(days=1)), answer=" ")
    issued = issue(LATE, answer="口径未变，不予采纳。")
    assert issued.state == S.ISSUED
    assert words_of(issued.steps.get(kind=StepKind.ISSUE)).endswith("\n对申辩的答复：口径未变，不予采纳。")


def test_silence_until_the_limit_is_enough(report, people):
    notice = bring_to(S.HEARING, report, people)
    with pytest.raises(Refused, match=r"申辩期限（.*）已过"):
        step(notice, "object", people, on(date(2024, 8, 7)))
    assert step(notice, "issue", people, on(date(2024, 8, 7))).state == S.ISSUED


def test_what_was_said_last_counts(report, people):
    notice = bring_to(S.HEARING, report, people)
    step(notice, "agree", people)
    step(notice, "object", people)
    with pytest.raises(Refused, match="请写明对申辩的答复"):
        step(notice, "issue", people)
    step(notice, "agree", people)
    assert step(notice, "issue", people).state == S.ISSUED


def test_what_the_unit_was_heard_on_is_not_changed_behind_its_back(report, people):
    notice = bring_to(S.HEARING, report, people)
    step(notice, "agree", people)
    changed = TEXT | {"requirement": "请三日内补报。"}
    given = {"reply_due_on": REPLY_BY, "by": people.office, "at": LATE}
    with pytest.raises(Refused, match="须重新听取申辩"):
        actions.edit_notice(notice.pk, **changed, **given)
    actions.edit_notice(notice.pk, **changed, objection_due_on=date(2024, 8, 8), **given)
    with pytest.raises(Refused, match="申辩期限（2024年8月8日（周四））未到"):
        step(notice, "issue", people)  # the 无异议 was about another text
    assert notice.steps.get(kind=StepKind.EDIT).text == "督办要求"
    assert notice.steps.filter(kind=StepKind.HEAR).count() == 2


def test_saving_unchanged_leaves_no_step(report, people):
    notice = draft(report, by=people.office)
    before = stored(notice)
    given = {"colour": "blue", "reply_due_on": REPLY_BY, "by": people.office, "at": LATE}
    actions.edit_notice(notice.pk, **TEXT, **given)
    assert stored(notice) == before


def test_a_late_issue_moves_the_reply_limit(report, people):
    notice = bring_to(S.HEARING, report, people)
    late = on(date(2024, 8, 21))
    with pytest.raises(Refused, match="回复截止日不对"):
        step(notice, "issue", people, late)
    issued = actions.issue_notice(notice.pk, reply_due_on=date(2024, 8, 28), by=people.office, at=late)
    assert issued.reply_due_on == date(2024, 8, 28)


# --- numbers ----------------------------------------------------------------------------------------------------


def others(report) -> list[Report]:
    return list(Report.objects.exclude(pk=report.pk).select_related("unit").order_by("pk"))


def issue_at(notice, people, at) -> SupervisionNotice:
    """Issue it once its hearing is over, with a limit that lies ahead."""
    return actions.issue_notice(notice.pk, reply_due_on=date(2025, 2, 28), by=people.office, at=at)


def test_numbers_run_by_year_in_shanghai_and_a_withdrawn_one_is_never_given_again(report, people):
    notices = [draft(each, by=people.office) for each in (report, *others(report)[:3])]
    for notice in notices:
        step(notice, "hear", people)
    first = issue_at(notices[0], people, on(date(2024, 8, 7)))
    second = issue_at(notices[1], people, on(date(2024, 12, 31)))
    assert [rules.document_number(n) for n in (first, second)] == [
        "明医改督〔2024〕1号",
        "明医改督〔2024〕2号",
    ]
    withdrawn = actions.withdraw_notice(second.pk, reason="发错单位", by=people.office, at=LATE)
    assert (withdrawn.state, withdrawn.number) == (S.WITHDRAWN, 2)
    # 31 December 23:30 in UTC is New Year's morning here.
    third = issue_at(notices[2], people, on(date(2025, 1, 1)) - timedelta(hours=2, minutes=30))
    assert rules.document_number(third) == "明医改督〔2025〕1号"
    fourth = issue_at(notices[3], people, on(date(2024, 12, 31)))
    assert rules.document_number(fourth) == "明医改督〔2024〕3号"


def test_the_database_knows_no_number_twice(report, people):
    notice = bring_to(S.ISSUED, report, people)
    second = draft(others(report)[0], by=people.office)
    step(second, "hear", people)
    issued = issue_at(second, people, on(date(2024, 8, 7)))
    with pytest.raises(DatabaseError), transaction.atomic():
        SupervisionNotice.objects.filter(pk=issued.pk).update(number=notice.number)


# --- after it went out ------------------------------------------------------------------------------------------


def test_a_reply_signs_for_the_receipt(report, people):
    notice = bring_to(S.ISSUED, report, people)
    step(notice, "reply", people)
    kinds = [each.kind for each in queries.steps_of(notice)]
    assert kinds[-2:] == [StepKind.ACKNOWLEDGE, StepKind.REPLY]


def test_a_reply_comes_again_is_refused_and_accepted(report, people):
    notice = bring_to(S.REPLIED, report, people)
    step(notice, "reply", people)
    refused = step(notice, "refuse", people)
    assert (refused.state, refused.reply_due_on) == (S.ACKNOWLEDGED, date(2024, 8, 27))
    assert rules.was_refused(refused)
    step(notice, "reply", people, on(date(2024, 9, 2)))  # late is better than never
    closed = step(notice, "accept", people)
    assert (closed.state, closed.closed_at) == (S.CLOSED, LATE)
    assert [each.kind for each in notice.steps.all()].count(StepKind.REPLY) == 3


def test_reasons_are_wanted(report, people):
    notice = bring_to(S.REPLIED, report, people)
    office = {"by": people.office, "at": LATE}
    with pytest.raises(Refused, match="为什么不能认可"):
        actions.refuse_reply(notice.pk, reason=" ", reply_due_on=REPLY_BY, **office)
    with pytest.raises(Refused, match="为什么不能认可"):
        actions.raise_notice(notice.pk, **TEXT, reply_due_on=REPLY_BY, **office)
    with pytest.raises(Refused, match="撤销的理由"):
        actions.withdraw_notice(notice.pk, reason="", **office)
    with pytest.raises(Refused, match="请写明回复内容"):
        actions.reply(notice.pk, text=" ", by=people.filler, at=LATE)


def test_blue_becomes_orange_becomes_red_and_red_nothing(report, people):
    notice = bring_to(S.ISSUED, report, people)
    with pytest.raises(Refused, match="回复期限（2024年8月20日（周二））未到"):
        step(notice, "raise", people)
    at = on(date(2024, 8, 21))
    for colour in (NoticeColour.ORANGE, NoticeColour.RED):
        successor = step(notice, "raise", people, at)
        assert (successor.colour, successor.state, successor.predecessor_id) == (colour, S.DRAFT, notice.pk)
        assert successor.thing == notice.thing
        step(successor, "hear", people, LATE)
        notice = issue_at(successor, people, on(date(2024, 8, 22)))
        SupervisionNotice.objects.filter(pk=notice.pk).update(reply_due_on=date(2024, 8, 20))
    with pytest.raises(Refused, match="红色督查单没有下一色"):
        step(notice, "raise", people, at)
    assert list(SupervisionNotice.objects.order_by("pk").values_list("state", "number")) == [
        (S.RAISED, 1),
        (S.RAISED, 2),
        (S.ISSUED, 3),
    ]


def test_the_ledger_and_the_trail_hold_every_step(report, people):
    notice = bring_to(S.CLOSED, report, people)
    steps = queries.steps_of(notice)
    assert [(each.get_kind_display(), each.by_name) for each in steps] == [
        ("拟稿", "陈志远"),
        ("告知并听取申辩", "陈志远"),
        ("申辩", "林晓燕"),
        ("签发", "陈志远"),
        ("签收", "林晓燕"),
        ("回复", "林晓燕"),
        ("认可办结", "陈志远"),
    ]
    events = AuditEvent.objects.filter(action=AuditAction.NOTICE, target_id=notice.pk).order_by("pk")
    assert [event.note.split("：")[0] for event in events] == [each.get_kind_display() for each in steps]
    assert events.last().changes["state"] == ["已回复", "已办结"]
    assert {event.unit for event in events} == {report.unit}
    with pytest.raises(DatabaseError), transaction.atomic():
        steps[0].delete()


# --- who sees it --------------------------------------------------------------------------------------------------


def seen_by(person) -> bool:
    return queries.visible_notices(person, LATE.date()).exists()


def test_a_unit_knows_of_it_from_its_hearing_on(report, people):
    notice = draft(report, by=people.office)
    assert seen_by(people.office)
    assert seen_by(people.leader)
    assert not seen_by(people.filler)
    step(notice, "hear", people)
    assert seen_by(people.filler)
    assert seen_by(people.signer)
    for stranger in (people.other_filler, people.bureau_signer, people.admin, people.auditor):
        assert not seen_by(stranger)
    shown = queries.steps_of(notice, for_unit=True)
    assert [each.kind for each in shown] == [StepKind.HEAR]


def test_a_draft_that_was_withdrawn_was_never_there_for_the_unit(report, people):
    notice = draft(report, by=people.office)
    step(notice, "withdraw", people)
    assert not seen_by(people.filler)
    assert queries.steps_of(notice, for_unit=True) == []


def test_who_stands_in_answers_for_the_unit_on_those_days(report, people):
    notice = bring_to(S.ISSUED, report, people)
    days = {"since": LATE.date(), "until": LATE.date(), "named_by": people.admin, "named_at": LATE}
    StandIn.objects.create(unit=report.unit, user=people.office, role=Role.FILLER, **days)
    assert queries.own_notices(people.office, LATE.date()).exists()
    assert not queries.own_notices(people.office, LATE.date() + timedelta(days=1)).exists()
    actions.acknowledge(notice.pk, by=people.office, at=LATE)
    assert notice.steps.get(kind=StepKind.ACKNOWLEDGE).by_name == "陈志远（替岗）"
    with pytest.raises(Refused, match="由将乐县办理"):
        actions.reply(notice.pk, text="在办", by=people.office, at=LATE + timedelta(days=1))


def test_open_ones_are_listed_by_their_limits(report, people):
    bring_to(S.ISSUED, report, people)
    [card] = queries.open_notices(people.filler, on(date(2024, 8, 21)), working_calendar())
    assert (card.limit, card.is_late, card.left, card.days) == (REPLY_BY, True, "已逾期1个工作日（1天）", 14)
    assert queries.open_notices(people.other_filler, LATE, working_calendar()) == []
