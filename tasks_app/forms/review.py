"""What the office chooses and types when it reviews: filters, reasons, ratings, notes, two submissions, a receipt."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.timezone import localtime

from tasks_app.choices import ProgressStatus, ReturnCategory, VerdictBasis
from tasks_app.domain.reporting.content import EntryContent
from tasks_app.models import ReportingPeriod, Submission, Unit

from .as_of import AsOf, as_of_field

REASON_LIMIT = 1000
# The reasons stand all over the page; this is the form they belong to.
RETURN_FORM = "return-form"


class QueueForm(forms.Form):
    """Narrows the queue, or chooses its moment; what an address gives wrongly falls back to everything."""

    period = forms.ChoiceField(label="填报期", required=False)
    unit = forms.ChoiceField(label="单位", required=False)
    as_of = as_of_field()

    def __init__(
        self,
        query: QueryDict,
        periods: Iterable[ReportingPeriod],
        units: Iterable[Unit],
        as_of: AsOf,
        **kwargs: Any,
    ) -> None:
        super().__init__({**query.dict(), "as_of": as_of.box}, auto_id="filter_%s", **kwargs)
        self.periods = {str(period.pk): period for period in periods}
        self.units = {str(unit.pk): unit for unit in units}
        _offer(self, "period", [("", "全部"), *((pk, str(period)) for pk, period in self.periods.items())])
        _offer(self, "unit", [("", "全部"), *((pk, str(unit)) for pk, unit in self.units.items())])
        self.is_valid()

    def period_chosen(self) -> ReportingPeriod | None:
        """Return the period, None for all."""
        return self.periods.get(self.cleaned_data.get("period", ""))

    def unit_chosen(self) -> Unit | None:
        """Return the unit, None for all."""
        return self.units.get(self.cleaned_data.get("unit", ""))


class ReturnForm(forms.Form):
    """A category and a box per task of the submission that was read, and a box for the whole."""

    submission = forms.IntegerField(widget=forms.HiddenInput(attrs={"form": RETURN_FORM}))
    overall = forms.CharField(
        label="总体意见（可不填）",
        required=False,
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2, "form": RETURN_FORM}),
    )

    def __init__(self, *args: Any, entries: Iterable[EntryContent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for entry in entries:
            self.fields[f"category_{entry.task}"] = forms.ChoiceField(
                label="退回类别",
                required=False,
                choices=[("", "选择类别"), *ReturnCategory.choices],
                widget=forms.Select(attrs={"class": "form-select form-select-sm", "form": RETURN_FORM}),
            )
            self.fields[f"task_{entry.task}"] = forms.CharField(
                label=f"第 {entry.number} 项退回理由",
                required=False,
                max_length=REASON_LIMIT,
                widget=forms.Textarea(
                    attrs={"rows": 2, "class": "form-control form-control-sm", "form": RETURN_FORM}
                ),
            )

    def clean(self) -> dict[str, Any]:
        """Return what the action takes: reasons {task id, or None for the whole: words}, categories {task id: …}."""
        return {
            "submission": self.cleaned_data.get("submission"),
            "reasons": {**self._by_task("task_"), None: self.cleaned_data.get("overall", "")},
            "categories": self._by_task("category_"),
        }

    def _by_task(self, prefix: str) -> dict[int | None, str]:
        return {
            int(name.removeprefix(prefix)): text
            for name, text in self.cleaned_data.items()
            if name.startswith(prefix)
        }


class AcceptForm(forms.Form):
    """Which submission was read."""

    submission = forms.IntegerField(widget=forms.HiddenInput)


class ReopenForm(forms.Form):
    """Why an accepted report is opened again."""

    submission = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="重新打开的理由（单位可见）", max_length=REASON_LIMIT)


class NoteForm(forms.Form):
    """The office's verdict on one entry and what it rests on, a word to it, and who may read the word."""

    submission = forms.IntegerField(widget=forms.HiddenInput)
    rating = forms.ChoiceField(
        label="核定",
        required=False,
        choices=[("", "不核定"), *ProgressStatus.choices],
        widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
    )
    basis = forms.ChoiceField(
        label="依据",
        required=False,
        choices=VerdictBasis.choices,
        widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
    )
    text = forms.CharField(
        label="意见",
        required=False,
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control form-control-sm"}),
    )
    audience = forms.ChoiceField(
        label="谁能看到",
        required=False,
        choices=[("unit", "单位可见"), ("office", "仅市医改办可见")],
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        """Whoever writes something says who may read it: nothing is shown, or hidden, by default."""
        data = super().clean() or self.cleaned_data
        if data.get("text") and not data.get("audience"):
            self.add_error("audience", "请选择意见给谁看：单位可见，或仅市医改办可见。")
        return data

    def note(self) -> dict[str, Any]:
        """Return what `write_note` takes."""
        data = self.cleaned_data
        return {
            "submission": data["submission"],
            "text": data["text"],
            "is_internal": data["audience"] != "unit",
            "rating": data["rating"],
            "basis": data["basis"] or VerdictBasis.WRITTEN,
        }


class CompareForm(forms.Form):
    """Which two submissions are compared; by default the newest with the one before."""

    old = forms.ChoiceField(label="从", required=False)
    new = forms.ChoiceField(label="到", required=False)

    def __init__(self, query: QueryDict, submissions: list[Submission], **kwargs: Any) -> None:
        self.submissions = {str(submission.number): submission for submission in submissions}
        newest, before = submissions[-1], submissions[max(len(submissions) - 2, 0)]
        chosen = {"old": str(before.number), "new": str(newest.number)}
        for name in chosen:
            asked = str(query.get(name, ""))
            chosen[name] = asked if asked in self.submissions else chosen[name]
        super().__init__(chosen, auto_id="filter_%s", **kwargs)
        choices = [(number, f"第 {number} 次 {_moment(each)}") for number, each in self.submissions.items()]
        _offer(self, "old", choices)
        _offer(self, "new", choices)
        self.is_valid()

    def chosen(self) -> tuple[Submission, Submission]:
        """Return the two."""
        return self.submissions[self.cleaned_data["old"]], self.submissions[self.cleaned_data["new"]]


class ReceiptForm(forms.Form):
    """A receipt's number and, if at hand, its fingerprint."""

    number = forms.CharField(label="回执号", max_length=40, help_text="如 2024-1-350404-01")
    fingerprint = forms.CharField(
        label="内容指纹（可不填）",
        required=False,
        max_length=100,
        help_text="回执上印的前 16 位即可",
    )


def _moment(submission: Submission) -> str:
    return localtime(submission.submitted_at).strftime("%m-%d %H:%M")


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101
    field.choices = choices
