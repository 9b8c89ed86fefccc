"""Understands a workbook as a plan: which sheet, which year, rows joined into tasks and measures."""

import re
import unicodedata
from dataclasses import dataclass, field

from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.grid import Workbook
from tasks_app.documents.workbook import read_workbook

from .columns import check_columns
from .layout import NOTE, SECTION_TITLE, Cell, Row, Table, find_table
from .measures import join_pages, split_measures, starts_again
from .parsed import (
    Field,
    ParsedPlan,
    ParsedSection,
    ParsedTask,
    ParsedUnitMention,
    one_line,
    squash,
)
from .problems import NOWHERE, Place, Problem, error, has_errors, warning
from .unit_names import split_names

YEAR = re.compile(r"(20\d\d)\s*年")
DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}[〔\[(（【]20\d\d[〕\])）】]\s*\d+\s*号")
FORM_LINE = re.compile(r"^(附件|填报单位|填报时间|填表人|单位[:：])")
NUMBER = re.compile(r"^\s*(\d{1,9})\s*(?:[.．、)）:：]\s*(?!\d)|\s+(?=\D)|$)")
TITLE_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a file says: `plan` is None when no table was found."""

    plan: ParsedPlan | None
    problems: list[Problem]


def understand_file(data: bytes, *, year: int | None = None, file_name: str = "") -> Understanding:
    """Read and understand a file; whatever is wrong with it is among the problems."""
    try:
        workbook = read_workbook(data)
    except UnreadableDocument as failure:
        return Understanding(None, [error(NOWHERE, str(failure))])
    return understand(workbook, year=year, file_name=file_name)


def understand(workbook: Workbook, *, year: int | None = None, file_name: str = "") -> Understanding:
    """Return the plan in `workbook`; `year` overrides the one its title gives."""
    remarks = [warning(NOWHERE, remark) for remark in workbook.remarks]
    tables = [table for sheet in workbook.sheets if (table := find_table(sheet))]
    # A hidden sheet counts only where no other has a table.
    tables = [t for t in tables if not t.sheet.is_hidden] or tables
    if not tables:
        names = "、".join(f"“{sheet.name}”" for sheet in workbook.sheets) or "无"
        sentence = (
            f"没有找到分解表（已查看工作表：{names}）。表头一行应有“工作任务、主要目标要求、细化措施、责任单位”等列名，"
            "请检查是否选错文件，或补上表头后重新上传。"
        )
        place = Place(workbook.sheets[0].name) if workbook.sheets else NOWHERE
        return Understanding(None, [*remarks, error(place, sentence)])
    table, *others = tables
    remarks += [
        warning(Place(other.sheet.name), f"这里也有表格，本次只导入“{table.sheet.name}”中的表格。")
        for other in others
    ]
    plan = _plan(table, year, file_name)
    return Understanding(plan, remarks + plan.problems)


def _plan(table: Table, year: int | None, file_name: str) -> ParsedPlan:
    first = table.headers[0]
    header = Place(table.sheet.name, first.row)
    fields = frozenset.intersection(*(frozenset(h.columns) for h in table.headers))
    plan = ParsedPlan("", year, "", header, fields)
    for found in table.headers:
        plan.problems += check_columns(table.sheet, found)
    _read_heading(plan, table, file_name)
    plan.problems += table.problems
    # Without these columns every row would be one more complaint about the same thing.
    if Field.TITLE in fields:
        _Rows(plan).read(table)
        if not plan.tasks and not has_errors(plan.problems):
            plan.problems.append(error(header, "表头下面没有任务。请检查表格内容后重新上传。"))
    return plan


def _read_heading(plan: ParsedPlan, table: Table, file_name: str) -> None:
    """Take title, year and document number from the lines above the table."""
    texts = [one_line(cell.text) for cell in table.above]
    titles = [t for t in texts if not FORM_LINE.match(squash(t)) and not DOCUMENT_NUMBER.fullmatch(squash(t))]
    title = next((t for t in titles if YEAR.search(t)), titles[0] if titles else "")
    plan.title = re.sub(r"(?<=\d)\s+(?=年)", "", title)
    number = next((found[0] for t in texts if (found := DOCUMENT_NUMBER.search(t))), "")
    plan.document_number = re.sub(r"\s", "", number)
    sources = [title, *texts, table.sheet.name, file_name]
    found_year = next((int(y[1]) for source in sources if (y := YEAR.search(_half_width(source)))), None)
    if plan.year is None:
        plan.year = found_year
    elif found_year is not None and found_year != plan.year and YEAR.search(_half_width(title)):
        text = f"表的标题写的是{found_year}年，将按您指定的{plan.year}年导入，请核对。"
        plan.problems.append(warning(table.above[0].place, text))
    if plan.year is None:
        text = "看不出是哪一年的分解表。请在表格上方的标题中写明年度（如“2024年…”），或在导入时填写年度。"
        plan.problems.append(error(Place(table.sheet.name, 1, 1), text))
    if not plan.title:
        plan.title = f"{plan.year or ''}年重点任务分解表"
    if len(plan.title) > TITLE_LIMIT:
        text = f"标题有{len(plan.title)}个字，超过{TITLE_LIMIT}个字，已截短。"
        plan.problems.append(warning(table.above[0].place, text))
        plan.title = plan.title[:TITLE_LIMIT]


@dataclass(slots=True)
class _Open:
    """The task whose rows are being read: its texts of measures, one for each row, pages joined."""

    task: ParsedTask
    blocks: list[str]
    title_place: Place


@dataclass(slots=True)
class _Rows:
    """Reads the rows of a table one after the other into `plan`."""

    plan: ParsedPlan
    section: str = ""
    sections: dict[str, ParsedSection] = field(default_factory=dict)
    open: _Open | None = None

    def read(self, table: Table) -> None:
        for row in table.rows:
            if row.alone is not None:
                self._read_alone(row.alone)
            elif self.open is not None and self._continues(row, self.open):
                self._continue(row, self.open)
            else:
                self._begin(row)
        self._close()
        self.plan.sections = list(self.sections.values())

    def _read_alone(self, cell: Cell) -> None:
        """A full row is a section's title, or a note below the table."""
        if not NOTE.match(cell.text) and SECTION_TITLE.match(cell.text):
            self._enter(cell)
            return
        text = f"“{one_line(cell.text)[:20]}”不是任务，看作说明文字，未导入。"
        self.plan.problems.append(warning(cell.place, text))

    def _enter(self, cell: Cell) -> str:
        """Remember the section that the following rows stand under; an empty cell keeps the one before."""
        if cell.text:
            key = squash(cell.text)
            section = self.sections.setdefault(key, ParsedSection(one_line(cell.text), cell.place))
            self.section = section.title
        return self.section

    def _continues(self, row: Row, current: _Open) -> bool:
        """Tell whether a row goes on with the task of the row before."""
        title = row.cells[Field.TITLE]
        if title.place == current.title_place:
            return True
        if not title.text and not row.text(Field.NUMBER):
            # Units of its own make it a task whose title was forgotten, unless a page ended here.
            return row.after_break or not row.text(Field.UNITS)
        number, words = _numbered_title(row)
        is_same = number == current.task.number and squash(words) == squash(current.task.title)
        return is_same and not starts_again("".join(current.blocks), row.text(Field.MEASURES))

    def _continue(self, row: Row, current: _Open) -> None:
        task = current.task
        text = row.text(Field.MEASURES)
        if text and row.after_break and current.blocks:
            current.blocks[-1] = join_pages(current.blocks[-1], text)
        elif text:
            current.blocks.append(text)
        units = row.cells.get(Field.UNITS)
        if units and units.text and units.place != task.places.get(Field.UNITS):
            self._add_units(task, units)
        self._continue_section(row, task)

    def _continue_section(self, row: Row, task: ParsedTask) -> None:
        cell = row.cells.get(Field.SECTION)
        if cell is None or not cell.text or squash(cell.text) == squash(task.section):
            return
        title = self._enter(cell)
        text = (
            f"{task.label}跨页，前面写在“{task.section}”下，这里写在“{title}”下；按先出现的“{task.section}”导入。"
            "如不正确，请在导入后的分解表中调整。"
        )
        self.plan.problems.append(warning(cell.place, text))

    def _add_units(self, task: ParsedTask, cell: Cell) -> None:
        known = {squash(mention.text) for mention in task.mentions}
        more = [name for name in split_names(cell.text) if squash(name) not in known]
        if not more:
            return
        if task.mentions:
            text = f"{task.label}各行的责任单位不同，已合并：增加“{'、'.join(more)}”。请核对。"
            self.plan.problems.append(warning(cell.place, text))
        task.units_text = "，".join(filter(None, [task.units_text, cell.text]))
        task.mentions += [ParsedUnitMention(name, cell.place) for name in more]

    def _begin(self, row: Row) -> None:
        self._close()
        section = self._enter(row.cells[Field.SECTION]) if Field.SECTION in row.cells else self.section
        number, title = _numbered_title(row)
        units = row.text(Field.UNITS)
        task = ParsedTask(number, title, section, units, {f: cell.place for f, cell in row.cells.items()})
        task.mentions = [ParsedUnitMention(n, task.place(Field.UNITS)) for n in split_names(units)]
        text = row.text(Field.MEASURES)
        self.open = _Open(task, [text] if text else [], row.cells[Field.TITLE].place)
        self.plan.tasks.append(task)

    def _close(self) -> None:
        if self.open is None:
            return
        task = self.open.task
        task.measures, doubts = split_measures(self.open.blocks)
        task.units_text = one_line(task.units_text)
        place = task.place(Field.MEASURES)
        self.plan.problems += [warning(place, f"{task.label}的{doubt}") for doubt in doubts]
        self.open = None


def _numbered_title(row: Row) -> tuple[int | None, str]:
    """Return the number of a row's task (its own column, or before the title) and the title without it."""
    title = one_line(row.text(Field.TITLE))
    found = NUMBER.match(_half_width(title))
    own = re.fullmatch(r"\s*(\d{1,9})\s*[.．、]?\s*", _half_width(row.text(Field.NUMBER)))
    if own is None:
        return (int(found[1]), title[found.end() :].strip()) if found else (None, title)
    if found and int(found[1]) == int(own[1]):
        title = title[found.end() :].strip()
    return int(own[1]), title


def _half_width(text: str) -> str:
    """Return `text` with half-width digits; its length stays the same, so places in it stay true."""
    return "".join(str(unicodedata.digit(c)) if "０" <= c <= "９" else c for c in text)
