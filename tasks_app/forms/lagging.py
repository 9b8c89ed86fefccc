"""How the office narrows what it looks at: period, units, section, filing, status."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from tasks_app.choices import (
    LAGGING_STATUSES,
    Agreement,
    Cause,
    FilingGroup,
    Movement,
    ProgressStatus,
    Unheard,
    UnitKind,
    Voice,
)
from tasks_app.domain.lagging.listing import Narrowing
from tasks_app.domain.standing.course import LASTING_PERIODS
from tasks_app.domain.standing.rules import SENT_BACK, STATUSES, UNFILLED
from tasks_app.models import ReportingPeriod, Section, Unit

from .as_of import AsOf, as_of_field

LAGGING, EVERY, UNFILLED_CHOICE = "lagging", "all", "unfilled"
DIFFERING, IN_DOUBT = "differing", "in_doubt"
BY_TASK, BY_UNIT = "task", "unit"
LASTING = "lasting"
DIFFERENT = frozenset({Agreement.ROSIER, Agreement.DARKER})


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


def units_field() -> forms.ChoiceField:
    """Return the box in which a kind of units is chosen."""
    kinds = [(UnitKind.COUNTY, UnitKind.COUNTY.label), (UnitKind.BUREAU, "市直部门")]
    return forms.ChoiceField(label="单位类别", required=False, choices=[("", "全部"), *kinds])


class MatrixForm(SectionForm):
    """What the matrix shows."""

    units = units_field()
    filing = forms.ChoiceField(label="报送", required=False, choices=[("", "全部"), *FilingGroup.choices])


class NotFiledForm(PeriodFilter):
    """All that is owed, or only what is overdue."""

    only = forms.ChoiceField(
        label="范围", required=False, choices=[("", "全部未报"), (FilingGroup.OVERDUE, "仅逾期")]
    )


class LaggingForm(SectionForm):
    """Which tasks, and in what order they are read; the boxes of `rare` wait one step away."""

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
    cause = forms.ChoiceField(label="滞后原因", required=False, choices=[("", "全部"), *Cause.choices])
    course = forms.ChoiceField(
        label="变化",
        required=False,
        choices=[("", "全部"), (LASTING, f"连续{LASTING_PERIODS}期以上"), *Movement.choices],
    )
    by = forms.ChoiceField(label="排列", required=False, choices=[(BY_TASK, "按任务"), (BY_UNIT, "按单位")])
    unit = forms.ChoiceField(label="单位", required=False)
    units = units_field()
    voice = forms.ChoiceField(
        label="依据谁的判断",
        required=False,
        choices=[("", "全部"), *((voice, voice.label) for voice in (Voice.OFFICE, Voice.UNIT))],
    )
    agreement = forms.ChoiceField(
        label="自评与核定",
        required=False,
        choices=[("", "全部"), (DIFFERING, "不一致"), *Agreement.choices, (IN_DOUBT, "待核")],
    )
    RARE = ("unit", "units", "voice", "agreement")

    def __init__(self, *args: Any, among: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "unit", [("", "全部"), *((each.pk, each.shown_name) for each in among)])
        self.order_fields(["period", "section", "status", "cause", "course", "by", "as_of", *self.RARE])

    @property
    def common(self) -> list[forms.BoundField]:
        """The boxes that stand above the list."""
        return [field for field in self if field.name not in self.RARE]

    @property
    def rare(self) -> list[forms.BoundField]:
        """Those that wait one step away."""
        return [self[name] for name in self.RARE]

    @property
    def is_rare_used(self) -> bool:
        """Tell whether the list is narrowed by what waits one step away."""
        return any(self.chosen(name) for name in self.RARE)

    def wanted(self) -> Narrowing:
        """Return what is to be listed; those that lag unless told otherwise."""
        course, agreement = self.chosen("course"), self.chosen("agreement")
        return Narrowing(
            statuses=self._statuses(),
            section=self.section_pk(),
            unit=int(self.chosen("unit")) if self.chosen("unit") else None,
            kind=self.chosen("units"),
            cause=self.chosen("cause"),
            voice=self.chosen("voice"),
            movement=course if course in Movement.values else "",
            agreements=DIFFERENT if agreement == DIFFERING else {agreement} & set(Agreement.values),
            in_doubt=agreement == IN_DOUBT,
            lasting=course == LASTING,
        )

    def _statuses(self) -> Collection[str]:
        # What moved or does not agree is looked for among all, unless a status is asked for by name.
        chosen = self.chosen("status") or (EVERY if self.chosen("course") in Movement.values else LAGGING)
        if chosen == EVERY:
            return frozenset(STATUSES)
        if chosen == LAGGING:
            return frozenset(LAGGING_STATUSES)
        return frozenset({UNFILLED if chosen == UNFILLED_CHOICE else chosen})

    def heading(self) -> str:
        """Return the title of the list: everything by which it is narrowed."""
        status = {"": "进展滞后", LAGGING: "进展滞后", EVERY: ""}.get(
            self.chosen("status"), self._label("status")
        )
        if not self.chosen("status") and self.chosen("course") in Movement.values:
            status = ""
        agreement = self._label("agreement")
        if agreement and not self.wanted().in_doubt:
            agreement = f"自评与核定{agreement.removeprefix('自评')}"
        cause, voice = self._label("cause"), self._label("voice")
        parts = (
            agreement,
            status,
            self._label("course"),
            f"原因为{cause}" if cause else "",
            f"以{voice}为准" if voice else "",
        )
        named = "、".join(filter(None, parts))
        return f"{self._label('unit') or self._label('units')}{named}的任务" if named else "全部任务"

    def _label(self, name: str) -> str:
        labels = {str(value): label for value, label in self.fields[name].choices}  # type: ignore[attr-defined]
        return str(labels[self.chosen(name)]) if self.chosen(name) else ""


def _offer(form: forms.Form, name: str, choices: list[tuple[object, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101
    field.choices = choices
