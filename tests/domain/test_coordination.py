"""Matters to be coordinated: asking, mending, one answer for ever, ages, and who sees what."""

from datetime import date, timedelta

import pytest

from tasks_app.choices import AuditAction, CandidateKind, Cause, MatterState, StepKind
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.escalation.facts import facts_of
from tasks_app.domain.escalation.rules import Occasion
from tasks_app.domain.matters import actions, queries
from tasks_app.domain.matters.summary import summary_of
from tasks_app.domain.matters.wording import words_of
from tasks_app.domain.moves import Refused
from tasks_app.models import AuditEvent, Matter, Step
from tests.interview_steps import Desk

S = MatterState


@pytest.fixture
def ask(signed_report, people, at):
    """`ask()` asks the office as 将乐县; `ask(addressee=…)` another unit."""

    def run(**values):
        given = {
            "text": "请协调数据接口。",
            "addressee": None,
            "due_on": date(2024, 7, 19),
            "by": people.filler,
        }
        return actions.ask(signed_report.pk, signed_report.entries.first().pk, **given | {"at": at} | values)

    return run


def look(item, at):
    return queries.asked([Matter.objects.get(pk=item.pk)], at)[0]


def test_a_unit_asks_the_office_which_answers_and_closes(ask, people, at):
    item = ask()
    assert (look(item, at).item.state, look(item, at).days) == (S.OPEN, 0)
    later = at + timedelta(days=4)  # Friday
    assert (look(item, later).days, look(item, later).is_overdue) == (4, False)
    after = at + timedelta(days=7)  # Monday: the wanted day has passed
    assert (look(item, after).days, look(item, after).is_overdue) == (5, True)
    actions.answer(item.pk, text="已请数据局开通。", by=people.office, at=after)
    seen = look(item, at + timedelta(days=30))
    assert (seen.item.state, seen.days, seen.is_overdue) == (S.ANSWERED, 5, False)
    assert queries.asked_on(item.entry.report, after, working_calendar())[item.entry.task_id] == [
        look(item, after)
    ]
    actions.close(item.pk, by=people.filler, at=after)
    actions.close(item.pk, by=people.office, at=after)  # twice is as good as once
    assert look(item, after).item.state == S.CLOSED
    trail = AuditEvent.objects.filter(action=AuditAction.COORDINATION).order_by("pk")
    assert [event.note.split("：")[0] for event in trail] == ["提出", "答复", "办结"]
    assert trail[1].changes == {"answer": ["", "已请数据局开通。"]}


def test_what_was_asked_can_be_mended_until_the_answer_and_never_after(ask, units, people, at):
    item = ask()
    same = {"text": "请协调数据接口。", "addressee": None, "due_on": date(2024, 7, 19)}
    actions.change(item.pk, **same, by=people.filler, at=at)
    assert AuditEvent.objects.filter(note="修改").count() == 0
    changed = {**same, "text": "请协调接口和账号。", "addressee": units["市医保局"]}
    actions.change(item.pk, **changed, by=people.signer, at=at)
    assert AuditEvent.objects.get(note="修改").changes["addressee"] == ["市医改办", "市医保局"]
    # The day that was asked for may have passed meanwhile: it is not asked for anew.
    actions.change(item.pk, **changed | {"text": "补充"}, by=people.filler, at=at + timedelta(days=10))
    actions.answer(item.pk, text="可以。", by=people.office, at=at)
    with pytest.raises(Refused, match="已经答复，不能再修改"):
        actions.change(item.pk, **same, by=people.filler, at=at)
    with pytest.raises(Refused, match="已经答复，不能再答复"):
        actions.answer(item.pk, text="改口。", by=people.office, at=at)
    assert Matter.objects.get().answer.text == "可以。"


def test_a_closed_matter_takes_no_answer(ask, people, at):
    item = ask()
    actions.close(item.pk, by=people.filler, at=at)
    with pytest.raises(Refused, match="已经办结"):
        actions.answer(item.pk, text="可以。", by=people.office, at=at)


def test_only_the_addressed_unit_and_the_office_answer(ask, units, people, at):
    item = ask(addressee=units["市卫健委"])
    for person in (people.filler, people.other_filler, people.leader, people.admin):
        with pytest.raises(Refused, match="由市卫健委或市医改办办理"):
            actions.answer(item.pk, text="我来。", by=person, at=at)
    actions.answer(item.pk, text="已安排。", by=people.bureau_filler, at=at)
    with pytest.raises(Refused, match="由将乐县或市医改办办理"):
        actions.close(item.pk, by=people.bureau_filler, at=at)


def test_who_sees_what(ask, units, people):
    to_office, to_bureau = ask(), ask(addressee=units["市卫健委"])
    seen = {
        part: set(queries.visible_requests(getattr(people, part)))
        for part in (
            "filler",
            "signer",
            "other_filler",
            "bureau_filler",
            "office",
            "leader",
            "admin",
            "auditor",
        )
    }
    both = {to_office, to_bureau}
    assert seen["filler"] == seen["signer"] == seen["office"] == seen["leader"] == both
    assert seen["bureau_filler"] == {to_bureau}
    assert not any(seen[part] for part in ("other_filler", "admin", "auditor"))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"text": " "}, "请写明"),
        ({"due_on": date(2024, 7, 14)}, "不能早于今天"),
        ({"addressee": "将乐县"}, "本单位自己"),
        ({"addressee": "三明市"}, "责任单位之列"),
        ({"by": "other_filler"}, "本单位的人员"),
        ({"by": "office"}, "本单位的人员"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(ask, units, people, values, sentence):
    if "addressee" in values:
        values = {"addressee": units[values["addressee"]]}
    if "by" in values:
        values = {"by": getattr(people, values["by"])}
    with pytest.raises(Refused, match=sentence):
        ask(**values)
    assert not Matter.objects.exists()


def test_the_list_begins_with_what_waits_longest(ask, units, people, at):
    done, new, old = ask(), ask(at=at + timedelta(hours=1)), ask(at=at - timedelta(days=1))
    closed = ask()
    actions.answer(done.pk, text="可以。", by=people.office, at=at)
    actions.close(closed.pk, by=people.filler, at=at)
    found = queries.visible_requests(people.office)
    assert list(queries.open_first(found)) == [old, new, done, closed]
    to_bureau = ask(addressee=units["市卫健委"])
    assert set(queries.narrowed(found, state=S.OPEN, addressee=queries.OFFICE)) == {old, new}
    assert list(queries.narrowed(found, addressee=str(units["市卫健委"].pk))) == [to_bureau]
    assert list(queries.narrowed(found, state=S.ANSWERED)) == [done]
    assert list(queries.narrowed(found, state=S.CLOSED, unit=people.filler.unit)) == [closed]
    assert not queries.narrowed(found, unit=people.other_filler.unit).exists()


def test_what_is_open_of_a_unit_goes_to_its_successor(ask, units, people, plan, at):
    """Asked by it and of it, its 督查单 and 约谈 with their lists; what is over stays whose it was."""
    county, successor = people.filler.unit, people.other_filler.unit
    own, over, of_it = ask(), ask(), ask(addressee=units["市卫健委"])
    actions.close(over.pk, by=people.office, at=at)
    Matter.objects.filter(pk=of_it.pk).update(asker=units["市卫健委"], addressee=county)
    desk = Desk(people, plan, at)
    desk.bring_to("correcting")
    moved = actions.hand_over(county, successor, by=people.admin, at=at)
    assert moved == 5  # the request, the one asked of it, the 约谈 with two items
    assert [Matter.objects.get(pk=each.pk).asker for each in (own, over)] == [successor, county]
    assert Matter.objects.get(pk=of_it.pk).addressee == successor
    assert {item.addressee for item in Matter.objects.corrections()} == {successor}
    desk.answer(Matter.objects.corrections().first(), by=people.other_filler)
    handed = Step.objects.filter(kind=StepKind.HAND_OVER)
    assert {step.text for step in handed} == {"将乐县 → 三元区"}
    assert handed.count() == 3
    assert actions.hand_over(county, successor, by=people.admin, at=at) == 0


@pytest.fixture
def refer(ask, units, people, at):
    """`refer()` hands what 将乐县 asked of the office on to 市卫健委; the request first, then what was handed on."""

    def run(**values):
        item = ask()
        given = {
            "addressee": units["市卫健委"],
            "text": "请会同办理。",
            "due_on": date(2024, 7, 18),
            "by": people.office,
        }
        return item, actions.refer(item.pk, **given | {"at": at} | values)

    return run


def test_what_was_handed_on_is_answered_to_both(refer, people, at):
    item, referral = refer()
    assert (referral.parent, referral.unit, referral.task) == (item, item.unit, item.task)
    for person in (people.filler, people.office, people.other_filler):
        with pytest.raises(Refused, match="由市卫健委办理"):
            actions.answer_referral(referral.pk, text="我来。", by=person, at=at)
    actions.answer_referral(referral.pk, text="已开通接口。", by=people.bureau_filler, at=at)
    item.refresh_from_db()
    referral.refresh_from_db()
    assert (item.state, item.answer.text, item.answer.by) == (
        S.ANSWERED,
        "已开通接口。",
        people.bureau_filler,
    )
    assert (referral.state, referral.answer.text) == (S.CLOSED, "已开通接口。")
    said = [words_of(step) for step in item.steps.order_by("pk")]
    assert said == ["", "转市卫健委办理：请会同办理。", "已开通接口。"]


@pytest.mark.parametrize("how", ["answer", "close"])
def test_what_was_handed_on_ends_with_the_request(refer, people, at, how):
    item, referral = refer()
    if how == "answer":
        actions.answer(item.pk, text="已办。", by=people.office, at=at)
    else:
        actions.close(item.pk, by=people.filler, at=at)
    referral.refresh_from_db()
    assert (referral.state, referral.answer) == (S.CLOSED, None)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"addressee": "将乐县"}, "提出单位和原答复单位以外"),
        ({"addressee": "三明市"}, "提出单位和原答复单位以外"),
        ({"addressee": "福建省"}, "责任单位之列"),
        ({"due_on": date(2024, 7, 14)}, "不能早于今天"),
        ({"by": "filler"}, "由市医改办办理"),
        ({"by": "bureau_filler"}, "由市医改办办理"),
    ],
)
def test_what_cannot_be_handed_on_is_refused_in_words(refer, units, people, values, sentence):
    if "addressee" in values:
        named = units | {"福建省": people.leader.unit.parent}
        values = {"addressee": named[values["addressee"]]}
    if "by" in values:
        values = {"by": getattr(people, values["by"])}
    with pytest.raises(Refused, match=sentence):
        refer(**values)


def test_it_is_handed_on_to_one_at_a_time(refer, units, people, at):
    item, referral = refer()
    again = {
        "addressee": units["市医保局"],
        "text": "",
        "due_on": date(2024, 7, 18),
        "by": people.office,
        "at": at,
    }
    with pytest.raises(Refused, match="已经转办"):
        actions.refer(item.pk, **again)
    actions.take_back(referral.pk, by=people.office, at=at)
    assert actions.refer(item.pk, **again).text == "请协助办理并答复。"


def test_the_bureau_sees_what_was_handed_on_and_the_office_lists_the_request_once(refer, people):
    item, referral = refer()
    assert set(queries.listed_requests(people.bureau_filler)) == {referral}
    assert (
        list(queries.listed_requests(people.office)) == list(queries.listed_requests(people.filler)) == [item]
    )
    assert set(queries.visible_requests(people.office)) == {item, referral}


def test_a_unit_asks_on_a_task_at_any_time_apart_from_a_report(plan, people, units, at):
    """No period was ever opened; who asked mends and closes it, the office answers."""
    task = plan.tasks.get(number=1)
    given = {"text": "请明确编制。", "addressee": None, "due_on": None, "cause": Cause.STAFF, "at": at}
    item = actions.ask_on_task(task=task, **given, by=people.filler)
    assert (item.entry, item.task, item.unit, item.asker) == (
        None,
        task,
        people.filler.unit,
        people.filler.unit,
    )
    changed = given | {"text": "请明确编制和经费。", "addressee": units["市财政局"]}
    actions.change(item.pk, **changed, by=people.signer)
    with pytest.raises(Refused, match="由将乐县办理"):
        actions.change(item.pk, **changed, by=people.other_filler)
    actions.answer(item.pk, text="已列入。", by=people.office, at=at)
    assert actions.close(item.pk, by=people.signer, at=at).state == S.CLOSED
    for person in (people.office, people.leader):
        with pytest.raises(Refused, match="承担这项任务"):
            actions.ask_on_task(task=task, **given, by=person)
    with pytest.raises(Refused, match="承担这项任务"):
        actions.ask_on_task(task=plan.tasks.get(number=3), **given, by=people.filler)


def test_what_was_asked_apart_stands_beside_the_entry(signed_report, plan, people, at):
    task = plan.tasks.get(number=1)
    given = {"text": "请明确编制。", "addressee": None, "due_on": None, "by": people.filler, "at": at}
    item = actions.ask_on_task(task=task, **given)
    found = queries.asked_on(signed_report, at, working_calendar())
    assert {number: [one.item for one in asks] for number, asks in found.items()} == {task.pk: [item]}


def test_in_a_settled_year_nothing_is_asked_and_nothing_is_late(ask, plan, people, at):
    item, later = ask(), at + timedelta(days=30)
    assert (look(item, later).is_overdue, look(item, later).waits_long) == (True, True)
    plan.closed_at, plan.closed_by = at, people.office
    plan.save()
    assert (look(item, later).is_overdue, look(item, later).waits_long) == (False, False)
    assert list(queries.narrowed(queries.listed_requests(people.office))) == [item]
    assert not queries.narrowed(queries.listed_requests(people.office), state=S.OPEN).exists()
    given = {"text": "请明确编制。", "addressee": None, "due_on": None, "by": people.filler, "at": at}
    with pytest.raises(Refused, match="已经办结"):
        actions.ask_on_task(task=plan.tasks.get(number=1), **given)


@pytest.mark.parametrize("days", [5, 6, 7, 8, 9, 10])
def test_what_waits_long_is_the_same_in_the_list_and_on_its_row(ask, at, days):
    """Asked on a Monday: five working days are over on the next, and on weekends nothing grows."""
    item, later = ask(), at + timedelta(days=days)
    found = queries.waiting_long(Matter.objects.all(), later.date(), working_calendar())
    assert found.exists() == look(item, later).waits_long == (days >= 8)


def test_requests_are_summed_up_by_cause(ask, plan, units, people, at):
    staff = {"cause": Cause.STAFF}
    quick, slow, _ = ask(**staff), ask(**staff), ask(addressee=units["市卫健委"], cause=Cause.FUNDS)
    fallen_away = ask()
    later = at + timedelta(days=14)
    actions.answer(quick.pk, text="可以。", by=people.office, at=at + timedelta(days=1))
    actions.answer(slow.pk, text="可以。", by=people.office, at=at + timedelta(days=4))
    actions.close(fallen_away.pk, by=people.filler, at=at)
    ask()
    found = summary_of(queries.listed_requests(people.office), later)
    whole = found.whole
    assert (whole.number, whole.answered, whole.percent, whole.awaiting, whole.long) == (5, 2, 40, 2, 2)
    assert (whole.median_days, found.office.awaiting, found.office.long) == (2.5, 1, 1)
    assert [(one.label, one.number, one.awaiting, one.median_days) for one in found.causes] == [
        ("编制人员", 2, 0, 2.5),
        ("资金", 1, 1, None),
        ("未写明", 2, 1, None),
    ]


def test_what_was_asked_apart_is_a_ground_of_the_suggestion_about_its_row(
    ask, signed_report, plan, people, at
):
    entry, unit = signed_report.entries.get(task__number=1), people.filler.unit
    given = {"text": "请安排经费。", "addressee": None, "due_on": None, "by": people.filler, "at": at}
    items = [ask(), actions.ask_on_task(task=entry.task, **given)]
    actions.ask_on_task(task=plan.tasks.get(number=2), **given)
    about = {"report": signed_report, "entry": entry, "limit": None, "days": 0}
    occasion = Occasion(thing="task", kind=CandidateKind.TASK, unit=unit, plan=plan, **about)
    assert facts_of([occasion], {}).asked == {entry.pk: items}
