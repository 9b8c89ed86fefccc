"""Taking a form away and bringing it back, through real files: what is written, what is refused, what stays."""

import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest

from tasks_app.choices import AuditAction, PeriodKind, ReportState
from tasks_app.domain.moves import Refused, Stale
from tasks_app.domain.offline import actions, receiving
from tasks_app.domain.offline.marks import RowMark, form_mark, row_mark, signed
from tasks_app.domain.offline.queries import form_of, merge_of
from tasks_app.domain.offline.rules import BoxOutcome, Choice, Decision, fingerprint
from tasks_app.domain.reporting import actions as reporting
from tasks_app.models import AuditEvent, ProgressEntry, Report, ReportingPeriod

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}
# Where the boxes of the first task stand in the sheet.
PROGRESS, FORECAST, STATUS, REMARKS = "G5", "K5", "H5", "L5"


@pytest.fixture
def report(period, people, at) -> Report:
    """三元区's report: the first task filled in, the second empty."""
    reporting.open_due_periods(at=at)
    report = Report.objects.get(unit=people.other_filler.unit)
    save(report, by=people.other_filler, at=at, **WORDS)
    report.refresh_from_db()
    return report


@pytest.fixture
def bring_back(report, people, at) -> Callable[..., receiving.Upload]:
    """`bring_back({"G5": "…"})` takes the form away, types into its cells and reads it; `edit=` does more."""

    def run(cells=None, *, edit=None, meanwhile=None, to=report) -> receiving.Upload:
        data = actions.take_form(report.pk, by=people.other_filler, at=at).content
        if meanwhile:
            meanwhile()
        return receiving.receive(to, typed(data, cells or {}, edit), file_name="表.xlsx", at=at)

    return run


def typed(data: bytes, cells: dict[str, str], edit: Callable | None = None) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for place, text in cells.items():
        cell = book["填报表"][place]
        cell.value = text
        if text:
            cell.data_type = "s"  # what is typed into a cell for text is text, whatever it begins with
    if edit:
        edit(book["填报表"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def save(report: Report, *, by, at, number: int = 1, **values) -> ProgressEntry:
    entry = report.entries.get(task__number=number)
    return reporting.save_entry(report.pk, entry.pk, values=values, version=entry.version, by=by, at=at)


def entry(report: Report, number: int = 1) -> ProgressEntry:
    return report.entries.get(task__number=number)


def outcomes(report: Report, upload: receiving.Upload) -> dict[str, BoxOutcome]:
    """{“task number-field”: outcome} of what is not plainly unchanged."""
    numbers = dict(report.entries.values_list("pk", "task__number"))
    return {
        f"{numbers.get(box.entry, 0)}-{box.field}": box.outcome
        for box in merge_of(report, upload).boxes
        if box.outcome is not BoxOutcome.UNCHANGED
    }


def decide(report: Report, upload: receiving.Upload, choice: Choice, text: str = "") -> dict[str, Decision]:
    return {
        box.name: Decision(choice, text, fingerprint(box.server))
        for box in merge_of(report, upload).boxes
        if box.asks
    }


# --- taking it away ------------------------------------------------------------------------------------------


def test_the_form_holds_what_was_saved_beside_measures_and_last_period(report, plan, people, at):
    later = ReportingPeriod.objects.create(
        plan=plan,
        kind=PeriodKind.THREE_QUARTERS,
        opens_on=at.date(),
        due_on=at.date() + timedelta(days=70),
    )
    reporting.open_due_periods(at=at)
    first, second = form_of(later.reports.get(unit=report.unit), at=at).rows
    assert (first.previous, first.boxes["progress"]) == ("【2024年上半年】专班已组建。", "")
    assert (first.section, first.task) == ("一、加强组织领导", "1. 健全三医协同工作机制")
    assert first.measures == "①完善工作专班。\n②每季度会商。"
    assert second.previous == ""
    first, second = form_of(report, at=at).rows
    assert first.boxes == {**WORDS, "status": "达到序时", "cause": "", "outlook": ""}


def test_it_is_written_to_the_audit_trail(report, people, at):
    file = actions.take_form(report.pk, by=people.other_filler, at=at)
    assert file.name == "三元区2024年上半年离线填报表.xlsx"
    assert AuditEvent.objects.filter(action=AuditAction.EXPORT, note=file.name).count() == 1


def test_a_submitted_report_gives_no_form(report, people, at):
    submit(report, people, at)
    with pytest.raises(Refused, match="已报送"):
        actions.take_form(report.pk, by=people.other_filler, at=at)


def submit(report: Report, people, at) -> None:
    Report.objects.filter(pk=report.pk).update(
        state=ReportState.SUBMITTED, submitted_at=at, first_submitted_at=at, submitted_by=people.other_filler
    )


# --- bringing it back -----------------------------------------------------------------------------------------


def test_what_was_typed_is_taken_and_all_else_stays(report, people, at, bring_back):
    upload = bring_back(
        {
            FORECAST: "年底完成。",
            STATUS: "未达序时",
            "G6": "=专班\n第二行",
            "H6": "未启动",
            "E3": "林晓燕",
            "I3": "2024年7月15日",
        }
    )
    assert outcomes(report, upload) == dict.fromkeys(
        ("0-filler_name", "0-filled_on", "1-forecast", "1-status", "2-progress", "2-status"), BoxOutcome.TAKEN
    )
    assert entry(report, 2).version == 0
    assert actions.apply_upload(report.pk, upload, {}, by=people.other_filler, at=at) == 6
    first, second = entry(report), entry(report, 2)
    assert (first.progress, first.forecast, first.status) == ("专班已组建。", "年底完成。", "behind")
    assert (second.progress, second.status, second.saved_by) == (
        "=专班\n第二行",
        "not_started",
        people.other_filler,
    )
    report.refresh_from_db()
    assert (report.filler_name, str(report.filled_on), report.state) == ("林晓燕", "2024-07-15", "draft")
    assert report.filler_phone == people.other_filler.phone
    assert AuditEvent.objects.filter(note="上传离线表“表.xlsx”，采用 6 处").count() == 1


def test_nothing_typed_changes_nothing(report, people, at, bring_back):
    upload = bring_back()
    assert outcomes(report, upload) == {}
    before = entry(report).version
    assert actions.apply_upload(report.pk, upload, {}, by=people.other_filler, at=at) == 0
    assert entry(report).version == before


def test_what_the_server_has_newer_is_kept(report, people, at, bring_back):
    upload = bring_back(
        {REMARKS: "备注。"},
        meanwhile=lambda: save(report, by=people.other_filler, at=at, progress="网上改的。", status="done"),
    )
    assert outcomes(report, upload) == {
        "1-progress": BoxOutcome.KEPT,
        "1-status": BoxOutcome.KEPT,
        "1-remarks": BoxOutcome.TAKEN,
    }
    actions.apply_upload(report.pk, upload, {}, by=people.other_filler, at=at)
    now = entry(report)
    assert (now.progress, now.status, now.remarks) == ("网上改的。", "done", "备注。")


@pytest.mark.parametrize(
    ("choice", "result"),
    [(Choice.FILE, "文件改的。"), (Choice.SERVER, "网上改的。"), (Choice.JOINED, "两边都要。")],
)
def test_a_conflict_is_settled_by_a_person(report, people, at, bring_back, choice, result):
    upload = bring_back(
        {PROGRESS: "文件改的。", "G6": "另一项。"},
        meanwhile=lambda: save(report, by=people.other_filler, at=at, progress="网上改的。"),
    )
    assert outcomes(report, upload) == {"1-progress": BoxOutcome.CONFLICT, "2-progress": BoxOutcome.TAKEN}
    with pytest.raises(Stale):
        actions.apply_upload(report.pk, upload, {}, by=people.other_filler, at=at)
    assert entry(report, 2).progress == ""  # whole or not at all
    decisions = decide(report, upload, choice, "两边都要。")
    actions.apply_upload(report.pk, upload, decisions, by=people.other_filler, at=at)
    assert (entry(report).progress, entry(report, 2).progress) == (result, "另一项。")


def test_a_choice_made_in_sight_of_older_words_does_not_count(report, people, at, bring_back):
    upload = bring_back(
        {PROGRESS: "文件改的。"},
        meanwhile=lambda: save(report, by=people.other_filler, at=at, progress="网上改的。"),
    )
    decisions = decide(report, upload, Choice.FILE)
    save(report, by=people.other_filler, at=at, progress="网上又改的。")
    with pytest.raises(Stale):
        actions.apply_upload(report.pk, upload, decisions, by=people.other_filler, at=at)
    assert entry(report).progress == "网上又改的。"


def test_what_was_only_shown_as_taken_asks_when_the_server_changes_before_the_confirmation(
    report, people, at, bring_back
):
    upload = bring_back({PROGRESS: "文件改的。"})
    assert outcomes(report, upload) == {"1-progress": BoxOutcome.TAKEN}
    save(report, by=people.other_filler, at=at, progress="抢先一步。")
    with pytest.raises(Stale):
        actions.apply_upload(report.pk, upload, {}, by=people.other_filler, at=at)
    assert entry(report).progress == "抢先一步。"


def test_an_emptied_box_is_only_cleared_when_somebody_says_so(report, people, at, bring_back):
    upload = bring_back({PROGRESS: None})
    assert outcomes(report, upload) == {"1-progress": BoxOutcome.CLEARED}
    with pytest.raises(Stale):
        actions.apply_upload(report.pk, upload, {}, by=people.other_filler, at=at)
    actions.apply_upload(
        report.pk, upload, decide(report, upload, Choice.SERVER), by=people.other_filler, at=at
    )
    assert entry(report).progress == "专班已组建。"
    actions.apply_upload(
        report.pk, upload, decide(report, upload, Choice.FILE), by=people.other_filler, at=at
    )
    assert entry(report).progress == ""


def test_the_same_on_both_sides_writes_nothing(report, people, at, bring_back):
    upload = bring_back(
        {PROGRESS: "同样的话。"},
        meanwhile=lambda: save(report, by=people.other_filler, at=at, progress="同样的话。"),
    )
    assert outcomes(report, upload) == {"1-progress": BoxOutcome.SAME}
    assert actions.apply_upload(report.pk, upload, {}, by=people.other_filler, at=at) == 0


def test_rows_moved_inserted_and_deleted_are_recognised(report, people, at, bring_back):
    def edit(sheet):
        sheet.move_range("A5:L5", rows=5)  # the first task, below the second
        sheet["G10"] = "搬到下面再改。"
        sheet["C12"], sheet["G12"] = "2", "插入的一行。"
        sheet.delete_rows(6)

    upload = bring_back(edit=edit)
    merged = merge_of(report, upload)
    assert [(box.field, box.file) for box in merged.of(BoxOutcome.TAKEN)] == [("progress", "搬到下面再改。")]
    assert [row.texts for row in merged.strangers] == [{"progress": "插入的一行。"}]
    assert [missing.number for missing in merged.missing] == [2]
    placed = upload.with_placed(merged.strangers[0].line, entry(report, 2).pk)
    actions.apply_upload(report.pk, placed, {}, by=people.other_filler, at=at)
    assert (entry(report).progress, entry(report, 2).progress) == ("搬到下面再改。", "插入的一行。")


def test_what_a_box_cannot_hold_is_said_and_the_rest_taken(report, people, at, bring_back):
    upload = bring_back(
        {STATUS: "基本完成", REMARKS: "备注。", "I3": "七月中旬"},
        edit=lambda sheet: sheet.__setitem__(FORECAST, "=A1&B1"),
    )
    assert outcomes(report, upload) == {
        "0-filled_on": BoxOutcome.REFUSED,
        "1-status": BoxOutcome.REFUSED,
        "1-forecast": BoxOutcome.REFUSED,
        "1-remarks": BoxOutcome.TAKEN,
    }
    problems = " ".join(box.problem for box in merge_of(report, upload).of(BoxOutcome.REFUSED))
    for words in ("不是可选的状态", "格内是公式", "不是日期"):
        assert words in problems
    assert actions.apply_upload(report.pk, upload, {}, by=people.other_filler, at=at) == 1
    assert (entry(report).status, entry(report).remarks) == ("on_track", "备注。")


def test_a_picture_in_a_box_is_said_to_be_one_and_empties_nothing(report, people, at, bring_back):
    upload = bring_back({FORECAST: '=DISPIMG("ID_5BA4F81A",1)', REMARKS: "备注。"})
    assert outcomes(report, upload) == {"1-forecast": BoxOutcome.REFUSED, "1-remarks": BoxOutcome.TAKEN}
    (box,) = merge_of(report, upload).of(BoxOutcome.REFUSED)
    assert "格内是图片" in box.problem


def test_it_survives_libreoffice(report, people, at, soffice, tmp_path):
    data = actions.take_form(report.pk, by=people.other_filler, at=at).content
    path = tmp_path / "in" / "离线表.xlsx"
    path.parent.mkdir()
    path.write_bytes(typed(data, {"G6": "=1+1 不是公式\n😀", "H6": "未启动"}))
    save(report, by=people.other_filler, at=at, progress="网上改的。")
    for kind in ("xlsx", "xls"):
        upload = receiving.receive(report, soffice(path, kind).read_bytes(), file_name="表.et", at=at)
        assert outcomes(report, upload) == {
            "1-progress": BoxOutcome.KEPT,
            "2-progress": BoxOutcome.TAKEN,
            "2-status": BoxOutcome.TAKEN,
        }


def test_an_upload_outlives_being_stored_as_json(report, bring_back):
    upload = bring_back({PROGRESS: "甲"}).with_placed(9, 3)
    assert receiving.from_plain(upload.to_plain()) == upload


# --- what is refused --------------------------------------------------------------------------------------------


def test_another_units_form_is_refused_with_both_names(report, people, bring_back):
    own = Report.objects.get(unit=people.filler.unit)
    with pytest.raises(Refused, match="“三元区2024年上半年”的离线表，不是“将乐县”的"):
        bring_back(to=own)


def test_another_periods_form_is_refused_with_both_names(report, plan, at, bring_back):
    later = ReportingPeriod.objects.create(
        plan=plan, kind=PeriodKind.THREE_QUARTERS, opens_on=at.date(), due_on=at.date()
    )
    other = Report.objects.create(period=later, unit=report.unit, due_on=later.due_on)
    with pytest.raises(Refused, match=r"2024年上半年.*本页是.*2024年前三季度"):
        bring_back(to=other)


def test_another_years_form_is_refused(report, plan, bring_back):
    def next_year():
        plan.year = 2025
        plan.save()
        report.refresh_from_db()

    with pytest.raises(Refused, match=r"2024年上半年.*2025年上半年"):
        bring_back(meanwhile=next_year, to=Report.objects.get(pk=report.pk))


def test_a_form_of_a_report_that_was_made_anew_is_refused(report, people, at):
    data = actions.take_form(report.pk, by=people.other_filler, at=at).content
    report.entries.all().delete()
    Report.objects.filter(pk=report.pk).delete()
    anew = Report.objects.create(
        pk=report.pk + 500, period=report.period, unit=report.unit, due_on=report.due_on
    )
    with pytest.raises(Refused, match="重新下载离线表"):
        receiving.receive(anew, data, file_name="表.xlsx", at=at)


def test_an_altered_or_foreign_mark_is_refused(report, bring_back, settings):
    with pytest.raises(Refused, match="标识已被改动"):
        bring_back(edit=lambda sheet: sheet.__setitem__("A1", "离线表:甲"))

    def other_server():
        settings.SECRET_KEY = "the key of another server"

    with pytest.raises(Refused, match="不是本系统的离线表"):
        bring_back(meanwhile=other_server)


def test_a_locked_report_takes_nothing(report, people, at, bring_back):
    upload = bring_back({PROGRESS: "晚了一步。"})
    submit(report, people, at)
    with pytest.raises(Refused, match="已报送"):
        actions.apply_upload(report.pk, upload, {}, by=people.other_filler, at=at)
    assert entry(report).progress == "专班已组建。"


def test_marks_are_told_apart():
    mark = RowMark(report=1, entry=2, bases={"progress": "a"})
    assert row_mark(signed(mark)) == mark
    assert form_mark(signed(mark)) is None  # signed, but as another kind of mark
    assert row_mark(signed(mark)[:-1]) is None
    assert row_mark("") is None


def test_writing_takes_the_same_queries_whatever_the_history(
    report, people, at, bring_back, django_assert_num_queries
):
    for number in range(2):
        upload = bring_back({PROGRESS: f"第{number}次。", REMARKS: f"备注{number}。"})
        with django_assert_num_queries(15):
            actions.apply_upload(report.pk, upload, {}, by=people.other_filler, at=at)
        for later in range(5):
            save(report, by=people.other_filler, at=at, progress=f"网上第{number}.{later}次。")
