"""What people may type about reminders: the filter of the ledger, the ladder."""

from collections.abc import Sequence
from typing import Any

from django import forms

from tasks_app.choices import DeliveryState
from tasks_app.domain.access.queries import reporting_units
from tasks_app.domain.reminders.rules import FARTHEST, Rung, ladder_problems
from tasks_app.models import Unit

from .fields import DayField


class LedgerFilter(forms.Form):
    """Narrows the ledger to a unit, an outcome, a day."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", required=False, empty_label="全部")
    state = forms.ChoiceField(label="结果", required=False, choices=[("", "全部"), *DeliveryState.choices])
    day = DayField(label="日期", required=False)

    def __init__(self, *args: Any, issuer: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = reporting_units(issuer)  # type: ignore[attr-defined]

    def criteria(self) -> dict[str, Any]:
        """Return what was chosen; what an address gives wrongly is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class RungForm(forms.Form):
    """One rung of the ladder; an emptied row is a rung taken away."""

    offset = forms.IntegerField(
        label="提醒时点",
        required=False,
        min_value=-FARTHEST,
        max_value=FARTHEST,
        widget=forms.NumberInput({"class": "rung-number"}),
    )
    repeat_every = forms.IntegerField(
        label="之后每隔（工作日）",
        required=False,
        min_value=1,
        max_value=FARTHEST,
        widget=forms.NumberInput({"class": "rung-number"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("offset") is None and cleaned.get("repeat_every") and "offset" not in self.errors:
            self.add_error("offset", "请填写提醒时点，或把这一行两格都清空。")
        return cleaned


class BaseLadderFormSet(forms.BaseFormSet):
    """All rungs together are looked at by the rules."""

    def ladder(self) -> list[Rung]:
        """Return the rungs that were typed, in their order."""
        return [
            Rung(row["offset"], row["repeat_every"])
            for row in (form.cleaned_data for form in self.forms)
            if row.get("offset") is not None
        ]

    def clean(self) -> None:
        if not any(self.errors):
            for problem in ladder_problems(self.ladder()):
                self.non_form_errors().append(problem)


LadderFormSet: type[BaseLadderFormSet] = forms.formset_factory(  # type: ignore[assignment]
    RungForm, formset=BaseLadderFormSet, extra=2, max_num=40
)


def ladder_initial(ladder: Sequence[Rung]) -> list[dict[str, int | None]]:
    """Return the rows of the form for a ladder."""
    return [{"offset": rung.offset, "repeat_every": rung.repeat_every} for rung in ladder]
