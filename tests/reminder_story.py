"""A city in which people do what letters ask for, or undo it: each move as one method, by whoever makes it."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count

from django.db import transaction

from tasks_app.choices import AssignmentRole
from tasks_app.clock import SHANGHAI, local_date
from tasks_app.domain.amendments.actions import change_units
from tasks_app.domain.escalation.actions import ask_for_objection
from tasks_app.domain.extensions.actions import ask_extension, grant_extension, refuse_extension
from tasks_app.domain.instructions import actions as instructions
from tasks_app.domain.interviews.rules import Demand
from tasks_app.domain.matters import actions as matters
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan.actions import set_period
from tasks_app.domain.plan.rules import PeriodDates
from tasks_app.domain.reminders import actions
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.reporting.queries import required_entries
from tasks_app.domain.review import actions as review
from tasks_app.domain.units.actions import set_active
from tasks_app.domain.verification import actions as verification
from tasks_app.models import (
    Extension,
    Interview,
    Matter,
    Reminder,
    Report,
    ReportingPeriod,
    SupervisionNotice,
    User,
)
from tasks_app.models.notice import OPEN_STATES
from tests import escalation_stage, interview_steps

START = datetime(2024, 7, 1, 9, tzinfo=SHANGHAI)
WORDS = {"progress": "已完成。", "forecast": "按期完成。", "status": "on_track", "remarks": ""}
NOTICE_MOVES = [
    "hear",
    "agree",
    "object",
    "issue",
    "acknowledge",
    "reply",
    "refuse",
    "accept",
    "raise",
    "withdraw",
]
Move = Callable[[], object]


class Story:
    """The city and its people at the moment `at`; a random move that is refused is none."""

    def __init__(self, seed: int, people, plan, units) -> None:
        self.chance, self.people, self.plan, self.units = random.Random(seed), people, plan, units
        self.at = START
        self.done = count()
        self.moves: list[Move] = [
            self.fill, self.sign, self.recall, self.submit, self.give_back, self.accept, self.ask, self.decide,
            self.draft, self.notice, self.notice, self.notice, self.propose, self.interview, self.interview,
            self.item, self.item, self.close_unit, self.give_or_take_task, self.move_limit, self.ask_unit,
            self.ask_office, self.request, self.refer, self.instruct, self.instruct_office, self.write_back,
        ]  # fmt: skip

    def move(self) -> None:
        try:
            with transaction.atomic():
                self.chance.choice(self.moves)()
                next(self.done)
        except Refused:
            pass

    def next_morning(self) -> None:
        """Let the night pass, and the weekend; a little later than yesterday, so that 24 hours lie between."""
        self.at += timedelta(days=1, minutes=5)
        while self.at.weekday() >= 5:
            self.at += timedelta(days=1)
        reporting.open_due_periods(at=self.at)
        actions.compose_reminders(at=self.at)

    # --- reports ---

    def report(self) -> Report:
        return self.chance.choice(list(Report.objects.order_by("pk")))

    def report_of(self, person: User) -> Report:
        return Report.objects.get(unit=person.unit)

    def filler_of(self, report: Report) -> User | None:
        fillers = (self.people.filler, self.people.other_filler, self.people.bureau_filler)
        return next((person for person in fillers if person.unit_id == report.unit_id), None)

    def fill(self, report: Report | None = None) -> None:
        report = report or self.report()
        if filler := self.filler_of(report):
            for entry in required_entries(report):
                reporting.save_entry(
                    report.pk, entry.pk, values=WORDS, version=entry.version, by=filler, at=self.at
                )

    def sign(self, report: Report | None = None) -> None:
        report = report or self.report()
        if filler := self.filler_of(report):
            reporting.request_signature(report.pk, by=filler, at=self.at)

    def recall(self) -> None:
        report = self.report()
        if filler := self.filler_of(report):
            reporting.recall_report(report.pk, by=filler, at=self.at)

    def submit(self, report: Report | None = None) -> None:
        report = report or self.report()
        signers = {one.unit_id: one for one in (self.people.signer, self.people.bureau_signer)}
        if who := signers.get(report.unit_id) or self.filler_of(report):
            reporting.submit_report(report.pk, by=who, at=self.at)

    def file(self) -> Report:
        """三元区 has no signer: filled in and filed by one person."""
        report = self.report_of(self.people.other_filler)
        self.fill(report)
        self.submit(report)
        return report

    def file_all(self) -> None:
        self.file()
        for person in (self.people.filler, self.people.bureau_filler):
            report = self.report_of(person)
            self.fill(report)
            self.sign(report)
            self.submit(report)

    def give_back(self, report: Report | None = None) -> None:
        report = report or self.report()
        if number := report.submissions.count():
            review.return_report(
                report.pk, submission=number, reasons={None: "无数据"}, by=self.people.office, at=self.at
            )

    def accept(self, report: Report | None = None) -> None:
        report = report or self.report()
        if number := report.submissions.count():
            review.accept_report(report.pk, submission=number, by=self.people.office, at=self.at)

    def ask(self, report: Report | None = None) -> None:
        report = report or self.report()
        if filler := self.filler_of(report):
            words = {"reason": "台风", "situation": "过半", "wanted_on": date(2024, 8, 1)}
            ask_extension(report.pk, **words, by=filler, at=self.at)

    def decide(self) -> None:
        if self.chance.random() < 0.5:
            self.refuse_more_time()
        elif extension := Extension.objects.filter(state="asked").order_by("pk").first():
            grant_extension(extension.pk, until=date(2024, 8, 1), by=self.people.office, at=self.at)

    def refuse_more_time(self) -> None:
        if extension := Extension.objects.filter(state="asked").order_by("pk").first():
            refuse_extension(extension.pk, decision="不予延期", by=self.people.office, at=self.at)

    # --- what the office does to the table ---

    def give_or_take_task(self) -> None:
        """三元区 gets task 3 or loses it; what it filed goes back to it for a task that is new."""
        task, county = self.plan.tasks.get(number=3), self.people.other_filler.unit_id
        roles = dict(task.assignments.values_list("unit", "role"))
        if roles.pop(county, None) is None:
            roles[county] = AssignmentRole.LOCAL
        change_units(task.pk, roles, basis="明医改组〔2024〕7号", by=self.people.admin, at=self.at)

    def move_limit(self, day: int = 0) -> None:
        period, today = ReportingPeriod.objects.get(), local_date(self.at)
        due_on = date(2024, 7, day or self.chance.randint(15, 31))
        dates = PeriodDates(period.opens_on, due_on, None)
        set_period(period.pk, dates, today=today, by=self.people.admin, at=self.at)

    def close_unit(self) -> None:
        if self.chance.random() < 0.15:
            unit = self.people.filler.unit
            unit.refresh_from_db()
            set_active(unit, not unit.is_active, by=self.people.admin, at=self.at)

    # --- notices ---

    def draft(self) -> None:
        """One stands open at a time; the suggestion that it follows is not what is tried here."""
        if not SupervisionNotice.objects.filter(state__in=OPEN_STATES).exists():
            SupervisionNotice.objects.create(
                issuer=self.plan.issuer, plan=self.plan, unit=self.people.filler.unit, thing=f"x:{self.at}",
                colour="blue", title="报送进展", grounds="逾期", requirement="请报送", drafted_by=self.people.office,
                drafted_at=self.at, reply_due_on=local_date(self.at) + timedelta(days=20),
            )  # fmt: skip

    def notice(self, *moves: str) -> None:
        notice = SupervisionNotice.objects.order_by("-pk").first()
        for move in moves or [self.chance.choice(NOTICE_MOVES)]:
            if notice and move == "hear":
                until = local_date(self.at) + timedelta(days=5)
                ask_for_objection(notice.pk, objection_due_on=until, by=self.people.office, at=self.at)
            elif notice:
                escalation_stage.step(notice, move, self.people, self.at)

    # --- interviews and their items ---

    def desk(self) -> interview_steps.Desk:
        desk = object.__new__(interview_steps.Desk)
        desk.people, desk.at = self.people, self.at
        desk.proposed = Interview.objects.order_by("-pk")[0]
        return desk

    def propose(self) -> None:
        if not Interview.objects.exclude(state__in=["closed", "withdrawn"]).exists():
            interview_steps.Desk(self.people, self.plan, self.at)

    def interview(self, *moves: str) -> None:
        random_move = ["notify", "notify", "record", "demand", "demand", "close", "withdraw"]
        demands = [Demand("成立专班", local_date(self.at) + timedelta(days=9))]
        for name in moves or [self.chance.choice(random_move)]:
            if Interview.objects.exists():
                getattr(self.desk(), name)(**({"demands": demands} if name == "demand" else {}))

    def item(self, move: str = "") -> None:
        if item := Matter.objects.corrections().order_by("-pk").first():
            getattr(self.desk(), move or self.chance.choice(["answer", "answer", "verify", "refuse"]))(item)

    # --- requests ---

    def ask_unit(self, *, office: bool = False) -> None:
        """将乐县 asks 市卫健委 for something by a day, or the office at leisure."""
        report = self.report_of(self.people.filler)
        addressee, day = self.people.bureau_filler.unit, local_date(self.at) + timedelta(days=3)
        if entry := report.entries.order_by("pk").first():
            matters.ask(
                report.pk, entry.pk, text="请开通数据接口。", by=self.people.filler, at=self.at,
                addressee=None if office else addressee, due_on=None if office else day,
            )  # fmt: skip

    def refer(self) -> None:
        """What 将乐县 asked of the office is handed on to 市卫健委."""
        self.ask_unit(office=True)
        if asked := Matter.objects.coordinations().order_by("-pk").first():
            given = {"addressee": self.people.bureau_filler.unit, "text": "", "by": self.people.office}
            matters.refer(asked.pk, due_on=local_date(self.at) + timedelta(days=5), at=self.at, **given)

    def answer_referral(self) -> None:
        item = Matter.objects.referrals().order_by("-pk")[0]
        matters.answer_referral(item.pk, text="已开通。", by=self.people.bureau_filler, at=self.at)

    def ask_office(self) -> None:
        self.ask_unit(office=True)

    def request(self, *moves: str) -> None:
        if asked := Matter.objects.coordinations().order_by("-pk").first():
            if (moves or self.chance.choice([("answer",), ("close",)])) == ("answer",):
                matters.answer(asked.pk, text="已开通。", by=self.people.bureau_filler, at=self.at)
            else:
                matters.close(asked.pk, by=self.people.filler, at=self.at)

    # --- what leaders write ---

    def instruct(self, *, office: bool = False) -> None:
        """A leader asks 将乐县, or the office, for something by a day."""
        unit, day = self.people.filler.unit, local_date(self.at) + timedelta(days=5)
        instructions.instruct(
            self.plan.tasks.get(number=1).pk, unit=unit, addressee=None if office else unit, text="请加快进度。",
            due_on=day, by=self.people.leader, at=self.at,
        )  # fmt: skip

    def instruct_office(self) -> None:
        self.instruct(office=True)

    def write_back(self) -> None:
        """Whoever is asked first answers; sometimes the leader asks again."""
        item = Matter.objects.instructions().unsettled().order_by("pk").first()
        if item and item.state == "answered":
            due_on = local_date(self.at) + timedelta(days=3)
            given = {"text": "请附名单。", "by": self.people.leader, "at": self.at}
            instructions.ask_again(item.pk, due_on=due_on, **given)
        elif item:
            by = self.people.office if item.addressee == self.plan.issuer else self.people.filler
            instructions.answer(item.pk, text="已办。", by=by, at=self.at)

    def answer_instruction(self, *, office: bool = False) -> None:
        item = Matter.objects.instructions().order_by("-pk")[0]
        by = self.people.office if office else self.people.filler
        instructions.answer(item.pk, text="已办。", by=by, at=self.at)

    # --- what lead bureaus verify ---

    def ask_to_verify(self) -> None:
        """三元区 files, and 市卫健委 is asked about its task 1."""
        report = self.file()
        verification.ask(
            report.pk, self.plan.tasks.get(number=1).pk, addressee=self.people.bureau_filler.unit, text="请核实。",
            due_on=local_date(self.at) + timedelta(days=5), by=self.people.office, at=self.at,
        )  # fmt: skip

    def verify(self) -> None:
        item = Matter.objects.verifications().order_by("-pk")[0]
        given = {"holds": True, "text": "", "submission": 1}
        verification.answer(item.pk, **given, by=self.people.bureau_filler, at=self.at)

    # --- what makes each kind owed, and what ends it ---

    def ways(self) -> dict[str, tuple[Move, Move]]:
        """Return {kind: what makes it owed from nothing, what ends it}. A new kind needs its moves here."""
        signed, filed = self.people.filler, self.people.other_filler
        hear = ("hear",)
        replied = (*hear, "agree", "issue", "acknowledge", "reply")
        demanded = ("notify", "record", "demand")
        return {
            "filing": (lambda: None, self.file_all),
            "moved": (lambda: self.move_limit(26), self.file_all),
            "returned": (lambda: self.give_back(self.file()), lambda: self.submit(self.report_of(filed))),
            "added": (lambda: (self.file(), self.give_or_take_task()), self.file),
            "signing": (
                lambda: (self.fill(self.report_of(signed)), self.sign(self.report_of(signed))),
                lambda: self.submit(self.report_of(signed)),
            ),
            "notice": (lambda: (self.draft(), self.notice(*hear)), lambda: self.notice("object")),
            "interview": (
                lambda: (self.propose(), self.interview("notify")),
                lambda: self.interview("record"),
            ),
            "correction": (lambda: (self.propose(), self.interview(*demanded)), lambda: self.item("answer")),
            "coordination": (self.ask_unit, lambda: self.request("answer")),
            "referral": (self.refer, self.answer_referral),
            "verification": (self.ask_to_verify, self.verify),
            "instruction": (self.instruct, self.answer_instruction),
            "instructed": (
                lambda: self.instruct(office=True),
                lambda: self.answer_instruction(office=True),
            ),
            "review": (self.file, lambda: self.accept(self.report_of(filed))),
            "extension": (lambda: self.ask(self.report_of(filed)), self.refuse_more_time),
            "reply": (lambda: (self.draft(), self.notice(*replied)), lambda: self.notice("accept")),
            "verifying": (
                lambda: (self.propose(), self.interview(*demanded), self.item("answer")),
                lambda: self.item("verify"),
            ),
        }

    def until_told_of(self, kind: str) -> None:
        """Let days pass until the day's messages tell somebody of something of this kind."""
        for _ in range(12):
            if Reminder.objects.filter(kind=kind, message__day=local_date(self.at)).exists():
                return
            self.next_morning()
        raise AssertionError(f"Nobody was told of {kind}.")
