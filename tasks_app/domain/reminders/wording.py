"""The words of a message: where a unit or the office stands on one day, all it owes in one. No database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tasks_app.choices import ReportState, Role
from tasks_app.clock import WEEKDAYS, day_in_words
from tasks_app.domain.calendar.rules import WorkingCalendar, time_left

from .kinds import KINDS
from .phrases import phrase
from .rules import Obligation

# A message to the office names so many obligations of one kind; the pages behind its links have them all.
LISTED_AT_MOST = 40


@dataclass(frozen=True)
class Words:
    """Subject and body of one message."""

    subject: str
    body: str


def no_own_words(obligation: Obligation) -> str:
    """Return that the office has written no words of its own for `obligation`."""
    return ""


def write_message(
    owed: Sequence[Obligation],
    *,
    today: date,
    calendar: WorkingCalendar,
    contact: str,
    site_url: str,
    words_of: Callable[[Obligation], str] = no_own_words,
) -> Words:
    """Return the message that tells one unit what it owes on `today`.

    `owed` is not empty and all of one unit; `contact` is whom to call, `site_url` where the program is,
    `words_of` what the office wrote for the rung that an obligation has reached.
    """
    told = sorted((one for one in owed if not one.kind.is_told_with_report), key=lambda one: one.due_on)
    what = "项深化医改重点任务填报尚未完成报送" if _all_filings(told) else "项深化医改事项尚未办结"
    lines = [
        f"{told[0].unit_name}：",
        "",
        f"截至{_full_day(today)}，贵单位有{len(told)}{what}：",
    ]
    for number, one in enumerate(told, start=1):
        text = _said_of(one, words_of(one), today, calendar, site_url)
        lines += ["", f"{number}. {one.title}", *(f"   {line}" for line in text.splitlines())]
    lines += [
        "",
        f"如有疑问，请联系：{contact}",
        "",
        "请勿填报涉密信息。报送后不再提醒，同一单位每天至多一条。",
    ]
    return Words(_subject(told, today, calendar), "\n".join(lines) + "\n")


def write_office_message(
    owed: Sequence[Obligation],
    *,
    today: date,
    calendar: WorkingCalendar,
    phones: Mapping[int, str],
    site_url: str,
    words_of: Callable[[Obligation], str] = no_own_words,
) -> Words:
    """Return the message that tells the office what waits for it and which units to telephone on `today`.

    `phones` are the people of each unit with their numbers.
    """
    lines = [f"{Role.OFFICE.label}：", "", f"截至{_full_day(today)}，有{len(owed)}件事需要处理："]
    calls = [one for one in owed if not one.kind.for_office]
    if calls:
        lines += ["", f"需要电话催办（{len(calls)}件），名单：{site_url.rstrip('/')}/reminders/calls"]
        lines += _listed(
            f"{one.unit_name} {one.title}，{time_left(one.due_on, today, calendar)}，"
            f"{one.kind.step(one.state)}联系人：{phones.get(one.unit) or '尚无账号'}"
            for one in calls
        )
    for kind in KINDS.values():
        waiting = [one for one in owed if one.kind is kind] if kind.for_office else []
        if waiting:
            lines += ["", f"{kind.heading}（{len(waiting)}件）"]
            lines += _listed(_said_of(one, words_of(one), today, calendar, site_url) for one in waiting)
    lines += ["", "办结后不再提醒，每天至多一条。"]
    return Words(f"【待办】{_counts(owed)}", "\n".join(lines) + "\n")


def _said_of(one: Obligation, words: str, today: date, calendar: WorkingCalendar, site_url: str) -> str:
    """Return what is said of one obligation: in `words` that the office wrote, or else the program's own."""
    if one.kind.waits:
        limit = _full_day(one.due_on)
        left = f"已等候{calendar.between(one.due_on, today)}个工作日"
    else:
        limit = f"{_full_day(one.due_on)}{_day_off(one.due_on, calendar)}"
        left = time_left(one.due_on, today, calendar, one.kind.ends)
    values = {
        "单位": one.unit_name,
        "事项": one.title,
        "时限": limit,
        "剩余": left,
        "状态": one.kind.step(one.state),
        "地址": f"{site_url.rstrip('/')}/{one.kind.address(one.page)}",
    }
    return phrase(words or one.kind.words, values)


def _listed(lines: Iterable[str]) -> list[str]:
    items = [f"   {number}. {line}" for number, line in enumerate(lines, start=1)]
    left = len(items) - LISTED_AT_MOST
    return [*items[:LISTED_AT_MOST], f"   ……另有{left}件，见系统。"] if left > 0 else items


def _all_filings(owed: Sequence[Obligation]) -> bool:
    return all(one.kind.is_filing for one in owed)


def _subject(owed: Sequence[Obligation], today: date, calendar: WorkingCalendar) -> str:
    first = owed[0]
    overdue = sum(one.due_on < today for one in owed if not one.kind.waits)
    late, early = ("催报", "填报提醒") if _all_filings(owed) else ("催办", "督办提醒")
    heading = late if overdue else early
    if len(owed) > 1:
        tail = f"，其中{overdue}项已逾期" if overdue else ""
        what = "填报尚未报送" if _all_filings(owed) else "事项尚未办结"
        return f"【{heading}】{len(owed)}项{what}{tail}"
    what = first.title if len(first.title) <= 60 else first.title[:59] + "…"
    if first.state == ReportState.RETURNED:
        what += f"（{first.kind.label}）"
    ends = first.kind.ends
    day = f"{first.due_on.month}月{first.due_on.day}日{ends}"
    return f"【{heading}】{what}{day}，" + time_left(first.due_on, today, calendar, ends)


def _counts(owed: Sequence[Obligation]) -> str:
    calls = sum(not one.kind.for_office for one in owed)
    parts = [f"{calls}件需电话催办"] if calls else []
    for kind in KINDS.values():
        count = sum(one.kind is kind for one in owed) if kind.for_office else 0
        parts += [f"{count}件{kind.counted}"] if count else []
    return "，".join(parts)


def _full_day(day: date) -> str:
    return f"{day_in_words(day)}（星期{WEEKDAYS[day.weekday()]}）"


def _day_off(due_on: date, calendar: WorkingCalendar) -> str:
    if calendar.is_working_day(due_on):
        return ""
    last = calendar.add(due_on, -1)
    return f"，当天为休息日，此前最后一个工作日为{last.month}月{last.day}日"
