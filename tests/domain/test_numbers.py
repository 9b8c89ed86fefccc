"""The table of numbers: how the city's value comes about, what counts until a unit files anew, which of two holds."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from tasks_app.choices import AuditAction, IndicatorKind, PeriodKind, Total
from tasks_app.domain.exports.actions import export_numbers
from tasks_app.domain.moves import Refused
from tasks_app.domain.numbers.actions import rule_total
from tasks_app.domain.numbers.queries import number_table
from tasks_app.domain.numbers.rules import Said, UnitNumber, city_number
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.reporting.entry_values import FigureGiven
from tasks_app.models import AuditEvent, Indicator, Report, ReportingPeriod
from tests.cast import july

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "outlook": "can"}
CUMULATIVE, RATE, YES_NO = IndicatorKind.CUMULATIVE, IndicatorKind.RATE, IndicatorKind.YES_NO


def number(value, *, last=None, owner=False, weight=None) -> UnitNumber:
    said = [None if v is None else Said(1, Decimal(v), str(v)) for v in (last, value)]
    weight = None if weight is None else Decimal(weight)
    return UnitNumber(1, "某单位", not owner, owner, None, weight, *said)


@pytest.mark.parametrize(
    ("total", "kind", "numbers", "wanted"),
    [
        (Total.SUM, CUMULATIVE, [number(3), number(4)], [("sum", "7", 2, 2, 0)]),
        (Total.SUM, CUMULATIVE, [number(3), number(None)], [("sum", "3", 1, 2, 0)]),
        (Total.SUM, CUMULATIVE, [number(3), number(None, last=2)], [("sum", "5", 2, 2, 1)]),
        (Total.SUM, CUMULATIVE, [number(3, last=2)], [("sum", "3", 1, 1, 0)]),
        (Total.SUM, CUMULATIVE, [number(None)], []),
        (Total.SUM, CUMULATIVE, [], []),
        (Total.EACH, CUMULATIVE, [number(3), number(4)], []),
        (
            Total.WEIGHTED,
            RATE,
            [number(60, weight=100), number(40, weight=300)],
            [("weighted", "45", 2, 2, 0)],
        ),
        (Total.WEIGHTED, RATE, [number(60, weight=100), number(40)], [("weighted", "60", 1, 2, 0)]),
        (Total.WEIGHTED, RATE, [number(60)], []),
        (Total.OWNER, CUMULATIVE, [number(9, owner=True)], [("owner", "9", 1, 1, 0)]),
        (
            Total.OWNER,
            CUMULATIVE,
            [number(9, owner=True), number(3), number(4)],
            [("owner", "9", 1, 1, 0), ("sum", "7", 2, 2, 0)],
        ),
        (
            Total.OWNER,
            RATE,
            [number(9, owner=True), number(3)],
            [("owner", "9", 1, 1, 0)],
        ),  # rates are not added
        (Total.OWNER, YES_NO, [number(1, owner=True), number(0)], [("owner", "1", 1, 1, 0)]),
    ],
)
def test_how_the_citys_value_comes_about(total, kind, numbers, wanted):
    found = city_number(total, kind, numbers).voices
    assert [(v.total, f"{v.value.normalize():f}", v.counted, v.asked, v.carried) for v in found] == wanted


def test_two_values_stand_side_by_side_until_the_office_says_which_holds():
    numbers = [number(9, owner=True), number(3), number(4)]
    open_ = city_number(Total.OWNER, CUMULATIVE, numbers)
    assert (open_.is_open, open_.leading) == (True, None)
    for holds, value in ((Total.SUM, 7), (Total.OWNER, 9)):
        city = city_number(Total.OWNER, CUMULATIVE, numbers, holds)
        assert (city.is_open, city.leading.value, len(city.others)) == (False, value, 1)


def test_values_that_agree_or_are_not_whole_contradict_nothing():
    same = city_number(Total.OWNER, CUMULATIVE, [number(7, owner=True), number(3), number(4)])
    assert (same.differs, same.leading.total) == (False, Total.OWNER)
    missing = city_number(Total.OWNER, CUMULATIVE, [number(9, owner=True), number(3), number(None)])
    assert (missing.differs, missing.leading.value) == (False, 9)
    silent = city_number(Total.OWNER, CUMULATIVE, [number(None, owner=True), number(3), number(4)])
    assert (silent.leading, [voice.value for voice in silent.others]) == (None, [7])


def test_last_time_and_the_forecast_are_summed_only_where_all_said_so():
    all_ = city_number(Total.SUM, CUMULATIVE, [number(3, last=1), number(4, last=2)]).leading
    assert (all_.last, all_.forecast) == (3, None)
    assert city_number(Total.SUM, CUMULATIVE, [number(3, last=1), number(4)]).leading.last is None


# --- from what was filed ------------------------------------------------------------------------------------


@pytest.fixture
def file(people, at):
    """`file(people.filler, "3", …)` files a unit's report with 会商次数 so."""

    def run(
        by, value: str, indicator: Indicator, *, period=PeriodKind.FIRST_HALF, signer=None, **more
    ) -> Report:
        report = Report.objects.get(unit=by.unit, period__kind=period)
        for entry in report.entries.all():
            figures = {indicator.pk: FigureGiven(value, "2024-06-30", "台账", **more)}
            reporting.save_entry(report.pk, entry.pk, values=WORDS, figures=figures, version=0, by=by, at=at)
        if signer is not None:
            reporting.request_signature(report.pk, by=by, at=at)
        reporting.submit_report(report.pk, by=signer or by, at=at)
        return report

    return run


@pytest.fixture
def owned(indicator, units) -> Indicator:
    """会商次数, of which 市卫健委 gives the city's number and the counties give their own."""
    Indicator.objects.update(total=Total.OWNER, owner=units["市卫健委"])
    indicator.refresh_from_db()
    return indicator


def values(table) -> dict[str, str]:
    """Return {unit: what stands for it} of the first number."""
    return {each.name: each.stands.words if each.stands else "" for each in table.rows[0].numbers}


def test_only_what_left_the_unit_is_shown(file, report, owned, people, period, at):
    assert values(number_table(period, at=at)) == {"三元区": "", "将乐县": "", "市卫健委": ""}
    file(people.other_filler, "约3", owned)
    row = number_table(period, at=at).rows[0]
    assert (row.numbers[0].now.words, row.numbers[0].now.source) == ("约3次", "台账")
    assert number_table(period, at=july(1)).rows[0].numbers[0].now is None


def test_until_a_unit_files_anew_its_last_number_stands(file, report, owned, people, plan, period, at):
    file(people.other_filler, "3", owned)
    later = ReportingPeriod.objects.create(
        plan=plan, kind=PeriodKind.THREE_QUARTERS, opens_on=july(2).date(), due_on="2024-09-25"
    )
    later.refresh_from_db()
    reporting.open_due_periods(at=at)
    county = number_table(later, at=at).rows[0].numbers[0]
    assert (county.stands.words, county.is_carried) == ("3次", True)
    file(people.other_filler, "5", owned, period=PeriodKind.THREE_QUARTERS, forecast="6")
    county = number_table(later, at=at).rows[0].numbers[0]
    assert (county.now.words, county.last.words, county.now.forecast) == ("5次", "3次", 6)


def test_the_office_says_which_value_holds(file, report, owned, people, period, at):
    file(people.other_filler, "1", owned)
    file(people.filler, "2", owned, signer=people.signer)
    file(people.bureau_filler, "4", owned, signer=people.bureau_signer)
    row = number_table(period, at=at).rows[0]
    assert row.city.is_open
    assert [voice.value for voice in row.city.voices] == [4, 3]
    rule_total(owned, period, Total.SUM, by=people.office, at=at)
    row = number_table(period, at=at).rows[0]
    assert (row.city.leading.value, row.reached) == (3, "完成 75%，还差 1次")
    event = AuditEvent.objects.filter(action=AuditAction.INDICATOR_DECIDE).latest("pk")
    assert event.changes == {"全市数": ["两数并列，尚未认定", "以各单位合计为准"]}
    rule_total(owned, period, "", by=people.office, at=at)
    assert number_table(period, at=at).rows[0].city.is_open
    with pytest.raises(Refused):
        rule_total(owned, period, Total.WEIGHTED, by=people.office, at=at)


def test_the_table_takes_the_same_statements_whatever_its_size(
    file, report, owned, people, period, at, django_assert_num_queries
):
    period = ReportingPeriod.objects.select_related("plan").get(pk=period.pk)
    with django_assert_num_queries(5):
        number_table(period, at=at)
    file(people.other_filler, "1", owned)
    file(people.filler, "2", owned, signer=people.signer)
    with django_assert_num_queries(5):
        number_table(period, at=at)


def test_the_workbook_says_what_the_page_says(file, report, owned, people, period, at):
    owned.shares.create(unit=people.other_filler.unit, target=Decimal("1.5"))
    file(people.other_filler, "1", owned)
    found = export_numbers(period, by=people.office, at=at)
    assert found.name == "三明市2024年上半年量化指标汇总.xlsx"
    sheet = openpyxl.load_workbook(BytesIO(found.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert rows[0][:6] == ["会商次数", "次", "全市", "不低于4次", None, None]
    assert rows[0][-1] == "各单位合计 1"  # the owner has not said its number
    assert rows[1][2:6] == ["三元区", 1.5, None, 1]
    assert [row[2] for row in rows] == ["全市", "三元区", "将乐县", "市卫健委"]
    assert rows[2][-1] == "未报"
    assert AuditEvent.objects.latest("pk").note == found.name
