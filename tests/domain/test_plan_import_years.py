"""A new year's table beside the last: what continues, what changed, what is new, what is gone."""

from datetime import timedelta

import pytest

from tasks_app.domain.plan_import.queries import stored_content, years_compared
from tasks_app.domain.plan_import.rules.content import PlanContent
from tasks_app.domain.reporting.actions import open_due_periods, save_entry
from tasks_app.domain.reporting.queries import previous_entries
from tasks_app.models import Plan, ProgressEntry, Report
from tests.workbooks import row, table

LAST = table(
    row(1, title="1. 健全三医协同发展和治理机制。"),
    row(2, title="2. 推进县域医共体建设。"),
    row(3, title="3. 开展药品集中带量采购。"),
    title="2024年重点任务分解表",
)
THIS = table(
    row(1, title="1. 推进紧密型县域医共体建设。"),
    row(2, title="2. 健全三医协同发展和治理机制。"),
    row(3, title="3. 建立生育支持政策体系。"),
    title="2025年重点任务分解表",
)


def test_two_years_are_compared_by_their_words(bring_in, upload, city):
    bring_in(LAST)
    content = PlanContent.from_json(upload(THIS).content)
    compared = years_compared(content, city)
    assert {n: t.number for n, t in compared.continued.items()} == {2: 1}
    assert {n: t.number for n, t in compared.changed.items()} == {1: 2}
    assert [t.number for t in compared.new] == [3]
    assert [t.number for t in compared.gone] == [3]


def test_each_task_knows_the_one_it_continues(bring_in):
    bring_in(LAST)
    plan = bring_in(THIS)
    links = {t.number: t.predecessor and t.predecessor.number for t in plan.tasks.all()}
    assert links == {1: 2, 2: 1, 3: None}
    assert Plan.objects.count() == 2
    assert stored_content(plan).year == 2025


def test_a_unit_sees_what_it_wrote_last_year_beside_this_years_task(bring_in, people, at):
    bring_in(LAST)
    open_due_periods(at=at)
    filler = people.bureau_filler
    entry = ProgressEntry.objects.get(report__unit=filler.unit, task__number=2)
    values = {"progress": "四个医共体已组建", "forecast": "", "status": "", "remarks": ""}
    save_entry(entry.report_id, entry.pk, values=values, version=0, by=filler, at=at)
    bring_in(THIS)
    open_due_periods(at=at + timedelta(days=365))
    report = Report.objects.get(unit=filler.unit, period__plan__year=2025)
    previous = previous_entries(report)
    assert {e.progress for e in previous.values()} == {"四个医共体已组建"}
    assert list(previous) == [report.entries.get(task__number=1).task_id]


def test_without_a_table_of_the_year_before_there_is_nothing_to_compare(upload, city):
    assert years_compared(PlanContent.from_json(upload(THIS).content), city) is None


@pytest.mark.parametrize(
    ("change", "is_changed"),
    [
        ({"measures": "① 甲。\n② 丙。"}, True),
        ({"units": "市医保局"}, True),
        ({"units": "市卫健委、市医保局"}, True),
        ({"measures": "①甲。\n②  乙。"}, False),
        ({}, False),
    ],
)
def test_the_same_title_over_other_measures_or_units_is_changed(change, is_changed, bring_in, upload, city):
    title = "1. 健全三医协同发展和治理机制。"
    bring_in(table(row(1, title=title), title="2024年重点任务分解表"))
    this = table(row(1, title=title, **change), title="2025年重点任务分解表")
    compared = years_compared(PlanContent.from_json(upload(this).content), city)
    assert (list(compared.changed), list(compared.continued)) == (([1], []) if is_changed else ([], [1]))
