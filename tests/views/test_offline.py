"""The pages of the offline form: who may, the preview that survives a reload, choosing, confirming, putting aside."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tasks_app.choices import ReportState
from tasks_app.domain.reporting import actions
from tasks_app.models import Report

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}
PROGRESS = "G5"


@pytest.fixture
def report(period, people, at) -> Report:
    """三元区's report: the first task filled in, the second empty."""
    actions.open_due_periods(at=at)
    report = Report.objects.get(unit=people.other_filler.unit)
    save(report, by=people.other_filler, at=at, **WORDS)
    return report


@pytest.fixture
def filler(people, login):
    return login(people.other_filler)


def save(report: Report, *, by, at, **values) -> None:
    entry = first(report)
    actions.save_entry(report.pk, entry.pk, values=values, version=entry.version, by=by, at=at)


def first(report: Report):
    return report.entries.get(task__number=1)


def address(name: str, report: Report) -> str:
    return reverse(f"offline_{name}", args=[report.pk])


def download(client, report: Report) -> bytes:
    return client.get(address("form", report)).content


def typed(data: bytes, **cells: str | None) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for place, text in cells.items():
        book["填报表"][place] = text
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def upload(client, report: Report, data: bytes, name: str = "离线表.xlsx"):
    return client.post(address("upload", report), {"file": SimpleUploadedFile(name, data)}, follow=True)


def html(response) -> str:
    return response.content.decode()


def box(report: Report, field: str = "progress") -> str:
    return f"{first(report).pk}-{field}"


def choices(response, **chosen: str) -> dict[str, str]:
    """What the browser sends for a page: the hidden fields as they are, and what was chosen."""
    form = response.context["form"]
    sent = {name: form[name].value() for name in form.fields if name.startswith(("seen-", "joined-"))}
    return {key: value or "" for key, value in sent.items()} | chosen


def test_the_links_stand_on_the_form_that_may_be_saved(report, filler):
    page = html(filler.get(reverse("report", args=[report.pk])))
    assert address("form", report) in page
    assert address("upload", report) in page


def test_the_file_is_a_download_with_a_chinese_name(report, filler):
    response = filler.get(address("form", report))
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E4%B8%89%E5%85%83")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert openpyxl.load_workbook(io.BytesIO(response.content)).active[PROGRESS].value == "专班已组建。"


def test_only_the_units_filler_comes_in(report, people, login):
    names = ("form", "upload", "preview")
    for person in (people.filler, people.signer, people.office, people.admin, people.auditor):
        client = login(person)
        assert {client.get(address(name, report)).status_code for name in names} == {404}
        assert {client.post(address(n, report)).status_code for n in ("place", "apply", "discard")} == {404}


def test_from_download_to_the_draft(report, filler):
    data = typed(download(filler, report), G6="离线写的。", H6="未启动")
    response = upload(filler, report, data)
    assert response.redirect_chain[-1][0] == address("preview", report)
    page = html(response)
    for words in ("离线写的。", "将采用文件中的内容（2 处）", "没有改动", "还没有写入", "离线表.xlsx"):
        assert words in page
    assert report.entries.get(task__number=2).progress == ""
    response = filler.post(address("apply", report), follow=True)
    assert "写入 2 处" in html(response)
    entry = report.entries.get(task__number=2)
    assert (entry.progress, entry.status) == ("离线写的。", "not_started")
    assert Report.objects.get(pk=report.pk).state == ReportState.DRAFT


def test_the_preview_survives_a_reload_and_follows_what_others_write(report, people, at, filler):
    upload(filler, report, typed(download(filler, report), **{PROGRESS: "文件改的。"}))
    for _ in range(2):
        assert "将采用文件中的内容（1 处）" in html(filler.get(address("preview", report)))
    save(report, by=people.other_filler, at=at, progress="网上改的。")
    page = html(filler.get(address("preview", report)))
    assert "需要您选择（1 处）" in page
    assert "网上改的。" in page
    assert "继续核对" in html(filler.get(address("upload", report)))


def conflict(report, people, at, filler):
    data = typed(download(filler, report), **{PROGRESS: "文件改的。"})
    save(report, by=people.other_filler, at=at, progress="网上改的。")
    return upload(filler, report, data)


@pytest.mark.parametrize(
    ("choice", "result"),
    [("file", "文件改的。"), ("server", "网上改的。"), ("joined", "网上改的。\n文件改的。")],
)
def test_a_conflict_is_chosen_side_by_side(report, people, at, filler, choice, result):
    response = conflict(report, people, at, filler)
    page = html(response)
    assert "两边都改过，且不相同" in page
    assert "郑小红" in page
    sent = choices(response, **{f"choice-{box(report)}": choice})
    assert "写入" in html(filler.post(address("apply", report), sent, follow=True))
    assert first(report).progress == result


def test_without_a_choice_nothing_is_written_and_what_was_joined_stays_on_the_page(
    report, people, at, filler
):
    response = conflict(report, people, at, filler)
    sent = choices(response) | {f"joined-{box(report)}": "我合并的话"}
    page = html(filler.post(address("apply", report), sent))
    assert "没有写入" in page
    assert "请选择用哪一边的文字" in page
    assert "我合并的话" in page
    assert first(report).progress == "网上改的。"


def test_a_choice_is_asked_again_when_the_server_changed_meanwhile(report, people, at, filler):
    response = conflict(report, people, at, filler)
    sent = choices(response, **{f"choice-{box(report)}": "file"})
    save(report, by=people.other_filler, at=at, progress="网上又改的。")
    again = filler.post(address("apply", report), sent)
    assert "网上又改的。" in html(again)
    assert first(report).progress == "网上又改的。"
    sent = choices(again, **{f"choice-{box(report)}": "file"})
    filler.post(address("apply", report), sent)
    assert first(report).progress == "文件改的。"


def test_an_emptied_box_is_asked_about(report, filler):
    response = upload(filler, report, typed(download(filler, report), **{PROGRESS: None}))
    assert "文件中清空了这一格" in html(response)
    sent = choices(response, **{f"choice-{box(report)}": "file"})
    filler.post(address("apply", report), sent)
    assert first(report).progress == ""


def test_a_text_that_is_too_long_is_shortened_on_the_page(report, filler):
    response = upload(filler, report, typed(download(filler, report), **{PROGRESS: "长" * 10_001}))
    assert "文件中有 10,001 字" in html(response)
    chosen = {f"choice-{box(report)}": "joined"}
    page = html(filler.post(address("apply", report), choices(response, **chosen)))
    assert "有 10,001 字，超过 10,000 字的上限" in page
    sent = choices(response, **chosen) | {f"joined-{box(report)}": "短了。\r\n两行。"}
    filler.post(address("apply", report), sent)
    assert first(report).progress == "短了。\n两行。"


def test_a_strange_row_is_given_to_a_task_or_left(report, filler):
    data = typed(download(filler, report), B9="2", C9="二、", G9="插入的一行。")
    page = html(upload(filler, report, data))
    assert "认不出的行（1 行）" in page
    second = report.entries.get(task__number=2)
    assert f'<option value="{second.pk}" selected' in page  # its number says for which task
    response = filler.post(address("place", report), {"line": 9, "entry": second.pk}, follow=True)
    assert "将采用文件中的内容（1 处）" in html(response)
    assert "已放入任务的行" in html(response)
    response = filler.post(address("place", report), {"line": 9, "entry": ""}, follow=True)
    assert "认不出的行（1 行）" in html(response)
    filler.post(address("place", report), {"line": 9, "entry": second.pk})
    filler.post(address("apply", report))
    second.refresh_from_db()
    assert second.progress == "插入的一行。"


def test_a_wrong_file_is_answered_with_what_to_do(report, filler):
    for data, words in (
        (b"", "文件是空的"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"x" * (5 * 1024 * 1024 + 1), "超过 5 MB"),
        (typed(download(filler, report), A1="离线表:别处"), "标识已被改动"),
    ):
        assert words in html(upload(filler, report, data))
    assert "请选择填好的离线表" in html(filler.post(address("upload", report)))


def test_a_submitted_report_says_so(report, people, at, filler):
    upload(filler, report, typed(download(filler, report), **{PROGRESS: "晚了。"}))
    Report.objects.filter(pk=report.pk).update(
        state=ReportState.SUBMITTED, submitted_at=at, first_submitted_at=at, submitted_by=people.other_filler
    )
    assert "没有写入" in html(filler.post(address("apply", report), follow=True))
    assert "没有下载" in html(filler.get(address("form", report), follow=True))
    assert "晚了。" in html(filler.get(address("preview", report)))  # still there to be copied


def test_an_upload_can_be_put_aside(report, filler):
    upload(filler, report, typed(download(filler, report), **{PROGRESS: "不要了。"}))
    assert "已放弃这次上传" in html(filler.post(address("discard", report), follow=True))
    for name in ("apply", "place"):
        assert "没有等待确认的离线表" in html(filler.post(address(name, report), follow=True))
    assert filler.get(address("preview", report)).status_code == 302
    assert first(report).progress == "专班已组建。"


def test_the_preview_takes_the_same_queries_for_any_history(
    report, people, at, filler, django_assert_num_queries
):
    upload(filler, report, typed(download(filler, report), **{PROGRESS: "文件改的。"}))
    for number in range(2):
        with django_assert_num_queries(7):
            filler.get(address("preview", report))
        for later in range(3):
            save(report, by=people.other_filler, at=at, progress=f"网上{number}{later}。")
