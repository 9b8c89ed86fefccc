"""Gives each task the section it stands under: the titles alone above it, or what the column of sections says."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tasks_app.language.text import one_line, squash

from ..problems import Place, Problem, warning
from .cells import Cell
from .fields import Field
from .grouping import TaskRows
from .headings import split_count, title_level
from .parsed import ParsedSection, ParsedTask

# A title without a mark stands below one with a mark, and beside others without.
UNMARKED = 9


@dataclass(slots=True)
class Sections:
    """The sections met so far: `levels` are the titles above the next task, `counts` the tasks each says it has."""

    met: dict[str, ParsedSection] = field(default_factory=dict)
    levels: dict[int, str] = field(default_factory=dict)
    counts: dict[str, tuple[int, Place]] = field(default_factory=dict)
    current: str = ""

    def above(self, group: TaskRows) -> str:
        """Return the section of a task."""
        self._enter_titles(group.above)
        cell = group.first.cells.get(Field.SECTION)
        if cell is not None and cell.text:
            self._enter(one_line(cell.text), cell.place)
        return self.current

    def after_pages(self, group: TaskRows, task: ParsedTask) -> Iterator[Problem]:
        """Yield that a task goes on under another section than it began in."""
        for cell in (row.cells[Field.SECTION] for row in group.rows[1:] if row.text(Field.SECTION)):
            if squash(split_count(one_line(cell.text))[0]) == squash(task.section):
                continue
            self._enter(one_line(cell.text), cell.place)
            text = (
                f"{task.label}跨页，前面写在“{task.section}”下，这里写在“{self.current}”下；"
                f"按先出现的“{task.section}”导入。如不正确，请在导入后的分解表中调整。"
            )
            yield warning(cell.place, text)

    def miscounted(self, tasks: list[ParsedTask]) -> Iterator[Problem]:
        """Yield which sections have not as many tasks as they say."""
        for title, (count, place) in self.counts.items():
            found = sum(task.section == title for task in tasks)
            if found != count:
                text = f"“{title}”写明{count}项，读出{found}项。请核对是否有漏读或多读的行。"
                yield warning(place, text)

    def _enter_titles(self, cells: list[Cell]) -> None:
        """Enter the titles alone above a task, each below the one before it or beside."""
        for index, cell in enumerate(cells):
            mark = title_level(cell.text)
            level = UNMARKED if mark is None else mark
            if index and level in self.levels:
                level += 1
            title, count = split_count(one_line(cell.text))
            self.levels = {k: v for k, v in self.levels.items() if k < level} | {level: title}
            whole = "　".join(self.levels[k] for k in sorted(self.levels))
            self.current = whole
            if count is not None:
                self.counts[whole] = (count, cell.place)
        if cells:
            self._remember(self.current, cells[-1].place)

    def _enter(self, text: str, place: Place) -> None:
        title, count = split_count(text)
        self.current = self._remember(title, place)
        if count is not None:
            self.counts[self.current] = (count, place)

    def _remember(self, title: str, place: Place) -> str:
        return self.met.setdefault(squash(title), ParsedSection(title, place)).title
