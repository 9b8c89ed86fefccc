"""Changes: a unit asks and mends what it asked, the office or the addressed unit answers, either side closes."""

from datetime import date, datetime

from django.db import transaction

from tasks_app.choices import AuditAction
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.access.queries import own_reports, reporting_units
from tasks_app.domain.access.rules import Permission, in_place_of_unit, may
from tasks_app.domain.moves import Refused
from tasks_app.models import Coordination, Report, Unit, User

from .queries import may_answer


@transaction.atomic
def ask(
    report_pk: int,
    entry_pk: int,
    *,
    text: str,
    addressee: Unit | None,
    wanted_on: date | None,
    by: User,
    at: datetime,
) -> Coordination:
    """Ask for something from an entry of the unit's own report; without `addressee` it is the office that is asked.

    Raises Refused.
    """
    report = _own(report_pk, by=by, at=at)
    entry = report.entries.select_related("task").get(pk=entry_pk)
    _check(report, text, addressee, wanted_on, at)
    item = Coordination.objects.create(
        entry=entry, addressee=addressee, text=text.strip(), wanted_on=wanted_on, asked_by=by, asked_at=at
    )
    after = {"text": item.text, "addressee": _name(addressee), "wanted_on": wanted_on}
    _record(item, report, note=f"提出：{entry.task}", changes=audit.diff({}, after), by=by, at=at)
    return item


@transaction.atomic
def change(
    pk: int, *, text: str, addressee: Unit | None, wanted_on: date | None, by: User, at: datetime
) -> Coordination:
    """Mend what was asked while nobody has answered. Raises Refused."""
    item = _lock(pk)
    report = _own(item.entry.report_id, by=by, at=at)
    _demand_open(item, "修改")
    _check(report, text, addressee, wanted_on, at, before=item.wanted_on)
    before = {"text": item.text, "addressee": _name(item.addressee), "wanted_on": item.wanted_on}
    after = {"text": text.strip(), "addressee": _name(addressee), "wanted_on": wanted_on}
    if changes := audit.diff(before, after):
        item.text, item.addressee, item.wanted_on = text.strip(), addressee, wanted_on
        item.save(update_fields=["text", "addressee", "wanted_on"])
        _record(item, report, note="修改", changes=changes, by=by, at=at)
    return item


@transaction.atomic
def answer(pk: int, *, text: str, by: User, at: datetime) -> Coordination:
    """Answer once and for all: neither side can change anything afterwards. Raises Refused."""
    item = _lock(pk)
    if not may_answer(by, item):
        raise Refused("这件事不由您答复。")
    _demand_open(item, "答复")
    if not text.strip():
        raise Refused("请写明答复内容。")
    item.answer, item.answered_by, item.answered_at = text.strip(), by, at
    item.save(update_fields=["answer", "answered_by", "answered_at"])
    changes = audit.diff({"answer": ""}, {"answer": item.answer})
    _record(item, item.entry.report, note="答复", changes=changes, by=by, at=at)
    return item


@transaction.atomic
def close(pk: int, *, by: User, at: datetime) -> Coordination:
    """Close a matter that is settled or fell away: the unit that asked, or the office. Twice is as good as once.

    Raises Refused.
    """
    item = _lock(pk)
    if not may(by, Permission.HANDLE_REQUESTS):
        _own(item.entry.report_id, by=by, at=at)
    if item.closed_at is None:
        item.closed_at = at
        item.save(update_fields=["closed_at"])
        note = "办结" if item.answered_at else "未答复即办结"
        _record(item, item.entry.report, note=note, changes={}, by=by, at=at)
    return item


def _lock(pk: int) -> Coordination:
    found = Coordination.objects.select_for_update(of=("self",))
    return found.select_related("entry__report__unit", "addressee").get(pk=pk)


def _own(report_pk: int, *, by: User, at: datetime) -> Report:
    report = own_reports(by, local_date(at)).filter(pk=report_pk).first()
    if report is None:
        raise Refused("只有本单位的人员可以这样做。")
    return report


def _demand_open(item: Coordination, step: str) -> None:
    if item.closed_at is not None:
        raise Refused(f"这件事已经办结，不能再{step}。如仍需协调，请另提一件。")
    if item.answered_at is not None:
        raise Refused(f"这件事已经答复，不能再{step}。如仍需协调，请另提一件。")


def _check(
    report: Report,
    text: str,
    addressee: Unit | None,
    wanted_on: date | None,
    at: datetime,
    before: date | None = None,
) -> None:
    if not text.strip():
        raise Refused("请写明需要协调什么。")
    if addressee is not None:
        if addressee.pk == report.unit_id:
            raise Refused("不能请本单位自己协调，请选择其他单位或市医改办。")
        if not reporting_units(report.period.plan.issuer).filter(pk=addressee.pk).exists():
            raise Refused("这个单位不在本市责任单位之列，请重新选择。")
    if wanted_on is not None and wanted_on != before and wanted_on < local_date(at):
        raise Refused("希望答复日期不能早于今天。")


def _name(unit: Unit | None) -> str:
    return unit.name if unit else "市医改办"


def _record(
    item: Coordination, report: Report, *, note: str, changes: dict[str, list[object]], by: User, at: datetime
) -> None:
    asks = by.pk == item.asked_by_id
    audit.record(
        AuditAction.COORDINATION,
        item,
        by=by,
        at=at,
        unit=report.unit,
        changes=changes,
        note=note,
        in_place=in_place_of_unit(by, report) if asks else "",
    )
