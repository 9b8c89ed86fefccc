"""Mending a preview on its page: columns, names, details, rows; nobody overwrites what they have not seen."""

import re
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tasks_app.domain.plan_import.actions import source_of
from tasks_app.models import HeadingMeaning, Plan, PlanImport, Task, Unit, UnitAlias
from tests.workbooks import HEADINGS, SECTION, row, saved, table

ODD_HEADINGS = [*HEADINGS[:4], "落实科室"]


@pytest.fixture
def upload(admin):
    """`upload(data)` uploads a table and returns its preview."""

    def send(data: bytes) -> PlanImport:
        admin.post(reverse("plan_imports"), {"file": SimpleUploadedFile("表.xlsx", data)})
        return PlanImport.objects.latest("pk")

    return send


@pytest.fixture
def mend(admin):
    """`mend(stored, "columns", {label: value})` fills in one of the page's forms by its labels and sends it."""

    def send(stored: PlanImport, form: str, typed: dict[str, str | list[str]], **extra: str):
        page = admin.get(reverse("plan_import", args=[stored.pk])).content.decode()
        action = reverse(f"plan_import_{form}", args=[stored.pk])
        html = next(part for part in page.split("<form")[1:] if f'action="{action}"' in part.split(">")[0])
        fields = {"version": re.findall(r'name="version" value="(\d+)"', html)[0]}
        for label, value in typed.items():
            name = re.findall(rf'(?s)<label[^>]*for="id_([^"]+)"[^>]*>[^<]*{re.escape(label)}', html)[0]
            fields[name] = value
        return admin.post(action, fields | extra, follow=True)

    return send


def text_of(answer) -> str:
    return answer.content.decode()


# --- columns --------------------------------------------------------------------------------------------


def test_an_unknown_column_is_marked_mapped_and_remembered(admin, upload, mend):
    stored = upload(table([*row(1), "体改科"], headings=ODD_HEADINGS))
    page = text_of(admin.get(reverse("plan_import", args=[stored.pk])))
    assert "1 列不认识" in page
    assert page.index("落实科室”") < page.index("主要目标要求”")  # the open one comes first
    answer = mend(stored, "columns", {"E列“落实科室”": "IGNORED"})
    assert answer.redirect_chain[-1][0].endswith("#mends")
    page = text_of(answer)
    assert "列不认识" not in page
    stored.refresh_from_db()
    assert stored.mends["columns"] == {"落实科室": "IGNORED"}
    assert stored.content["tasks"][0]["remarks"] == ""
    admin.post(reverse("plan_import_apply", args=[stored.pk]))
    assert HeadingMeaning.objects.get().field == "IGNORED"


def test_only_what_was_chosen_anew_becomes_a_mend(upload, mend):
    stored = upload(table([*row(1), "体改科"], headings=ODD_HEADINGS))
    mend(stored, "columns", {"E列“落实科室”": "REMARKS", "D列“责任单位”": "UNITS"})
    stored.refresh_from_db()
    assert stored.mends["columns"] == {"落实科室": "REMARKS"}


# --- names ----------------------------------------------------------------------------------------------


def test_a_name_is_mapped_to_a_unit_and_remembered_as_its_alias(admin, upload, mend, units):
    stored = upload(table(row(1, "市卫生和计生局")))
    assert "处错误" in text_of(admin.get(reverse("plan_import", args=[stored.pk])))
    answer = mend(stored, "names", {"“市卫生和计生局”是": str(units["市卫健委"].pk)})
    assert answer.redirect_chain[-1][0].endswith("#names")
    assert "确认导入" in text_of(answer)
    assert "“市卫生和计生局”：市卫健委" in text_of(answer)
    admin.post(reverse("plan_import_apply", args=[stored.pk]))
    assert Task.objects.get().assignments.get().unit == units["市卫健委"]
    assert UnitAlias.objects.get(name="市卫生和计生局").unit == units["市卫健委"]


def test_a_name_becomes_a_new_unit_or_is_left_out(admin, upload, mend):
    stored = upload(table(row(1, "市卫健委、市大数据中心、市某公司")))
    page = text_of(mend(stored, "names", {"“市大数据中心”是": "create", "“市某公司”是": "leave_out"}))
    assert '市大数据中心<span class="assumed">新建</span>' in page
    assert "市某公司" in page
    admin.post(reverse("plan_import_apply", args=[stored.pk]))
    names = [a.unit.name for a in Task.objects.get().assignments.select_related("unit")]
    assert names == ["市卫健委", "市大数据中心"]


def test_a_collective_stands_for_the_units_that_were_chosen(admin, upload, mend, units):
    stored = upload(table(row(1, "市卫健委、市直有关单位")))
    chosen = [str(units[name].pk) for name in ("市医保局", "市财政局")]
    page = text_of(mend(stored, "names", {"“市直有关单位”是": ""}))
    several = re.findall(r'name="(names-[0-9a-f]+-several)"', page)[0]
    mend(stored, "names", {"“市直有关单位”是": ""}, **{several: chosen})
    stored.refresh_from_db()
    assert [a["name"] for a in stored.content["tasks"][0]["assignments"]] == [
        "市卫健委",
        "市医保局",
        "市财政局",
    ]
    bureaus = Unit.objects.filter(kind="bureau", is_active=True).count()
    # A decision is shown again when it is asked for, and changed there.
    page = text_of(admin.get(reverse("plan_import", args=[stored.pk]), {"name": "市直有关单位"}))
    field = re.findall(r'<select name="(names-[0-9a-f]+)"', page)[0]
    assert page.count(" checked") == 2
    fields = {"version": stored.version, "name": "市直有关单位", field: "bureaus", several: chosen}
    admin.post(reverse("plan_import_names", args=[stored.pk]), fields)
    stored.refresh_from_db()
    assert len(stored.content["tasks"][0]["assignments"]) == bureaus


def test_all_names_are_decided_as_suggested_once_the_list_is_confirmed(admin, upload, mend):
    stored = upload(table(row(1, "市发展改革委、市大数据中心、市卫计委、市直有关单位"), row(2)))
    shown = re.sub(r"\s+(?=<)|(?<=>)\s+", "", text_of(mend(stored, "names", {}, suggested="1")))
    assert '<li>市卫计委<small class="text-secondary">名称相近的有：市卫健委' in shown
    stored.refresh_from_db()
    assert stored.mends == {}
    assert re.search(r"(?s)将新建的单位.*<li>市大数据中心.*不是具体单位.*<li>市直有关单位</li>", shown)
    page = text_of(mend(stored, "names", {}, suggested="confirmed"))
    stored.refresh_from_db()
    assert stored.outline["names"] == []
    assert "确认导入" in page
    assert stored.mends["units"]["市大数据中心"]["choice"] == "create"
    assert stored.mends["units"]["市直有关单位"]["choice"] == "leave_out"


def test_one_click_makes_no_unit_of_what_is_no_name(admin, upload, mend):
    names = ["市数字协同推进中心", "市12345热线办", "市第3医院", "市融媒体中心等宣传单位局"]
    stored = upload(table(row(1, f"市卫健委、市大数据中心、{'、'.join(names)}")))
    shown = text_of(mend(stored, "names", {}, suggested="1"))
    assert re.search(rf"(?s)不会新建，请逐个选定.*{'.*'.join(names)}", shown)
    mend(stored, "names", {}, suggested="confirmed")
    stored.refresh_from_db()
    assert list(stored.mends["units"]) == ["市大数据中心"]
    assert [name["name"] for name in stored.outline["names"]] == names


def test_many_names_are_asked_for_a_few_at_a_time(admin, upload):
    stored = upload(table(*(row(n, f"市第{n}局") for n in range(1, 41))))
    page = text_of(admin.get(reverse("plan_import", args=[stored.pk])))
    assert "40 个待定" in page
    assert page.count('class="name-choice"') == 25
    assert "这些定好后接着显示" in page


# --- details --------------------------------------------------------------------------------------------


def test_year_number_and_day_are_given_on_the_page(admin, upload):
    stored = upload(table(row(1), title="没有年份"))
    typed = {
        "details-year": "2025",
        "details-document_number": "明医改组〔2025〕1号",
        "version": stored.version,
    }
    answer = admin.post(reverse("plan_import_details", args=[stored.pk]), typed, follow=True)
    assert "确认导入" in text_of(answer)
    stored.refresh_from_db()
    assert (stored.year, stored.content["document_number"]) == (2025, "明医改组〔2025〕1号")


def test_a_year_that_is_none_is_refused_on_its_form(admin, upload):
    stored = upload(table(row(1, measures="")))
    address = reverse("plan_import_details", args=[stored.pk])
    page = text_of(admin.post(address, {"details-year": "24", "version": stored.version}))
    assert "is-invalid" in page
    assert f'href="{reverse("plan_import", args=[stored.pk])}?page=1' in page  # not at the form's own address
    stored.refresh_from_db()
    assert stored.version == 0


def test_which_sheets_are_read_is_chosen(admin, upload):
    book = openpyxl.Workbook()
    for name, year, count in (("甲", 2024, 1), ("乙", 2023, 2)):
        sheet = book.create_sheet(name)
        sheet.append([f"{year}年{name}任务分解表"])
        sheet.append(HEADINGS)
        for n in range(1, count + 1):
            sheet.append(row(n, title=f"{n}. {name}任务{n}。"))
    del book["Sheet"]
    stored = upload(saved(book))
    assert dict(stored.outline["sheets"]) == {"甲": True, "乙": False}
    address = reverse("plan_import_details", args=[stored.pk])
    page = text_of(admin.post(address, {"version": 0, "details-sheets": []}))
    assert "请至少选一张" in page
    admin.post(address, {"version": 0, "details-sheets": ["乙"]})
    stored.refresh_from_db()
    assert [task["title"] for task in stored.content["tasks"]] == ["乙任务1。", "乙任务2。"]


# --- rows -----------------------------------------------------------------------------------------------


def row_fields(stored: PlanImport, **fields: str) -> dict[str, str]:
    return {"version": str(PlanImport.objects.get(pk=stored.pk).version)} | {
        name.replace("__", "-"): value for name, value in fields.items()
    }


def test_a_row_is_mended_and_one_is_back_where_it_stands(admin, upload):
    stored = upload(table(*(row(n) for n in range(1, 61))))
    address = reverse("plan_import_row", args=[stored.pk, 0, 60])
    page = text_of(admin.get(address))
    assert "\n58. 任务58。</textarea>" in page
    assert "57. 任务57。" in page  # what it would go on with
    fields = row_fields(
        stored,
        part0__kind="task",
        part0__TITLE="58. 改过的任务。",
        part0__UNITS="市医保局",
        part0__SECTION=SECTION,
    )
    answer = admin.post(address, fields)
    assert answer.url == reverse("plan_import", args=[stored.pk]) + "?page=2#row-0-60"
    stored.refresh_from_db()
    task = stored.content["tasks"][57]
    assert (task["title"], task["assignments"][0]["name"], task["measures"]) == (
        "改过的任务。",
        "市医保局",
        [],
    )
    assert "已修改" in text_of(admin.get(reverse("plan_import", args=[stored.pk]), {"page": 2}))


def test_a_row_is_joined_to_the_one_before_left_out_and_restored(admin, upload):
    stored = upload(table(row(1), row(2, measures="③ 丙。")))
    address = reverse("plan_import_row", args=[stored.pk, 0, 4])
    admin.post(address, row_fields(stored, part0__kind="continuation", part0__MEASURES="③ 丙。"))
    stored.refresh_from_db()
    assert [m["text"] for m in stored.content["tasks"][0]["measures"]] == ["甲。", "乙。", "丙。"]
    assert len(stored.content["tasks"]) == 1
    admin.post(address, row_fields(stored, part0__kind="left_out"))
    page = text_of(admin.get(reverse("plan_import", args=[stored.pk])))
    assert "已改为不导入" in page
    assert "恢复为文件原样" in text_of(admin.get(address))
    admin.post(address, row_fields(stored, restore="1"))
    stored.refresh_from_db()
    assert len(stored.content["tasks"]) == 2
    assert stored.mends["rows"] == []


def test_a_row_is_split_in_two_and_what_was_typed_is_not_lost(admin, upload):
    stored = upload(table(row(1), row(2, title="2. 甲事；3. 乙事")))
    address = reverse("plan_import_row", args=[stored.pk, 0, 4])
    first = row_fields(
        stored, part0__kind="task", part0__TITLE="2. 甲事", part0__UNITS="市卫健委", part0__SECTION=SECTION
    )
    page = text_of(admin.post(address, first | {"split": "1"}))
    assert "\n2. 甲事</textarea>" in page
    assert 'name="part1-TITLE"' in page
    assert PlanImport.objects.get().version == 0  # nothing is saved yet
    second = row_fields(stored, part1__kind="task", part1__TITLE="3. 乙事", part1__UNITS="市医保局")
    admin.post(address, first | second)
    stored.refresh_from_db()
    assert [t["title"] for t in stored.content["tasks"]] == ["任务1。", "甲事", "乙事"]
    page = text_of(admin.get(reverse("plan_import", args=[stored.pk])))
    assert page.count('id="row-0-4"') == 1
    assert "第4行，同上一项" in page
    assert "\n3. 乙事</textarea>" in text_of(admin.get(address))


def test_a_section_is_made_of_a_row(admin, upload):
    stored = upload(table(row(1), ["二、新的板块", None, None, None], row(2, section="")))
    address = reverse("plan_import_row", args=[stored.pk, 0, 4])
    admin.post(address, row_fields(stored, part0__kind="section", part0__SECTION="二、改过的板块"))
    stored.refresh_from_db()
    assert stored.content["tasks"][1]["section"] == "二、改过的板块"


@pytest.mark.parametrize("place", [(0, 1), (0, 2), (0, 99), (5, 3)])
def test_what_is_no_row_of_the_table_cannot_be_mended(admin, upload, place):
    stored = upload(table(row(1)))
    assert admin.get(reverse("plan_import_row", args=[stored.pk, *place])).status_code == 404


# --- two admins -----------------------------------------------------------------------------------------


def test_who_mends_what_somebody_else_has_mended_is_told_and_loses_nothing(admin, upload):
    stored = upload(table(row(1), row(2)))
    address = reverse("plan_import_row", args=[stored.pk, 0, 3])
    mine = row_fields(stored, part0__kind="task", part0__TITLE="1. 我写的很长的一句", part0__UNITS="市医保局")
    theirs = row_fields(stored, part0__kind="left_out")
    admin.post(reverse("plan_import_row", args=[stored.pk, 0, 4]), theirs)
    answer = admin.post(address, mine)
    page = text_of(answer)
    assert "刚刚被他人修改过" in page
    assert "\n1. 我写的很长的一句</textarea>" in page
    assert 'name="version" value="1"' in page  # having seen it, one may save
    details = {"details-year": "2025", "version": "0"}
    page = text_of(admin.post(reverse("plan_import_details", args=[stored.pk]), details))
    assert 'value="2025"' in page
    assert "刚刚被他人修改过" in page
    stored.refresh_from_db()
    assert (stored.version, stored.year) == (1, 2024)


def test_a_form_without_its_version_changes_nothing(admin, upload):
    stored = upload(table(row(1)))
    for name in ("details", "columns", "names"):
        admin.post(reverse(f"plan_import_{name}", args=[stored.pk]), {})
    admin.post(reverse("plan_import_row", args=[stored.pk, 0, 3]), {"part0-kind": "left_out"})
    stored.refresh_from_db()
    assert (stored.version, stored.mends) == (0, {})


def test_what_was_applied_is_no_longer_mended(admin, upload):
    stored = upload(table(row(1)))
    admin.post(reverse("plan_import_apply", args=[stored.pk]))
    assert Plan.objects.exists()
    answer = admin.post(reverse("plan_import_columns", args=[stored.pk]), {"version": "0"})
    assert answer.status_code == 404


# --- tables of other cities -----------------------------------------------------------------------------

TABLES = Path(__file__).resolve().parent.parent / "data" / "tables" / "should_pass"


@pytest.mark.parametrize(
    "name",
    [
        "unusual-quarters.xlsx",
        "health-wide-title.docx",
        "education-section-over-tasks.xls",
        "digital-digit-headings.xlsx",
        "unusual-long-text.csv",
    ],
)
def test_every_row_is_shown_and_one_saved_as_it_is_changes_nothing(admin, name):
    """Merged cells, headings of quarters, tasks in a column of another name: the form has what was read."""
    file = SimpleUploadedFile(name, (TABLES / name).read_bytes())
    admin.post(reverse("plan_imports"), {"file": file})
    stored = PlanImport.objects.get()
    page = text_of(admin.get(reverse("plan_import", args=[stored.pk])))
    shown = re.findall(r'id="row-0-(\d+)"', page)
    assert [int(number) for number in shown] == sorted(source_of(stored).sheets[0].rows)
    before = stored.content["tasks"]
    address = reverse("plan_import_row", args=[stored.pk, 0, before[0]["rows"][0][1]])
    form = admin.get(address).context["parts"][0]
    typed = {f"part0-{field}": form[field].value() or "" for field in form.fields}
    admin.post(address, typed | {"version": stored.version})
    stored.refresh_from_db()
    assert len(stored.mends["rows"]) == 1
    assert stored.content["tasks"] == before
