"""Changes: the office says which of two values of a number holds."""

from datetime import datetime

from django.db import transaction

from tasks_app.choices import AuditAction, Total
from tasks_app.domain import audit
from tasks_app.domain.moves import Refused
from tasks_app.models import Indicator, ReportingPeriod, TotalRuling, User

HOLDS = {
    Total.OWNER.value: "以报数单位的数为准",
    Total.SUM.value: "以各单位合计为准",
    "": "两数并列，尚未认定",
}


@transaction.atomic
def rule_total(
    indicator: Indicator, period: ReportingPeriod, holds: str, *, by: User, at: datetime
) -> TotalRuling | None:
    """Say that the value by `holds` is the city's in `period`; "" takes it back. Raises Refused."""
    if holds not in HOLDS:
        raise Refused("请选择以哪个数为准。")
    before = TotalRuling.objects.select_for_update().filter(indicator=indicator, period=period).first()
    was = before.holds if before else ""
    if holds == was:
        return before
    ruling = None
    if holds:
        ruling, _ = TotalRuling.objects.update_or_create(
            indicator=indicator,
            period=period,
            defaults={"holds": holds, "decided_by": by, "decided_at": at},
        )
    elif before is not None:
        before.delete()
    changes = {"全市数": [HOLDS[was], HOLDS[holds]]}
    audit.record(AuditAction.INDICATOR_DECIDE, indicator, by=by, at=at, changes=changes, note=str(period))
    return ruling
