"""What goes over the wire: content, limits, whom a robot calls, signatures as the other side works them out."""

import base64
import hashlib
import hmac
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_app.channels import address_for, configured_channels
from tasks_app.channels.http import CUT, fitted
from tasks_app.choices import Channel

from .conftest import DINGTALK_SECRET, KEY, SMS_KEY, SMS_SECRET, TOKEN

pytestmark = pytest.mark.once
WECOM, DINGTALK, SMS = Channel.WECOM, Channel.DINGTALK, Channel.SMS
LONG = "\n".join(f"{number}. 县级公立医院薪酬制度改革，还有 3 个工作日" for number in range(1, 2000))


def test_wecom(send, gateway):
    send(WECOM, address="+86 138 0598 1234")
    (request,) = gateway.requests
    assert (request.path, request.query) == ("/cgi-bin/webhook/send", {"key": KEY})
    assert request.headers["Content-Type"].startswith("application/json")
    assert request.payload == {
        "msgtype": "text",
        "text": {
            "content": "【填报提醒】7月25日截止\n将乐县：\n还有 3 个工作日。",
            "mentioned_mobile_list": ["13805981234"],
        },
    }
    assert b"\\u" not in request.content  # 企业微信 refuses escaped characters (40033)


def test_dingtalk(send, gateway):
    send(DINGTALK)
    (request,) = gateway.requests
    assert request.path == "/robot/send"
    assert request.payload == {
        "msgtype": "text",
        "text": {"content": "【填报提醒】7月25日截止\n将乐县：\n还有 3 个工作日。"},
        "at": {"atMobiles": ["13805981234"], "isAtAll": False},
    }


def test_the_signature_of_dingtalk(send, gateway):
    for _ in range(20):  # base64 has "+", "/" and "=" often enough to show a wrong escape
        send(DINGTALK)
    for request in gateway.requests:
        stamp = request.query["timestamp"]
        assert abs(int(stamp) - time.time() * 1000) < 60_000
        digest = hmac.digest(DINGTALK_SECRET.encode(), (stamp + "\n" + DINGTALK_SECRET).encode(), "sha256")
        assert base64.b64decode(request.query["sign"], validate=True) == digest
        assert request.query["access_token"] == TOKEN


def test_sms(send, gateway):
    send(SMS, address="１３８-0598-1234")
    (request,) = gateway.requests
    assert request.payload == {
        "phone": "13805981234",
        "text": "【填报提醒】7月25日截止 请登录系统办理：http://yigai.test",
        "id": "delivery-7@yigai.test",
    }
    assert request.headers["X-Key"] == SMS_KEY
    stamp = request.headers["X-Timestamp"]
    assert abs(int(stamp) - time.time()) < 60
    signed = stamp.encode() + b"\n" + request.content
    assert request.headers["X-Signature"] == hmac.new(SMS_SECRET.encode(), signed, hashlib.sha256).hexdigest()


def test_no_secret_is_in_what_goes_over_the_wire_but_the_key_of_the_address(send, gateway):
    for kind in (WECOM, DINGTALK, SMS):
        send(kind)
    for request in gateway.requests:
        sent = repr(request)
        assert DINGTALK_SECRET not in sent
        assert SMS_SECRET not in sent


@pytest.mark.parametrize("kind", [WECOM, DINGTALK])
def test_a_robot_without_a_number_calls_nobody(send, gateway, kind):
    send(kind, address="")
    payload = gateway.requests[0].payload
    assert payload["text"].get("mentioned_mobile_list", []) == []
    assert payload.get("at", {}).get("atMobiles", []) == []


@pytest.mark.parametrize("kind", [WECOM, DINGTALK])
def test_a_long_message_is_cut_at_a_line(send, gateway, kind):
    send(kind, body=LONG)
    (request,) = gateway.requests
    content = request.payload["text"]["content"]
    assert len(content.encode()) <= 2048 or kind == DINGTALK
    assert len(request.content) <= 20_000
    *lines, last = content.split("\n")
    assert last == CUT
    assert ["【填报提醒】7月25日截止", *LONG.split("\n")][: len(lines)] == lines
    # As much as fits: the next line would not have.
    assert len(content.encode()) > {WECOM: 1950, DINGTALK: 17_900}[kind]


def test_a_message_of_exactly_the_limit_is_whole():
    assert fitted("字" * 682 + "ab", 2048) == "字" * 682 + "ab"
    assert fitted("字" * 683, 2048).endswith(CUT)


@given(text=st.text(alphabet="字a\n😀é", max_size=200), limit=st.integers(60, 300))
def test_nothing_is_ever_longer_than_the_limit(text, limit):
    short = fitted(text, limit)
    assert len(short.encode()) <= limit
    assert short == text or (short.endswith(f"\n{CUT}") and text.startswith(short.removesuffix(f"\n{CUT}")))


def test_a_text_message_keeps_the_address_of_the_site(send, gateway):
    send(SMS, subject="长" * 400, body="不在短信里")
    text = gateway.requests[0].payload["text"]
    assert len(text) == 300
    assert text.endswith("长… 请登录系统办理：http://yigai.test")


# --- Which channels, and where a person is reached -------------------------------------------------------


def test_the_configured_ones_in_the_order_of_falling_back(settings):
    assert configured_channels() == [Channel.EMAIL, WECOM, DINGTALK, SMS]
    settings.WECOM_WEBHOOK_URL = settings.SMS_GATEWAY_URL = ""
    assert configured_channels() == [Channel.EMAIL, DINGTALK]
    settings.DINGTALK_WEBHOOK_URL = ""
    assert configured_channels() == [Channel.EMAIL]
    settings.HAS_MAIL_SERVER = False
    assert configured_channels() == []
    settings.MAIL_FOLDER = "/nowhere"
    assert configured_channels() == [Channel.FILE]


@pytest.mark.parametrize(
    ("phone", "mobile"),
    [
        ("13805981234", "13805981234"),
        (" 138 0598 1234 ", "13805981234"),
        ("138-0598-1234", "13805981234"),
        ("+86 13805981234", "13805981234"),
        ("+8613805981234", "13805981234"),
        ("8613805981234", "13805981234"),
        ("１３８０５９８１２３４", "13805981234"),
        ("", ""),
        ("0598-8241234", ""),
        ("05988241234", ""),
        ("23805981234", ""),
        ("1380598123", ""),
        ("138059812345", ""),
        ("13805981234转801", ""),
        ("13805981234\n", "13805981234"),
        ("١٣٨٠٥٩٨١٢٣٤", ""),
    ],
)
def test_where_a_person_is_reached(phone, mobile):
    for kind in (WECOM, DINGTALK, SMS):
        assert address_for(kind, email="a@b.cn", phone=phone) == mobile
    assert address_for(Channel.EMAIL, email="a@b.cn", phone=phone) == "a@b.cn"
    assert address_for(Channel.IN_APP, email="a@b.cn", phone=phone) == ""
