"""What every step of a report shares: the refusals, the lock under which it is checked, and its record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tasks_app.choices import AuditAction, ReportState
from tasks_app.clock import day_in_words, local_date
from tasks_app.domain import audit
from tasks_app.domain.access.queries import acting_roles
from tasks_app.domain.access.rules import REPORTING_ROLES
from tasks_app.domain.moves import Refused
from tasks_app.domain.moves import ReportMove as Move
from tasks_app.models import ProgressEntry, Report, User

from ..queries import has_signer
from ..rules import OWED_STATES, in_whose_place, is_closed, is_locked, may_move
from ..trail import state_change

# For these it matters whether the unit has a signer.
OF_SIGNING = frozenset({Move.REQUEST_SIGNATURE, Move.SUBMIT})


def lock_report(
    pk: int, move: Move, *, by: User, at: datetime, among: QuerySet[Report] | None = None
) -> Report:
    """Return the report `pk` under lock, ready for `move`. Raises Refused with the reason.

    Must be called inside a transaction; the unit's own limits are checked here, access by the caller or by
    naming the reports `among` which it must be (else Report.DoesNotExist).
    """
    reports = Report.objects.all() if among is None else among
    locked = (
        reports.select_for_update(of=("self",)).select_related(None).select_related("unit", "period__plan")
    )
    report = locked.get(pk=pk)
    today = local_date(at)
    # What the office enters for a unit always needs a second person of the office (代填).
    is_entered = report.entered_by_id is not None
    signer = is_entered or (move in OF_SIGNING and has_signer(report.unit, today))
    roles = acting_roles(by, report, today)
    if not any(may_move(move, report.state, role, unit_has_signer=signer) for role in roles):
        raise Refused(_why_not(report, move, signer))
    # What the office gave back has its own limit, even after the period closed.
    is_open = report.returned_at is not None or not is_closed(report.period, today)
    plan = report.period.plan
    if plan.closed_at is not None and by.role in REPORTING_ROLES:
        raise Refused(f"{plan.year}年度工作已经办结，不再填报。确需修改的，请联系市医改办。")
    closed_on = report.period.closes_on
    if move in (Move.SAVE, Move.REQUEST_SIGNATURE, Move.SUBMIT) and closed_on and not is_open:
        raise Refused(f"本填报期已于 {day_in_words(closed_on)} 关闭，请联系市医改办。")
    return report


def demand_unlocked(report: Report, entry: ProgressEntry) -> None:
    """Refuse to change what was filed while the report is back for added tasks alone (Refused)."""
    if is_locked(report, entry):
        raise Refused("这项任务已经报送，本次只需填报新增任务。已报内容确需修改的，请联系市医改办退回。")


def _why_not(report: Report, move: Move, signer: bool) -> str:
    if report.entered_by_id is not None and report.state in OWED_STATES:
        return "这份填报正由市医改办代填，由另一名市医改办人员复核后报送。本单位要自行填报的，请先收回。"
    if move is Move.SUBMIT and signer and report.state != ReportState.SIGNING:
        return "本单位设有审签人，请先提交审签，由审签人报送。"
    if move is Move.REQUEST_SIGNATURE and not signer:
        return "本单位没有审签人，可以直接报送。"
    return f"填报目前是“{report.get_state_display()}”，不能进行这一步。请刷新页面看最新状态。"


def record_step(
    action: AuditAction,
    report: Report,
    *,
    by: User,
    at: datetime,
    before: str = "",
    changes: Mapping[str, list[Any]] | None = None,
    note: str = "",
) -> None:
    """Write a unit's step to the trail; `before` is the state that it changed, "" when it changed none."""
    is_entered = report.entered_by_id is not None
    audit.record(
        action,
        report,
        by=by,
        at=at,
        unit=report.unit,
        changes=state_change(before, report) if before else changes,
        note=note,
        in_place=in_whose_place(action, before or report.state, by.role, is_entered=is_entered),
    )
