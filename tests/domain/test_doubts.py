"""待核: what contradicts itself is marked everywhere until the office settles it, then as of then."""

from datetime import timedelta

import pytest

from tasks_app.choices import MeasureState, ProgressStatus, Voice
from tasks_app.domain.lagging.listing import Narrowing
from tasks_app.domain.lagging.queries import items, tasks_of
from tasks_app.domain.lagging.rules import figures
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.reporting.entry_values import TickGiven
from tasks_app.domain.reporting.questions import contradicts
from tasks_app.domain.review import actions
from tasks_app.domain.review.reading import reading
from tasks_app.domain.standing.queries import standings
from tasks_app.models import Report

HOUR = timedelta(hours=1)
DONE = {"progress": "全部完成。", "status": ProgressStatus.DONE}


@pytest.fixture
def doubtful(report, people, at) -> Report:
    """三元区 calls task 1 finished though a measure is under way, and says nothing of why; its task 2 is in order."""
    write(report, people, at, ticked=MeasureState.UNDER_WAY)
    reporting.submit_report(report.pk, by=people.other_filler, at=at)
    return Report.objects.select_related("unit", "period__plan").get(pk=report.pk)


def write(report, people, at, *, ticked):
    for entry in report.entries.select_related("task").order_by("task__number"):
        measure = entry.task.measures.first()
        ticks = {measure.pk: TickGiven(ticked if entry.task.number == 1 else MeasureState.DONE)}
        reporting.save_entry(
            report.pk,
            entry.pk,
            values=DONE,
            ticks=ticks,
            version=entry.version,
            by=people.other_filler,
            at=at,
        )


def doubted(report, at, **given) -> list[int]:
    """Return the numbers of the tasks of `report` that are in doubt at `at`."""
    units = standings(report.period, at=at, **given)
    assert figures(units).doubts == sum(unit.doubts for unit in units)
    every = ("", "sent_back", *ProgressStatus.values)
    return [item.task.number for item in items(units, tasks_of(units), Narrowing(every, in_doubt=True))]


def test_a_contradiction_is_marked_and_the_units_word_still_counts(doubtful, at):
    assert doubted(doubtful, at) == [1]
    [unit] = [each for each in standings(doubtful.period, at=at) if each.report == doubtful]
    stands = unit.tasks[doubtful.entries.get(task__number=1).task_id]
    assert (stands.status, stands.voice) == (ProgressStatus.DONE, Voice.UNIT)


def test_the_reviewer_sees_the_question_that_nobody_answered(doubtful):
    first, second = reading(doubtful).entries
    [(key, sentence, answer)] = first.questions
    assert (key, answer) == ("status", None)
    assert sentence == "状态选了“已完成”，但措施①还没有完成，请核对或说明。"
    assert (first.is_in_doubt, second.is_in_doubt) == (True, False)
    assert second.questions == []


def test_a_verdict_settles_it_and_a_new_submission_asks_again(doubtful, people, at):
    task = doubtful.entries.get(task__number=1).task_id
    actions.write_note(doubtful.pk, task, submission=1, rating="on_track", by=people.office, at=at + HOUR)
    assert doubted(doubtful, at + HOUR) == []
    assert reading(doubtful).doubts == 0
    actions.return_report(
        doubtful.pk, submission=1, reasons={task: "请核对"}, by=people.office, at=at + 2 * HOUR
    )
    assert doubted(doubtful, at + 2 * HOUR) == []  # it is back: nobody's word counts
    reporting.submit_report(doubtful.pk, by=people.other_filler, at=at + 3 * HOUR)
    assert doubted(doubtful, at + 3 * HOUR) == [1]


def test_what_is_mended_is_in_doubt_no_more_and_then_was_then(doubtful, people, at):
    actions.return_report(doubtful.pk, submission=1, reasons={None: "请核对"}, by=people.office, at=at + HOUR)
    write(doubtful, people, at + HOUR, ticked=MeasureState.DONE)
    reporting.submit_report(doubtful.pk, by=people.other_filler, at=at + 2 * HOUR)
    assert doubted(doubtful, at + 3 * HOUR) == []
    assert doubted(doubtful, at, past=True) == [1]
    assert doubted(doubtful, at + 2 * HOUR, past=True) == []


def test_typing_settles_nothing(doubtful, people, at):
    actions.return_report(doubtful.pk, submission=1, reasons={None: "请核对"}, by=people.office, at=at + HOUR)
    entry = doubtful.entries.get(task__number=1)
    write(doubtful, people, at + HOUR, ticked=MeasureState.DONE)
    entry.refresh_from_db()
    assert entry.in_doubt


def test_a_text_like_the_last_one_contradicts_nothing():
    assert not contradicts(["unchanged"])
    assert contradicts(["unchanged", "falls-7"])
