"""What is owed, worked out from the rows by plain Python, not by the statement that the program asks."""

from datetime import date, datetime

from tasks_app.choices import StepKind
from tasks_app.clock import local_date
from tasks_app.models import Reminder, Report, SupervisionNotice


def report_is_owed(report: Report) -> bool:
    return report.state in ("draft", "signing", "returned") and report.unit.is_active


def said_since_heard(notice: SupervisionNotice) -> bool:
    kinds = [
        step.kind for step in notice.steps.order_by("pk") if step.kind in (StepKind.HEAR, StepKind.OBJECT)
    ]
    return bool(kinds) and kinds[-1] == StepKind.OBJECT


def report_limit(row: Reminder, at: datetime) -> date | None:
    report = row.report
    if row.kind == "review":
        return local_date(report.submitted_at) if report.state == "submitted" else None
    if not report_is_owed(report):
        return None
    is_back, is_for_added = report.returned_at is not None, report.added_since is not None
    if row.kind == "signing":
        return local_date(report.sign_requested_at) if report.state == "signing" else None
    if row.kind == "extension":
        return next((local_date(one.asked_at) for one in report.extensions.filter(state="asked")), None)
    is_this = {
        "filing": not is_back,
        "moved": not is_back and report.due_on == report.period.due_on and bool(report.period.moved_on),
        "returned": is_back and not is_for_added,
        "added": is_back and is_for_added,
    }[row.kind]
    return report.due_on if is_this else None


def notice_limit(row: Reminder, at: datetime) -> date | None:
    notice = row.notice
    if row.kind == "reply":
        return local_date(notice.replied_at) if notice.state == "replied" else None
    if notice.state == "hearing":
        return None if said_since_heard(notice) or not notice.unit.is_active else notice.objection_due_on
    is_asked = notice.state in ("issued", "acknowledged") and notice.unit.is_active
    return notice.reply_due_on if is_asked else None


def interview_limit(row: Reminder, at: datetime) -> date | None:
    interview = row.interview
    if interview.state != "notified" or not interview.unit.is_active:
        return None
    day = local_date(interview.planned_at)
    return day if day >= local_date(at) else None


def request_limit(row: Reminder) -> date | None:
    """A request is the addressed unit's until it is answered or closed; the office is not chased."""
    item = row.matter
    is_asked = item.state == "open" and item.addressee.is_active and item.addressee != item.plan.issuer
    return item.due_on if is_asked else None


def matter_limit(row: Reminder, at: datetime) -> date | None:
    item = row.matter
    if row.kind == "coordination":
        return request_limit(row)
    if row.kind in ("verification", "referral"):
        return item.due_on if item.state == "open" and item.addressee.is_active else None
    if row.kind in ("instruction", "instructed"):
        is_to_office = item.addressee == item.plan.issuer
        is_asked = item.state == "open" and is_to_office == (row.kind == "instructed")
        return item.due_on if is_asked and item.addressee.is_active else None
    if item.interview.state != "correcting":
        return None
    if row.kind == "verifying":
        return local_date(item.answer.at) if item.state == "answered" else None
    return item.due_on if item.state == "open" and item.addressee.is_active else None


LIMITS = {
    "report": report_limit,
    "notice": notice_limit,
    "interview": interview_limit,
    "matter": matter_limit,
}


def is_owed(row: Reminder, at: datetime) -> bool:
    [thing] = [name for name in LIMITS if getattr(row, name) is not None]
    return LIMITS[thing](row, at) == row.due_on
