"""Changes: the office asks the lead bureau about an entry or about a task of all units; the bureau answers; the end."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tasks_app.choices import MatterKind, MatterState, StepKind
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.access.queries import visible_reports
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.matters.rules import addressee_name
from tasks_app.domain.matters.steps import end, in_place_of_addressee, lock_matter, take_answer, write
from tasks_app.domain.moves import MatterMove as Move
from tasks_app.domain.moves import Refused, demand_nothing
from tasks_app.domain.plan.queries import leading_units
from tasks_app.domain.reporting.queries import latest_submission
from tasks_app.models import Matter, Plan, ProgressEntry, Report, ReportingPeriod, Task, Unit, User
from tasks_app.models.report import ReportQuerySet

from .queries import entries_to_verify
from .rules import NEWER, missing_for_answer, missing_for_asking, summed_up

IS_BEING_VERIFIED = "这项内容正在请牵头单位核实，不用再提。"


@transaction.atomic
def ask(
    report_pk: int, task_pk: int, *, addressee: Unit, text: str, due_on: date, by: User, at: datetime
) -> Matter:
    """Hand one entry of what a unit filed to a lead bureau. Raises Refused."""
    report = _visible(by).select_for_update(of=("self",)).get(pk=report_pk)
    plan = report.period.plan
    task = Task.objects.get(pk=task_pk, plan=plan)
    leading = [unit for unit in leading_units(task) if unit.pk != report.unit_id]
    demand_nothing(missing_for_asking(plan, addressee, leading, text, due_on, local_date(at)))
    entries = entries_to_verify([report], task)
    if not entries:
        raise Refused("这份填报中没有这项任务，请刷新页面。")
    if Matter.objects.verifications().unanswered().filter(entry__in=entries).exists():
        raise Refused(IS_BEING_VERIFIED)
    return _create(plan, task, entries[0], None, addressee, text, due_on, by=by, at=at)


@transaction.atomic
def ask_all(
    task_pk: int, period_pk: int, *, addressee: Unit, text: str, due_on: date, by: User, at: datetime
) -> Matter:
    """Hand what all units filed on a task in a period to a lead bureau, as one matter with a part for each entry.

    Without the bureau's own and what is being verified. Raises Refused.
    """
    period = ReportingPeriod.objects.select_related("plan__issuer").get(pk=period_pk)
    task = Task.objects.get(pk=task_pk, plan=period.plan)
    found = _visible(by).filter(period=period).exclude(unit=addressee).order_by("unit__position", "pk")
    reports = list(found.select_for_update(of=("self",)))
    demand_nothing(
        missing_for_asking(period.plan, addressee, leading_units(task), text, due_on, local_date(at))
    )
    entries = entries_to_verify(reports, task)
    being_verified = Matter.objects.verifications().unsettled().filter(entry__in=entries)
    asked = set(being_verified.values_list("entry", flat=True))
    entries = [entry for entry in entries if entry.pk not in asked]
    if not entries:
        raise Refused("没有可以核实的内容：别的单位还没有报送这项任务，或都已在核实。")
    whole = _create(period.plan, task, None, None, addressee, text, due_on, by=by, at=at)
    for entry in entries:
        _create(period.plan, task, entry, whole, addressee, text, due_on, by=by, at=at)
    return whole


@transaction.atomic
def answer(pk: int, *, holds: bool, text: str, submission: int, by: User, at: datetime) -> Matter:
    """Say whether the entry holds as the submission of that number has it. Raises Refused, also for a newer one.

    The last entry of a task of all units answers for the whole.
    """
    item = lock_matter(MatterKind.VERIFICATION, pk, Move.ANSWER, by=by, at=at)
    if item.entry is None:
        raise Refused("请逐项核实。")
    latest = latest_submission(item.entry.report)
    if latest is None or latest.number != submission:
        raise Refused(NEWER)
    demand_nothing(missing_for_answer(holds, text))
    given: dict[str, Any] = {"by": by, "at": at, "in_place": in_place_of_addressee(item, by)}
    data = {"holds": holds, "submission": submission}
    take_answer(item, StepKind.ANSWER, text.strip(), data=data, **given)
    if item.parent_id is not None:
        whole = Matter.objects.select_for_update(of=("self",)).get(pk=item.parent_id)
        parts = list(whole.children.select_related("answer"))
        if whole.state == MatterState.OPEN and all(part.state != MatterState.OPEN for part in parts):
            found = [part.answer.data["holds"] for part in parts if part.answer is not None]
            take_answer(whole, StepKind.ANSWER, summed_up(found.count(True), found.count(False)), **given)
    return item


@transaction.atomic
def close(pk: int, *, by: User, at: datetime) -> Matter:
    """End what is not wanted any more, a task of all units with all its parts. Raises Refused."""
    item = lock_matter(MatterKind.VERIFICATION, pk, Move.SETTLE, by=by, at=at)
    _end(item.children.unsettled().select_for_update(of=("self",)), by=by, at=at)
    end(item, StepKind.SETTLE, by=by, at=at)
    _end_whole(item, by=by, at=at)
    return item


def settle_by_verdict(report: Report, task_pk: int, *, by: User, at: datetime) -> None:
    """End what a lead bureau was asked of an entry that the office has judged."""
    about = Matter.objects.verifications().unsettled().filter(entry__report=report, entry__task=task_pk)
    items = list(about.select_for_update(of=("self",)).select_related("parent"))
    _end(items, by=by, at=at)
    for item in items:
        _end_whole(item, by=by, at=at)


def _end(items: Iterable[Matter], *, by: User, at: datetime) -> None:
    for item in items:
        end(item, StepKind.SETTLE, by=by, at=at)


def _end_whole(item: Matter, *, by: User, at: datetime) -> None:
    """End the matter of all units of which no part waits any more: for the bureau, or for the office's decision."""
    parts = Matter.objects.filter(parent=item.parent_id)
    if item.parent_id is None or parts.unanswered().exists():
        return
    whole = Matter.objects.unsettled().select_for_update(of=("self",)).filter(pk=item.parent_id)
    if parts.unsettled().exists():
        whole = whole.unanswered()  # what the bureau answered whole waits for the office
    _end(whole, by=by, at=at)


def _visible(by: User) -> ReportQuerySet:
    if not may(by, Permission.REVIEW_REPORT):
        raise Refused("请牵头单位核实由市医改办办理。")
    return visible_reports(by)


def _create(
    plan: Plan,
    task: Task,
    entry: ProgressEntry | None,
    whole: Matter | None,
    addressee: Unit,
    text: str,
    due_on: date,
    *,
    by: User,
    at: datetime,
) -> Matter:
    item = Matter.objects.create(
        kind=MatterKind.VERIFICATION,
        plan=plan,
        task=task,
        unit=entry.report.unit if entry is not None else None,
        entry=entry,
        parent=whole,
        asker=plan.issuer,
        addressee=addressee,
        text=text.strip(),
        due_on=due_on,
        asked_by=by,
        asked_at=at,
    )
    after = {"text": item.text, "addressee": addressee_name(item), "due_on": due_on}
    write(item, StepKind.ASK, "", by=by, at=at, changes=audit.diff({}, after))
    return item
