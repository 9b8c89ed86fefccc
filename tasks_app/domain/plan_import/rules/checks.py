"""One check, one thing that can be wrong with a table; all run, and one error does not breed others."""

from collections.abc import Callable, Iterable, Iterator

from tasks_app.choices import Severity
from tasks_app.documents.grid import column_letter

from .parsed import Field, ParsedPlan, ParsedTask
from .problems import Place, Problem, error, warning
from .unit_names import ALL_COUNTIES, UnitIndex, split_lines, squash

NUMBER_LIMIT = 32_767
LIMITS = {"title": (Field.TITLE, 300), "section": (Field.SECTION, 200), "units_text": (Field.UNITS, 500)}
YEARS = range(2000, 2100)

Check = Callable[[ParsedPlan], Iterable[Problem]]


def check_year(plan: ParsedPlan) -> Iterator[Problem]:
    """The year must be one that a table can be of."""
    if plan.year is not None and plan.year not in YEARS:
        yield error(plan.header, f"年度{plan.year}不正确，请填写四位年份，如 2024。")


def check_titles(plan: ParsedPlan) -> Iterator[Problem]:
    """Each task needs a title."""
    for task in plan.tasks:
        if not task.title:
            yield error(
                task.place(Field.TITLE), "这一行没有写任务。请补上任务名称；如是多余的行请删去，再重新上传。"
            )


def check_numbers(plan: ParsedPlan) -> Iterator[Problem]:
    """Each task needs a number of a size that can be stored."""
    for task in plan.tasks:
        place = task.place(Field.NUMBER, Field.TITLE)
        if task.number is None:
            if task.title:
                example = f"1. {task.title[:6]}…"
                text = f"任务“{task.title[:20]}”没有序号。请在任务前写上序号（如“{example}”），再重新上传。"
                yield error(place, text)
        elif not 1 <= task.number <= NUMBER_LIMIT:
            yield error(place, f"序号{task.number}不正确，应为1到{NUMBER_LIMIT}。请改正后重新上传。")


def check_numbers_once(plan: ParsedPlan) -> Iterator[Problem]:
    """A number belongs to one task."""
    first: dict[int, ParsedTask] = {}
    for task in plan.tasks:
        if task.number is None or first.setdefault(task.number, task) is task:
            continue
        other = first[task.number].place(Field.NUMBER, Field.TITLE)
        where = f"第{other.row}行{column_letter(other.column)}列"
        text = (
            f"序号{task.number}重复，{where}的任务已用这个序号。请改正其中一个，或删去重复的行，再重新上传。"
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
                yield error(task.place(wanted), f"{count}请检查内容是否填错列，或缩短后重新上传。")


def check_sections(plan: ParsedPlan) -> Iterator[Problem]:
    """A task above the first section's title stands under none: strange, but possible."""
    if Field.SECTION not in plan.fields:
        return
    for task in plan.tasks:
        if not task.section:
            yield warning(
                task.place(Field.SECTION), f"{task.label}没有写属于哪项工作任务，将不归入任何一项。"
            )


def check_measures(plan: ParsedPlan) -> Iterator[Problem]:
    """A task without measures is possible where the table has the column, but strange."""
    if Field.MEASURES not in plan.fields:
        return
    for task in plan.tasks:
        if not task.measures:
            yield warning(task.place(Field.MEASURES), f"{task.label}没有写细化措施，请核对是否漏写。")


def check_units(plan: ParsedPlan) -> Iterator[Problem]:
    """Somebody must be responsible for each task."""
    if Field.UNITS not in plan.fields:
        return
    for task in plan.tasks:
        if not task.mentions:
            yield error(task.place(Field.UNITS), f"{task.label}没有写责任单位。请补上责任单位后重新上传。")


def known_units(index: UnitIndex) -> Check:
    """Return the check that every unit is known and in use."""

    def check_known_units(plan: ParsedPlan) -> Iterator[Problem]:
        for task in plan.tasks:
            for mention in task.mentions:
                for name in split_lines(mention.text, index):
                    sentence = _fault_of(name, index)
                    if sentence:
                        yield error(mention.place, f"{task.label}的责任单位{sentence}")

    return check_known_units


def units_once(index: UnitIndex) -> Check:
    """Return the check that a task names each unit once."""

    def check_units_once(plan: ParsedPlan) -> Iterator[Problem]:
        for task in plan.tasks:
            seen: set[int] = set()
            for mention in task.mentions:
                for name in split_lines(mention.text, index):
                    found = [unit for unit in index.find(name) if unit.is_active]
                    again = [unit.name for unit in found if unit.pk in seen]
                    if again:
                        text = f"{task.label}的责任单位“{'、'.join(again)}”写了两次，按一次计。"
                        yield warning(mention.place, text)
                    seen.update(unit.pk for unit in found)

    return check_units_once


def _fault_of(name: str, index: UnitIndex) -> str:
    found = index.find(name)
    if len(found) == 1 and not found[0].is_active:
        return f"“{name}”已停用。请改为现用的单位，或在“单位”页重新启用，再重新上传。"
    if found:
        return ""
    if ALL_COUNTIES.fullmatch(squash(name)):
        return f"写的是“{name}”，但系统中没有登记县（市、区）。请先在“单位”页登记，再重新上传。"
    near = "、".join(index.near(name))
    hint = f"，名称相近的有：{near}" if near else ""
    advice = "请改用登记的名称，或在“单位”页登记它（或加为别名），再重新上传。"
    return f"“{name[:30]}”不是已登记的单位{hint}。{advice}"


def run_checks(plan: ParsedPlan, index: UnitIndex) -> list[Problem]:
    """Return everything wrong with `plan`, ordered by cell; a cell with one error gets no second kind."""
    checks: list[Check] = [
        check_year,
        check_titles,
        check_numbers,
        check_numbers_once,
        check_lengths,
        check_sections,
        check_measures,
        check_units,
        known_units(index),
        units_once(index),
    ]
    problems: list[Problem] = []
    faulty = _cells_with_errors(plan.problems)
    for check in checks:
        found = [
            problem for problem in check(plan) if (problem.sheet, problem.row, problem.column) not in faulty
        ]
        faulty |= _cells_with_errors(found)
        problems += found
    return problems


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems in the order of the table, errors first within a cell."""
    return sorted(
        dict.fromkeys(problems),
        key=lambda p: (p.row or 0, len(p.column), p.column, p.severity != Severity.ERROR.value),
    )


def _cells_with_errors(problems: Iterable[Problem]) -> set[tuple[str, int | None, str]]:
    return {(p.sheet, p.row, p.column) for p in problems if p.severity == Severity.ERROR and p.column}


def task_place(task: ParsedTask) -> Place:
    """Return the cell that stands for the whole task."""
    return task.place(Field.NUMBER, Field.TITLE)
