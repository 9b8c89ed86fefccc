"""Changes of the calendar: the official days of a year, or one day by hand."""

from collections.abc import Iterable
from datetime import date, datetime

from chinese_calendar.constants import Holiday, holidays, workdays
from django.db import transaction

from tasks_app.choices import AuditAction, DayKind
from tasks_app.domain import audit
from tasks_app.domain.moves import Refused
from tasks_app.models import SpecialDay, User

from .rules import is_weekend

OFFICIAL_YEARS = frozenset(day.year for day in holidays)


def load_official_days(years: Iterable[int], *, by: User | None, at: datetime) -> int:
    """Add the State Council's holidays and make-up days of `years`; returns how many days were new.

    A day that somebody already entered stays as it is: the table is the truth, the official data its start.
    Raises Refused, and then adds nothing.
    """
    wanted = sorted(set(years))
    unknown = [year for year in wanted if year not in OFFICIAL_YEARS]
    if unknown:
        raise Refused(
            f"程序内没有{'、'.join(f'{year}年' for year in unknown)}的放假安排（现有{min(OFFICIAL_YEARS)}"
            f"—{max(OFFICIAL_YEARS)}年），请按国务院办公厅通知逐日录入。"
        )
    with transaction.atomic():
        known = set(SpecialDay.objects.filter(day__year__in=wanted).values_list("day", flat=True))
        new = [day for day in _official_days(set(wanted)) if day.day not in known]
        # Another person may load the same year meanwhile.
        SpecialDay.objects.bulk_create(new, ignore_conflicts=True)
        if new:
            note = f"载入{'、'.join(f'{year}年' for year in wanted)}国务院放假安排，新增{len(new)}天"
            audit.record(AuditAction.CALENDAR_EDIT, None, by=by, at=at, note=note)
    return len(new)


def set_special_day(day: date, kind: DayKind, name: str, *, by: User | None, at: datetime) -> SpecialDay:
    """Enter `day` as a holiday or as a make-up working day; changes it where it was entered before.

    Raises Refused for a working day that is one anyway.
    """
    if kind == DayKind.WORKDAY and not is_weekend(day):
        raise Refused(f"{day:%Y-%m-%d}是工作日，不需要登记调休上班。")
    after = {"kind": kind.value, "name": name}
    with transaction.atomic():
        existing = SpecialDay.objects.select_for_update().filter(day=day).first()
        before = {"kind": existing.kind, "name": existing.name} if existing else {}
        row, _ = SpecialDay.objects.update_or_create(day=day, defaults=after)
        changes = audit.diff(before, after)
        if changes:
            audit.record(AuditAction.CALENDAR_EDIT, row, by=by, at=at, changes=changes)
    return row


def delete_special_day(pk: int, *, by: User | None, at: datetime) -> date | None:
    """Take one day out of the calendar and return it; None when it was gone already."""
    with transaction.atomic():
        row = SpecialDay.objects.select_for_update().filter(pk=pk).first()
        if row is None:
            return None
        audit.record(
            AuditAction.CALENDAR_EDIT,
            row,
            by=by,
            at=at,
            changes=audit.diff({"kind": row.kind, "name": row.name}, {"kind": None, "name": None}),
            note="删除",
        )
        row.delete()
        return row.day


def _official_days(years: set[int]) -> list[SpecialDay]:
    rows = [
        SpecialDay(day=day, kind=kind, name=Holiday(name).chinese)
        for table, kind in ((holidays, DayKind.HOLIDAY), (workdays, DayKind.WORKDAY))
        for day, name in table.items()
        if day.year in years
    ]
    return sorted(rows, key=lambda row: row.day)
