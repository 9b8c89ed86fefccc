"""核实: the lead bureau reads exactly what it is asked about and says whether it holds; a verdict ends it."""

from datetime import date, timedelta

import pytest

from tasks_app.choices import AuditAction, MatterState, StepKind
from tasks_app.domain.access.queries import visible_reports
from tasks_app.domain.matters.wording import words_of
from tasks_app.domain.moves import Refused
from tasks_app.domain.reporting.actions import request_signature, submit_report
from tasks_app.domain.review.actions import return_report, write_note
from tasks_app.domain.verification import actions, queries
from tasks_app.models import AuditEvent, Matter
from tests.cast import fill_in

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}
S = MatterState


def file(report, at, filler, signer=None):
    fill_in(report, filler, at, words=WORDS)
    if signer is not None:
        request_signature(report.pk, by=filler, at=at)
    submit_report(report.pk, by=signer or filler, at=at)


@pytest.fixture
def filed(reports, people, at):
    """三元区, 将乐县 and 市卫健委 filed; 市卫健委 leads in tasks 1 and 2."""
    file(reports["三元区"], at, people.other_filler)
    file(reports["将乐县"], at, people.filler, people.signer)
    file(reports["市卫健委"], at, people.bureau_filler, people.bureau_signer)
    return reports


@pytest.fixture
def ask(filed, plan, people, units, at):
    """`ask()` asks 市卫健委 about task 1 of 三元区."""

    def run(report="三元区", task=1, **values):
        given = {
            "addressee": units["市卫健委"],
            "text": "请核实。",
            "due_on": date(2024, 7, 19),
            "by": people.office,
        }
        return actions.ask(filed[report].pk, plan.tasks.get(number=task).pk, **given | {"at": at} | values)

    return run


@pytest.fixture
def ask_all(filed, plan, period, people, units, at):
    def run(task=1, **values):
        given = {
            "addressee": units["市卫健委"],
            "text": "请核实。",
            "due_on": date(2024, 7, 19),
            "by": people.office,
        }
        return actions.ask_all(plan.tasks.get(number=task).pk, period.pk, **given | {"at": at} | values)

    return run


def answer(item, people, at, holds=True, text="", submission=1):
    given = {"holds": holds, "text": text, "submission": submission}
    return actions.answer(item.pk, **given, by=people.bureau_filler, at=at)


def test_the_bureau_answers_and_the_verdict_ends_it(ask, filed, plan, people, at):
    item = ask()
    assert (item.unit, item.addressee) == (people.other_filler.unit, people.bureau_filler.unit)
    with pytest.raises(Refused, match="不符的请写明"):
        answer(item, people, at, holds=False, text=" ")
    answer(item, people, at, holds=False, text="专班名单未见印发。")
    item.refresh_from_db()
    assert (item.state, item.answer.data) == (S.ANSWERED, {"holds": False, "submission": 1})
    assert words_of(item.answer) == "不符：专班名单未见印发。"
    with pytest.raises(Refused, match="已答复"):
        answer(item, people, at)
    verdict = {"submission": 1, "rating": "behind"}
    write_note(filed["三元区"].pk, item.task_id, **verdict, by=people.office, at=at)
    item.refresh_from_db()
    assert (item.state, item.ending.kind, item.ending.by) == (S.CLOSED, StepKind.SETTLE, people.office)
    events = AuditEvent.objects.filter(action=AuditAction.VERIFICATION).order_by("pk")
    assert [(one.unit, one.note) for one in events] == [
        (people.other_filler.unit, note) for note in ("提出", "答复：不符：专班名单未见印发。", "办结")
    ]


def test_a_verdict_on_another_entry_or_a_word_alone_ends_nothing(ask, filed, plan, people, at):
    item = ask()
    given = {"submission": 1, "by": people.office, "at": at}
    write_note(filed["三元区"].pk, plan.tasks.get(number=2).pk, rating="behind", **given)
    write_note(filed["将乐县"].pk, item.task_id, rating="behind", **given)
    write_note(filed["三元区"].pk, item.task_id, text="请补充。", **given)
    item.refresh_from_db()
    assert item.state == S.OPEN


def test_only_who_is_asked_answers(ask, people, at):
    item = ask()
    for person in (people.office, people.leader, people.filler, people.other_filler, people.admin):
        with pytest.raises(Refused, match="由市卫健委办理"):
            actions.answer(item.pk, holds=True, text="", submission=1, by=person, at=at)


def test_the_bureau_sees_what_was_submitted_of_that_task_and_no_draft(ask, filed, plan, people, at):
    item = ask()
    seen = queries.shown_of(item)
    assert (seen.submission.number, seen.content.task, seen.content.progress) == (
        1,
        item.task_id,
        "专班已组建。",
    )
    report = filed["三元区"]
    return_report(report.pk, submission=1, reasons={None: "请改"}, by=people.office, at=at)
    fill_in(report, people.other_filler, at, words=WORDS, progress="草稿：尚未组建。")
    assert queries.shown_of(item).content.progress == "专班已组建。"
    submit_report(report.pk, by=people.other_filler, at=at)
    assert queries.shown_of(item).content.progress == "草稿：尚未组建。"
    with pytest.raises(Refused, match="已重新报送"):
        answer(item, people, at)  # what it read is not what stands there now
    answer(item, people, at, submission=2)


def test_the_bureau_reaches_nothing_else_of_the_stranger(ask, filed, people):
    """The report stays closed to it; so do other entries, what others were asked, and what is over."""
    item, other = ask(), ask(report="将乐县")
    bureau = people.bureau_filler
    assert not visible_reports(bureau).filter(pk__in=[filed["三元区"].pk, filed["将乐县"].pk]).exists()
    assert set(queries.visible_verifications(bureau)) == {item, other}
    for stranger in (people.other_filler, people.filler, people.admin, people.auditor):
        assert not queries.visible_verifications(stranger).exists()
    actions.close(item.pk, by=people.office, at=item.asked_at)
    item = queries.visible_verifications(bureau).get(pk=item.pk)
    assert queries.shown_of(item) is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"addressee": "市医保局"}, "只能请这项任务的牵头单位"),
        ({"addressee": "三元区"}, "只能请这项任务的牵头单位"),
        ({"report": "市卫健委"}, "不能请填报单位核实自己"),
        ({"text": " "}, "请写明请核实什么"),
        ({"due_on": date(2024, 7, 14)}, "不能早于今天"),
        ({"by": "leader"}, "由市医改办办理"),
        ({"by": "bureau_filler"}, "由市医改办办理"),
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


def test_the_same_is_not_asked_twice_at_a_time(ask, people, at):
    item = ask()
    with pytest.raises(Refused, match="正在请牵头单位核实"):
        ask()
    answer(item, people, at)
    assert ask().state == S.OPEN


def test_a_task_of_all_units_is_one_matter_with_a_part_for_each_that_filed(ask, ask_all, people, at):
    alone = ask(report="将乐县")
    whole = ask_all()
    [part] = queries.parts_of(whole, at)
    assert (part.item.unit, part.item.entry.task_id) == (people.other_filler.unit, whole.task_id)
    assert [(one.pk, one.parts, one.done) for one in queries.in_order(Matter.objects.verifications())] == [
        (alone.pk, 0, 0),
        (whole.pk, 1, 0),
    ]
    with pytest.raises(Refused, match="请逐项核实"):
        answer(whole, people, at)
    with pytest.raises(Refused, match="没有可以核实的内容"):
        ask_all()
    with pytest.raises(Refused, match="只能请这项任务的牵头单位"):
        ask_all(task=3)


def test_the_last_part_answers_for_the_whole_and_the_last_verdict_ends_it(ask_all, filed, people, at):
    whole = ask_all()
    first, second = [one.item for one in queries.parts_of(whole, at)]
    assert queries.next_part(first) == first
    answer(first, people, at)
    whole.refresh_from_db()
    assert (whole.state, queries.next_part(first)) == (S.OPEN, second)
    answer(second, people, at, holds=False, text="名单不全。")
    whole.refresh_from_db()
    assert (whole.state, whole.answer.text) == (S.ANSWERED, "逐项核实完毕：属实1项，不符1项。")
    for part in (first, second):
        given = {"submission": 1, "rating": "behind", "by": people.office, "at": at}
        write_note(part.entry.report_id, whole.task_id, **given)
    whole.refresh_from_db()
    assert whole.state == S.CLOSED


def test_the_office_may_take_back_a_part_or_all(ask_all, people, at):
    whole = ask_all()
    first, second = [one.item for one in queries.parts_of(whole, at)]
    with pytest.raises(Refused, match="由市医改办办理"):
        actions.close(first.pk, by=people.bureau_filler, at=at)
    answer(first, people, at)
    actions.close(second.pk, by=people.office, at=at)
    whole.refresh_from_db()
    assert whole.state == S.CLOSED  # nothing of it waits for the bureau
    first.refresh_from_db()
    assert first.state == S.ANSWERED  # the office has to decide
    again = ask_all(at=at + timedelta(days=1))  # what was answered is not asked again before it is decided on
    assert [part.unit for part in again.children.all()] == [second.unit]
    actions.close(again.pk, by=people.office, at=at)
    assert not Matter.objects.unsettled().filter(parent=again).exists()
