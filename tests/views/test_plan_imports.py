"""Upload, preview, confirm, undo: the page asks before it writes; a bad file gives sentences, never a 500."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tasks_app.choices import ImportState
from tasks_app.domain.plan_import.actions import Given, read_import, store_upload
from tasks_app.models import Plan, PlanImport, ProgressEntry, Report, Task
from tests.cast import REAL_TABLE
from tests.workbooks import HEADINGS, ole, real_table, row, table, with_part

REAL = REAL_TABLE.read_bytes()
IN_BACKGROUND = {"HX-Request": "true"}


def upload(browser, data: bytes, name: str = "表.xlsx", **fields: str):
    return browser.post(
        reverse("plan_imports"), {"file": SimpleUploadedFile(name, data), **fields}, follow=True
    )


def confirm(browser, **fields: str):
    latest = PlanImport.objects.latest("pk")
    return browser.post(reverse("plan_import_apply", args=[latest.pk]), fields, follow=True)


def waiting(people, at, data: bytes = REAL) -> PlanImport:
    """An upload that nobody has read yet."""
    city = people.admin.unit
    return store_upload(data, issuer=city, file_name="表.xlsx", given=Given(), by=people.admin, at=at)


# --- upload and reading ---------------------------------------------------------------------------------


def test_the_real_table_from_upload_to_open_reports(admin):
    answer = upload(
        admin, REAL, REAL_TABLE.name, document_number="明医改组〔2024〕4号", issued_on="2024-06-27"
    )
    stored = PlanImport.objects.get()
    assert answer.request["PATH_INFO"] == reverse("plan_import", args=[stored.pk])
    text = answer.content.decode()
    for figure in ("<b>6</b>", "<b>24</b>", "<b>85</b>", "<b>26</b>", "<b>303</b>"):
        assert figure in text
    assert 'id="problems"' not in text
    assert not Plan.objects.exists()
    answer = confirm(admin)
    plan = Plan.objects.get()
    assert answer.request["PATH_INFO"] == reverse("plan", args=[plan.pk])
    assert (plan.document_number, str(plan.issued_on)) == ("明医改组〔2024〕4号", "2024-06-27")
    assert Report.objects.count() == 26
    page = admin.get(reverse("plan_import", args=[stored.pk])).content.decode()
    assert "已于 2024-07-15 10:00 由赵敏导入" in page
    assert "撤销这次导入" in page


def test_a_large_file_is_read_from_its_own_page(admin, monkeypatch):
    monkeypatch.setattr("tasks_app.views.plan_imports.SMALL", 10_000)
    page = upload(admin, REAL).content.decode()
    stored = PlanImport.objects.get()
    assert stored.state == ImportState.READING
    assert reverse("plan_import_read", args=[stored.pk]) in page
    assert "正在打开文件" in page
    answer = admin.post(reverse("plan_import_read", args=[stored.pk]), follow=True)
    assert "<b>24</b>" in answer.content.decode()


def test_an_upload_in_the_background_is_sent_on_to_its_page(admin):
    file = SimpleUploadedFile("表.xlsx", table(row(1)))
    answer = admin.post(reverse("plan_imports"), {"file": file}, headers=IN_BACKGROUND)
    assert answer.headers["HX-Redirect"] == reverse("plan_import", args=[PlanImport.objects.get().pk])


def test_the_progress_is_told_and_a_reading_that_died_is_begun_anew(admin, people, at):
    stored = waiting(people, at)
    progress = reverse("plan_import_progress", args=[stored.pk])
    read = reverse("plan_import_read", args=[stored.pk])
    PlanImport.objects.update(rows_read=400, rows_total=1000, read_until=at + timedelta(minutes=1))
    text = admin.get(progress, headers=IN_BACKGROUND).content.decode()
    assert "已读 400 / 1000 行" in text
    assert 'max="1000" value="400"' in text
    assert read not in text
    admin.post(read, headers=IN_BACKGROUND)
    stored.refresh_from_db()
    assert stored.state == ImportState.READING  # somebody reads it already
    PlanImport.objects.update(read_until=at - timedelta(minutes=1))
    assert read in admin.get(progress, headers=IN_BACKGROUND).content.decode()
    assert admin.post(read, headers=IN_BACKGROUND).status_code == 204
    text = admin.get(progress, headers=IN_BACKGROUND).content.decode()
    assert f'data-go-to="{reverse("plan_import", args=[stored.pk])}"' in text
    assert "every 1s" not in text


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"no workbook", "表.xlsx", "文本文件"),
        (ole("EncryptedPackage"), "表.xlsx", "打开密码"),
        (REAL[:9000], "表.xlsx", "损坏"),
        (b"%PDF-1.4", "表.pdf", "PDF"),
        (with_part("xl/media/x.bin", b"\x00" * 30_000_000, REAL), "表.xlsx", "展开后过大"),
        (table(["甲"], headings=["无", "表头"]), "表.xlsx", "没有找到分解表"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_with_a_sentence(admin, data, name, words):
    text = upload(admin, data, name).content.decode()
    assert words in text
    assert "重新选择文件" in text
    assert PlanImport.objects.get().state == ImportState.FAILED
    assert "未能读取" in admin.get(reverse("plan_imports")).content.decode()


def test_an_empty_file_too_large_a_one_and_none_are_refused_on_the_form(admin, settings):
    assert "文件是空的" in upload(admin, b"").content.decode()
    assert "请选择文件" in admin.post(reverse("plan_imports"), {}).content.decode()
    settings.UPLOAD_MAX_BYTES = 10_000
    assert "上限" in upload(admin, REAL).content.decode()
    assert not PlanImport.objects.exists()


def test_a_table_without_a_year_goes_on_when_the_year_is_typed(admin):
    data = table(row(1), title="没有年份")
    assert "看不出是哪一年" in upload(admin, data).content.decode()
    upload(admin, data, year="2026")
    assert PlanImport.objects.latest("pk").year == 2026


def test_the_template_has_the_citys_units_and_imports_without_a_warning(admin):
    answer = admin.get(reverse("plan_import_template"))
    assert "filename*=utf-8''%E9%87%8D" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert "市卫健委" in [cell.value for cell in book["单位"]["A"]]
    upload(admin, answer.content, "模板.xlsx")
    assert PlanImport.objects.get().problems == []


# --- the preview ----------------------------------------------------------------------------------------


def test_the_table_stands_beside_the_rows_it_was_read_from(admin):
    text = upload(admin, table(row(1, measures="① 培训救护员3.3万人。"), row(2))).content.decode()
    assert "<mark>培训救护员3.3万人</mark>" in text
    assert "不低于33000人" in text
    assert 'id="row-0-3"' in text
    assert text.count('class="file-row"') == 2
    assert "修改这一行" in text


def test_the_same_file_again_is_shown_as_unchanged(admin):
    upload(admin, REAL)
    confirm(admin)
    assert "完全相同" in upload(admin, REAL).content.decode()


def test_changes_are_shown_word_by_word(admin):
    upload(admin, table(row(1), row(2)))
    confirm(admin)
    text = upload(
        admin, table(row(1, measures="① 甲。\n② 丁。"), row(3, title="3. 全新的事"))
    ).content.decode()
    assert '<del><span class="visually-hidden">删去：</span>乙</del>' in text
    assert '<ins><span class="visually-hidden">增加：</span>丁</ins>' in text
    assert "停办</span> 2. 任务2。" in text
    assert "新增</span> 3. 全新的事" in text
    assert 'data-confirm="这次导入会停办 1 项任务' in text
    address = reverse("plan_import_changes", args=[PlanImport.objects.latest("pk").pk])
    assert "任务2。" in admin.get(address, {"kind": "removed"}).content.decode()
    assert admin.get(address, {"kind": "nothing"}).status_code == 404


def test_what_is_stopped_is_stopped_by_the_document_that_was_typed(admin):
    upload(admin, table(row(1), row(2)))
    confirm(admin)
    text = upload(admin, table(row(1)), document_number="明医改组〔2024〕9号").content.decode()
    assert 'value="明医改组〔2024〕9号"' in text
    confirm(admin, stopped_by="明医改办〔2024〕1号")
    assert Task.objects.get(number=2).stopped_by == "明医改办〔2024〕1号"
    plan = Plan.objects.get()
    stopped = admin.get(reverse("plan", args=[plan.pk]) + "?stopped").content.decode()
    assert "明医改办〔2024〕1号" in stopped


def test_errors_are_all_shown_and_there_is_nothing_to_confirm(admin):
    text = upload(admin, table(row(1, "市卫计委"), row(1, title="1. 又一"))).content.decode()
    assert "处错误，改好之前不能导入" in text
    assert "第3行D列" in text
    assert 'page=1#row-0-3"' in text
    assert "确认导入" not in text
    assert "还有错误" in confirm(admin).content.decode()
    assert not Task.objects.exists()


def test_many_problems_are_cut_and_all_of_them_stand_on_their_own_page(admin):
    # Each row lacks its measures and names a unit nobody knows: two problems a row.
    text = upload(admin, table(*(row(n, f"市第{n}局", measures="") for n in range(1, 61)))).content.decode()
    stored = PlanImport.objects.get()
    assert len(stored.problems) == 120
    assert "显示全部 120 处" in text
    address = reverse("plan_import_problems", args=[stored.pk])
    first = admin.get(address).content.decode()
    assert "共 120 处，第 1 / 2 页" in first
    errors = admin.get(address, {"severity": "error"}).content.decode()
    assert "没有写细化措施" not in errors
    assert f'href="{reverse("plan_import", args=[stored.pk])}?page=2#row-0-62"' in errors


def test_a_long_table_is_shown_page_by_page(admin):
    upload(admin, table(*(row(n) for n in range(1, 121))))
    address = reverse("plan_import", args=[PlanImport.objects.get().pk])
    first, last = (admin.get(address, {"page": page}).content.decode() for page in (1, 3))
    assert first.count('class="file-row"') == 50
    assert last.count('class="file-row"') == 20
    assert "任务120。" in last
    assert "任务120。" not in first


def test_two_years_are_compared(admin):
    upload(admin, table(row(1), row(2, title="2. 老任务"), title="2023年重点任务分解表"))
    confirm(admin)
    preview = upload(admin, table(row(1), row(2, title="2. 完全另外的事情"))).content.decode()
    address = reverse("plan_import_years", args=[PlanImport.objects.latest("pk").pk])
    assert address in preview
    counts = admin.get(address, headers=IN_BACKGROUND).content.decode()
    assert f'延续 <a href="{address}?kind=continued"><b class="num">1</b></a>' in counts
    gone = admin.get(address, {"kind": "gone"}).content.decode()
    assert "老任务" in gone
    assert "完全另外的事情" in admin.get(address, {"kind": "new"}).content.decode()


def test_a_preview_waits_until_another_day_and_can_be_discarded(admin):
    upload(admin, table(row(1)))
    stored = PlanImport.objects.get()
    assert "确认导入" in admin.get(reverse("plan_import", args=[stored.pk])).content.decode()
    admin.post(reverse("plan_import_discard", args=[stored.pk]))
    stored.refresh_from_db()
    assert stored.state == ImportState.DISCARDED
    text = admin.get(reverse("plan_import", args=[stored.pk])).content.decode()
    assert "已放弃" in text
    assert "修改这一行" not in text
    again = admin.post(reverse("plan_import_discard", args=[stored.pk]), follow=True)
    assert "不能再次处理" in again.content.decode()


def test_a_stale_preview_cannot_be_confirmed_until_it_is_compared_anew(admin):
    upload(admin, table(row(1)))
    upload(admin, table(row(2)))
    newer, older = PlanImport.objects.order_by("-pk")
    admin.post(reverse("plan_import_apply", args=[newer.pk]))
    page = admin.get(reverse("plan_import", args=[older.pk])).content.decode()
    assert "不能再按这份预览导入" in page
    assert "确认导入" not in page
    answer = admin.post(reverse("plan_import_apply", args=[older.pk]), follow=True)
    assert "请重新比对" in answer.content.decode()
    assert [t.number for t in Task.objects.all()] == [2]
    answer = admin.post(reverse("plan_import_refresh", args=[older.pk]), follow=True)
    assert "确认导入" in answer.content.decode()
    admin.post(reverse("plan_import_apply", args=[older.pk]))
    assert [t.number for t in Task.objects.filter(is_active=True)] == [1]


# --- undoing --------------------------------------------------------------------------------------------


def test_undoing_the_first_import_takes_the_plan_away(admin):
    upload(admin, REAL)
    confirm(admin)
    stored = PlanImport.objects.get()
    answer = admin.post(reverse("plan_import_undo", args=[stored.pk]), follow=True)
    assert answer.request["PATH_INFO"] == reverse("plans")
    assert not Plan.objects.exists()
    assert not Report.objects.exists()
    assert "由赵敏撤销" in admin.get(reverse("plan_import", args=[stored.pk])).content.decode()


def test_undoing_a_later_import_restores_the_plan(admin):
    upload(admin, table(row(1), row(2)))
    confirm(admin)
    upload(admin, table(row(1)))
    confirm(admin)
    assert Task.objects.filter(is_active=True).count() == 1
    latest = PlanImport.objects.latest("pk")
    plan = reverse("plan", args=[Plan.objects.get().pk])
    assert reverse("plan_import", args=[latest.pk]) in admin.get(plan).content.decode()
    answer = admin.post(reverse("plan_import_undo", args=[latest.pk]), follow=True)
    assert answer.request["PATH_INFO"] == plan
    assert Task.objects.filter(is_active=True).count() == 2


def test_what_was_reported_on_stays_and_the_page_says_why(admin, at):
    upload(admin, REAL)
    confirm(admin)
    ProgressEntry.objects.filter(pk=ProgressEntry.objects.first().pk).update(saved_at=at, version=1)
    stored = PlanImport.objects.get()
    page = admin.get(reverse("plan_import", args=[stored.pk])).content.decode()
    assert "已有单位按这份分解表填报，不能撤销" in page
    assert "撤销这次导入" not in page
    answer = admin.post(reverse("plan_import_undo", args=[stored.pk]), follow=True)
    assert "不能撤销" in answer.content.decode()
    assert Plan.objects.exists()


# --- who, and how much it costs -------------------------------------------------------------------------

ADDRESSES = ["", "_progress", "_problems", "_changes", "_years"]
CHANGES = ["_read", "_details", "_columns", "_names", "_refresh", "_apply", "_discard", "_undo"]


@pytest.mark.parametrize("who", ["filler", "signer", "office", "leader", "auditor"])
def test_nobody_else_imports(admin, login, people, who):
    upload(admin, table(row(1)))
    stored = PlanImport.objects.get()
    browser = login(getattr(people, who))
    assert browser.get(reverse("plan_imports")).status_code == 404
    assert browser.get(reverse("plan_import_template")).status_code == 404
    assert browser.get(reverse("plan_import_row", args=[stored.pk, 0, 3])).status_code == 404
    for name in ADDRESSES:
        assert browser.get(reverse(f"plan_import{name}", args=[stored.pk])).status_code == 404
    for name in CHANGES:
        assert browser.post(reverse(f"plan_import{name}", args=[stored.pk])).status_code == 404
    assert upload(browser, table(row(1))).status_code == 404
    assert not Plan.objects.exists()


def test_another_citys_import_is_not_there(admin, people):
    upload(admin, table(row(1)))
    PlanImport.objects.update(issuer=people.admin.unit.parent)
    stored = PlanImport.objects.get()
    for name in ADDRESSES:
        assert admin.get(reverse(f"plan_import{name}", args=[stored.pk])).status_code == 404
    for name in CHANGES:
        assert admin.post(reverse(f"plan_import{name}", args=[stored.pk])).status_code == 404
    stored.refresh_from_db()
    assert stored.state == ImportState.PREVIEWED


def test_the_list_takes_the_same_statements_for_one_row_and_for_three(admin, django_assert_num_queries):
    upload(admin, table(row(1)))
    with django_assert_num_queries(5):
        admin.get(reverse("plan_imports"))
    upload(admin, table(row(1, "无此单位")))
    upload(admin, real_table())
    with django_assert_num_queries(5):
        text = admin.get(reverse("plan_imports")).content.decode()
    assert "1 处错误" in text


def test_a_preview_takes_the_same_statements_for_one_task_and_for_many(admin, django_assert_num_queries):
    for rows in (1, 120):
        upload(admin, table(*(row(n, "市卫健委、市第一局、各县（市、区）") for n in range(1, rows + 1))))
        address = reverse("plan_import", args=[PlanImport.objects.latest("pk").pk])
        with django_assert_num_queries(9):
            admin.get(address)


def test_an_import_of_the_first_version_without_its_cells_can_still_be_read(admin, people, at):
    stored = read_import(waiting(people, at, table(row(1))).pk, at=at)
    stored.source.delete()
    text = admin.get(reverse("plan_import", args=[stored.pk])).content.decode()
    assert "没有保存文件的原样" in text
    assert "任务1。" in text


def test_a_name_of_a_file_or_of_a_heading_is_only_text(admin):
    bad = "<script>alert(1)</script>"
    data = table([*row(1), bad], headings=[*HEADINGS[:4], bad])
    assert bad not in upload(admin, data, f"{bad}.xlsx").content.decode()
