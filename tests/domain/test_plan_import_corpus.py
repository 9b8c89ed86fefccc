"""Every table of the corpus is read as a careful official reads it, in every format that carries it."""

import csv
import difflib
import io
import json
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tasks_app.choices import UnitKind
from tasks_app.documents.grid import Workbook
from tasks_app.domain.plan_import.rules.content import TaskContent, figures_of
from tasks_app.domain.plan_import.rules.resolving import Resolved, name_problems, resolve
from tasks_app.language.text import squash
from tasks_app.plan_reading.checks import in_order, run_checks, without_knock_on
from tasks_app.plan_reading.content import DeadlineContent
from tasks_app.plan_reading.mends import UnitChoice, UnitDecision
from tasks_app.plan_reading.problems import Problem
from tasks_app.plan_reading.table.understanding import Understanding, understand
from tasks_app.plan_reading.units.cells import MentionKind
from tasks_app.plan_reading.units.names import KnownUnit, UnitIndex
from tests.cast import FIXTURES
from tests.corpus.description import Case, Grid
from tests.corpus.files import CASES, NEVER_TWICE_THE_SAME, TABLES, files_of, same_content
from tests.corpus.unreadable import UNREADABLE
from tests.corpus.writing import as_sheet, write
from tests.files_understood import understand_file
from tests.surroundings import office

pytestmark = pytest.mark.once

READ = ("title", "year", "document_number", "figures", "sections", "tasks")
ALL_COUNTIES = ["各县（市、区）", "local"]
FILES = {path.name: (path, name) for name in CASES for path in files_of(name).values()} | {
    file: (TABLES / "should_fail" / file, file) for file in UNREADABLE
}


@cache
def index_of(units: str) -> UnitIndex:
    """Return the units a city has: 三明 for the real list, else its counties."""
    if units != "三明":
        counties = enumerate(units.split(), start=1)
        return UnitIndex(KnownUnit(pk, name, name[:-1], UnitKind.COUNTY, ()) for pk, name in counties)
    with (FIXTURES / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return UnitIndex(
        KnownUnit(
            pk, row["name"], row["short_name"], row["kind"], tuple(filter(None, row["aliases"].split("|")))
        )
        for pk, row in enumerate(rows, start=1)
    )


def resolved(understanding: Understanding, units: str) -> tuple[Resolved | None, list[Problem]]:
    """Return the plan with its units, and all problems; other cities than Sanming accept every new unit."""
    if understanding.plan is None:
        return None, understanding.problems
    found = resolve(understanding.plan, index_of(units))
    if units != "三明":
        accepted = {
            squash(name.name): UnitDecision(
                UnitChoice.CREATE if name.kind is MentionKind.UNIT else UnitChoice.LEAVE_OUT
            )
            for name in found.open_names
            if name.kind is not MentionKind.ALL_COUNTIES
        }
        doubts = [problem for problem in found.problems if "没有分配" in problem.message]
        found = resolve(understanding.plan, index_of(units), accepted)
        found = replace(found, problems=found.problems + doubts)
    problems = [*understanding.problems, *run_checks(understanding.plan)]
    problems += without_knock_on([*found.problems, *name_problems(found.open_names)], problems)
    return found, in_order(problems)


# --- what is expected ---------------------------------------------------------------------------------------


def expected_of(path: Path, name: str) -> dict[str, Any]:
    """Return what the JSON beside a file says, 各县（市、区） written out."""
    expected: dict[str, Any] = json.loads((path.parent / f"{name}.json").read_text(encoding="utf-8"))
    for task in expected.get("tasks", ()):
        if ALL_COUNTIES in task["units"]:
            place = task["units"].index(ALL_COUNTIES)
            task["units"][place : place + 1] = [
                [county.name, "local"] for county in index_of("三明").counties
            ]
    return expected


# --- as it is written beside the file ---------------------------------------------------------------------


def task_as_json(task: TaskContent, *, with_indicators: bool) -> dict[str, Any]:
    fields = {
        "number": task.number,
        "printed": task.printed,
        "section": task.section,
        "title": task.title,
        "measures": [
            without_empty({"text": m.text, "numbered": m.is_numbered, "deadlines": deadlines(m.deadlines)})
            for m in task.measures
        ],
        "units": [[a.name, a.role + "?" * a.is_assumed] for a in task.assignments],
        "deadlines": deadlines(task.deadlines),
        "target": task.target,
        "remarks": task.remarks,
    }
    found = [[i.measure, i.name, i.kind, i.comparator, str(i.value), i.unit] for i in task.indicators]
    return without_empty(fields) | ({"indicators": found} if with_indicators else {})


def deadlines(found: tuple[DeadlineContent, ...]) -> list[list[str]]:
    return [[d.text, str(d.due_on or ""), d.kind] for d in found]


def without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def read_as_json(
    expected: dict[str, Any], understanding: Understanding, units: str
) -> tuple[dict[str, Any], list[Problem]]:
    """Return what was read, in the words of the expectation, and the problems."""
    found, problems = resolved(understanding, units)
    if found is None:
        return {}, problems
    content, figures = found.content, figures_of(found.content)
    stated = {task["number"] for task in expected.get("tasks", ()) if "indicators" in task}
    counts = {
        name: getattr(figures, name) for name in ("sections", "tasks", "measures", "units", "assignments")
    }
    return without_empty(
        {
            "title": content.title,
            "year": content.year,
            "document_number": content.document_number,
            "figures": counts if content.tasks else None,
            "sections": list(content.sections),
            "tasks": [task_as_json(task, with_indicators=task.number in stated) for task in content.tasks],
        }
    ), problems


def lines(read: dict[str, Any]) -> list[str]:
    return json.dumps(read, ensure_ascii=False, indent=1).splitlines()


def difference(expected: dict[str, Any], read: dict[str, Any]) -> str:
    """Return what differs, line by line: - expected, + read."""
    return "\n".join(difflib.unified_diff(lines(expected), lines(read), "expected", "read", lineterm="", n=4))


def unmatched(expected: list[list[Any]], found: list[Problem], *, by_place: bool) -> str:
    """Return the problems that were not expected, and those expected that were not found."""
    missing, rest = [], list(found)
    for severity, row, column, words in expected:
        for problem in rest:
            place = not by_place or (problem.row, problem.column) == (row, column)
            if place and problem.severity == severity and words in problem.message:
                rest.remove(problem)
                break
        else:
            missing.append(f"- {severity} {row} {column} {words}")
    return "\n".join(missing + [f"+ {p.severity} {p.row} {p.column} {p.message}" for p in rest])


# --- the tests --------------------------------------------------------------------------------------------


def differences(saved: Path, path: Path, name: str) -> str:
    """Return how what is read in `saved` differs from what is expected of the file `path` of a case."""
    expected, case = expected_of(path, name), CASES.get(name, Case())
    understanding = understand_file(saved.read_bytes(), file_name=case.given or path.name)
    read, problems = read_as_json(expected, understanding, case.units)
    by_place, wanted_problems = True, expected["problems"]
    if path.suffix == ".docx" and len(case.formats) > 1:
        # The lines above and below a table of Word are none of its rows.
        by_place = False
        last = sum(len(part.above) + len(part.rows) for part in case.parts if isinstance(part, Grid))
        wanted_problems = [problem for problem in wanted_problems if (problem[1] or 0) <= last]
    elif path.suffix == ".et":
        wanted_problems = []
    wrong = [unmatched(wanted_problems, problems, by_place=by_place)]
    if "tasks" in expected:
        wrong.append(difference({key: expected[key] for key in expected if key in READ}, read))
    return "\n".join(filter(None, wrong))


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_table_is_read_as_expected(file: str):
    path, name = FILES[file]
    if wrong := differences(path, path, name):
        pytest.fail(wrong, pytrace=False)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_what_libreoffice_saves_anew_reads_the_same(tmp_path: Path, kind: str):
    originals = {path.name: path for path, _ in FILES.values() if path.match(f"should_pass/*.{kind}")}
    command = [office.soffice(), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", kind, "--outdir", tmp_path, *originals.values()]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    wrong = {file: differences(tmp_path / file, *FILES[file]) for file in originals}
    assert not {file: found for file, found in wrong.items() if found}


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_stored_file_is_what_its_description_says(name: str):
    for kind, path in files_of(name).items():
        if kind not in NEVER_TWICE_THE_SAME:
            assert same_content(path.read_bytes(), write(CASES[name], kind)), "python -m tests.corpus"


def test_nothing_lies_in_the_corpus_that_no_test_reads():
    here = {path.name for path in TABLES.glob("*/*")}
    beside = {f"{name}{suffix}" for name in CASES for suffix in (".txt", ".json")}
    assert here == {*FILES, *beside, *(f"{file}.json" for file in UNREADABLE)}


def test_a_zip_bomb_is_refused_with_a_sentence():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(300_000_000))
    understanding = understand_file(bomb.getvalue(), file_name="分解表.xlsx")
    assert [problem.severity for problem in understanding.problems] == ["error"]
    assert "文件展开后过大" in understanding.problems[0].message


# --- every heading that the issue names -------------------------------------------------------------------

SYNONYMS = {
    "工作任务": "工作任务 章节 领域 板块",
    "主要目标要求": "主要目标要求 重点任务 任务名称 目标任务 任务内容",
    "细化措施": "细化措施 具体举措 工作措施 实施路径 工作内容 推进举措",
    "责任单位": "责任单位 责任部门",
    "牵头单位": "牵头单位 牵头部门",
    "配合单位": "配合单位 配合部门 协作单位",
    "完成时限": "完成时限 时间节点 完成时间",
    "目标值": "目标值",
    "工作进展": "工作进展",
    "备注": "备注",
}
CELLS = {
    "序号": "1",
    "工作任务": "一、强基层",
    "主要目标要求": "建设县域医疗次中心",
    "细化措施": "配齐设备。",
    "责任单位": "市发改委",
    "牵头单位": "市卫健委",
    "配合单位": "市财政局",
    "完成时限": "6月底前",
    "目标值": "3个",
    "工作进展": "",
    "备注": "续建",
}


@pytest.mark.parametrize(
    ("field", "heading"), [(field, word) for field, words in SYNONYMS.items() for word in words.split()]
)
@pytest.mark.parametrize("written", ["{}", "{}\n{}", " {} ："])
def test_every_heading_of_the_issue_is_known(field: str, heading: str, written: str):
    is_folded = "\n" in written
    shown = written.format(heading[:2], heading[2:]) if is_folded else written.format(heading)
    headings = [shown if name == field else name for name in CELLS]
    grid = Grid([headings, list(CELLS.values())], above=["2025年任务分解表"])
    understanding = understand(Workbook((as_sheet(grid),)))
    assert understanding.problems == []
    (task,) = resolve(understanding.plan, index_of("三明")).content.tasks
    assert (task.printed, task.section, task.title) == ("1", "一、强基层", "建设县域医疗次中心")
    assert ([m.text for m in task.measures], task.target, task.remarks) == (["配齐设备。"], "3个", "续建")
    assert {(a.name, a.role) for a in task.assignments} == {
        ("市卫健委", "lead"),
        ("市发改委", "support"),
        ("市财政局", "support"),
    }
    assert [deadline.due_on for deadline in task.deadlines] == [date(2025, 6, 30)]


# --- the command that other programs use ------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("file", ["report-two-header-rows.docx", "housing-unit-shapes.xlsx"])
def test_the_command_prints_what_was_read(units, file: str):
    path, name = FILES[file]
    expected = expected_of(path, name)
    out = StringIO()
    call_command(
        "import_plan",
        str(path),
        *("--dry-run", "--json", "--accept-new-units"),
        stdout=out,
    )
    printed = json.loads(out.getvalue())
    (table,) = printed["tables"]
    assert {name: printed[name] for name in expected["figures"]} == expected["figures"]
    assert (table["title"], table["year"], table["sections"]) == (
        expected["title"],
        expected["year"],
        expected.get("sections", []),
    )
    for task, wanted in zip(table["tasks"], expected["tasks"], strict=True):
        assert (task["number"], task["title"], task["section"]) == (
            wanted["number"],
            wanted["title"],
            wanted.get("section", ""),
        )
        assert [m["text"] for m in task["measures"]] == [m["text"] for m in wanted.get("measures", ())]
        assert len(task["units"]) == len(wanted["units"])
        assert [[d["text"], d["due_on"] or "", d["kind"]] for d in task["deadlines"]] == wanted.get(
            "deadlines", []
        )
