"""One check, one thing that can be wrong with a table; all run, and one error does not breed others."""

import re
from collections.abc import Callable, Iterable, Iterator

from tasks_app.choices import Severity
from tasks_app.documents.grid import column_letter

from .numbers.target_cells import is_value
from .problems import Problem, error, warning
from .table.fields import WHO, Field
from .table.parsed import ParsedPlan, ParsedTask
from .units.shapes import is_nobody

NUMBER_LIMIT = 32_767
# As models/plan.py stores them.
LIMITS = {"title": (Field.TITLE, 1000), "section": (Field.SECTION, 300), "units_text": (Field.UNITS, 1000)}
YEARS = range(2000, 2100)
NUMBER_WITHIN = re.compile(r"(?<!\d)([0-9]{1,4})\s*[.．、](?=\s*[\u4e00-\u9fff])")
# 福州市2025年…, but not 全市… and not 城市….
OTHER_CITY = re.compile(r"(?:20\d\d年度?)?((?![全本我各省城])[\u4e00-\u9fff]{2}市)(?![级直属场区民容政])")

TICKED = re.compile(r"：[✓✔√☑●★▲○]$", re.MULTILINE)
FOR_ALL = re.compile(
    r"(?:以下|其后|后续|其余)[^。；]{0,8}?[均都皆][^。；]{0,30}?(?:负责|落实|配合|参与|牵头|列出?|注明)(?:[，,]不再[^。；）]{1,6})?"
)

Check = Callable[[ParsedPlan], Iterable[Problem]]


def check_year(plan: ParsedPlan) -> Iterator[Problem]:
    """The year must be one that a table can be of."""
    if plan.year is not None and plan.year not in YEARS:
        yield error(plan.header, f"年度{plan.year}不正确，请填写四位年份，如 2024。")


def check_city(plan: ParsedPlan, city: str) -> Iterator[Problem]:
    """A table of another city may have been taken for one's own."""
    found = OTHER_CITY.match(plan.title)
    if found and found[1] != city:
        text = f"标题写的是“{found[1]}”，不是{city}。请核对是否选错了文件。"
        yield warning(plan.header, text)


def check_titles(plan: ParsedPlan) -> Iterator[Problem]:
    """Each task needs a title; a number alone is its target."""
    for task in plan.tasks:
        if is_value(task.title):
            text = f"任务名称只有数值“{task.title}”。请在页面上改列的含义：写指标或任务的列选"
            text += f"“{Field.TITLE.value}”，写数值的列选“{Field.TARGET.value}”。"
            yield error(task.place(Field.TITLE), text)
        if not task.title:
            yield error(
                task.place(Field.TITLE),
                "这一行没有写任务。请在页面上“修改这一行”，补上任务名称或选“不导入”；也可改正文件后重新上传。",
            )


def check_two_in_one(plan: ParsedPlan) -> Iterator[Problem]:
    """The number that comes next, within a title, may begin a task that shares the cell."""
    for task in plan.tasks:
        numbers = (found for found in NUMBER_WITHIN.finditer(task.title) if found.start())
        found = next((n for n in numbers if task.number is not None and int(n[1]) == task.number + 1), None)
        if found:
            text = f"{task.label}的名称里有序号“{found[0]}”，可能两项任务写在了一格。如是，请在页面上把这一行拆成两行。"
            yield warning(task.place(Field.TITLE), text)


def check_numbers(plan: ParsedPlan) -> Iterator[Problem]:
    """Each task needs a number of a size that can be stored."""
    for task in plan.tasks:
        place = task.place(Field.NUMBER, Field.TITLE)
        if task.number is not None and not 1 <= task.number <= NUMBER_LIMIT:
            text = f"序号{task.number}不正确，应为1到{NUMBER_LIMIT}。请在页面上“修改这一行”改正，"
            yield error(place, text + "也可改正文件后重新上传。")
        elif task.number is None and task.title:
            text = f"任务“{task.title[:20]}”没有序号。请在页面上“修改这一行”补上序号，"
            yield error(place, text + f"也可在文件里写上（如“1. {task.title[:6]}…”）后重新上传。")


def check_numbers_once(plan: ParsedPlan) -> Iterator[Problem]:
    """A number belongs to one task."""
    first: dict[int, ParsedTask] = {}
    for task in plan.tasks:
        if task.number is None or first.setdefault(task.number, task) is task:
            continue
        other = first[task.number].place(Field.NUMBER, Field.TITLE)
        where = f"第{other.row}行{column_letter(other.column)}列"
        text = (
            f"序号{task.number}重复，{where}的任务已用这个序号。请在页面上“修改这一行”改正其中一个，"
            "重复的行选“不导入”；也可改正文件后重新上传。"
        )
        yield error(task.place(Field.NUMBER, Field.TITLE), text)


def check_lengths(plan: ParsedPlan) -> Iterator[Problem]:
    """No text may be longer than what is stored."""
    for attribute, (wanted, limit) in LIMITS.items():
        seen: set[str] = set()
        for task in plan.tasks:
            text = getattr(task, attribute)
            if len(text) > limit and text not in seen:
                seen.add(text)
                count = f"“{wanted.value}”有{len(text)}个字，最多{limit}个字。"
                yield error(
                    task.place(wanted),
                    f"{count}请检查内容是否填错列，在页面上“修改这一行”缩短，也可改正文件后重新上传。",
                )


# Strange, but possible where the table has the column.
MAY_LACK = {
    "section": (Field.SECTION, "没有写属于哪项工作任务，将不归入任何一项。"),
    "measures": (Field.MEASURES, "没有写细化措施，请核对是否漏写。"),
}


def check_what_is_lacking(plan: ParsedPlan) -> Iterator[Problem]:
    """A task above the first section's title stands under none; one may have no measures."""
    for attribute, (wanted, lack) in MAY_LACK.items():
        for task in plan.tasks if wanted in plan.fields else ():
            if not getattr(task, attribute):
                yield warning(task.place(wanted), f"{task.label}{lack}")


def check_units(plan: ParsedPlan) -> Iterator[Problem]:
    """Somebody must be responsible for each task; a table that names nobody at all has one fault, not many."""
    if not plan.fields & WHO and not any(task.units for task in plan.tasks):
        text = "表头缺少责任单位的列（“责任单位”“牵头单位”等）。"
        if any(TICKED.search(task.remarks) for task in plan.tasks):
            text += "表里像是一个单位一列、用打勾表示责任，请加一列“责任单位”，写出打勾的单位后重新上传。"
        else:
            text += "请在页面上指定哪一列是责任单位，或改好列名后重新上传。"
        yield error(plan.header, text)
        return
    for task in plan.tasks:
        if all(is_nobody(units.text) for units in task.units):
            place = task.place(Field.LEAD, Field.UNITS, Field.SUPPORT, Field.TITLE)
            yield error(place, f"{task.label}没有写责任单位。请补上责任单位后重新上传，或在页面上补填。")


def check_rules_for_all(plan: ParsedPlan) -> Iterator[Problem]:
    """以下均需县（市、区）人民政府负责，不再列出: what one task says of those that follow is for a person to add."""
    for task in plan.tasks:
        texts = [task.title, task.units_text, task.remarks, *(measure.text for measure in task.measures)]
        found = next((found for text in texts if (found := FOR_ALL.search(text))), None)
        if found:
            text = f"{task.label}写有“{found[0]}”，系统没有照此补上其后各项任务的责任单位。请逐项核对，在页面上补填。"
            yield warning(task.place(Field.UNITS, Field.TITLE), text)


def run_checks(plan: ParsedPlan) -> list[Problem]:
    """Return everything wrong with `plan`, ordered by cell; a cell with one error gets no second kind."""
    checks: list[Check] = [
        check_rules_for_all,
        check_year,
        check_titles,
        check_two_in_one,
        check_numbers,
        check_numbers_once,
        check_lengths,
        check_what_is_lacking,
        check_units,
    ]
    problems: list[Problem] = []
    for check in checks:
        problems += without_knock_on(check(plan), [*plan.problems, *problems])
    return problems


def without_knock_on(found: Iterable[Problem], after: Iterable[Problem]) -> list[Problem]:
    """Return `found` without what stands in a cell that `after` has an error for already."""
    faulty = {(p.sheet, p.row, p.column) for p in after if p.severity == Severity.ERROR and p.column}
    return [p for p in found if (p.sheet, p.row, p.column) not in faulty]


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems in the order of the table, errors first within a cell."""
    return sorted(
        dict.fromkeys(problems),
        key=lambda p: (p.row or 0, len(p.column), p.column, p.severity != Severity.ERROR.value),
    )
