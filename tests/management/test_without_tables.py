"""On a database that was never migrated, is half way or cannot be reached, every command says so in a sentence."""

import pytest
from django.core.management import get_commands, load_command_class
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tasks_app.domain.backups import schema
from tasks_app.management.base import DataCommand
from tests.surroundings.program import ROOT, Program
from tests.surroundings.stack import environment, manage

TABLE = str(ROOT / "fixtures" / "2024年深化医改重点任务分解表.xlsx")
WORDS = """
import json
from tasks_app import clock
from tasks_app.domain.operation.queries import status
print(json.dumps(sorted({job.words for job in status(clock.now()).jobs}), ensure_ascii=False))
"""
NO_TABLES = "数据库里还没有建表，没有做任何改动。请先运行 manage.py migrate，再重新运行这个命令。"
# These make the tables, look at the machine, or say of a database without any what is the matter.
NEED_NONE = {"backup", "check_channels", "check_health", "demo_clock", "migrate", "restore", "serve"}


def test_every_command_that_works_on_the_data_looks_at_the_tables_first():
    ours = {name for name, app in get_commands().items() if app == "tasks_app"}
    look = {name for name in ours if isinstance(load_command_class("tasks_app", name), DataCommand)}
    assert ours - look == NEED_NONE


@pytest.mark.dealt_to("sqlite")
def test_without_tables_it_says_what_to_do(db, tmp_path):
    program = Program.empty(tmp_path, "never_migrated")
    assert program.refused("import_plan", TABLE) == f"CommandError: {NO_TABLES}\n"
    assert program.refused("seed_demo") == f"CommandError: {NO_TABLES}\n"
    assert not (tmp_path / "demo_clock").exists()
    assert program.refused("backup") == (
        "CommandError: 数据库里还没有建表，没有可以备份的内容。请核对 DATABASE_URL 和 VAR_DIR。\n"
    )
    assert "请先运行 manage.py migrate" in program.refused("axes_reset")  # not one of ours
    assert program.manage("demo_clock", "2024-08-01 09:00") == "系统时间：2024-08-01 09:00\n"


def test_with_tables_and_nothing_in_them_no_job_is_late(db, tmp_path):
    program = Program.create(tmp_path, "just_migrated")
    program.manage("demo_clock", "2024-08-01 09:00")
    assert program.python(WORDS) == ["刚启动，尚未到首次运行时间"]
    assert "新增单位 26 个" in program.manage("load_units", str(ROOT / "fixtures" / "units.csv"))


def test_with_old_tables_too(db):
    assert schema.why_not_use() == ""
    last = max(name for app, name in schema.applied_migrations() if app == "tasks_app")
    MigrationRecorder(connection).record_unapplied("tasks_app", last)
    assert schema.why_not_use() == (
        "数据库还没有升级到现在的版本，没有做任何改动。请先运行 manage.py migrate，再重新运行这个命令。"
    )


def test_a_server_that_does_not_answer_is_said_too(tmp_path):
    env = environment(tmp_path, DATABASE_URL="postgres://reform:secret@127.0.0.1:1/reform")
    for command in ("migrate", "load_calendar"):
        refused = manage(env, command, check=False)
        assert refused.returncode == 1
        assert refused.stderr.startswith("数据库不能使用（connection to server at")
        assert refused.stderr.count("\n") == 1
