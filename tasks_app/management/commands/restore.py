"""`manage.py restore FILE`: fill an empty database from a backup and hold back all that would be sent."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from tasks_app import clock
from tasks_app.documents.backup_file import BrokenBackupError
from tasks_app.domain.backups import queries
from tasks_app.domain.backups.actions import Backup, note_restored, restore
from tasks_app.domain.moves import Refused


class Command(BaseCommand):
    help = (
        "把备份文件恢复到一个空的数据库，逐表核对指纹，再升级到现在的版本。"
        "恢复后一条消息也不外发，直到市医改办在“系统状态”页看过待发名单后放行。"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="manage.py backup 写出的文件")

    def handle(self, *, file: Path, **options: Any) -> None:
        at, began = clock.now(), time.monotonic()
        try:
            backup = restore(file, at=at)
            call_command("migrate", verbosity=0, backup=False)
            note_restored(backup, at=at)
        except OSError as error:
            raise CommandError(f"不能读取 {file}（{error.strerror}）。") from error
        except (Refused, BrokenBackupError) as refusal:
            raise CommandError(str(refusal)) from refusal
        except DatabaseError as error:
            raise CommandError(f"数据库不能写入，恢复没有完成：{str(error).strip()}") from error
        self._say(backup, time.monotonic() - began)

    def _say(self, backup: Backup, seconds: float) -> None:
        made = f"{backup.made_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"
        self.stdout.write(
            f"已恢复 {made} 的备份：{len(backup.prints)} 张表，{backup.rows} 行，与备份逐表一致，"
            f"用时 {seconds:.1f} 秒。这个时刻以后录入的内容不在其中。"
        )
        if backup.head["key"] != queries.key_mark():
            self.stdout.write(
                "注意：这里的密钥（SECRET_KEY）与原来的不同。各单位的日历订阅链接会失效，需要重新生成；"
                "有原来的密钥的，请换上它再启动。"
            )
        self.stdout.write(
            "外发已全部暂停。启动后请市医改办打开“系统状态”页，看过待发名单后放行；不放行，一条也不会发出。"
        )
