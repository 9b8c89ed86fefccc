"""What a submission keeps of an entry, how an older one is read, and who gets its files."""

import pytest

from tasks_app.choices import EvidenceKind, MeasureState
from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.evidence import evidence_kind
from tasks_app.domain.evidence import actions as evidence
from tasks_app.domain.evidence.queries import visible_attachment
from tasks_app.domain.evidence.rules import safe_name
from tasks_app.domain.exports.queries import period_annex, report_annex
from tasks_app.domain.moves import Refused
from tasks_app.domain.reporting import actions, queries
from tasks_app.domain.reporting.content import (
    EntryContent,
    HeaderContent,
    ReportContent,
    content_of,
    fingerprint,
    is_intact,
)
from tasks_app.domain.reporting.entry_values import FigureGiven, TickGiven
from tasks_app.domain.review.actions import return_report
from tasks_app.models import Attachment, AuditEvent, Indicator, Report, Submission
from tests import cast
from tests.word_files import word_file
from tests.workbooks import row, table, with_part

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9"
WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}


@pytest.fixture
def report(report, people, at) -> Report:
    """三元区's report with both tasks filled in."""
    for entry in report.entries.all():
        actions.save_entry(report.pk, entry.pk, values=WORDS, version=0, by=people.other_filler, at=at)
    return report


@pytest.fixture
def first(report):
    return report.entries.get(task__number=1)


@pytest.fixture
def attach(report, first, people, at):
    """`attach("a.pdf", PDF)` attaches a file to task 1."""
    return lambda name, content: evidence.attach(
        report.pk, first.pk, name=name, size=len(content), content=content, by=people.other_filler, at=at
    )


@pytest.fixture
def submit(report, people, at):
    return lambda: actions.submit_report(report.pk, by=people.other_filler, at=at)


# --- content ------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(report, first, people, attach, submit, at) -> dict:
    """What the submission keeps of task 1, filled in wholly."""
    indicator, measure = cast.make_indicator(first.task.plan, people, at), first.task.measures.get(number=1)
    attach("纪要.pdf", PDF)
    actions.save_entry(
        report.pk,
        first.pk,
        values={
            "answers": {f"beyond-{indicator.pk}": "含县级会商"},
            "evidence_number": "明医改〔2024〕7号",
        },
        ticks={measure.pk: TickGiven(MeasureState.DONE, "2024-06-20")},
        figures={indicator.pk: FigureGiven("40", "2024-06-30", "纪要")},
        version=1,
        by=people.other_filler,
        at=at,
    )
    return submit().content["entries"][0]


def test_a_submission_keeps_ticks_and_figures_in_words(kept):
    done, open_ = kept["measures"]
    assert (
        done.items()
        >= {
            "mark": "①",
            "text": "完善工作专班。",
            "state": "done",
            "done_on": "2024-06-20",
        }.items()
    )
    assert (open_["state"], open_["done_on"]) == ("", "")
    assert kept["indicators"] == [
        {
            "indicator": Indicator.objects.get().pk,
            "name": "会商次数",
            "requirement": "不低于4次",
            "target": "4",
            "unit": "次",
            "value": "40",
            "words": "40次",
            "is_about": False,
            "forecast": "",
            "pace": "",
            "as_of": "2024-06-30",
            "source": "纪要",
        }
    ]


def test_a_submission_keeps_answers_with_their_questions_and_names_the_files(kept):
    answer = kept["answers"][0]
    assert (answer["key"], answer["answer"]) == (f"beyond-{Indicator.objects.get().pk}", "含县级会商")
    assert "相差很大" in answer["question"]
    file = Attachment.objects.get()
    about = {
        "attachment": file.pk,
        "name": "纪要.pdf",
        "kind": "pdf",
        "size": len(PDF),
        "sha256": file.sha256,
    }
    assert kept["attachments"] == [about]
    assert kept["evidence_number"] == "明医改〔2024〕7号"


def test_gathering_the_content_takes_the_same_statements_for_any_number_of_tasks(
    report, django_assert_num_queries
):
    report = Report.objects.select_related("unit", "period__plan").get(pk=report.pk)
    with django_assert_num_queries(6):
        queries.content_now(report)
    report.entries.filter(task__number=2).delete()
    with django_assert_num_queries(6):
        queries.content_now(report)


def test_a_submission_of_an_older_program_is_read_with_every_key():
    old = {
        "task": 1,
        "number": 1,
        "title": "一",
        "progress": "旧",
        "forecast": "",
        "status": "",
        "remarks": "",
    }
    content = ReportContent.from_json({"header": {"unit": "三元区"}, "entries": [old]})
    assert content == ReportContent(
        HeaderContent(unit="三元区"), (EntryContent(task=1, number=1, title="一", progress="旧"),)
    )


def test_what_a_submission_says_comes_back_as_it_was(report, kept):
    stored = Submission.objects.get()
    assert content_of(stored).as_json() == stored.content
    assert content_of(stored) == queries.content_now(Report.objects.get(pk=report.pk))


def test_a_submission_with_words_of_an_older_program_is_intact_and_says_the_same(kept):
    """Until December 2026 the label of a measure's state was kept beside its code."""
    stored = Submission.objects.get()
    now = content_of(stored)
    for measure in stored.content["entries"][0]["measures"]:
        measure["state_label"] = {"done": "已完成", "": ""}[measure["state"]]
    stored.fingerprint = fingerprint(stored.content)
    assert is_intact(stored)
    assert content_of(stored) == now
    stored.content["entries"][0]["status"] = "done"
    assert not is_intact(stored)


def test_an_older_submission_is_exported_as_before(report, people, submit, period, at):
    submit()
    stored = Submission.objects.get()
    for entry in stored.content["entries"]:
        for key in entry.keys() - {"task", "number", "title", "progress", "forecast", "status", "remarks"}:
            del entry[key]
    Submission.objects.bulk_create(
        [
            Submission(
                report=report,
                number=2,
                receipt="alt",
                content=stored.content,
                fingerprint="0" * 64,
                is_late=False,
                submitted_at=at,
                submitted_by=people.other_filler,
            )
        ]
    )
    return_report(report.pk, submission=2, reasons={None: "补数据"}, by=people.office, at=at)
    report.refresh_from_db()
    assert report_annex(report, own=False).blocks[0].items[0].progress == "【达到序时】专班已组建。"
    merged = [item.progress for item in period_annex(period, at=at).blocks[0].items]
    assert merged[0] == "三元区（自评达到序时，已退回）：专班已组建。"


def test_the_annex_says_that_there_is_nothing_new_and_why(report, first, people, submit, period, at):
    values = {"no_news": True, "no_news_reason": "细则未印发", "progress": ""}
    actions.save_entry(report.pk, first.pk, values=values, version=1, by=people.other_filler, at=at)
    submit()
    report.refresh_from_db()
    assert (
        report_annex(report, own=False).blocks[0].items[0].progress == "【达到序时】本期无新进展：细则未印发"
    )
    merged = [item.progress for item in period_annex(period, at=at).blocks[0].items]
    assert "三元区（达到序时）：本期无新进展：细则未印发" in merged


# --- evidence -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, EvidenceKind.PDF),
        (PNG, EvidenceKind.PNG),
        (JPEG, EvidenceKind.JPEG),
        (table(row(1)), EvidenceKind.XLSX),
        (word_file(""), EvidenceKind.DOCX),
    ],
)
def test_the_kind_is_told_by_the_content(data, kind):
    assert evidence_kind(data) == kind


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的"),
        (b"<html><script>alert(1)</script></html>", "不能作为佐证材料"),
        (b"MZ\x90\0\0\0", "不能作为佐证材料"),
        (b"GIF89a\0\0", "不能作为佐证材料"),
        (b"%PDF-1.7 cut off", "没有传完整"),
        (PNG[:20], "没有传完整"),
        (b"PK\x05\x06" + b"\0" * 18, "不能作为佐证材料"),
        (with_part("xl/vbaProject.bin", b"x", table(row(1))), "带有宏"),
    ],
)
def test_what_may_not_be_attached_is_refused_in_a_sentence(data, sentence):
    with pytest.raises(UnreadableDocument, match=sentence):
        evidence_kind(data)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("会议纪要.PDF", "会议纪要.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\文件\\a.pdf", "a.pdf"),
        ("页面.html", "页面.html.pdf"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ('"<a>".pdf', "a.pdf"),
        ("", "佐证材料.pdf"),
        ("长" * 300 + ".pdf", "长" * 146 + ".pdf"),
    ],
)
def test_a_name_is_safe_and_ends_as_its_content_says(name, kept):
    assert safe_name(name, EvidenceKind.PDF) == kept


def test_limits_are_said_in_sentences(attach, settings):
    attach("a.pdf", PDF)
    with pytest.raises(Refused, match="内容相同"):
        attach("b.pdf", PDF)
    settings.EVIDENCE_MAX_BYTES = 1024
    with pytest.raises(Refused, match="上限"):
        attach("c.pdf", PDF + b" " * 2000)
    for number in range(9):
        attach(f"{number}.pdf", PDF + bytes(str(number), "ascii"))
    with pytest.raises(Refused, match="最多附 10 个文件"):
        attach("d.pdf", PDF + b"d")


def test_a_file_taken_off_can_come_again_and_every_step_is_in_the_trail(report, attach, people, at):
    file = attach("a.pdf", PDF)
    for _ in range(2):
        evidence.remove(report.pk, file.pk, by=people.other_filler, at=at)
    assert attach("a.pdf", PDF).pk != file.pk
    notes = AuditEvent.objects.filter(action="evidence").order_by("pk").values_list("note", flat=True)
    assert [note.split("：")[1].split(" ")[0] for note in notes] == ["上传", "移除", "上传"]


def test_nothing_is_attached_to_what_was_submitted(report, attach, submit, people, at):
    file = attach("a.pdf", PDF)
    submit()
    with pytest.raises(Refused, match="填报目前是“已报送”"):
        attach("b.pdf", PDF + b"b")
    with pytest.raises(Refused, match="填报目前是“已报送”"):
        evidence.remove(report.pk, file.pk, by=people.other_filler, at=at)
    assert Attachment.objects.get().removed_at is None


def test_the_office_gets_the_files_that_a_submission_names_and_no_others(report, attach, submit, people, at):
    named = attach("a.pdf", PDF)
    assert visible_attachment(people.office, named.pk, today=at.date()) is None  # a draft is the unit's own
    submit()
    assert visible_attachment(people.office, named.pk, today=at.date()) == named
    return_report(report.pk, submission=1, reasons={None: "补"}, by=people.office, at=at)
    evidence.remove(report.pk, named.pk, by=people.other_filler, at=at)
    draft = attach("b.pdf", PDF + b"b")
    assert visible_attachment(people.office, named.pk, today=at.date()) == named
    assert visible_attachment(people.other_filler, named.pk, today=at.date()) == named
    assert visible_attachment(people.office, draft.pk, today=at.date()) is None
    assert visible_attachment(people.filler, named.pk, today=at.date()) is None
    assert visible_attachment(people.admin, named.pk, today=at.date()) is None
