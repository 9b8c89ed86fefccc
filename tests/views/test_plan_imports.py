"""Upload, preview, confirm: the page asks before it writes; a bad file gives sentences, never a 500."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tasks_app.choices import ImportState
from tasks_app.models import Plan, PlanImport, Report, Task
from tests.cast import REAL_TABLE
from tests.workbooks import HEADINGS, ole, real_table, row, table, with_part

REAL = REAL_TABLE.read_bytes()


@pytest.fixture
def admin(login, people):
    return login(people.admin)


def upload(browser, data: bytes, name: str = "表.xlsx", **fields: str):
    return browser.post(
        reverse("plan_imports"), {"file": SimpleUploadedFile(name, data), **fields}, follow=True
    )


def test_the_real_table_from_upload_to_open_reports(admin):
    answer = upload(
        admin, REAL, REAL_TABLE.name, document_number="明医改组〔2024〕4号", issued_on="2024-06-27"
    )
    stored = PlanImport.objects.get()
    assert answer.request["PATH_INFO"] == reverse("plan_import", args=[stored.pk])
    text = answer.content.decode()
    for figure in ("<b>6</b>", "<b>24</b>", "<b>85</b>", "<b>26</b>", "<b>303</b>"):
        assert figure in text
    assert "第7行A列" in text
    assert not Plan.objects.exists()
    answer = admin.post(reverse("plan_import_apply", args=[stored.pk]), follow=True)
    plan = Plan.objects.get()
    assert answer.request["PATH_INFO"] == reverse("plan", args=[plan.pk])
    assert (plan.document_number, str(plan.issued_on)) == ("明医改组〔2024〕4号", "2024-06-27")
    assert Report.objects.count() == 26
    assert (
        "已于 2024-07-15 10:00 导入" in admin.get(reverse("plan_import", args=[stored.pk])).content.decode()
    )


def test_the_same_file_again_is_shown_as_unchanged(admin):
    upload(admin, REAL)
    admin.post(reverse("plan_import_apply", args=[PlanImport.objects.get().pk]))
    assert "完全相同" in upload(admin, REAL).content.decode()


def test_changes_are_shown_word_by_word(admin):
    upload(admin, table(row(1), row(2)))
    admin.post(reverse("plan_import_apply", args=[PlanImport.objects.get().pk]))
    text = upload(
        admin, table(row(1, measures="① 甲。\n② 丁。"), row(3, title="3. 全新的事"))
    ).content.decode()
    assert '<del><span class="visually-hidden">删去：</span>乙</del>' in text
    assert '<ins><span class="visually-hidden">增加：</span>丁</ins>' in text
    assert "去掉</span> 2. 任务2。" in text
    assert "新增</span> 3. 全新的事" in text
    assert 'data-confirm="这次导入会删除或停办 1 项任务' in text


def test_errors_are_all_shown_and_there_is_nothing_to_confirm(admin):
    text = upload(admin, table(row(1, "市卫计委"), row(1, title="1. 又一"))).content.decode()
    assert "有 2 处错误" in text
    assert "第3行D列" in text
    assert "第4行B列" in text
    assert "确认导入" not in text
    stored = PlanImport.objects.get()
    answer = admin.post(reverse("plan_import_apply", args=[stored.pk]), follow=True)
    assert "还有错误" in answer.content.decode()
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        (b"no workbook", "文本文件"),
        (ole("EncryptedPackage"), "打开密码"),
        (ole("Workbook"), "旧格式的 Excel"),
        (REAL[:9000], "损坏"),
        (with_part("xl/media/x.bin", b"\x00" * 30_000_000, REAL), "展开后过大"),
        (table(["甲"], headings=["无", "表头"]), "没有找到分解表"),
        (table(row(1), headings=[*HEADINGS[:1], "别的", *HEADINGS[2:]]), "缺少“主要目标要求”列"),
        (table(row(1), title="没有年份"), "看不出是哪一年"),
    ],
)
def test_a_bad_file_is_answered_on_the_upload_page(admin, data, words):
    answer = upload(admin, data)
    assert answer.status_code in (200, 422)
    assert words in answer.content.decode()
    assert not PlanImport.objects.exists()


def test_a_table_without_a_year_goes_on_when_the_year_is_typed(admin):
    data = table(row(1), title="没有年份")
    upload(admin, data, year="2026")
    assert PlanImport.objects.get().year == 2026


def test_an_upload_that_is_too_large_is_refused(admin, settings):
    settings.UPLOAD_MAX_BYTES = 10_000
    assert "上限" in upload(admin, REAL).content.decode()
    assert not PlanImport.objects.exists()


def test_no_file_is_a_sentence_too(admin):
    assert "请选择文件" in admin.post(reverse("plan_imports"), {}).content.decode()


def test_a_preview_waits_until_another_day_and_can_be_discarded(admin):
    upload(admin, table(row(1)))
    stored = PlanImport.objects.get()
    assert "确认导入" in admin.get(reverse("plan_import", args=[stored.pk])).content.decode()
    admin.post(reverse("plan_import_discard", args=[stored.pk]))
    stored.refresh_from_db()
    assert stored.state == ImportState.DISCARDED
    assert "已放弃" in admin.get(reverse("plan_import", args=[stored.pk])).content.decode()
    assert (
        "不能再次处理"
        in admin.post(reverse("plan_import_discard", args=[stored.pk]), follow=True).content.decode()
    )


def test_a_stale_preview_cannot_be_confirmed(admin):
    upload(admin, table(row(1)))
    upload(admin, table(row(2)))
    newer, older = PlanImport.objects.order_by("-pk")
    admin.post(reverse("plan_import_apply", args=[newer.pk]))
    page = admin.get(reverse("plan_import", args=[older.pk])).content.decode()
    assert "不能再按这份预览导入" in page
    assert "确认导入" not in page
    answer = admin.post(reverse("plan_import_apply", args=[older.pk]), follow=True)
    assert "请重新上传" in answer.content.decode()
    assert [t.number for t in Task.objects.all()] == [2]


@pytest.mark.parametrize("who", ["filler", "signer", "office", "leader", "auditor"])
def test_nobody_else_imports(admin, login, people, who):
    upload(admin, table(row(1)))
    stored = PlanImport.objects.get()
    browser = login(getattr(people, who))
    assert browser.get(reverse("plan_imports")).status_code == 404
    assert browser.get(reverse("plan_import", args=[stored.pk])).status_code == 404
    assert browser.post(reverse("plan_import_apply", args=[stored.pk])).status_code == 404
    assert browser.post(reverse("plan_import_discard", args=[stored.pk])).status_code == 404
    assert upload(browser, table(row(1))).status_code == 404
    assert not Plan.objects.exists()


def test_the_list_takes_the_same_statements_for_one_row_and_for_three(admin, django_assert_num_queries):
    upload(admin, table(row(1)))
    with django_assert_num_queries(5):
        admin.get(reverse("plan_imports"))
    upload(admin, table(row(1, "无此单位")))
    upload(admin, real_table())
    with django_assert_num_queries(5):
        text = admin.get(reverse("plan_imports")).content.decode()
    assert "1 处错误" in text


def test_a_name_of_a_file_is_only_text(admin):
    text = upload(admin, table(row(1)), "<script>alert(1)</script>.xlsx").content.decode()
    assert "<script>alert" not in text
