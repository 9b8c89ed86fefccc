"""The group robot of 钉钉, with signed requests (加签)."""

import base64
import hashlib
import hmac

from django.conf import settings

from .http import GatewayVerdict, HttpChannel, Post, as_json, fitted, milliseconds
from .letter import Letter, NotSentError, RefusedError, UnreachableError
from .mobile import mobile_of

# The whole request may have 20000 bytes; what is left is for its frame and for escaped line ends.
LONGEST_CONTENT = 18_000


class DingtalkChannel(HttpChannel):
    """Posts to DINGTALK_WEBHOOK_URL; the address of a letter is whom to call, or empty."""

    name = "钉钉机器人"
    code_field, words_field = "errcode", "errmsg"
    secrets = ("DINGTALK_WEBHOOK_URL", "DINGTALK_SECRET")
    verdicts = {
        -1: GatewayVerdict(NotSentError, "对方系统繁忙"),
        130101: GatewayVerdict(UnreachableError, "发送过于频繁，每分钟限 20 条"),
        410100: GatewayVerdict(UnreachableError, "发送过于频繁，每分钟限 20 条"),
        310000: GatewayVerdict(
            UnreachableError, "没有通过机器人的安全设置，请检查 DINGTALK_SECRET 和服务器时间"
        ),
        400013: GatewayVerdict(UnreachableError, "群已解散"),
        400101: GatewayVerdict(UnreachableError, "机器人地址无效，请检查 DINGTALK_WEBHOOK_URL"),
        400102: GatewayVerdict(UnreachableError, "机器人已停用"),
        400106: GatewayVerdict(UnreachableError, "机器人不在群里"),
        430101: GatewayVerdict(RefusedError, "内容含有对方认为不安全的链接"),
        430102: GatewayVerdict(RefusedError, "内容含有对方认为不合适的文字"),
        430104: GatewayVerdict(RefusedError, "内容被对方认为不合适"),
    }

    def post(self, letter: Letter) -> Post:
        timestamp = str(milliseconds())
        payload = {
            "msgtype": "text",
            "text": {"content": fitted(f"{letter.subject}\n{letter.body}", LONGEST_CONTENT)},
            "at": {"atMobiles": [mobile_of(letter.address)] if letter.address else [], "isAtAll": False},
        }
        query = {"timestamp": timestamp, "sign": _signature(timestamp, settings.DINGTALK_SECRET)}
        return Post(settings.DINGTALK_WEBHOOK_URL, as_json(payload), query=query)


def _signature(timestamp: str, secret: str) -> str:
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
