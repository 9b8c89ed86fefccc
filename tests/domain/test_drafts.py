"""Drafts of official documents: whose values they hold, which template is used, what the audit trail says."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from docx import Document

from tasks_app.choices import (
    AuditAction,
    DocumentKind,
    InterviewState,
    NoticeColour,
    NoticeState,
    ReportState,
)
from tasks_app.clock import SHANGHAI
from tasks_app.documents.official_templates import own_template
from tasks_app.domain.drafts import actions, queries, rules
from tasks_app.domain.drafts.placeholders import OFFICE, PLACEHOLDERS, known_names, sample_values
from tasks_app.domain.escalation.candidates import candidate_of
from tasks_app.domain.escalation.rules import filing_thing
from tasks_app.domain.moves import Refused
from tasks_app.domain.reporting.queries import timeline
from tasks_app.models import AuditEvent, DocumentTemplate, Interview, Plan, Report, SupervisionNotice
from tests.matters_stage import item_of

K = DocumentKind
LATE = datetime(2024, 7, 31, 9, 0, tzinfo=SHANGHAI)  # a Wednesday, four working days after the limit


@pytest.fixture
def notice(signed_report, people, plan, at) -> SupervisionNotice:
    """An issued orange 督查单."""
    return SupervisionNotice.objects.create(
        issuer=people.office.unit,
        plan=plan,
        unit=signed_report.unit,
        thing="x",
        task=plan.tasks.get(number=2),
        colour=NoticeColour.ORANGE,
        state=NoticeState.ISSUED,
        year=2024,
        number=3,
        title="推进健康管护组织建设。",
        grounds="第一条依据。\n\n  第二条依据。 ",
        requirement="请整改。",
        higher_because="影响全市考核。",
        reply_due_on=date(2024, 8, 9),
        drafted_by=people.office,
        drafted_at=at,
        issued_by=people.office,
        issued_at=at,
    )


@pytest.fixture
def interview(signed_report, people, plan, at) -> Interview:
    """A 约谈 that was held, with two corrections."""
    held = Interview.objects.create(
        issuer=people.office.unit,
        plan=plan,
        unit=signed_report.unit,
        thing="x",
        state=InterviewState.CORRECTING,
        year=2024,
        number=1,
        title="进展缓慢",
        grounds="依据",
        interviewee="李某 副县长",
        interviewer="刘德明",
        planned_at=datetime(2024, 8, 15, 15, 0, tzinfo=SHANGHAI),
        place="会议室",
        held_on=date(2024, 8, 15),
        record="指出问题。\n作出表态。",
        proposed_by=people.office,
        proposed_at=at,
    )
    for number, text in ((2, "乙"), (1, "甲")):
        item_of(held, number, text, date(2024, 8, 31))
    return held


def text_of(draft: actions.DraftDocument) -> str:
    return "\n".join(each.text for each in Document(BytesIO(draft.content)).element.body.iter("{*}p"))


def test_a_call_names_what_is_overdue(signed_report, people):
    draft = actions.draft_call(signed_report.unit, by=people.office, at=LATE)
    text = text_of(draft)
    assert draft.name == "将乐县催报通知（代拟稿）20240731.docx"
    assert "将乐县：" in text
    assert "1.2024年上半年：应于2024年7月25日前报送，已逾期4个工作日。" in text
    assert "你单位尚有1期未报送" in text
    assert "请你单位于2024年8月5日前" in text  # three working days, over a week-end
    assert "联系人：陈志远，联系电话：0598-8220000。" in text
    assert "明医改办〔2024〕　号" in text
    event = AuditEvent.objects.filter(action=AuditAction.EXPORT).get()
    assert (event.note, event.unit, event.actor) == (draft.name, signed_report.unit, people.office)


def test_a_call_says_what_was_returned(signed_report, people, at):
    Report.objects.filter(pk=signed_report.pk).update(
        state=ReportState.RETURNED, submitted_at=at, first_submitted_at=at, submitted_by=people.filler
    )
    assert "（已退回，尚未重报）。" in text_of(
        actions.draft_call(signed_report.unit, by=people.office, at=LATE)
    )


def test_nothing_overdue_needs_no_call(signed_report, people, at):
    with pytest.raises(Refused, match="不需要催报"):
        actions.draft_call(signed_report.unit, by=people.office, at=at)
    period = signed_report.period
    period.closes_on = date(2024, 7, 30)
    period.save()
    with pytest.raises(Refused):  # nobody can file any more
        actions.draft_call(signed_report.unit, by=people.office, at=LATE)
    assert not AuditEvent.objects.filter(action=AuditAction.EXPORT).exists()


def test_a_call_asks_for_what_is_owed_and_for_nothing_of_a_settled_year(signed_report, people, at):
    reports, period = Report.objects.filter(pk=signed_report.pk), signed_report.period
    period.closes_on = date(2024, 7, 30)
    period.save()
    submitted = {"submitted_at": at, "first_submitted_at": at, "submitted_by": people.filler}
    reports.update(state=ReportState.RETURNED, returned_at=at, **submitted)  # it has a limit of its own
    call = actions.draft_call(signed_report.unit, by=people.office, at=LATE)
    assert "（已退回，尚未重报）。" in text_of(call)
    Plan.objects.filter(pk=period.plan_id).update(closed_at=at, closed_by=people.office)
    with pytest.raises(Refused, match="不需要催报"):
        actions.draft_call(signed_report.unit, by=people.office, at=LATE)


def test_a_notice_is_written_out(notice, people):
    text = text_of(actions.draft_of_notice(notice, K.NOTICE, by=people.office, at=LATE))
    assert f"{OFFICE}\n关于推进健康管护组织建设的督查单" in text
    assert "明医改督〔2024〕3号" in text
    assert "■ 橙色督查单" in text
    assert "本单直接使用橙色，理由：影响全市考核。" in text
    assert "\n第一条依据。\n第二条依据。\n" in text
    assert "并于2024年8月9日前回复" in text
    assert "将转为红色督查单" in text
    assert "\n2024年7月15日\n" in text  # the day of its issue
    assert "此前" not in text


def test_a_notice_names_the_one_before(notice, people, at):
    before = SupervisionNotice.objects.create(
        issuer=notice.issuer, plan=notice.plan, unit=notice.unit, thing="x", colour=NoticeColour.BLUE,
        state=NoticeState.RAISED, year=2024, number=1, title="甲", grounds="乙", requirement="丙",
        reply_due_on=date(2024, 7, 9), drafted_by=people.office, drafted_at=at, issued_by=people.office, issued_at=at,
    )  # fmt: skip
    notice.predecessor = before
    text = text_of(actions.draft_of_notice(notice, K.NOTICE, by=people.office, at=LATE))
    assert "蓝色督查单（明医改督〔2024〕1号）" in text


def test_a_draft_has_a_blank_for_the_number(notice, people, at):
    notice.state, notice.number, notice.year, notice.issued_at = NoticeState.DRAFT, None, None, None
    text = text_of(actions.draft_of_notice(notice, K.NOTICE, by=people.office, at=LATE))
    assert "明医改督〔2024〕　号" in text
    assert "\n2024年7月31日\n" in text


def test_a_withdrawn_notice_makes_no_document(notice, people):
    notice.state = NoticeState.WITHDRAWN
    for kind in rules.NOTICE_KINDS:
        with pytest.raises(Refused, match="已经撤销"):
            actions.draft_of_notice(notice, kind, by=people.office, at=LATE)


def test_a_letter_tells_the_matter_of_a_notice(notice, people):
    draft = actions.draft_of_notice(notice, K.LETTER, by=people.office, at=LATE)
    text = text_of(draft)
    assert draft.name == "将乐县提醒函（代拟稿）20240731.docx"
    assert "关于推进健康管护组织建设的提醒函" in text
    assert "第一条依据。\n第二条依据。\n请整改。" in text
    assert "特此函告。" in text


def test_a_letter_tells_what_the_program_suggests(signed_report, people):
    candidate = candidate_of(people.office.unit, filing_thing(signed_report), LATE)
    text = text_of(actions.draft_letter(candidate, by=people.office, at=LATE))
    assert f"关于{candidate.subject}\n的提醒函" in text
    for label, words in candidate.lines:
        assert f"\n{label}：{words.removesuffix('。')}。\n" in text
    event = AuditEvent.objects.filter(action=AuditAction.EXPORT).get()
    assert (event.target_kind, event.target_id, event.unit) == (
        "unit",
        signed_report.unit_id,
        signed_report.unit,
    )
    assert (
        not timeline(signed_report).filter(action=AuditAction.EXPORT).exists()
    )  # the unit does not know of it yet


def test_an_interview_has_three_documents(interview, people):
    text = {
        kind: text_of(actions.draft_of_interview(interview, kind, by=people.office, at=LATE))
        for kind in rules.INTERVIEW_KINDS
    }
    assert "约谈时间：2024年8月15日（星期四）15时00分" in text[K.INTERVIEW_NOTICE]
    assert "明医改约〔2024〕1号" in text[K.INTERVIEW_NOTICE]
    assert "指出问题。\n作出表态。" in text[K.INTERVIEW_RECORD]
    assert "约谈日期：2024年8月15日" in text[K.INTERVIEW_RECORD]
    assert text[K.CORRECTIONS].index("甲") < text[K.CORRECTIONS].index("乙")
    assert AuditEvent.objects.filter(action=AuditAction.EXPORT, target_kind="interview").count() == 3


def test_an_interview_that_is_only_proposed_has_blanks(interview, people):
    interview.corrections.all().delete()
    for field, value in {"planned_at": None, "held_on": None, "place": "", "record": ""}.items():
        setattr(interview, field, value)
    interview.number = None
    text = text_of(actions.draft_of_interview(interview, K.INTERVIEW_NOTICE, by=people.office, at=LATE))
    assert "约谈时间：另行通知\n约谈地点：另行通知" in text
    assert "明医改约〔2024〕　号" in text
    with pytest.raises(Refused, match="还没有整改事项"):
        actions.draft_of_interview(interview, K.CORRECTIONS, by=people.office, at=LATE)
    interview.state = InterviewState.WITHDRAWN
    with pytest.raises(Refused, match="已经取消"):
        actions.draft_of_interview(interview, K.INTERVIEW_NOTICE, by=people.office, at=LATE)


def test_200_lines_of_grounds_are_kept(notice, people):
    notice.grounds = "\n".join(f"第{number}条依据。" for number in range(200))
    notice.title = "长" * 200
    text = text_of(actions.draft_of_notice(notice, K.NOTICE, by=people.office, at=LATE))
    assert all(f"第{number}条依据。" in text for number in range(200))
    assert "长" * 200 in text


def own_docx(text: str) -> bytes:
    document = Document()
    document.add_paragraph("代拟稿")
    document.add_paragraph(text)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def replace(people, at, data: bytes, name: str = "本办模板.docx") -> DocumentTemplate:
    return actions.replace_template(
        K.LETTER, issuer=people.office.unit, name=name, data=data, by=people.office, at=at
    )


def test_the_office_puts_its_own_template_in_place(notice, people, at):
    replace(people, at, own_docx("本办的格式：{{ 事由 }}"))
    draft = actions.draft_of_notice(notice, K.LETTER, by=people.office, at=LATE)
    assert text_of(draft) == "代拟稿\n本办的格式：推进健康管护组织建设"
    replace(people, at, own_docx("第二版：{{ 事由 }}"))
    assert DocumentTemplate.objects.count() == 1
    notes = (
        AuditEvent.objects.filter(action=AuditAction.DOCUMENT).order_by("pk").values_list("note", flat=True)
    )
    assert [note.split("（")[0] for note in notes] == [
        "启用提醒函模板：本办模板.docx",
        "更换提醒函模板：本办模板.docx",
    ]


def test_a_faulty_template_changes_nothing(people, at):
    with pytest.raises(Refused) as refused:
        replace(people, at, own_docx("{{ 事由 }}{{ 没有这项 }}"))
    assert "没有这项" in refused.value.sentences[0]
    assert not DocumentTemplate.objects.exists()
    assert not AuditEvent.objects.filter(action=AuditAction.DOCUMENT).exists()


def test_the_programs_template_is_restored(people, at):
    city = people.office.unit
    assert actions.restore_template(K.LETTER, issuer=city, by=people.admin, at=at) is False
    replace(people, at, own_docx("{{ 事由 }}"))
    assert actions.restore_template(K.LETTER, issuer=city, by=people.admin, at=at) is True
    assert not DocumentTemplate.objects.exists()
    event = AuditEvent.objects.filter(action=AuditAction.DOCUMENT).latest("pk")
    assert (event.actor, event.note) == (people.admin, "恢复提醒函的系统模板，停用：本办模板.docx")


def test_a_stored_template_that_fails_is_said(notice, people, at):
    """Whatever came into the database some other way."""
    DocumentTemplate.objects.create(
        issuer=people.office.unit, kind=K.LETTER, file_name="x.docx", content=own_docx("{{ 没有 }}"),
        uploaded_by=people.office, uploaded_at=at,
    )  # fmt: skip
    with pytest.raises(Refused, match="没有生成"):
        actions.draft_of_notice(notice, K.LETTER, by=people.office, at=LATE)
    assert not AuditEvent.objects.filter(action=AuditAction.EXPORT).exists()


def test_only_office_and_admin_of_the_issuer_may_draft(notice, interview, people):
    for user in (people.office, people.admin):
        assert list(queries.draftable_notices(user)) == [notice]
        assert list(queries.draftable_interviews(user)) == [interview]
        assert notice.unit in queries.draftable_units(user)
    for user in (people.filler, people.signer, people.leader, people.auditor):
        assert not queries.draftable_notices(user).exists()
        assert not queries.draftable_interviews(user).exists()
        assert not queries.draftable_units(user).exists()


def test_every_value_has_its_placeholder_and_the_other_way_round(signed_report, notice, interview, people):
    """A template checked with the sample meets the same names when it is filled."""
    by = {"by": people.office, "at": LATE}
    candidate = candidate_of(people.office.unit, filing_thing(signed_report), LATE)
    values = {
        K.CALL: [queries.call_values(signed_report.unit, [signed_report], **by)],
        K.NOTICE: [queries.notice_values(notice, **by)],
        K.LETTER: [
            queries.letter_of_notice(notice, **by),
            queries.letter_of_candidate(people.office.unit, candidate, **by),
        ],
        **{kind: [queries.interview_values(interview, **by)] for kind in rules.INTERVIEW_KINDS},
    }
    for kind, found in values.items():
        for each in found:
            assert known_names(kind) <= set(each)
            for name, sample in sample_values(kind).items():
                assert isinstance(each[name], type(sample)), name
                if isinstance(sample, list) and isinstance(sample[0], dict):
                    assert all(set(item) == set(sample[0]) for item in each[name])


@pytest.mark.once
def test_lists_say_what_their_fields_mean():
    for placeholders in PLACEHOLDERS.values():
        for each in placeholders:
            if each.is_list and isinstance(each.sample[0], dict):
                assert set(each.fields) == set(each.sample[0])


@pytest.mark.once
def test_words():
    assert rules.day_text(date(2024, 7, 5)) == "2024年7月5日"
    assert rules.number_to_come("明医改办", date(2024, 7, 5)) == "明医改办〔2024〕　号"
    assert rules.file_name(K.CALL, '甲/乙\\:*"', date(2024, 7, 5)) == "甲乙催报通知（代拟稿）20240705.docx"
    assert rules.paragraphs(" 甲 \n\n\r\n乙") == ["甲", "乙"]


def test_the_page_asks_one_question(people, at, django_assert_num_queries):
    replace(people, at + timedelta(days=1), own_docx("{{ 事由 }}"))
    with django_assert_num_queries(1):
        places = queries.places(people.office.unit)
        assert [bool(place.stored and place.stored.uploaded_by.name) for place in places].count(True) == 1
    assert own_template(K.LETTER, organ=OFFICE)  # the others are the program's
