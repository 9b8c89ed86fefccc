"""`manage.py check_channels`: send one test letter through each channel that is set up, and say what came of it."""

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tasks_app.channels import address_for, configured_channels, open_channel
from tasks_app.channels.letter import Letter, NotSentError, PerhapsSentError, RefusedError, UnreachableError
from tasks_app.choices import OUTGOING, Channel

SUBJECT = "【测试】消息渠道测试"
BODY = "这是深化医改任务跟踪系统的一条测试消息，收到即表示渠道正常，不用回复。"
GROUPS = {Channel.WECOM, Channel.DINGTALK}  # these speak without calling anybody, too
MAILS = {Channel.EMAIL, Channel.FILE}
NAMES = {
    UnreachableError: "没有发出，渠道不通",
    NotSentError: "没有发出，可以再试",
    RefusedError: "没有发出，被拒绝",
}


class Command(BaseCommand):
    help = "向每个已配置的渠道发一条测试消息，逐一说明结果。有渠道不通时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to",
            action="append",
            default=[],
            metavar="手机号或邮箱",
            help="发给谁；可以写两次，手机号和邮箱各一次。不写时只试群机器人，不点名",
        )

    def handle(self, *, to: list[str], **options: Any) -> None:
        email, phone = _recipient(to)
        results = [
            self._try(kind, address_for(kind, email=email, phone=phone)) for kind in configured_channels()
        ]
        absent = [str(kind.label) for kind in OUTGOING if kind not in configured_channels()]
        if absent:
            self.stdout.write(f"没有配置：{'、'.join(absent)}")
        if not results:
            raise CommandError("没有任何外发渠道（EMAIL_URL=none）：消息只在站内，没有发给任何人。")
        if not all(results):
            raise CommandError("有渠道不通，请按上面的说明处理后再试。")

    def _try(self, kind: Channel, address: str) -> bool:
        """Send through one channel and print what came of it; tells whether nothing is wrong with it."""
        if not address and kind not in GROUPS:
            needed = "邮箱" if kind in MAILS else "手机号"
            self.stdout.write(f"{kind.label}：没有试，请用 --to {needed} 指定收件人")
            return True
        host = urlsplit(settings.SITE_URL).hostname or "localhost"
        try:
            with open_channel(kind) as sender:
                sender.send(Letter(f"<check-{uuid4()}@{host}>", address, SUBJECT, BODY))
        except (NotSentError, RefusedError) as failure:
            self.stdout.write(f"{kind.label}：{NAMES[type(failure)]}。{failure}")
        except PerhapsSentError as doubt:
            self.stdout.write(f"{kind.label}：可能已发出，请向收件人核实。{doubt}")
        else:
            self.stdout.write(f"{kind.label}：{_success(kind, address)}")
            return True
        return False


def _recipient(to: list[str]) -> tuple[str, str]:
    """Return e-mail and mobile number among what was typed. Raises CommandError."""
    email = phone = ""
    for text in to:
        if "@" in text:
            email = text
        elif mobile := address_for(Channel.SMS, email="", phone=text):
            phone = mobile
        else:
            raise CommandError(f"“{text}”既不是手机号也不是邮箱。")
    return email, phone


def _success(kind: Channel, address: str) -> str:
    if kind == Channel.FILE:
        return "没有配置邮件服务器（EMAIL_URL），已写成文件，不会寄到收件人"
    if address:
        return f"已发出（{address}）"
    return "已发到群里，没有点名"
