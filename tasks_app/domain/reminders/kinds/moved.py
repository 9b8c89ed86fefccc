"""截止日调整: a period's limit that was moved while it was open. Its message tells of it as part of the report."""

from dataclasses import replace
from datetime import datetime

from django.db.models import F, QuerySet

from tasks_app.choices import ReportState
from tasks_app.domain.reminders.rungs import BEGINNING, rungs
from tasks_app.models import Report

from . import reports
from .kind import Kind
from .things import REPORT

WORDS = "截止日期（已调整）：{时限}\n时限情况：{剩余}\n办理状态：{状态}\n填报地址：{地址}"


def owed(at: datetime) -> QuerySet[Report]:
    """Return the reports that are still owed and follow a limit that was moved; one with its own limit does not."""
    followed = reports.owed(at).filter(returned_at__isnull=True, due_on=F("period__due_on"))
    return followed.filter(period__moved_on__isnull=False)


KIND = Kind(
    code="moved",
    label="截止日调整",
    thing=REPORT,
    owed=owed,
    columns={"since": F("period__moved_on"), "due_on": F("due_on"), "closes_on": F("period__closes_on")},
    rungs=tuple(replace(rung, words=WORDS) for rung in rungs((BEGINNING, "fs"))),
    page=reports.PAGE,
    words=reports.WORDS,
    steps=reports.STEPS,
    is_told_with_report=True,
    begins="截止日调整",
    example_state=ReportState.DRAFT,
)
