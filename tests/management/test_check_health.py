"""manage.py check_health: what it prints, its exit status, and what a container's health check leaves out."""

import json
import subprocess
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command

from reform_tracker.celery import TIMETABLE
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.operation import actions
from tasks_app.domain.reporting.actions import open_due_periods
from tests.surroundings.stack import environment, manage

MONDAY = datetime(2024, 7, 22, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def running(period, people, at, redis_server, settings, set_clock):
    """The jobs ran a moment ago; two units have nobody who fills in."""
    settings.CELERY_BROKER_URL = redis_server.url
    load_official_days([2024, 2025], by=None, at=at)
    open_due_periods(at=at)
    for job in TIMETABLE:
        actions.job_started(job, at=MONDAY - timedelta(seconds=5))
        actions.job_finished(job, at=MONDAY - timedelta(seconds=4))
    set_clock(MONDAY)
    return people


@pytest.fixture
def check(running, capsys):
    """`check("--json")` returns exit status and output."""

    def run(*arguments: str) -> tuple[int, str]:
        status = 0
        try:
            call_command("check_health", *arguments)
        except SystemExit as end:
            status = end.code
        return status, capsys.readouterr().out

    return run


def test_what_only_a_person_can_see_to_is_a_finding_but_not_for_the_machine(check):
    status, output = check()
    assert status == 1
    assert "✖ 无人接收的单位：2个单位没有填报员：市医保局、市财政局" in output
    assert "→ 请管理员在“人员”页为它们建立填报员账号" in output
    assert output.endswith("有 1 处需要处理。\n")
    status, output = check("--machine")
    assert (status, output.splitlines()[-1]) == (0, "一切正常。")
    assert "无人接收" not in output
    assert "✔ 发送消息（每10秒）：按时运行，最近开始于7月22日 09:59" in output


def test_a_late_job_is_one_for_the_machine_but_not_at_night(check, set_clock):
    set_clock(MONDAY + timedelta(minutes=5))
    status, output = check("--machine")
    assert status == 1
    assert "✖ 发送消息（每10秒）：已有5分钟没有运行，应每10秒一次" in output
    set_clock(MONDAY + timedelta(hours=12))
    status, output = check("--machine")
    assert status == 0
    assert "非工作时间，不要求作业和消息按时" in output


def test_json_for_other_programs(check):
    status, output = check("--json")
    result = json.loads(output)
    assert (status, result["ok"], result["at"]) == (1, False, "2024-07-22T10:00:00+08:00")
    assert [one["key"] for one in result["findings"]] == ["units"]
    assert [job["key"] for job in result["jobs"]] == list(TIMETABLE)
    assert result["jobs"][0] == {
        "key": "open_periods",
        "name": "开放填报期",
        "interval": 60.0,
        "health": "good",
        "started_at": "2024-07-22T09:59:55+08:00",
        "finished_at": "2024-07-22T09:59:56+08:00",
        "failed_at": None,
        "error": "",
        "words": "按时运行",
    }
    assert {one["key"]: one["health"] for one in result["checks"]} == {
        "database": "good",
        "broker": "good",
        "disk": "good",
        "backup": "quiet",
        "waiting": "good",
        "doubtful": "good",
        "hold": "good",
        "channels": "good",
        "units": "bad",
        "periods": "good",
        "calendar": "good",
    }


@pytest.mark.once
def test_without_database_and_broker_it_says_so_and_does_not_break(tmp_path):
    env = environment(
        tmp_path, DATABASE_URL="postgres://a:b@127.0.0.1:1/c", REDIS_URL="redis://127.0.0.1:1/0"
    )
    result: subprocess.CompletedProcess[str] = manage(env, "check_health", "--machine", check=False)
    assert result.returncode == 1
    assert "✖ 数据库：数据库没有应答" in result.stdout
    assert "✖ 消息服务：消息服务没有应答" in result.stdout
    assert "Traceback" not in result.stderr
