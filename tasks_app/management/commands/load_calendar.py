"""`manage.py load_calendar [YEAR …]`: enter the State Council's holidays and make-up days."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from tasks_app import clock
from tasks_app.domain.calendar.actions import OFFICIAL_YEARS, load_official_days
from tasks_app.domain.moves import Refused
from tasks_app.management.base import DataCommand


class Command(DataCommand):
    help = (
        "把国务院公布的法定节假日和调休录入工作日历；不写年份则录入已知的全部年份"
        f"（{min(OFFICIAL_YEARS)}—{max(OFFICIAL_YEARS)}）。已录入的日期不变。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("years", nargs="*", type=int, metavar="YEAR")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            added = load_official_days(options["years"] or OFFICIAL_YEARS, by=None, at=clock.now())
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"新增 {added} 天。")
