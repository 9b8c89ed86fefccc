"""Looks: what a person may draft, which template is in force, and the values of each document."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from tasks_app.choices import DocumentKind, NoticeColour, ReportState
from tasks_app.clock import local_date
from tasks_app.documents.official_templates import own_template
from tasks_app.domain.access.queries import reporting_units
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.escalation import rules as escalation
from tasks_app.domain.escalation.candidates import Candidate
from tasks_app.domain.interviews import rules as interviews
from tasks_app.language.punctuation import INNER_BRACKETS
from tasks_app.models import DocumentTemplate, Interview, Plan, Report, SupervisionNotice, Unit, User
from tasks_app.models.unit import line_of

from . import rules
from .placeholders import Values
from .rules import day_text, paragraphs, sentence


@dataclass(frozen=True)
class TemplatePlace:
    """One of the six documents as the page shows it; `stored` is the office's own template, if there is one."""

    kind: DocumentKind
    stored: DocumentTemplate | None


def draftable_notices(user: User) -> QuerySet[SupervisionNotice]:
    """Return the 督查单 of which `user` may draft documents."""
    found = SupervisionNotice.objects.select_related("issuer", "unit", "plan", "task", "predecessor")
    return found.filter(issuer=user.unit) if may(user, Permission.DRAFT_DOCUMENTS) else found.none()


def draftable_interviews(user: User) -> QuerySet[Interview]:
    """Return the 约谈 of which `user` may draft documents."""
    found = Interview.objects.select_related("issuer", "unit", "plan")
    return found.filter(issuer=user.unit) if may(user, Permission.DRAFT_DOCUMENTS) else found.none()


def draftable_units(user: User) -> QuerySet[Unit]:
    """Return the units that `user` may call to file."""
    return reporting_units(user.unit) if may(user, Permission.DRAFT_DOCUMENTS) else Unit.objects.none()


def places(issuer: Unit) -> list[TemplatePlace]:
    """Return the six documents with the templates that the office put in place. One statement."""
    stored = {
        each.kind: each
        for each in DocumentTemplate.objects.filter(issuer=issuer)
        .select_related("uploaded_by")
        .defer("content")
    }
    return [TemplatePlace(kind, stored.get(kind)) for kind in DocumentKind]


def template_in_force(issuer: Unit, kind: DocumentKind) -> bytes:
    """Return the office's own template of `kind`, else the program's."""
    stored = DocumentTemplate.objects.filter(issuer=issuer, kind=kind).first()
    if stored is not None:
        return bytes(stored.content)
    return own_template(kind, organ=rules.office_name(issuer))


def overdue_reports(unit: Unit, at: datetime) -> list[Report]:
    """Return what `unit` did not file by its limit and still owes, by limit."""
    owed = Report.objects.owed(at).answered_for().filter(line_of(unit.pk), due_on__lt=local_date(at))
    return list(owed.select_related("period__plan__issuer").order_by("due_on", "pk"))


def call_values(unit: Unit, reports: list[Report], *, by: User, at: datetime) -> Values:
    """Return the values of 催报通知 for the overdue `reports` of `unit`, of which there is at least one."""
    calendar, today = working_calendar(), local_date(at)
    plan = reports[-1].period.plan
    return _common(plan.issuer, unit, plan, "", by=by, day=today) | {
        "抄送": "",
        "逾期件数": len(reports),
        "补报期限": day_text(calendar.add(today, rules.CALL_WORKING_DAYS)),
        "逾期填报": [
            {
                "序号": number,
                "填报期": str(report.period),
                "截止日": day_text(report.due_on),
                "逾期工作日": calendar.between(report.due_on, today),
                "说明": "已退回，尚未重报" if report.state == ReportState.RETURNED else "",
            }
            for number, report in enumerate(reports, start=1)
        ],
    }


def notice_values(notice: SupervisionNotice, *, by: User, at: datetime) -> Values:
    """Return the values of 督查单."""
    day, before = local_date(notice.issued_at or at), notice.predecessor
    number = escalation.document_number(notice) or rules.number_to_come(escalation.DOCUMENT_WORD, day)
    return _common(notice.issuer, notice.unit, notice.plan, number, by=by, day=day) | {
        **_subject(notice.issuer, notice.title, DocumentKind.NOTICE),
        "颜色": notice.get_colour_display(),
        "任务": sentence(str(notice.task)).translate(INNER_BRACKETS) if notice.task else "",
        "上一单": _named(before) if before else "",
        "直接使用理由": notice.higher_because,
        "督查依据": paragraphs(notice.grounds),
        "督办要求": paragraphs(notice.requirement),
        "回复期限": day_text(notice.reply_due_on),
        "后续措施": rules.AFTERWARDS[NoticeColour(notice.colour)],
    }


def letter_of_notice(notice: SupervisionNotice, *, by: User, at: datetime) -> Values:
    """Return the values of 提醒函 about the matter of `notice`."""
    return _common(notice.issuer, notice.unit, notice.plan, "", by=by, day=local_date(at)) | {
        **_subject(notice.issuer, notice.title, DocumentKind.LETTER),
        "提醒事项": paragraphs(notice.grounds),
        "有关要求": paragraphs(notice.requirement),
        "回复期限": day_text(notice.reply_due_on),
    }


def letter_of_candidate(issuer: Unit, candidate: Candidate, *, by: User, at: datetime) -> Values:
    """Return the values of 提醒函 about what the program suggests, an overdue report for example."""
    today = local_date(at)
    colour = candidate.colour or NoticeColour.RED
    limit = escalation.offered_limit(today, colour, working_calendar())
    return _common(issuer, candidate.unit, candidate.plan, "", by=by, day=today) | {
        **_subject(issuer, candidate.subject, DocumentKind.LETTER),
        "提醒事项": [f"{sentence(line)}。" for line in paragraphs(candidate.grounds)],
        "有关要求": paragraphs(candidate.requirement),
        "回复期限": day_text(limit),
    }


def interview_values(interview: Interview, *, by: User, at: datetime) -> Values:
    """Return the values of the three documents of a 约谈: its notice, its record, its list of corrections."""
    today = local_date(at)
    given = interviews.document_number(interview)
    number = given or rules.number_to_come(interviews.DOCUMENT_WORD, today)
    return _common(interview.issuer, interview.unit, interview.plan, number, by=by, day=today) | {
        **_subject(interview.issuer, interview.title, DocumentKind.INTERVIEW_NOTICE),
        "约谈依据": paragraphs(interview.grounds),
        "约谈时间": rules.moment_text(interview.planned_at),
        "约谈日期": day_text(interview.held_on),
        "约谈地点": interview.place or rules.TO_COME,
        "约谈人": interview.interviewer,
        "被约谈人": interview.interviewee,
        "约谈记录": paragraphs(interview.record),
        "整改事项": [
            {
                "序号": item.number,
                "内容": item.text,
                "时限": day_text(item.due_on),
                "整改情况": item.answer.text if item.answer else "",
                "核验": day_text(local_date(item.ending.at)) + "核验" if item.ending else "",
            }
            for item in interview.corrections.select_related("answer", "ending").order_by("number")
        ],
    }


def _named(notice: SupervisionNotice) -> str:
    return f"{notice.get_colour_display()}督查单（{escalation.document_number(notice)}）"


def _subject(issuer: Unit, title: str, kind: DocumentKind) -> Values:
    subject = sentence(title)
    return {"事由": subject, "标题": rules.heading(rules.office_name(issuer), subject, kind)}


def _common(issuer: Unit, unit: Unit, plan: Plan, number: str, *, by: User, day: date) -> Values:
    return {
        "发文机关": rules.office_name(issuer),
        "发文机关简称": rules.short_office_name(issuer),
        "文号": number or rules.number_to_come(rules.DOCUMENT_WORD, day),
        "成文日期": day_text(day),
        "受文单位": unit.name,
        "分解表": plan.title,
        "分解表文号": plan.document_number,
        "年度": str(plan.year),
        "抄送": rules.leading_group(issuer),
        "联系人": by.name,
        "联系电话": by.phone,
    }
