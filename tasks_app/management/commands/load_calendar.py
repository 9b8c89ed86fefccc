"""`manage.py load_calendar [YEAR …]`: enter the State Council's holidays and make-up days."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tasks_app import clock
from tasks_app.domain.calendar.actions import OFFICIAL_YEARS, CalendarError, load_official_days


class Command(BaseCommand):
    help = (
        "Enter the State Council's holidays and make-up days of the given years into the calendar; "
        f"without a year all that are known ({min(OFFICIAL_YEARS)}-{max(OFFICIAL_YEARS)}). "
        "Days that are entered already stay as they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("years", nargs="*", type=int, metavar="YEAR")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            added = load_official_days(options["years"] or OFFICIAL_YEARS, by=None, at=clock.now())
        except CalendarError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"新增 {added} 天。")
