"""Random people make random moves, also stale ones: nothing submitted is ever lost, changed or duplicated."""

from copy import deepcopy
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tasks_app.choices import AuditAction, ReportState
from tasks_app.domain.reporting import actions as reporting
from tasks_app.models import AuditEvent, Report, ReturnReason, Submission

S, A = ReportState, AuditAction
UNITS = ("将乐县", "三元区")  # the second has no signer
PEOPLE = ("filler", "signer", "other_filler", "bureau_filler", "bureau_signer", "office", "leader", "admin")
# Blank words make an entry incomplete, and with it the report.
TEXTS = ("", " \n", "专班已组建。", "会商2次，形成纪要2份。", "=1+1 <b>粗</b> 😀", "行一\n行二")
STEPS = {
    "request": "report_request_signature",
    "recall": "report_recall",
    "refuse": "report_refuse_signature",
    "submit": "report_submit",
    "return": "review_return",
    "accept": "review_accept",
    "reopen": "review_reopen",
}


@dataclass
class Expected:
    """What one report must hold, worked out here and not by the program."""

    filler: str
    signer: str | None
    state: str = S.DRAFT
    texts: list[str] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    was_returned: bool = False
    submitted: list[list[str]] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    reasons: int = 0
    events: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.state in (S.DRAFT, S.RETURNED)

    @property
    def is_complete(self) -> bool:
        return all(text.strip() for text in self.texts)

    def allows(self, who: str, step: str, is_stale: bool) -> bool:
        """Tell whether `who` may make `step` now; `is_stale`: the office looks at an older submission."""
        author = self.signer if self.signer else self.filler
        return {
            "request": bool(self.signer) and who == self.filler and self.is_open and self.is_complete,
            "recall": who == self.filler and self.state == S.SIGNING,
            "refuse": who == self.signer and self.state == S.SIGNING,
            "submit": who == author
            and (self.state == S.SIGNING if self.signer else self.is_open)
            and self.is_complete,
            "return": who == "office" and self.state == S.SUBMITTED and not is_stale,
            "accept": who == "office" and self.state == S.SUBMITTED and not is_stale,
            "reopen": who == "office" and self.state == S.ACCEPTED and not is_stale,
        }[step]

    def make(self, step: str) -> None:
        """Take over what an allowed `step` does."""
        back = S.RETURNED if self.was_returned else S.DRAFT
        self.state = {
            "request": S.SIGNING,
            "recall": back,
            "refuse": back,
            "submit": S.SUBMITTED,
            "return": S.RETURNED,
            "accept": S.ACCEPTED,
            "reopen": S.RETURNED,
        }[step]
        self.events.append(
            {
                "request": A.REPORT_SIGN_REQUEST,
                "recall": A.REPORT_RECALL,
                "refuse": A.REPORT_SIGN_REFUSE,
                "submit": A.REPORT_SUBMIT,
                "return": A.REPORT_RETURN,
                "accept": A.REPORT_ACCEPT,
                "reopen": A.REPORT_REOPEN,
            }[step]
        )
        if step == "submit":
            self.submitted.append(list(self.texts))
            self.was_returned = False
        if step in ("return", "reopen"):
            self.was_returned, self.reasons = True, self.reasons + 1


class ReportMachine(RuleBasedStateMachine):
    """Drives the program through its addresses and a model of it side by side."""

    stage: ClassVar[SimpleNamespace]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.models = deepcopy(self.stage.models)
        self.kept: dict[str, tuple[Any, str]] = {}  # receipt → content and fingerprint as first seen

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def post(self, who: str, name: str, args: list[int], form: dict[str, Any]) -> int:
        browser = self.stage.browsers[who]
        headers = {"HX-Request": "true"} if name == "report_save_entry" else {}
        answer = browser.post(reverse(name, args=args), form, headers=headers)
        browser.cookies.pop("messages", None)  # nobody opens a page that would show them
        return answer.status_code

    @rule(
        who=st.sampled_from(PEOPLE),
        unit=st.sampled_from(UNITS),
        box=st.integers(0, 1),
        text=st.sampled_from(TEXTS),
        behind=st.sampled_from([0, 0, 0, 1, 2]),
    )
    def save(self, who: str, unit: str, box: int, text: str, behind: int) -> None:
        """Somebody saves a box, perhaps from a page that is some versions behind."""
        model, report = self.models[unit], self.stage.reports[unit]
        version = max(0, model.versions[box] - behind)
        form = {"progress": text, "forecast": "", "status": "on_track", "remarks": "", "version": version}
        status = self.post(who, "report_save_entry", [report, self.stage.entries[unit][box]], form)
        assert status == (200 if who == model.filler else 404)
        is_current = version == model.versions[box]
        is_new = text != model.texts[box] or model.versions[box] == 0  # the first save brings the status
        if who == model.filler and model.is_open and is_current and is_new:
            model.texts[box] = text
            model.versions[box] += 1
            model.events.append(A.REPORT_SAVE)

    # The right person more often than chance would have it: otherwise most runs end before the office.
    @rule(unit=st.sampled_from(UNITS), box=st.integers(0, 1), text=st.sampled_from(TEXTS[2:]))
    def fill(self, unit: str, box: int, text: str) -> None:
        """The unit's filler writes something into a box."""
        self.save(self.models[unit].filler, unit, box, text, 0)

    @rule(
        who=st.sampled_from(PEOPLE),
        unit=st.sampled_from(UNITS),
        step=st.sampled_from(sorted(STEPS)),
        is_stale=st.sampled_from([False, False, True]),
    )
    def attempt(self, who: str, unit: str, step: str, is_stale: bool) -> None:
        """Somebody tries a step, perhaps looking at an older submission."""
        model, report = self.models[unit], self.stage.reports[unit]
        seen = len(model.submitted) - is_stale
        form = {"submission": seen, "overall": "请补充数据", "reason": "请补充数据"}
        status = self.post(who, STEPS[step], [report], form)
        assert status in (200, 302, 404)
        if model.allows(who, step, is_stale):
            model.make(step)

    @rule(
        unit=st.sampled_from(UNITS),
        twice=st.booleans(),
        accepts=st.booleans(),
        is_stale=st.sampled_from([False, False, True]),
    )
    def move_on(self, unit: str, twice: bool, accepts: bool, is_stale: bool) -> None:
        """Whoever's turn it is does what is next, perhaps with a double click or after a newer submission."""
        model = self.models[unit]
        if model.is_open:
            who, step = (model.filler, "request") if model.signer else (model.filler, "submit")
        elif model.state == S.SIGNING:
            who, step = model.signer, "submit"
        elif model.state == S.SUBMITTED:
            who, step = "office", "accept" if accepts else "return"
        else:
            who, step = "office", "reopen"
        for _ in range(1 + twice):
            self.attempt(who, unit, step, is_stale)

    @initialize()
    def everybody_has_begun(self) -> None:
        """Filled in halves and wholes by chance would take most of a run."""
        for unit in UNITS:
            for box, text in enumerate(TEXTS[2:4]):
                self.fill(unit, box, text)

    @invariant()
    def nothing_is_lost_changed_or_duplicated(self) -> None:
        for unit, model in self.models.items():
            report = Report.objects.get(pk=self.stage.reports[unit])
            assert report.state == model.state
            entries = report.entries.order_by("task__number").values_list("progress", "version")
            assert list(entries) == list(zip(model.texts, model.versions, strict=True))
            submissions = list(report.submissions.order_by("number"))
            words = [[entry["progress"] for entry in one.content["entries"]] for one in submissions]
            assert words == model.submitted
            assert [one.number for one in submissions] == list(range(1, len(submissions) + 1))
            for one in submissions:
                assert self.kept.setdefault(one.receipt, (one.content, one.fingerprint)) == (
                    one.content,
                    one.fingerprint,
                )

    @invariant()
    def receipts_are_unique_and_the_trail_is_complete(self) -> None:
        receipts = list(Submission.objects.values_list("receipt", flat=True))
        assert len(receipts) == len(set(receipts)) == len(self.kept)
        for unit, model in self.models.items():
            events = AuditEvent.objects.filter(target_kind="report", target_id=self.stage.reports[unit])
            assert list(events.order_by("id").values_list("action", flat=True)) == model.events
        reasons = sum(model.reasons for model in self.models.values())
        assert ReturnReason.objects.count() == reasons


@pytest.fixture
def stage(period, people, login, at) -> SimpleNamespace:
    """The reports, opened and untouched, and a browser for everybody."""
    reporting.open_due_periods(at=at)
    reports = {unit: Report.objects.get(unit__name=unit) for unit in UNITS}
    crew = {
        "将乐县": ("filler", "signer"),
        "三元区": ("other_filler", None),
    }
    entries = {
        unit: list(report.entries.order_by("task__number").values_list("pk", flat=True))
        for unit, report in reports.items()
    }
    return SimpleNamespace(
        browsers={who: login(getattr(people, who)) for who in PEOPLE},
        reports={unit: report.pk for unit, report in reports.items()},
        entries=entries,
        models={
            unit: Expected(*crew[unit], texts=[""] * len(pks), versions=[0] * len(pks))
            for unit, pks in entries.items()
        },
    )


def drive(stage: SimpleNamespace, *, runs: int, moves: int, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    machine = type("Machine", (ReportMachine,), {"stage": stage})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=moves,
            deadline=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_random_people_make_random_moves(stage):
    # A failure is shown as it was found: to make it small takes minutes.
    drive(stage, runs=4, moves=30, phases=(Phase.reuse, Phase.generate))


@pytest.mark.soak
def test_random_people_make_random_moves_for_minutes(stage):
    drive(stage, runs=300, moves=60)
