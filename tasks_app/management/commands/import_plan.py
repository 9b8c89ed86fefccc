"""manage.py import_plan: the importer that the page uses, for operators and for other programs."""

import hashlib
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from tasks_app import clock
from tasks_app.choices import UnitKind
from tasks_app.domain.plan_import.actions import apply_import, preview_import
from tasks_app.domain.plan_import.queries import Examination, examine
from tasks_app.domain.plan_import.rules.problems import NOWHERE, error
from tasks_app.domain.plan_import.rules.understanding import Understanding, understand_file
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.domain.units.actions import load_units
from tasks_app.models import Unit, User

UNITS = settings.BASE_DIR / "fixtures" / "units.csv"
CHANGES = {"added": "新增", "changed": "修改", "removed": "删除或停办", "unchanged": "未变"}
SEVERITIES = {"error": "错误", "warning": "提示"}


class Command(BaseCommand):
    help = "导入年度分解表（.xlsx）。有错误时不改动数据库，以状态 1 结束。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="分解表文件")
        parser.add_argument("--year", type=int, help="年度；不写则取自表的标题")
        parser.add_argument("--issuer", help="印发单位代码；不写则为唯一的市")
        parser.add_argument("--by", help="以哪个账号的名义导入；不写则为系统")
        parser.add_argument("--dry-run", action="store_true", help="只检查和比对，不写入")
        parser.add_argument("--json", action="store_true", help="只输出一个 JSON 对象，供其他程序读取")

    def handle(self, *args: Any, **options: Any) -> None:
        data, understanding = _read(options["file"], options["year"])
        # The one transaction makes "untouched" cover all, loading the units included.
        with transaction.atomic():
            examination = self._run(data, understanding, options)
            if examination.has_errors or options["dry_run"]:
                transaction.set_rollback(True)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(examination), ensure_ascii=False))
        else:
            self._print(examination, dry_run=options["dry_run"])
        if examination.has_errors:
            raise SystemExit(1)

    def _run(self, data: bytes, understanding: Understanding, options: dict[str, Any]) -> Examination:
        at = clock.now()
        by = _person(options["by"])
        if not Unit.objects.exists():
            loaded = load_units(UNITS, by=None, at=at)
            self.stderr.write(f"数据库中还没有单位，已先从 {UNITS.name} 载入 {loaded.created} 个单位。")
        issuer = _issuer(options["issuer"])
        examination = examine(understanding, issuer=issuer)
        if examination.has_errors or examination.difference.is_empty or options["dry_run"]:
            return examination
        preview = preview_import(
            examination,
            issuer=issuer,
            file_name=options["file"].name,
            file_sha256=hashlib.sha256(data).hexdigest(),
            by=by,
            at=at,
        )
        apply_import(preview.pk, by=by, at=at)
        open_due_periods(at=at, by=by)
        return examination

    def _print(self, examination: Examination, *, dry_run: bool) -> None:
        for problem in examination.problems:
            self.stdout.write(f"{SEVERITIES[problem.severity]}：{problem.message}")
        if examination.content is not None:
            self.stdout.write(f"{examination.content.title}：{examination.figures}。")
        if examination.has_errors:
            self.stdout.write("表格有错误，没有导入，数据库未改动。请改正后重新运行。")
            return
        counts = examination.difference.counts()
        self.stdout.write("，".join(f"{label}{counts[kind]}项" for kind, label in CHANGES.items()) + "任务。")
        if examination.difference.is_empty:
            self.stdout.write("与已导入的分解表完全相同，没有改动。")
        else:
            self.stdout.write("试运行，没有写入。" if dry_run else "已导入。")


def _read(path: Path, year: int | None) -> tuple[bytes, Understanding]:
    try:
        size = path.stat().st_size
        if size > settings.UPLOAD_MAX_BYTES:
            limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
            sentence = (
                f"文件有{size // 1024 // 1024} MB，超过{limit} MB 的上限，请删去与分解表无关的内容后再导入。"
            )
            return b"", Understanding(None, [error(NOWHERE, sentence)])
        data = path.read_bytes()
    except OSError as failure:
        sentence = f"无法读取文件“{path}”（{failure.strerror}），请检查路径是否正确、是否有权读取。"
        return b"", Understanding(None, [error(NOWHERE, sentence)])
    return data, understand_file(data, year=year, file_name=path.name)


def _issuer(code: str | None) -> Unit:
    if code:
        issuer = Unit.objects.filter(code=code).first()
        if issuer is None:
            raise CommandError(f"没有代码为“{code}”的单位。")
        return issuer
    cities = list(Unit.objects.filter(kind=UnitKind.CITY, is_active=True)[:2])
    if not cities:
        raise CommandError("还没有印发单位。请先运行 manage.py load_units fixtures/units.csv。")
    if len(cities) > 1:
        raise CommandError("有多个市，请用 --issuer 写明印发单位的代码。")
    return cities[0]


def _person(username: str | None) -> User | None:
    if username is None:
        return None
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise CommandError(f"没有在用的账号“{username}”。")
    return person


def _as_json(examination: Examination) -> dict[str, Any]:
    figures = examination.figures
    return {
        "sections": figures.sections,
        "tasks": figures.tasks,
        "measures": figures.measures,
        "units": figures.units,
        "assignments": figures.assignments,
        "changes": examination.difference.counts(),
        "problems": [problem.as_dict() for problem in examination.problems],
    }
