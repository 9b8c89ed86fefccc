"""Looks: gathers the texts of the annex, for one unit or for the whole city."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import OuterRef, Prefetch, Subquery

from tasks_app.choices import FilingGroup, Voice
from tasks_app.documents.annex import MERGED_COLUMNS, Annex
from tasks_app.documents.annex_layout import AnnexBlock, AnnexItem
from tasks_app.domain.lagging.rules import figures
from tasks_app.domain.reporting.content import ENTERED_BY, content_of
from tasks_app.domain.reporting.queries import content_now, latest_submission
from tasks_app.domain.reporting.rules import FILED_STATES
from tasks_app.domain.standing.queries import standings
from tasks_app.domain.standing.rules import UnitStanding
from tasks_app.models import Measure, Report, ReportingPeriod, Submission, Task

from .rules import (
    entered_mark,
    entered_words,
    form_text,
    header_line,
    measures_text,
    merged_text,
    merged_time,
    report_mark,
)


def report_annex(report: Report, *, own: bool) -> Annex:
    """Return one unit's form. The unit's own people get it as it is now, others as it last left the unit."""
    submission = None if own or report.state in FILED_STATES else latest_submission(report)
    content = content_of(submission) if submission else content_now(report)
    header = content.header
    filed_by = submission.submitted_by if submission else report.submitted_by
    # While the office is still at it nobody has confirmed, whoever filed the report before.
    confirmed_by = filed_by.name if filed_by and (submission or report.state in FILED_STATES) else ""
    said = content.by_task
    blocks = [
        _block(task, [AnnexItem(form_text(said[task.pk]), said[task.pk].remarks)]) for task in _tasks(said)
    ]
    return Annex(
        title=report.period.plan.title,
        header=header_line(
            report.unit.name,
            header.filled_on,
            header.filler_name,
            header.filler_phone,
            report_mark(report, own=own) + entered_mark(header, confirmed_by),
        ),
        note=str(report.period),
        sheet=str(report.period),
        blocks=blocks,
    )


def period_annex(period: ReportingPeriod, *, at: datetime, past: bool = False) -> Annex:
    """Return the city's merged table: every unit's words under its name, then who has not filed.

    `past` tells that `at` lies behind us: then it is the table as it would have been at that moment.
    """
    units = standings(period, at=at, past=past, words=True)
    tasks = _tasks({task for unit in units for task in unit.tasks})
    filing = figures(units).filing
    voices = figures([unit for unit in units if unit.left_the_unit]).voices  # of the words that are shown
    entered = _entered(period, at)
    return Annex(
        title=period.plan.title,
        header=(
            f"汇总单位：{period.plan.issuer.name}　　{merged_time(at, past=past)}　　"
            f"应报 {len(units)} 个　　按期 {filing[FilingGroup.ON_TIME]} 个　　"
            f"补报 {filing[FilingGroup.LATE]} 个　　未报 {filing[FilingGroup.OWED]} 个　　"
            f"进展以核定为准：核定 {voices[Voice.OFFICE]} 项、自评 {voices[Voice.UNIT]} 项"
        ),
        note=f"{period}汇总",
        sheet=f"{period}汇总",
        blocks=[_block(task, _merged_items(task, units, entered)) for task in tasks],
        columns=MERGED_COLUMNS,
    )


def _entered(period: ReportingPeriod, at: datetime) -> dict[int, str]:
    """Return {report: who entered and who confirmed its words of `at`} of those entered by the office (代填).

    From the submission whose words they are: of a report that is back with its unit the one before the return.
    """
    until = Submission.objects.filter(report=OuterRef("report"), submitted_at__lte=at).order_by("-number")
    in_force = Submission.objects.filter(report__period=period, pk=Subquery(until.values("pk")[:1]))
    rows = in_force.values_list("report_id", ENTERED_BY, "submitted_by__name")
    return {report: entered_words(entered, by) for report, entered, by in rows if entered}


def _merged_items(task: Task, units: Sequence[UnitStanding], entered: Mapping[int, str]) -> list[AnnexItem]:
    asked = [(unit, unit.tasks[task.pk]) for unit in units if task.pk in unit.tasks]
    items = [
        AnnexItem(merged_text(unit, standing, entered.get(unit.report.pk, "")), standing.texts.remarks)
        for unit, standing in asked
        if unit.left_the_unit
    ]
    missing = [unit.report.unit.shown_name for unit, _ in asked if not unit.left_the_unit]
    return [*items, AnnexItem(f"未报：{'、'.join(missing)}")] if missing else items


def _tasks(keys: Iterable[int]) -> list[Task]:
    measures = Prefetch("measures", Measure.objects.order_by("number"))
    tasks = Task.objects.filter(pk__in=list(keys)).select_related("section").prefetch_related(measures)
    return list(tasks.order_by("number"))


def _block(task: Task, items: list[AnnexItem]) -> AnnexBlock:
    return AnnexBlock(
        section=task.section.title if task.section else "",
        task=f"{task.number}. {task.title}",
        measures=measures_text(task.measures.all()),
        units=task.units_text,
        items=items,
    )
