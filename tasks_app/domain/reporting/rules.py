"""Decides: which moves a report allows, whether it is late, what is missing, how its filing lamp burns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tasks_app.choices import (
    LAGGING_STATUSES,
    AuditAction,
    CarriedText,
    FilingLamp,
    Outlook,
    PeriodKind,
    ProgressStatus,
    ReportState,
    Role,
)
from tasks_app.clock import local_date
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.moves import REPORT, Party
from tasks_app.domain.moves import ReportMove as Move
from tasks_app.language.text import squash
from tasks_app.models import ProgressEntry, Report, ReportingPeriod
from tasks_app.models.report import FILED_STATES as FILED_STATES
from tasks_app.models.report import OWED_STATES as OWED_STATES

from .entry_values import unreadable

EDITABLE_STATES = frozenset({ReportState.DRAFT, ReportState.RETURNED})
# domain.md, "Lamps": 临近 within ten days, 紧急 within three working days.
NEAR_DAYS = 10
URGENT_WORKING_DAYS = 3
PARTIES = {Role.FILLER: Party.FILLER, Role.SIGNER: Party.SIGNER, Role.OFFICE: Party.OFFICE}
# The move behind each step of the time line that a unit makes.
MOVE_OF = {
    AuditAction.REPORT_SAVE: Move.SAVE,
    AuditAction.EVIDENCE: Move.SAVE,
    AuditAction.REPORT_SIGN_REQUEST: Move.REQUEST_SIGNATURE,
    AuditAction.REPORT_SIGN_REFUSE: Move.REFUSE_SIGNATURE,
    AuditAction.REPORT_RECALL: Move.RECALL,
    AuditAction.REPORT_SUBMIT: Move.SUBMIT,
}
ENDS = {PeriodKind.FIRST_HALF: (6, 30), PeriodKind.THREE_QUARTERS: (9, 30), PeriodKind.FULL_YEAR: (12, 31)}


@dataclass(frozen=True)
class Gap:
    """Something that keeps a report from being submitted: `anchor` is the place on the form's page."""

    anchor: str
    place: str
    sentence: str


def may_move(move: Move, state: ReportState | str, role: Role | str, *, unit_has_signer: bool) -> bool:
    """Tell whether `role` may make `move` on a report in `state`."""
    if not REPORT.allows(move, state, _parties(role)):
        return False
    if move is Move.REQUEST_SIGNATURE:
        return unit_has_signer
    if move is Move.SUBMIT and role == Role.FILLER:
        return not unit_has_signer
    return True


def _parties(role: Role | str) -> frozenset[Party]:
    """Return as what a person of `role` makes moves; who only reads makes none."""
    return frozenset({PARTIES[Role(role)]}) if role in PARTIES else frozenset()


def in_whose_place(
    action: AuditAction, state: ReportState | str, role: Role | str, *, is_entered: bool
) -> str:
    """Return 替岗, 代填 or 代填复核 when a person of `role` makes a step that belongs to another role, else "".

    `state` is the one before the step, `is_entered` tells that the office enters the report for its unit.
    """
    if REPORT.allows(MOVE_OF[action], state, _parties(role)):
        return ""
    if not is_entered:
        return "替岗"
    return "代填复核" if action in (AuditAction.REPORT_SUBMIT, AuditAction.REPORT_SIGN_REFUSE) else "代填"


def is_late(report: Report, today: date) -> bool:
    """Tell whether a submission made `today` is a late one; once late, a report stays late (补报)."""
    return report.is_late or today > report.due_on


def is_returned(report: Report) -> bool:
    """Tell whether `report` is back with its unit, as a whole or for added tasks, and nothing came since."""
    return report.state in OWED_STATES and report.returned_at is not None


def is_back(report: Report) -> bool:
    """Tell whether `report` is back as a whole: what was filed for the other tasks does not stand any more."""
    return is_returned(report) and report.added_since is None


def is_locked(report: Report, entry: ProgressEntry) -> bool:
    """Tell whether `entry` stays as it was filed while its report is back for added tasks alone."""
    return was_locked(report.added_since, entry.added_at)


def was_locked(since: datetime | None, added_at: datetime | None) -> bool:
    """Tell whether an entry added at `added_at` is, or was, locked in a report back for tasks added `since`."""
    return since is not None and (added_at is None or added_at < since)


def is_closed(period: ReportingPeriod, today: date) -> bool:
    """Tell whether `period` takes nothing any more, not even late reports."""
    return period.closes_on is not None and today > period.closes_on


def period_end(period: ReportingPeriod) -> date:
    """Return the last day that the period is about; 9/30 and 12/31 lie behind their limits (notice.txt)."""
    return date(period.plan.year, *ENDS[PeriodKind(period.kind)])


def asks_forecast(period: ReportingPeriod) -> bool:
    """Tell whether 预计至期末 must be filled: only when the limit falls before the period's end."""
    return period.due_on < period_end(period)


def filing_lamp(
    state: ReportState | str,
    *,
    is_late: bool,
    due_on: date,
    is_open: bool,
    today: date,
    calendar: WorkingCalendar,
) -> FilingLamp:
    """Return 报送灯 of one unit in one period on the day `today`."""
    if not is_open:
        return FilingLamp.NOT_OPEN
    if state in FILED_STATES:
        return FilingLamp.LATE if is_late else FilingLamp.ON_TIME
    if today > due_on:
        return FilingLamp.OVERDUE
    if calendar.between(today, due_on) <= URGENT_WORKING_DAYS:
        return FilingLamp.URGENT
    if (due_on - today).days <= NEAR_DAYS:
        return FilingLamp.NEAR
    return FilingLamp.OWED


def report_lamp(report: Report, today: date, calendar: WorkingCalendar) -> FilingLamp:
    """Return 报送灯 of `report`, which exists because its period is open; nobody is overdue in a settled year."""
    settled_at = report.period.plan.closed_at
    is_settled = settled_at is not None and local_date(settled_at) <= today
    if is_settled and report.state not in FILED_STATES:
        return FilingLamp.MISSING
    return filing_lamp(
        report.state,
        is_late=report.is_late,
        due_on=report.due_on,
        is_open=True,
        today=today,
        calendar=calendar,
    )


def entry_gaps(entry: ProgressEntry, *, forecast_asked: bool) -> list[str]:
    """Return in words what one entry lacks; empty when it is complete.

    本期无新进展 with a reason stands for the words, not for the state. Who is on course is asked for no outlook.
    """
    gaps = []
    if entry.no_news:
        if not entry.no_news_reason.strip():
            gaps.append("请写明本期无新进展的原因")
    elif not entry.progress.strip():
        gaps.append("请填写工作进展")
    elif entry.carried == CarriedText.UNTOUCHED:
        gaps.append("工作进展沿用了上期文字，请改写成本期的进展")
    if not entry.status:
        gaps.append("请选择状态")
    if is_lagging(entry.status):
        if not entry.cause:
            gaps.append("请选择滞后原因")
        if forecast_asked and not entry.outlook:
            gaps.append("请选择预计至期末能否完成")
    return gaps + unreadable(entry.typed)


def is_lagging(status: str) -> bool:
    """Tell whether a task of this status is behind."""
    return status in LAGGING_STATUSES


def expected(status: str, outlook: str) -> str:
    """Return the Outlook of a task by the period's end, "" when nobody knows; who is on course expects to finish."""
    if status in (ProgressStatus.DONE, ProgressStatus.ON_TRACK):
        return outlook or Outlook.CAN
    return outlook


def expected_words(outlook: str, forecast: str) -> str:
    """Return 预计至期末 as it is read outside the form: what was chosen, then the words."""
    return "，".join(filter(None, (str(Outlook(outlook).label) if outlook else "", forecast)))


def carried_after(carried: str, before: str, after: str) -> str:
    """Return CarriedText once `before` became `after`: the first change of words, not of spaces, touches it."""
    if not carried or not after.strip():
        return CarriedText.NO
    return carried if squash(before) == squash(after) else CarriedText.TOUCHED


def said(progress: str, no_news: bool, reason: str) -> str:
    """Return 工作进展 as it is read outside the form: nothing new is said with its reason."""
    if not no_news:
        return progress
    return "\n".join(filter(None, (f"本期无新进展：{reason.strip()}", progress)))


def gaps(report: Report, entries: Iterable[ProgressEntry]) -> list[Gap]:
    """Return everything that keeps `report` with the required `entries` from being submitted."""
    found = []
    if not report.filler_name.strip():
        found.append(Gap("header", "表头", "请填写填表人"))
    if not report.filler_phone.strip():
        found.append(Gap("header", "表头", "请填写联系电话"))
    forecast_asked = asks_forecast(report.period)
    for entry in entries:
        found += [
            Gap(f"task-{entry.task.number}", str(entry.task), sentence)
            for sentence in entry_gaps(entry, forecast_asked=forecast_asked)
        ]
    return found
