"""From what stands in a report to what it says: the content that a submission keeps."""

from collections.abc import Iterable

from tasks_app.models import Report

from .content import (
    AnswerContent,
    EntryContent,
    FigureContent,
    FileContent,
    HeaderContent,
    MeasureSaid,
    OpenQuestion,
    ReportContent,
)
from .entry_values import Filling, plain
from .questions import questions


def report_content(report: Report, filled: Iterable[Filling]) -> ReportContent:
    """Return what `report` says with its entries `filled`; needs unit, period and plan."""
    header = HeaderContent(
        unit=report.unit.name,
        period=str(report.period),
        filler_name=report.filler_name,
        filler_phone=report.filler_phone,
        filled_on=report.filled_on,
        entered_by=report.entered_by.name if report.entered_by else "",
        entered_because=report.entered_because,
    )
    return ReportContent(header, tuple(map(entry_content, filled)))


def entry_content(filling: Filling) -> EntryContent:
    """Return what one entry says; an answer whose question fell away answers nothing any more."""
    entry, asked = filling.entry, questions(filling)
    return EntryContent(
        task=entry.task_id,
        number=entry.task.number,
        title=entry.task.title,
        progress=entry.progress,
        forecast=entry.forecast,
        outlook=entry.outlook,
        cause=entry.cause,
        status=entry.status,
        remarks=entry.remarks,
        no_news=entry.no_news,
        no_news_reason=entry.no_news_reason,
        carried=entry.carried,
        status_note=entry.status_note,
        measures=tuple(
            MeasureSaid(line.measure.pk, line.mark, line.measure.text, line.state, line.done_on)
            for line in filling.measures
        ),
        indicators=_figures(filling),
        answers=tuple(AnswerContent(q.key, q.sentence, q.answer) for q in asked if q.is_answered),
        evidence_number=entry.evidence_number,
        attachments=tuple(
            FileContent(each.pk, each.name, each.kind, each.size, each.sha256) for each in filling.attachments
        ),
        unanswered=tuple(OpenQuestion(q.key, q.sentence) for q in asked if not q.is_answered),
    )


def _figures(filling: Filling) -> tuple[FigureContent, ...]:
    return tuple(
        FigureContent(
            indicator=line.indicator.pk,
            name=line.indicator.name,
            unit=line.indicator.unit,
            value=line.value,
            is_about=line.is_about,
            forecast=line.forecast,
            as_of=line.as_of,
            source=line.source,
            requirement=line.requirement,
            target=plain(line.target),
            words=line.words,
            pace=line.pace,
        )
        for line in filling.figures
    )
