"""`manage.py backup`: write everything that is stored into one file, while people go on working."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from tasks_app import clock
from tasks_app.domain.backups import queries, rules
from tasks_app.domain.backups.actions import back_up
from tasks_app.domain.moves import Refused


class Command(BaseCommand):
    help = (
        "把数据库里的全部内容（包括上传的文件）写成一个备份文件，不影响正在使用的人；"
        "恢复用 manage.py restore。登录状态和密钥不在其中。"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, help="写到哪个文件；不写时放在 BACKUP_DIR，以时间命名")
        parser.add_argument("--list", action="store_true", help="只列出 BACKUP_DIR 中已有的备份")

    def handle(self, *, to: Path | None, **options: Any) -> None:
        if options["list"]:
            self._list()
            return
        at, began = clock.now(), time.monotonic()
        path = to or settings.BACKUP_DIR / rules.file_name(at)
        if path.exists():
            raise CommandError(f"{path} 已经存在，没有覆盖。请另取一个名字。")
        try:
            made = back_up(path, at=at)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"不能写入 {path}（{error.strerror}），没有备份。") from error
        except DatabaseError as error:
            raise CommandError(f"数据库不能读取，没有备份：{str(error).strip()}") from error
        size = path.stat().st_size / 1024**2
        self.stdout.write(
            f"已备份到 {path}：{len(made.prints)} 张表，{made.rows} 行，{size:.1f} MB，"
            f"用时 {time.monotonic() - began:.1f} 秒。\n"
            "请把它复制到另一台机器上。密钥（SECRET_KEY）和 .env 中的设置不在其中，请另行妥善保管。"
        )

    def _list(self) -> None:
        for one in queries.backups_in(settings.BACKUP_DIR):
            why = "　升级前" if one.is_before_migrate else ""
            made = f"{one.made_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"
            self.stdout.write(f"{made}　{one.path.stat().st_size / 1024**2:.1f} MB　{one.path}{why}")
