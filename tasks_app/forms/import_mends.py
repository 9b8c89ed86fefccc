"""What an admin mends of a preview: the meaning of columns, what names stand for, how a row is to be read."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from tasks_app.choices import UnitKind
from tasks_app.domain.plan_import.presenting import OpenName
from tasks_app.plan_reading.mends import MendedRow, RowKind, UnitChoice, UnitDecision
from tasks_app.plan_reading.table.fields import Field
from tasks_app.plan_reading.units.names import KnownUnit

LEFT_OUT = "left_out"
ROW_KINDS = [
    (RowKind.TASK.value, "新任务"),
    (RowKind.CONTINUATION.value, "并入上一项任务"),
    (RowKind.SECTION.value, "板块标题"),
    (LEFT_OUT, "不导入"),
]
LINES = {Field.MEASURES: 6, Field.TITLE: 2, Field.UNITS: 2}
MOST_LINES = 12
MOST_CHARACTERS = 20_000
GROUPS = {"counties": ("全部县（市、区）", UnitKind.COUNTY), "bureaus": ("全部市直部门", UnitKind.BUREAU)}


class ColumnsForm(forms.Form):
    """What each heading means; a column nobody knew offers no answer, so that one has to be chosen."""

    def __init__(self, columns: Sequence[Mapping[str, Any]], data: Any = None) -> None:
        super().__init__(data, prefix="columns")
        self.columns = {_name(column["name"]): column for column in columns}
        meanings = [(field.name, field.value) for field in Field]
        for name, column in self.columns.items():
            unknown = [] if column["is_known"] else [("", "请选择（暂并入备注）")]
            self.fields[name] = forms.ChoiceField(
                label=f"{column['letter']}列“{column['heading']}”",
                choices=unknown + meanings,
                required=False,
                initial=column["field"] if column["is_known"] else "",
                widget=forms.Select({"class": "form-select form-select-sm"}),
            )

    def rows(self) -> list[tuple[Mapping[str, Any], forms.BoundField]]:
        """Return (column, its field), those that nobody knows first."""
        pairs = [(column, self[name]) for name, column in self.columns.items()]
        return sorted(pairs, key=lambda pair: bool(pair[0]["is_known"]))

    def changed(self) -> dict[str, Field]:
        """Return {heading's name: meaning} of those that were chosen anew."""
        chosen = {name: self.cleaned_data[name] for name in self.columns if self.cleaned_data[name]}
        return {
            self.columns[name]["name"]: Field[meaning]
            for name, meaning in chosen.items()
            if not self.columns[name]["is_known"] or meaning != self.columns[name]["field"]
        }


class NamesForm(forms.Form):
    """For each open name: which unit it is, or that it is a new one or none; a collective may be several."""

    def __init__(self, names: Sequence[OpenName], units: Iterable[KnownUnit], data: Any = None) -> None:
        super().__init__(data, prefix="names")
        self.names = {_name(name.key): name for name in names}
        self.units = [unit for unit in units if unit.is_active]
        everybody = [(str(unit.pk), unit.name) for unit in self.units]
        for field, name in self.names.items():
            self.fields[field] = forms.ChoiceField(
                label=f"“{name.written}”是",
                choices=self._choices(name, everybody),
                required=False,
                initial=_initial(name.decision),
                widget=forms.Select({"class": "form-select form-select-sm"}),
            )
            if name.is_collective:
                self.fields[f"{field}-several"] = forms.MultipleChoiceField(
                    label=f"“{name.written}”指以下各单位",
                    choices=everybody,
                    required=False,
                    initial=[str(pk) for pk in name.decision.units] if name.decision else [],
                    widget=forms.CheckboxSelectMultiple,
                )

    def rows(self) -> list[tuple[OpenName, forms.BoundField, forms.BoundField | None]]:
        """Return (name, its choice, its boxes for several units)."""
        return [
            (name, self[field], self[f"{field}-several"] if name.is_collective else None)
            for field, name in self.names.items()
        ]

    def decisions(self) -> dict[str, UnitDecision | None]:
        """Return what was decided by name: None takes a decision back."""
        return {name.key: self._decision(field) for field, name in self.names.items()}

    def _decision(self, field: str) -> UnitDecision | None:
        several = self.cleaned_data.get(f"{field}-several") or []
        choice = self.cleaned_data[field]
        # Both show what was decided before: what was changed now is meant.
        boxes_are_meant = not choice or (
            f"{field}-several" in self.changed_data and field not in self.changed_data
        )
        if several and boxes_are_meant:
            return UnitDecision(UnitChoice.MAP, tuple(int(pk) for pk in several))
        if choice in GROUPS:
            kind = GROUPS[choice][1]
            return UnitDecision(UnitChoice.MAP, tuple(unit.pk for unit in self.units if unit.kind == kind))
        if choice in {UnitChoice.CREATE, UnitChoice.LEAVE_OUT}:
            return UnitDecision(UnitChoice(choice))
        return UnitDecision(UnitChoice.MAP, (int(choice),)) if choice else None

    @staticmethod
    def _choices(name: OpenName, everybody: list[tuple[str, str]]) -> list[Any]:
        other = [(UnitChoice.LEAVE_OUT.value, "不导入这个名称")]
        if name.is_collective:
            other += [(group, label) for group, (label, _) in GROUPS.items()]
        else:
            other.insert(0, (UnitChoice.CREATE.value, f"新建单位“{name.name}”"))
        likely = [(str(unit.pk), unit.name) for unit in name.likely]
        choices: list[Any] = [("", "待定，请选择")]
        if likely:
            choices.append(("名称相近的单位", likely))
        return [*choices, ("其他办法", other), ("全部单位", everybody)]


class RowPartForm(forms.Form):
    """One row as it is to be read: what it is, and its text field by field."""

    def __init__(
        self,
        part: MendedRow,
        fields: Sequence[Field],
        *,
        number: int,
        is_left_out: bool = False,
        data: Any = None,
    ) -> None:
        super().__init__(data, prefix=f"part{number}")
        self.number = number
        self.table_fields = fields
        self.fields["kind"] = forms.ChoiceField(
            label="这一行是",
            choices=ROW_KINDS,
            initial=LEFT_OUT if is_left_out else part.kind.value,
            widget=forms.RadioSelect,
        )
        for field in fields:
            text = part.texts.get(field, "")
            lines = max(LINES.get(field, 1), min(MOST_LINES, text.count("\n") + 1))
            self.fields[field.name] = forms.CharField(
                label=field.value,
                required=False,
                max_length=MOST_CHARACTERS,
                initial=text,
                widget=forms.Textarea({"class": "form-control", "rows": lines}),
            )

    def mended(self) -> MendedRow | None:
        """Return the row as typed, None if it is to be left out."""
        if self.cleaned_data["kind"] == LEFT_OUT:
            return None
        texts = {field: self.cleaned_data[field.name].replace("\r\n", "\n") for field in self.table_fields}
        return MendedRow(RowKind(self.cleaned_data["kind"]), texts)


def _initial(decision: UnitDecision | None) -> str:
    if decision is None:
        return ""
    if decision.choice is UnitChoice.MAP:
        return str(decision.units[0]) if len(decision.units) == 1 else ""
    return decision.choice.value


def _name(text: str) -> str:
    """Return a field's name for a heading or a unit's name, which may hold anything."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
