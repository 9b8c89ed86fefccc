"""Takes title, year and document number from the lines above a table."""

import re
from collections.abc import Sequence

from tasks_app.language.text import one_line, squash, year_in, years_in

from ..problems import Place, error, warning
from .headings import title_level
from .layout import Table
from .parsed import ParsedPlan

DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}[〔\[(（【]20\d\d[〕\])）】]\s*\d+\s*号")
ANNEX = re.compile(r"^附[件表]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})?(?:[-—]\d+)?\s*[:：]?\s*")
FORM_LINE = re.compile(r"^(填报单位|填报时间|填表人|填表说明|单位[:：]|制表|时间[:：]|日期[:：])")
# Who made the table, and when.
DATED_LINE = re.compile(r"20\d\d年\d{1,2}月(?:\d{1,2}日)?制?$")
CALLED = re.compile(r"(表|清单|任务|要点|方案|计划|台账|分工)")
# A line of its own below the title: （2025年度）.
YEAR_BELOW = re.compile(r"\(?20\d\d年度?\)?")
TITLE_LIMIT = 120
LONGEST_HALF = 40


def read_titles(plan: ParsedPlan, table: Table, file_name: str, earlier: Sequence[str]) -> None:
    """Fill in `plan`'s title, year and document number; add what is doubtful to its problems.

    `earlier` are the texts before the table that are not its own: of a notice whose annex it is.
    """
    texts = [one_line(cell.text) for cell in table.above]
    lines = (ANNEX.sub("", text) for text in texts)
    title = _title([line for line in lines if line and not _is_form_line(line)])
    plan.title = re.sub(r"(?<=\d)\s+(?=年)", "", title)
    everywhere = [*texts, *earlier]
    number = next((found[0] for t in everywhere if (found := DOCUMENT_NUMBER.search(t))), "")
    plan.document_number = re.sub(r"\s", "", number)
    _read_year(plan, table, [title, *texts, table.sheet.name, file_name, *earlier])
    if not plan.title:
        plan.title = f"{plan.year or ''}年重点任务分解表"
    if len(plan.title) > TITLE_LIMIT:
        text = f"标题有{len(plan.title)}个字，只取前{TITLE_LIMIT}个字。请核对是否把说明文字当成了标题。"
        plan.problems.append(warning(table.above[0].place, text))
        plan.title = plan.title[:TITLE_LIMIT]


def _is_form_line(text: str) -> bool:
    plain = squash(text)
    is_dated = bool(DATED_LINE.search(plain)) and not CALLED.search(plain)
    return is_dated or bool(FORM_LINE.match(plain) or DOCUMENT_NUMBER.fullmatch(plain))


def _title(lines: list[str]) -> str:
    """Return the table's title: the line nearest above it that is called a table, of a year if any is."""
    short = [
        line
        for line in lines
        if len(line) <= TITLE_LIMIT and not line.endswith(("。", "：", ":")) and title_level(line) is None
    ]
    for index in range(len(short) - 1, -1, -1):
        if not CALLED.search(short[index]):
            continue
        line, before = short[index], short[index - 1] if index else ""
        if year_in(line) is not None:
            return line
        after = short[index + 1] if index + 1 < len(short) else ""
        if year_in(after) is not None and YEAR_BELOW.fullmatch(squash(after)):
            return line + after
        if year_in(before) is not None and len(before) <= LONGEST_HALF and not CALLED.search(before[-2:]):
            return before + line
    with_year = (line for line in reversed(short) if year_in(line) is not None)
    return next(with_year, short[0] if short else lines[0] if lines else "")


def _read_year(plan: ParsedPlan, table: Table, sources: list[str]) -> None:
    years = next((years for source in sources if (years := years_in(source))), ())
    # 落实2024年度考核反馈、做好2025年工作的…: what is to be done is of the later year.
    found = max(years, default=None)
    if plan.year is None:
        plan.year = found
        if len(years) > 1 and table.above:
            named = "、".join(map(str, years))
            text = f"标题里有{named}几个年度，按{found}年导入，请核对。如不对，请在“年度、文号、工作表”中填写年度。"
            plan.problems.append(warning(table.above[0].place, text))
    elif found is not None and found != plan.year and year_in(sources[0]) is not None:
        text = f"表的标题写的是{found}年，将按您指定的{plan.year}年导入，请核对。"
        plan.problems.append(warning(table.above[0].place, text))
    if plan.year is None:
        text = "看不出是哪一年的分解表。请在表格上方的标题中写明年度（如“2024年…”），或在导入时填写年度。"
        plan.problems.append(error(Place(table.sheet.name, 1, 1, table.sheet.kind), text))
