"""Changes: every export is written to the audit trail."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tasks_app.choices import AuditAction
from tasks_app.documents.annex import annex_workbook
from tasks_app.documents.number_table import number_workbook
from tasks_app.domain import audit
from tasks_app.domain.moves import Refused
from tasks_app.models import Report, ReportingPeriod, User

from .numbers import numbers_sheet
from .queries import period_annex, report_annex
from .rules import period_file_name, report_file_name


@dataclass(frozen=True)
class ExportedFile:
    """A file to be handed to the browser."""

    name: str
    content: bytes


@transaction.atomic
def export_report(report: Report, *, own: bool, by: User, at: datetime) -> ExportedFile:
    """Return one unit's filled form as a workbook; `report` must be visible to `by`.

    `own` tells that `by` works on it on the unit's side and gets it as it is now, a draft or not.
    """
    name = report_file_name(report, own=own)
    content = annex_workbook(report_annex(report, own=own), at=at)
    audit.record(AuditAction.EXPORT, report, by=by, at=at, unit=report.unit, note=name)
    return ExportedFile(name, content)


@transaction.atomic
def export_period(
    period: ReportingPeriod, *, by: User, at: datetime, as_of: datetime | None = None
) -> ExportedFile:
    """Return the city's merged table as a workbook, as it was at a past moment if `as_of` names one.

    Raises Refused.
    """
    annex = period_annex(period, at=as_of or at, past=as_of is not None)
    if not annex.blocks:
        raise Refused("本期尚未开放，还没有可以导出的内容。")
    name = period_file_name(period, as_of=as_of)
    content = annex_workbook(annex, at=at)
    audit.record(AuditAction.EXPORT, period, by=by, at=at, note=name)
    return ExportedFile(name, content)


@transaction.atomic
def export_numbers(period: ReportingPeriod, *, by: User, at: datetime) -> ExportedFile:
    """Return the numbers of all units in one period as a workbook; needs the issuer of its plan."""
    name = f"{period.plan.issuer.name}{period}量化指标汇总.xlsx"
    content = number_workbook(numbers_sheet(period, at=at))
    audit.record(AuditAction.EXPORT, period, by=by, at=at, note=name)
    return ExportedFile(name, content)
