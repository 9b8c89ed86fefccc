"""What another unit asked for: told of when it came, on the day hoped for and after it, until it is answered."""

from datetime import date, datetime, time

from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.matters.actions import answer, ask
from tasks_app.domain.reminders.actions import compose_reminders
from tasks_app.domain.reminders.obligations import obligations
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import Message, Reminder, Report

FRIDAY = date(2024, 7, 19)


def july(day: int) -> datetime:
    return datetime.combine(date(2024, 7, day), time(17), SHANGHAI)


def test_a_unit_is_told_of_what_another_asked_until_it_answers(period, units, people, at):
    load_official_days([2024], by=None, at=at)
    open_due_periods(at=at)
    report = Report.objects.get(unit=people.filler.unit)
    given = {"text": "请开通数据接口。", "by": people.filler, "at": at}
    entry = report.entries.first().pk
    item = ask(report.pk, entry, addressee=units["市卫健委"], due_on=FRIDAY, **given)
    for other in ({"addressee": None, "due_on": FRIDAY}, {"addressee": units["市卫健委"], "due_on": None}):
        ask(report.pk, entry, **given, **other)  # the office's own, and one without a day: nobody is chased
    for day in (15, 16, 17, 18, 19, 22):
        compose_reminders(at=july(day))
    ledger = Reminder.objects.filter(kind="coordination")
    told = ledger.order_by("pk").values_list(
        "message__day", "message__unit__name", "rung", "to_office", "matter"
    )
    assert list(told) == [
        (date(2024, 7, 15), "市卫健委", -100, False, item.pk),
        (FRIDAY, "市卫健委", 0, False, item.pk),
        (date(2024, 7, 22), "市卫健委", 1, False, item.pk),
        (date(2024, 7, 22), "三明市", 1, True, item.pk),
    ]
    body = Message.objects.get(unit=units["市卫健委"], day=FRIDAY).body
    assert "将乐县请求协调的事项" in body
    assert "希望答复日期：2024年7月19日" in body
    assert f"/coordination/{item.pk}" in body
    answer(item.pk, text="已开通。", by=people.bureau_filler, at=july(22))
    assert "coordination" not in {one.kind.code for one in obligations(july(22))}
