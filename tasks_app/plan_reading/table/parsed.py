"""A table as it was understood, before its units are looked up: every part knows its cell."""

import re
from dataclasses import dataclass, field

from tasks_app.choices import AssignmentRole

from ..content import DeadlineContent, MeasureContent
from ..problems import Place, Problem
from .fields import Field


@dataclass(frozen=True, slots=True)
class UnitsText:
    """What one cell says of units; `role` is what its column says of them, None for 责任单位."""

    text: str
    place: Place
    role: AssignmentRole | None = None
    # A heading or a cell above said: 列第一位的为牵头单位，下同.
    first_leads: bool = False


@dataclass(slots=True)
class ParsedTask:
    """One task of the table; `places` has each field's cell, `rows` every row that was read into it.

    `number` is unique in the plan, `printed` what the table prints; None and "" where it gives none.
    """

    number: int | None
    printed: str
    title: str
    section: str
    places: dict[Field, Place]
    rows: list[tuple[str, int]] = field(default_factory=list)
    units: list[UnitsText] = field(default_factory=list)
    measures: list[MeasureContent] = field(default_factory=list)
    deadlines: tuple[DeadlineContent, ...] = ()
    target: str = ""
    remarks: str = ""

    def place(self, *wanted: Field) -> Place:
        """Return the cell of the first of `wanted` that the table has."""
        for field_ in wanted:
            if field_ in self.places:
                return self.places[field_]
        return next(iter(self.places.values()))

    @property
    def label(self) -> str:
        """What a sentence calls this task."""
        return f"第{self.number}项任务" if self.number is not None else f"任务“{self.title[:20]}”"

    @property
    def units_text(self) -> str:
        """All that the table says of units, as written, for people to read."""
        roles = {AssignmentRole.LEAD: "牵头：", AssignmentRole.SUPPORT: "配合："}
        separator = "；" if any(units.role for units in self.units) else "，"
        texts = (f"{roles.get(u.role, '')}{u.text}" if u.role else u.text for u in self.units)
        # A line with a label of its own is no rest of the line before it.
        texts = (re.sub(r"\n\s*(?=[\u4e00-\u9fff]{2,8}[:：])", "；", text) for text in texts)
        return separator.join(text.replace("\n", "") for text in texts if text)


@dataclass(frozen=True, slots=True)
class ParsedSection:
    """工作任务: a heading and the cell where it first stands."""

    title: str
    place: Place


@dataclass(frozen=True, slots=True)
class ParsedColumn:
    """One column of the table: its heading, as it is remembered, and what it was taken for."""

    name: str
    heading: str
    letter: str
    field: Field
    is_known: bool


@dataclass(slots=True)
class ParsedPlan:
    """The whole table. `problems` are those met on the way; the checks find the others."""

    title: str
    year: int | None
    document_number: str
    header: Place
    fields: frozenset[Field]
    columns: list[ParsedColumn] = field(default_factory=list)
    sections: list[ParsedSection] = field(default_factory=list)
    tasks: list[ParsedTask] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
