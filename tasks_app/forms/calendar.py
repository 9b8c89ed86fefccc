"""What an admin may type about the working-day calendar."""

from django import forms

from tasks_app.choices import DayKind
from tasks_app.models import SpecialDay

from .fields import DayField


class SpecialDayForm(forms.Form):
    """One day that differs from plain Monday to Friday; a day entered before is changed."""

    day = DayField(label="日期")
    kind = forms.TypedChoiceField(label="类别", choices=DayKind.choices, coerce=DayKind)
    name = forms.CharField(
        label="名称",
        max_length=SpecialDay._meta.get_field("name").max_length,
        help_text="例如：国庆节、国庆节调休。",
    )
