"""The rows of the lagging list: which thing, how far behind, since when, why, what was done and may be done next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tasks_app.choices import Cause, MatterKind, Movement
from tasks_app.domain.escalation.rules import calls_for_action, task_key
from tasks_app.domain.lagging.deeds import INTERVIEW, NOTICE, Deed
from tasks_app.domain.lagging.listing import LaggingTask
from tasks_app.domain.matters.queries import Asked
from tasks_app.forms.as_of import AsOf
from tasks_app.templatetags.addresses import address
from tasks_app.templatetags.display import sign, unit_name
from tasks_app.templatetags.instructions import instruct_link, under_row

from .lagging import LOOK, carried, said_and_judged

Row = tuple[int, int]
COLUMNS = 6
PAGES = {
    NOTICE: "notice",
    INTERVIEW: "interview",
    MatterKind.COORDINATION: "coordination_read",
    MatterKind.REFERRAL: "coordination_read",
    MatterKind.VERIFICATION: "verification",
}
OPEN_TO_READERS = frozenset({NOTICE, INTERVIEW})
CAUSES = {value: str(label) for value, label in Cause.choices}
# The shape says it as well as the colour; caught up is not green.
MOVED = {Movement.CAUGHT_UP: ("late", "◐"), Movement.WORSE: ("bad", "↓"), Movement.BETTER: ("notice", "↑")}


@dataclass(frozen=True)
class Beside:
    """What stands beside the rows, and what whoever reads them may do; nothing of a past moment."""

    instructions: Mapping[tuple[int | None, int], Sequence[Asked]] = field(default_factory=dict)
    deeds: Mapping[Row, Sequence[Deed]] = field(default_factory=dict)
    not_started: Mapping[Row, str] = field(default_factory=dict)  # by report and task
    may_instruct: bool = False
    may_escalate: bool = False
    reads_requests: bool = False

    def done(self, item: LaggingTask) -> SafeString:
        """Draw what was done about a row."""
        return format_html_join(
            "", "<div>{}</div>", ((self._deed(each),) for each in self.deeds.get(item.key, ()))
        )

    def next(self, item: LaggingTask) -> SafeString:
        """Draw what may be done next."""
        links = instruct_link(item.task.pk, item.unit.report.unit_id) if self.may_instruct else SafeString("")
        is_handled = any(
            deed.is_open for deed in self.deeds.get(item.key, ()) if deed.kind in OPEN_TO_READERS
        )
        if self.may_escalate and not is_handled and calls_for_action(item.standing, item.before):
            thing = task_key(*item.key, item.standing.period)
            links += format_html('<a href="{}">拟督查单</a>', address("escalation_draft", thing))
        return format_html('<div class="d-print-none">{}</div>', links) if links else links

    def under(self, item: LaggingTask) -> SafeString:
        """Draw what was written on a row, as a row of its own."""
        written = self.instructions.get(item.key)
        if not written:
            return SafeString("")
        shown = under_row(written)
        return format_html('<tr class="row-beside"><td colspan="{}">{}</td></tr>', COLUMNS, shown)

    def _deed(self, deed: Deed) -> SafeString | str:
        if deed.kind not in OPEN_TO_READERS and not self.reads_requests:
            return deed.words
        return format_html('<a href="{}">{}</a>', address(PAGES[deed.kind], deed.pk), deed.words)


def item_rows(items: Sequence[LaggingTask], as_of: AsOf, beside: Beside, *, by_unit: bool) -> SafeString:
    """Return the rows under one task, or one unit."""
    return format_html_join(
        "",
        '<tr><th scope="row" class="col-who">{}{}</th><td class="col-status">{}{}{}</td>'
        '<td>{}</td><td class="words">{}{}</td><td class="words">{}</td><td>{}{}</td></tr>{}',
        (
            (
                _head(item, as_of, by_unit=by_unit),
                carried(item.unit),
                said_and_judged(item.standing),
                course_mark(item),
                "" if as_of.is_past else _course_link(item),
                _why(item, beside),
                item.standing.texts.progress,
                _remarks(item.standing.texts.remarks),
                item.standing.texts.forecast,
                beside.done(item),
                beside.next(item),
                beside.under(item),
            )
            for item in items
        ),
    )


def course_mark(item: LaggingTask) -> SafeString:
    """Draw how long a task lags, else how it moved; nothing where there is nothing to say."""
    if item.lasts:
        return format_html("<div>{}</div>", sign("bad", "↻", f"连续 {item.lag_periods} 期"))
    if item.movement in MOVED:
        return format_html("<div>{}</div>", sign(*MOVED[item.movement], str(item.movement.label)))
    return SafeString("")


def _course_link(item: LaggingTask) -> SafeString:
    """Draw the way to the whole course of a task that was filed before."""
    if not item.before or item.unit.read_in is None:
        return SafeString("")
    marks = "".join(LOOK[each.status][1] for each in reversed(item.before))
    return format_html(
        '<a class="course" href="{}"><span aria-hidden="true">{} </span>历程</a>',
        address("course", item.unit.read_in.pk, item.task.pk),
        marks,
    )


def _why(item: LaggingTask, beside: Beside) -> SafeString:
    marks = beside.not_started.get(((item.unit.read_in or item.unit.report).pk, item.task.pk), "")
    measures = format_html('<div class="text-secondary">{}未启动</div>', marks) if marks else ""
    return format_html("{}{}", CAUSES.get(item.standing.cause, ""), measures)


def _remarks(words: str) -> SafeString | str:
    return format_html('<div class="text-secondary">备注：{}</div>', words) if words.strip() else ""


def _head(item: LaggingTask, as_of: AsOf, *, by_unit: bool) -> SafeString | str:
    report = item.unit.read_in
    name = str(item.task) if by_unit else unit_name(item.unit.report.unit)
    if report is None:
        return name
    return format_html('<a href="{}#task-{}">{}</a>', as_of.report_address(report.pk), item.task.number, name)
