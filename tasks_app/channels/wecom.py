"""The group robot of 企业微信 or 政务微信: a message into the group that calls the person by mobile number."""

from django.conf import settings

from .http import GatewayVerdict, HttpChannel, Post, as_json, fitted
from .letter import Letter, NotSentError, RefusedError, UnreachableError
from .mobile import mobile_of

LONGEST_CONTENT = 2048  # bytes


class WecomChannel(HttpChannel):
    """Posts to WECOM_WEBHOOK_URL; the address of a letter is whom to call, or empty."""

    name = "企业微信机器人"
    code_field, words_field = "errcode", "errmsg"
    secrets = ("WECOM_WEBHOOK_URL",)
    verdicts = {
        -1: GatewayVerdict(NotSentError, "对方系统繁忙"),
        40058: GatewayVerdict(RefusedError, "内容不合要求"),
        44004: GatewayVerdict(RefusedError, "内容为空"),
        45002: GatewayVerdict(RefusedError, "内容过长"),
        45009: GatewayVerdict(UnreachableError, "发送过于频繁，每分钟限 20 条"),
        45033: GatewayVerdict(UnreachableError, "发送过于频繁"),
        93000: GatewayVerdict(UnreachableError, "机器人地址无效或已移出群，请检查 WECOM_WEBHOOK_URL"),
        93004: GatewayVerdict(UnreachableError, "机器人已停用"),
        93008: GatewayVerdict(UnreachableError, "机器人不在群里"),
    }

    def post(self, letter: Letter) -> Post:
        text: dict[str, object] = {"content": fitted(f"{letter.subject}\n{letter.body}", LONGEST_CONTENT)}
        if letter.address:
            text["mentioned_mobile_list"] = [mobile_of(letter.address)]
        return Post(settings.WECOM_WEBHOOK_URL, as_json({"msgtype": "text", "text": text}))
