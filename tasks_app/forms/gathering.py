"""What an admin says of how numbers are gathered (填报口径): a row for each on the grid, a page for the whole."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from tasks_app.choices import Reporters, Total
from tasks_app.domain.indicators.gathering import Gathering, UnitPart, plain_number, settled
from tasks_app.domain.indicators.gatherings import GatheringRow
from tasks_app.language.typed import typed_number

ACCEPTED = (".xlsx", ".xlsm", ".xls", ".et")
LARGEST_MB = 5
ONE = f"{Reporters.ONE.value}:"
NOT_READ = "没有读懂，请填数字，如 300、46.8、2.1万。"
SMALL = {"class": "form-select form-select-sm"}
SMALL_BOX = {"class": "form-control form-control-sm"}


class NumberField(forms.CharField):
    """A number as people write it, in the unit of its indicator."""

    def __init__(self, label: str, unit: str = "") -> None:
        super().__init__(label=label, required=False, max_length=40, widget=forms.TextInput(SMALL_BOX))
        self.unit = unit

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        if (read := typed_number(text, self.unit)) is None:
            raise forms.ValidationError(f"“{text}”{NOT_READ}")
        return read.value


class WhoForm(forms.Form):
    """Who reports one number, and how the city's value comes about: two choices."""

    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, row: GatheringRow, data: Mapping[str, Any] | None = None) -> None:
        self.row = row
        shown = row.shown
        who = f"{ONE}{shown.owner}" if shown.reporters == Reporters.ONE else shown.reporters
        initial = {"who": who, "total": shown.total, "seen": row.mark}
        super().__init__(data, prefix=f"i{row.indicator.pk}", initial=initial)
        choices = {"who": _who_choices(row), "total": [("", "—"), *Total.choices]}
        for field, label in (("who", "谁报"), ("total", "怎样汇总")):
            # On the grid a box stands under its heading: its name is said to those who do not see that.
            named = forms.Select(SMALL | {"aria-label": f"{label}：{row.indicator.name}"})
            self.fields[field] = forms.ChoiceField(
                label=label, required=False, choices=choices[field], widget=named
            )

    @property
    def has_to_be_read(self) -> bool:
        """Whether the page that was sent had this row: a number accepted since is on no page yet."""
        return self.add_prefix("who") in self.data

    def gathering(self) -> Gathering:
        """Return the decision as typed; what the form does not ask for stays."""
        who, total = self.cleaned_data["who"], self.cleaned_data["total"]
        if who.startswith(ONE):
            owner = int(who.removeprefix(ONE))
            return settled(replace(self.row.gathering, reporters=Reporters.ONE.value, owner=owner))
        return settled(replace(self.row.gathering, reporters=who, total=total))


class GatheringForm(WhoForm):
    """All of one number's 填报口径, with a line for each unit that has its task."""

    def __init__(self, row: GatheringRow, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(row, data)
        shown, unit = row.shown, row.indicator.unit
        for field in ("who", "total"):
            del self.fields[field].widget.attrs["aria-label"]  # here its label stands above it
        self.fields["owner"] = forms.TypedChoiceField(
            label="报全市数的单位",
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", "—"), *((each.pk, each.name) for each in row.candidates)],
            initial=shown.owner,
            widget=forms.Select(SMALL),
            help_text="选“由一家单位报全市数”时填；各县同时报各自的数，两者不一致的在汇总表里并列。",
        )
        self.fields["baseline"] = NumberField("基数", unit)
        self.fields["source"] = forms.CharField(
            label="数据来源", required=False, max_length=200, widget=forms.TextInput(SMALL_BOX)
        )
        self.initial.update(baseline=plain_number(shown.baseline), source=shown.source)
        for each in row.candidates:
            part = shown.parts.get(each.pk)
            self.fields[f"chosen-{each.pk}"] = forms.BooleanField(
                label=each.name, required=False, initial=part is not None
            )
            self.fields[f"target-{each.pk}"] = NumberField(f"{each.name}的份额", unit)
            self.fields[f"denominator-{each.pk}"] = NumberField(f"{each.name}的分母")
            self.initial[f"target-{each.pk}"] = plain_number(part.target) if part else ""
            self.initial[f"denominator-{each.pk}"] = plain_number(part.denominator) if part else ""

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The line of each unit: its name and three boxes."""
        boxes = ("chosen", "target", "denominator")
        return [(c.name, [self[f"{box}-{c.pk}"] for box in boxes]) for c in self.row.candidates]

    def gathering(self) -> Gathering:
        """Return the decision as typed. A unit has a part when it is chosen or something is said of it."""
        typed = self.cleaned_data
        given = super().gathering()
        owner = given.owner if given.reporters == Reporters.ONE else typed["owner"]
        parts = {}
        for each in self.row.candidates:
            target, denominator = typed[f"target-{each.pk}"], typed[f"denominator-{each.pk}"]
            if typed[f"chosen-{each.pk}"] or target is not None or denominator is not None:
                parts[each.pk] = UnitPart(target, denominator)
        whole = replace(
            given, total=given.total, baseline=typed["baseline"], source=typed["source"], parts=parts
        )
        return settled(replace(whole, owner=owner))


class GatheringUploadForm(forms.Form):
    """The workbook that comes back."""

    file = forms.FileField(
        label="填好的填报口径表",
        help_text=f"Excel（.xlsx、.xls）或 WPS 表格（.et）文件，不超过 {LARGEST_MB} MB。",
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED)}),
        error_messages={
            "required": "请选择填好的填报口径表。",
            "empty": "文件是空的，请检查后重新选择文件。",
        },
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > LARGEST_MB * 1024 * 1024:
            raise forms.ValidationError(f"文件超过 {LARGEST_MB} MB，请选择从本页下载、填好后保存的文件。")
        return file


def _who_choices(row: GatheringRow) -> list[Any]:
    counties = [each for each in row.candidates if each.is_county]
    bureaus = [each for each in row.candidates if not each.is_county]
    several = [(Reporters.CHOSEN.value, Reporters.CHOSEN.label)]
    if counties:
        several.insert(0, (Reporters.COUNTIES.value, Reporters.COUNTIES.label))
    ones = [(f"{ONE}{each.pk}", each.name) for each in (*bureaus, *counties)]
    return [("", "未定，暂不要求填报"), *several, (Reporters.ONE.label, ones)]
