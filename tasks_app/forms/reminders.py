"""What people may choose about reminders: the filter of the ledger."""

from typing import Any

from django import forms

from tasks_app.choices import DeliveryState
from tasks_app.domain.access.queries import reporting_units
from tasks_app.models import Unit

from .fields import DayField, UnitField


class LedgerFilter(forms.Form):
    """Narrows the ledger to a unit, an outcome, a day."""

    unit = UnitField(Unit.objects.none(), label="单位", required=False, empty_label="全部")
    state = forms.ChoiceField(label="结果", required=False, choices=[("", "全部"), *DeliveryState.choices])
    day = DayField(label="日期", required=False)

    def __init__(self, *args: Any, issuer: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = reporting_units(issuer)  # type: ignore[attr-defined]

    def criteria(self) -> dict[str, Any]:
        """Return what was chosen; what an address gives wrongly is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
