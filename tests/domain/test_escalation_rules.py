"""Rules of 督查单 that ask no database."""

from datetime import date

import pytest

from tasks_app.choices import DayKind
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.escalation import rules


@pytest.mark.once
def test_a_limit_on_a_day_off_is_answered_with_a_proposal():
    special = {date(2024, 10, n): DayKind.HOLIDAY for n in range(1, 8)}
    calendar = WorkingCalendar(special | {date(2024, 10, 12): DayKind.WORKDAY}, frozenset({2024}))
    proposal = "2024年8月3日（周六）是休息日，建议改为 2024年8月5日（周一）。"
    assert rules.better_day(date(2024, 8, 3), calendar) == proposal
    assert "2024年10月8日" in rules.better_day(date(2024, 10, 1), calendar)
    assert rules.better_day(date(2024, 10, 12), calendar) == ""  # a Saturday that is worked
