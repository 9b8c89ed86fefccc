"""manage.py demo_clock "2024-09-20 09:00": move a demonstration to another moment."""

from argparse import ArgumentParser
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from tasks_app import clock
from tasks_app.domain.backups import schema
from tasks_app.domain.operation.actions import program_started


class Command(BaseCommand):
    help = "查看或设定演示环境的系统时间：年-月-日、“年-月-日 时:分”，或 now（现在）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("moment", nargs="?", help="年-月-日（上午 9 时起）、“年-月-日 时:分”，或 now")

    def handle(self, *, moment: str | None, **options: Any) -> None:
        if moment is not None:
            self._set(moment)
        self.stdout.write(f"系统时间：{clock.now().astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}")

    def _set(self, text: str) -> None:
        try:
            clock.set_demo_moment(None if text == "now" else _parsed(text))
        except ValueError as error:
            raise CommandError(f"“{text}”不是时间，请写成 2024-09-20 09:00 的形式。") from error
        except RuntimeError as error:
            raise CommandError("MODE=production 时没有演示时间。") from error
        # The jobs have not run at this moment yet, which is no fault of theirs.
        with suppress(DatabaseError):
            if not schema.why_not_use():
                program_started(at=clock.now())


def _parsed(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if len(text) <= len("2024-09-20"):
        moment = moment.replace(hour=9)
    return moment.replace(tzinfo=moment.tzinfo or clock.SHANGHAI)
