"""提醒约谈: the table of moves cell by cell, what is missing said in sentences, the ledger from proposal to end."""

from datetime import date, datetime
from enum import StrEnum
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction

from tasks_app.choices import AuditAction, InterviewState, MatterKind, MatterState, StepKind
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.interviews import queries, rules
from tasks_app.domain.interviews.rules import Demand
from tasks_app.domain.matters.wording import words_of
from tasks_app.domain.moves import INTERVIEW, MATTERS, InterviewMove, MatterMove, Party, Refused
from tasks_app.models import AuditEvent, Interview, Matter, Step
from tests.interview_steps import Desk

S, K = InterviewState, StepKind
M = SimpleNamespace(
    **{move.name: move for move in InterviewMove},
    ANSWER=MatterMove.ANSWER,
    VERIFY=MatterMove.SETTLE,
    REFUSE=MatterMove.REFUSE,
)
# What is done with the 约谈 itself, and with an item of its list.
MOVES = {
    **{move: move.value for move in InterviewMove},
    M.ANSWER: "answer",
    M.VERIFY: "verify",
    M.REFUSE: "refuse",
}
LIMIT = date(2024, 7, 31)

# Who may make which move, and where it leads: {state: {move: (who, state after)}}. Everything else is refused.
TABLE = {
    "proposed": {
        M.EDIT: ("office", S.PROPOSED),
        M.NOTIFY: ("office", S.NOTIFIED),
        M.WITHDRAW: ("office", S.WITHDRAWN),
    },
    "notified": {
        M.NOTIFY: ("office", S.NOTIFIED),
        M.RECORD: ("office", S.HELD),
        M.WITHDRAW: ("office", S.WITHDRAWN),
    },
    "held": {
        M.RECORD: ("office", S.HELD),
        M.DEMAND: ("office", S.CORRECTING),
        M.CLOSE: ("office", S.CLOSED),
    },
    "correcting": {M.DEMAND: ("office", S.CORRECTING), M.ANSWER: ("unit", S.CORRECTING)},
    "correcting, reported": {
        M.DEMAND: ("office", S.CORRECTING),
        M.ANSWER: ("unit", S.CORRECTING),
        M.VERIFY: ("office", S.CORRECTING),
        M.REFUSE: ("office", S.CORRECTING),
    },
    "correcting, verified": {M.DEMAND: ("office", S.CORRECTING), M.CLOSE: ("office", S.CLOSED)},
    "closed": {},
    "withdrawn": {},
}
STEP_OF = {
    M.EDIT: K.EDIT, M.NOTIFY: K.NOTIFY, M.RECORD: K.RECORD, M.DEMAND: K.DEMAND, M.ANSWER: K.CORRECT,
    M.VERIFY: K.VERIFY, M.REFUSE: K.VERIFY, M.CLOSE: K.CLOSE, M.WITHDRAW: K.WITHDRAW,
}  # fmt: skip


def attempt(desk: Desk, move: StrEnum, person) -> tuple[str, int, int, str]:
    """Let `person` try `move`; return the state after, the numbers of steps and events and the refusal; undo it."""
    before = Step.objects.count(), AuditEvent.objects.count()
    item = Matter.objects.order_by("number").first() or Matter(pk=0)
    args = [item] if move in (M.ANSWER, M.VERIFY, M.REFUSE) else []
    refusal = ""
    savepoint = transaction.savepoint()
    try:
        getattr(desk, MOVES[move])(*args, by=person)
    except Refused as error:
        refusal = str(error)
    except Matter.DoesNotExist:
        refusal = "没有整改事项"
    state = Interview.objects.get(pk=desk.proposed.pk).state
    steps = Step.objects.count() - before[0]
    if steps:
        last = Step.objects.latest("pk")
        assert (last.kind, last.by, last.by_name, last.at) == (STEP_OF[move], person, person.name, desk.at)
    events = AuditEvent.objects.filter(action=AuditAction.INTERVIEW).count()
    events -= before[1] - AuditEvent.objects.exclude(action=AuditAction.INTERVIEW).count()
    transaction.savepoint_rollback(savepoint)
    return state, steps, events, refusal


@pytest.mark.parametrize("state", TABLE)
def test_the_cells_of(state, desk, people, at):
    desk.bring_to(state)
    before = Interview.objects.get(pk=desk.proposed.pk).state
    assert before == state.split(",")[0]
    crew = {"office": [people.office], "unit": [people.filler, people.signer]}
    crew["others"] = [
        people.other_filler, people.bureau_signer, people.leader, people.admin, people.auditor
    ]  # fmt: skip
    for who, persons in crew.items():
        for person in persons:
            for move in MOVES:
                allowed, leads_to = TABLE[state].get(move, ("nobody", None))
                got, steps, events, refusal = attempt(desk, move, person)
                if who == allowed:
                    assert (got, steps, events, refusal) == (leads_to, 1, 1, ""), (person, move)
                else:
                    assert (got, steps, events) == (before, 0, 0), (person, move)
                    assert refusal, (person, move)


def test_every_state_stands_in_the_table():
    assert {state.split(",")[0] for state in TABLE} == set(S)
    assert {move for row in TABLE.values() for move in row} == set(MOVES)


@pytest.mark.once
def test_the_table_of_moves_says_the_same():
    told = {state: INTERVIEW.open_moves(state, set(Party)) for state in S}
    wanted = {
        state: {move for key, row in TABLE.items() if key.split(",")[0] == state for move in row}
        - set(MatterMove)
        for state in S
    }
    assert told == wanted
    of_items = MATTERS[MatterKind.CORRECTION]
    whose = {move: {Party(who)} for row in TABLE.values() for move, (who, _) in row.items()}
    assert {move: (INTERVIEW if move in InterviewMove else of_items).parties(move) for move in MOVES} == whose


def test_the_whole_way_from_proposal_to_the_end(desk, people, at):
    assert rules.document_number(Interview.objects.get()) == ""
    desk.bring_to("correcting")
    first, second = Matter.objects.order_by("number")
    assert [(item.number, item.due_on) for item in (first, second)] == [(1, LIMIT), (2, date(2024, 8, 15))]
    desk.answer(first)
    with pytest.raises(Refused) as refused:
        desk.close()
    assert refused.value.sentences == ["第 1 项已报告，还没有核验。", "第 2 项还没有报告整改情况。"]
    desk.verify(first)
    desk.answer(second, by=people.signer, text="已编制。")
    desk.verify(second)
    done = desk.close(reason="")
    assert (done.state, done.closed_at) == (S.CLOSED, at)
    steps = [(step.kind, step.by_name, words_of(step).split("\n")[0]) for step in queries.steps_of(done)]
    assert steps == [
        (K.PROPOSE, "陈志远", ""),
        (K.NOTIFY, "陈志远", "明医改约〔2024〕1号"),
        (K.RECORD, "陈志远", "约谈日期：2024年7月15日（周一）"),
        (K.DEMAND, "陈志远", "1. 成立专班　时限：2024年7月31日（周三）"),
        (K.CORRECT, "林晓燕", "第 1 项：专班已成立。"),
        (K.VERIFY, "陈志远", "第 1 项通过"),
        (K.CORRECT, "吴志强", "第 2 项：已编制。"),
        (K.VERIFY, "陈志远", "第 2 项通过"),
        (K.CLOSE, "陈志远", "2 项整改全部通过核验"),
    ]
    told = [step.kind for step in queries.steps_of(done, for_unit=True)]
    assert told == [kind for kind, _, _ in steps[1:]]
    assert AuditEvent.objects.filter(action=AuditAction.INTERVIEW).count() == len(steps)
    with pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.update(text="改过")


def test_an_item_that_is_not_in_order_is_owed_again(desk, people, at):
    desk.bring_to("correcting, reported")
    item = Matter.objects.get(number=1)
    desk.refuse(item)
    item.refresh_from_db()
    assert (item.state, item.answer.text, item.due_on) == (MatterState.OPEN, "专班已成立。", date(2024, 8, 9))
    steps = queries.steps_of(Interview.objects.get())
    [shown, other] = queries.items_of(Matter.objects.all(), at.date(), working_calendar(), steps)
    assert shown.refusal == "无印证材料\n新的整改时限：2024年8月9日（周五）"
    assert (shown.left, other.refusal) == ("还有19个工作日（25天）", "")
    desk.answer(item, text="专班已成立，附文件。")
    desk.verify(Matter.objects.get(number=1))
    steps = queries.steps_of(Interview.objects.get())
    [shown, _] = queries.items_of(Matter.objects.all(), at.date(), working_calendar(), steps)
    assert (shown.is_verified, shown.refusal) == (True, "")


@pytest.mark.parametrize(
    ("state", "move", "given", "sentences"),
    [
        ("proposed", M.EDIT, {"title": " ", "grounds": ""}, ["请填写约谈事由。", "请写明约谈依据。"]),
        ("proposed", M.NOTIFY, {"place": " "}, ["请填写约谈地点。"]),
        (
            "proposed",
            M.NOTIFY,
            {"planned_at": datetime(2024, 7, 15, 9, 0, tzinfo=SHANGHAI)},
            ["约谈时间（2024年7月15日（周一）09:00）已过，请填写以后的时间。"],
        ),
        (
            "notified",
            M.RECORD,
            {"held_on": date(2024, 7, 16), "record": " "},
            ["请填写约谈记录。", "2024年7月16日（周二）还没有到，约谈以后再填写记录。"],
        ),
        (
            "notified",
            M.RECORD,
            {"held_on": date(2024, 7, 14), "interviewee": ""},
            ["请填写实际到场的被约谈人。", "约谈日期不能早于提出约谈的日期（2024年7月15日（周一））。"],
        ),
        ("held", M.DEMAND, {"demands": []}, ["请至少填写一项整改事项和时限。"]),
        (
            "held",
            M.DEMAND,
            {"demands": [Demand(" ", LIMIT), Demand("会商", date(2024, 7, 12))]},
            [
                "第 1 行没有写整改事项。",
                "第 2 行：2024年7月12日（周五）已过，期限请选今天或以后的日期。",
            ],
        ),
        ("held", M.CLOSE, {"reason": " "}, ["没有整改事项的，请写明销号的理由。"]),
        ("proposed", M.WITHDRAW, {"reason": ""}, ["请写明取消约谈的理由。"]),
        ("correcting", M.ANSWER, {"text": " "}, ["请写明整改情况。"]),
        ("correcting", M.VERIFY, {}, ["第 1 项还没有报告整改情况，不能核验。"]),
        ("correcting, verified", M.VERIFY, {}, ["第 1 项已经核验。"]),
        ("correcting, verified", M.ANSWER, {}, ["第 1 项已经核验，不需要再报告。"]),
        (
            "correcting, reported",
            M.REFUSE,
            {"reason": "", "due_on": date(2024, 7, 12)},
            [
                "请写明核验未通过的理由，单位会看到。",
                "2024年7月12日（周五）已过，期限请选今天或以后的日期。",
            ],
        ),
    ],
)
def test_what_is_missing_is_said_in_sentences(desk, state, move, given, sentences):
    desk.bring_to(state)
    item = [Matter.objects.get(number=1)] if move in (M.ANSWER, M.VERIFY, M.REFUSE) else []
    with pytest.raises(Refused) as refused:
        getattr(desk, MOVES[move])(*item, **given)
    assert refused.value.sentences == sentences


def test_more_items_go_on_counting(desk):
    desk.bring_to("correcting")
    desk.demand(demands=[Demand("每月会商", date(2024, 9, 30))])
    assert list(Matter.objects.values_list("number", "text")) == [
        (1, "成立专班"),
        (2, "编制预算"),
        (3, "每月会商"),
    ]


def test_put_off_it_keeps_its_number_and_the_ledger_both_dates(desk):
    desk.notify()
    moved = desk.notify(planned_at=datetime(2024, 7, 22, 15, 0, tzinfo=SHANGHAI))
    assert rules.document_number(moved) == "明医改约〔2024〕1号"
    first, second = (step.text for step in queries.steps_of(moved) if step.kind == K.NOTIFY)
    assert "约谈时间：2024年7月17日（周三）10:00" in first
    assert second.startswith("明医改约〔2024〕1号，变更通知\n约谈时间：2024年7月22日（周一）15:00")
