"""What the office gives to put its own template of a document in place."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

LARGEST_MB = 2


class TemplateForm(forms.Form):
    """The .docx that is to be the template."""

    file = forms.FileField(
        label="本单位的模板",
        help_text=f"Word 文档（.docx），不超过 {LARGEST_MB} MB，不带宏和外部链接，首页标明“代拟稿”。",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={"required": "请选择模板文件。", "empty": "文件是空的，请检查后重新选择。"},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > LARGEST_MB * 1024 * 1024:
            raise forms.ValidationError(f"文件超过 {LARGEST_MB} MB。请压缩其中的图片后再上传。")
        return file
