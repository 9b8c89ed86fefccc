"""manage.py seed_demo: the demonstration: units, calendar, the 2024 table and an account for everybody."""

from argparse import ArgumentParser
from datetime import datetime
from io import StringIO
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from tasks_app import clock
from tasks_app.choices import Role
from tasks_app.domain.access.actions import create_person
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.management.base import DataCommand
from tasks_app.models import Unit, User

FIXTURES = settings.BASE_DIR / "fixtures"
PASSWORD = "sanming-2024"  # noqa: S105 published on purpose: it opens nothing but a demonstration
MAIL_DOMAIN = "@example.invalid"
# A Monday morning: the first period of the 2024 table is open and its limit ten days away.
FIRST_MOMENT = datetime(2024, 7, 15, 9, 0, tzinfo=clock.SHANGHAI)


class Account(NamedTuple):
    """One person of the demonstration; whoever is `new` must change the password at the first log-in."""

    username: str
    name: str
    role: Role
    unit: str
    new: bool = False


CITY = "三明市"
ACCOUNTS = [
    Account("admin", "赵敏", Role.ADMIN, CITY),
    Account("yigaiban", "陈志远", Role.OFFICE, CITY),
    Account("leader", "刘德明", Role.LEADER, CITY),
    Account("auditor", "孙正", Role.AUDITOR, CITY),
    Account("jiangle", "林晓燕", Role.FILLER, "将乐县"),
    Account("jiangle-sq", "吴志强", Role.SIGNER, "将乐县"),
    Account("wjw", "黄丽萍", Role.FILLER, "市卫健委"),
    Account("wjw-sq", "王建国", Role.SIGNER, "市卫健委"),
    Account("sanyuan", "郑小红", Role.FILLER, "三元区"),
    Account("shaxian", "罗文斌", Role.FILLER, "沙县区"),
    Account("yongan", "邓美玲", Role.FILLER, "永安市"),
    Account("mingxi", "曾庆华", Role.FILLER, "明溪县"),
    Account("qingliu", "江水生", Role.FILLER, "清流县"),
    Account("ninghua", "张秀兰", Role.FILLER, "宁化县"),
    Account("datian", "叶春明", Role.FILLER, "大田县"),
    Account("youxi", "肖丽华", Role.FILLER, "尤溪县"),
    Account("taining", "廖国平", Role.FILLER, "泰宁县"),
    Account("jianning", "谢雨晴", Role.FILLER, "建宁县"),
    Account("ybj", "徐海涛", Role.FILLER, "市医保局"),
    Account("czj", "高雅琴", Role.FILLER, "市财政局"),
    Account("fgw", "何立新", Role.FILLER, "市发改委"),
    Account("rsj", "马晓东", Role.FILLER, "市人社局"),
    Account("mzj", "朱慧敏", Role.FILLER, "市民政局"),
    Account("jyj", "胡永福", Role.FILLER, "市教育局"),
    Account("wlj", "郭静怡", Role.FILLER, "市文旅局"),
    Account("tyj", "杨帆", Role.FILLER, "市体育局"),
    Account("scjgj", "梁启文", Role.FILLER, "市市场监管局"),
    Account("bb", "宋佳", Role.FILLER, "市委编办"),
    Account("zzb", "唐家辉", Role.FILLER, "市委组织部"),
    Account("jggw", "许文静", Role.FILLER, "市直机关工委"),
    Account("hszh", "韩梅", Role.FILLER, "市红十字会"),
    Account("jrjg", "冯建军", Role.FILLER, "金融监管分局"),
    Account("xinren", "周新", Role.FILLER, "市医保局", new=True),
]
HEADLINERS = ("admin", "yigaiban", "leader", "auditor", "jiangle", "jiangle-sq", "sanyuan", "wjw", "xinren")


class Command(DataCommand):
    help = "建立演示数据：单位、工作日历、2024年分解表和每个角色的演示账号。仅用于没有人员的数据库。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="不显示账号")
        parser.add_argument(
            "--without-plan", action="store_true", help="不导入分解表，由管理员自己在页面上导入"
        )

    def handle(self, *, quiet: bool, without_plan: bool, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("MODE=production 时不能建立演示数据。")
        if User.objects.exists():
            raise CommandError("数据库中已有人员，不能再建立演示数据。")
        clock.set_demo_moment(FIRST_MOMENT)
        with transaction.atomic():
            seed(without_plan=without_plan)
        if not quiet:
            self.stdout.write(describe_accounts())


def seed(*, without_plan: bool = False) -> None:
    """Fill an empty database, by the same actions and commands that people use."""
    heard = StringIO()
    call_command("load_units", str(FIXTURES / "units.csv"), stdout=heard)
    call_command("load_calendar", stdout=heard)
    if not without_plan:
        call_command("import_plan", str(FIXTURES / "2024年深化医改重点任务分解表.xlsx"), stdout=heard)
    at = clock.now()
    units = {unit.name: unit for unit in Unit.objects.all()}
    password_hash = make_password(PASSWORD)
    for account in ACCOUNTS:
        create_person(
            username=account.username,
            name=account.name,
            unit=units[account.unit],
            role=account.role,
            password=PASSWORD,
            password_hash=password_hash,
            phone="0598-8000000",
            email=account.username + MAIL_DOMAIN,
            must_change_password=account.new,
            by=None,
            at=at,
        )
    open_due_periods(at=at)


def describe_accounts() -> str:
    """Return the demonstration accounts that the database still has, as lines for the terminal."""
    people = User.objects.filter(username__in=HEADLINERS, email__endswith=MAIL_DOMAIN)
    there = set(people.values_list("username", flat=True))
    shown = [account for account in ACCOUNTS if account.username in HEADLINERS and account.username in there]
    if not shown:
        return ""
    lines = [f"演示账号（密码均为 {PASSWORD}）："]
    for account in shown:
        note = "（首次登录须修改密码）" if account.new else ""
        lines.append(f"  {account.username:<12}{account.role.label}　{account.unit}　{account.name}{note}")
    lines.append("其他县（市、区）填报员账号为地名全拼，如 youxi；市直部门为单位拼音首字母，如 ybj。")
    return "\n".join(lines)
