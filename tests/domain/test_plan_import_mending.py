"""Mending a preview: columns, units, rows, sheets, the year; what is decided once is remembered."""

import openpyxl
import pytest

from tasks_app.choices import ImportState, UnitKind
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan_import.actions import (
    Given,
    apply_import,
    given_of,
    mend_import,
    read_import,
    refresh_import,
    store_upload,
)
from tasks_app.domain.plan_import.queries import decide_all
from tasks_app.models import AuditEvent, HeadingMeaning, ImportSource, PlanImport, Unit, UnitAlias
from tasks_app.plan_reading.mends import (
    MendedRow,
    Mends,
    RowKind,
    UnitChoice,
    UnitDecision,
)
from tasks_app.plan_reading.table.fields import Field
from tests.workbooks import HEADINGS, SECTION, row, saved, table


@pytest.fixture
def mend(people, at):
    """`mend(preview, mends)` mends it as an admin does; `given=` what is said of the table besides."""

    def run(preview: PlanImport, mends: Mends, given: Given | None = None) -> PlanImport:
        return mend_import(
            preview.pk,
            mends=mends,
            given=given or given_of(preview),
            version=preview.version,
            by=people.admin,
            at=at,
        )

    return run


def errors(preview: PlanImport) -> list[str]:
    return [p["message"] for p in preview.problems if p["severity"] == "error"]


def titles(preview: PlanImport) -> list[str]:
    return [task["title"] for task in preview.content["tasks"]]


# --- columns ----------------------------------------------------------------------------------------------


def test_a_column_nobody_knows_is_kept_as_a_remark_until_somebody_says_what_it_is(upload, mend, people, at):
    data = table([*row(1), None, None, "张三"], headings=[*HEADINGS, "盯办人"])
    preview = upload(data)
    assert preview.content["tasks"][0]["remarks"] == "盯办人：张三"
    ignored = mend(preview, Mends(columns={"盯办人": Field.IGNORED}))
    assert ignored.content["tasks"][0]["remarks"] == ""
    assert ignored.problems == []
    plan = apply_import(ignored.pk, by=people.admin, at=at)
    assert HeadingMeaning.objects.get(heading="盯办人").field == "IGNORED"
    # The next table needs no telling.
    again = upload(data)
    assert again.problems == []
    assert again.summary["counts"]["unchanged"] == 1
    assert plan.tasks.get().remarks == ""


def test_a_wrongly_understood_column_is_put_right(upload, mend):
    preview = upload(table(row(1), headings=["工作任务", "承诺清单", "细化措施", "责任单位"]))
    assert preview.content["tasks"][0]["title"] != "任务1。"
    mended = mend(preview, Mends(columns={"承诺清单": Field.TITLE}))
    assert titles(mended) == ["任务1。"]
    assert mended.content["tasks"][0]["section"] == SECTION


def test_two_columns_of_one_heading_can_be_told_apart(upload, mend):
    data = table(["任务一", "市卫健委", "市医保局"], headings=["重点任务", "责任单位", "责任单位"])
    preview = upload(data)
    assert "重复" in errors(preview)[0]
    mended = mend(preview, Mends(columns={"责任单位": Field.LEAD, "责任单位(2)": Field.SUPPORT}))
    assert errors(mended) == []
    roles = {a["name"]: a["role"] for a in mended.content["tasks"][0]["assignments"]}
    assert roles == {"市卫健委": "lead", "市医保局": "support"}


# --- units ------------------------------------------------------------------------------------------------


def test_an_unknown_unit_is_mapped_and_remembered_as_an_alias(upload, mend, units, people, at):
    preview = upload(table(row(1, "市卫计委、财政局")))
    assert len(errors(preview)) == 1
    health = units["市卫健委"]
    mended = mend(preview, Mends(units={"市卫计委": UnitDecision(UnitChoice.MAP, (health.pk,))}))
    assert mended.problems == []
    apply_import(mended.pk, by=people.admin, at=at)
    assert UnitAlias.objects.get(name="市卫计委").unit == health
    assert upload(table(row(1, "市卫计委、财政局"))).problems == []


def test_an_unknown_unit_is_made_when_the_import_is_applied_and_not_before(upload, mend, people, at):
    preview = upload(table(row(1, "市数据局（市人工智能局）"), row(2, "市数据局")))
    mended = mend(preview, Mends(units={"市数据局": UnitDecision(UnitChoice.CREATE)}))
    assert errors(mended) == []
    assert not Unit.objects.filter(name="市数据局").exists()
    plan = apply_import(mended.pk, by=people.admin, at=at)
    made = Unit.objects.get(name="市数据局")
    assert (made.kind, made.parent, made.short_name) == (UnitKind.BUREAU, plan.issuer, "数据局")
    assert [t.assignments.get().unit for t in plan.tasks.all()] == [made, made]


def test_a_name_for_many_is_a_doubt_and_may_be_given_to_several(upload, mend, units):
    preview = upload(table(row(1, "市卫健委，市直有关单位")))
    assert errors(preview) == []
    assert [a["name"] for a in preview.content["tasks"][0]["assignments"]] == ["市卫健委"]
    (name,) = preview.outline["names"]
    chosen = (units["市教育局"].pk, units["市民政局"].pk)
    mended = mend(preview, Mends(units={name["name"]: UnitDecision(UnitChoice.MAP, chosen)}))
    names = [a["name"] for a in mended.content["tasks"][0]["assignments"]]
    assert names == ["市卫健委", "市教育局", "市民政局"]
    assert mended.problems == []


def test_a_unit_may_be_left_out(upload, mend):
    preview = upload(table(row(1, "市卫健委、省医保局")))
    mended = mend(preview, Mends(units={"省医保局": UnitDecision(UnitChoice.LEAVE_OUT)}))
    assert errors(mended) == []
    assert [a["name"] for a in mended.content["tasks"][0]["assignments"]] == ["市卫健委"]


def test_all_names_can_be_decided_as_proposed(upload, units):
    preview = upload(table(row(1, "市卫生和健康委员会、市数据局，各有关单位")))
    decided = decide_all(preview)
    assert {d.choice for d in decided.values()} >= {UnitChoice.CREATE, UnitChoice.LEAVE_OUT}
    assert decided["市数据局"] == UnitDecision(UnitChoice.CREATE)


# --- rows -------------------------------------------------------------------------------------------------


def test_a_cell_is_corrected_without_a_new_file(upload, mend):
    preview = upload(table(row(1), row(2, None)))
    assert len(errors(preview)) == 1
    texts = {
        Field.SECTION: SECTION,
        Field.TITLE: "2. 任务2。",
        Field.MEASURES: "① 甲。",
        Field.UNITS: "市医保局",
    }
    mends = Mends().with_row("分解表", 4, (MendedRow(RowKind.TASK, texts),))
    mended = mend(preview, mends)
    assert errors(mended) == []
    assert titles(mended) == ["任务1。", "任务2。"]
    back = mend(mended, mends.with_row("分解表", 4, None))
    assert len(errors(back)) == 1


def test_a_row_is_split_in_two_and_two_are_joined(upload, mend):
    both = row(1, title="1. 甲\n2. 乙")
    preview = upload(table(both, row(3)))
    first = MendedRow(RowKind.TASK, {Field.SECTION: SECTION, Field.TITLE: "1. 甲", Field.UNITS: "市卫健委"})
    second = MendedRow(RowKind.TASK, {Field.TITLE: "2. 乙", Field.UNITS: "市医保局"})
    split = mend(preview, Mends().with_row("分解表", 3, (first, second)))
    assert titles(split) == ["甲", "乙", "任务3。"]
    part = MendedRow(RowKind.CONTINUATION, {Field.MEASURES: "③ 丙。"})
    joined = mend(upload(table(row(1), row(2))), Mends().with_row("分解表", 4, (part,)))
    assert titles(joined) == ["任务1。"]
    assert [m["text"] for m in joined.content["tasks"][0]["measures"]] == ["甲。", "乙。", "丙。"]


def test_a_row_is_left_out_or_made_a_title(upload, mend):
    data = table(["附：相关说明文字", None, None, "市卫健委"], row(2))
    preview = upload(data)
    out = mend(preview, Mends().with_row("分解表", 3, ()))
    assert titles(out) == ["任务2。"]
    title = (MendedRow(RowKind.SECTION, {Field.SECTION: "二、新的板块"}),)
    made = mend(upload(table(row(1), row(2, section=""))), Mends().with_row("分解表", 3, title))
    assert titles(made) == ["任务2。"]


# --- the table itself -------------------------------------------------------------------------------------


def test_a_year_that_the_file_does_not_say_is_said_on_the_page(upload, mend, people, at):
    preview = upload(table(row(1), title="任务分解表"))
    assert (preview.state, preview.year) == (ImportState.PREVIEWED, None)
    mended = mend(preview, Mends(), Given(year=2026, document_number="明医改组〔2026〕1号"))
    assert (mended.year, errors(mended)) == (2026, [])
    plan = apply_import(mended.pk, by=people.admin, at=at)
    assert (plan.year, plan.document_number) == (2026, "明医改组〔2026〕1号")


def test_a_sheet_left_out_can_be_read_too(upload, mend):
    workbook = openpyxl.Workbook()
    for name, number in (("甲", 1), ("乙", 1)):
        sheet = workbook.create_sheet(name)
        sheet.append(["2024年重点任务分解表"])
        sheet.append(HEADINGS)
        sheet.append(row(number, title=f"{number}. 任务"))
    del workbook["Sheet"]
    preview = upload(saved(workbook))
    assert dict(preview.outline["sheets"]) == {"甲": True, "乙": False}
    mended = mend(preview, Mends(sheets=frozenset({"乙"})))
    assert dict(mended.outline["sheets"]) == {"甲": False, "乙": True}
    mended.refresh_from_db()
    assert mended.content["tasks"][0]["rows"] == [["乙", 3]]


# --- two admins, lost servers -----------------------------------------------------------------------------


def test_who_mends_what_somebody_else_mended_meanwhile_is_told(upload, mend):
    preview = upload(table(row(1, "市卫计委")))
    mend(preview, Mends(units={"市卫计委": UnitDecision(UnitChoice.LEAVE_OUT)}))
    with pytest.raises(Refused, match="他人修改过"):
        mend(preview, Mends(units={"市卫计委": UnitDecision(UnitChoice.CREATE)}))


def test_a_mend_that_leaves_no_table_is_refused_and_nothing_is_lost(upload, mend):
    preview = upload(table(row(1)))
    with pytest.raises(Refused, match="没有保存"):
        mend(preview, Mends(columns=dict.fromkeys(HEADINGS, Field.IGNORED)))
    preview.refresh_from_db()
    assert (preview.version, titles(preview)) == (0, ["任务1。"])


def test_a_stale_preview_is_compared_anew_with_all_that_was_mended(upload, mend, bring_in, people, at):
    preview = upload(table(row(1, "市卫计委")))
    mended = mend(preview, Mends(units={"市卫计委": UnitDecision(UnitChoice.CREATE)}))
    bring_in(table(row(1, title="1. 别的任务。")))
    with pytest.raises(Refused, match="重新比对"):
        apply_import(mended.pk, by=people.admin, at=at)
    fresh = refresh_import(mended.pk, by=people.admin, at=at)
    assert errors(fresh) == []
    apply_import(fresh.pk, by=people.admin, at=at)
    assert Unit.objects.filter(name="市卫计委").exists()


def test_a_reader_that_died_is_taken_over_and_one_that_lives_is_left_alone(city, people, at):
    data = table(row(1))
    stored = store_upload(data, issuer=city, file_name="表.xlsx", given=Given(), by=people.admin, at=at)
    PlanImport.objects.filter(pk=stored.pk).update(read_until=at.replace(hour=23))
    assert read_import(stored.pk, at=at).state == ImportState.READING
    assert read_import(stored.pk, at=at.replace(hour=23, minute=59)).state == ImportState.PREVIEWED
    source = ImportSource.objects.get(plan_import=stored)
    assert (source.upload, bool(source.grid)) == (None, True)


def test_what_cannot_be_read_is_kept_with_the_reason(upload):
    failed = upload(b"%PDF-1.7 ...", name="表.pdf")
    assert failed.state == ImportState.FAILED
    assert [p["severity"] for p in failed.problems] == ["error"]


def test_every_mend_is_in_the_trail(upload, mend, people):
    mend(upload(table(row(1))), Mends(columns={"备注": Field.IGNORED}))
    event = AuditEvent.objects.latest("pk")
    assert (event.actor, event.note) == (people.admin, "修补预览")


def test_mends_survive_being_stored():
    mends = Mends(
        columns={"盯办人": Field.REMARKS},
        units={"市卫计委": UnitDecision(UnitChoice.MAP, (1, 2))},
        sheets=frozenset({"甲"}),
    ).with_row("甲", 3, (MendedRow(RowKind.TASK, {Field.TITLE: "一"}),))
    assert Mends.from_json(mends.as_json()) == mends
    assert Mends.from_json({}) == Mends()
