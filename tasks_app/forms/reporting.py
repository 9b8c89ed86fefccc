"""What a unit types: one entry of a report, its header, and the signer's reason."""

from django import forms

from tasks_app.choices import ProgressStatus

from .fields import DayField

TEXT_LIMIT = 10_000
BOX = {"class": "form-control"}


class WrittenField(forms.CharField):
    """Free text kept as typed; only the line ends become one kind, so that equal texts compare equal."""

    def __init__(self, label: str, rows: int) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "class": "form-control"})
        super().__init__(label=label, required=False, strip=False, max_length=TEXT_LIMIT, widget=widget)

    def to_python(self, value: str | None) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class EntryForm(forms.Form):
    """One task's boxes. Nothing is required: a draft may be incomplete, only submitting asks for all."""

    progress = WrittenField("工作进展", rows=5)
    forecast = WrittenField("预计至期末", rows=2)
    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=ProgressStatus.choices,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    remarks = WrittenField("备注", rows=1)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def values(self) -> dict[str, str]:
        """Return {field: text} of what was typed."""
        return {field: self.cleaned_data[field] for field in ("progress", "forecast", "status", "remarks")}


class HeaderForm(forms.Form):
    """The head of the printed form: 填报时间、填表人、联系电话 (填报单位 is the person's own)."""

    filler_name = forms.CharField(
        label="填表人", required=False, max_length=30, widget=forms.TextInput(attrs=BOX)
    )
    filler_phone = forms.CharField(
        label="联系电话", required=False, max_length=30, widget=forms.TextInput(attrs=BOX)
    )
    filled_on = DayField(label="填报时间", required=False, attrs=BOX)


class RefusalForm(forms.Form):
    """Why the signer gives a report back to the filler."""

    reason = forms.CharField(
        label="退回理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明需要修改什么。"},
    )
