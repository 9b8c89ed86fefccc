"""manage.py import_plan: the importer that the page uses, for operators and for other programs."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from tasks_app import clock
from tasks_app.choices import ImportState, UnitKind
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan_import.actions import (
    Given,
    apply_import,
    given_of,
    mend_import,
    read_import,
    store_upload,
)
from tasks_app.domain.plan_import.queries import decide_all, import_as_json
from tasks_app.domain.plan_import.rules.content import Figures
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.domain.units.actions import load_units
from tasks_app.management.base import DataCommand
from tasks_app.models import PlanImport, Unit, User
from tasks_app.plan_reading.mends import Mends
from tasks_app.plan_reading.plain import as_plain
from tasks_app.plan_reading.problems import NOWHERE, error, warning
from tasks_app.plan_reading.table.fields import Field, heading_key, meaning
from tasks_app.plan_reading.units.cells import MentionKind

UNITS = settings.BASE_DIR / "fixtures" / "units.csv"
CHANGES = {"added": "新增", "changed": "修改", "removed": "停办", "unchanged": "未变"}
SEVERITIES = {"error": "错误", "warning": "提示"}
FIELDS = {name: field for field in Field for name in (field.value, field.name.lower())}


class Command(DataCommand):
    help = "导入年度分解表（.xlsx、.xlsm、.xls、.et、.docx、.csv）。有错误时不改动数据库，以状态 1 结束。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="分解表文件")
        parser.add_argument("--year", type=int, help="年度；不写则取自表的标题")
        parser.add_argument("--issuer", help="印发单位代码；不写则为唯一的市")
        parser.add_argument("--by", help="以哪个账号的名义导入；不写则为系统")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="列名=字段",
            help=f"指定一列的含义，可写多次；字段：{'、'.join(field.value for field in Field)}",
        )
        parser.add_argument(
            "--accept-new-units",
            action="store_true",
            help="没有登记的单位：与已登记单位确为同一单位的按该单位，其余新建",
        )
        parser.add_argument("--dry-run", action="store_true", help="只检查和比对，不写入")
        parser.add_argument("--json", action="store_true", help="只输出一个 JSON 对象，供其他程序读取")

    def handle(self, *args: Any, **options: Any) -> None:
        columns = dict(_column(text) for text in options["map"])
        # The one transaction makes "untouched" cover all, loading the units and keeping the preview included.
        with transaction.atomic():
            result = self._run(columns, options)
            failed = has_error(result)
            if failed or options["dry_run"]:
                transaction.set_rollback(True)
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self._print(result, dry_run=options["dry_run"])
        if failed:
            raise SystemExit(1)

    def _run(self, columns: dict[str, Field], options: dict[str, Any]) -> dict[str, Any]:
        at = clock.now()
        by = _person(options["by"])
        data, refusal = _read(options["file"])
        if refusal:
            return import_as_json(None, [as_plain(error(NOWHERE, refusal))])
        if not Unit.objects.exists():
            loaded = load_units(UNITS, by=None, at=at)
            self.stderr.write(f"数据库中还没有单位，已先从 {UNITS.name} 载入 {loaded.created} 个单位。")
        issuer = _issuer(options["issuer"])
        given = Given(year=options["year"])
        stored = store_upload(data, issuer=issuer, file_name=options["file"].name, given=given, by=by, at=at)
        stored = read_import(stored.pk, at=at)
        left_out: list[dict[str, Any]] = []
        if stored.state == ImportState.PREVIEWED:
            stored, left_out = _mend(stored, columns, accept=options["accept_new_units"], by=by, at=at)
        result = import_as_json(stored, [*stored.problems, *left_out])
        if stored.state != ImportState.PREVIEWED or has_error(result) or options["dry_run"]:
            return result
        if not stored.summary["is_empty"]:
            try:
                apply_import(stored.pk, by=by, at=at)
            except Refused as refused:
                return import_as_json(stored, [*stored.problems, as_plain(error(NOWHERE, str(refused)))])
            open_due_periods(at=at, by=by)
        else:
            stored.delete()
        return result

    def _print(self, result: dict[str, Any], *, dry_run: bool) -> None:
        for problem in result["problems"]:
            self.stdout.write(f"{SEVERITIES[problem['severity']]}：{problem['message']}")
        for table in result["tables"]:
            figures = Figures(**{name: result[name] for name in Figures.LABELS})
            self.stdout.write(f"{table['title']}：{figures}。")
        if has_error(result):
            self.stdout.write("表格有错误，没有导入，数据库未改动。请改正后重新运行。")
            return
        counts = result["changes"]
        self.stdout.write("，".join(f"{label}{counts[kind]}项" for kind, label in CHANGES.items()) + "任务。")
        if not (counts["added"] or counts["changed"] or counts["removed"]):
            self.stdout.write("与已导入的分解表完全相同，没有改动。")
        else:
            self.stdout.write("试运行，没有写入。" if dry_run else "已导入。")


def has_error(result: dict[str, Any]) -> bool:
    """Tell whether anything forbids the import."""
    return any(problem["severity"] == "error" for problem in result["problems"])


def _mend(
    stored: PlanImport, columns: dict[str, Field], *, accept: bool, by: User | None, at: Any
) -> tuple[PlanImport, list[dict[str, Any]]]:
    """Mend a preview as the options say: the columns first, for they decide which units there are.

    Returns it with one warning for each name that was left out, for nobody can say here whom it means.
    """
    given = given_of(stored)
    left_out: list[dict[str, Any]] = []
    if columns:
        mends = Mends(columns=columns)
        stored = mend_import(stored.pk, mends=mends, given=given, version=stored.version, by=by, at=at)
    if accept and stored.outline["names"]:
        left_out = [
            as_plain(warning(NOWHERE, _left_out(name)))
            for name in stored.outline["names"]
            if name["kind"] != MentionKind.UNIT.name
        ]
        mends = Mends(columns=columns, units=decide_all(stored))
        stored = mend_import(stored.pk, mends=mends, given=given, version=stored.version, by=by, at=at)
    return stored, left_out


def _left_out(name: dict[str, Any]) -> str:
    places = [place["label"] for place in name["places"]]
    tasks = "、".join(places) + (f"等{name['count']}处" if name["count"] > len(places) else "")
    return (
        f"{tasks}写有“{name['written'][:30]}”，没有写明是哪些单位，没有分配任务。"
        "如需分配，请在“导入”页上传这份表，选定单位。"
    )


def _column(text: str) -> tuple[str, Field]:
    heading, _, name = text.rpartition("=")
    field = FIELDS.get(name.strip()) or meaning(name)
    if not heading or field is None:
        raise CommandError(f"--map 应写作“列名=字段”，字段为：{'、'.join(field.value for field in Field)}。")
    return heading_key(heading), field


def _read(path: Path) -> tuple[bytes, str]:
    """Return a file's content, or a sentence that says why there is none."""
    limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
    try:
        size = path.stat().st_size
        if size > settings.UPLOAD_MAX_BYTES:
            return (
                b"",
                f"文件有{size // 1024 // 1024} MB，超过{limit} MB 的上限，请删去与分解表无关的内容后再导入。",
            )
        return path.read_bytes(), ""
    except OSError as failure:
        return b"", f"无法读取文件“{path}”（{failure.strerror}），请检查路径是否正确、是否有权读取。"


def _issuer(code: str | None) -> Unit:
    if code:
        issuer = Unit.objects.filter(code=code).first()
        if issuer is None:
            raise CommandError(f"没有代码为“{code}”的单位。")
        return issuer
    cities = list(Unit.objects.in_use().filter(kind=UnitKind.CITY)[:2])
    if not cities:
        raise CommandError("还没有印发单位。请先运行 manage.py load_units fixtures/units.csv。")
    if len(cities) > 1:
        raise CommandError("有多个市，请用 --issuer 写明印发单位的代码。")
    return cities[0]


def _person(username: str | None) -> User | None:
    if username is None:
        return None
    person = User.objects.in_use().filter(username=username).first()
    if person is None:
        raise CommandError(f"没有在用的账号“{username}”。")
    return person
