"""Understands a document as a plan: which tables, which year, which column holds the tasks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tasks_app.documents.grid import CellFault, SheetKind, Workbook, column_letter
from tasks_app.language.text import one_line, squash

from ..mends import Mends
from ..problems import NOWHERE, Place, Problem, error, first_few, has_errors, warning
from .cells import Cell, Row
from .column_checks import check_columns, described_columns
from .fields import WHAT, WHO, Field, says_first_leads
from .headers import is_form
from .headings import is_note, title_level, with_lone_titles
from .layout import Table, find_tables
from .numbering import give_numbers
from .parsed import ParsedPlan
from .row_reading import read_rows
from .settling import rows_are_tasks, sections_are_tasks, task_field
from .titles import read_titles

# A longer line above a table is a paragraph of the notice.
LONGEST_TITLE = 60
# Of the headings of a table in traditional script.
TRADITIONAL = frozenset("責單務標備註項時舉協牽頭點號細")
Learned = Mapping[str, Field]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a file says: `plan` is None when no table was found; `sheets` are [(name, is it read)]."""

    plan: ParsedPlan | None
    problems: list[Problem]
    sheets: tuple[tuple[str, bool], ...] = ()


def understand(
    workbook: Workbook,
    *,
    year: int | None = None,
    file_name: str = "",
    learned: Learned | None = None,
    mends: Mends | None = None,
    progress: Progress = lambda done, total: None,
) -> Understanding:
    """Return the plan in `workbook`; `year` overrides the one its title gives.

    `learned` is what headings were said to mean before, `mends` what an admin decided about this file.
    `progress` is called with (rows read, rows in all) from time to time.
    """
    mends = mends or Mends()
    known = dict(learned or {}) | dict(mends.columns)
    remarks = [warning(NOWHERE, remark) for remark in workbook.remarks]
    said = known
    tables, known = find_tables(workbook, known, mends)
    if not tables:
        return Understanding(None, [*remarks, _no_table(workbook)], _sheets(workbook, []))
    chosen, others = _choose(tables, mends)
    remarks += [_left_out(table, chosen) for table in others]
    first = next(i for i, sheet in enumerate(workbook.sheets) if sheet is chosen[0].sheet)
    earlier = [one_line(text) for sheet in workbook.sheets[:first] for text in sheet.above]
    rename = _rename(_unmended(workbook, known, mends, chosen), said)
    plan = _plan(chosen, rename, said, year, file_name, earlier, progress)
    return Understanding(plan, remarks + plan.problems, _sheets(workbook, chosen))


def _unmended(workbook: Workbook, known: dict[str, Field], mends: Mends, chosen: list[Table]) -> list[Table]:
    """Return the chosen tables as the file has their rows: a mended row must not turn what the columns mean."""
    if not mends.rows:
        return chosen
    read = {table.sheet.name for table in chosen}
    return [table for table in find_tables(workbook, known, Mends())[0] if table.sheet.name in read]


def _no_table(workbook: Workbook) -> Problem:
    names = "、".join(f"“{sheet.name}”" for sheet in workbook.sheets if sheet.name) or "全文"
    sentence = (
        f"没有找到分解表（已查看：{names}）。表头一行应有“重点任务、工作措施、责任单位”等列名，"
        "请检查是否选错文件，或补上表头后重新上传。"
    )
    first = workbook.sheets[0] if workbook.sheets else None
    if any(is_form(sheet) for sheet in workbook.sheets):
        sentence = (
            "这里像是一项任务一张表（左边是栏目名，右边是内容），不能读取。"
            "请把各项任务列成一张表：第一行是“重点任务、工作措施、责任单位”等列名，每项任务一行，再重新上传。"
        )
    written = {
        c for sheet in workbook.sheets for own in sheet.rows.values() for text in own.values() for c in text
    }
    if len(written & TRADITIONAL) > 2:
        sentence = (
            "表格是繁体字的，不能读取。请在 Word、Excel 或 WPS 中转换为简体（“审阅—繁转简”）后重新上传。"
        )
    return error(Place(first.name, kind=first.kind) if first else NOWHERE, sentence)


def _sheets(workbook: Workbook, chosen: Sequence[Table]) -> tuple[tuple[str, bool], ...]:
    read = {table.sheet.name for table in chosen}
    return tuple((sheet.name, sheet.name in read) for sheet in workbook.sheets)


def _choose(tables: list[Table], mends: Mends) -> tuple[list[Table], list[Table]]:
    """Return the tables to read as one, and the others: the first that is about tasks, and its like."""
    if mends.sheets is not None:
        wanted = [table for table in tables if table.sheet.name in mends.sheets]
        if wanted:
            return wanted, [table for table in tables if table not in wanted]
    # A hidden sheet counts only where no other has a table.
    seen = [t for t in tables if not t.sheet.is_hidden] or tables
    first = max(seen, key=_is_about_tasks)
    chosen = [first]
    for table in seen[seen.index(first) + 1 :]:
        if _goes_on(chosen, table):
            chosen.append(table)
    return chosen, [table for table in tables if not any(table is t for t in chosen)]


def _is_about_tasks(table: Table) -> int:
    """Return how sure it is that a table gives tasks to units: a summary or a list of members does less so."""
    fields = table.fields.keys()
    return (
        2 * (Field.TITLE in fields)
        + (Field.MEASURES in fields)
        + 2 * bool(fields & WHO)
        + bool(fields & WHAT)
    )


def _goes_on(chosen: Sequence[Table], table: Table) -> bool:
    """Tell whether `table` is more of the same: the same headings, and not the same tasks again."""
    first = chosen[0]
    if table.header.top == 0:
        return any(table.header.columns == part.header.columns for part in chosen)
    essential = {Field.TITLE, Field.MEASURES, Field.SECTION} | WHO
    if table.fields.keys() & essential != first.fields.keys() & essential:
        return False
    if table.sheet.kind is SheetKind.WORD_TABLE:
        return True
    if table.year is not None and first.year is not None and table.year != first.year:
        return False
    known = {text for part in chosen for text in _what(part)}
    own = _what(table)
    return len(own & known) * 5 <= len(own)


def _what(table: Table) -> set[str]:
    """Return the texts that tell one task from another."""
    wanted = [field for field in (Field.TITLE, Field.MEASURES, Field.SECTION) if field in table.fields][:2]
    return {squash("".join(row.text(f) for f in wanted)) for row in table.rows if row.alone is None} - {""}


def _left_out(table: Table, chosen: Sequence[Table]) -> Problem:
    place = Place(table.sheet.name, kind=table.sheet.kind)
    read = "、".join(f"“{part.sheet.name}”" for part in chosen[:3])
    hidden = "（隐藏的工作表）" if table.sheet.is_hidden else ""
    return warning(place, f"这里{hidden}也有表格，本次只导入{read}中的表格。如要导入这里的，请在页面上勾选。")


def _plan(
    tables: list[Table],
    rename: Mapping[Field, Field],
    known: Learned,
    year: int | None,
    file_name: str,
    earlier: list[str],
    progress: Progress,
) -> ParsedPlan:
    first = tables[0]
    header = Place(first.sheet.name, first.header.top, kind=first.sheet.kind)
    fields = frozenset.intersection(*(frozenset(rename.get(f, f) for f in table.fields) for table in tables))
    plan = ParsedPlan("", year, "", header, fields)
    plan.columns = described_columns(first, rename)
    plan.problems += check_columns(tables, fields, rename, known)
    read_titles(plan, first, file_name, earlier)
    plan.problems += [problem for table in tables for problem in table.problems]
    if Field.TITLE not in fields:
        # Without this column every row would be one more complaint about the same thing.
        return plan
    words = [*(c.heading for c in first.header.columns), *(cell.text for cell in first.above)]
    words += [text for table in tables for text in table.sheet.below]
    first_leads = any(says_first_leads(text) for text in words)
    read_rows(plan, _rows(tables, rename), progress, first_leads=first_leads)
    plan.problems += _pictures(tables) + _hidden(tables) + give_numbers(plan.tasks, are_titles=not rename)
    if not plan.tasks and not has_errors(plan.problems):
        plan.problems.append(error(header, "表头下面没有任务。请检查表格内容后重新上传。"))
    return plan


def _rename(tables: Sequence[Table], said: Learned) -> dict[Field, Field]:
    """Return {field: TITLE} where the tasks stand in a column of another name; `said` are headings with one meaning."""
    first = tables[0]
    all_rows, _ = with_lone_titles([row for table in tables for row in table.rows])
    rows = [row.cells for row in all_rows if row.alone is None and row.kind is None]
    if {Field.TITLE, Field.SECTION} <= first.fields.keys():
        columns = [c for c in first.header.columns if c.field in (Field.TITLE, Field.SECTION)]
        if _has_titles(all_rows) and not any(c.name in said for c in columns):
            return sections_are_tasks(columns, first.fields, rows)
    if Field.TITLE in first.fields:
        name = next(c.name for c in first.header.columns if c.field is Field.TITLE)
        is_section = Field.SECTION not in first.fields and len(tables) == 1 and rows_are_tasks(name, rows)
        return {Field.TITLE: Field.SECTION, Field.MEASURES: Field.TITLE} if is_section else {}
    heading = next((c.name for c in first.header.columns if c.field is Field.SECTION), "")
    there = frozenset.intersection(*(frozenset(table.fields) for table in tables))
    field = task_field(there, heading, rows)
    return {field: Field.TITLE} if field else {}


def _has_titles(rows: Sequence[Row]) -> bool:
    """Tell whether something stands alone above a task that is no note."""
    return any(
        row.alone is not None and not is_note(row.alone.text) and after.alone is None
        for row, after in pairwise(rows)
    )


def _rows(tables: Sequence[Table], rename: Mapping[Field, Field]) -> Iterable[Row]:
    """Yield the rows of all tables in order; paragraphs between two Word tables are rows of their own."""
    names_sections = len(tables) > 1 and not any(_has_sections(table) for table in tables)
    for index, table in enumerate(tables):
        place = Place(table.sheet.name, 0, 0, table.sheet.kind)
        if index and table.sheet.kind is SheetKind.WORD_TABLE:
            titles = [text for text in table.sheet.above if title_level(text) is not None]
            yield from (Row(table.sheet.name, 0, {}, after_break=False, alone=Cell(t, place)) for t in titles)
        elif index == 0 and table.header.top:
            yield from (
                Row(table.sheet.name, 0, {}, after_break=False, alone=cell) for cell in _titles_above(table)
            )
        if names_sections and table.sheet.kind is SheetKind.WORKSHEET:
            yield Row(table.sheet.name, 0, {}, after_break=False, alone=Cell(table.sheet.name, place))
        is_page = index > 0 and table.sheet.kind is SheetKind.WORD_TABLE
        for row in table.rows:
            cells = {rename.get(field, field): cell for field, cell in row.cells.items()}
            if row.kind is not None:
                cells |= {field: cell for field, cell in row.cells.items() if cell.text}
            yield replace(row, cells=cells, after_break=row.after_break or is_page)
            is_page = False


def _titles_above(table: Table) -> list[Cell]:
    """Return the titles of sections that stand right above the heading: the table begins with that section."""
    titles: list[Cell] = []
    for cell in reversed(table.above):
        if title_level(cell.text) is None or len(cell.text) > LONGEST_TITLE or cell.text.endswith("。"):
            break
        titles.insert(0, cell)
    return titles


def _has_sections(table: Table) -> bool:
    return Field.SECTION in table.fields or any(row.alone is not None for row in table.rows)


def _pictures(tables: Sequence[Table]) -> list[Problem]:
    """Return where pictures stand, of which nothing can be read."""
    problems = []
    for sheet in (table.sheet for table in tables):
        cells = sorted(place for place, fault in sheet.faults.items() if fault is CellFault.PICTURE)
        if cells:
            shown = first_few([f"{column_letter(c)}{row}" for row, c in cells], more=f"等{len(cells)}处")
            text = (
                f"{shown}是图片，图片里的内容没有读入。如其中有文字，请打在格子里后重新上传，或在页面上补填。"
            )
            problems.append(warning(Place(sheet.name, *cells[0], sheet.kind), text))
    return problems


def _hidden(tables: Sequence[Table]) -> list[Problem]:
    """Return that hidden rows and columns were read: who hid them may not have meant them to count."""
    problems = []
    for table in tables:
        read = {row.number for row in table.rows}
        rows = sorted(read & table.sheet.hidden_rows)
        if rows:
            text = f"第{first_few(rows)}行是隐藏的，也已读入（共{len(rows)}行）。如不应导入，请在页面上去掉。"
            problems.append(warning(Place(table.sheet.name, rows[0], kind=table.sheet.kind), text))
        for column in table.header.columns:
            if column.columns[0] in table.sheet.hidden_columns:
                place = Place(table.sheet.name, table.header.top, column.columns[0], table.sheet.kind)
                problems.append(warning(place, f"“{column.heading}”列是隐藏的，也已读入，请核对。"))
    return problems
