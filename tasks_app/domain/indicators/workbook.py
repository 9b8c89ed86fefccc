"""Looks at 填报口径 in a workbook: what is drawn from a plan, and what one that came back would change."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any

from tasks_app.choices import Reporters, Total
from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.gathering_sheet import (
    CHOSEN,
    KEY,
    SheetRow,
    gathering_workbook,
    read_gathering_workbook,
)
from tasks_app.domain.moves import Refused
from tasks_app.language.text import squash
from tasks_app.language.typed import typed_number
from tasks_app.models import Plan

from .gathering import Gathering, UnitPart, gathering_faults, in_words, plain_number, settled
from .gatherings import GatheringRow, gathering_rows


@dataclass(frozen=True, slots=True)
class GatheringChange:
    """What would become of one number: {what: before, after}."""

    name: str
    words: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class GatheringUpload:
    """What a file would change, and what is wrong with it; with a fault nothing of it may be written."""

    file_name: str
    wanted: Mapping[int, Gathering] = field(default_factory=dict)
    seen: Mapping[int, str] = field(default_factory=dict)
    changes: Sequence[GatheringChange] = ()
    faults: Sequence[str] = ()

    def to_plain(self) -> dict[str, Any]:
        """Return it as a session holds it."""
        return {
            **asdict(replace(self, wanted={})),
            "wanted": {key: _plain(gathering) for key, gathering in self.wanted.items()},
        }


def from_plain(kept: Mapping[str, Any]) -> GatheringUpload:
    """Return what `to_plain` gave; JSON has made text of all keys."""
    return GatheringUpload(
        file_name=kept["file_name"],
        wanted={int(key): _gathering(values) for key, values in kept["wanted"].items()},
        seen={int(key): mark for key, mark in kept["seen"].items()},
        changes=[GatheringChange(**each) for each in kept["changes"]],
        faults=kept["faults"],
    )


def drawn_workbook(plan: Plan) -> bytes:
    """Return the workbook of `plan` as it is decided, or proposed, now."""
    rows = gathering_rows(plan)
    choices = {
        "谁报": [str(each) for each in Reporters.labels],
        "怎样汇总": [str(each) for each in Total.labels],
    }
    return gathering_workbook(
        [_cells(row) for row in rows], [cells for row in rows for cells in _part_cells(row)], choices
    )


def read_workbook(plan: Plan, data: bytes, *, file_name: str) -> GatheringUpload:
    """Return what a file would change of `plan`. Raises Refused when it is none of ours."""
    try:
        numbers, parts = read_gathering_workbook(data, file_name=file_name)
    except UnreadableDocument as error:
        raise Refused(str(error)) from error
    reader = _GatheringLines({row.indicator.pk: row for row in gathering_rows(plan)})
    for line in numbers:
        reader.number(line)
    for line in parts:
        reader.part(line)
    return reader.upload(file_name[:150])


class _GatheringLines:
    """Takes the lines one after another; what cannot be understood becomes a sentence with its place."""

    def __init__(self, rows: Mapping[int, GatheringRow]) -> None:
        self.rows = rows
        self.wanted: dict[int, Gathering] = {}
        self.parts: dict[int, dict[int, UnitPart]] = defaultdict(dict)
        self.faults: list[str] = []

    def number(self, line: SheetRow) -> None:
        if (row := self._row(line)) is None:
            return
        reporters = self._choice(line, "谁报", Reporters)
        total = self._choice(line, "怎样汇总", Total)
        owner = self._unit(line, "报数单位", row) if line.cells["报数单位"] else None
        baseline, source = self._number(line, "基数", row.indicator.unit), line.cells["数据来源"][:200]
        if row.indicator.pk in self.wanted:
            self.faults.append(f"{line.place}：编号重复，一项指标只能有一行。")
        parts = row.gathering.parts
        self.wanted[row.indicator.pk] = Gathering(reporters, total, owner, baseline, source, parts)

    def part(self, line: SheetRow) -> None:
        if (row := self._row(line)) is None or (unit := self._unit(line, "单位", row)) is None:
            return
        said = self.parts[row.indicator.pk]
        chosen = line.cells["选定"]
        if chosen not in ("", CHOSEN):
            self.faults.append(f"{line.place}：“选定”只写“{CHOSEN}”或留空。")
        target = self._number(line, "份额", row.indicator.unit)
        denominator = self._number(line, "分母", "")
        if unit in said:
            self.faults.append(f"{line.place}：同一项指标里这个单位写了两行。")
        if chosen or target is not None or denominator is not None:
            said[unit] = UnitPart(target, denominator)

    def upload(self, file_name: str) -> GatheringUpload:
        """Return what all lines together would change."""
        wanted, seen, changes = {}, {}, []
        for key, given in self.wanted.items():
            row = self.rows[key]
            after = settled(replace(given, parts=self.parts.get(key, given.parts)))
            if sentences := gathering_faults(after, row.indicator.kind, row.candidates):
                self.faults += [f"“{row.indicator.name}”：{sentence}" for sentence in sentences]
            before, now = in_words(row.gathering, row.names), in_words(after, row.names)
            if words := {what: [before[what], now[what]] for what in now if before[what] != now[what]}:
                wanted[key], seen[key] = after, row.mark
                changes.append(GatheringChange(row.indicator.name, words))
        return GatheringUpload(file_name, wanted, seen, changes, tuple(self.faults))

    def _row(self, line: SheetRow) -> GatheringRow | None:
        key = line.cells[KEY]
        row = self.rows.get(int(key)) if key.isdecimal() else None
        if row is None:
            self.faults.append(
                f"{line.place}：编号“{key}”不是本表采用的指标。请不要改动编号，或重新下载后填写。"
            )
        return row

    def _choice(self, line: SheetRow, heading: str, choices: type[Reporters] | type[Total]) -> str:
        text = squash(line.cells[heading])
        found = next((each.value for each in choices if squash(str(each.label)) == text), "")
        if text and not found:
            options = "、".join(str(label) for label in choices.labels)
            self.faults.append(
                f"{line.place}：“{line.cells[heading]}”不是“{heading}”的选项，可选：{options}。"
            )
        return found

    def _unit(self, line: SheetRow, heading: str, row: GatheringRow) -> int | None:
        text = squash(line.cells[heading])
        for each in row.candidates:
            if text in map(squash, (each.name, *each.names)):
                return each.pk
        self.faults.append(
            f"{line.place}：“{line.cells[heading]}”不是“{row.indicator.name}”所在任务的责任单位，请核对单位名称。"
        )
        return None

    def _number(self, line: SheetRow, heading: str, unit: str) -> Decimal | None:
        text = line.cells[heading]
        if not text:
            return None
        if (read := typed_number(text, unit)) is None:
            self.faults.append(f"{line.place}：{heading}“{text}”没有读懂，请填数字，如 300、46.8、2.1万。")
            return None
        return read.value


def _cells(row: GatheringRow) -> dict[str, str]:
    shown, indicator = row.shown, row.indicator
    return {
        KEY: str(indicator.pk),
        "任务": str(indicator.task),
        "指标": indicator.name,
        "目标": row.requirement,
        "谁报": Reporters(shown.reporters).label if shown.reporters else "",
        "怎样汇总": Total(shown.total).label if shown.total else "",
        "报数单位": row.names.get(shown.owner or 0, ""),
        "基数": plain_number(shown.baseline),
        "数据来源": shown.source,
    }


def _part_cells(row: GatheringRow) -> list[dict[str, str]]:
    lines = []
    for each in row.candidates:
        part = row.shown.parts.get(each.pk)
        lines.append(
            {
                KEY: str(row.indicator.pk),
                "指标": row.indicator.name,
                "单位": each.name,
                "选定": CHOSEN if part is not None and row.shown.reporters == Reporters.CHOSEN else "",
                "份额": plain_number(part.target) if part else "",
                "分母": plain_number(part.denominator) if part else "",
            }
        )
    return lines


def _plain(gathering: Gathering) -> dict[str, Any]:
    parts = {
        unit: [plain_number(part.target), plain_number(part.denominator)]
        for unit, part in gathering.parts.items()
    }
    return {
        "reporters": gathering.reporters,
        "total": gathering.total,
        "owner": gathering.owner,
        "baseline": plain_number(gathering.baseline),
        "source": gathering.source,
        "parts": parts,
    }


def _gathering(kept: Mapping[str, Any]) -> Gathering:
    parts = {int(unit): UnitPart(*map(_decimal, pair)) for unit, pair in kept["parts"].items()}
    return Gathering(**{**kept, "baseline": _decimal(kept["baseline"]), "parts": parts})


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
