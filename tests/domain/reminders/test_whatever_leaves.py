"""Random moves of all kinds, also while letters leave: whatever leaves was owed at the moment it left.

What is owed is worked out here from the rows by plain Python, not by the statement that the program asks.
"""

import random
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from django.core import mail
from django.db import transaction

from tasks_app import channels
from tasks_app.channels.email import EmailChannel
from tasks_app.choices import Channel, StepKind
from tasks_app.clock import local_date
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.escalation.actions import ask_for_objection
from tasks_app.domain.extensions.actions import ask_extension, grant_extension, refuse_extension
from tasks_app.domain.interviews.rules import Demand
from tasks_app.domain.moves import Refused
from tasks_app.domain.reminders import actions
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.review import actions as review
from tasks_app.domain.units.actions import set_active
from tasks_app.models import Delivery, Extension, Interview, Matter, Reminder, Report, SupervisionNotice
from tasks_app.models.notice import OPEN_STATES
from tests import escalation_stage, interview_steps

START = datetime(2024, 7, 1, 9, tzinfo=escalation_stage.SHANGHAI)
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


# --- what is owed, in plain words -------------------------------------------------------------------------


def report_is_owed(report: Report) -> bool:
    return report.state in ("draft", "signing", "returned") and report.unit.is_active


def said_since_heard(notice: SupervisionNotice) -> bool:
    kinds = [
        step.kind for step in notice.steps.order_by("pk") if step.kind in (StepKind.HEAR, StepKind.OBJECT)
    ]
    return bool(kinds) and kinds[-1] == StepKind.OBJECT


def report_limit(row: Reminder, at: datetime) -> date | None:
    report = row.report
    if row.kind == "review":
        return (
            local_date(report.submitted_at) if report.state == "submitted" and report.unit.is_active else None
        )
    if not report_is_owed(report):
        return None
    is_back, is_for_added = report.returned_at is not None, report.added_since is not None
    if row.kind == "signing":
        return local_date(report.sign_requested_at) if report.state == "signing" else None
    if row.kind == "extension":
        return next((local_date(one.asked_at) for one in report.extensions.filter(state="asked")), None)
    is_this = {
        "filing": not is_back,
        "moved": not is_back and report.due_on == report.period.due_on and bool(report.period.moved_on),
        "returned": is_back and not is_for_added,
        "added": is_back and is_for_added,
    }[row.kind]
    return report.due_on if is_this else None


def notice_limit(row: Reminder, at: datetime) -> date | None:
    notice = row.notice
    if row.kind == "reply":
        return local_date(notice.replied_at) if notice.state == "replied" else None
    if notice.state == "hearing":
        return None if said_since_heard(notice) or not notice.unit.is_active else notice.objection_due_on
    is_asked = notice.state in ("issued", "acknowledged") and notice.unit.is_active
    return notice.reply_due_on if is_asked else None


def interview_limit(row: Reminder, at: datetime) -> date | None:
    interview = row.interview
    if interview.state != "notified" or not interview.unit.is_active:
        return None
    day = local_date(interview.planned_at)
    return day if day >= local_date(at) else None


def item_limit(row: Reminder, at: datetime) -> date | None:
    item = row.matter
    if item.interview.state != "correcting":
        return None
    if row.kind == "verifying":
        return local_date(item.answer.at) if item.state == "answered" else None
    return item.due_on if item.state == "open" and item.addressee.is_active else None


LIMITS = {"report": report_limit, "notice": notice_limit, "interview": interview_limit, "matter": item_limit}


def is_owed(row: Reminder, at: datetime) -> bool:
    [thing] = [name for name in LIMITS if getattr(row, name) is not None]
    return LIMITS[thing](row, at) == row.due_on


# --- the moves --------------------------------------------------------------------------------------------


class Story:
    """The city, and everything that people may do to it; a move that is refused is none."""

    def __init__(self, seed: int, people, plan, units) -> None:
        self.chance, self.people, self.plan, self.units = random.Random(seed), people, plan, units
        self.at, self.left = START, []
        self.done = count()
        self.moves = [
            self.fill, self.sign, self.recall, self.submit, self.give_back, self.accept, self.ask, self.decide,
            self.draft, self.notice, self.notice, self.notice, self.propose, self.interview, self.interview,
            self.item, self.item, self.close_unit,
        ]  # fmt: skip

    def move(self) -> None:
        try:
            with transaction.atomic():
                self.chance.choice(self.moves)()
                next(self.done)
        except Refused:
            pass

    def report(self) -> Report:
        return self.chance.choice(list(Report.objects.order_by("pk")))

    def fillers(self, report: Report):
        return {person.unit_id: person for person in (
            self.people.filler, self.people.other_filler, self.people.bureau_filler
        )}.get(report.unit_id)  # fmt: skip

    def fill(self) -> None:
        report = self.report()
        if filler := self.fillers(report):
            for entry in report.entries.all():
                reporting.save_entry(
                    report.pk, entry.pk, values=WORDS, version=entry.version, by=filler, at=self.at
                )

    def sign(self) -> None:
        report = self.report()
        if filler := self.fillers(report):
            reporting.request_signature(report.pk, by=filler, at=self.at)

    def recall(self) -> None:
        report = self.report()
        if filler := self.fillers(report):
            reporting.recall_report(report.pk, by=filler, at=self.at)

    def submit(self) -> None:
        report = self.report()
        signers = {one.unit_id: one for one in (self.people.signer, self.people.bureau_signer)}
        if who := signers.get(report.unit_id) or self.fillers(report):
            reporting.submit_report(report.pk, by=who, at=self.at)

    def give_back(self) -> None:
        report = self.report()
        if number := report.submissions.count():
            review.return_report(
                report.pk, submission=number, reasons={None: "无数据"}, by=self.people.office, at=self.at
            )

    def accept(self) -> None:
        report = self.report()
        if number := report.submissions.count():
            review.accept_report(report.pk, submission=number, by=self.people.office, at=self.at)

    def ask(self) -> None:
        report = self.report()
        if filler := self.fillers(report):
            words = {"reason": "台风", "situation": "过半", "wanted_on": date(2024, 8, 1)}
            ask_extension(report.pk, **words, by=filler, at=self.at)

    def decide(self) -> None:
        if extension := Extension.objects.filter(state="asked").order_by("pk").first():
            if self.chance.random() < 0.5:
                grant_extension(extension.pk, until=date(2024, 8, 1), by=self.people.office, at=self.at)
            else:
                refuse_extension(extension.pk, decision="不予延期", by=self.people.office, at=self.at)

    def draft(self) -> None:
        """One stands open at a time; the suggestion that it follows is not what is tried here."""
        if not SupervisionNotice.objects.filter(state__in=OPEN_STATES).exists():
            SupervisionNotice.objects.create(
                issuer=self.plan.issuer, plan=self.plan, unit=self.people.filler.unit, thing=f"x:{self.at}",
                colour="blue", title="报送进展", grounds="逾期", requirement="请报送", drafted_by=self.people.office,
                drafted_at=self.at, reply_due_on=local_date(self.at) + timedelta(days=20),
            )  # fmt: skip

    def notice(self) -> None:
        if notice := SupervisionNotice.objects.order_by("-pk").first():
            move = self.chance.choice(NOTICE_MOVES)
            if move == "hear":
                until = local_date(self.at) + timedelta(days=5)
                ask_for_objection(notice.pk, objection_due_on=until, by=self.people.office, at=self.at)
            else:
                escalation_stage.step(notice, move, self.people, self.at)

    def desk(self) -> interview_steps.Desk:
        desk = object.__new__(interview_steps.Desk)
        desk.people, desk.at = self.people, self.at
        desk.proposed = Interview.objects.order_by("-pk")[0]
        return desk

    def propose(self) -> None:
        if not Interview.objects.exclude(state__in=["closed", "withdrawn"]).exists():
            interview_steps.Desk(self.people, self.plan, self.at)

    def interview(self) -> None:
        if Interview.objects.exists():
            name = self.chance.choice(["notify", "notify", "record", "demand", "demand", "close", "withdraw"])
            demands = [Demand("成立专班", local_date(self.at) + timedelta(days=9))]
            getattr(self.desk(), name)(**({"demands": demands} if name == "demand" else {}))

    def item(self) -> None:
        if item := Matter.objects.corrections().order_by("-pk").first():
            move = self.chance.choice(["answer", "answer", "verify", "refuse"])
            getattr(self.desk(), move)(item)

    def close_unit(self) -> None:
        if self.chance.random() < 0.15:
            unit = self.people.filler.unit
            unit.refresh_from_db()
            set_active(unit, not unit.is_active, by=self.people.admin, at=self.at)


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(number, marks=pytest.mark.soak) for number in range(1, 20))]
)
def test_whatever_leaves_was_owed_when_it_left(seed, period, plan, people, units, monkeypatch):
    load_official_days([2024], by=None, at=START)
    story = Story(seed, people, plan, units)

    class Watched(EmailChannel):
        """Sends, after it was looked whether that is right; and life goes on between two letters."""

        def send(self, letter):
            [delivery] = Delivery.objects.filter(pk=int(letter.identity[10:].partition("@")[0]))
            rows = Reminder.objects.filter(message=delivery.message)
            owed = [row for row in rows if is_owed(row, story.at)]
            assert owed, f"{letter.subject} to {letter.address}: {list(rows)}"
            assert delivery.message.unit.is_active
            story.left += [row.kind for row in owed]
            super().send(letter)
            story.move()

    monkeypatch.setitem(channels.CHANNELS, Channel.EMAIL, Watched)
    for day in range(1, 31):
        story.at = START + timedelta(days=day - 1)
        if story.at.weekday() >= 5:
            continue
        reporting.open_due_periods(at=story.at)
        actions.compose_reminders(at=story.at)
        for _ in range(4):
            story.move()
        story.at += timedelta(hours=1)
        deliver_messages(at=story.at)
    assert len(mail.outbox) > 5
    assert next(story.done) > 20
    assert len(set(story.left)) > 1
