"""Decides: what is missing before each move of a 约谈, what it is called, what is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from tasks_app.choices import MatterState
from tasks_app.clock import SHANGHAI, day_and_weekday
from tasks_app.domain.escalation.rules import why_not_limit
from tasks_app.domain.matters.rules import is_settled, was_refused
from tasks_app.domain.matters.wording import refusal
from tasks_app.models import Interview, Matter, Step, Unit

# The word of the issuing office in its numbers (发文机关代字).
DOCUMENT_WORD = "明医改约"


@dataclass(frozen=True)
class Demand:
    """One item of the list of corrections, as it is demanded."""

    text: str
    due_on: date


def document_number(interview: Interview) -> str:
    """Return 发文字号, such as 明医改约〔2024〕1号; "" before the unit was notified."""
    return f"{DOCUMENT_WORD}〔{interview.year}〕{interview.number}号" if interview.number else ""


def own_thing(unit: Unit, title: str) -> str:
    """Return the key of a matter that follows from no 督查单: the same words about the same unit are one thing."""
    return f"unit:{unit.pk}:{sha256(title.strip().encode()).hexdigest()[:16]}"


def refusal_of(item: Matter, steps: Sequence[Step]) -> str:
    """Return why the last report on `item` was not accepted, from `steps` in their order; "" unless that stands."""
    if not was_refused(item):
        return ""
    said = [step for step in steps if step.matter_id == item.pk and step.data.get("passed") is False]
    return refusal(said[-1]) if said else ""


def missing_for_proposal(title: str, grounds: str) -> list[str]:
    """Return what is missing before a 约谈 can be proposed."""
    return _unwritten({"请填写约谈事由。": title, "请写明约谈依据。": grounds})


def missing_for_notice(
    *, interviewee: str, interviewer: str, planned_at: datetime, place: str, at: datetime
) -> list[str]:
    """Return what is missing before the unit can be notified at the moment `at`."""
    missing = _unwritten(
        {
            "请填写被约谈人的姓名、职务。": interviewee,
            "请填写约谈人的姓名、职务。": interviewer,
            "请填写约谈地点。": place,
        }
    )
    if planned_at <= at:
        missing.append(f"约谈时间（{moment_in_words(planned_at)}）已过，请填写以后的时间。")
    return missing


def missing_for_record(
    *, held_on: date, record: str, interviewee: str, interviewer: str, proposed_on: date, today: date
) -> list[str]:
    """Return what is missing before a 约谈 can be put on record."""
    missing = _unwritten(
        {
            "请填写实际到场的被约谈人。": interviewee,
            "请填写实际主持的约谈人。": interviewer,
            "请填写约谈记录。": record,
        }
    )
    if held_on > today:
        missing.append(f"{day_and_weekday(held_on)}还没有到，约谈以后再填写记录。")
    if held_on < proposed_on:
        missing.append(f"约谈日期不能早于提出约谈的日期（{day_and_weekday(proposed_on)}）。")
    return missing


def missing_for_demand(demands: Sequence[Demand], today: date) -> list[str]:
    """Return what is missing before a list of corrections can be given to the unit."""
    if not demands:
        return ["请至少填写一项整改事项和时限。"]
    missing = []
    for position, demand in enumerate(demands, start=1):
        if not demand.text.strip():
            missing.append(f"第 {position} 行没有写整改事项。")
        if sentence := why_not_limit(demand.due_on, today):
            missing.append(f"第 {position} 行：{sentence}")
    return missing


def missing_for_answer(correction: Matter, text: str) -> list[str]:
    """Return what is missing before the unit can report on an item; it may mend its report until it is verified."""
    if is_settled(correction):
        return [f"第 {correction.number} 项已经核验，不需要再报告。"]
    return _unwritten({"请写明整改情况。": text})


def missing_for_verification(correction: Matter) -> list[str]:
    """Return what is missing before an item can be verified or refused."""
    if is_settled(correction):
        return [f"第 {correction.number} 项已经核验。"]
    if correction.state != MatterState.ANSWERED:
        return [f"第 {correction.number} 项还没有报告整改情况，不能核验。"]
    return []


def missing_for_refusal(correction: Matter, reason: str, due_on: date, today: date) -> list[str]:
    """Return what is missing before what the unit reported on an item can be refused."""
    missing = missing_for_verification(correction) or _unwritten(
        {"请写明核验未通过的理由，单位会看到。": reason}
    )
    if sentence := why_not_limit(due_on, today):
        missing.append(sentence)
    return missing


def missing_for_close(corrections: Sequence[Matter], reason: str) -> list[str]:
    """Return what is missing before a 约谈 is over (销号): every item verified, or a reason why there is none."""
    return (
        unverified(corrections) if corrections else _unwritten({"没有整改事项的，请写明销号的理由。": reason})
    )


def unverified(corrections: Iterable[Matter]) -> list[str]:
    """Return which of `corrections` still keep a 约谈 from its end, a sentence each."""
    return [
        f"第 {item.number} 项{'已报告，还没有核验' if item.state == MatterState.ANSWERED else '还没有报告整改情况'}。"
        for item in corrections
        if not is_settled(item)
    ]


def missing_for_withdrawal(reason: str) -> list[str]:
    """Return what is missing before a 约谈 can be given up."""
    return _unwritten({"请写明取消约谈的理由。": reason})


def moment_in_words(at: datetime) -> str:
    """Return a moment in Shanghai as it stands in a document, with its weekday."""
    local = at.astimezone(SHANGHAI)
    return f"{day_and_weekday(local.date())}{local:%H:%M}"


def _unwritten(wanted: dict[str, str]) -> list[str]:
    return [sentence for sentence, text in wanted.items() if not text.strip()]
