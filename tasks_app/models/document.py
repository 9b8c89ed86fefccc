"""Templates of official documents that the office put in place of the program's own."""

from django.db import models

from tasks_app.choices import DocumentKind

from .person import User
from .unit import Unit


class DocumentTemplate(models.Model):
    """One .docx template of one kind; an issuer has one in force, without it the program's own is used."""

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="发出单位")
    kind = models.CharField("公文", max_length=20, choices=DocumentKind)
    file_name = models.CharField("文件名", max_length=200)
    content = models.BinaryField("内容")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "公文模板"
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "kind"], name="document_template_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=DocumentKind.values), name="document_template_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.file_name}"
