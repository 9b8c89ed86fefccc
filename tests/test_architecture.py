"""The rules of docs/architecture that an import contract cannot say (those are in pyproject.toml)."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from unicodedata import east_asian_width

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(
    path
    for folder in ("reform_tracker", "tasks_app", "tests", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
APPLICATION = [path for path in SOURCES if "tasks_app" in path.relative_to(ROOT).parts]
PURE = {"rules", "plan_reading", "language"}
RULES = [path for path in APPLICATION if PURE & {path.stem, *path.parts}]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# What still has lines of more than 120 columns; only ever taken from.
WIDE_TEMPLATES = {
    "templates/clashes/clashes.html",
    "templates/offline/preview.html",
    "templates/review/_entry.html",
    "templates/review/task.html",
}
CLOCK_READERS = ("tasks_app/views/", "tasks_app/management/", "tasks_app/jobs.py", "tasks_app/clock.py")
ERRORS = ("Error", "Exception", "Refused", "Stale", "Rejected")
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "service", "services"}

pytestmark = pytest.mark.once


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def attributes(path: Path) -> Iterator[str]:
    """Every dotted use in a file: `clock.now`, `timezone.now` …"""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def imports(path: Path) -> Iterator[str]:
    """Every imported name with its module: `django.db.models`, `tasks_app.clock.now` …"""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module or ''}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_only_entry_points_read_the_clock():
    readers = {name(p) for p in APPLICATION if "clock.now" in attributes(p)}
    readers |= {name(p) for p in APPLICATION if "tasks_app.clock.now" in imports(p)}
    assert readers
    assert [reader for reader in readers if not reader.startswith(CLOCK_READERS)] == []


def test_nobody_reads_another_clock():
    clocks = {"timezone.now", "datetime.now", "datetime.utcnow", "date.today", "time.time"}
    readers = {name(p) for p in APPLICATION if clocks & set(attributes(p))}
    # The lock after failed log-ins is django-axes's, which counts by the machine's clock.
    axes = {"tasks_app/views/account.py", "tasks_app/views/people.py"}
    assert readers <= {"tasks_app/clock.py", "tasks_app/management/commands/demo_clock.py"} | axes


@pytest.mark.parametrize("path", RULES, ids=name)
def test_rules_ask_no_database_and_start_no_process(path):
    assert [module for module in imports(path) if module.startswith("django.db")] == []
    assert [use for use in attributes(path) if use.endswith(".objects")] == []
    assert [module for module in imports(path) if module.startswith(("subprocess", "multiprocessing"))] == []
    assert [module for module in imports(path) if module.endswith((".read_document", ".run_apart"))] == []


def test_what_a_submission_says_is_read_in_one_place():
    """Only reporting/content.py knows the keys of the stored JSON; the plan's imports keep a JSON of their own."""
    own = ("tasks_app/domain/reporting/content.py", "tasks_app/domain/plan_import/")
    looked_up = [
        f"{name(path)}:{node.lineno}"
        for path in APPLICATION
        if not name(path).startswith(own)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Subscript)
        and (
            (isinstance(node.value, ast.Attribute) and node.value.attr == "content")
            or (isinstance(node.slice, ast.Constant) and node.slice.value in {"entries", "header"})
        )
    ]
    templates = [name(path) for path in TEMPLATES if "submission.content" in path.read_text(encoding="utf-8")]
    assert looked_up + templates == []


# What belongs to the actions of a capability but fills a file of its own; only actions and their parts use them.
PARTS_OF_ACTIONS = {
    "tasks_app/domain/audit.py",
    "tasks_app/domain/matters/steps.py",
    "tasks_app/domain/plan/predecessors.py",
    "tasks_app/domain/plan_import/learning.py",
    "tasks_app/domain/plan_import/snapshot.py",
    "tasks_app/domain/plan_import/undoing.py",
    "tasks_app/domain/plan_import/writing.py",
    "tasks_app/domain/reminders/claiming.py",
    "tasks_app/domain/reminders/delivering.py",
    "tasks_app/domain/reminders/settling.py",
    # Throws its own preview away when it would change nothing.
    "tasks_app/management/commands/import_plan.py",
}
WRITERS = {"save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def writes(path: Path) -> bool:
    """Whether a file writes rows. `update` with a dictionary is no query's; documents save files."""
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    return any(
        isinstance(call.func, ast.Attribute)
        and (call.func.attr in WRITERS or (call.func.attr == "update" and call.keywords and not call.args))
        for call in calls
    )


def test_rows_are_written_by_actions_only():
    rings = ("tasks_app/domain/", "tasks_app/views/", "tasks_app/management/", "tasks_app/jobs.py")
    writers = {name(path) for path in APPLICATION if name(path).startswith(rings) and writes(path)}
    assert {each for each in writers if not re.search(r"/actions(/|\.py)", each)} <= PARTS_OF_ACTIONS


def test_refusals_are_of_few_kinds():
    """What people are told is a sentence of Refused or Stale; all else is a fault and ends in a log."""
    defined = {
        node.name
        for path in APPLICATION
        if "domain" in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id.endswith(ERRORS) for base in node.bases)
    }
    assert defined == {"Refused", "Stale", "UnreadableError"}  # the last never leaves the reading of a box


def test_every_file_says_what_it_is_for():
    assert [
        name(p) for p in SOURCES if p.read_text(encoding="utf-8") and not ast.get_docstring(tree(p))
    ] == []


def test_files_functions_and_templates_are_small():
    long = [name(p) for p in SOURCES if len(p.read_text(encoding="utf-8").splitlines()) > 400]
    long += [name(p) for p in TEMPLATES if len(p.read_text(encoding="utf-8").splitlines()) > 150]
    long += [
        f"{name(p)}:{node.name}"
        for p in SOURCES
        for node in ast.walk(tree(p))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 50
    ]
    assert long == []


def test_templates_are_formatted():
    """`.venv/bin/djangofmt templates` does it; `make lint` says more."""
    formatter = Path(sys.executable).with_name("djangofmt")
    for check in (["--check"], ["check", "--output-format", "concise"]):
        done = subprocess.run(
            [formatter, *check, ROOT / "templates"], capture_output=True, text=True, cwd=ROOT
        )
        assert done.returncode == 0, f"{done.stderr}{done.stdout}"


def columns(line: str) -> int:
    """Return how wide a line stands in an editor: a Chinese sign takes two columns."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line)


def test_the_lines_of_templates_are_short():
    """Lines break within Chinese without a blank (reform_tracker/page_source.py); the list only shrinks."""
    wide = {
        name(path)
        for path in TEMPLATES
        for line in path.read_text(encoding="utf-8").splitlines()
        if columns(line) > 120
    }
    assert wide <= WIDE_TEMPLATES


def test_templates_hold_no_workflow():
    """A view says which moves are open and which sentence stands; markup knows no state and no role by its code."""
    compared = re.compile(r"""\b(state|status|role)\b *(==|!=|in) *["']""")
    lines = [
        f"{name(path)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if compared.search(line)
    ]
    assert lines == []


def test_one_class_name_has_one_meaning():
    """But Django's Meta and Command, whose names are not ours to choose."""
    places: dict[str, list[str]] = {}
    for path in APPLICATION:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and node.name not in {"Meta", "Command"}:
                places.setdefault(node.name, []).append(name(path))
    assert {each: where for each, where in places.items() if len(where) > 1} == {}


def test_no_letter_stands_for_an_enum():
    """`S.DRAFT` means nothing without the head of its file: enums are written out."""
    letters = [
        f"{name(path)}:{node.lineno}"
        for path in APPLICATION
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.alias) and len(node.asname or "") == 1 and node.asname != "_")
        or (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Name)
            and any(
                isinstance(target, ast.Name) and len(target.id) == 1 and target.id.isupper()
                for target in node.targets
            )
        )
    ]
    assert letters == []


STATES = {
    *("ExtensionState", "ImportState", "IndicatorState", "InterviewState"),
    *("MatterState", "NoticeState", "PracticeState", "ReportState"),
}


def test_conditions_on_states_are_asked_of_query_sets():
    """`Report.objects.submitted()`, not a filter by a state spelt out where it is asked."""
    spelt_out = [
        f"{name(path)}:{node.lineno}"
        for path in APPLICATION
        if path.parent.name != "models"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"filter", "exclude"}
        for keyword in node.keywords
        if (keyword.arg or "").removesuffix("__in").endswith("state")
        and any(isinstance(each, ast.Name) and each.id in STATES for each in ast.walk(keyword.value))
    ]
    assert spelt_out == []


def test_no_vague_names():
    ours = [p for p in SOURCES if not name(p).startswith("tests/surroundings/")]
    assert [name(p) for p in ours if VAGUE & {p.stem, *p.relative_to(ROOT).parts[:-1]}] == []


def test_no_signals_and_no_overridden_save():
    assert [name(p) for p in APPLICATION if any("signals" in module for module in imports(p))] == []
    models = [p for p in APPLICATION if p.parent.name == "models"]
    defined = {node.name for p in models for node in ast.walk(tree(p)) if isinstance(node, ast.FunctionDef)}
    assert not defined & {"save", "delete"}


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_pages_keep_to_the_content_security_policy(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", source)


def test_browsers_are_sent_nowhere_else():
    files = [*TEMPLATES, *(p for p in (ROOT / "static").rglob("*") if p.suffix in {".css", ".js"})]
    outside = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//|url\(["']?(?:https?:)?//|@import""")
    assert [name(p) for p in files if outside.search(p.read_text(encoding="utf-8"))] == []
