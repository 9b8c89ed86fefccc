"""Looks: the table of numbers as rows of a sheet, a line for the city and one for each unit that is asked."""

from datetime import datetime

from tasks_app.choices import Pace, Total
from tasks_app.clock import day_in_words, local_date
from tasks_app.documents.number_table import NumberLine, NumberSheet
from tasks_app.domain.numbers.queries import NumberRow, number_table
from tasks_app.domain.numbers.rules import UnitNumber
from tasks_app.models import ReportingPeriod


def numbers_sheet(period: ReportingPeriod, *, at: datetime) -> NumberSheet:
    """Return what the workbook of the numbers of `period` says at the moment `at`."""
    table = number_table(period, at=at)
    lines = [line for row in table.rows for line in (_city(row), *(_unit(row, each) for each in row.numbers))]
    note = f"{period.plan.title}　　截至时间：{day_in_words(local_date(at))}"
    return NumberSheet(title=f"{period}量化指标汇总", note=note, lines=lines)


def _city(row: NumberRow) -> NumberLine:
    voice = row.city.leading
    others = [f"{each.who or Total(each.total).label} {each.value.normalize():f}" for each in row.city.others]
    lead = "两数不一致，待认定" if row.city.is_open else row.reached
    return NumberLine(
        indicator=row.indicator.name,
        measure=row.indicator.unit,
        unit="全市",
        target=row.requirement,
        last=voice.last if voice else None,
        now=voice.value if voice else None,
        forecast=voice.forecast if voice else None,
        as_of="",
        source=row.indicator.source,
        mark=_mark(row.pace),
        remark="；".join(filter(None, (lead, *others))),
    )


def _unit(row: NumberRow, number: UnitNumber) -> NumberLine:
    said = number.now
    return NumberLine(
        indicator=row.indicator.name,
        measure=row.indicator.unit,
        unit=number.name,
        target=number.share if number.share is not None else "",
        last=number.last.value if number.last else None,
        now=said.value if said else None,
        forecast=said.forecast if said else None,
        as_of=said.as_of.isoformat() if said and said.as_of else "",
        source=said.source if said else "",
        mark=_mark(said.pace if said else ""),
        remark=_remark(number),
    )


def _remark(number: UnitNumber) -> str:
    if number.now is None:
        return "本期未报，沿用上期" if number.last else "未报"
    return "约数" if number.now.words.startswith("约") else ""


def _mark(pace: str) -> str:
    return Pace(pace).label if pace else ""
