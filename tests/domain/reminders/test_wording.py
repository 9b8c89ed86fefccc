"""The words of a message: what, until when, how long still, and whom to call."""

from datetime import date

import pytest

from tasks_app.choices import DayKind
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.reminders import wording
from tasks_app.domain.reminders.rules import OwedReport

# Mid-Autumn 2024: 15-17 September off, Saturday the 14th worked.
CALENDAR = WorkingCalendar(
    special={date(2024, 9, 14): DayKind.WORKDAY}
    | {date(2024, 9, day): DayKind.HOLIDAY for day in (15, 16, 17)},
    years=frozenset({2024}),
)


def owed(**values) -> OwedReport:
    return OwedReport(
        **{
            "report": 7,
            "unit": 1,
            "unit_name": "三元区",
            "plan": 1,
            "issuer": 1,
            "period": "2024年上半年",
            "state": "draft",
            "opens_on": date(2024, 7, 1),
            "due_on": date(2024, 7, 25),
        }
        | values
    )


def written(*reports: OwedReport, today: date) -> wording.Words:
    return wording.write_message(
        reports, today=today, calendar=CALENDAR, contact="市医改办（陈志远 0598）", site_url="http://x.test/"
    )


def test_the_words_say_what_until_when_how_long_and_whom_to_call():
    words = written(owed(), today=date(2024, 7, 22))
    assert words.subject == "【填报提醒】2024年上半年填报7月25日截止，还有3个工作日（3天）"
    for part in (
        "三元区：",
        "截至2024年7月22日（星期一），贵单位有1项",
        "截止日期：2024年7月25日（星期四）",
        "http://x.test/reports/7",
        "市医改办（陈志远 0598）",
    ):
        assert part in words.body


def test_the_words_merge_all_that_is_owed_and_lead_with_the_overdue():
    later = owed(report=8, period="2024年前三季度", due_on=date(2024, 9, 25), state="signing")
    words = written(later, owed(), today=date(2024, 9, 10))
    assert words.subject == "【催报】2项填报尚未报送，其中1项已逾期"
    assert words.body.index("上半年") < words.body.index("前三季度")
    assert "已逾期33个工作日（47天）" in words.body
    assert "还有10个工作日（15天）" in words.body


@pytest.mark.parametrize(
    ("today", "text"),
    [
        (date(2024, 9, 14), "今天截止"),
        (date(2024, 9, 16), "已逾期2天（均为休息日）"),
        (date(2024, 9, 18), "已逾期1个工作日（4天）"),
        (date(2024, 9, 13), "还有1个工作日（1天）"),
    ],
)
def test_time_left_counts_working_and_calendar_days(today, text):
    assert wording.time_left(date(2024, 9, 14), today, CALENDAR) == text


def test_a_limit_on_a_day_off_is_said_so():
    words = written(owed(due_on=date(2024, 9, 16)), today=date(2024, 9, 13))
    assert "当天为休息日，此前最后一个工作日为9月14日" in words.body
