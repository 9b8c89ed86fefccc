"""Changes: drafts go out with a line in the audit trail; the office puts a template of its own in place.

Filling and checking take a moment in another process, so they are done before anything is locked.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tasks_app.choices import AuditAction, DocumentKind
from tasks_app.clock import local_date
from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.official_drafts import check_template, fill_template
from tasks_app.domain import audit
from tasks_app.domain.escalation.candidates import Candidate
from tasks_app.domain.moves import Refused
from tasks_app.models import DocumentTemplate, Interview, SupervisionNotice, Unit, User

from . import queries, rules
from .placeholders import Values, known_names, sample_values


@dataclass(frozen=True)
class DraftDocument:
    """A file to be handed to the browser."""

    name: str
    content: bytes


def draft_call(unit: Unit, *, by: User, at: datetime) -> DraftDocument:
    """Return 催报通知 to `unit` about all that it did not file. Raises Refused."""
    reports = queries.overdue_reports(unit, at)
    if not reports:
        raise Refused(f"{unit}没有逾期未报的填报，不需要催报。")
    values = queries.call_values(unit, reports, by=by, at=at)
    draft = _fill(DocumentKind.CALL, reports[-1].period.plan.issuer, unit, values, at=at)
    audit.record(AuditAction.EXPORT, unit, by=by, at=at, unit=unit, note=draft.name)
    return draft


def draft_of_notice(
    notice: SupervisionNotice, kind: DocumentKind, *, by: User, at: datetime
) -> DraftDocument:
    """Return 督查单, or 提醒函 about the same matter; `notice` must be draftable. Raises Refused."""
    if reason := rules.why_not_of_notice(notice):
        raise Refused(reason)
    values_of = queries.notice_values if kind is DocumentKind.NOTICE else queries.letter_of_notice
    colour = notice.get_colour_display() if kind is DocumentKind.NOTICE else ""
    draft = _fill(kind, notice.issuer, notice.unit, values_of(notice, by=by, at=at), at=at, what=colour)
    audit.record(AuditAction.EXPORT, notice, by=by, at=at, unit=notice.unit, note=draft.name)
    return draft


def draft_letter(candidate: Candidate, *, by: User, at: datetime) -> DraftDocument:
    """Return 提醒函 about what the program suggests to the office of `by`. Raises Refused."""
    values = queries.letter_of_candidate(by.unit, candidate, by=by, at=at)
    draft = _fill(DocumentKind.LETTER, by.unit, candidate.unit, values, at=at)
    # Not at the report: its time line is the unit's to read too, which may hear of it by the letter only.
    target = candidate.notice or candidate.unit
    audit.record(AuditAction.EXPORT, target, by=by, at=at, unit=candidate.unit, note=draft.name)
    return draft


def draft_of_interview(interview: Interview, kind: DocumentKind, *, by: User, at: datetime) -> DraftDocument:
    """Return one of the documents of a 约谈, which must be draftable. Raises Refused."""
    values = queries.interview_values(interview, by=by, at=at)
    if reason := rules.why_not_of_interview(interview, kind, has_corrections=bool(values["整改事项"])):
        raise Refused(reason)
    draft = _fill(kind, interview.issuer, interview.unit, values, at=at)
    audit.record(AuditAction.EXPORT, interview, by=by, at=at, unit=interview.unit, note=draft.name)
    return draft


def sample_draft(kind: DocumentKind, *, by: User, at: datetime) -> DraftDocument:
    """Return the document filled with sample values, as a preview. Raises Refused."""
    issuer = by.unit
    values = sample_values(kind) | {
        "发文机关": rules.office_name(issuer),
        "发文机关简称": rules.short_office_name(issuer),
    }
    content = _filled(queries.template_in_force(issuer, kind), values)
    return DraftDocument(f"{kind.label}（示例，代拟稿）.docx", content)


def replace_template(
    kind: DocumentKind, *, issuer: Unit, name: str, data: bytes, by: User, at: datetime
) -> DocumentTemplate:
    """Put the office's own template in force. Raises Refused with what is wrong with it."""
    if problems := check_template(data, known=known_names(kind), sample=sample_values(kind)):
        raise Refused(*problems)
    content = {"file_name": name[-200:], "content": data, "uploaded_by": by, "uploaded_at": at}
    with transaction.atomic():
        stored, is_new = DocumentTemplate.objects.update_or_create(issuer=issuer, kind=kind, defaults=content)
        note = f"{'启用' if is_new else '更换'}{kind.label}模板：{stored.file_name}（{len(data)} 字节）"
        audit.record(AuditAction.DOCUMENT, stored, by=by, at=at, note=note)
    return stored


@transaction.atomic
def restore_template(kind: DocumentKind, *, issuer: Unit, by: User, at: datetime) -> bool:
    """Put the program's own template in force again; tell whether there was another one."""
    stored = DocumentTemplate.objects.select_for_update().filter(issuer=issuer, kind=kind).first()
    if stored is None:
        return False
    note = f"恢复{kind.label}的系统模板，停用：{stored.file_name}"
    audit.record(AuditAction.DOCUMENT, stored, by=by, at=at, note=note)
    stored.delete()
    return True


def _fill(
    kind: DocumentKind, issuer: Unit, unit: Unit, values: Values, *, at: datetime, what: str = ""
) -> DraftDocument:
    content = _filled(queries.template_in_force(issuer, kind), values)
    return DraftDocument(rules.file_name(kind, f"{unit.name}{what}", local_date(at)), content)


def _filled(template: bytes, values: Values) -> bytes:
    try:
        return fill_template(template, values)
    except UnreadableDocument as error:
        raise Refused(f"没有生成：{error}") from error
