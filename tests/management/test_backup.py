"""manage.py backup and restore, migrate's own backup: a filled city, copied to an empty place and back."""

import hashlib
import json
import os
import sqlite3
from pathlib import Path

import pytest

from tasks_app.documents.backup_file import check_backup, read_head, read_tables
from tests.surroundings.machine import free_port
from tests.surroundings.program import ROOT, Program

pytestmark = pytest.mark.django_db
DUMP = ROOT / "tests" / "data" / "dumps" / "8728e6f.jsonl.gz"
ASK = "import json\nfrom tasks_app.models import *\nfrom django.db import connection\n"


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Program:
    """A city in September: reports, a 督查单, a 约谈, messages; everything may leave."""
    folder = tmp_path_factory.mktemp("original")
    program = Program.create(folder, "original", EMAIL_URL="")
    program.python("from tests.filled_city import fill\nfill()")
    return program


@pytest.fixture(scope="module")
def backup(original, tmp_path_factory) -> Path:
    """A backup of it, before which the newest name of a unit was taken away again."""
    path = tmp_path_factory.mktemp("backups") / "city.jsonl.gz"
    original.python("from tasks_app.models import UnitAlias\nUnitAlias.objects.latest('pk').delete()")
    assert f"已备份到 {path}" in original.manage("backup", "--to", str(path))
    return path


@pytest.fixture(scope="module")
def copy(backup, tmp_path_factory) -> Program:
    """The empty place that was filled from it."""
    program = Program.empty(tmp_path_factory.mktemp("copy"), "copy", EMAIL_URL="", SECRET_KEY="k" * 60)
    said = program.manage("restore", str(backup))
    assert "与备份逐表一致" in said
    assert "密钥（SECRET_KEY）与原来的不同" in said
    assert "外发已全部暂停" in said
    return program


def contents(path: Path) -> dict[str, tuple[tuple[str, ...], list]]:
    return {table.name: (table.fields, list(table.rows)) for table in read_tables(path)}


def test_the_copy_holds_what_the_original_held(backup, copy, tmp_path):
    again = tmp_path / "again.jsonl.gz"
    copy.manage("backup", "--to", str(again))
    before, after = contents(backup), contents(again)
    new = {"tasks_app_sendinghold", "tasks_app_auditevent"}
    assert {name for name in before if before[name] != after[name]} == new
    fields, events = after["tasks_app_auditevent"]
    assert events[:-1] == before["tasks_app_auditevent"][1]
    last = dict(zip(fields, events[-1], strict=True))
    assert (last["action"], last["actor_name"]) == ("restore", "系统")
    assert last["note"].startswith("由备份恢复：city.jsonl.gz，备份时间 ")


def test_it_goes_on_numbering_where_the_original_would(original, copy):
    add = ASK + (
        "unit = Unit.objects.get(name='将乐县')\n"
        "print(json.dumps(UnitAlias.objects.create(unit=unit, name='将乐').pk))"
    )
    assert copy.python(add) == original.python(add)


def test_sessions_and_secrets_are_not_in_it(backup):
    assert "django_session" not in contents(backup)
    head = read_head(backup)
    assert set(head) == {
        "format",
        "program",
        "version",
        "made_at",
        "database",
        "migrations",
        "key",
        "last_ids",
    }
    assert len(head["key"]) == 16


def test_nothing_leaves_the_copy_until_somebody_released_it(copy):
    said = json.loads(copy.manage("send_reminders", "--json", "--at", "2024-09-24T09:00"))
    assert len(said["messages"]) > 20  # due and written …
    assert said["held"] is True
    assert set(said["delivered"].values()) == {0}  # … and kept
    assert not list(Path(copy.environment["VAR_DIR"], "mail").glob("*"))
    assert "✖ 外发放行" in copy.start("manage.py", "check_health").communicate(timeout=60)[0]


def test_the_timetable_backs_up_once_a_day(copy, tmp_path):
    run = (
        "from django.conf import settings\nfrom pathlib import Path\nfrom tasks_app import clock, jobs\n"
        "from tasks_app.models import JobRun\nfrom datetime import datetime\nimport json\n"
        f"settings.BACKUP_DIR = Path({str(tmp_path)!r})\nruns = []\n"
        "for moment in ('2024-09-24 00:58', '2024-09-24 01:01', '2024-09-25 10:01'):\n"
        "    clock.set_demo_moment(datetime.fromisoformat(moment).replace(tzinfo=clock.SHANGHAI))\n"
        "    jobs.back_up()\n    jobs.back_up()\n"
        "    runs.append(JobRun.objects.filter(job='back_up', failed_at=None).count())\n"
        "print(json.dumps(runs))"
    )
    assert copy.python(run) == [1, 1, 1]
    made = sorted(path.name for path in tmp_path.glob("reform-tracker-*"))
    assert [name[:26] for name in made] == ["reform-tracker-20240924-01", "reform-tracker-20240925-10"]


def test_an_empty_place_is_demanded_and_nothing_is_touched(original, backup, tmp_path):
    before = tmp_path / "before.jsonl.gz"
    original.manage("backup", "--to", str(before))
    assert "目标数据库不是空的，没有恢复任何内容" in original.refused("restore", str(backup))
    after = tmp_path / "after.jsonl.gz"
    original.manage("backup", "--to", str(after))
    assert check_backup(before) == check_backup(after)
    assert "已经存在，没有覆盖" in original.refused("backup", "--to", str(after))


def test_what_cannot_be_restored_is_a_sentence(backup, tmp_path):
    place = Program.empty(tmp_path, "refusing")
    assert "不能读取" in place.refused("restore", str(tmp_path / "nowhere.gz"))
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(backup.read_bytes()[:-100])
    assert "可能没有复制完或已损坏" in place.refused("restore", str(broken))
    assert place.python(ASK + "print(json.dumps(connection.introspection.table_names()))") == []


@pytest.fixture(scope="module")
def dumped(tmp_path_factory) -> Program:
    """A database as the version of the dump has it, filled."""
    program = Program.empty(tmp_path_factory.mktemp("dumped"), "dumped")
    program.python(
        "from pathlib import Path\nfrom tasks_app import clock\nfrom tasks_app.domain.backups import actions\n"
        f"actions.restore(Path({str(DUMP)!r}), at=clock.now())"
    )
    return program


@pytest.fixture
def earlier(dumped, tmp_path) -> Program:
    """The same, to be migrated."""
    return dumped.copy(tmp_path, "earlier")


@pytest.mark.once
def test_migrate_backs_up_before_by_itself(earlier, tmp_path):
    assert "升级前已备份到" in earlier.manage("migrate")
    (made,) = (tmp_path / "backups").iterdir()
    assert made.name.endswith("-before-migrate.jsonl.gz")
    assert check_backup(made) == check_backup(DUMP)
    assert "升级前" not in earlier.manage("migrate")
    assert earlier.manage("backup", "--list").endswith("　升级前\n")


@pytest.mark.once
def test_without_room_for_the_backup_nothing_is_migrated(earlier, tmp_path):
    (tmp_path / "backups").write_text("a file where the folder should be")
    assert "没有升级，数据没有改动" in earlier.refused("migrate")
    ask = ASK + "print(json.dumps('tasks_app_sendinghold' in connection.introspection.table_names()))"
    assert earlier.python(ask) is False
    earlier.manage("migrate", "--no-backup", "--verbosity", "0")
    assert earlier.python(ask) is True


def test_two_who_migrate_at_once_get_along(tmp_path):
    program = Program.empty(tmp_path, "two_at_once")
    if program.environment["DATABASE_URL"].startswith("sqlite"):
        pytest.skip("SQLite is for one machine, which migrates in one place")
    both = [program.start("manage.py", "migrate", "--verbosity", "0") for _ in range(2)]
    assert [(one.communicate(timeout=200)[1], one.returncode) for one in both] == [("", 0), ("", 0)]


SOME = "0001_initial 0002_immutable_rows 0003_any_table 0004_reporting_and_review"
RECORD = (
    "from django.db import connection\nfrom django.db.migrations.recorder import MigrationRecorder\n"
    "recorder = MigrationRecorder(connection)\nrecorder.ensure_schema()\n"
    "for name in {names!r}.split(): recorder.record_applied('tasks_app', name)"
)


def digest(program: Program) -> str:
    ask = ASK + (
        "from django.db.migrations.recorder import MigrationRecorder\n"
        "had = sorted(MigrationRecorder(connection).applied_migrations())\n"
        "print(json.dumps([had, connection.introspection.table_names()]))"
    )
    return hashlib.sha256(json.dumps(program.python(ask)).encode()).hexdigest()


@pytest.mark.once
@pytest.mark.parametrize("command", ["migrate", "serve", "backup"])
def test_a_database_that_stopped_half_way_is_told_the_way(tmp_path, command):
    program = Program.empty(tmp_path, "half_way", PORT=str(free_port()), REDIS_URL="")
    program.python(RECORD.format(names=SOME))
    before = digest(program)
    refused = program.refused(command)
    assert "这个数据库停在旧版本（已升级到 0004_reporting_and_review）" in refused
    assert "git checkout b262e88" in refused
    assert "Traceback" not in refused
    assert digest(program) == before
    assert not list(tmp_path.rglob("*.jsonl.gz"))


@pytest.mark.once
def test_a_database_of_a_later_version_is_not_used(tmp_path):
    program = Program.empty(tmp_path, "later")
    program.python(RECORD.format(names="0001_squashed_0006 9999_the_future"))
    for command in ("migrate", "backup"):
        refused = program.refused(command)
        assert "已由更新的版本升级过（9999_the_future）" in refused
        assert "Traceback" not in refused


def test_what_postgresql_held_sqlite_takes(original, backup, tmp_path):
    if original.environment["DATABASE_URL"].startswith("sqlite"):
        pytest.skip("the dumps, which are from SQLite, prove the other way on PostgreSQL")
    file = tmp_path / "other.sqlite3"
    other = Program(original.environment | {"VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{file}"})
    assert "与备份逐表一致" in other.manage("restore", str(backup))
    with sqlite3.connect(file) as database:
        (words,) = database.execute(
            "SELECT progress FROM tasks_app_progressentry WHERE progress LIKE '%12个分院%'"
        ).fetchone()
    assert words == "章程已修订并印发，覆盖12个分院。"
    assert os.stat(file).st_size > 500_000
