"""Matters (事项): what is asked of somebody with a limit and answered; and the signed steps (台账) of all."""

from datetime import date, datetime, time

from django.db import models
from django.db.models import F, Q, UniqueConstraint

from tasks_app.choices import Cause, InterviewState, MatterKind, MatterState, StepKind
from tasks_app.clock import SHANGHAI

from .interview import Interview
from .notice import SupervisionNotice
from .person import User
from .plan import Plan, Task
from .report import ProgressEntry
from .unit import Unit

ENDED = [MatterState.CLOSED, MatterState.WITHDRAWN]


class MatterQuerySet(models.QuerySet["Matter"]):
    """Conditions on matters, each asked in one place."""

    def in_running_years(self) -> "MatterQuerySet":
        """Return those of years that are not settled: nothing is waited for in one that is."""
        return self.filter(plan__closed_at=None)

    def listed_as(self, state: str) -> "MatterQuerySet":
        """Return what a list shows in `state`, as the figures count it: what still waits is of running years."""
        found = self.filter(state=state)
        return found if state in ENDED else found.in_running_years()

    def coordinations(self) -> "MatterQuerySet":
        """Return what a unit asks for from an entry (需协调事项)."""
        return self.filter(kind=MatterKind.COORDINATION)

    def referrals(self) -> "MatterQuerySet":
        """Return what the office handed on of requests (转办)."""
        return self.filter(kind=MatterKind.REFERRAL)

    def requests(self) -> "MatterQuerySet":
        """Return what units ask for, and what was handed on of it."""
        return self.filter(kind__in=[MatterKind.COORDINATION, MatterKind.REFERRAL])

    def corrections(self) -> "MatterQuerySet":
        """Return the items of lists of corrections (整改事项)."""
        return self.filter(kind=MatterKind.CORRECTION)

    def instructions(self) -> "MatterQuerySet":
        """Return what leaders wrote on a row (批示)."""
        return self.filter(kind=MatterKind.INSTRUCTION)

    def verifications(self) -> "MatterQuerySet":
        """Return what lead bureaus are asked to verify (核实), each entry and each task of all units."""
        return self.filter(kind=MatterKind.VERIFICATION)

    def on_top(self) -> "MatterQuerySet":
        """Return those that are not part of another."""
        return self.filter(parent=None)

    def for_the_office(self) -> "MatterQuerySet":
        """Return those whose addressee is the office itself."""
        return self.filter(addressee=F("plan__issuer"))

    def for_units(self) -> "MatterQuerySet":
        """Return those whose addressee is a unit."""
        return self.exclude(addressee=F("plan__issuer"))

    def unanswered(self) -> "MatterQuerySet":
        """Return those whose addressee has to answer."""
        return self.filter(state=MatterState.OPEN)

    def asked_before(self, day: date) -> "MatterQuerySet":
        """Return those that were asked before `day` began."""
        return self.filter(asked_at__lt=datetime.combine(day, time(), SHANGHAI))

    def answered(self) -> "MatterQuerySet":
        """Return those that were answered and not settled yet."""
        return self.filter(state=MatterState.ANSWERED)

    def being_corrected(self) -> "MatterQuerySet":
        """Return the corrections of the 约谈 whose lists are worked on."""
        return self.corrections().filter(interview__state=InterviewState.CORRECTING)

    def unsettled(self) -> "MatterQuerySet":
        """Return those that are not over."""
        return self.exclude(state__in=ENDED)


class Matter(models.Model):
    """Something `asker` asks of `addressee` (the plan's issuer: the office itself) until `due_on`.

    What it is about: a task, of which `unit` (None: of all), perhaps as an entry has it; or the interview in whose
    list it is the item `number`. What was answered and how it ended stand in its steps, written once; `answer` and
    `ending` are those that count.
    """

    kind = models.CharField("类别", max_length=12, choices=MatterKind)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="matters", verbose_name="分解表")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="matters", verbose_name="任务")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="所涉单位")
    entry = models.ForeignKey(
        ProgressEntry, models.PROTECT, null=True, related_name="matters", verbose_name="工作进展"
    )
    interview = models.ForeignKey(
        Interview, models.PROTECT, null=True, related_name="corrections", verbose_name="约谈"
    )
    number = models.PositiveSmallIntegerField("序号", null=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name="上级事项"
    )
    asker = models.ForeignKey(Unit, models.PROTECT, related_name="matters_asked", verbose_name="提出单位")
    addressee = models.ForeignKey(Unit, models.PROTECT, related_name="matters", verbose_name="办理单位")
    text = models.TextField("事项")
    cause = models.CharField("难在哪里", max_length=16, choices=Cause, blank=True)
    due_on = models.DateField("时限", null=True)
    state = models.CharField("状态", max_length=10, choices=MatterState, default=MatterState.OPEN)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField("提出时间")
    answer = models.OneToOneField("Step", models.PROTECT, null=True, related_name="+", verbose_name="答复")
    ending = models.OneToOneField("Step", models.PROTECT, null=True, related_name="+", verbose_name="了结")

    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "事项"
        ordering = ["asked_at", "pk"]
        constraints = [
            UniqueConstraint(fields=["interview", "number"], name="matter_number_once_in_a_list"),
            models.CheckConstraint(condition=~Q(text=""), name="matter_not_empty"),
            models.CheckConstraint(condition=Q(state__in=MatterState.values), name="matter_state_known"),
            models.CheckConstraint(
                condition=Q(kind=MatterKind.COORDINATION, task__isnull=False, interview__isnull=True)
                | Q(
                    kind=MatterKind.REFERRAL,
                    task__isnull=False,
                    interview__isnull=True,
                    parent__isnull=False,
                )
                | Q(
                    kind__in=[MatterKind.INSTRUCTION, MatterKind.VERIFICATION],
                    task__isnull=False,
                    interview__isnull=True,
                    due_on__isnull=False,
                )
                | Q(
                    kind=MatterKind.CORRECTION,
                    entry__isnull=True,
                    interview__isnull=False,
                    number__isnull=False,
                    due_on__isnull=False,
                ),
                name="matter_is_about_what_its_kind_says",
            ),
            models.CheckConstraint(
                condition=~Q(state=MatterState.ANSWERED) | Q(answer__isnull=False),
                name="matter_answered_has_answer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ending__isnull=False)
                | (~Q(state__in=ENDED) & Q(ending__isnull=True)),
                name="matter_ended_has_ending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:30]}" if self.number else self.text[:30]


class Step(models.Model):
    """台账: one dated and signed step of a matter, a 督查单 or a 约谈. Written once, never changed.

    `text` are somebody's own words, `data` what else was settled, in codes; domain/matters/wording.py makes the
    words of both together.
    """

    notice = models.ForeignKey(SupervisionNotice, models.PROTECT, null=True, related_name="steps")
    interview = models.ForeignKey(Interview, models.PROTECT, null=True, related_name="steps")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="steps")
    kind = models.CharField("步骤", max_length=12, choices=StepKind)
    text = models.TextField("内容", blank=True)
    data = models.JSONField("数据", default=dict)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    # As it was: people change posts, the ledger does not.
    by_name = models.CharField("经办人姓名", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "台账"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice__isnull=False, interview__isnull=True, matter__isnull=True)
                | Q(notice__isnull=True, interview__isnull=False, matter__isnull=True)
                | Q(notice__isnull=True, interview__isnull=True, matter__isnull=False),
                name="step_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="step_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.by_name}"
