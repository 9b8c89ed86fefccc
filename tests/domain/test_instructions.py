"""批示: who may write one and for whom, the answer, asking again, the end; told at once, once a step; who sees it."""

from datetime import date, timedelta

import pytest
from django.core import mail

from tasks_app.choices import AuditAction, Channel, DeliveryState, MatterState, StepKind
from tasks_app.domain.instructions import actions, queries
from tasks_app.domain.moves import Refused
from tasks_app.domain.reminders.actions import compose_reminders
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.models import AuditEvent, Delivery, Message, Reminder
from tests.cast import july

S = MatterState


@pytest.fixture
def instruct(signed_report, plan, people, at):
    """`instruct()` asks 将乐县 for something on its task 1; `instruct(addressee=None)` the office."""
    unit = people.filler.unit

    def run(**values):
        given = {
            "unit": unit,
            "addressee": unit,
            "text": "请说明为何滞后，月底前补上。",
            "due_on": date(2024, 7, 19),
            "by": people.leader,
        }
        return actions.instruct(plan.tasks.get(number=1).pk, **given | {"at": at} | values)

    return run


def test_a_unit_answers_and_the_leader_asks_again_and_closes(instruct, people, at):
    item = instruct()
    with pytest.raises(Refused, match="由将乐县办理"):
        actions.answer(item.pk, text="我来。", by=people.office, at=at)
    with pytest.raises(Refused, match="由将乐县办理"):
        actions.answer(item.pk, text="我来。", by=people.other_filler, at=at)
    with pytest.raises(Refused, match="请写明办理情况"):
        actions.answer(item.pk, text=" ", by=people.signer, at=at)
    assert actions.answer(item.pk, text="已加派人手。", by=people.signer, at=at).state == S.ANSWERED
    with pytest.raises(Refused, match="由分管领导办理"):
        actions.close(item.pk, by=people.office, at=at)
    with pytest.raises(Refused, match="请写明还要办什么"):
        actions.ask_again(item.pk, text="", due_on=at.date(), by=people.leader, at=at)
    again = actions.ask_again(item.pk, text="何时补上？", due_on=date(2024, 7, 26), by=people.leader, at=at)
    assert (again.state, again.due_on) == (S.OPEN, date(2024, 7, 26))
    actions.answer(item.pk, text="25日补上。", by=people.filler, at=at)
    closed = actions.close(item.pk, by=people.leader, at=at)
    assert (closed.state, closed.answer.text) == (S.CLOSED, "25日补上。")
    kinds = [StepKind.ASK, StepKind.ANSWER, StepKind.REWORK, StepKind.ANSWER, StepKind.SETTLE]
    assert list(closed.steps.order_by("pk").values_list("kind", flat=True)) == kinds
    trail = AuditEvent.objects.filter(action=AuditAction.INSTRUCTION).order_by("pk")
    assert [(event.unit, event.note.split("：")[0]) for event in trail] == [
        (people.filler.unit, word) for word in ("提出", "答复", "请再办理", "答复", "办结")
    ]


def test_what_is_put_to_the_office_only_the_office_answers(instruct, people, at):
    item = instruct(addressee=None)
    for person in (people.filler, people.leader, people.admin):
        with pytest.raises(Refused, match="由市医改办办理"):
            actions.answer(item.pk, text="我来。", by=person, at=at)
    assert actions.answer(item.pk, text="已约谈。", by=people.office, at=at).state == S.ANSWERED


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"text": " "}, "请写明批示内容"),
        ({"due_on": date(2024, 7, 14)}, "不能早于今天"),
        ({"addressee": "福建省"}, "责任单位之列"),
        ({"by": "office"}, "分管领导作出"),
        ({"by": "filler"}, "分管领导作出"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(instruct, people, values, sentence):
    if "addressee" in values:
        values = {"addressee": people.leader.unit.parent}
    if "by" in values:
        values = {"by": getattr(people, values["by"])}
    with pytest.raises(Refused, match=sentence):
        instruct(**values)


def test_in_a_settled_year_nobody_is_instructed_and_nothing_is_late(instruct, plan, people, at):
    item, later = instruct(), at + timedelta(days=30)
    plan.closed_at, plan.closed_by = at, people.office
    plan.save()
    with pytest.raises(Refused, match="已经办结"):
        instruct()
    row = (people.filler.unit_id, item.task_id)
    assert [one.is_overdue for one in queries.on_rows(plan, [row], later)[row]] == [False]
    assert queries.on_first_page(people.leader, later) == []


def test_who_sees_what(instruct, people, units):
    own, of_office = instruct(), instruct(addressee=None)
    of_bureau = instruct(addressee=units["市卫健委"])
    seen = {
        part: set(queries.visible_instructions(getattr(people, part)))
        for part in ("filler", "other_filler", "bureau_signer", "office", "leader", "admin", "auditor")
    }
    everything = {own, of_office, of_bureau}
    assert seen.pop("office") == seen.pop("leader") == everything
    assert (seen.pop("filler"), seen.pop("bureau_signer")) == ({own}, {of_bureau})
    assert not any(seen.values())


def test_a_row_shows_what_was_written_on_it_and_nothing_else(
    instruct, plan, people, at, django_assert_num_queries
):
    unit, task = people.filler.unit_id, plan.tasks.get(number=1).pk
    item, of_all = instruct(), instruct(unit=None, addressee=None)
    rows = [
        (unit, task),
        (unit, plan.tasks.get(number=2).pk),
        (people.other_filler.unit_id, task),
        (None, task),
    ]
    with django_assert_num_queries(1):
        assert queries.on_rows(plan, [rows[1]], at) == {}
    with django_assert_num_queries(2):
        found = queries.on_rows(plan, rows, at)
    assert {row: [one.item for one in asks] for row, asks in found.items()} == {
        (unit, task): [item],
        (None, task): [of_all],
    }


def test_the_first_page_shows_answers_then_what_is_late(instruct, people, at):
    late, _, answered = instruct(due_on=at.date()), instruct(due_on=date(2024, 8, 1)), instruct()
    actions.answer(answered.pk, text="已办。", by=people.filler, at=at)
    found = queries.on_first_page(people.leader, at + timedelta(days=1))
    assert [one.item for one in found] == [answered, late]


def test_a_unit_is_told_at_once_once_a_step_beside_the_message_of_the_day(instruct, people, at):
    compose_reminders(at=at)  # the day's message: the period is open
    deliver_messages(at=at)
    first = Message.objects.get(unit=people.filler.unit)
    mail.outbox.clear()
    item = instruct()
    for minute in (1, 2, 3):
        compose_reminders(at=at + timedelta(minutes=minute))
        deliver_messages(at=at + timedelta(minutes=minute))
    [told] = Message.objects.filter(unit=people.filler.unit).exclude(pk=first.pk)
    assert told.is_at_once
    assert "领导批示（任务1. 健全三医协同工作机制）" in told.subject
    assert f"/instructions/{item.pk}" in told.body
    assert "填报" not in told.body.splitlines()[4]
    assert {letter.to[0] for letter in mail.outbox} == {people.filler.email, people.signer.email}
    actions.answer(item.pk, text="已办。", by=people.filler, at=at)
    actions.ask_again(item.pk, text="再补。", due_on=date(2024, 7, 26), by=people.leader, at=at)
    compose_reminders(at=at + timedelta(minutes=9))
    assert Message.objects.filter(unit=people.filler.unit, is_at_once=True).count() == 2


def test_what_was_answered_before_the_letter_left_is_not_sent(instruct, people, at):
    item = instruct()
    compose_reminders(at=at)
    actions.answer(item.pk, text="已办。", by=people.filler, at=at)
    mail.outbox.clear()
    deliver_messages(at=at + timedelta(minutes=1))
    letters = Delivery.objects.filter(message__is_at_once=True).exclude(channel=Channel.IN_APP)
    assert {letter.state for letter in letters} == {DeliveryState.CANCELLED}
    assert not any("批示" in letter.subject for letter in mail.outbox)


def test_what_was_told_at_once_does_not_hold_the_days_letter_back(instruct, people, at):
    instruct()
    compose_reminders(at=at)
    rows = Reminder.objects.filter(message__unit=people.filler.unit).values_list(
        "kind", "message__is_at_once"
    )
    assert set(rows) == {("instruction", True), ("filing", False)}
    deliver_messages(at=at + timedelta(minutes=1))
    # One letter tells both, and is called by what was told at once.
    [letter] = [one for one in mail.outbox if one.to == [people.filler.email]]
    assert "领导批示" in letter.subject
    assert "上半年填报" in letter.body
    instruct(text="另一件。")
    compose_reminders(at=july(16, 9))
    deliver_messages(at=july(16, 9))
    assert "另一件" not in mail.outbox[-1].body  # words stay in the program
    [second] = [one for one in mail.outbox if one.to == [people.filler.email]][1:]
    assert "领导批示" in second.subject


def test_the_office_is_told_at_once_of_what_it_is_to_do(instruct, people, at):
    item = instruct(addressee=None)
    compose_reminders(at=at)
    [told] = Message.objects.filter(unit=people.office.unit)
    assert told.is_at_once
    assert told.subject == "【待办】1件批示待办理"
    assert f"/instructions/{item.pk}" in told.body
    assert {one.user for one in told.deliveries.all()} == {people.office}
