"""Changes: a unit asks for more time or withdraws, the office grants (which moves the limit) or refuses."""

from datetime import date, datetime

from django.db import transaction

from tasks_app.choices import AuditAction, ExtensionState
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.access.queries import own_reports
from tasks_app.domain.access.rules import Permission, in_place_of_unit, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.moves import EXTENSION, ExtensionMove, Party, Refused
from tasks_app.domain.reporting.rules import OWED_STATES
from tasks_app.models import Extension, Report, User

from .rules import why_not_ask, why_not_until


@transaction.atomic
def ask_extension(
    report_pk: int, *, reason: str, situation: str, wanted_on: date, by: User, at: datetime
) -> Extension:
    """Ask for more time; nothing moves until the office grants it. Raises Refused."""
    today = local_date(at)
    report = _lock_report(report_pk)
    if not own_reports(by, today).filter(pk=report.pk).exists():
        raise Refused("只有本单位的人员可以申请延期。")
    if sentence := why_not_ask(report, today):
        raise Refused(sentence)
    if report.extensions.waiting().exists():
        raise Refused("已有一件延期申请等待批复，请等批复后再申请，或先撤回。")
    if not reason.strip() or not situation.strip():
        raise Refused("请写明申请延期的理由和目前的工作进度。")
    if sentence := why_not_until(report, wanted_on, today, working_calendar()):
        raise Refused(sentence)
    extension = Extension.objects.create(
        report=report,
        reason=reason.strip(),
        situation=situation.strip(),
        wanted_on=wanted_on,
        asked_by=by,
        asked_at=at,
    )
    _record(
        report,
        f"申请延至 {wanted_on}：{extension.reason}",
        by=by,
        at=at,
        in_place=in_place_of_unit(by, report),
    )
    return extension


@transaction.atomic
def withdraw_extension(pk: int, *, by: User, at: datetime) -> Extension:
    """Take back what waits for a decision. Raises Refused."""
    extension, report = _lock(pk)
    if not own_reports(by, local_date(at)).filter(pk=report.pk).exists():
        raise Refused("只有本单位的人员可以撤回。")
    _settle(extension, ExtensionMove.WITHDRAW, "", by=by, at=at)
    _record(report, "撤回延期申请", by=by, at=at, in_place=in_place_of_unit(by, report))
    return extension


@transaction.atomic
def grant_extension(pk: int, *, until: date, decision: str = "", by: User, at: datetime) -> Extension:
    """Grant more time until `until`, which may be another day than the unit asked for, and move the limit.

    Lamps, reminders and lists follow, for they read the limit. Raises Refused.
    """
    extension, report = _lock(pk)
    _demand_office(by)
    if report.state not in OWED_STATES:
        raise Refused("该单位已经报送，不需要再准予延期。")
    if sentence := why_not_until(report, until, local_date(at), working_calendar()):
        raise Refused(sentence)
    extension.granted_until = until
    _settle(extension, ExtensionMove.GRANT, decision.strip(), by=by, at=at)
    changes = audit.diff({"due_on": report.due_on}, {"due_on": until})
    report.due_on = until
    report.save(update_fields=["due_on"])
    words = f"：{extension.decision}" if extension.decision else ""
    _record(report, f"准予延至 {until}{words}", by=by, at=at, changes=changes)
    return extension


@transaction.atomic
def refuse_extension(pk: int, *, decision: str, by: User, at: datetime) -> Extension:
    """Refuse with a reason; the limit stays as it is. Raises Refused."""
    extension, report = _lock(pk)
    _demand_office(by)
    if not decision.strip():
        raise Refused("请写明不予延期的理由，申请单位会看到。")
    _settle(extension, ExtensionMove.REFUSE, decision.strip(), by=by, at=at)
    _record(report, f"不予延期：{extension.decision}", by=by, at=at)
    return extension


def _lock_report(pk: int) -> Report:
    return Report.objects.select_for_update(of=("self",)).select_related("unit", "period__plan").get(pk=pk)


def _lock(pk: int) -> tuple[Extension, Report]:
    """Lock the report, then its extension: always in this order."""
    report = _lock_report(Extension.objects.values_list("report_id", flat=True).get(pk=pk))
    return Extension.objects.select_for_update().get(pk=pk), report


def _demand_office(by: User) -> None:
    if not may(by, Permission.HANDLE_REQUESTS):
        raise Refused("延期由市医改办批复。")


SETTLED = {
    ExtensionMove.WITHDRAW: ExtensionState.WITHDRAWN,
    ExtensionMove.GRANT: ExtensionState.GRANTED,
    ExtensionMove.REFUSE: ExtensionState.REFUSED,
}


def _settle(extension: Extension, move: ExtensionMove, decision: str, *, by: User, at: datetime) -> None:
    if not EXTENSION.allows(move, extension.state, set(Party)):  # by whom, the caller has asked
        raise Refused(f"这件申请{extension.get_state_display()}，请刷新页面看最新情况。")
    extension.state, extension.decision = SETTLED[move], decision
    extension.decided_by, extension.decided_at = by, at
    extension.save()


def _record(
    report: Report,
    note: str,
    *,
    by: User,
    at: datetime,
    changes: dict[str, list[object]] | None = None,
    in_place: str = "",
) -> None:
    audit.record(
        AuditAction.EXTENSION,
        report,
        by=by,
        at=at,
        unit=report.unit,
        changes=changes,
        note=note,
        in_place=in_place,
    )
