"""Whatever fails and whoever logs it: no key, secret or signed address is in a word that anybody can read."""

import json
import logging
import traceback
from urllib.parse import quote

import pytest

from tasks_app.channels import open_channel
from tasks_app.channels.letter import Letter, NotSentError, PerhapsSentError, RefusedError
from tasks_app.choices import Channel
from tests.surroundings.difficult_gateway import Gateway, Request

from .conftest import KEY, SECRETS, SMS_SECRET

pytestmark = pytest.mark.once
KINDS = [Channel.WECOM, Channel.DINGTALK, Channel.SMS]


def echo(request: Request) -> bytes:
    """A refusal that repeats all it got, as careless gateways do."""
    seen = f"bad {request.path} {request.query} {request.headers}"
    for part in ("'", '"', "\\"):
        seen = seen.replace(part, " ")
    return f'{{"errcode": 7, "code": 7, "errmsg": "{seen}", "message": "{seen}"}}'.encode()


FAILURES = {
    "refused": Gateway.stop,
    "hangs up": lambda gateway: setattr(gateway, "hang_up", True),
    "breaks off": lambda gateway: setattr(gateway, "break_off", True),
    "403": lambda gateway: setattr(gateway, "status", 403),
    "unreadable": lambda gateway: setattr(gateway, "answer", b"<html>"),
    "echo": lambda gateway: setattr(gateway, "answer", echo),
    # urllib3 warns of such a header, naming the address.
    "bad header": lambda gateway: setattr(
        gateway, "raw_answer", b"HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 2\r\n\r\n{}"
    ),
    "not HTTP": lambda gateway: setattr(gateway, "raw_answer", b"220 ESMTP ready\r\n"),
}


@pytest.fixture
def log(caplog):
    """Everything that is logged, at the most talkative level that LOG_LEVEL allows."""
    caplog.set_level(logging.DEBUG)
    return caplog


def everything(failure: BaseException) -> str:
    """Return all that a log or an error page may show of an exception, with whatever it is chained to."""
    whole = "".join(traceback.TracebackException.from_exception(failure).format())
    chained = failure.__cause__ or failure.__context__
    return whole + str(failure) + repr(failure) + (everything(chained) if chained else "")


def assert_silent(text: str, gateway: Gateway) -> None:
    assert [secret for secret in SECRETS if secret in text] == []
    for request in gateway.requests:
        signature = request.query.get("sign") or request.headers.get("X-Signature")
        assert not signature or signature not in text


@pytest.mark.parametrize("mood", FAILURES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.value)
def test_a_failure_shows_nothing(send, gateway, log, kind, mood):
    FAILURES[mood](gateway)
    with pytest.raises((NotSentError, RefusedError, PerhapsSentError)) as caught:
        send(kind)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert_silent(everything(caught.value) + log.text, gateway)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.value)
def test_success_is_silent_too(send, gateway, log, kind):
    send(kind)
    assert_silent(log.text, gateway)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.value)
def test_what_an_object_says_of_itself(kind):
    with open_channel(kind) as sender:
        shown = repr(sender) + str(sender)
        letter = Letter("<delivery-7@yigai.test>", "13805981234", "标题", "内容")
        post = sender.post(letter)
    assert [secret for secret in SECRETS if secret in shown + repr(post)] == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Channel.SMS, lambda request: f"secret is {SMS_SECRET}"),
        (Channel.SMS, lambda request: f"wanted {request.headers['X-Signature']}"),
        (Channel.DINGTALK, lambda request: f"wanted {request.query['sign']}"),
        (Channel.DINGTALK, lambda request: f"wanted {quote(request.query['sign'], safe='')}"),
        (Channel.WECOM, lambda request: f"no robot {KEY}"),
        (Channel.WECOM, lambda request: f"no robot {KEY[:20]}"),
    ],
)
def test_a_secret_in_the_words_of_a_refusal_is_blanked(send, gateway, kind, words):
    gateway.answer = lambda request: json.dumps(
        {"errcode": 7, "code": 7, "errmsg": words(request), "message": words(request)}
    ).encode()
    with pytest.raises(NotSentError) as caught:
        send(kind)
    assert words(gateway.requests[0]) not in str(caught.value)
    assert str(caught.value).endswith(f" {words(gateway.requests[0]).rpartition(' ')[0]} ***）")


def test_words_that_are_no_secret_can_be_read(send, gateway):
    gateway.answer = b'{"errcode": 310000, "errmsg": "sign not match, ip 10.2.3.4"}'
    with pytest.raises(NotSentError, match=r"310000 sign not match, ip 10\.2\.3\.4"):
        send(Channel.DINGTALK)


def test_the_words_are_short(send, gateway):
    gateway.answer = ('{"code": 9, "message": "' + "长" * 5000 + '"}').encode()
    with pytest.raises(NotSentError) as caught:
        send(Channel.SMS)
    assert len(str(caught.value)) < 120
