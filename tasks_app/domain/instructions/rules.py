"""Decides: what an instruction lacks, and what is asked for once more."""

from datetime import date

from tasks_app.models import Plan


def missing_for_instruction(plan: Plan, text: str, due_on: date, today: date) -> list[str]:
    """Return in words what stands against asking for `text` by `due_on`; empty when nothing does."""
    missing = [] if text.strip() else ["请写明批示内容。"]
    if due_on < today:
        missing.append("办理时限不能早于今天。")
    if plan.closed_at is not None:
        missing.append("本年度工作已经办结，不再批办。")
    return missing


def missing_for_rework(text: str, due_on: date, today: date) -> list[str]:
    """Return in words what stands against asking once more; empty when nothing does."""
    missing = [] if text.strip() else ["请写明还要办什么。"]
    if due_on < today:
        missing.append("新的时限不能早于今天。")
    return missing
