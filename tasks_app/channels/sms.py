"""Text messages through a gateway that keeps the contract of docs/channels.md."""

import hashlib
import hmac

from django.conf import settings

from .http import GatewayVerdict, HttpChannel, Post, as_json, milliseconds
from .letter import Letter, RefusedError, UnreachableError
from .mobile import mobile_of

LONGEST_TEXT = 300  # characters


class SmsChannel(HttpChannel):
    """Posts to SMS_GATEWAY_URL the subject and where to log in: what it is about is for the page to say."""

    name = "短信网关"
    code_field, words_field = "code", "message"
    secrets = ("SMS_GATEWAY_URL", "SMS_GATEWAY_KEY", "SMS_GATEWAY_SECRET")
    verdicts = {
        1: GatewayVerdict(RefusedError, "号码无效或不能接收短信"),
        2: GatewayVerdict(RefusedError, "内容未通过审核"),
        3: GatewayVerdict(
            UnreachableError, "账号或签名不对，请检查 SMS_GATEWAY_KEY、SMS_GATEWAY_SECRET 和服务器时间"
        ),
        4: GatewayVerdict(UnreachableError, "余额不足或超过限额"),
    }

    def post(self, letter: Letter) -> Post:
        payload = {
            "phone": mobile_of(letter.address),
            "text": _text(letter.subject),
            "id": letter.identity.strip("<>"),
        }
        content = as_json(payload)
        timestamp = str(milliseconds() // 1000)
        headers = {
            "X-Key": settings.SMS_GATEWAY_KEY,
            "X-Timestamp": timestamp,
            "X-Signature": _signature(timestamp, content, settings.SMS_GATEWAY_SECRET),
        }
        return Post(settings.SMS_GATEWAY_URL, content, headers)


def _signature(timestamp: str, content: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), f"{timestamp}\n".encode() + content, hashlib.sha256).hexdigest()


def _text(subject: str) -> str:
    """Return the subject and the site's address; when both are too long, the subject gives way."""
    where = f"请登录系统办理：{settings.SITE_URL}"
    room = LONGEST_TEXT - len(where) - 1
    if len(subject) > room:
        subject = f"{subject[: room - 1]}…"
    return f"{subject} {where}"
