"""What the exported tables say: whose words, what of a draft, who has not filed; and the audit trail."""

from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tasks_app.choices import AuditAction, Role
from tasks_app.domain.exports import actions as exports
from tasks_app.domain.exports.queries import period_annex, report_annex
from tasks_app.domain.moves import Refused
from tasks_app.domain.on_behalf import actions as on_behalf
from tasks_app.domain.reporting import actions
from tasks_app.domain.review.actions import return_report
from tasks_app.models import AuditEvent, Report, User
from tests.cast import fill_in

DAY = timedelta(days=1)
WORDS = {
    "progress": "专班已组建。",
    "forecast": "年底完成。",
    "status": "behind",
    "cause": "funds",
    "outlook": "hard",
    "remarks": "缺编制。",
}
write = partial(fill_in, words=WORDS)


@pytest.fixture
def report(period, people, at) -> Report:
    """三元区's report, filled in but not submitted."""
    actions.open_due_periods(at=at)
    report = Report.objects.get(unit=people.other_filler.unit)
    write(report, by=people.other_filler, at=at)
    report.refresh_from_db()
    return report


def submit(report: Report, *, by, at) -> None:
    actions.submit_report(report.pk, by=by, at=at)
    report.refresh_from_db()


def test_the_form_holds_the_tasks_measures_and_words_in_the_annex_columns(report, people, at):
    submit(report, by=people.other_filler, at=at)
    annex = report_annex(report, own=False)
    assert annex.title == "三明市2024年深化医改重点任务分解表"
    assert annex.header == (
        "填报单位：三元区　　填报时间：2024年7月15日　　填表人：郑小红　　联系电话：0598-8220000"
    )
    first, second = annex.blocks
    assert (first.section, first.task) == ("一、加强组织领导", "1. 健全三医协同工作机制")
    assert first.measures == "①完善工作专班。\n②每季度会商。"
    assert second.measures == "组建健康管护组织。"
    assert first.units == "市卫健委、市医保局、三元区、将乐县"
    assert (
        first.items[0].progress == "【未达序时】专班已组建。\n滞后原因：资金\n预计至期末：有困难，年底完成。"
    )
    assert first.items[0].remarks == "缺编制。"


def test_a_draft_says_that_it_is_one(report, people, at):
    assert "（草稿，未报送）" in report_annex(report, own=True).header
    assert "（草稿）" in exports.export_report(report, own=True, by=people.other_filler, at=at).name


def test_a_late_form_says_so(report, people, at):
    submit(report, by=people.other_filler, at=at + timedelta(days=12))
    assert "（补报）" in report_annex(report, own=False).header


def test_after_a_return_the_office_gets_what_was_submitted_and_the_unit_its_draft(report, people, at):
    submit(report, by=people.other_filler, at=at)
    return_report(report.pk, submission=1, reasons={None: "请补数据"}, by=people.office, at=at)
    write(report, by=people.other_filler, at=at, progress="悄悄改了。")
    report.refresh_from_db()
    seen = report_annex(report, own=False)
    assert seen.blocks[0].items[0].progress.startswith("【未达序时】专班已组建。")
    assert "已退回" in seen.header
    assert "悄悄改了。" in report_annex(report, own=True).blocks[0].items[0].progress


def test_the_merged_table_heads_each_text_with_its_unit_and_names_who_has_not_filed(
    report, period, people, at
):
    late = at + timedelta(days=12)
    draft = Report.objects.get(unit=people.filler.unit)
    write(draft, by=people.filler, at=at, progress="还没报的话。")
    submit(report, by=people.other_filler, at=late)
    annex = period_annex(period, at=late)
    assert "应报 5 个　　按期 0 个　　补报 1 个　　未报 4 个" in annex.header
    texts = [item.progress for item in annex.blocks[0].items]
    assert texts == [
        "三元区（未达序时，补报）：专班已组建。\n滞后原因：资金\n预计至期末：有困难，年底完成。",
        "未报：将乐县、市卫健委、市医保局",
    ]
    assert [item.progress for item in annex.blocks[2].items] == ["未报：市医保局、市财政局"]
    assert "还没报的话" not in str(annex)


def test_the_merged_table_of_a_past_moment_holds_the_words_of_then(report, period, people, at):
    submit(report, by=people.other_filler, at=at)
    return_report(report.pk, submission=1, reasons={None: "请补数据"}, by=people.office, at=at + DAY)
    write(report, by=people.other_filler, at=at + DAY, progress="后来的话。")
    submit(report, by=people.other_filler, at=at + 12 * DAY)
    period.refresh_from_db()
    annex = period_annex(period, at=at + 11 * DAY, past=True)
    assert "截至时间：2024年7月26日10时00分（不是最新情况）" in annex.header
    assert "应报 5 个　　按期 0 个　　补报 0 个　　未报 5 个" in annex.header
    assert annex.blocks[0].items[0].progress.startswith("三元区（自评未达序时，已退回）：专班已组建。")
    assert "后来的话" not in str(annex)
    assert "后来的话" in str(period_annex(period, at=at + 12 * DAY))


def test_the_merged_table_says_of_the_words_it_shows_who_entered_and_who_confirmed(
    report, period, people, units, at
):
    second, reader = (
        User.objects.create(username=name, name=name, role=Role.OFFICE, unit=people.office.unit)
        for name in ("何静", "李明")
    )
    on_behalf.begin(report.pk, reason="断网", by=people.office, at=at)
    actions.request_signature(report.pk, by=people.office, at=at)
    actions.submit_report(report.pk, by=second, at=at)
    return_report(report.pk, submission=1, reasons={None: "请补数据"}, by=reader, at=at + DAY)
    submit(report, by=people.other_filler, at=at + 2 * DAY)
    return_report(report.pk, submission=2, reasons={None: "再补"}, by=reader, at=at + 3 * DAY)
    on_behalf.begin(report.pk, reason="又断网", by=second, at=at + 4 * DAY)
    period.refresh_from_db()

    def head(moment, *, past=True):
        annex = period_annex(period, at=moment, past=past)
        return annex.blocks[0].items[0].progress.split("：专班")[0]

    entered = "市医改办代填：陈志远填写、何静复核"
    assert head(at) == f"三元区（未达序时，{entered}）"
    assert head(at + DAY) == f"三元区（自评未达序时，{entered}，已退回）"
    assert head(at + 2 * DAY) == "三元区（未达序时）"
    # What somebody is entering anew is not what the table shows.
    assert head(at + 4 * DAY) == "三元区（自评未达序时，已退回）"
    assert head(at + 4 * DAY, past=False) == "三元区（自评未达序时，已退回）"


def test_the_file_of_a_past_moment_says_so_in_its_name(report, period, people, at):
    submit(report, by=people.other_filler, at=at)
    period.refresh_from_db()
    file = exports.export_period(period, by=people.leader, at=at + DAY, as_of=at)
    assert file.name == "三明市2024年上半年医改重点任务进展汇总（截至2024年7月15日10时00分）.xlsx"
    assert AuditEvent.objects.filter(action=AuditAction.EXPORT, note=file.name).exists()
    with pytest.raises(Refused, match="尚未开放"):
        exports.export_period(period, by=people.leader, at=at + DAY, as_of=at - DAY)


def test_an_export_is_written_to_the_trail(report, period, people, at):
    submit(report, by=people.other_filler, at=at)
    file = exports.export_report(report, own=False, by=people.office, at=at)
    assert file.name == "三元区2024年上半年医改重点任务进展.xlsx"
    assert load_workbook(BytesIO(file.content)).active["A1"].value == "三明市2024年深化医改重点任务分解表"
    exports.export_period(period, by=people.leader, at=at)
    events = AuditEvent.objects.filter(action=AuditAction.EXPORT).order_by("id")
    assert [(e.actor, e.unit, e.target_kind) for e in events] == [
        (people.office, report.unit, "report"),
        (people.leader, None, "reportingperiod"),
    ]


def test_a_period_that_is_not_open_has_nothing_to_export(period, people, at):
    with pytest.raises(Refused, match="尚未开放"):
        exports.export_period(period, by=people.office, at=at)
    assert not AuditEvent.objects.filter(action=AuditAction.EXPORT).exists()


def test_the_number_of_statements_does_not_grow(report, period, people, at, django_assert_num_queries):
    submit(report, by=people.other_filler, at=at)
    with django_assert_num_queries(8):
        period_annex(period, at=at)
    other = Report.objects.get(unit=people.filler.unit)
    write(other, by=people.filler, at=at)
    actions.request_signature(other.pk, by=people.filler, at=at)
    actions.submit_report(other.pk, by=people.signer, at=at)
    with django_assert_num_queries(8):
        period_annex(period, at=at)
