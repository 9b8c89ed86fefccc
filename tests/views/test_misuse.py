"""What no page of ours asks for: wrong methods, too much at once, signs that nobody can see."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tasks_app.domain.reporting import actions
from tasks_app.models import ProgressEntry, Report

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": "", "version": 0}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def entry(period, people, at) -> ProgressEntry:
    """The first entry of 三元区's report, just opened."""
    actions.open_due_periods(at=at)
    return Report.objects.get(unit=people.other_filler.unit).entries.get(task__number=1)


def address(name: str, entry: ProgressEntry) -> str:
    return reverse(name, args=[entry.report_id, entry.pk])


def test_an_address_that_only_takes_forms_says_so(entry, people, login):
    answer = login(people.other_filler).get(address("report_save_entry", entry))
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "这个地址不能直接打开" in answer.text
    assert 'href="/"' in answer.text


def test_a_background_request_gets_no_page(entry, people, login):
    assert login(people.other_filler).get(address("report_save_entry", entry), headers=HTMX).text == ""


def test_too_many_files_at_once_are_refused_with_a_sentence(entry, people, login):
    files = [SimpleUploadedFile(f"{number}.pdf", b"%PDF-1.7\n%%EOF\n") for number in range(200)]
    answer = login(people.other_filler).post(address("evidence_upload", entry), {"files": files})
    assert answer.status_code == 400
    assert "一次提交的内容太多" in answer.text


def test_a_text_too_large_for_any_box_is_refused_with_a_sentence(entry, people, login):
    words = {**WORDS, "progress": "长" * 2_000_000}
    answer = login(people.other_filler).post(address("report_save_entry", entry), words)
    assert answer.status_code == 400
    assert "一次提交的内容太多" in answer.text


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=none", "text/plain"])
def test_a_form_of_another_kind_changes_nothing(entry, people, login, kind):
    client = login(people.other_filler)
    answer = client.post(address("report_save_entry", entry), b'{"progress": "x"}', content_type=kind)
    assert answer.status_code in (400, 409)
    assert re.search("[一-龥]", answer.text)
    assert ProgressEntry.objects.get(pk=entry.pk).version == 0


def test_what_nobody_can_see_is_taken_out_of_what_was_typed(entry, people, login):
    typed = "第一行\x0b第二行\x00\x07\ufeff零\u200b宽\u202e反\u202c\x85第三行\t列\U0001f600"
    answer = login(people.other_filler).post(
        address("report_save_entry", entry), {**WORDS, "progress": typed, "remarks": "甲\r\n乙"}, headers=HTMX
    )
    assert "已保存" in answer.text
    saved = ProgressEntry.objects.get(pk=entry.pk)
    assert saved.progress == "第一行\n第二行零宽反\n第三行\t列\U0001f600"
    assert saved.remarks == "甲\n乙"


def test_what_nobody_can_see_is_not_searched_for(entry, people, login):
    answer = login(people.other_filler).get("/practices?text=%00%E5%8C%BB&unit=%00")
    assert answer.status_code == 200
    assert 'value="医"' in answer.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "20244-07-01", "2024-02-30", "７月"])
def test_a_day_that_makes_no_sense_is_pointed_out(entry, people, login, day):
    auditor = login(people.auditor).get("/audit", {"since": day, "until": day})
    assert auditor.status_code == 200
    extension = {"reason": "数据未齐", "situation": "八成", "wanted_on": day}
    asked = login(people.other_filler).post(reverse("extension_ask", args=[entry.report_id]), extension)
    for page in (auditor.text, asked.text):
        assert "没有看懂这个日期" in page or "年份似乎有误" in page
    assert "数据未齐" in asked.text
