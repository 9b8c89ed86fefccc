"""manage.py create_person: make an account; the first admin is made this way."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import Q

from tasks_app import clock
from tasks_app.choices import Role
from tasks_app.domain.access.actions import create_person
from tasks_app.domain.moves import Refused
from tasks_app.management.base import DataCommand
from tasks_app.models import Unit


class Command(DataCommand):
    help = "新建账号并显示一次初始密码；首次登录须修改。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--unit", required=True, help="单位名称或代码，例如 三明市 或 3504")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--phone", default="")
        parser.add_argument("--email", default="")

    def handle(self, *, username: str, unit: str, **options: Any) -> None:
        home = Unit.objects.filter(Q(name=unit) | Q(code=unit)).first()
        if home is None:
            raise CommandError(f"没有名称或代码为“{unit}”的单位，请核对，或先用 load_units 导入单位。")
        fields = {field: options[field] for field in ("name", "role", "phone", "email")}
        try:
            person, password = create_person(username=username, unit=home, by=None, at=clock.now(), **fields)
        except Refused as rejected:
            raise CommandError(str(rejected)) from rejected
        self.stdout.write(f"已新建 {person.get_role_display()} {person.name}（{person.username}）。")
        self.stdout.write(f"初始密码（只显示这一次）：{password}")
