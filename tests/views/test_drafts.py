"""Official documents in the browser: downloads, the page of a template, its check and its restoration."""

from io import BytesIO
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from tasks_app.choices import DocumentKind, NoticeColour
from tasks_app.domain.drafts.placeholders import PLACEHOLDERS
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import DocumentTemplate, SupervisionNotice

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def notice(plan, units, people, at) -> SupervisionNotice:
    """A 督查单 that is being drafted."""
    return SupervisionNotice.objects.create(
        issuer=people.office.unit, plan=plan, unit=units["将乐县"], thing="x", colour=NoticeColour.BLUE,
        title="事由", grounds="依据", requirement="要求", reply_due_on=at.date(),
        drafted_by=people.office, drafted_at=at,
    )  # fmt: skip


def upload(*texts: str, name: str = "模板.docx") -> SimpleUploadedFile:
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    stream = BytesIO()
    document.save(stream)
    return SimpleUploadedFile(name, stream.getvalue())


def test_a_draft_is_an_attachment_with_its_chinese_name(login, people, notice):
    response = login(people.office).get(reverse("notice_document", args=[notice.pk, "notice"]))
    assert (response.status_code, response["Content-Type"]) == (200, DOCX)
    kind, _, name = response["Content-Disposition"].partition("; filename*=utf-8''")
    assert (kind, unquote(name)) == ("attachment", "将乐县蓝色督查单（代拟稿）20240715.docx")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "代拟稿" in Document(BytesIO(response.content)).paragraphs[0].text


def test_a_kind_that_does_not_belong_there_is_a_404(login, people, notice):
    client = login(people.office)
    for kind in ("corrections", "call", "x"):
        assert client.get(reverse("notice_document", args=[notice.pk, kind])).status_code == 404


def test_others_see_nothing(login, people, notice):
    for user in (people.filler, people.leader, people.auditor):
        client = login(user)
        assert client.get(reverse("notice_document", args=[notice.pk, "notice"])).status_code == 404
        assert client.get(reverse("documents")).status_code == 404


def test_what_cannot_be_drafted_is_said_where_it_was_asked_for(login, people, period, at):
    open_due_periods(at=at)
    client, page = login(people.office), reverse("documents")
    address = reverse("unit_call", args=[people.filler.unit_id])
    response = client.get(address, headers={"referer": f"http://testserver{page}"}, follow=True)
    assert response.redirect_chain == [(f"http://testserver{page}", 302)]
    assert "将乐县没有逾期未报的填报，不需要催报。" in response.content.decode()
    elsewhere = client.get(address, headers={"referer": "http://example.invalid/"})
    assert elsewhere["Location"] == page


def test_the_page_lists_six_documents(login, people, django_assert_max_num_queries):
    client = login(people.admin)
    with django_assert_max_num_queries(6):
        html = client.get(reverse("documents")).content.decode()
    assert all(kind.label in html for kind in DocumentKind)
    assert html.count("系统自带") == 6


@pytest.mark.parametrize("kind", DocumentKind)
def test_the_page_of_a_document_lists_what_can_be_filled_in(login, people, kind):
    html = login(people.office).get(reverse("document", args=[kind])).content.decode()
    for each in PLACEHOLDERS[kind]:
        for code, _ in each.codes:
            assert f"<code>{code}</code>" in html


def test_template_and_sample_can_be_taken_away(login, people):
    client = login(people.office)
    template = client.get(reverse("document_template", args=["letter"]))
    assert unquote(template["Content-Disposition"]).endswith("提醒函模板.docx")
    assert "{{ 标题 }}" in Document(BytesIO(template.content)).element.xml
    sample = client.get(reverse("document_sample", args=["letter"]))
    assert "{{" not in Document(BytesIO(sample.content)).element.xml


def test_a_template_is_replaced_and_restored(login, people):
    client, page = login(people.office), reverse("document", args=["letter"])
    response = client.post(page, {"file": upload("代拟稿", "{{ 标题 }}", name="本办.docx")}, follow=True)
    html = response.content.decode()
    assert "检查通过，提醒函已改用“本办.docx”。" in html
    assert "陈志远于 2024年7月15日 10:00 上传" in html
    template = client.get(reverse("document_template", args=["letter"]))
    assert [p.text for p in Document(BytesIO(template.content)).paragraphs] == ["代拟稿", "{{ 标题 }}"]
    html = client.post(reverse("document_restore", args=["letter"]), follow=True).content.decode()
    assert "提醒函已恢复使用系统自带的模板。" in html
    assert not DocumentTemplate.objects.exists()


def test_what_is_wrong_with_a_template_is_listed(login, people):
    client, page = login(people.office), reverse("document", args=["letter"])
    html = client.post(page, {"file": upload("代拟稿", "{{ 事曲 }}{{ ''.__class__ }}")}).content.decode()
    assert "模板没有启用" in html
    assert "“事曲”不在本公文的填写项里，是否应为“事由”" in html
    assert "用了不支持的写法" in html
    assert not DocumentTemplate.objects.exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, "请选择模板文件。"),
        (SimpleUploadedFile("x.docx", b""), "文件是空的"),
        (SimpleUploadedFile("x.docx", b"0" * 2_200_000), "文件超过 2 MB"),
    ],
    ids=["none", "empty", "large"],
)
def test_a_form_without_a_proper_file_is_shown_again(login, people, file, words):
    data = {"file": file} if file else {}
    html = login(people.office).post(reverse("document", args=["call"]), data).content.decode()
    assert words in html


def test_a_notice_offers_its_documents(login, people, notice):
    html = login(people.office).get(reverse("notice", args=[notice.pk])).content.decode()
    for kind in ("notice", "letter"):
        assert reverse("notice_document", args=[notice.pk, kind]) in html
