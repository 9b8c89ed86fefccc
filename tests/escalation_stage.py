"""A late report on the small plan, and its 督查单 led to any state by the moves that people make."""

from datetime import date, datetime, time, timedelta
from typing import Any

from tasks_app.choices import NoticeState
from tasks_app.clock import SHANGHAI
from tasks_app.domain.escalation import actions
from tasks_app.domain.escalation.candidates import candidate_of
from tasks_app.domain.escalation.rules import filing_thing
from tasks_app.models import Report, SupervisionNotice

S = NoticeState
LIMIT = date(2024, 7, 25)  # of the first half-year's report; a Thursday
LATE = datetime(2024, 8, 1, 10, 0, tzinfo=SHANGHAI)  # five working days after it
HEARD_UNTIL, REPLY_BY = date(2024, 8, 6), date(2024, 8, 20)
TEXT = {"title": "填报逾期未报", "grounds": "时限：7月25日", "requirement": "请补报。"}
# How a 督查单 comes to each state, from the one before.
PATHS = {
    S.DRAFT: [],
    S.HEARING: ["hear"],
    S.ISSUED: ["hear", "agree", "issue"],
    S.ACKNOWLEDGED: ["hear", "agree", "issue", "acknowledge"],
    S.REPLIED: ["hear", "agree", "issue", "acknowledge", "reply"],
    S.CLOSED: ["hear", "agree", "issue", "acknowledge", "reply", "accept"],
    S.RAISED: ["hear", "agree", "issue", "acknowledge", "reply", "raise"],
    S.WITHDRAWN: ["hear", "withdraw"],
}


def on(day: date) -> datetime:
    """Return ten o'clock in Shanghai on `day`."""
    return datetime.combine(day, time(10), SHANGHAI)


def draft(report: Report, *, by, at: datetime = LATE, **given: Any) -> SupervisionNotice:
    """Draft a blue 督查单 about `report`, which was not filed."""
    fields = {**TEXT, "colour": "blue", "reply_due_on": REPLY_BY, **given}
    return actions.draft_notice(filing_thing(report), **fields, by=by, at=at)


def step(notice: SupervisionNotice, move: str, people, at: datetime = LATE) -> SupervisionNotice:
    """Make one move, by whoever makes it."""
    office, unit = {"by": people.office, "at": at}, {"by": people.filler, "at": at}
    pk = notice.pk
    later = REPLY_BY + timedelta(days=7)
    return {
        "hear": lambda: actions.ask_for_objection(pk, objection_due_on=HEARD_UNTIL, **office),
        "agree": lambda: actions.agree_to_notice(pk, **unit),
        "object": lambda: actions.object_to_notice(pk, text="数据口径有变。", **unit),
        "issue": lambda: actions.issue_notice(pk, **office),
        "acknowledge": lambda: actions.acknowledge(pk, **unit),
        "reply": lambda: actions.reply(pk, text="正在补报。", **unit),
        "refuse": lambda: actions.refuse_reply(pk, reason="没有写明时间。", reply_due_on=later, **office),
        "accept": lambda: actions.accept_reply(pk, **office),
        "raise": lambda: actions.raise_notice(
            pk, reason="没有写明时间。", **TEXT, reply_due_on=later, **office
        ),
        "withdraw": lambda: actions.withdraw_notice(pk, reason="已另行处理。", **office),
    }[move]()


def bring_to(state: str, report: Report, people, at: datetime = LATE) -> SupervisionNotice:
    """Return a 督查单 about `report` of people.filler's unit that stands in `state`."""
    notice = draft(report, by=people.office, at=at)
    for move in PATHS[NoticeState(state)]:
        step(notice, move, people, at)
    return SupervisionNotice.objects.get(pk=notice.pk)


def grounds(issuer, thing: str, at: datetime) -> dict[str, str]:
    """Return the grounds of one candidate by label; the last of several with one label."""
    found = candidate_of(issuer, thing, at)
    assert found is not None, thing
    return dict(found.lines)
