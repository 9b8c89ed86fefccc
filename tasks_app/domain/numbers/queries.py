"""Looks: the table of numbers of one period, from what units filed; four statements, whatever its size."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from tasks_app.choices import Total, UnitKind
from tasks_app.domain.indicators.asked import goal_of
from tasks_app.domain.indicators.rules import is_reached, requirement
from tasks_app.domain.reporting.content import FigureContent, content_of
from tasks_app.domain.reporting.rules import period_end
from tasks_app.models import Indicator, ReportingPeriod, Submission, TotalRuling, Unit

from .rules import CityNumber, Said, UnitNumber, city_number, reach

SaidOf = dict[tuple[int, int], Said]  # by indicator and unit


@dataclass(frozen=True)
class NumberRow:
    """One indicator with what every asked unit said of it, and the city's value."""

    indicator: Indicator
    requirement: str
    numbers: list[UnitNumber]
    by_county: list[UnitNumber | None]  # in the order of the table's counties, None where one is not asked
    city: CityNumber
    reached: str
    expected: str
    pace: str
    ruling: TotalRuling | None
    said: int  # units of which a number is known
    met: int  # of them those that have reached their own target

    @property
    def is_each(self) -> bool:
        """Whether every unit's number stands for itself."""
        return self.indicator.total == Total.EACH

    @property
    def bureaus(self) -> list[UnitNumber]:
        """What city bureaus say."""
        return [each for each in self.numbers if not each.is_county]


@dataclass(frozen=True)
class NumberTable:
    """The numbers of one period: a row for each, and the counties that are asked for any."""

    period: ReportingPeriod
    rows: list[NumberRow]
    counties: list[Unit]
    undecided: int  # accepted numbers of which nobody has decided who reports them


def number_table(period: ReportingPeriod, *, at: datetime) -> NumberTable:
    """Return the numbers of `period` as they were filed until `at`."""
    asked: dict[int, list[Indicator]] = defaultdict(list)
    pairs = Indicator.objects.in_use_of(period.plan).asked().select_related("task", "owner")
    for pair in pairs.order_by("task__number", "position"):
        asked[pair.pk].append(pair)
    keys = {pair.asked_unit for found in asked.values() for pair in found}  # type: ignore[attr-defined]
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=keys).order_by("position", "code")}
    now, last = _said(period, at)
    rulings = TotalRuling.objects.filter(period=period, decided_at__lte=at).select_related("decided_by")
    ruled = {ruling.indicator_id: ruling for ruling in rulings}
    until = min(period.due_on, period_end(period))
    rows = [_row(found, units, now, last, ruled.get(pk), until, period) for pk, found in asked.items()]
    accepted = Indicator.objects.in_use_of(period.plan).accepted().count()
    counties = [unit for unit in units.values() if unit.kind == UnitKind.COUNTY]
    return NumberTable(period, rows, counties, accepted - len(rows))


def _row(
    pairs: list[Indicator],
    units: Mapping[int, Unit],
    now: SaidOf,
    last: SaidOf,
    ruling: TotalRuling | None,
    until: date,
    period: ReportingPeriod,
) -> NumberRow:
    indicator = pairs[0]
    by_unit = {pair.asked_unit: pair for pair in pairs}  # type: ignore[attr-defined]
    numbers = [
        UnitNumber(
            unit=pk,
            name=unit.name,
            is_county=unit.kind == UnitKind.COUNTY,
            is_owner=bool(by_unit[pk].is_owner),  # type: ignore[attr-defined]
            share=by_unit[pk].share_target,  # type: ignore[attr-defined]
            denominator=by_unit[pk].share_denominator,  # type: ignore[attr-defined]
            last=last.get((indicator.pk, pk)),
            now=now.get((indicator.pk, pk)),
        )
        for pk, unit in units.items()
        if pk in by_unit
    ]
    city = city_number(indicator.total, indicator.kind, numbers, ruling.holds if ruling else "")
    reached, expected, mark = reach(goal_of(indicator, indicator.value, period.plan.year), city, until)
    words = requirement(indicator.kind, indicator.comparator, indicator.value, indicator.unit)
    year = period.plan.year
    said = [(each, each.stands.value) for each in numbers if each.stands]
    met = sum(is_reached(goal_of(indicator, _own(each, indicator), year), value) for each, value in said)
    found = {each.unit: each for each in numbers}
    by_county = [found.get(pk) for pk, unit in units.items() if unit.kind == UnitKind.COUNTY]
    return NumberRow(
        indicator, words, numbers, by_county, city, reached, expected, mark, ruling, len(said), met
    )


def _own(number: UnitNumber, indicator: Indicator) -> Decimal:
    return indicator.value if number.share is None else number.share


def _said(period: ReportingPeriod, at: datetime) -> tuple[SaidOf, SaidOf]:
    """Return what units filed in `period`, and what they had filed last before it in this year."""
    newest = Submission.objects.filter(report=OuterRef("report"), submitted_at__lte=at).order_by("-number")
    found = (
        Submission.objects.filter(
            pk=Subquery(newest.values("pk")[:1]),
            report__period__plan=period.plan,
            report__period__due_on__lte=period.due_on,
        )
        .select_related("report__period")
        .only("content", "report__unit", "report__period__due_on")
        .order_by()
    )
    now: SaidOf = {}
    last: SaidOf = {}
    for submission in sorted(found, key=lambda one: one.report.period.due_on):
        report = submission.report
        into = now if report.period_id == period.pk else last
        for entry in content_of(submission).entries:
            for figure in entry.indicators:
                if figure.value is not None:
                    into[figure.indicator, report.unit_id] = _said_in(report.pk, figure)
    return now, last


def _said_in(report: int, figure: FigureContent) -> Said:
    assert figure.value is not None  # noqa: S101 asked before
    return Said(report, figure.value, figure.words, figure.pace, figure.forecast, figure.as_of, figure.source)
