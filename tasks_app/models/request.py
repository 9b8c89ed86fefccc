"""What units ask for beside their report: more time, a stand-in; and what they offer: good practice."""

from datetime import date

from django.db import models
from django.db.models import F, Q, UniqueConstraint

from tasks_app.choices import ExtensionState, PracticeState, ProgressStatus, Role, VerdictBasis

from .person import User
from .plan import Task
from .report import ProgressEntry, Report, Submission
from .unit import Unit


class PracticeQuerySet(models.QuerySet["GoodPractice"]):
    """Conditions on good practices, each asked in one place."""

    def waiting(self) -> "PracticeQuerySet":
        """Return those that the office has not handled."""
        return self.filter(state=PracticeState.PROPOSED)

    def published(self) -> "PracticeQuerySet":
        """Return those that all units may read."""
        return self.filter(state=PracticeState.PUBLISHED)


class GoodPractice(models.Model):
    """经验做法: an entry put forward by its unit; the office edits `text` and publishes it to all units."""

    entry = models.OneToOneField(
        ProgressEntry, models.PROTECT, related_name="practice", verbose_name="工作进展"
    )
    title = models.CharField("标题", max_length=100)
    text = models.TextField("内容")
    state = models.CharField("状态", max_length=10, choices=PracticeState, default=PracticeState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("推荐时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "经验做法"
        ordering = ["-decided_at", "-proposed_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="practice_not_empty"),
            models.CheckConstraint(
                condition=Q(state=PracticeState.PROPOSED, decided_at__isnull=True)
                | (~Q(state=PracticeState.PROPOSED) & Q(decided_at__isnull=False)),
                name="practice_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ExtensionQuerySet(models.QuerySet["Extension"]):
    """Conditions on extensions, each asked in one place."""

    def waiting(self) -> "ExtensionQuerySet":
        """Return those that the office has not decided."""
        return self.filter(state=ExtensionState.ASKED)

    def decided(self) -> "ExtensionQuerySet":
        """Return those decided or withdrawn."""
        return self.exclude(state=ExtensionState.ASKED)


class Extension(models.Model):
    """延期: asked for before the limit, with reason and state of work; only a granted one moves the limit."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="extensions", verbose_name="填报")
    reason = models.TextField("申请理由")
    situation = models.TextField("工作进度")
    wanted_on = models.DateField("申请延至")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间")
    state = models.CharField("状态", max_length=10, choices=ExtensionState, default=ExtensionState.ASKED)
    granted_until = models.DateField("准予延至", null=True, blank=True)
    decision = models.TextField("批复意见", blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("批复时间", null=True, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "延期申请"
        ordering = ["-asked_at"]
        constraints = [
            UniqueConstraint(
                fields=["report"],
                condition=Q(state=ExtensionState.ASKED),
                name="extension_one_open_per_report",
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.GRANTED, granted_until__isnull=False)
                | (~Q(state=ExtensionState.GRANTED) & Q(granted_until__isnull=True)),
                name="extension_granted_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.ASKED, decided_at__isnull=True)
                | (~Q(state=ExtensionState.ASKED) & Q(decided_at__isnull=False)),
                name="extension_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}延至{self.wanted_on}"


class StandInQuerySet(models.QuerySet["StandIn"]):
    """Conditions on stand-ins, each asked in one place."""

    def running(self, today: date) -> "StandInQuerySet":
        """Return who stands in on the day `today`, first and last day included."""
        return self.filter(since__lte=today, until__gte=today)

    def in_use(self) -> "StandInQuerySet":
        """Return those whose own account is in use."""
        return self.filter(user__is_active=True)


class StandIn(models.Model):
    """替岗: who fills in or signs for a unit from one day to another, both included, besides its own people."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="stand_ins", verbose_name="单位")
    user = models.ForeignKey(User, models.CASCADE, related_name="stands_in", verbose_name="替岗人")
    role = models.CharField(
        "岗位", max_length=10, choices=[(r.value, r.label) for r in (Role.FILLER, Role.SIGNER)]
    )
    since = models.DateField("自")
    until = models.DateField("至")
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    named_at = models.DateTimeField("指定时间")

    objects = StandInQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "替岗"
        ordering = ["-until"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="stand_in_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return f"{self.user}替{self.unit}"


class ReviewNote(models.Model):
    """What the office writes to an entry besides a return: a comment that the unit sees, or an internal note.

    `rating` is the office's verdict (核定) beside the unit's own word, both kept. It belongs to the `submission`
    it judged, rests on `basis`, and the newest counts.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="notes", verbose_name="填报")
    task = models.ForeignKey(Task, models.PROTECT, related_name="+", verbose_name="任务")
    text = models.TextField("内容", blank=True)
    is_internal = models.BooleanField("内部备注", default=False)
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, related_name="notes", verbose_name="报送记录"
    )
    rating = models.CharField("核定", max_length=12, choices=ProgressStatus, blank=True)
    basis = models.CharField("核定依据", max_length=10, choices=VerdictBasis, blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "审阅意见"
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") | ~Q(rating=""), name="review_note_not_empty"),
            models.CheckConstraint(
                condition=Q(rating="", basis="")
                | Q(
                    rating__in=ProgressStatus.values,
                    basis__in=VerdictBasis.values,
                    submission__isnull=False,
                ),
                name="review_verdict_has_basis_and_submission",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:30] or self.rating
