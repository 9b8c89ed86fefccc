"""A random plan, written in a random one of the shapes that offices use, is read back equal."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from tasks_app.choices import UnitKind
from tasks_app.documents.grid import Workbook
from tasks_app.domain.plan_import.rules.content import PlanContent
from tasks_app.domain.plan_import.rules.resolving import name_problems, resolve
from tasks_app.plan_reading.checks import run_checks
from tasks_app.plan_reading.table.understanding import Understanding, understand
from tasks_app.plan_reading.units.names import KnownUnit, UnitIndex
from tests.cast import FIXTURES
from tests.corpus.description import LEFT, UP, Case, Grid, Row
from tests.corpus.writing import as_sheet, write
from tests.files_understood import understand_file

pytestmark = pytest.mark.once

with (FIXTURES / "units.csv").open(encoding="utf-8", newline="") as _file:
    UNITS = list(csv.DictReader(_file))
NAMES = {row["name"]: [row["name"], *filter(None, row["aliases"].split("|"))] for row in UNITS}
COUNTIES = [row["name"] for row in UNITS if row["kind"] == UnitKind.COUNTY]
BUREAUS = [name for name in NAMES if name not in COUNTIES]
ALL_COUNTIES = "各县（市、区）"
INDEX = UnitIndex(
    KnownUnit(pk, row["name"], row["short_name"], row["kind"], tuple(NAMES[row["name"]][1:]))
    for pk, row in enumerate(UNITS, start=1)
)

# The headings that the issue names.
SECTION, NUMBER, TITLE, MEASURES, UNIT, LEAD, SUPPORT, DEADLINE, REMARKS = "章号任措责牵配时备"
HEADINGS = {
    SECTION: ["工作任务", "章节", "领域", "板块"],
    NUMBER: ["序号"],
    TITLE: ["主要目标要求", "重点任务", "任务名称", "目标任务", "任务内容"],
    MEASURES: ["细化措施", "具体举措", "工作措施", "实施路径", "工作内容", "推进举措"],
    UNIT: ["责任单位", "责任部门"],
    LEAD: ["牵头单位", "牵头部门"],
    SUPPORT: ["配合单位", "配合部门", "协作单位"],
    DEADLINE: ["完成时限", "时间节点", "完成时间"],
    REMARKS: ["备注"],
}
DEADLINES = {
    "2025年6月底前": "2025-06-30",
    "12月": "2025-12-31",
    "2025年底前": "2025-12-31",
    "9月底前": "2025-09-30",
    "持续推进": "",
}
WORDS = "推进完善健全加强优化提升制度机制服务能力体系改革试点平台网络质量安全监测评价培训人才基层医疗教育养老环境治理"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
DIGITS = "一二三四五六七八九十"
MARKS: dict[str, Callable[[int], str]] = {
    "①": lambda n: CIRCLED[n - 1],
    "（1）": lambda n: f"（{n}）",
    "1.": lambda n: f"{n}.",
    "（一）": lambda n: f"（{DIGITS[n - 1]}）",
    "": lambda n: "",
}
# What may be said of a table that is right.
DOUBTS = ("没有写细化措施", "序号从这里重新开始", "不是任务，看作说明文字")


@dataclass(frozen=True)
class Duty:
    """Who is responsible: names as they are known."""

    leads: tuple[str, ...]
    supports: tuple[str, ...]
    counties: tuple[str, ...]


@dataclass(frozen=True)
class Job:
    """One task of a random plan."""

    section: str
    title: str
    measures: tuple[str, ...]
    duty: Duty
    deadline: str


@dataclass(frozen=True)
class Shape:
    """One way of laying a plan out."""

    sections: str  # merged, blank, repeated, rows
    numbers: str  # column, title, none, restart, dotted, chinese
    measures: str  # cell, merged, blank, repeated
    mark: str
    is_one_line: bool
    units: str  # plain, columns, words, labels, inline
    order: tuple[int, ...]
    headings: tuple[int, ...]
    is_folded: bool
    has_two_rows: bool
    has_counts: bool
    has_deadlines: bool
    has_note: bool
    cuts: tuple[float, ...]


# --- random plans -----------------------------------------------------------------------------------------

# No character twice: the halves of 人人人人 cut by a page are one text repeated.
texts = st.lists(st.sampled_from(sorted(set(WORDS))), min_size=6, max_size=25, unique=True).map("".join)
measures = texts.map(lambda text: f"{text}。")


@st.composite
def duties(draw: st.DrawFn) -> Duty:
    names = draw(st.lists(st.sampled_from(BUREAUS), min_size=1, max_size=5, unique=True))
    counties = draw(st.sampled_from([(), (), tuple(COUNTIES), ("三元区", "永安市")]))
    leads = draw(st.integers(1, min(2, len(names))))
    return Duty(tuple(names[:leads]), tuple(names[leads:]), counties)


@st.composite
def plans(draw: st.DrawFn) -> list[Job]:
    titles = draw(st.lists(texts, min_size=1, max_size=8, unique=True))
    sections = draw(st.lists(texts, min_size=0, max_size=3, unique=True))
    borders = sorted(draw(st.integers(0, len(titles) - 1)) for _ in sections[1:])
    jobs = []
    for number, title in enumerate(titles):
        place = sum(border < number for border in borders)
        section = f"{DIGITS[place]}、{sections[place]}" if sections else ""
        jobs.append(
            Job(
                section,
                title,
                tuple(draw(st.lists(measures, max_size=4, unique=True))),
                draw(duties()),
                draw(st.sampled_from([*DEADLINES, ""])),
            )
        )
    return jobs


shapes = st.builds(
    Shape,
    sections=st.sampled_from(["merged", "blank", "repeated", "rows"]),
    numbers=st.sampled_from(["column", "column", "title", "none", "restart", "dotted", "chinese"]),
    measures=st.sampled_from(["cell", "cell", "merged", "blank", "repeated"]),
    mark=st.sampled_from(list(MARKS)),
    is_one_line=st.booleans(),
    units=st.sampled_from(["plain", "columns", "words", "labels", "inline"]),
    order=st.permutations(range(len(HEADINGS))).map(tuple),
    headings=st.lists(st.integers(0, 5), min_size=9, max_size=9).map(tuple),
    is_folded=st.booleans(),
    has_two_rows=st.booleans(),
    has_counts=st.booleans(),
    has_deadlines=st.booleans(),
    has_note=st.booleans(),
    cuts=st.one_of(st.just(()), st.lists(st.floats(0, 1), min_size=1, max_size=8).map(tuple)),
).filter(
    lambda shape: shape.numbers != "chinese" or shape.units != "inline"
)  # 一 beside a text alone is a title


# --- a plan in a shape ------------------------------------------------------------------------------------


class Writing:
    """Lays `jobs` out in `shape`, row by row."""

    def __init__(self, jobs: Sequence[Job], shape: Shape) -> None:
        self.jobs, self.shape = jobs, shape
        self.fields = [f for f in HEADINGS if self._has(f)]
        self.fields.sort(key=lambda f: shape.order[list(HEADINGS).index(f)])

    def _has(self, field: str) -> bool:
        shape = self.shape
        return {
            SECTION: shape.sections != "rows" and bool(self.jobs[0].section),
            NUMBER: shape.numbers not in ("title", "none"),
            MEASURES: any(job.measures for job in self.jobs),
            UNIT: shape.units not in ("columns", "inline"),
            LEAD: shape.units == "columns",
            SUPPORT: shape.units == "columns",
            DEADLINE: shape.has_deadlines,
        }.get(field, True)

    def grid(self) -> Grid:
        """Return the table."""
        rows: list[Row] = list(self._headings())
        number = 0
        for above, (section, group) in enumerate(groupby(self.jobs, key=lambda job: job.section), start=1):
            jobs = list(group)
            title = f"{section}（{len(jobs)}项）" if section and self.shape.has_counts else section
            if section and self.shape.sections == "rows":
                rows.append(title)
            for place, job in enumerate(jobs, start=1):
                number += 1
                rows += self._rows(job, title, self._printed(above, place, number), is_first=place == 1)
        below = ["注：本表由市医改办负责解释。"] if self.shape.has_note else []
        return Grid(rows, above=["2025年重点任务分解表"], below=below)

    def _printed(self, above: int, place: int, number: int) -> str:
        restarts, dotted = str(place), f"{above}.{place}"
        return {"restart": restarts, "dotted": dotted, "chinese": DIGITS[number - 1]}.get(
            self.shape.numbers, str(number)
        )

    def _headings(self) -> list[list[str]]:
        """Return the heading in one row, or with 责任单位 over 牵头 and 配合 in two."""
        names = [self._heading(field) for field in self.fields]
        places = [self.fields.index(field) for field in (LEAD, SUPPORT) if field in self.fields]
        if not (self.shape.has_two_rows and places and abs(places[0] - places[1]) == 1):
            return [names]
        upper = [*names]
        upper[min(places)], upper[max(places)] = "责任单位", LEFT
        return [upper, [name if place in places else UP for place, name in enumerate(names)]]

    def _heading(self, field: str) -> str:
        names = HEADINGS[field]
        heading = names[self.shape.headings[list(HEADINGS).index(field)] % len(names)]
        return f"{heading[:2]}\n{heading[2:]}" if self.shape.is_folded else heading

    def _rows(self, job: Job, section: str, number: str, *, is_first: bool) -> Iterator[Row]:
        whole = self._cells(job, section, number, is_first=is_first)
        if self.shape.measures == "cell" or len(job.measures) < 2:
            yield from self._in_pages(whole)
            return
        for place, text in enumerate(self._texts(job)):
            row = dict(whole) if place == 0 or self.shape.measures == "repeated" else {}
            if place and self.shape.measures == "repeated" and self.shape.sections != "repeated":
                row[SECTION] = UP if self.shape.sections == "merged" else ""
            if place and self.shape.measures == "merged":
                row = dict.fromkeys(self.fields, UP)
            if place and self.shape.measures != "repeated":
                row[SECTION] = {"merged": UP, "repeated": section}.get(self.shape.sections, "")
            row[MEASURES] = f"{MARKS[self.shape.mark](place + 1)}{text}"
            yield [row.get(field, "") for field in self.fields]

    def _texts(self, job: Job) -> tuple[str, ...]:
        """Return the measures, the units in brackets behind the last one where they have no column."""
        if self.shape.units != "inline" or not job.measures:
            return job.measures
        return (*job.measures[:-1], job.measures[-1] + self._in_brackets(job.duty))

    def _in_brackets(self, duty: Duty) -> str:
        return f"（责任单位：{'、'.join([*duty.leads, *duty.supports, *_shown(duty.counties)])}）"

    def _cells(self, job: Job, section: str, number: str, *, is_first: bool) -> dict[str, str]:
        is_new = is_first or self.shape.sections == "repeated"
        mark, joint = MARKS[self.shape.mark], "\n"
        if self.shape.is_one_line and self.shape.mark:
            joint = ""
        is_said = self.shape.units != "inline" or job.measures
        title = job.title if is_said else job.title + self._in_brackets(job.duty)
        return {
            SECTION: section if is_new else UP if self.shape.sections == "merged" else "",
            NUMBER: number,
            TITLE: f"{number}. {title}" if self.shape.numbers == "title" else title,
            MEASURES: joint.join(f"{mark(n)}{text}" for n, text in enumerate(self._texts(job), start=1)),
            DEADLINE: job.deadline,
            **self._units(job.duty),
        }

    def _units(self, duty: Duty) -> dict[str, str]:
        counties = _shown(duty.counties)
        leads, supports = "、".join(duty.leads), "、".join([*duty.supports, *counties])
        if self.shape.units == "columns":
            return {LEAD: leads, SUPPORT: supports or "/"}
        if self.shape.units == "words":
            return {UNIT: f"{leads}牵头" + (f"，{supports}配合" if supports else "")}
        if self.shape.units == "labels":
            return {UNIT: f"牵头单位：{leads}\n配合单位：{supports or '无'}"}
        return {UNIT: "、".join([*duty.leads, *duty.supports, *counties])}

    def _in_pages(self, cells: dict[str, str]) -> Iterator[Row]:
        """Yield a task's row, or both halves of it with the heading of the next page between."""
        cut = self.shape.cuts[len(cells[TITLE]) % len(self.shape.cuts)] if self.shape.cuts else 0
        if cut < 0.3 or (SECTION in self.fields and cells[SECTION] == UP):
            yield [cells.get(field, "") for field in self.fields]
            return
        upper, lower = dict(cells), dict.fromkeys(self.fields, "")
        # Without a number nothing tells the rest of a title from another task.
        parts = {MEASURES, UNIT, LEAD, SUPPORT, DEADLINE} | (
            {TITLE} if self.shape.numbers != "none" else set()
        )
        for field in parts & set(self.fields):
            place = round(cut * len(cells[field]))
            upper[field], lower[field] = cells[field][:place], cells[field][place:]
        yield [upper.get(field, "") for field in self.fields]
        if any(lower.values()):
            yield from self._headings()
            yield [lower[field] for field in self.fields]


def _shown(counties: Sequence[str]) -> list[str]:
    return [ALL_COUNTIES] if len(counties) > 2 else list(counties)


# --- what must come back ----------------------------------------------------------------------------------


def wanted(jobs: Sequence[Job], shape: Shape) -> list[dict[str, Any]]:
    is_plain = shape.units in ("plain", "inline")
    return [
        {
            "number": number,
            "section": job.section,
            "title": job.title,
            "measures": job.measures,
            "leads": set(job.duty.leads[:1] if is_plain else job.duty.leads),
            "supports": set(job.duty.leads[1:] + job.duty.supports if is_plain else job.duty.supports),
            "local": set(job.duty.counties),
            "deadlines": [DEADLINES[job.deadline]] if job.deadline and shape.has_deadlines else [],
        }
        for number, job in enumerate(jobs, start=1)
    ]


def found(content: PlanContent) -> list[dict[str, Any]]:
    return [
        {
            "number": task.number,
            "section": task.section,
            "title": task.title,
            "measures": tuple(measure.text for measure in task.measures),
            "leads": {a.name for a in task.assignments if a.role == "lead"},
            "supports": {a.name for a in task.assignments if a.role == "support"},
            "local": {a.name for a in task.assignments if a.role == "local"},
            "deadlines": [str(d.due_on or "") for d in task.deadlines],
        }
        for task in content.tasks
    ]


def check(jobs: list[Job], shape: Shape, read: Callable[[Grid], Understanding]) -> None:
    grid = Writing(jobs, shape).grid()
    understanding = read(grid)
    assert understanding.plan is not None
    resolved = resolve(understanding.plan, INDEX)
    problems = [*understanding.problems, *run_checks(understanding.plan), *resolved.problems]
    problems += name_problems(resolved.open_names)
    messages = [p.message for p in problems if not any(doubt in p.message for doubt in DOUBTS)]
    event(f"{shape.sections} sections, numbers {shape.numbers}, measures {shape.measures}")
    assert (found(resolved.content), messages) == (wanted(jobs, shape), [])
    assert resolved.content.sections == tuple(dict.fromkeys(job.section for job in jobs if job.section))


def directly(grid: Grid) -> Understanding:
    return understand(Workbook((as_sheet(grid),)))


def can_carry(kind: str, jobs: list[Job], shape: Shape) -> bool:
    """Without merged cells nothing tells a title in the column of measures from a measure."""
    return "csv" not in kind or shape.sections != "rows" or Writing(jobs, shape).fields[0] != MEASURES


def through(kind: str) -> Callable[[Grid], Understanding]:
    """Return how a table is read that is written as a file first."""
    return lambda grid: understand_file(write(Case(parts=[grid]), kind))


EVERY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@settings(EVERY, max_examples=120)
@given(plans(), shapes)
def test_a_plan_in_any_shape_is_read_back_equal(jobs, shape):
    check(jobs, shape, directly)


@settings(EVERY, max_examples=12)
@given(plans(), shapes, st.sampled_from(["xlsx", "csv", "gb.csv", "docx"]))
def test_a_plan_in_a_real_file_is_read_back_equal(jobs, shape, kind):
    assume(can_carry(kind, jobs, shape))
    check(jobs, shape, through(kind))


@pytest.mark.soak
@settings(EVERY, max_examples=10_000)
@given(plans(), shapes)
def test_thousands_of_plans_are_read_back_equal(jobs, shape):
    check(jobs, shape, directly)


@pytest.mark.soak
@settings(EVERY, max_examples=300)
@given(plans(), shapes, st.sampled_from(["xlsx", "csv", "gb.csv", "docx"]))
def test_hundreds_of_real_files_are_read_back_equal(jobs, shape, kind):
    assume(can_carry(kind, jobs, shape))
    check(jobs, shape, through(kind))
