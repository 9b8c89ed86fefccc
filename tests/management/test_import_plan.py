"""manage.py import_plan: its one JSON object, its exit, and a database left alone."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tasks_app.models import AuditEvent, Plan, PlanImport, Report, Unit
from tests.cast import REAL_TABLE
from tests.surroundings import migrated
from tests.workbooks import row, table

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "tests" / "data"
FIGURES = {"sections": 6, "tasks": 24, "measures": 85, "units": 26, "assignments": 303}


def run(path: Path, *options: str) -> tuple[int, str]:
    """Return the exit status and what was printed."""
    out = StringIO()
    try:
        call_command("import_plan", str(path), *options, stdout=out, stderr=StringIO())
    except SystemExit as exit_:
        return int(exit_.code or 0), out.getvalue()
    return 0, out.getvalue()


def run_json(path: Path, *options: str) -> tuple[int, dict]:
    status, text = run(path, "--json", *options)
    return status, json.loads(text)


def test_the_real_table_and_the_same_again(units, people):
    status, first = run_json(REAL_TABLE, "--by", "admin")
    assert status == 0
    assert {key: first[key] for key in FIGURES} == FIGURES
    assert list(first) == [*FIGURES, "changes", "problems", "tables"]
    assert first["changes"] == {"added": 24, "changed": 0, "removed": 0, "unchanged": 0}
    assert first["problems"] == []
    assert PlanImport.objects.get().applied_by == people.admin
    events = AuditEvent.objects.count()
    status, second = run_json(REAL_TABLE, "--year", "2024")
    assert (status, second["changes"]) == (0, {"added": 0, "changed": 0, "removed": 0, "unchanged": 24})
    assert (PlanImport.objects.count(), AuditEvent.objects.count()) == (1, events)


@pytest.mark.parametrize(
    "table", [REAL_TABLE, REAL_TABLE.with_suffix(".docx")], ids=lambda table: table.suffix
)
def test_every_task_of_the_real_table_is_read_as_the_notice_has_it(units, table):
    """Counts alone once hid a task under the wrong section."""
    found = run_json(table, "--dry-run")[1]
    assert found["problems"] == []
    tasks = [
        {key: task[key] for key in ("number", "section", "title")}
        | {
            "measures": [measure["text"] for measure in task["measures"]],
            "units": [unit["name"] for unit in task["units"]],
        }
        for task in found["tables"][0]["tasks"]
    ]
    assert tasks == json.loads((DATA / "2024.json").read_text())


def test_a_dry_run_says_all_and_writes_nothing(units):
    status, found = run_json(REAL_TABLE, "--dry-run")
    assert (status, found["changes"]["added"]) == (0, 24)
    assert not Plan.objects.exists()
    assert not PlanImport.objects.exists()
    assert not AuditEvent.objects.exists()


def test_errors_exit_with_one_and_leave_the_database_alone(units, tmp_path):
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(table(row(1), row(2, "市卫计委"), row(1, title="1. 又一")))
    status, found = run_json(bad)
    assert status == 1
    assert [(p["row"], p["column"]) for p in found["problems"]] == [(4, "D"), (5, "B")]
    assert found["tasks"] == 3
    assert not Plan.objects.exists()
    assert not PlanImport.objects.exists()


@pytest.mark.parametrize("content", [None, b"", b"text", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_one_problem(units, tmp_path, content):
    path = tmp_path / "x.xlsx"
    if content is not None:
        path.write_bytes(content)
    status, found = run_json(path)
    assert status == 1
    assert [(p["severity"], p["row"]) for p in found["problems"]] == [("error", None)]
    assert {found[key] for key in FIGURES} == {0}


def test_a_file_beyond_the_limit_is_one_problem(units, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    status, found = run_json(REAL_TABLE)
    assert status == 1
    assert "上限" in found["problems"][0]["message"]


def test_the_summary_is_for_people(units):
    status, text = run(REAL_TABLE)
    assert status == 0
    assert "工作任务6项、主要目标要求24项、细化措施85条、责任单位26个、责任分工303条" in text
    assert "新增24项" in text
    assert text.endswith("已导入。\n")
    assert "完全相同" in run(REAL_TABLE)[1]


def test_a_newcomers_empty_database_gets_its_units_first(db):
    status, found = run_json(REAL_TABLE)
    assert (status, found["assignments"]) == (0, 303)
    assert Unit.objects.filter(parent__code="3504").count() == 26


def test_an_empty_database_stays_empty_on_a_dry_run(db):
    assert run_json(REAL_TABLE, "--dry-run")[0] == 0
    assert not Unit.objects.exists()


def test_periods_whose_day_has_come_are_opened(units, set_clock, at):
    set_clock(at)
    run(REAL_TABLE)
    assert Report.objects.count() == 26


@pytest.mark.parametrize("option", [("--issuer", "9999"), ("--by", "nobody")])
def test_a_wrong_option_is_said(units, option):
    with pytest.raises(CommandError):
        run(REAL_TABLE, *option)


@pytest.mark.once
def test_two_imports_at_once_make_one_plan(db, tmp_path):
    """Real processes against a database of their own."""
    environment = os.environ | {"VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/two.sqlite3"}
    environment["DJANGO_SETTINGS_MODULE"] = "reform_tracker.settings"
    manage = [sys.executable, str(ROOT / "manage.py")]
    assert migrated.copy_to(environment["DATABASE_URL"])
    command = [*manage, "import_plan", str(REAL_TABLE), "--json"]
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    found = [json.loads(process.communicate(timeout=120)[0]) for process in both]
    assert sorted(answer["changes"]["added"] for answer in found) == [0, 24]
    assert sorted(answer["changes"]["unchanged"] for answer in found) == [0, 24]


# --- tables of other cities -------------------------------------------------------------------------------

OTHER_CITY = """温州市2026年营商环境优化提升重点任务清单,,,,,
序号,领域,承诺事项,具体举措,责任单位,
,,,,牵头单位,配合单位
1,政务服务,深化“一件事”改革,1.新增高频“一件事”20件以上。2.6月底前压缩办理时限。,市数据局,市公安局、财政局
2,,推进数据共享,归集数据。,市数据局,市级有关部门
"""


@pytest.fixture
def other_city(tmp_path) -> Path:
    path = tmp_path / "温州.csv"
    path.write_text(OTHER_CITY, encoding="utf-8")
    return path


def test_columns_are_mapped_and_units_accepted_by_options(units, other_city):
    status, refused = run_json(other_city, "--dry-run")
    assert status == 1
    assert "市数据局" in "".join(p["message"] for p in refused["problems"])
    assert [u["name"] for u in refused["tables"][0]["unknown_units"]] == [
        "市数据局",
        "市公安局",
        "市级有关部门",
    ]
    assert not Unit.objects.filter(name="市数据局").exists()
    status, found = run_json(other_city, "--map", "承诺事项=重点任务", "--accept-new-units")
    assert (status, found["tasks"], found["measures"], found["units"]) == (0, 2, 3, 3)
    assert Unit.objects.filter(name__in=["市数据局", "市公安局"]).count() == 2


def test_what_is_accepted_without_a_name_of_its_own_is_said(units, other_city):
    text = OTHER_CITY + "3,,规范收费,清理收费。,市数据局,市级有关部门、各有关单位\n"
    other_city.write_text(text, encoding="utf-8")
    status, printed = run(other_city, "--map", "承诺事项=重点任务", "--accept-new-units")
    said = [line for line in printed.splitlines() if "没有写明是哪些单位" in line]
    assert status == 0
    assert len(said) == 2
    assert "“市级有关部门”" in said[0]
    assert "没有分配任务。如需分配，请在“导入”页上传这份表，选定单位。" in said[0]
    assert "“各有关单位”" in said[1]
    again = run_json(other_city, "--map", "承诺事项=重点任务", "--accept-new-units")[1]
    assert [p["severity"] for p in again["problems"] if "没有写明是哪些单位" in p["message"]] == [
        "warning"
    ] * 2


def test_json_tells_in_full_what_was_read(units, other_city):
    found = run_json(other_city, "--map", "承诺事项=title", "--accept-new-units", "--dry-run")[1]
    (read,) = found["tables"]
    assert (read["year"], read["sections"]) == (2026, ["政务服务"])
    first = read["tasks"][0]
    assert (first["number"], first["title"], first["section"]) == (1, "深化“一件事”改革", "政务服务")
    assert [m["text"] for m in first["measures"]] == ["新增高频“一件事”20件以上。", "6月底前压缩办理时限。"]
    assert [d["due_on"] for d in first["measures"][1]["deadlines"]] == ["2026-06-30"]
    assert [(u["name"], u["role"], u["assumed"]) for u in first["units"]] == [
        ("市数据局", "lead", False),
        ("市公安局", "support", False),
        ("市财政局", "support", False),
    ]
    (indicator,) = first["indicators"]
    assert (indicator["value"], indicator["unit"], indicator["comparator"]) == ("20", "件", "at_least")
    assert not Unit.objects.filter(name="市数据局").exists()


@pytest.mark.parametrize("option", ["承诺事项", "承诺事项=没有这个", "=重点任务"])
def test_a_mapping_that_says_nothing_is_refused(units, other_city, option):
    with pytest.raises(CommandError, match="--map"):
        run(other_city, "--map", option)
