"""What each way of failing means for the letter, against a real server: certainly not taken, never, perhaps."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tasks_app.channels import open_channel
from tasks_app.channels.letter import Letter, NotSentError, PerhapsSentError, RefusedError, UnreachableError
from tasks_app.choices import Channel
from tests.surroundings.machine import free_port

pytestmark = pytest.mark.once
WECOM, DINGTALK, SMS = Channel.WECOM, Channel.DINGTALK, Channel.SMS
HTTP_CHANNELS = [WECOM, DINGTALK, SMS]


@pytest.fixture(params=HTTP_CHANNELS, ids=lambda kind: kind.value)
def kind(request) -> Channel:
    return request.param


def failure_of(send, kind: Channel, **changes: str) -> Exception:
    with pytest.raises((NotSentError, RefusedError, PerhapsSentError)) as caught:
        send(kind, **changes)
    return caught.value


def test_taken(send, kind, gateway):
    send(kind)
    assert len(gateway.requests) == 1


# --- Before the letter has left: certainly not taken -----------------------------------------------------


def test_nobody_listens(send, kind, gateway):
    gateway.stop()
    assert type(failure_of(send, kind)) is UnreachableError


def test_the_connection_is_not_made_in_time(send, settings):
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]  # more than it queues: the next one gets no answer
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{full.getsockname()[1]}/send"
        settings.HTTP_CHANNEL_TIMEOUT = 0.2
        failure = failure_of(send, SMS)
        for one in waiting:
            one.close()
    assert type(failure) is UnreachableError
    assert str(failure) == "连接不上短信网关（0.2 秒内没有应答）"


def test_the_other_side_speaks_no_tls(send, settings, gateway):
    settings.SMS_GATEWAY_URL = f"https://{gateway.address}/send"
    failure = failure_of(send, SMS)
    assert type(failure) is UnreachableError
    assert "加密连接没有建立" in str(failure)
    assert gateway.requests == []


def test_the_proxy_is_not_there(send, monkeypatch, gateway):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    failure = failure_of(send, SMS)
    assert type(failure) is UnreachableError
    assert "代理服务器不通" in str(failure)
    assert gateway.requests == []


@pytest.mark.parametrize("url", ["http://no-such-host.invalid/send", "http://[::1/send", "http://a b/send"])
def test_an_address_that_leads_nowhere(send, settings, url):
    settings.SMS_GATEWAY_URL = url
    assert type(failure_of(send, SMS)) is UnreachableError


def test_certificates_that_are_not_where_they_should_be(send, settings, monkeypatch, gateway):
    settings.SMS_GATEWAY_URL = f"https://{gateway.address}/send"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/bundle.pem")
    failure = failure_of(send, SMS)
    assert type(failure) is UnreachableError
    assert "REQUESTS_CA_BUNDLE" in str(failure)


def test_a_channel_that_is_no_longer_set_up(send, settings):
    settings.SMS_GATEWAY_URL = ""
    failure = failure_of(send, SMS)
    assert type(failure) is UnreachableError
    assert str(failure) == "短信网关已不再配置"


# --- After it has left, without a whole answer: perhaps --------------------------------------------------


def test_no_answer_in_time(send, kind, gateway, settings):
    settings.HTTP_CHANNEL_TIMEOUT, gateway.answer_after = 0.2, 0.6
    failure = failure_of(send, kind)
    assert type(failure) is PerhapsSentError
    assert "没有收到完整答复（0.2 秒内没有应答）" in str(failure)
    assert len(gateway.requests) == 1


def test_the_server_is_killed_before_it_answers(send, kind, gateway):
    gateway.hang_up = True
    assert type(failure_of(send, kind)) is PerhapsSentError
    assert len(gateway.requests) == 1


def test_the_server_is_killed_in_the_middle_of_its_answer(send, kind, gateway):
    gateway.break_off = True
    assert type(failure_of(send, kind)) is PerhapsSentError
    assert len(gateway.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"OK",
        b"<html>\xe7\x99\xbb\xe5\xbd\x95</html>",
        b"\xff\xfe",
        b"[0]",
        b"0",
        b"{}",
        b'{"errcode": null, "code": null}',
        b'{"errcode": false, "code": false}',
        b'{"errcode": "0", "code": "0"}',
        b'{"errcode": 0, "code": 0',
        b'{"errcode": ' + b"9" * 5000 + b', "code": 0' + b"9" * 5000 + b"}",
        b"[" * 15_000,
        b'{"errcode": 0, "code": 0, "more": "' + b"x" * 100_000 + b'"}',
    ],
    ids=lambda answer: answer[:24].decode(errors="replace") or "empty",
)
def test_an_answer_that_nobody_can_read(send, kind, gateway, answer):
    gateway.answer = answer
    assert type(failure_of(send, kind)) is PerhapsSentError


def test_an_answer_that_does_not_unpack(send, kind, gateway):
    gateway.answer_headers = {"Content-Encoding": "gzip"}
    assert type(failure_of(send, kind)) is PerhapsSentError


def test_an_endless_answer_is_not_waited_for(send, gateway):
    gateway.answer = b"x" * 50_000_000
    started = time.monotonic()
    assert type(failure_of(send, SMS)) is PerhapsSentError
    assert time.monotonic() - started < 2


# --- A clear answer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (201, PerhapsSentError),
        (204, PerhapsSentError),
        (301, UnreachableError),
        (400, UnreachableError),
        (401, UnreachableError),
        (403, UnreachableError),
        (404, UnreachableError),
        (408, NotSentError),
        (429, UnreachableError),
        (500, NotSentError),
        (502, UnreachableError),
        (503, UnreachableError),
        (504, PerhapsSentError),
        (507, NotSentError),
    ],
)
def test_the_status(send, kind, gateway, status, verdict):
    gateway.status = status
    gateway.answer = b"" if status == 204 else b'{"errcode": 0, "code": 0}'  # which then counts for nothing
    failure = failure_of(send, kind)
    assert type(failure) is verdict
    assert f"HTTP {status}" in str(failure)


@pytest.mark.parametrize(
    ("kind", "code", "verdict", "hint"),
    [
        (WECOM, -1, NotSentError, "系统繁忙"),
        (WECOM, 45009, UnreachableError, "每分钟限 20 条"),
        (WECOM, 93000, UnreachableError, "WECOM_WEBHOOK_URL"),
        (WECOM, 40058, RefusedError, "内容不合要求"),
        (WECOM, 12345, NotSentError, "原因未知"),
        (DINGTALK, -1, NotSentError, "系统繁忙"),
        (DINGTALK, 130101, UnreachableError, "每分钟限 20 条"),
        (DINGTALK, 410100, UnreachableError, "每分钟限 20 条"),
        (DINGTALK, 310000, UnreachableError, "DINGTALK_SECRET"),
        (DINGTALK, 400101, UnreachableError, "DINGTALK_WEBHOOK_URL"),
        (DINGTALK, 430102, RefusedError, "不合适的文字"),
        (DINGTALK, 12345, NotSentError, "原因未知"),
        (SMS, 1, RefusedError, "号码无效"),
        (SMS, 2, RefusedError, "未通过审核"),
        (SMS, 3, UnreachableError, "SMS_GATEWAY_SECRET"),
        (SMS, 4, UnreachableError, "余额不足"),
        (SMS, 99, NotSentError, "原因未知"),
    ],
)
def test_the_code(send, gateway, kind, code, verdict, hint):
    gateway.answer = (
        f'{{"errcode": {code}, "code": {code}, "errmsg": "why\\nnot", "message": "why not"}}'.encode()
    )
    failure = failure_of(send, kind)
    assert type(failure) is verdict
    assert hint in str(failure)
    assert f"（{code} why not）" in str(failure)


@pytest.mark.parametrize("address", ["0598-8241234", "1380598", "abc"])
def test_no_such_number_is_refused_before_anything_is_sent(send, kind, gateway, address):
    assert str(failure_of(send, kind, address=address)) == f"“{address}”不是手机号"
    assert gateway.requests == []


def test_text_messages_need_a_number(send, gateway):
    assert type(failure_of(send, SMS, address="")) is RefusedError
    assert gateway.requests == []


def test_a_redirection_is_not_followed(send, kind, gateway):
    gateway.status, gateway.answer_headers = 302, {"Location": f"http://{gateway.address}/elsewhere"}
    assert type(failure_of(send, kind)) is UnreachableError
    assert len(gateway.requests) == 1


# --- The connection ---------------------------------------------------------------------------------------


def many(kind: Channel, count: int, pause: float = 0) -> None:
    with open_channel(kind) as sender:
        for number in range(count):
            sender.send(Letter(f"<delivery-{number}@yigai.test>", "13805981234", "标题", "内容"))
            time.sleep(pause)


def test_letters_share_a_connection(gateway):
    many(SMS, 5)
    assert (len(gateway.requests), gateway.connections) == (5, 1)


def test_a_connection_that_the_server_has_ended_is_made_anew(gateway):
    gateway.close_after_each = True
    many(SMS, 3, pause=0.05)
    assert (len(gateway.requests), gateway.connections) == (3, 3)


def test_the_channel_goes_on_after_a_failure(gateway):
    gateway.break_off = True
    with open_channel(SMS) as sender:
        with pytest.raises(PerhapsSentError):
            sender.send(Letter("<delivery-1@yigai.test>", "13805981234", "标题", "内容"))
        gateway.break_off = False
        sender.send(Letter("<delivery-2@yigai.test>", "13805981234", "标题", "内容"))
    assert [request.payload["id"] for request in gateway.requests] == [
        "delivery-1@yigai.test",
        "delivery-2@yigai.test",
    ]


def test_several_at_once(gateway):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: many(SMS, 10), range(4)))
    assert len(gateway.requests) == 40
