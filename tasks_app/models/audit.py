"""The audit trail: written once, then read only; database triggers refuse UPDATE and DELETE."""

from django.db import models

from tasks_app.choices import AuditAction

from .person import User
from .unit import Unit


class AuditEvent(models.Model):
    """One step: who did what to which thing, when, and what changed ({field: [before, after]})."""

    at = models.DateTimeField("时间", db_index=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="操作人")
    # The name as it was: people change posts, the trail does not.
    actor_name = models.CharField("操作人姓名", max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="所涉单位")
    action = models.CharField("操作", max_length=24, choices=AuditAction)
    target_kind = models.CharField("对象类别", max_length=30)
    target_id = models.BigIntegerField("对象编号", null=True)
    target_label = models.CharField("对象", max_length=200)
    changes = models.JSONField("变化", default=dict)
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["target_kind", "target_id"], name="audit_target")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.get_action_display()}"
