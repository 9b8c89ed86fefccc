"""The table of states × people × moves, cell by cell, at the addresses people use: what may happen, does; no more."""

import pytest
from django.db import transaction
from django.urls import reverse

from tasks_app.choices import ReportState
from tasks_app.domain.moves import ReportMove as Move
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.review import actions as review
from tasks_app.models import AuditEvent, Report, ReturnReason

M, S = Move, ReportState
WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}

# Who may make which move, and where it leads: {state: {move: (who, state after)}}. Everything else is refused.
# A report can stand at its signer's for the first time or after a return; a recall leads back to where it was.
SIGNED = {
    "draft": {M.SAVE: ("filler", S.DRAFT), M.REQUEST_SIGNATURE: ("filler", S.SIGNING)},
    "signing": {
        M.RECALL: ("filler", S.DRAFT),
        M.REFUSE_SIGNATURE: ("signer", S.DRAFT),
        M.SUBMIT: ("signer", S.SUBMITTED),
    },
    "submitted": {M.RETURN: ("office", S.RETURNED), M.ACCEPT: ("office", S.ACCEPTED)},
    "returned": {M.SAVE: ("filler", S.RETURNED), M.REQUEST_SIGNATURE: ("filler", S.SIGNING)},
    "signing again": {
        M.RECALL: ("filler", S.RETURNED),
        M.REFUSE_SIGNATURE: ("signer", S.RETURNED),
        M.SUBMIT: ("signer", S.SUBMITTED),
    },
    "accepted": {M.REOPEN: ("office", S.RETURNED)},
}
UNSIGNED = {
    "draft": {M.SAVE: ("filler", S.DRAFT), M.SUBMIT: ("filler", S.SUBMITTED)},
    "submitted": SIGNED["submitted"],
    "returned": {M.SAVE: ("filler", S.RETURNED), M.SUBMIT: ("filler", S.SUBMITTED)},
    "accepted": SIGNED["accepted"],
}
OTHERS = ("stranger", "leader", "admin", "auditor")
ADDRESS = {
    M.SAVE: "report_save_entry",
    M.REQUEST_SIGNATURE: "report_request_signature",
    M.RECALL: "report_recall",
    M.REFUSE_SIGNATURE: "report_refuse_signature",
    M.SUBMIT: "report_submit",
    M.RETURN: "review_return",
    M.ACCEPT: "review_accept",
    M.REOPEN: "review_reopen",
}


class Cell:
    """One report in one state, with everybody who could try something, each with a browser."""

    def __init__(self, report: Report, crew: dict, login, at) -> None:
        self.report, self.crew, self.at = report, crew, at
        self.browsers = {who: login(person) for who, person in crew.items()}

    def bring_to(self, state: str) -> None:
        """Lead the report to `state` by the moves that people make."""
        for entry in self.report.entries.all():
            values = {"values": WORDS, "version": entry.version}
            reporting.save_entry(self.report.pk, entry.pk, **values, by=self.crew["filler"], at=self.at)
        if state in ("submitted", "returned", "signing again", "accepted"):
            self._file()
        if state in ("returned", "signing again"):
            given = {"submission": 1, "reasons": {None: "无数据"}}
            review.return_report(self.report.pk, **given, by=self.crew["office"], at=self.at)
        if state in ("signing", "signing again"):
            reporting.request_signature(self.report.pk, by=self.crew["filler"], at=self.at)
        if state == "accepted":
            review.accept_report(self.report.pk, submission=1, by=self.crew["office"], at=self.at)

    def _file(self) -> None:
        if "signer" in self.crew:
            reporting.request_signature(self.report.pk, by=self.crew["filler"], at=self.at)
        author = self.crew.get("signer", self.crew["filler"])
        reporting.submit_report(self.report.pk, by=author, at=self.at)

    def attempt(self, who: str, move: Move) -> tuple[int, dict]:
        """Let `who` try `move`; return the answer's status and what stands in the database, then undo it."""
        entry = self.report.entries.order_by("task__number").first()
        form = {
            M.SAVE: {**WORDS, "progress": "会商2次。", "version": entry.version},
            M.REFUSE_SIGNATURE: {"reason": "请补充"},
            M.RETURN: {"submission": 1, "overall": "请补充"},
            M.ACCEPT: {"submission": 1},
            M.REOPEN: {"submission": 1, "reason": "数据有误"},
        }.get(move, {})
        args = [self.report.pk, entry.pk] if move is M.SAVE else [self.report.pk]
        headers = {"HX-Request": "true"} if move is M.SAVE else {}
        savepoint = transaction.savepoint()
        answer = self.browsers[who].post(reverse(ADDRESS[move], args=args), form, headers=headers)
        found = self.stored()
        transaction.savepoint_rollback(savepoint)
        return answer.status_code, found

    def stored(self) -> dict:
        """Return everything that a move could change."""
        report = Report.objects.get(pk=self.report.pk)
        return {
            "state": report.state,
            "entries": list(report.entries.order_by("pk").values_list("progress", "version")),
            "submissions": list(report.submissions.values_list("receipt", "fingerprint")),
            "reasons": ReturnReason.objects.filter(submission__report=report).count(),
            "dates": (report.due_on, report.submitted_at, report.returned_at, report.accepted_at),
            "events": AuditEvent.objects.count(),
        }


@pytest.fixture
def cell_of(period, people, login, at):
    """`cell_of("signed")` is 将乐县's report with the county's signer, `cell_of("unsigned")` 三元区's."""

    def make(kind: str) -> Cell:
        reporting.open_due_periods(at=at)
        crew = {"office": people.office, "leader": people.leader, "admin": people.admin}
        crew |= {"auditor": people.auditor}
        if kind == "signed":
            crew |= {"filler": people.filler, "signer": people.signer, "stranger": people.other_filler}
        else:
            crew |= {"filler": people.other_filler, "stranger": people.filler}
        report = Report.objects.get(unit=crew["filler"].unit)
        return Cell(report, crew, login, at)

    return make


def test_every_move_and_every_state_stands_in_the_table():
    assert set(ADDRESS) == set(Move)
    assert {move for table in (SIGNED, UNSIGNED) for row in table.values() for move in row} == set(Move)
    assert {state.split()[0] for state in SIGNED} == set(ReportState)


@pytest.mark.parametrize(
    ("kind", "state"), [("signed", state) for state in SIGNED] + [("unsigned", state) for state in UNSIGNED]
)
def test_the_cells_of(kind, state, cell_of):
    cell = cell_of(kind)
    cell.bring_to(state)
    row = (SIGNED if kind == "signed" else UNSIGNED)[state]
    before = cell.stored()
    assert before["state"] == state.split()[0].replace("signing again", "signing")
    for who in cell.crew:
        for move in Move:
            status, after = cell.attempt(who, move)
            assert status in (200, 302, 404), (who, move)
            allowed, leads_to = row.get(move, ("nobody", None))
            if who != allowed:
                assert after == before, (who, move)
                assert status == 404 or who not in OTHERS, (who, move)
                continue
            assert (after["state"], after["events"]) == (leads_to, before["events"] + 1), (who, move)
            assert len(after["submissions"]) - len(before["submissions"]) == (move is M.SUBMIT)
            assert after["submissions"][: len(before["submissions"])] == before["submissions"]
            assert (after["entries"] != before["entries"]) == (move is M.SAVE)
