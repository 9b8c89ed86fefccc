"""The unit × task matrix, drawn cell by cell, and the list of units that have not filed."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby, repeat

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from tasks_app.choices import FilingLamp, ProgressStatus, ReportState
from tasks_app.domain.lagging.queries import Debtor
from tasks_app.domain.lagging.rules import status_counts
from tasks_app.domain.standing.rules import SENT_BACK, UNFILLED, Standing, UnitStanding
from tasks_app.forms.as_of import AsOf
from tasks_app.models import AuditEvent, ReportingPeriod, Section, Task, User
from tasks_app.templatetags.display import LABELS, LOOKS, lamp, report_state, sign, unit_name

from .listing import ListTable

# The word in a cell is one character wide; the legend and the cell's title say it in full.
MARKS = {
    ProgressStatus.DONE: "完",
    ProgressStatus.ON_TRACK: "达",
    ProgressStatus.BEHIND: "滞",
    ProgressStatus.NOT_STARTED: "未",
    SENT_BACK: "退",
    UNFILLED: "空",
}
QUIET = ("quiet", "○")
LOOK = {status: LOOKS.get(status, QUIET) for status in MARKS}
WORDS = {status: LABELS[status] for status in MARKS}
DOUBT = "待核：数字或疑问与所写不符"
# Escaping by hand and plain strings: a template loop takes ten times as long over a province's cells.
UNASSIGNED = '<td class="cell-none"><span class="visually-hidden">无此任务</span></td>'


class MatrixTable:
    """Draws the matrix. Every text from outside passes `escape` exactly once."""

    def __init__(
        self,
        units: Sequence[UnitStanding],
        tasks: Sequence[Task],
        period: ReportingPeriod,
        as_of: AsOf,
        shown: Sequence[UnitStanding],
    ) -> None:
        """`shown` are the units on this page; the sums are those of all `units`."""
        self.units, self.tasks, self.shown = units, tasks, shown
        self.period, self.as_of = period, as_of
        # Once for a column, not for each of its cells.
        self.columns = [(task.pk, escape(str(task)), f"#task-{task.number}") for task in tasks]

    @property
    def sections(self) -> list[tuple[Section | None, int]]:
        """Return each section with the number of its columns."""
        return [
            (section, sum(1 for _ in group))
            for section, group in groupby(self.tasks, lambda task: task.section)
        ]

    @property
    def legend(self) -> list[tuple[str, ...]]:
        """Return (style, shape, mark, word) of every status."""
        return [(*LOOK[status], MARKS[status], str(WORDS[status])) for status in MARKS]

    def heads(self) -> SafeString:
        """Return the heads of the tasks' columns: each number leads to what all units say of it."""
        return format_html_join(
            "",
            '<th scope="col" title="{}"><a href="{}">{}<span class="visually-hidden">. {}</span></a></th>',
            (
                (title, self.as_of.task_address(pk, self.period), task.number, task.title)
                for task, (pk, title, _) in zip(self.tasks, self.columns, strict=True)
            ),
        )

    def rows(self) -> SafeString:
        """Return the body: a row a unit with its lamp, its cells and its sums."""
        return mark_safe("".join(self._row(unit) for unit in self.shown))  # noqa: S308

    def _row(self, unit: UnitStanding) -> str:
        report = unit.report
        name = escape(report.unit.name)
        address = self.as_of.report_address(unit.read_in.pk) if unit.read_in else ""
        shown = name if report.unit.is_active else unit_name(report.unit)
        head = f'<a href="{address}">{shown}</a>' if address else shown
        stand = [unit.tasks.get(pk) for pk, _, _ in self.columns]
        cells = "".join(map(_cell, stand, self.columns, repeat(name), repeat(address)))
        sums = status_counts(filter(None, stand))
        return (
            f'<tr><th scope="row"><span class="unit">{head}</span> {lamp(unit.lamp)}{carried(unit)}</th>{cells}'
            + "".join(_sum(status, number) for status, number in sums.items())
            + "</tr>"
        )

    def sums(self) -> SafeString:
        """Return the foot: a row a status, a column a task."""
        columns = [
            status_counts(filter(None, (unit.tasks.get(pk) for unit in self.units)))
            for pk, _, _ in self.columns
        ]
        rows = []
        for status, word in WORDS.items():
            style, shape = LOOK[status]
            head = f'<span class="lamp lamp-{style}"><span aria-hidden="true">{shape}</span> {word}</span>'
            cells = "".join(_sum(status, column[status]) for column in columns)
            total = sum(column[status] for column in columns)
            last = f'<td colspan="{len(MARKS)}" class="sum">合计 {total}</td>'
            rows.append(f'<tr><th scope="row">{head}</th>{cells}{last}</tr>')
        return mark_safe("".join(rows))  # noqa: S308


def _cell(standing: Standing | None, column: tuple[int, str, str], name: str, address: str) -> str:
    """Draw where the task of `column` stands in the unit `name`, whose report is at `address`."""
    if standing is None:
        return UNASSIGNED
    _, title, place = column
    style, shape = LOOK[standing.status]
    title = f"{name} · {title}：{WORDS[standing.status]}"
    mark = f'<span aria-hidden="true">{shape}</span>{MARKS[standing.status]}'
    rated = ""
    if words := _both(standing):
        rated = " cell-rated" if standing.differs else ""
        title += f"；{words}"
        mark += f'<span class="visually-hidden">，{words}</span>'
    if standing.in_doubt:
        rated += " cell-doubt"
    if address:
        mark = f'<a href="{address}{place}">{mark}</a>'
    return f'<td class="cell-{style}{rated}" title="{title}">{mark}</td>'


def _both(standing: Standing) -> str:
    """Return in words what unit and office say where the status alone does not tell it, "" where it does."""
    notes = [DOUBT] if standing.in_doubt else []
    if standing.verdict_before:
        notes.append(f"上次核定：{WORDS[standing.verdict_before]}，重新报送后待核定")
    elif standing.differs or standing.status == SENT_BACK:
        said = (("自评", standing.self_rating), ("市医改办核定", standing.verdict))
        notes.append("，".join(f"{voice}：{WORDS[status]}" for voice, status in said if status))
    return "；".join(filter(None, notes))


def carried(unit: UnitStanding) -> SafeString:
    """Draw the mark of a unit whose last known state stands: the period that it is from."""
    if unit.carried is None:
        return SafeString("")
    return format_html(
        ' <span class="text-secondary">上期（{}）</span>', unit.carried.period.get_kind_display()
    )


def _sum(status: str, number: int) -> str:
    return f'<td class="sum sum-{LOOK[status][0]}">{number}</td>' if number else '<td class="sum">·</td>'


def said_and_judged(standing: Standing) -> SafeString:
    """Draw the status that leads, and beneath it what the other voice says where it says something else."""
    shown = lamp(standing.status)
    if standing.differs:
        shown += format_html('<div class="text-secondary">自评：{}</div>', WORDS[standing.self_rating])
    if standing.in_doubt:
        shown += format_html('<div title="{}">{}</div>', DOUBT, sign("warn", "？", "待核"))
    if standing.verdict_before:
        shown += format_html(
            '<div class="text-secondary">待核定（上次：{}）</div>', WORDS[standing.verdict_before]
        )
    return shown


class DebtorTable(ListTable):
    """The call list: who has not filed, since when, whom to ring."""

    unit = tables.Column("单位", accessor="filing__report__unit", orderable=False)
    lamp = tables.Column("报送", accessor="filing__lamp", orderable=False)
    state = tables.Column("状态", accessor="filing", orderable=False)
    due_on = tables.Column("截止日", accessor="filing__report__due_on", orderable=False)
    people = tables.Column("填报员及电话", accessor="fillers", orderable=False, empty_values=())
    reminded_at = tables.Column("最近提醒", orderable=False, empty_values=())
    called = tables.Column("最近电话", orderable=False, empty_values=())

    class Meta:
        empty_text = "本期没有未报的单位。"

    def __init__(self, data: Sequence[Debtor], as_of: AsOf, token: str = "") -> None:
        """`token` lets whoever may note a call do it (its form's)."""
        super().__init__(data)
        self.as_of, self.token = as_of, token

    def render_unit(self, record: Debtor) -> SafeString | str:
        report = record.filing.report
        if not record.filing.left_the_unit:
            return unit_name(report.unit)
        return format_html(
            '<a href="{}">{}</a>', self.as_of.report_address(report.pk), unit_name(report.unit)
        )

    def render_lamp(self, record: Debtor) -> SafeString:
        days = record.filing.days
        if record.filing.lamp == FilingLamp.MISSING:
            return lamp(record.filing.lamp)
        return lamp(record.filing.lamp, f" {-days}天" if days < 0 else f" 还有{days}个工作日")

    def render_state(self, record: Debtor) -> str:
        report = record.filing.report
        state = report_state(report)
        if report.returned_at is None or report.added_since is not None:
            return state
        return "退回未重报" if report.state == ReportState.RETURNED else f"退回未重报（{state}）"

    def render_due_on(self, value: date, record: Debtor) -> str:
        report = record.filing.report
        is_extended = report.returned_at is None and report.due_on > report.period.due_on
        return f"{value:%Y-%m-%d}{'（已准予延期）' if is_extended else ''}"

    def render_people(self, record: Debtor) -> SafeString:
        people = _calls(record.fillers) if record.fillers else _missing("无填报员")
        if record.filing.report.state == ReportState.SIGNING:
            people += format_html('<div class="text-secondary">审签人 {}</div>', _calls(record.signers))
        return people

    def render_reminded_at(self, value: datetime | None) -> str:
        return f"{localtime(value):%Y-%m-%d %H:%M}" if value else "未提醒"

    def render_called(self, value: AuditEvent | None, record: Debtor) -> SafeString:
        words = f"{localtime(value.at):%Y-%m-%d %H:%M} {value.actor_name}" if value else "未电话"
        report = record.filing.report
        button = self.token and format_html(
            ' <form class="d-inline d-print-none" method="post" action="{}">'
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<button class="btn btn-sm btn-outline-primary" type="submit">已电话'
            '<span class="visually-hidden">{}</span></button></form>',
            reverse("not_filed_call", args=[report.pk]),
            self.token,
            report.unit,
        )
        return format_html("{}{}", words, button)


def _missing(word: str) -> SafeString:
    return format_html('<span class="lamp lamp-bad"><span aria-hidden="true">✖</span> {}</span>', word)


def _calls(people: Sequence[User]) -> SafeString:
    return format_html_join(
        "、",
        '<span class="text-nowrap">{} {}</span>',
        ((person.name, person.phone or "（无电话）") for person in people),
    )
