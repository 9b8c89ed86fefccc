"""Looks: whose calendar a link opens, and every limit in it."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet

from tasks_app.choices import AuditAction, InterviewState
from tasks_app.clock import SHANGHAI, local_date
from tasks_app.documents.calendar_feed import FeedEntry, calendar_feed
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.escalation.queries import awaiting_unit
from tasks_app.domain.reporting.queries import owed_reports
from tasks_app.models import (
    AuditEvent,
    CalendarFeed,
    Interview,
    Matter,
    ReportingPeriod,
    Unit,
)

from .rules import (
    Limit,
    alarm_at,
    in_order,
    limit_of_correction,
    limit_of_interview,
    limit_of_notice,
    limit_of_period,
    limit_of_report,
    read_token,
)

# The steps after which a limit may be another one.
MOVES_A_LIMIT = (
    AuditAction.PERIOD_EDIT,
    AuditAction.EXTENSION,
    AuditAction.REPORT_RETURN,
    AuditAction.REPORT_REOPEN,
    AuditAction.NOTICE,
    AuditAction.INTERVIEW,
)


class TimesChanged(NamedTuple):
    """How often a thing was changed, and when last."""

    times: int
    last: datetime


def feed_of(unit: Unit) -> CalendarFeed | None:
    """Return the calendar feed of `unit`, if it has one."""
    return CalendarFeed.objects.filter(unit=unit).select_related("unit", "made_by").first()


def feed_behind(token: str) -> CalendarFeed | None:
    """Return the feed that an address opens; None for one that is made up, replaced, or of a unit out of use."""
    signed = read_token(token)
    if signed is None:
        return None
    unit, version = signed
    feeds = CalendarFeed.objects.filter(unit=unit, version=version, unit__is_active=True)
    return feeds.select_related("unit").first()


def feed_file(feed: CalendarFeed, *, site_url: str, at: datetime) -> bytes:
    """Return the calendar of `feed` as a file at the moment `at`; `site_url` is where its links lead."""
    limits, calendar = limits_of(feed.unit, at), working_calendar()
    changes = _changes({thing for limit in limits for thing in limit.trail})
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    entries = []
    for limit in limits:
        url = f"{site_url}/{limit.path}"
        known = [changes[thing] for thing in limit.trail if thing in changes]
        entries.append(
            FeedEntry(
                uid=f"{limit.name}@{host}",
                day=limit.day,
                title=limit.title,
                text="\n".join([*limit.to_do, f"办理：{url}"]),
                url=url,
                alarm_at=alarm_at(limit.day, calendar, at) if limit.rings else None,
                revision=sum(change.times for change in known),
                changed_at=max((change.last for change in known), default=None),
            )
        )
    return calendar_feed(f"limits-{feed.unit_id}@{host}", f"{feed.unit}医改任务时限", entries, at=at)


def limits_of(unit: Unit, at: datetime) -> list[Limit]:
    """Return every limit that `unit` has still to keep at the moment `at`, the earliest first. Five statements."""
    today = local_date(at)
    reports = owed_reports(at).filter(unit=unit)
    return in_order(
        [
            *(limit_of_period(period, unit.pk) for period in _coming_periods(unit)),
            *(limit_of_report(report, today) for report in reports),
            *(limit_of_notice(notice, today) for notice in awaiting_unit().filter(unit=unit)),
            *(limit_of_interview(interview) for interview in _coming_interviews(unit, today)),
            *(limit_of_correction(correction, today) for correction in _open_corrections(unit)),
        ]
    )


def _coming_periods(unit: Unit) -> QuerySet[ReportingPeriod]:
    """Those not opened yet in which the unit has a task that is in force."""
    tasks = {"plan__tasks__is_active": True, "plan__tasks__assignments__unit": unit}
    periods = ReportingPeriod.objects.to_come().filter(**tasks)
    return periods.select_related("plan").distinct()


def _coming_interviews(unit: Unit, today: date) -> QuerySet[Interview]:
    """Those that the unit was notified of and whose day is not over."""
    midnight = datetime.combine(today, time(), SHANGHAI)
    return Interview.objects.called().filter(unit=unit, planned_at__gte=midnight)


def _open_corrections(unit: Unit) -> QuerySet[Matter]:
    """Those of interviews that go on which nobody has verified."""
    over = [InterviewState.CLOSED, InterviewState.WITHDRAWN]
    found = Matter.objects.corrections().unsettled().filter(addressee=unit)
    return found.exclude(interview__state__in=over).select_related("interview")


def _changes(things: Iterable[tuple[str, int]]) -> dict[tuple[str, int], TimesChanged]:
    """Return {(kind, pk): its changes} from the audit trail, which knows when a limit was moved. One statement."""
    wanted = Q(pk__in=[])
    for kind, pk in things:
        wanted |= Q(target_kind=kind, target_id=pk)
    rows = (
        AuditEvent.objects.filter(wanted, action__in=MOVES_A_LIMIT)
        .values_list("target_kind", "target_id")
        .annotate(Count("pk"), Max("at"))
        .order_by()
    )
    return {(kind, pk): TimesChanged(times, last) for kind, pk, times, last in rows}
