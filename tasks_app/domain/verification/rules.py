"""Decides: what a request to verify lacks, and what an answer to it lacks."""

from collections.abc import Collection
from datetime import date

from tasks_app.models import Plan, Unit

ASKED_FOR = "请核实所报的进展和数字是否属实。"
NEWER = "该单位已重新报送，请刷新页面，看过最新内容后再核实。"


def missing_for_asking(
    plan: Plan, addressee: Unit, leading: Collection[Unit], text: str, due_on: date, today: date
) -> list[str]:
    """Return in words what stands against asking `addressee`, of the units `leading` in the task; empty if nothing."""
    missing = [] if text.strip() else ["请写明请核实什么。"]
    if addressee not in leading:
        missing.append("只能请这项任务的牵头单位核实，也不能请填报单位核实自己。")
    if due_on < today:
        missing.append("核实时限不能早于今天。")
    if plan.closed_at is not None:
        missing.append("本年度工作已经办结，不再核实。")
    return missing


def missing_for_answer(holds: bool, text: str) -> list[str]:
    """Return in words what an answer lacks; empty when nothing."""
    return [] if holds or text.strip() else ["不符的请写明哪里不符、依据是什么。"]


def summed_up(holding: int, differing: int) -> str:
    """Return what was found of a task of all units."""
    return f"逐项核实完毕：属实{holding}项，不符{differing}项。"
