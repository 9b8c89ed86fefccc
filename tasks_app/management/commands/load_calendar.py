"""`manage.py load_calendar [YEAR …]`: enter the State Council's holidays and make-up days."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from tasks_app import clock
from tasks_app.clock import local_date
from tasks_app.domain.calendar.actions import OFFICIAL_YEARS, load_official_days
from tasks_app.domain.moves import Refused
from tasks_app.management.base import DataCommand

# Every page that counts days reads the whole calendar: years before all plans only cost time.
YEARS_BACK = 3


class Command(DataCommand):
    help = (
        f"把国务院公布的法定节假日和调休录入工作日历；不写年份则录入前{YEARS_BACK}年起已知的各年"
        f"（现有{min(OFFICIAL_YEARS)}—{max(OFFICIAL_YEARS)}年）。已录入的日期不变。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("years", nargs="*", type=int, metavar="YEAR")

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        first = local_date(at).year - YEARS_BACK
        years = options["years"] or [year for year in OFFICIAL_YEARS if year >= first]
        try:
            added = load_official_days(years, by=None, at=at)
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"新增 {added} 天。")
