"""How the office narrows what it looks at: period, units, section, filing, status."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from tasks_app.choices import LAGGING_STATUSES, Agreement, FilingGroup, ProgressStatus, Unheard, UnitKind
from tasks_app.domain.standing.rules import SENT_BACK, STATUSES, UNFILLED
from tasks_app.models import ReportingPeriod, Section

from .as_of import AsOf, as_of_field

LAGGING, EVERY, UNFILLED_CHOICE = "lagging", "all", "unfilled"
DIFFERING, IN_DOUBT = "differing", "in_doubt"
BY_TASK, BY_UNIT = "task", "unit"


class PeriodFilter(forms.Form):
    """The period and the moment; what an address gives wrongly falls back to everything, or to the present."""

    period = forms.ChoiceField(label="填报期", required=False)
    as_of = as_of_field()

    def __init__(
        self,
        query: QueryDict,
        periods: Iterable[ReportingPeriod],
        period: ReportingPeriod,
        as_of: AsOf,
        **kwargs: Any,
    ) -> None:
        shown = {**query.dict(), "period": str(period.pk), "as_of": as_of.box}
        super().__init__(shown, auto_id="filter_%s", **kwargs)
        _offer(self, "period", [(each.pk, str(each)) for each in periods])
        self.order_fields([*(name for name in self.fields if name != "as_of"), "as_of"])

    def chosen(self, name: str) -> str:
        """Return what was chosen for the field `name`, "" for nothing or nonsense."""
        self.is_valid()
        return self.cleaned_data.get(name, "")


class SectionForm(PeriodFilter):
    """Also the section (工作任务)."""

    section = forms.ChoiceField(label="工作任务", required=False)

    def __init__(self, *args: Any, sections: Iterable[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "section", [("", "全部"), *((each.pk, each.title) for each in sections)])

    def section_pk(self) -> int | None:
        """Return the chosen section, None for all."""
        return int(self.chosen("section")) if self.chosen("section") else None


class MatrixForm(SectionForm):
    """What the matrix shows."""

    units = forms.ChoiceField(
        label="单位",
        required=False,
        choices=[("", "全部"), (UnitKind.COUNTY, UnitKind.COUNTY.label), (UnitKind.BUREAU, "市直部门")],
    )
    filing = forms.ChoiceField(label="报送", required=False, choices=[("", "全部"), *FilingGroup.choices])


class NotFiledForm(PeriodFilter):
    """All that is owed, or only what is overdue."""

    only = forms.ChoiceField(
        label="范围", required=False, choices=[("", "全部未报"), (FilingGroup.OVERDUE, "仅逾期")]
    )


class LaggingForm(SectionForm):
    """Which tasks, and in what order they are read."""

    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[
            (LAGGING, "未达序时和未启动"),
            (EVERY, "全部"),
            *ProgressStatus.choices,
            (SENT_BACK, Unheard.SENT_BACK.label),
            (UNFILLED_CHOICE, Unheard.UNFILLED.label),
        ],
    )
    agreement = forms.ChoiceField(
        label="自评与核定",
        required=False,
        choices=[("", "全部"), (DIFFERING, "不一致"), *Agreement.choices, (IN_DOUBT, "待核")],
    )
    by = forms.ChoiceField(label="排列", required=False, choices=[(BY_TASK, "按任务"), (BY_UNIT, "按单位")])

    def agreements(self) -> frozenset[str]:
        """Return how the voices compare in what is to be listed; empty: never mind."""
        chosen = self.chosen("agreement")
        if chosen == DIFFERING:
            return frozenset({Agreement.ROSIER, Agreement.DARKER})
        return frozenset({chosen} & set(Agreement.values))

    def in_doubt(self) -> bool:
        """Tell whether only what contradicts itself is to be listed."""
        return self.chosen("agreement") == IN_DOUBT

    def statuses(self) -> frozenset[str]:
        """Return the statuses to be listed; those that lag unless told otherwise."""
        chosen = self.chosen("status") or LAGGING
        if chosen == EVERY:
            return frozenset(STATUSES)
        if chosen == LAGGING:
            return frozenset(LAGGING_STATUSES)
        return frozenset({UNFILLED if chosen == UNFILLED_CHOICE else chosen})

    def heading(self) -> str:
        """Return the title of the list."""
        status, agreement = (self._label(name) for name in ("status", "agreement"))
        kept = {LAGGING: "进展滞后", EVERY: ""}.get(self.chosen("status") or LAGGING, status)
        if self.in_doubt():
            return f"待核{f'、{kept}' if kept else ''}的任务"
        if agreement:
            return f"自评与核定{agreement.removeprefix('自评')}{f'、{kept}' if kept else ''}的任务"
        return f"{kept}的任务" if kept else "全部任务"

    def _label(self, name: str) -> str:
        chosen = self.chosen(name)
        return dict(self.fields[name].choices)[chosen] if chosen else ""  # type: ignore[attr-defined]


def _offer(form: forms.Form, name: str, choices: list[tuple[object, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101
    field.choices = choices
