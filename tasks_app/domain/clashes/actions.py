"""Changes: take over a proposed day, through the one action that sets the days of a period."""

from datetime import date, datetime

from django.db import transaction

from tasks_app.domain.moves import Refused
from tasks_app.domain.plan.actions import set_period
from tasks_app.models import Plan, ReportingPeriod, User

from .queries import clashes_of
from .rules import FIELDS, moved


@transaction.atomic
def adopt_proposal(
    plan: Plan, period_pk: int, field: str, proposed: date, *, today: date, by: User, at: datetime
) -> tuple[ReportingPeriod, int]:
    """Set the day `field` of a period of `plan` to the day `proposed` that the person saw proposed.

    Returns the period and the number of reports whose limit moved along. Raises Refused when
    it is no longer what is proposed, or does not fit.
    """
    # From here on nobody else changes the days that the proposal was made for.
    ReportingPeriod.objects.select_for_update(of=("self",)).filter(pk=period_pk, plan=plan).first()
    for clash in clashes_of(plan, today).clashes:
        if (clash.period.pk, clash.field, clash.proposed) == (period_pk, field, proposed) and field in FIELDS:
            break
    else:
        raise Refused("填报期或工作日历刚刚有改动，这条建议已不适用，请按页面上的最新情况处理。")
    try:
        dates = moved(clash.period.dates, field, proposed)
        return set_period(period_pk, dates, today=today, by=by, at=at)
    except Refused as refused:
        raise Refused(str(refused)) from refused
