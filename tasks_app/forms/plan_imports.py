"""What an admin gives when a table is imported: the file, and what the file does not say itself."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from tasks_app.domain.plan_import.actions import Given
from tasks_app.models import PlanImport
from tasks_app.plan_reading.checks import YEARS

from .fields import DayField

ACCEPTED = (".xlsx", ".xlsm", ".xls", ".et", ".docx", ".csv")


def _given_fields() -> dict[str, forms.Field]:
    """Return the fields of what an admin may say of any table."""
    return {
        "year": forms.IntegerField(
            label="年度",
            required=False,
            min_value=YEARS.start,
            max_value=YEARS.stop - 1,
            help_text="不填则取自表的标题。",
        ),
        "document_number": forms.CharField(
            label="文号", required=False, max_length=60, help_text="选填，如：明医改组〔2024〕4号。"
        ),
        "issued_on": DayField(label="印发日期", required=False, help_text="选填。"),
    }


class PlanUploadForm(forms.Form):
    """The file, and what it may not say itself."""

    file = forms.FileField(
        label="分解表文件",
        help_text="Excel（.xlsx、.xlsm、.xls）、WPS 表格（.et）、Word（.docx）或 .csv 文件，原样上传即可："
        "跨页重复的表头、合并的单元格、表外的说明文字都不用处理。",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ACCEPTED)}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请检查后重新选择文件。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= _given_fields()

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > settings.UPLOAD_MAX_BYTES:
            size, limit = file.size / 1024 / 1024, settings.UPLOAD_MAX_BYTES // 1024 // 1024
            raise forms.ValidationError(
                f"文件有 {size:.0f} MB，超过 {limit} MB 的上限。请删去与分解表无关的内容后重新上传。"
            )
        return file

    def given(self) -> Given:
        """Return what was said of the table."""
        return _given(self.cleaned_data)


class DetailsForm(forms.Form):
    """Year, number and day of a table that was read, and which of its sheets are."""

    def __init__(self, plan_import: PlanImport, data: Any = None) -> None:
        sheets = plan_import.outline.get("sheets", [])
        self.read = {name for name, is_read in sheets if is_read}
        self.was_chosen = bool(plan_import.mends) and plan_import.mends.get("sheets") is not None
        initial = {
            "year": plan_import.given_year,
            "document_number": plan_import.given_document_number,
            "issued_on": plan_import.given_issued_on,
            "sheets": sorted(self.read),
        }
        super().__init__(data, initial=initial, prefix="details")
        self.fields |= _given_fields()
        if len(sheets) > 1:
            self.fields["sheets"] = forms.MultipleChoiceField(
                label="导入哪些工作表（或 Word 里的哪些表格）",
                choices=[(name, name or "全文") for name, _ in sheets],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": "请至少选一张有分解表的工作表。"},
            )

    def given(self) -> Given:
        """Return what was said of the table."""
        return _given(self.cleaned_data)

    def chosen_sheets(self) -> frozenset[str] | None:
        """Return the sheets that were chosen by hand, None to leave the choice to the program."""
        chosen = frozenset(self.cleaned_data.get("sheets", ()))
        return chosen if self.was_chosen or chosen != self.read else None


def _given(typed: dict[str, Any]) -> Given:
    return Given(typed["year"], typed["document_number"], typed["issued_on"])
