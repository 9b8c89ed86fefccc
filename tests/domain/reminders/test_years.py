"""Whole years, day by day: every message that goes out, against tables that a person can read.

tests/data/reminders/<year>.txt holds one line for each message, with the events of the story between them.
`WRITE_REMINDER_YEARS=1` writes them anew; then read the difference.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.core import mail

from tasks_app.choices import Channel, DayKind, PeriodKind, Role
from tasks_app.clock import SHANGHAI, local_date
from tasks_app.domain.calendar.actions import load_official_days, set_special_day
from tasks_app.domain.extensions.actions import ask_extension, grant_extension
from tasks_app.domain.reminders import actions, delivering, queries
from tasks_app.domain.reminders.kinds import KINDS
from tasks_app.domain.reminders.obligations import named
from tasks_app.domain.reminders.rules import is_sending_time
from tasks_app.domain.reminders.rungs import rung_label
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.review import actions as review
from tasks_app.models import Delivery, Message, Report, ReportingPeriod, User

TABLES = Path(__file__).resolve().parent.parent.parent / "data" / "reminders"
K = PeriodKind
LIMITS = {
    K.FIRST_HALF: ((7, 1), (7, 25)), K.THREE_QUARTERS: ((9, 1), (9, 25)), K.FULL_YEAR: ((11, 1), (11, 25)),
}  # fmt: skip
WORDS = {"progress": "已完成。", "forecast": "按期完成。", "status": "on_track", "remarks": ""}
# The State Council had not said which days of 2027 are off when this was written; an admin enters the feasts.
FEASTS_2027 = [(1, 1), (2, 5), (2, 8), (2, 9), (2, 10), (2, 11), (4, 5), (6, 9), (9, 15)] + [
    (10, day) for day in (1, 4, 5, 6, 7)
]
# What happens on which day of the year at 17:00.
STORY = [
    ((7, 16), "三元区按期报送", lambda year: year.submit("三元区", K.FIRST_HALF)),
    ((7, 18), "市卫健委申请延期", lambda year: year.ask("市卫健委", K.FIRST_HALF)),
    ((7, 19), "将乐县提交审签", lambda year: year.sign("将乐县", K.FIRST_HALF)),
    ((7, 23), "准予市卫健委延至8月8日（遇休息日顺延）", lambda year: year.grant()),
    ((7, 24), "将乐县按期报送", lambda year: year.submit("将乐县", K.FIRST_HALF)),
    ((7, 29), "退回将乐县", lambda year: year.give_back("将乐县", K.FIRST_HALF)),
    ((8, 6), "将乐县重新报送", lambda year: year.submit("将乐县", K.FIRST_HALF)),
    ((8, 8), "市卫健委报送", lambda year: year.submit("市卫健委", K.FIRST_HALF)),
    ((8, 20), "采纳全部已报送的上半年填报", lambda year: year.accept_all(K.FIRST_HALF)),
    ((9, 10), "市医保局建立填报员账号", lambda year: year.give_account("市医保局")),
    ((9, 11), "市医保局补报上半年", lambda year: year.submit("市医保局", K.FIRST_HALF)),
    ((9, 28), "将乐县补报前三季度", lambda year: year.submit("将乐县", K.THREE_QUARTERS)),
    ((10, 20), "三元区停用", lambda year: year.close("三元区")),
    ((11, 20), "市卫健委按期报送全年", lambda year: year.submit("市卫健委", K.FULL_YEAR)),
]


class Year:
    """One year of the city, played by the real actions."""

    def __init__(self, number: int, plan, people, units) -> None:
        self.number, self.plan, self.people, self.units = number, plan, people, units
        self.at = self.moment((1, 1), 9)

    def moment(self, day: tuple[int, int] | date, hour: int, minute: int = 0) -> datetime:
        day = day if isinstance(day, date) else date(self.number, *day)
        return datetime.combine(day, time(hour, minute), SHANGHAI)

    def report(self, unit: str, kind: PeriodKind) -> Report:
        return Report.objects.get(unit__name=unit, period__kind=kind)

    def person(self, unit: str, role: Role) -> User:
        return User.objects.filter(unit__name=unit, role=role, is_active=True).get()

    def fill(self, unit: str, kind: PeriodKind) -> Report:
        report = self.report(unit, kind)
        filler = self.person(unit, Role.FILLER)
        for entry in report.entries.all():
            reporting.save_entry(
                report.pk, entry.pk, values=WORDS, version=entry.version, by=filler, at=self.at
            )
        return report

    def sign(self, unit: str, kind: PeriodKind) -> None:
        report = self.fill(unit, kind)
        reporting.request_signature(report.pk, by=self.person(unit, Role.FILLER), at=self.at)

    def submit(self, unit: str, kind: PeriodKind) -> None:
        report = self.report(unit, kind)
        signer = User.objects.filter(unit__name=unit, role=Role.SIGNER, is_active=True).first()
        if signer and report.state != "signing":
            self.sign(unit, kind)
        elif not signer:
            self.fill(unit, kind)
        reporting.submit_report(report.pk, by=signer or self.person(unit, Role.FILLER), at=self.at)

    def ask(self, unit: str, kind: PeriodKind) -> None:
        report, filler = self.report(unit, kind), self.person(unit, Role.FILLER)
        words = {"reason": "台风", "situation": "过半", "wanted_on": self.later_limit()}
        self.extension = ask_extension(report.pk, **words, by=filler, at=self.at)

    def grant(self) -> None:
        grant_extension(self.extension.pk, until=self.later_limit(), by=self.people.office, at=self.at)

    def later_limit(self) -> date:
        return self.calendar.add(date(self.number, 8, 7), 1)

    def give_back(self, unit: str, kind: PeriodKind) -> None:
        report = self.report(unit, kind)
        number = report.submissions.count()
        review.return_report(
            report.pk, submission=number, reasons={None: "无数据"}, by=self.people.office, at=self.at
        )

    def accept_all(self, kind: PeriodKind) -> None:
        for report in Report.objects.filter(period__kind=kind, state="submitted"):
            number = report.submissions.count()
            review.accept_report(report.pk, submission=number, by=self.people.office, at=self.at)

    def give_account(self, unit: str) -> None:
        User.objects.create(
            username="ybj",
            name="周芳",
            role=Role.FILLER,
            unit=self.units[unit],
            email="ybj@example.invalid",
            phone="0598-1",
        )

    def close(self, unit: str) -> None:
        self.units[unit].is_active = False
        self.units[unit].save()

    def days(self) -> Iterator[date]:
        """Yield every day from the issue of the table to the end of the year."""
        day = date(self.number, 6, 18)
        while day.year == self.number:
            yield day
            day += timedelta(days=1)

    def run_jobs(self, day: date, hour: int, minute: int = 0) -> None:
        self.at = self.moment(day, hour, minute)
        if is_sending_time(self.calendar, self.at):
            reporting.open_due_periods(at=self.at)
            actions.compose_reminders(at=self.at)
            delivering.deliver_messages(at=self.at)


def play(year: Year) -> list[str]:
    """Play the year and return its table: the messages and events in their order."""
    lines: list[str] = []
    events = {date(year.number, *on): (event, words) for on, words, event in STORY}
    for day in year.days():
        year.run_jobs(day, 8, 30)
        lines += _lines(Message.objects.filter(day=day).order_by("pk"))
        if Delivery.objects.filter(state="pending").exists():  # somebody was written to a moment less than
            year.run_jobs(day, 16)  # 24 hours ago
        if day in events:
            event, words = events[day]
            year.at = year.moment(day, 17)
            event(year)
            lines.append(f"            —— {words}")
    return lines


def _lines(messages) -> Iterator[str]:
    for message in messages.prefetch_related(
        "deliveries__user", "reminders__report__period__plan"
    ).select_related("unit"):
        reasons: dict[str, list[str]] = defaultdict(list)
        for reminder in message.reminders.all():
            title = named(reminder).removesuffix("填报")[5:] + (
                "" if reminder.kind == "filing" else f"·{KINDS[reminder.kind].label}"
            )
            reasons[f"{title} {rung_label(reminder.rung)}"].append(
                reminder.report.unit.short_name if reminder.to_office else ""
            )
        what = "，".join(
            f"{label}（{'、'.join(units)}）" if any(units) else label for label, units in reasons.items()
        )
        who = "、".join(
            sorted(
                {delivery.user.name for delivery in message.deliveries.all() if delivery.channel != "email"}
            )
        )
        weekday = "一二三四五六日"[message.day.weekday()]
        yield f"{message.day} {weekday}  {message.unit.short_name}  {what}  → {who}"


@pytest.fixture
def year(request, plan, people, units) -> Year:
    number = request.param
    plan.year = number
    plan.save()
    year = Year(number, plan, people, units)
    if number == 2027:
        for day in FEASTS_2027:
            set_special_day(date(2027, *day), DayKind.HOLIDAY, "节日", by=None, at=year.at)
    else:
        load_official_days([number], by=None, at=year.at)
    year.calendar = queries.working_calendar()
    for kind, (opens, due) in LIMITS.items():
        ReportingPeriod.objects.create(
            plan=plan, kind=kind, opens_on=date(number, *opens), due_on=date(number, *due)
        )
    return year


@pytest.mark.once
@pytest.mark.parametrize(
    "year",
    [pytest.param(number, marks=pytest.mark.soak) for number in (2024, 2025, 2026, 2027)],
    indirect=True,
    ids=str,
)
def test_every_message_of_a_year(year):
    lines = play(year)
    table = TABLES / f"{year.number}.txt"
    if os.environ.get("WRITE_REMINDER_YEARS"):
        table.parent.mkdir(exist_ok=True)
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lines == table.read_text(encoding="utf-8").splitlines()
    _nobody_is_pestered()
    assert not Delivery.objects.filter(state__in=["sending", "uncertain", "failed"]).exists()


def _nobody_is_pestered() -> None:
    """One message a unit and day, working hours of working days, and 24 hours between two to a person."""
    calendar = queries.working_calendar()
    sent: dict[int, list[datetime]] = defaultdict(list)
    for delivery in Delivery.objects.filter(channel=Channel.EMAIL, state="sent").order_by("sent_at"):
        sent[delivery.user_id].append(delivery.sent_at)
        assert calendar.is_working_day(local_date(delivery.sent_at))
        assert time(8, 30) <= delivery.sent_at.astimezone(SHANGHAI).time() < time(17, 30)
    assert len(mail.outbox) == sum(map(len, sent.values()))
    for moments in sent.values():
        assert all(b - a >= timedelta(hours=24) for a, b in pairwise(moments))


@pytest.mark.parametrize("year", [2025], indirect=True, ids=str)
def test_the_last_second_of_the_limit_and_the_turn_of_the_year(year):
    """25 November 23:59:59 is still the limit's day; what is owed goes on being told in January."""
    reporting.open_due_periods(at=year.moment((11, 3), 9))

    def rungs(at: datetime) -> set[str]:
        due, _, _ = queries.due_now(at)
        return {rung_label(one.offset) for one in due if one.obligation.title == "2025年全年填报"}

    assert rungs(datetime(2025, 11, 25, 23, 59, 59, tzinfo=SHANGHAI)) == {"T"}
    assert rungs(datetime(2025, 11, 26, 0, 0, 0, tzinfo=SHANGHAI)) == {"T+1"}
    assert rungs(datetime(2025, 12, 31, 23, 59, 59, tzinfo=SHANGHAI)) == {"T+26"}
    load_official_days([2026], by=None, at=year.at)  # 1-3 January off, Sunday the 4th worked
    assert rungs(datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)) == {"T+28"}
