"""The calendar feed as a file (.ics, RFC 5545 and 7986): all-day entries with an alarm, for any calendar program."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import TRANSP, Alarm, Calendar, Event, vDuration, vText

PRODUCT = "-//Sanming Health Reform Office//Reform Tracker//ZH"
# How often a program should ask again: limits move rarely, and never in the night before they end.
ASK_AGAIN = timedelta(hours=6)


@dataclass(frozen=True)
class FeedEntry:
    """One day in the calendar. `uid` stays the same for the same thing, `revision` grows when its day is moved."""

    uid: str
    day: date
    title: str
    text: str
    url: str
    alarm_at: datetime | None = None
    revision: int = 0
    changed_at: datetime | None = None


def calendar_feed(uid: str, name: str, entries: Iterable[FeedEntry], *, at: datetime) -> bytes:
    """Return the calendar `name` with `entries` as it stands at the moment `at`; `uid` is the calendar's own."""
    calendar = Calendar.new(
        uid=uid, prodid=PRODUCT, method="PUBLISH", subcomponents=[_event(entry, at) for entry in entries]
    )
    # Each twice: as RFC 7986 has it, and as the programs that are older than it do. The library neither
    # escapes the name nor writes the type of the interval, which the standard demands.
    for property_name in ("NAME", "X-WR-CALNAME"):
        calendar.add(property_name, vText(one_line(name)))
    calendar.add("REFRESH-INTERVAL", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(ASK_AGAIN).to_ical().decode())
    calendar.add("X-WR-TIMEZONE", "Asia/Shanghai")
    return bytes(calendar.to_ical())


def one_line(text: str) -> str:
    """Return `text` on one line and without what no calendar may hold."""
    return " ".join(_lines(text))


def _event(entry: FeedEntry, at: datetime) -> Event:
    event = Event.new(
        uid=entry.uid,
        start=entry.day,
        end=entry.day + timedelta(days=1),  # the first day that no longer belongs to it
        stamp=at.astimezone(UTC),
        last_modified=entry.changed_at and entry.changed_at.astimezone(UTC),
        sequence=entry.revision,
        summary=one_line(entry.title),
        description="\n".join(_lines(entry.text)),
        url=entry.url,
        transparency=TRANSP.TRANSPARENT,  # a limit does not make anybody busy
    )
    if entry.alarm_at is not None:
        event.add_component(_alarm(entry))
    return event


def _alarm(entry: FeedEntry) -> Alarm:
    """A moment, not so many hours before: an all-day entry begins at the midnight of whoever reads it."""
    alarm = Alarm.new(description=one_line(entry.title))
    alarm.add("ACTION", "DISPLAY")
    alarm.add("TRIGGER", entry.alarm_at and entry.alarm_at.astimezone(UTC), parameters={"VALUE": "DATE-TIME"})
    return alarm


def _lines(text: str) -> list[str]:
    """Return the lines of `text` without control characters and halves of characters, which break a parser."""
    return [
        "".join(character for character in line if unicodedata.category(character) not in ("Cc", "Cs"))
        for line in text.splitlines()
    ]
