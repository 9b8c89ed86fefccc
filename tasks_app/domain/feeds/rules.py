"""Decides: what a link is signed over, which words a limit has in a calendar, and when it rings.

What was filed, replied or verified is not marked as cancelled but simply gone: a program that subscribed takes
the calendar as a whole each time, and a limit that is struck through is still one more to look at. Whoever has
the link reads the calendar, so it holds what to do and until when, never what anybody wrote.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.signing import BadSignature, Signer

from tasks_app.choices import MatterState, NoticeColour, NoticeState
from tasks_app.clock import SHANGHAI, day_and_weekday
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.models import CalendarFeed, Interview, Matter, Report, ReportingPeriod, SupervisionNotice

# It rings two working days before, when people have come to the office.
RINGS_BEFORE = 2
RINGS_AT = time(9)
SIGNER = Signer(salt="calendar-feed", sep=".")  # a colon in an address is written anew by some programs
WHERE = {"report": "reports", "notice": "notices", "interview": "interviews"}


@dataclass(frozen=True)
class Limit:
    """One limit of a unit. `thing` names what it is of (kind, pk): its uid and its revisions hang on it.

    `path` is its page, without the site; `trail` are the things whose audit trail tells when it was moved.
    """

    name: str
    day: date
    title: str
    to_do: tuple[str, ...]
    path: str
    trail: tuple[tuple[str, int], ...]
    rings: bool = True


def link_token(feed: CalendarFeed) -> str:
    """Return what stands in the address of `feed`."""
    return SIGNER.sign(f"{feed.unit_id}.{feed.version}")


def read_token(token: str) -> tuple[int, int] | None:
    """Return (unit, version) of an address that was signed here, else None. Asks nobody."""
    try:
        unit, version = SIGNER.unsign(token).split(".")
        return int(unit), int(version)
    except (BadSignature, ValueError):
        return None


def alarm_at(day: date, calendar: WorkingCalendar, at: datetime) -> datetime | None:
    """Return when a limit on `day` rings; None where that is over, for it would ring with every subscription."""
    moment = datetime.combine(calendar.add(day, -RINGS_BEFORE), RINGS_AT, SHANGHAI)
    return moment if moment > at else None


def limit_of_period(period: ReportingPeriod, unit: int) -> Limit:
    """Return the limit of a period that is not open yet."""
    to_do = (
        f"{day_and_weekday(period.opens_on)}开放填报，请在{day_and_weekday(period.due_on)}前完成审签和报送。",
    )
    return Limit(
        name=_filing_name(period.pk, unit),
        day=period.due_on,
        title=f"{period}填报截止",
        to_do=(f"《{period.plan.title}》", *to_do, *_closing(period)),
        path="",
        trail=(("reportingperiod", period.pk),),
    )


def limit_of_report(report: Report, today: date) -> Limit:
    """Return the limit in force of a report that is owed: the period's, an extension's or a return's."""
    period = report.period
    if report.returned_at is not None:
        title, to_do = (
            f"{period}填报修改后重报截止",
            "市医改办已退回，请按退回理由修改，并在{}前重新审签和报送。",
        )
    else:
        title, to_do = f"{period}填报截止", "请在{}前完成填报、审签和报送。"
    is_overdue = today > report.due_on
    late = ("已过截止日，请尽快补报。",) if is_overdue else ()
    return Limit(
        name=_filing_name(period.pk, report.unit_id),
        day=report.due_on,
        title=f"【逾期】{title}" if is_overdue else title,
        to_do=(
            f"《{period.plan.title}》",
            *late,
            to_do.format(day_and_weekday(report.due_on)),
            *_closing(period),
        ),
        path=f"{WHERE['report']}/{report.pk}",
        trail=(("reportingperiod", period.pk), ("report", report.pk)),
    )


def limit_of_notice(notice: SupervisionNotice, today: date) -> Limit:
    """Return until when a 督查单 is to be objected to or replied to; `state` is one in which it is."""
    called = f"{NoticeColour(notice.colour).label}督查单"
    if notice.state == NoticeState.HEARING:
        day = notice.objection_due_on or notice.reply_due_on
        name, title = f"notice-{notice.pk}-objection", f"{called}（拟发）申辩截止"
        to_do = "市医改办拟发督查单，有异议的请在{}前申辩，无异议的也请确认。"
    else:
        day = notice.reply_due_on
        name, title = f"notice-{notice.pk}-reply", f"{called}〔{notice.year}〕{notice.number}号回复截止"
        to_do = "请签收，并在{}前在系统中回复办理情况。"
    return Limit(
        name=name,
        day=day,
        title=f"【逾期】{title}" if today > day else title,
        to_do=(to_do.format(day_and_weekday(day)),),
        path=f"{WHERE['notice']}/{notice.pk}",
        trail=(("supervisionnotice", notice.pk),),
    )


def limit_of_interview(interview: Interview) -> Limit:
    """Return the day of a 约谈 that the unit was notified of; where and with whom the notice says."""
    assert interview.planned_at is not None  # noqa: S101  the database demands it of one that was notified
    planned = interview.planned_at.astimezone(SHANGHAI)
    return Limit(
        name=f"interview-{interview.pk}",
        day=planned.date(),
        title=f"{planned:%H:%M} 提醒约谈〔{interview.year}〕{interview.number}号",
        to_do=(f"请于{day_and_weekday(planned.date())}{planned:%H:%M}按约谈通知到场。",),
        path=f"{WHERE['interview']}/{interview.pk}",
        trail=(("interview", interview.pk),),
    )


def limit_of_correction(correction: Matter, today: date) -> Limit:
    """Return until when an item of an interview's list is to be put right; answered, it only waits."""
    interview = correction.interview
    assert interview is not None and correction.due_on is not None, "the database demands both"  # noqa: S101
    called = f"约谈〔{interview.year}〕{interview.number}号整改事项{correction.number}"
    is_answered = correction.state == MatterState.ANSWERED
    if is_answered:
        to_do = "本单位已报告整改情况，等待市医改办核验，暂不需要办理。"
    else:
        to_do = f"请在{day_and_weekday(correction.due_on)}前完成整改，并在系统中报告整改情况。"
    is_overdue = today > correction.due_on and not is_answered
    return Limit(
        name=f"correction-{correction.pk}",
        day=correction.due_on,
        title=f"{'【逾期】' if is_overdue else ''}{called}{'（待核验）' if is_answered else '时限'}",
        to_do=(to_do,),
        path=f"{WHERE['interview']}/{interview.pk}",
        trail=(("interview", interview.pk),),
        rings=not is_answered,
    )


def in_order(limits: Iterable[Limit]) -> list[Limit]:
    """Return `limits` by day."""
    return sorted(limits, key=lambda limit: (limit.day, limit.name))


def _filing_name(period: int, unit: int) -> str:
    """One thing from the day the plan is set up until the report is filed, whatever its limit becomes."""
    return f"filing-{period}-{unit}"


def _closing(period: ReportingPeriod) -> tuple[str, ...]:
    if period.closes_on is None:
        return ()
    return (f"{day_and_weekday(period.closes_on)}后不再接受补报。",)
