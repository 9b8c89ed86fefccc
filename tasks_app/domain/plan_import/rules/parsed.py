"""A table as it was understood, before its units are looked up: every part knows its cell."""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from .problems import Place, Problem


class Field(Enum):
    """What a column means; the value is the heading that users are told of."""

    SECTION = "工作任务"
    NUMBER = "序号"
    TITLE = "主要目标要求"
    MEASURES = "细化措施"
    UNITS = "责任单位"
    PROGRESS = "工作进展"
    REMARKS = "备注"


@dataclass(frozen=True, slots=True)
class ParsedMeasure:
    """细化措施: `number` counts within the task, `is_numbered` tells whether the table prints ①②…."""

    number: int
    text: str
    is_numbered: bool


@dataclass(frozen=True, slots=True)
class ParsedUnitMention:
    """One name in a cell of units, as written."""

    text: str
    place: Place


@dataclass(slots=True)
class ParsedTask:
    """One row of the table; `number` is None where none is given; `places` has each field's cell."""

    number: int | None
    title: str
    section: str
    units_text: str
    places: dict[Field, Place]
    measures: list[ParsedMeasure] = field(default_factory=list)
    mentions: list[ParsedUnitMention] = field(default_factory=list)

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


@dataclass(frozen=True, slots=True)
class ParsedSection:
    """工作任务: a heading and the cell where it first stands."""

    title: str
    place: Place


@dataclass(slots=True)
class ParsedPlan:
    """The whole table. `problems` are those met on the way; the checks find the others."""

    title: str
    year: int | None
    document_number: str
    header: Place
    fields: frozenset[Field]
    sections: list[ParsedSection] = field(default_factory=list)
    tasks: list[ParsedTask] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@lru_cache(maxsize=4096)
def squash(text: str) -> str:
    """Return `text` for comparing: one width of characters, no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def one_line(text: str) -> str:
    """Return a title without the line breaks that a narrow cell gave it."""
    return re.sub(r"[ \t]*\n[ \t]*", "", text).strip()
