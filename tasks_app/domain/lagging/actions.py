"""Changes: what the office did about a unit that has not filed, noted in the trail."""

from datetime import datetime

from django.db import transaction

from tasks_app.choices import AuditAction
from tasks_app.domain import audit
from tasks_app.domain.moves import Refused
from tasks_app.models import AuditEvent, Report, User


@transaction.atomic
def note_call(report_pk: int, *, by: User, at: datetime) -> AuditEvent:
    """Note that the unit of the report was telephoned about it (已电话). Raises Refused when it owes nothing."""
    report = (
        Report.objects.select_for_update(of=("self",))
        .select_related("unit", "period__plan")
        .get(pk=report_pk)
    )
    if not Report.objects.owed(at).filter(pk=report_pk).exists():
        raise Refused(f"{report.unit}已经报送或不再填报，不用催报。")
    return audit.record(AuditAction.CALL, report, unit=report.unit, by=by, at=at)
