"""Looks at a table beside the issuer's of the year before: what continues, what changed, what is new or gone."""

from dataclasses import dataclass

from tasks_app.models import PlanImport

from .queries import years_compared
from .rules.content import DeadlineContent, PlanContent, TaskContent
from .rules.differences import FieldChange

YEAR_KINDS = {"changed": "调整", "new": "新增", "gone": "不再列入", "continued": "延续"}


@dataclass(frozen=True, slots=True)
class YearRow:
    """A task of this year's table and the one it continues; one of them is None for what is new or gone."""

    this: TaskContent | None
    last: TaskContent | None

    @property
    def fields(self) -> list[FieldChange]:
        """What differs between the two years; nothing where there is but one."""
        if self.this is None or self.last is None:
            return []
        pairs = [
            ("主要目标要求", self.last.title, self.this.title),
            ("细化措施", _measures(self.last), _measures(self.this)),
            ("责任单位（原文）", self.last.units_text, self.this.units_text),
            ("完成时限", _deadlines(self.last.deadlines), _deadlines(self.this.deadlines)),
            ("目标值", self.last.target, self.this.target),
        ]
        return [FieldChange(label, before, after) for label, before, after in pairs if before != after]


def years_side_by_side(plan_import: PlanImport) -> dict[str, list[YearRow]]:
    """Return the rows of each of YEAR_KINDS in the order of the table; {} without a table of last year."""
    content = PlanContent.from_json(plan_import.content or {})
    compared = years_compared(content, plan_import.issuer)
    if compared is None:
        return {}
    tasks = {task.number: task for task in content.active_tasks}
    return {
        "changed": [YearRow(tasks[number], old) for number, old in sorted(compared.changed.items())],
        "new": [YearRow(task, None) for task in compared.new],
        "gone": [YearRow(None, task) for task in compared.gone],
        "continued": [YearRow(tasks[number], old) for number, old in sorted(compared.continued.items())],
    }


def _measures(task: TaskContent) -> str:
    return "\n".join(measure.text for measure in task.measures)


def _deadlines(deadlines: tuple[DeadlineContent, ...]) -> str:
    return "；".join(deadline.text for deadline in deadlines)
