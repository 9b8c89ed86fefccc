"""What is typed about acting in a unit's place: who stands in, what the office enters for a unit."""

from typing import Any

from django import forms

from tasks_app.choices import Role
from tasks_app.domain.on_behalf.actions import REASON_LENGTH
from tasks_app.domain.stand_ins.queries import people_to_name, units_to_name_for
from tasks_app.models import Report, User

from .fields import DayField, UnitField

STANDING_IN = [(role.value, role.label) for role in (Role.FILLER, Role.SIGNER)]


class PersonChoice(forms.ModelChoiceField):
    """People with their unit and role behind the name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.unit.short_name} {obj.get_role_display()}）"


class StandInForm(forms.Form):
    """Who stands in for whom, from when until when."""

    role = forms.TypedChoiceField(label="替哪个岗位", choices=STANDING_IN, coerce=Role)
    since = DayField(label="自")
    until = DayField(label="至", help_text="含当天，到期自动结束。")

    field_order = ["unit", "role", "person", "since", "until"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_to_name_for(user)
        self.fields["unit"] = UnitField(units, label="单位", empty_label="请选择")
        if user.role == Role.SIGNER:
            self.fields["unit"].initial = user.unit_id
        self.fields["person"] = PersonChoice(people_to_name(user), label="替岗人", empty_label="请选择")
        self.order_fields(self.field_order)


class ReportChoice(forms.ModelChoiceField):
    """Reports by unit and period, with how far the unit itself has come."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.unit.shown_name} · {obj.period}（{obj.get_state_display()}）"


class BeginForm(forms.Form):
    """For which unit the office enters, and why."""

    reason = forms.CharField(
        label="代填原因",
        max_length=REASON_LENGTH,
        help_text="例如“该单位网络中断，电话口述”。会写在填报、回执和导出表上。",
    )
    field_order = ["report", "reason"]

    def __init__(self, *args: Any, reports: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["report"] = ReportChoice(reports, label="代哪个单位填报", empty_label="请选择")
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Return what the action takes: the key of the report, which it locks, and the reason."""
        chosen: Report | None = self.cleaned_data.get("report")
        return {"report_pk": chosen.pk if chosen else None, "reason": self.cleaned_data.get("reason", "")}
