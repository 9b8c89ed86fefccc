"""Decides what a seed draws (docs/adr/0033), and what a drawing lacks."""

import re
from collections.abc import Iterable
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

MOST = 200
SEED = re.compile(r"[0-9A-Za-z-]{1,32}")


class Lot(NamedTuple):
    """One entry that may be drawn: its unit's code and its task's number name it to everybody."""

    unit: str
    task: int
    entry: int


def drawn(seed: str, lots: Iterable[Lot], *, count: int, per_unit: bool) -> list[Lot]:
    """Return the first `count` of `lots`, of all or of each unit, in the order in which `seed` draws them."""
    ordered = sorted(lots, key=lambda lot: ticket(seed, lot))
    if not per_unit:
        return ordered[:count]
    units = groupby(sorted(ordered, key=lambda lot: lot.unit), lambda lot: lot.unit)
    chosen = {lot.entry for _, of_unit in units for lot in list(of_unit)[:count]}
    return [lot for lot in ordered if lot.entry in chosen]


def ticket(seed: str, lot: Lot) -> str:
    """Return by what an entry is drawn, the smallest first: SHA-256 of 种子:单位代码:任务序号 in UTF-8, in hex."""
    return sha256(f"{seed}:{lot.unit}:{lot.task}".encode()).hexdigest()


def missing_for_drawing(seed: str, count: int, lots: int) -> list[str]:
    """Return in words what stands against a drawing."""
    faults = []
    if not SEED.fullmatch(seed):
        faults.append("种子请用 32 个以内的字母、数字或连字符。")
    if not 1 <= count <= MOST:
        faults.append(f"抽取项数请填 1 到 {MOST}。")
    if not lots:
        faults.append("本期还没有单位报送，没有可以抽查的内容。")
    return faults
