"""What a list of units must look like: reads the csv text, names every fault by its line."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO

from tasks_app.choices import UnitKind
from tasks_app.domain.access.rules import REPORTING_KINDS

COLUMNS = ("code", "name", "short_name", "kind", "aliases")
LIMITS = {"code": 20, "name": 60, "short_name": 30}
ALIAS_LIMIT = 60
# A list may name the city that it is of, and the city's province; their names end so.
ABOVE: dict[str, tuple[str, ...]] = {
    UnitKind.CITY: ("市", "州", "盟", "地区"),
    UnitKind.PROVINCE: ("省", "自治区"),
}


@dataclass(frozen=True)
class UnitRow:
    """One line of the list; `line` is its number in the file, from 1."""

    line: int
    code: str
    name: str
    short_name: str
    kind: str
    aliases: tuple[str, ...]


def read_rows(text: str) -> tuple[list[UnitRow], list[str]]:
    """Return the rows of a csv text and everything wrong with it, a sentence each."""
    reader = csv.DictReader(StringIO(text, newline=""))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
    if missing:
        return [], [f"第1行：缺少列“{'、'.join(missing)}”。首行应为：{','.join(COLUMNS)}。"]
    rows: list[UnitRow] = []
    problems: list[str] = []
    try:
        for record in reader:
            if None in record or None in record.values():
                problems.append(f"第{reader.line_num}行：列数与首行不一致。")
                continue
            row = _row(record, reader.line_num)
            rows.append(row)
            problems += _faults(row)
    except csv.Error as error:
        problems.append(f"第{reader.line_num}行：不是正确的 csv 格式（{error}）。")
    if not rows and not problems:
        problems.append("第1行：首行之后没有任何单位。")
    return rows, problems + _repeated(rows)


def split_aliases(text: str, separator: str) -> tuple[str, ...]:
    """Return the aliases in `text` in their order, without blanks and repetitions."""
    return tuple(dict.fromkeys(alias.strip() for alias in text.split(separator) if alias.strip()))


def _row(record: dict[str, str], line: int) -> UnitRow:
    fields = {column: record[column].strip() for column in COLUMNS if column != "aliases"}
    return UnitRow(line=line, aliases=split_aliases(record["aliases"], "|"), **fields)


def _faults(row: UnitRow) -> list[str]:
    faults = []
    for column, limit in LIMITS.items():
        value = getattr(row, column)
        if not value:
            faults.append(f"第{row.line}行：“{column}”不能为空。")
        elif len(value) > limit:
            faults.append(f"第{row.line}行：“{column}”超过{limit}个字。")
    if row.kind not in REPORTING_KINDS and not row.name.endswith(ABOVE.get(row.kind, ())):
        allowed = "、".join(f"{kind.value}（{kind.label}）" for kind in UnitKind if kind in REPORTING_KINDS)
        faults.append(f"第{row.line}行：类别“{row.kind}”无法识别，应为{allowed}。")
    faults += [
        f"第{row.line}行：别名“{a}”超过{ALIAS_LIMIT}个字。" for a in row.aliases if len(a) > ALIAS_LIMIT
    ]
    return faults


def _repeated(rows: Iterable[UnitRow]) -> list[str]:
    """Names and aliases share one space: an import must find exactly one unit by each."""
    problems = []
    codes: dict[str, UnitRow] = {}
    names: dict[str, UnitRow] = {}
    for row in rows:
        first = codes.setdefault(row.code, row)
        if row.code and first is not row:
            problems.append(f"第{row.line}行：代码“{row.code}”与第{first.line}行重复。")
        for name in (row.name, *row.aliases):
            holder = names.setdefault(name, row)
            if name and holder is not row:
                problems.append(
                    f"第{row.line}行：“{name}”已是第{holder.line}行“{holder.name}”的名称或别名，不能再用。"
                )
    return problems
