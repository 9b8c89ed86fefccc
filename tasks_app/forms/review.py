"""What the office types when it returns a report: a reason per task, a word on the whole."""

from typing import Any

from django import forms

REASON_LIMIT = 1000


class ReturnForm(forms.Form):
    """One box per task of the submission that was read, and one for the whole."""

    submission = forms.IntegerField(widget=forms.HiddenInput)
    overall = forms.CharField(
        label="总体意见（可不填）",
        required=False,
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, entries: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for entry in entries:
            self.fields[f"task_{entry['task']}"] = forms.CharField(
                label=f"第 {entry['number']} 项退回理由",
                required=False,
                max_length=REASON_LIMIT,
                widget=forms.Textarea(attrs={"rows": 1, "class": "form-control form-control-sm"}),
            )

    def reasons(self) -> dict[int | None, str]:
        """Return {task id, or None for the whole: reason}, blanks included."""
        given: dict[int | None, str] = {
            int(name.removeprefix("task_")): text
            for name, text in self.cleaned_data.items()
            if name.startswith("task_")
        }
        given[None] = self.cleaned_data["overall"]
        return given


class AcceptForm(forms.Form):
    """Which submission was read."""

    submission = forms.IntegerField(widget=forms.HiddenInput)
