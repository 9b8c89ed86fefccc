"""Changes: the office begins to enter a report for its unit, gives it up, or the unit takes it over.

Filling in, asking for confirmation, sending back and confirming are the ordinary moves of domain/reporting:
access.queries.acting_roles lets whoever enters be the filler and any other of the office the signer.
"""

from datetime import datetime

from django.db import transaction

from tasks_app.choices import AuditAction, ReportState
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.moves import Refused
from tasks_app.domain.reporting.rules import EDITABLE_STATES, OWED_STATES, is_closed
from tasks_app.domain.reporting.trail import state_change
from tasks_app.models import Report, User

REASON_LENGTH = 300


@transaction.atomic
def begin(report_pk: int, *, reason: str, by: User, at: datetime) -> Report:
    """Let `by` enter the report for its unit. Raises Refused.

    What the unit typed so far stays and is gone on from; the unit's own people read only, until they take over.
    """
    report = _lock(report_pk)
    if not may(by, Permission.ENTER_REPORT) or report.period.plan.issuer_id != by.unit_id:
        raise Refused("只有市医改办可以代填。")
    reason = reason.strip()
    if not reason:
        raise Refused("请写明代填的原因，例如“该单位网络中断，来电口述”。")
    if len(reason) > REASON_LENGTH:
        raise Refused(f"代填原因不超过 {REASON_LENGTH} 个字。")
    if report.entered_by is not None:
        raise Refused(f"{report.unit}的这份填报已由{report.entered_by}代填。")
    if report.state not in EDITABLE_STATES:
        raise Refused(f"这份填报目前是“{report.get_state_display()}”，不能代填。")
    if is_closed(report.period, local_date(at)):
        raise Refused("本填报期已经关闭，不能再填报。")
    report.entered_by, report.entered_because = by, reason
    report.save(update_fields=["entered_by", "entered_because"])
    _record(report, f"开始代填：{reason}", by=by, at=at)
    return report


@transaction.atomic
def end(report_pk: int, *, by: User, at: datetime) -> Report:
    """Give it up (the office) or take it over (the unit); what was entered stays as the unit's draft.

    Raises Refused, also when it was submitted meanwhile.
    """
    report = _lock(report_pk)
    is_unit = by.role in REPORTING_ROLES and by.unit_id == report.unit_id
    is_office = may(by, Permission.ENTER_REPORT) and report.period.plan.issuer_id == by.unit_id
    if not (is_unit or is_office):
        raise Refused("只有填报单位和市医改办可以结束代填。")
    if report.entered_by is None or report.state not in OWED_STATES:
        raise Refused("这份填报现在没有在代填，请刷新页面看最新情况。")
    before = report.state
    if report.state == ReportState.SIGNING:
        report.state = ReportState.RETURNED if report.returned_at else ReportState.DRAFT
    # The head of the form names whoever types first: now that is the unit again.
    if report.filler_name == report.entered_by.name:
        report.filler_name = report.filler_phone = ""
    name, report.entered_by, report.entered_because = report.entered_by.name, None, ""
    report.save(update_fields=["state", "filler_name", "filler_phone", "entered_by", "entered_because"])
    note = "本单位收回自行填报" if is_unit else f"结束{name}的代填，由单位自行填报"
    _record(
        report, note, by=by, at=at, changes=state_change(before, report) if before != report.state else None
    )
    return report


def _lock(pk: int) -> Report:
    reports = Report.objects.select_for_update(of=("self",))
    return reports.select_related("unit", "period__plan", "entered_by").get(pk=pk)


def _record(
    report: Report, note: str, *, by: User, at: datetime, changes: dict[str, list[object]] | None = None
) -> None:
    audit.record(AuditAction.REPORT_ENTER, report, by=by, at=at, unit=report.unit, changes=changes, note=note)
