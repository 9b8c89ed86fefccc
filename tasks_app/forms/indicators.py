"""What an admin mends of a proposed indicator."""

from typing import Any

from django import forms

from tasks_app.choices import Comparator, IndicatorKind
from tasks_app.domain.indicators.rules import IndicatorValues
from tasks_app.models import Indicator

from .fields import DayField


class IndicatorForm(forms.Form):
    """Name, kind, comparator, value, unit and day of one indicator."""

    name = forms.CharField(label="指标名称", max_length=200)
    kind = forms.ChoiceField(
        label="类别",
        choices=IndicatorKind.choices,
        help_text="累计按序时进度看；比率与目标直接比；增量是比上年增加多少；上限是不能超过多少；是否只看做没做。",
    )
    comparator = forms.ChoiceField(label="要求", choices=Comparator.choices)
    value = forms.DecimalField(label="目标值", max_digits=18, decimal_places=4, help_text="3.3万填写 33000。")
    unit = forms.CharField(
        label="计量单位", max_length=20, required=False, help_text="如：台、人、元、%、个百分点。"
    )
    due_on = DayField(label="期限", required=False, help_text="不填为年底。")

    def __init__(self, indicator: Indicator, data: Any = None) -> None:
        initial = {name: getattr(indicator, name) for name in self.base_fields}
        initial["value"] = f"{indicator.value.normalize():f}"
        super().__init__(data, initial=initial)

    def values(self) -> IndicatorValues:
        """Return the indicator as typed."""
        return IndicatorValues(**self.cleaned_data)
