"""Evidence: uploaded and removed by the unit, taken away by whoever may read the report, never shown inline."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tasks_app.domain.reporting import actions
from tasks_app.models import Attachment, Report

PDF = b"%PDF-1.7\n%%EOF\n"
HTMX = {"HX-Request": "true"}
WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}


@pytest.fixture
def entry(report):
    return report.entries.get(task__number=1)


@pytest.fixture
def upload(report, entry, people, login):
    """`upload(("a.pdf", PDF), …)` sends files as the page does."""

    def send(*files, user=people.other_filler, htmx=True):
        address = reverse("evidence_upload", args=[report.pk, entry.pk])
        data = {"files": [SimpleUploadedFile(name, content) for name, content in files]}
        return login(user).post(address, data, headers=HTMX if htmx else {})

    return send


def test_several_files_come_at_once_and_a_bad_one_keeps_none_out(upload):
    page = upload(("纪要.pdf", PDF), ("坏.exe", b"MZ\0"), ("表.pdf", PDF + b"2")).content.decode()
    assert "佐证材料（2 个文件）" in page
    assert "坏.exe：这种文件不能作为佐证材料上传" in page
    assert [file.name for file in Attachment.objects.all()] == ["纪要.pdf", "表.pdf"]


def test_a_large_file_is_refused_before_it_is_read(upload, settings):
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024
    page = upload(("大.pdf", PDF + b" " * 1024 * 1024)).content.decode()
    assert "大.pdf：文件有 1.0 MB，超过 1 MB 的上限" in page
    assert not Attachment.objects.exists()


def test_choosing_nothing_is_said(upload):
    assert "请先选择文件" in upload().content.decode()


def test_it_works_without_script(report, entry, people, login):
    client = login(people.other_filler)
    files = [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("坏.exe", b"MZ\0")]
    answer = client.post(reverse("evidence_upload", args=[report.pk, entry.pk]), {"files": files})
    assert answer.url == f"{reverse('report', args=[report.pk])}#task-1"
    page = client.get(reverse("report", args=[report.pk])).content.decode()
    assert "a.pdf" in page
    assert "坏.exe：这种文件不能" in page
    client.post(reverse("evidence_remove", args=[report.pk, entry.pk, Attachment.objects.get().pk]))
    assert Attachment.objects.get().removed_at is not None


def test_a_file_is_sent_as_a_download_with_its_name(upload, people, login):
    upload(("会议 纪要.pdf", PDF))
    answer = login(people.other_filler).get(reverse("evidence_download", args=[Attachment.objects.get().pk]))
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_office_gets_it_once_it_was_submitted_and_others_never(upload, report, people, login, at):
    upload(("a.pdf", PDF))
    address = reverse("evidence_download", args=[Attachment.objects.get().pk])
    assert login(people.office).get(address).status_code == 404
    for draft in report.entries.all():
        actions.save_entry(
            report.pk, draft.pk, values=WORDS, version=draft.version, by=people.other_filler, at=at
        )
    actions.submit_report(report.pk, by=people.other_filler, at=at)
    assert login(people.office).get(address).content == PDF
    assert login(people.leader).get(address).content == PDF
    for stranger in (people.filler, people.bureau_signer, people.admin, people.auditor):
        assert login(stranger).get(address).status_code == 404
    page = login(people.other_filler).get(reverse("report", args=[report.pk])).content.decode()
    assert address in page  # also when the form is locked
    assert "已报送" in upload(("b.pdf", PDF + b"b")).content.decode()


def test_another_units_entry_takes_no_file(upload, people, entry, report, login):
    assert upload(("a.pdf", PDF), user=people.filler).status_code == 404
    foreign = Report.objects.get(unit=people.filler.unit).entries.first()
    address = reverse("evidence_upload", args=[report.pk, foreign.pk])
    assert login(people.other_filler).post(address).status_code == 404
    upload(("a.pdf", PDF))
    file = Attachment.objects.get()
    through_another = reverse("evidence_remove", args=[report.pk, report.entries.last().pk, file.pk])
    assert login(people.other_filler).post(through_another).status_code == 404
