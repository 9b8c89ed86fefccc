"""Decides: how a report reads in the six columns of the annex, and what the file is called."""

from collections.abc import Iterable
from datetime import date, datetime

from tasks_app.choices import Cause, ProgressStatus, ReportState
from tasks_app.clock import SHANGHAI, day_in_words, local_date
from tasks_app.domain.plan.rules import measure_mark
from tasks_app.domain.reporting.content import EntryContent, HeaderContent
from tasks_app.domain.reporting.rules import FILED_STATES, expected_words
from tasks_app.domain.standing.rules import SENT_BACK, Standing, UnitStanding
from tasks_app.models import Measure, Report, ReportingPeriod


def measures_text(measures: Iterable[Measure]) -> str:
    """Return 细化措施 as printed, a line each, numbered where the table numbers them."""
    return "\n".join(f"{measure_mark(m.number) if m.is_numbered else ''}{m.text}" for m in measures)


def form_text(entry: EntryContent) -> str:
    """Return 工作进展 of one task in a unit's own form: 【status】 words, then 滞后原因 and 预计至期末."""
    status = f"【{ProgressStatus(entry.status).label}】" if entry.status else ""
    return _joined(status + entry.said, entry.cause, expected_words(entry.outlook, entry.forecast))


def merged_text(unit: UnitStanding, standing: Standing, entered: str = "") -> str:
    """Return one unit's part of 工作进展 in the merged table, headed by the unit's name.

    `entered` says who entered it for its unit (`entered_words`), "" when the unit did it itself.
    """
    marks = [ProgressStatus(standing.status).label] if standing.status in ProgressStatus.values else []
    if standing.differs or (standing.status == SENT_BACK and standing.self_rating):
        marks.append(f"自评{ProgressStatus(standing.self_rating).label}")
    if unit.report.is_late:
        marks.append("补报")
    if entered:
        marks.append(entered)
    if unit.is_owed:
        marks.append("已退回")
    if unit.report.unit.mark:
        marks.append(unit.report.unit.mark)
    head = f"{unit.report.unit.name}（{'，'.join(marks)}）" if marks else unit.report.unit.name
    return _joined(f"{head}：{standing.texts.progress}", standing.cause, standing.texts.forecast)


def header_line(unit: str, filled_on: date | None, name: str, phone: str, mark: str = "") -> str:
    """Return the line above the table; what is not filled in stays a line to write on."""
    day = day_in_words(filled_on) if filled_on else "________"
    return (
        f"填报单位：{unit}　　填报时间：{day}{mark}　　"
        f"填表人：{name or '________'}　　联系电话：{phone or '____________'}"
    )


def report_mark(report: Report, *, own: bool) -> str:
    """Return what the reader must know of a form: a draft, or filed late."""
    if own and report.state not in FILED_STATES:
        return "（退回修改中，尚未重报）" if report.returned_at else "（草稿，未报送）"
    if report.state not in FILED_STATES:
        return "（已退回，待重报）"
    return "（补报）" if report.is_late else ""


def entered_mark(header: HeaderContent, confirmed_by: str) -> str:
    """Return the mark in the head of one form, "" when the unit filled it in itself."""
    words = entered_words(header.entered_by, confirmed_by)
    return f"（{words}）" if words else ""


def entered_words(entered_by: str, confirmed_by: str) -> str:
    """Return who entered a form for its unit and who confirmed it, "" when the unit did it itself."""
    if not entered_by:
        return ""
    confirmed = f"、{confirmed_by}复核" if confirmed_by else ""
    return f"市医改办代填：{entered_by}填写{confirmed}"


def report_file_name(report: Report, *, own: bool) -> str:
    """Return the name of the file of one unit's form."""
    draft = "（草稿）" if own and report.state in (ReportState.DRAFT, ReportState.SIGNING) else ""
    return f"{report.unit.name}{report.period}医改重点任务进展{draft}.xlsx"


def merged_time(at: datetime, *, past: bool) -> str:
    """Return what the merged table says of its time; a table that looks back says that it does."""
    return (
        f"截至时间：{moment_text(at)}（不是最新情况）"
        if past
        else f"汇总时间：{day_in_words(local_date(at))}"
    )


def moment_text(at: datetime) -> str:
    """Return a moment in words that a file's name can hold: 2024年7月5日18时00分."""
    return f"{day_in_words(local_date(at))}{at.astimezone(SHANGHAI):%H时%M分}"


def period_file_name(period: ReportingPeriod, *, as_of: datetime | None) -> str:
    """Return the name of the file of the merged table; needs the issuer of its plan."""
    mark = f"（截至{moment_text(as_of)}）" if as_of else ""
    return f"{period.plan.issuer.name}{period}医改重点任务进展汇总{mark}.xlsx"


def _joined(progress: str, cause: str, forecast: str) -> str:
    why = f"滞后原因：{Cause(cause).label}" if cause else ""
    until_then = f"预计至期末：{forecast}" if forecast.strip() else ""
    return "\n".join(filter(None, (progress, why, until_then)))
