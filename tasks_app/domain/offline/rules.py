"""Decides: what becomes of each box that came back: as taken away, now on the server, in the file."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from tasks_app.choices import Cause, Outlook, ProgressStatus
from tasks_app.domain.reporting.entry_values import UnreadableError, read_day

HEADER = 0  # stands for the form's head where an entry's id would stand
# {field: (what the page calls it, how many characters it takes)}
ENTRY_FIELDS = {
    "progress": ("工作进展", 10_000),
    "status": ("状态", 20),
    "cause": ("滞后原因", 20),
    "outlook": ("能否完成", 20),
    "forecast": ("预计至期末", 10_000),
    "remarks": ("备注", 10_000),
}
HEADER_FIELDS = {
    "filler_name": ("填表人", 30),
    "filler_phone": ("联系电话", 30),
    "filled_on": ("填报时间", 30),
}
FIELDS = HEADER_FIELDS | ENTRY_FIELDS
# {box: {label: code}} of the boxes in which one chooses
CHOICES: dict[str, dict[str, str]] = {
    field: {str(label): code for code, label in choices}
    for field, choices in (
        ("status", ProgressStatus.choices),
        ("cause", Cause.choices),
        ("outlook", Outlook.choices),
    )
}
WRITTEN = ("progress", "forecast", "remarks")  # where two texts can be joined
# What programs add or lose when they save a workbook anew, and what no eye sees.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u200b\ufeff\ud800-\udfff\ufffe\uffff]")


class BoxOutcome(StrEnum):
    """What becomes of one box."""

    UNCHANGED = "unchanged"  # neither here nor there
    KEPT = "kept"  # changed on the server alone
    SAME = "same"  # changed on both sides to the same words
    TAKEN = "taken"  # changed in the file alone
    CLEARED = "cleared"  # emptied in the file alone: taken only when a person says so
    CONFLICT = "conflict"  # changed on both sides to different words
    TOO_LONG = "too_long"  # a person must shorten it
    REFUSED = "refused"  # nothing that the box can hold


ASKS = frozenset({BoxOutcome.CLEARED, BoxOutcome.CONFLICT, BoxOutcome.TOO_LONG})


class Choice(StrEnum):
    """What a person decides of a box that asks."""

    FILE = "file"
    SERVER = "server"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class ServerEntry:
    """What the server holds of one task now, {field: text}; of the form's head, if `pk` is HEADER."""

    pk: int
    label: str
    texts: Mapping[str, str]
    number: int = 0
    saved: str = ""  # by whom and when, in words


@dataclass(frozen=True, slots=True)
class UploadedRow:
    """One row that came back: `entry` is None where it is not recognised.

    `texts` holds only the boxes that differ from what was taken away ({field: text}), as values of the field.
    `problems` is {field: sentence} for what the box cannot hold.
    """

    line: int
    entry: int | None
    texts: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)
    label: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """One box side by side: on the server and in the file."""

    entry: int
    field: str
    outcome: BoxOutcome
    server: str
    file: str
    problem: str = ""

    @property
    def name(self) -> str:
        """Its name in a web form."""
        return f"{self.entry}-{self.field}"

    @property
    def label(self) -> str:
        return FIELDS[self.field][0]

    @property
    def asks(self) -> bool:
        return self.outcome in ASKS

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return what a person may decide of it."""
        if self.outcome is BoxOutcome.TOO_LONG:
            return (Choice.JOINED, Choice.SERVER)
        if self.outcome is BoxOutcome.CONFLICT and self.field in WRITTEN and self.server and self.file:
            return (Choice.FILE, Choice.SERVER, Choice.JOINED)
        return (Choice.FILE, Choice.SERVER)

    @property
    def joined(self) -> str:
        """Return both texts one after the other, as a start for whoever joins them."""
        return self.file if self.outcome is BoxOutcome.TOO_LONG else _joined([self.server, self.file])


@dataclass(frozen=True, slots=True)
class OfflineMerge:
    """All boxes of a file beside the server's, the rows that were not recognised, the tasks that have no row."""

    boxes: tuple[Box, ...]
    strangers: tuple[UploadedRow, ...]
    missing: tuple[ServerEntry, ...]

    def of(self, *outcomes: BoxOutcome) -> list[Box]:
        """Return the boxes of which one of `outcomes` is said."""
        return [box for box in self.boxes if box.outcome in outcomes]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person chose of one box, and the fingerprint of the server's text that was shown beside it."""

    choice: Choice
    text: str
    seen: str


def canonical(text: str) -> str:
    """Return `text` without what a program may change in saving it; equal ones count as the same words."""
    lines = UNSEEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def fingerprint(text: str) -> str:
    """Return a short mark that tells whether a text was changed."""
    return hashlib.sha256(canonical(text).encode()).hexdigest()[:16]


def outcome(base: str, server: str, file: str) -> BoxOutcome:
    """Return what becomes of a box: `base` is the fingerprint taken away, the others are texts."""
    is_new_here, is_new_there = fingerprint(server) != base, fingerprint(file) != base
    if not is_new_there:
        return BoxOutcome.KEPT if is_new_here else BoxOutcome.UNCHANGED
    if canonical(server) == canonical(file):
        return BoxOutcome.SAME
    if is_new_here:
        return BoxOutcome.CONFLICT
    return BoxOutcome.TAKEN if canonical(file) else BoxOutcome.CLEARED


def value_of(field: str, text: str) -> tuple[str, str]:
    """Return what `field` would hold of the `text` in its cell, and a sentence if it can hold nothing of it."""
    label, limit = FIELDS[field]
    if field in WRITTEN:
        return text, ""
    text = text.strip()
    if not text:
        return "", ""
    if field in CHOICES:
        codes = CHOICES[field]
        words = "、".join(codes)
        problem = f"“{text[:20]}”不是可选的{label}（{words}），没有采用，请在填报页选择。"
        return (codes[text], "") if text in codes else (text, problem)
    if field == "filled_on":
        return _day(text)
    problem = f"{label}超过 {limit} 个字，没有采用，请在填报页填写。" if len(text) > limit else ""
    return text, problem


def shown(field: str, value: str) -> str:
    """Return a value as people read it."""
    labels = {code: label for label, code in CHOICES.get(field, {}).items()}
    return labels.get(value, value)


def merge(
    entries: Sequence[ServerEntry],
    rows: Sequence[UploadedRow],
    bases: Mapping[int, Mapping[str, str]],
    placed: Mapping[int, int],
) -> OfflineMerge:
    """Return what becomes of everything in the file.

    `bases` is {entry: {field: fingerprint as taken away}}; `placed` says for which entry a person wants the
    text of a row that was not recognised, {line: entry}.
    """
    known = {entry.pk for entry in entries}
    own, strangers = _recognised([row for row in rows if row.entry in known])
    strangers += [row for row in rows if row.entry not in known]
    extra: dict[int, list[UploadedRow]] = {}
    for row in sorted(strangers, key=lambda row: row.line):
        if placed.get(row.line) in known - {HEADER}:
            extra.setdefault(placed[row.line], []).append(row)
    boxes = [
        _box(entry, name, own.get(entry.pk), bases.get(entry.pk, {}), extra.get(entry.pk, ()))
        for entry in entries
        for name in entry.texts
    ]
    missing = [entry for entry in entries if entry.pk != HEADER and entry.pk not in own.keys() | extra.keys()]
    left = [row for row in strangers if placed.get(row.line) not in known - {HEADER}]
    return OfflineMerge(tuple(boxes), tuple(sorted(left, key=lambda row: row.line)), tuple(missing))


def resolved(box: Box, decision: Decision | None) -> str | None:
    """Return the text that is to be written into a box, None to leave it.

    Raises LookupError for a box that asks and of which nothing was decided, or not in sight of what the
    server holds now.
    """
    if not box.asks:
        return box.file if box.outcome is BoxOutcome.TAKEN else None
    if decision is None or decision.seen != fingerprint(box.server) or decision.choice not in box.choices:
        raise LookupError(box.name)
    if decision.choice is Choice.JOINED and len(decision.text) > FIELDS[box.field][1]:
        raise LookupError(box.name)
    if decision.choice is Choice.SERVER:
        return None
    return box.file if decision.choice is Choice.FILE else decision.text


def _recognised(rows: Iterable[UploadedRow]) -> tuple[dict[int, UploadedRow], list[UploadedRow]]:
    """Return {entry: its row} and the rows that are one too many: copies in which somebody wrote something else.

    A copy that says nothing new, or the same as another, is no row of its own.
    """
    own: dict[int, UploadedRow] = {}
    strangers = []
    by_entry = sorted(rows, key=lambda row: (row.entry or HEADER, not row.texts, row.line))
    for entry, group in groupby(by_entry, lambda row: row.entry or HEADER):
        first, *copies = group
        own[entry] = first
        strangers += [copy for copy in copies if copy.texts and not _says_the_same(copy, first)]
    return own, strangers


def _says_the_same(row: UploadedRow, other: UploadedRow) -> bool:
    one, two = ({name: canonical(text) for name, text in each.texts.items()} for each in (row, other))
    return one == two


def _box(
    entry: ServerEntry,
    name: str,
    row: UploadedRow | None,
    bases: Mapping[str, str],
    extra: Sequence[UploadedRow],
) -> Box:
    server = entry.texts[name]
    sources = [row] if row is not None and name in row.texts else []
    strangers = [each for each in extra if canonical(each.texts.get(name, ""))]
    sources = [*sources, *strangers] if name in WRITTEN else [*sources, *strangers][:1]
    if not sources:
        return Box(entry.pk, name, _untouched(bases.get(name), server), server, server)
    file = sources[0].texts[name] if len(sources) == 1 else _joined([each.texts[name] for each in sources])
    # Nobody knows what a row without a mark was written against: by itself it only fills what is empty.
    base = bases.get(name, "") if not strangers else fingerprint("")
    what = outcome(base, server, file)
    if what in (BoxOutcome.UNCHANGED, BoxOutcome.KEPT, BoxOutcome.SAME):
        return Box(entry.pk, name, what, server, file)
    if problem := next(filter(None, (each.problems.get(name) for each in sources)), ""):
        return Box(entry.pk, name, BoxOutcome.REFUSED, server, file, problem)
    limit = FIELDS[name][1]
    if len(file) > limit:
        problem = f"文件中有 {len(file):,} 字，超过 {limit:,} 字的上限，请删减后采用。"
        return Box(entry.pk, name, BoxOutcome.TOO_LONG, server, file, problem)
    return Box(entry.pk, name, what, server, file)


def _untouched(base: str | None, server: str) -> BoxOutcome:
    return BoxOutcome.UNCHANGED if base in (None, fingerprint(server)) else BoxOutcome.KEPT


def _day(text: str) -> tuple[str, str]:
    try:
        day = read_day(text)
    except UnreadableError as error:
        return text, f"{error}。没有采用。"
    return day.isoformat() if day else "", ""


def _joined(texts: Sequence[str]) -> str:
    parts: dict[str, str] = {}
    for text in texts:
        if canonical(text):
            parts.setdefault(canonical(text), text)
    return "\n".join(parts.values())
