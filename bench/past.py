"""Years that lie behind a plan: their tables, reports, submissions and the trail of it all, made in bulk."""

from datetime import date, datetime, time, timedelta
from typing import Any

from tasks_app.choices import AuditAction, MeasureState, ProgressStatus, ReportState, Role, VerdictBasis
from tasks_app.clock import SHANGHAI
from tasks_app.domain.reporting.content import fingerprint
from tasks_app.models import (
    Assignment,
    AuditEvent,
    Measure,
    MeasureProgress,
    Plan,
    ProgressEntry,
    Report,
    ReportingPeriod,
    ReviewNote,
    Section,
    Submission,
    Task,
    User,
)

WORDS = "已完成医防融合培训3期、120人次，公共卫生管理中心挂牌运行；下一步推进信息系统对接。"
SAVINGS = 3  # how often each box was saved in a period


def add_years(plan: Plan, count: int, *, by: User) -> None:
    """Put `count` years before `plan`, each with its table, periods and reports, accepted by `by` of the office."""
    later = plan
    for _ in range(count):
        later = _year_before(later)
        for period in later.periods.all():
            file_period(period, by=by)


def file_period(period: ReportingPeriod, *, by: User) -> None:
    """Let every unit have filled in and submitted its report of `period`, and `by` have accepted it."""
    at = datetime.combine(period.due_on, time(9), tzinfo=SHANGHAI)
    fillers = {user.unit_id: user for user in User.objects.filter(role=Role.FILLER)}
    Report.objects.filter(period=period).delete()
    assigned = Assignment.objects.filter(task__plan=period.plan).select_related("task", "unit")
    tasks: dict[Any, list[Task]] = {}
    for assignment in assigned.order_by("task__number"):
        tasks.setdefault(assignment.unit, []).append(assignment.task)
    filed = {"first_submitted_at": at, "submitted_at": at, "accepted_at": at, "accepted_by": by}
    who = {"filler_name": "填报员", "filler_phone": "0598-8000000", "filled_on": period.due_on}
    reports = Report.objects.bulk_create(
        Report(
            period=period,
            unit=unit,
            state=ReportState.ACCEPTED,
            due_on=period.due_on,
            submitted_by=fillers.get(unit.pk, by),
            **filed,
            **who,
        )
        for unit in tasks
    )
    said = {"progress": WORDS, "forecast": WORDS, "status": ProgressStatus.ON_TRACK, "version": SAVINGS}
    entries = ProgressEntry.objects.bulk_create(
        ProgressEntry(report=report, task=task, saved_at=at, saved_by=report.submitted_by, **said)
        for report in reports
        for task in tasks[report.unit]
    )
    _tick(entries)
    _keep(reports, entries, at)
    _trail(reports, by, at)
    judged = {each.report_id: each for each in Submission.objects.filter(report__in=reports)}
    given = {"basis": VerdictBasis.WRITTEN, "written_by": by, "written_at": at}
    ReviewNote.objects.bulk_create(
        ReviewNote(
            report=entry.report,
            task=entry.task,
            submission=judged[entry.report_id],
            rating=entry.status,
            **given,
        )
        for entry in entries
    )


def _year_before(plan: Plan) -> Plan:
    """Make the same table a year earlier and make its tasks the predecessors of those of `plan`."""
    before = Plan.objects.create(
        issuer=plan.issuer, year=plan.year - 1, title=f"{plan.year - 1}年重点任务分解表"
    )
    for section in plan.sections.all():
        Section.objects.create(plan=before, position=section.position, title=section.title)
    sections = {section.position: section for section in before.sections.all()}
    for task in plan.tasks.select_related("section").prefetch_related("measures", "assignments"):
        measures, assignments = list(task.measures.all()), list(task.assignments.all())
        old = Task.objects.create(
            plan=before,
            section=sections.get(task.section.position) if task.section else None,
            number=task.number,
            title=task.title,
            units_text=task.units_text,
        )
        Task.objects.filter(pk=task.pk).update(predecessor=old)
        Measure.objects.bulk_create(Measure(task=old, number=m.number, text=m.text) for m in measures)
        Assignment.objects.bulk_create(
            Assignment(task=old, unit_id=a.unit_id, role=a.role, position=a.position) for a in assignments
        )
    for period in plan.periods.all():
        due_on = _a_year_before(period.due_on)
        opened = datetime.combine(due_on, time(), tzinfo=SHANGHAI)
        ReportingPeriod.objects.create(
            plan=before, kind=period.kind, opens_on=due_on, due_on=due_on, opened_at=opened
        )
    return before


def _a_year_before(day: date) -> date:
    return day - timedelta(days=365)


def _tick(entries: list[ProgressEntry]) -> None:
    measures: dict[int, list[Measure]] = {}
    for measure in Measure.objects.filter(task__in={entry.task_id for entry in entries}):
        measures.setdefault(measure.task_id, []).append(measure)
    MeasureProgress.objects.bulk_create(
        MeasureProgress(entry=entry, measure=measure, state=MeasureState.UNDER_WAY)
        for entry in entries
        for measure in measures[entry.task_id]
    )


def _keep(reports: list[Report], entries: list[ProgressEntry], at: datetime) -> None:
    """Make the submission of each report."""
    kept: dict[int, list[dict[str, Any]]] = {}
    for entry in entries:
        words = {
            "progress": entry.progress,
            "forecast": entry.forecast,
            "remarks": "",
            "status": entry.status,
        }
        task = {"task": entry.task_id, "number": entry.task.number, "title": entry.task.title}
        kept.setdefault(entry.report_id, []).append({**task, **words})
    submissions = []
    for report in reports:
        header = {"unit": report.unit.name, "period": str(report.period), "filler_name": report.filler_name}
        header |= {"filler_phone": report.filler_phone, "filled_on": report.due_on.isoformat()}
        content = {"header": header, "entries": kept[report.pk]}
        submissions.append(
            Submission(
                report=report,
                number=1,
                receipt=f"{report.period.plan.year}-{report.period.kind}-{report.unit.code}-01",
                content=content,
                fingerprint=fingerprint(content),
                is_late=False,
                submitted_at=at,
                submitted_by=report.submitted_by,
            )
        )
    Submission.objects.bulk_create(submissions)


def _trail(reports: list[Report], by: User, at: datetime) -> None:
    """Make the events: every saving of every box, the submission, the acceptance."""
    events = []
    for report in reports:
        target = {"target_kind": "report", "target_id": report.pk, "target_label": str(report)}
        filler = {"actor": report.submitted_by, "actor_name": report.submitted_by.name, "unit": report.unit}
        saved = AuditEvent(
            at=at, action=AuditAction.REPORT_SAVE, changes={"progress": ["", WORDS]}, **target, **filler
        )
        submitted = AuditEvent(at=at, action=AuditAction.REPORT_SUBMIT, **target, **filler)
        accepted = AuditEvent(
            at=at, action=AuditAction.REPORT_ACCEPT, actor=by, actor_name=by.name, unit=report.unit, **target
        )
        boxes = SAVINGS * report.entries.count()
        events += [*([saved] * boxes), submitted, accepted]
    AuditEvent.objects.bulk_create(events, batch_size=500)
