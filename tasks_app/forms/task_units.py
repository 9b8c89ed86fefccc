"""What an admin says of the units of one task: who has it, who no longer, who besides, and by which document."""

from typing import Any

from django import forms

from tasks_app.choices import AssignmentRole, UnitKind
from tasks_app.domain.access.queries import reporting_units
from tasks_app.domain.plan.rules import possible_roles
from tasks_app.models import Task

NO_LONGER = ("", "不再承担")
GROUPS = ((UnitKind.BUREAU, "市直部门（新增为配合）"), (UnitKind.COUNTY, "县（市、区）（新增为属地）"))


class TaskUnitsForm(forms.Form):
    """A role for each unit that has the task, and boxes for those that do not."""

    def __init__(self, task: Task, data: Any = None) -> None:
        super().__init__(data)
        self.assignments = {
            f"unit_{assignment.unit_id}": assignment
            for assignment in task.assignments.select_related("unit").order_by("position")
        }
        for name, assignment in self.assignments.items():
            roles = [(role.value, role.label) for role in possible_roles(assignment.unit.kind)]
            self.fields[name] = forms.ChoiceField(
                label=assignment.unit.shown_name,
                choices=[*roles, NO_LONGER],
                required=False,
                initial=assignment.role,
                widget=forms.Select({"class": "role-select"}),
            )
        have = [assignment.unit_id for assignment in self.assignments.values()]
        units = list(reporting_units(task.plan.issuer).exclude(pk__in=have).order_by("position", "code"))
        self.others = {unit.pk: unit for unit in units}
        groups = [(label, [(u.pk, u.name) for u in units if u.kind == kind]) for kind, label in GROUPS]
        self.fields["others"] = forms.TypedMultipleChoiceField(
            label="增加的单位",
            choices=[group for group in groups if group[1]],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["basis"] = forms.CharField(
            label="依据",
            max_length=120,
            help_text="文号，如“明医改组〔2024〕7号”；没有文件的，写明谁、何时同意。会写入台账，并告知新增的单位。",
            error_messages={"required": "请填写依据，如文号“明医改组〔2024〕7号”。"},
        )

    @property
    def present(self) -> list[forms.BoundField]:
        """The boxes of the units that have the task now."""
        return [self[name] for name in self.assignments]

    def added(self) -> list[int]:
        """Return the units that are to have the task besides."""
        added: list[int] = self.cleaned_data["others"]
        return added

    def roles(self) -> dict[int, str]:
        """Return {unit: its role} of all that are to have the task."""
        kept = {a.unit_id: self.cleaned_data[name] for name, a in self.assignments.items()}
        new = {pk: self._first_role(pk) for pk in self.added()}
        return {unit: role for unit, role in kept.items() if role} | new

    def _first_role(self, unit: int) -> str:
        is_county = self.others[unit].kind == UnitKind.COUNTY
        return (AssignmentRole.LOCAL if is_county else AssignmentRole.SUPPORT).value
