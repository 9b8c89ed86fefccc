"""What a unit types: one entry of a report, its header, and the signer's reason."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django import forms

from tasks_app.choices import Cause, MeasureState, Outlook, ProgressStatus
from tasks_app.domain.reporting.entry_values import FigureGiven, TickGiven

from .fields import TOO_LONG, DayField

TEXT_LIMIT = 10_000
SMALL_LIMIT = 300
BOX = {"class": "form-control"}
SMALL_BOX = {"class": "form-control form-control-sm"}
TICK = re.compile(r"measure-(\d{1,18})-(state|done_on)")
FIGURE = re.compile(r"indicator-(\d{1,18})-(value|forecast|as_of|source)")
ANSWER = re.compile(r"answer-([a-z_]{1,30}(?:-\d{1,18})?)")


class WrittenField(forms.CharField):
    """Free text kept as typed; only the line ends become one kind, so that equal texts compare equal."""

    def __init__(self, label: str, rows: int) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "class": "form-control"})
        super().__init__(
            label=label,
            required=False,
            strip=False,
            max_length=TEXT_LIMIT,
            widget=widget,
            error_messages={"max_length": f"{label}{TOO_LONG['max_length']}"},
        )

    def to_python(self, value: str | None) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class ShortField(forms.CharField):
    """One line that may be left out."""

    def __init__(self, label: str, max_length: int = SMALL_LIMIT) -> None:
        widget = forms.TextInput(attrs=SMALL_BOX)
        super().__init__(label=label, required=False, strip=False, max_length=max_length, widget=widget)


class EntryForm(forms.Form):
    """One task's boxes. Nothing is required: a draft may be incomplete, only submitting asks for all.

    What one chooses, ticks of measures, figures and answers are drawn by the page and read here by their names.
    What a page does not hold (an older page, one that asks only for answers) is not touched.
    """

    progress = WrittenField("工作进展", rows=5)
    forecast = WrittenField("预计至期末", rows=2)
    status = forms.ChoiceField(label="状态", required=False, choices=ProgressStatus.choices)
    outlook = forms.ChoiceField(label="预计至期末", required=False, choices=Outlook.choices)
    cause = forms.ChoiceField(label="滞后原因", required=False, choices=Cause.choices)
    remarks = WrittenField("备注", rows=1)
    no_news = forms.BooleanField(
        label="本期无新进展",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input no-news-box"}),
    )
    no_news_reason = ShortField("原因")
    status_note = ShortField("状态与措施不一致的说明")
    evidence_number = ShortField("佐证材料文号", max_length=100)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Refuse what no page of ours sends; a number that is none is taken as it is, and said later."""
        for name, text in self._extra():
            if len(text) > SMALL_LIMIT:
                raise forms.ValidationError(f"数据、日期和说明每格最多 {SMALL_LIMIT} 个字，请缩短后再保存。")
            if name.endswith("-state") and text not in ("", *MeasureState.values):
                raise forms.ValidationError("措施的状态只能选页面上的几种，请重新选择。")
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """Return {field: what was typed} of the boxes that the page held."""
        names = (
            "progress",
            "forecast",
            "status",
            "outlook",
            "cause",
            "remarks",
            "no_news_reason",
            "status_note",
            "evidence_number",
        )
        values = {name: self.cleaned_data[name] for name in names if name in self.data}
        # An empty check box is not sent at all: the box beside it tells that the page had it.
        if "no_news_reason" in self.data:
            values["no_news"] = self.cleaned_data["no_news"]
        answers = {found[1]: text for name, text in self._extra() if (found := ANSWER.fullmatch(name))}
        return {**values, "answers": answers}

    def ticks(self) -> dict[int, TickGiven]:
        """Return {measure: what was ticked}."""
        return {pk: TickGiven(**given) for pk, given in self._grouped(TICK).items()}

    def figures(self) -> dict[int, FigureGiven]:
        """Return {indicator: what was typed}."""
        return {pk: FigureGiven(**given) for pk, given in self._grouped(FIGURE).items()}

    def _grouped(self, pattern: re.Pattern[str]) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = defaultdict(dict)
        for name, text in self._extra():
            if match := pattern.fullmatch(name):
                found[int(match[1])][match[2]] = text
        return found

    def _extra(self) -> Iterator[tuple[str, str]]:
        for name in self.data:
            if TICK.fullmatch(name) or FIGURE.fullmatch(name) or ANSWER.fullmatch(name):
                yield name, str(self.data[name])


class HeaderForm(forms.Form):
    """The head of the printed form: 填报时间、填表人、联系电话 (填报单位 is the person's own)."""

    filler_name = forms.CharField(
        label="填表人", required=False, max_length=30, widget=forms.TextInput(attrs=BOX)
    )
    filler_phone = forms.CharField(
        label="联系电话", required=False, max_length=30, widget=forms.TextInput(attrs=BOX)
    )
    filled_on = DayField(label="填报时间", required=False, attrs=BOX)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class RefuseSignatureForm(forms.Form):
    """Why the signer gives a report back to the filler."""

    reason = forms.CharField(
        label="退回理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明需要修改什么。"},
    )
