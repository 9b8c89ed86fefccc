"""The calendar file as two other programs read it, whatever stands in its titles."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import vobject
from hypothesis import example, given
from hypothesis import strategies as st

from tasks_app.clock import SHANGHAI
from tasks_app.documents.calendar_feed import FeedEntry, calendar_feed, one_line

pytestmark = pytest.mark.once

AT = datetime(2024, 7, 15, 10, 0, tzinfo=SHANGHAI)
FILING = FeedEntry(
    uid="filing-1-2@yigai.example.invalid",
    day=date(2024, 7, 25),
    title="2024年上半年填报截止",
    text="三明市2024年深化医改重点任务分解表\n请在2024年7月25日（周四）前完成填报、审签和报送。",
    url="https://yigai.example.invalid/reports/3",
    alarm_at=datetime(2024, 7, 23, 9, 0, tzinfo=SHANGHAI),
    revision=2,
    changed_at=datetime(2024, 7, 10, 16, 30, tzinfo=SHANGHAI),
)
ODD = '三明市,2024;年\\n "医改"：🏥👩‍⚕️\r\n第二行\r第三行\u2028第四行\x00\x0b\ud83d'


def written(*entries: FeedEntry, name: str = "将乐县医改任务时限") -> bytes:
    return calendar_feed("limits-2@yigai.example.invalid", name, entries, at=AT)


def title_and_text(file: bytes) -> list[tuple[str, str]]:
    """What icalendar and vobject each understand of the one entry."""
    [event] = icalendar.Calendar.from_ical(file).walk("VEVENT")
    read = vobject.readOne(file.decode())
    read.validate()
    return [
        (str(event["SUMMARY"]), str(event["DESCRIPTION"])),
        (read.vevent.summary.value, read.vevent.description.value),
    ]


def test_the_whole_file():
    unfolded = written(FILING).replace(b"\r\n ", b"").decode()
    assert unfolded.split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Sanming Health Reform Office//Reform Tracker//ZH",
        "METHOD:PUBLISH",
        "NAME:将乐县医改任务时限",
        "X-WR-CALNAME:将乐县医改任务时限",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "UID:limits-2@yigai.example.invalid",
        "X-PUBLISHED-TTL:PT6H",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "BEGIN:VEVENT",
        "SUMMARY:2024年上半年填报截止",
        "DTSTART;VALUE=DATE:20240725",
        "DTEND;VALUE=DATE:20240726",
        "DTSTAMP:20240715T020000Z",
        "UID:filing-1-2@yigai.example.invalid",
        "SEQUENCE:2",
        "DESCRIPTION:三明市2024年深化医改重点任务分解表\\n请在2024年7月25日（周四）前完成填报、审签和报送。",
        "LAST-MODIFIED:20240710T083000Z",
        "TRANSP:TRANSPARENT",
        "URL:https://yigai.example.invalid/reports/3",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:2024年上半年填报截止",
        "TRIGGER;VALUE=DATE-TIME:20240723T010000Z",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_two_programs_read_the_same():
    file = written(FILING)
    assert title_and_text(file) == [(FILING.title, FILING.text)] * 2
    [event] = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert event.decoded("DTSTART") == FILING.day
    assert event.decoded("DTEND") == FILING.day + timedelta(days=1)
    assert event.walk("VALARM")[0].decoded("TRIGGER") == FILING.alarm_at
    assert event.errors == []
    read = vobject.readOne(file.decode()).vevent
    assert (read.dtstart.value, read.dtend.value) == (date(2024, 7, 25), date(2024, 7, 26))
    assert read.valarm.trigger.value == FILING.alarm_at
    assert read.url.value == FILING.url


def test_what_is_not_known_is_left_out():
    [event] = icalendar.Calendar.from_ical(
        written(FeedEntry("a@b", FILING.day, "时限", "做什么", "https://yigai.example.invalid/"))
    ).walk("VEVENT")
    assert event.walk("VALARM") == []
    assert "LAST-MODIFIED" not in event
    assert event["SEQUENCE"] == 0


def test_an_empty_calendar_can_be_read():
    assert icalendar.Calendar.from_ical(written()).walk("VEVENT") == []
    assert vobject.readOne(written().decode()).x_wr_calname.value == "将乐县医改任务时限"


# What people can type or a table can hold, with the characters that mean something in the format more often.
TEXTS = st.text(st.characters() | st.sampled_from(',;:\\"\n\r\t🎉县\u2028\x00'), max_size=200)


@given(title=TEXTS, text=TEXTS)
@example(title=ODD, text=ODD)
@example(title="甲" * 200, text="🏥" * 200)
def test_odd_words_come_through_and_break_nothing(title, text):
    file = written(FeedEntry("a@b", FILING.day, title, text, FILING.url), name=title)
    assert [line for line in file.split(b"\r\n") if len(line) > 75] == []
    assert all(line.decode() is not None for line in file.split(b"\r\n"))  # no character is cut in two
    assert file.count(b"BEGIN:VEVENT\r\n") == 1
    first, second = title_and_text(file)
    assert first[0] == one_line(title)
    assert first == second


def test_what_cannot_stand_in_a_calendar_is_taken_out():
    assert one_line(ODD) == '三明市,2024;年\\n "医改"：🏥👩‍⚕️ 第二行 第三行 第四行 '
    file = written(FeedEntry("a@b", FILING.day, ODD, ODD, FILING.url))
    assert "三明市\\,2024\\;年\\\\n" in file.replace(b"\r\n ", b"").decode()


def test_moments_are_written_in_utc():
    moment = datetime(2024, 12, 31, 23, 59, 59, tzinfo=SHANGHAI)
    file = calendar_feed("a@b", "名", [FILING], at=moment)
    [event] = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert event.decoded("DTSTAMP") == datetime(2024, 12, 31, 15, 59, 59, tzinfo=UTC)
