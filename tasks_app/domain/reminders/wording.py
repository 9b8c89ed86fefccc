"""The words of a message: where a unit or the office stands on one day, all it owes in one. No database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tasks_app.choices import MatterKind, ReportState, Role
from tasks_app.clock import WEEKDAYS, day_in_words
from tasks_app.domain.calendar.rules import WorkingCalendar

from .ladder import OFFICE_KINDS, WAITING, ending
from .phrases import next_step, phrase
from .rules import Matter

K = MatterKind
FILINGS = frozenset({K.FILING, K.RETURNED})
# A message to the office names so many matters of one kind; the pages behind its links have them all.
LISTED_AT_MOST = 40
PAGES = {
    K.FILING: "reports",
    K.RETURNED: "reports",
    K.NOTICE: "notices",
    K.INTERVIEW: "interviews",
    K.CORRECTION: "interviews",
    K.VERIFYING: "interviews",
    K.REVIEW: "review",
    K.EXTENSION: "extensions",
    K.REPLY: "notices",
}
OFFICE_HEADINGS = {
    K.REVIEW: "超过3个工作日未审阅的填报",
    K.EXTENSION: "等候批复的延期申请",
    K.REPLY: "等候审核的督查回复",
    K.VERIFYING: "等候核验的整改事项",
}


@dataclass(frozen=True)
class Words:
    """Subject and body of one message."""

    subject: str
    body: str


def no_own_words(matter: Matter) -> str:
    """Return that the office has written no words of its own for `matter`."""
    return ""


def write_message(
    matters: Sequence[Matter],
    *,
    today: date,
    calendar: WorkingCalendar,
    contact: str,
    site_url: str,
    words_of: Callable[[Matter], str] = no_own_words,
) -> Words:
    """Return the message that tells one unit what it owes on `today`.

    `matters` is not empty and all of one unit; `contact` is whom to call, `site_url` where the program is,
    `words_of` what the office wrote for the rung that a matter has reached.
    """
    # A report that waits for its signer is among what is to be filed, with its limit.
    matters = [matter for matter in matters if matter.kind != K.SIGNING]
    matters.sort(key=lambda matter: matter.due_on)
    what = "项深化医改重点任务填报尚未完成报送" if _all_filings(matters) else "项深化医改事项尚未办结"
    lines = [
        f"{matters[0].unit_name}：",
        "",
        f"截至{_full_day(today)}，贵单位有{len(matters)}{what}：",
    ]
    for number, matter in enumerate(matters, start=1):
        values = _values(matter, today, calendar, site_url)
        text = phrase(matter.kind, words_of(matter), values)
        lines += ["", f"{number}. {matter.title}", *(f"   {line}" for line in text.splitlines())]
    lines += [
        "",
        f"如有疑问，请联系：{contact}",
        "",
        "请勿填报涉密信息。报送后不再提醒，同一单位每天至多一条。",
    ]
    return Words(_subject(matters, today, calendar), "\n".join(lines) + "\n")


def write_office_message(
    matters: Sequence[Matter],
    *,
    today: date,
    calendar: WorkingCalendar,
    phones: Mapping[int, str],
    site_url: str,
    words_of: Callable[[Matter], str] = no_own_words,
) -> Words:
    """Return the message that tells the office what waits for it and which units to telephone on `today`.

    `phones` are the people of each unit with their numbers.
    """
    site = site_url.rstrip("/")
    lines = [f"{Role.OFFICE.label}：", "", f"截至{_full_day(today)}，有{len(matters)}件事需要处理："]
    calls = [matter for matter in matters if matter.kind not in OFFICE_KINDS]
    if calls:
        lines += ["", f"需要电话催办（{len(calls)}件），名单：{site}/reminders/calls"]
        lines += _listed(
            f"{matter.unit_name} {matter.title}，{time_left(matter.due_on, today, calendar)}，"
            f"{next_step(matter.kind, matter.state)}联系人：{phones.get(matter.unit) or '尚无账号'}"
            for matter in calls
        )
    for kind, heading in OFFICE_HEADINGS.items():
        waiting = [matter for matter in matters if matter.kind == kind]
        if waiting:
            lines += ["", f"{heading}（{len(waiting)}件）"]
            lines += _listed(
                phrase(kind, words_of(matter), _values(matter, today, calendar, site_url))
                for matter in waiting
            )
    lines += ["", "办结后不再提醒，每天至多一条。"]
    return Words(f"【待办】{_counts(matters)}", "\n".join(lines) + "\n")


def time_left(due_on: date, today: date, calendar: WorkingCalendar, ends: str = "截止") -> str:
    """Return in words how far the limit is away, in working and calendar days; `ends` is what happens then."""
    days = (due_on - today).days
    if days == 0:
        return f"今天{ends}"
    if days < 0:
        working = calendar.between(due_on, today)
        return f"已逾期{working}个工作日（{-days}天）" if working else f"已逾期{-days}天（均为休息日）"
    working = calendar.between(today, due_on)
    return f"还有{working}个工作日（{days}天）" if working else f"还有{days}天，其间没有工作日"


def _values(matter: Matter, today: date, calendar: WorkingCalendar, site_url: str) -> dict[str, str]:
    if matter.kind in WAITING:
        limit = _full_day(matter.due_on)
        left = f"已等候{calendar.between(matter.due_on, today)}个工作日"
    else:
        limit = f"{_full_day(matter.due_on)}{_day_off(matter.due_on, calendar)}"
        left = time_left(matter.due_on, today, calendar, ending(matter.kind))
    # The list of extensions is one page for all of them.
    page = PAGES[matter.kind] if matter.kind == K.EXTENSION else f"{PAGES[matter.kind]}/{matter.page}"
    return {
        "单位": matter.unit_name,
        "事项": matter.title,
        "时限": limit,
        "剩余": left,
        "状态": next_step(matter.kind, matter.state),
        "地址": f"{site_url.rstrip('/')}/{page}",
    }


def _listed(lines: Iterable[str]) -> list[str]:
    items = [f"   {number}. {line}" for number, line in enumerate(lines, start=1)]
    left = len(items) - LISTED_AT_MOST
    return [*items[:LISTED_AT_MOST], f"   ……另有{left}件，见系统。"] if left > 0 else items


def _all_filings(matters: Sequence[Matter]) -> bool:
    return all(matter.kind in FILINGS for matter in matters)


def _subject(matters: Sequence[Matter], today: date, calendar: WorkingCalendar) -> str:
    first = matters[0]
    overdue = sum(matter.due_on < today for matter in matters if matter.kind not in WAITING)
    late, early = ("催报", "填报提醒") if _all_filings(matters) else ("催办", "督办提醒")
    heading = late if overdue else early
    if len(matters) > 1:
        tail = f"，其中{overdue}项已逾期" if overdue else ""
        what = "填报尚未报送" if _all_filings(matters) else "事项尚未办结"
        return f"【{heading}】{len(matters)}项{what}{tail}"
    what = first.title if len(first.title) <= 60 else first.title[:59] + "…"
    if first.state == ReportState.RETURNED:
        what += "（退回修改）"
    ends = ending(first.kind)
    day = f"{first.due_on.month}月{first.due_on.day}日{ends}"
    return f"【{heading}】{what}{day}，" + time_left(first.due_on, today, calendar, ends)


def _counts(matters: Sequence[Matter]) -> str:
    calls = sum(matter.kind not in OFFICE_KINDS for matter in matters)
    parts = [f"{calls}件需电话催办"] if calls else []
    for kind, word in (
        (K.REVIEW, "待审阅"),
        (K.EXTENSION, "延期待批复"),
        (K.REPLY, "督查回复待审核"),
        (K.VERIFYING, "整改待核验"),
    ):
        count = sum(matter.kind == kind for matter in matters)
        parts += [f"{count}件{word}"] if count else []
    return "，".join(parts)


def _full_day(day: date) -> str:
    return f"{day_in_words(day)}（星期{WEEKDAYS[day.weekday()]}）"


def _day_off(due_on: date, calendar: WorkingCalendar) -> str:
    if calendar.is_working_day(due_on):
        return ""
    last = calendar.add(due_on, -1)
    return f"，当天为休息日，此前最后一个工作日为{last.month}月{last.day}日"
