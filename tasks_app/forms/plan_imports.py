"""What an admin gives when a table is imported."""

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from tasks_app.domain.plan_import.rules.checks import YEARS

from .fields import DayField


class PlanUploadForm(forms.Form):
    """The file, and what it may not say itself."""

    file = forms.FileField(
        label="分解表文件",
        help_text="Excel 工作簿（.xlsx）。跨页重复的表头、合并的单元格都不用处理，原样上传即可。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请检查后重新选择文件。"},
    )
    year = forms.IntegerField(
        label="年度",
        required=False,
        min_value=YEARS.start,
        max_value=YEARS.stop - 1,
        help_text="不填则取自表的标题。",
    )
    document_number = forms.CharField(
        label="文号", required=False, max_length=60, help_text="选填，如：明医改组〔2024〕4号。"
    )
    issued_on = DayField(
        label="印发日期",
        required=False,
        help_text="选填。",
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > settings.UPLOAD_MAX_BYTES:
            size, limit = file.size / 1024 / 1024, settings.UPLOAD_MAX_BYTES // 1024 // 1024
            raise forms.ValidationError(
                f"文件有 {size:.0f} MB，超过 {limit} MB 的上限。请删去与分解表无关的内容后重新上传。"
            )
        return file
