"""`manage.py check_health`: what the status page shows, for a terminal, a script or a container's health check."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand

from tasks_app import clock
from tasks_app.choices import Health
from tasks_app.domain.operation.queries import Status, status
from tasks_app.domain.operation.rules import Check, JobCheck, moment, span

MARKS = {Health.GOOD: "✔", Health.QUIET: "○", Health.BAD: "✖"}
HELP = """\
检查系统是否正常，和“系统状态”页一样：作业是否按时、消息服务和数据库是否应答、有没有积压和存疑的消息、
有没有单位无人接收、填报期是否开放、工作日历是否录入、磁盘是否够用。非工作时间不要求作业和消息按时。

--machine  只看机器的事，不管要由市医改办或管理员办理的；用于容器的健康检查
--json     输出一个 JSON 对象：
  at, ok                         时间（ISO 8601）；有没有需要处理的
  findings                       需要处理的：[{"key", "name", "words", "advice"}]
  jobs                           各作业：[{"key", "name", "interval"（秒）, "health", "started_at", "finished_at",
                                 "failed_at", "error", "words"}]，health 为 good、quiet（暂不要求）或 bad
  checks                         其他各项：[{"key", "name", "health", "words"}]
退出码：没有需要处理的为 0，否则为 1。"""


class Command(BaseCommand):
    help = HELP
    requires_system_checks = ()  # it is asked every minute

    def create_parser(self, *args: Any, **options: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--machine", action="store_true", help="只看机器的事")
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")

    def handle(self, *, machine: bool, **options: Any) -> None:
        now = status(clock.now())
        findings = now.findings(by_machine=machine)
        shown = [check for check in now.checks if check.by_machine or not machine]
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(now, shown, findings), ensure_ascii=False, indent=2))
        else:
            self._print_text(now, shown, findings)
        if findings:
            raise SystemExit(1)

    def _print_text(self, now: Status, shown: list[Check], findings: list[Check]) -> None:
        hours = "" if now.in_hours else "（非工作时间，不要求作业和消息按时）"
        self.stdout.write(f"{now.at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}{hours}")
        for job in now.jobs:
            last = f"，最近开始于{moment(job.last.started_at)}" if job.last else ""
            self._print(job, f"{job.name}（每{span(job.interval)}）", f"{job.words}{last}")
        for check in shown:
            self._print(check, check.name, check.words)
        self.stdout.write(f"有 {len(findings)} 处需要处理。" if findings else "一切正常。")

    def _print(self, check: Check, name: str, words: str) -> None:
        self.stdout.write(f"  {MARKS[check.health]} {name}：{words}")
        if check.health == Health.BAD:
            self.stdout.write(f"      → {check.advice}")


def _as_json(now: Status, shown: list[Check], findings: list[Check]) -> dict[str, Any]:
    return {
        "at": now.at.astimezone(clock.SHANGHAI).isoformat(),
        "ok": not findings,
        "findings": [
            {"key": one.key, "name": one.name, "words": one.words, "advice": one.advice} for one in findings
        ],
        "jobs": [_job_as_json(job) for job in now.jobs],
        "checks": [
            {"key": one.key, "name": one.name, "health": one.health, "words": one.words} for one in shown
        ],
    }


def _job_as_json(job: JobCheck) -> dict[str, Any]:
    last = job.last
    return {
        "key": job.key,
        "name": job.name,
        "interval": job.interval.total_seconds(),
        "health": job.health,
        "started_at": _moment(last.started_at if last else None),
        "finished_at": _moment(last.finished_at if last else None),
        "failed_at": _moment(last.failed_at if last else None),
        "error": last.error if last else "",
        "words": job.words,
    }


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(clock.SHANGHAI).isoformat() if at else None
