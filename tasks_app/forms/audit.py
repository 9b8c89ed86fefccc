"""What an auditor may ask of the trail."""

from django import forms

from tasks_app.choices import AuditAction
from tasks_app.models import Unit, User

from .fields import DayField, UnitField


class AuditFilter(forms.Form):
    """Days, person, unit, kind of step, words."""

    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)
    actor = forms.ModelChoiceField(
        User.objects.order_by("name"), label="操作人", required=False, empty_label="全部"
    )
    unit = UnitField(Unit.objects.all(), label="所涉单位", required=False, empty_label="全部")
    action = forms.ChoiceField(label="操作", required=False, choices=[("", "全部"), *AuditAction.choices])
    text = forms.CharField(label="对象、说明中的文字", required=False, max_length=60)
