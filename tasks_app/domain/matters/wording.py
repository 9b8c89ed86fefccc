"""Words: what the ledger (台账) shows of a step, made of somebody's own words and of what was settled, kept as data."""

from collections.abc import Callable
from datetime import date

from tasks_app.choices import StepKind
from tasks_app.clock import day_and_weekday
from tasks_app.models import Step

NO_OBJECTION = "无异议"
HOLDS = {True: "属实", False: "不符"}
ANSWER_TO_OBJECTION = "对申辩的答复"


def words_of(step: Step) -> str:
    """Return what `step` says, "" when its kind says it all."""
    return SAID.get(StepKind(step.kind), _own_words)(step)


def refusal(step: Step) -> str:
    """Return why an answer would not do, and until when another is wanted."""
    limit = date.fromisoformat(step.data["due_on"])
    return f"{step.text}\n新的整改时限：{day_and_weekday(limit)}"


def _own_words(step: Step) -> str:
    return step.text


def _objection(step: Step) -> str:
    return NO_OBJECTION if step.data.get("agrees") else step.text


def _issue(step: Step) -> str:
    answer = step.data.get("answer", "")
    return "\n".join(filter(None, (step.text, answer and f"{ANSWER_TO_OBJECTION}：{answer}")))


def _report(step: Step) -> str:
    return f"第 {step.matter.number} 项：{step.text}" if step.matter else step.text


def _verification(step: Step) -> str:
    if step.matter is None or "passed" not in step.data:
        return step.text
    item = f"第 {step.matter.number} 项"
    if step.data["passed"]:
        return "：".join(filter(None, (f"{item}通过", step.text)))
    return f"{item}未通过：{refusal(step)}"


def _answer(step: Step) -> str:
    """Return an answer; of one that says whether something holds, that first."""
    if "holds" not in step.data:
        return step.text
    return "：".join(filter(None, (HOLDS[step.data["holds"]], step.text)))


def _referral(step: Step) -> str:
    return "：".join(filter(None, (f"转{step.data['to']}办理", step.text)))


def _rework(step: Step) -> str:
    limit = date.fromisoformat(step.data["due_on"])
    return f"{step.text}\n新的时限：{day_and_weekday(limit)}"


SAID: dict[StepKind, Callable[[Step], str]] = {
    StepKind.ANSWER: _answer,
    StepKind.REFER: _referral,
    StepKind.REWORK: _rework,
    StepKind.OBJECT: _objection,
    StepKind.ISSUE: _issue,
    StepKind.CORRECT: _report,
    StepKind.VERIFY: _verification,
}
