"""manage.py load_units FILE: add the units of a csv list below the city."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tasks_app import clock
from tasks_app.domain.moves import Refused
from tasks_app.domain.units.actions import load_units
from tasks_app.management.base import DataCommand


class Command(DataCommand):
    help = "导入单位清单（csv：code,name,short_name,kind,aliases）。已有的单位保持不变。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            loaded = load_units(file, by=None, at=clock.now())
        except Refused as rejected:
            raise CommandError(str(rejected)) from rejected
        self.stdout.write(f"新增单位 {loaded.created} 个，已有 {loaded.kept} 个保持不变。")
