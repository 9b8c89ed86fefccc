"""What an admin may change in a stored plan: a task's section, its units' roles, the days of periods."""

from typing import Any

from django import forms

from tasks_app.choices import UnitKind
from tasks_app.domain.plan.rules import PeriodDates, possible_roles
from tasks_app.models import ReportingPeriod, Section, Task

from .fields import DayField


class TaskForm(forms.Form):
    """The section of one task and the role of each bureau in it; counties are local by their nature."""

    def __init__(self, task: Task, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"] = forms.ModelChoiceField(
            label="所属工作任务",
            queryset=Section.objects.filter(plan=task.plan_id).order_by("position"),
            required=False,
            empty_label="（不归入任何一项）",
            initial=task.section_id,
        )
        self.assignments = {
            f"role_{assignment.pk}": assignment
            for assignment in task.assignments.select_related("unit").order_by("position")
            if assignment.unit.kind != UnitKind.COUNTY
        }
        for name, assignment in self.assignments.items():
            self.fields[name] = forms.ChoiceField(
                label=assignment.unit.shown_name,
                choices=[(role.value, role.label) for role in possible_roles(assignment.unit.kind)],
                initial=assignment.role,
                help_text="推定，待确认" if assignment.role_is_assumed else "",
                widget=forms.Select({"class": "role-select"}),
            )

    def roles(self) -> dict[int, str]:
        """Return {assignment key: role} as chosen."""
        return {assignment.pk: self.cleaned_data[name] for name, assignment in self.assignments.items()}


class PeriodForm(forms.Form):
    """The three days of one reporting period."""

    opens_on = DayField(label="开放日")
    due_on = DayField(label="按期截止日")
    closes_on = DayField(
        label="关闭日",
        required=False,
        help_text="过了关闭日不能再补报；不填则一直可补报。",
    )

    def __init__(self, period: ReportingPeriod, data: Any = None):
        self.period = period
        initial = {name: getattr(period, name) for name in ("opens_on", "due_on", "closes_on")}
        super().__init__(data, prefix=period.kind, initial=initial)

    def dates(self) -> PeriodDates:
        """Return the days as typed."""
        return PeriodDates(**self.cleaned_data)
