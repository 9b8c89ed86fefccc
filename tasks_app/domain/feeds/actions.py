"""Changes: the unit's people make its calendar link, replace it, or end it."""

from datetime import datetime

from django.db import transaction

from tasks_app.choices import AuditAction
from tasks_app.domain import audit
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.moves import Refused
from tasks_app.models import AuditEvent, CalendarFeed, Unit, User


@transaction.atomic
def make_feed(*, by: User, at: datetime) -> CalendarFeed:
    """Give the unit of `by` its calendar link and return it; the one there is where it has one already."""
    unit = _lock_unit(by)
    feed = CalendarFeed.objects.filter(unit=unit).first()
    if feed is None:
        feed = CalendarFeed.objects.create(unit=unit, version=_next_version(unit), made_by=by, made_at=at)
        _record(feed, "生成订阅链接", by=by, at=at)
    return feed


@transaction.atomic
def replace_link(version: int, *, by: User, at: datetime) -> CalendarFeed:
    """End the link `version` that the person saw and give the unit a new one. Raises Refused."""
    feed = _lock_feed(version, by=by)
    feed.version, feed.made_by, feed.made_at = _next_version(feed.unit), by, at
    feed.save(update_fields=["version", "made_by", "made_at"])
    _record(feed, "更换订阅链接，原链接失效", by=by, at=at)
    return feed


@transaction.atomic
def stop_feed(version: int, *, by: User, at: datetime) -> None:
    """End the link `version` and give no new one. Raises Refused."""
    feed = _lock_feed(version, by=by)
    _record(feed, "停用日历订阅，原链接失效", by=by, at=at)
    feed.delete()


def _lock_unit(by: User) -> Unit:
    """Two who act for one unit come one after the other."""
    if not may(by, Permission.SUBSCRIBE):
        raise Refused("只有填报单位的人员可以管理本单位的日历订阅。")
    return Unit.objects.select_for_update(of=("self",)).get(pk=by.unit_id)


def _lock_feed(version: int, *, by: User) -> CalendarFeed:
    unit = _lock_unit(by)
    feed = CalendarFeed.objects.filter(unit=unit).select_related("unit").first()
    if feed is None:
        raise Refused("本单位的日历订阅刚刚已经停用。")
    if feed.version != version:
        raise Refused("订阅链接刚刚已由本单位其他人员更换，请使用页面上的新链接。")
    return feed


def _next_version(unit: Unit) -> int:
    """Every link is a step in the trail: counted there, no version comes twice, also not after a feed was ended."""
    return AuditEvent.objects.filter(action=AuditAction.FEED, unit=unit).count() + 1


def _record(feed: CalendarFeed, note: str, *, by: User, at: datetime) -> None:
    # The number of the link stands in the trail, never the link itself.
    audit.record(AuditAction.FEED, feed, by=by, at=at, unit=feed.unit, note=f"{note}（第{feed.version}号）")
