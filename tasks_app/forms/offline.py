"""What a unit gives when an offline form comes back: the file, and a choice for whatever asks."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from tasks_app.domain.offline.rules import FIELDS, Box, BoxOutcome, Choice, Decision, ServerEntry, fingerprint

ACCEPTED = (".xlsx", ".xlsm", ".xls", ".et", ".csv")
LARGEST_MB = 5  # a full form has a tenth of it
WORDS = {Choice.FILE: "用文件的", Choice.SERVER: "用服务器的", Choice.JOINED: "合并两边"}
WORDS_BY_OUTCOME = {
    BoxOutcome.CLEARED: {Choice.FILE: "清空", Choice.SERVER: "保留服务器上的文字"},
    BoxOutcome.TOO_LONG: {Choice.JOINED: "删减后采用", Choice.SERVER: "用服务器的"},
}


class OfflineUploadForm(forms.Form):
    """The filled form."""

    file = forms.FileField(
        label="填好的离线表",
        help_text=f"Excel（.xlsx、.xls）或 WPS 表格（.et）文件，不超过 {LARGEST_MB} MB。",
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED)}),
        error_messages={"required": "请选择填好的离线表。", "empty": "文件是空的，请检查后重新选择文件。"},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > LARGEST_MB * 1024 * 1024:
            raise forms.ValidationError(
                f"文件超过 {LARGEST_MB} MB，不像是离线表。请选择从本页下载、填好后保存的文件。"
            )
        return file


class PlaceForm(forms.Form):
    """For which task the text of a row without a mark is meant."""

    line = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, entries: Iterable[ServerEntry], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tasks = [(entry.pk, entry.label) for entry in entries if entry.number]
        self.fields["entry"] = forms.TypedChoiceField(
            label="用于",
            choices=[("", "不采用"), *tasks],
            coerce=int,
            required=False,
            empty_value=None,
            widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
        )


class DecisionsForm(forms.Form):
    """One choice for each box that asks; with it goes what the server held when it was shown."""

    def __init__(self, boxes: Sequence[Box], data: Any = None) -> None:
        self.boxes = [box for box in boxes if box.asks]
        if data is not None:
            data = data.copy()
            # A choice made in sight of other words is no choice.
            for box in self.boxes:
                if data.get(f"seen-{box.name}") != fingerprint(box.server):
                    data.pop(f"choice-{box.name}", None)
                    data[f"seen-{box.name}"] = fingerprint(box.server)
        super().__init__(data)
        for box in self.boxes:
            self._add(box)

    def _add(self, box: Box) -> None:
        words = WORDS | WORDS_BY_OUTCOME.get(box.outcome, {})
        label = FIELDS[box.field][0]
        self.fields[f"choice-{box.name}"] = forms.ChoiceField(
            label=label,
            choices=[(choice.value, words[choice]) for choice in box.choices],
            widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            error_messages={"required": "请选择用哪一边的文字（如果刚才选过，是服务器上又有了新的文字）。"},
        )
        self.fields[f"seen-{box.name}"] = forms.CharField(
            widget=forms.HiddenInput, initial=fingerprint(box.server)
        )
        if Choice.JOINED in box.choices:
            self.fields[f"joined-{box.name}"] = forms.CharField(
                label=f"{label}（{words[Choice.JOINED]}）",
                required=False,
                strip=False,
                initial=box.joined,
                widget=forms.Textarea(attrs={"rows": 5, "class": "form-control"}),
            )

    def clean(self) -> dict[str, Any]:
        for box in self.boxes:
            if self.cleaned_data.get(f"choice-{box.name}") != Choice.JOINED:
                continue
            name, limit = f"joined-{box.name}", FIELDS[box.field][1]
            length = len(_plain(self.cleaned_data.get(name, "")))
            if not length:
                self.add_error(name, "请写好要采用的文字。")
            elif length > limit:
                self.add_error(name, f"有 {length:,} 字，超过 {limit:,} 字的上限，请删减。")
        return self.cleaned_data

    def decisions(self) -> dict[str, Decision]:
        """Return what was chosen, by the name of the box."""
        return {
            box.name: Decision(
                choice=Choice(self.cleaned_data[f"choice-{box.name}"]),
                text=_plain(self.cleaned_data.get(f"joined-{box.name}", "")),
                seen=self.cleaned_data[f"seen-{box.name}"],
            )
            for box in self.boxes
        }


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
