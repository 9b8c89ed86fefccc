"""manage.py check_channels: one test letter through each channel, and what came of it in words."""

from email import message_from_bytes
from email.policy import default

import pytest
from django.core.management import CommandError, call_command

from tests.surroundings.difficult_gateway import Gateway
from tests.surroundings.difficult_mail import MailServer

pytestmark = pytest.mark.once


@pytest.fixture
def gateway(settings):
    gateway = Gateway()
    gateway.start()
    settings.WECOM_WEBHOOK_URL = f"http://{gateway.address}/wecom?key=wecom-key"
    settings.SMS_GATEWAY_URL = f"http://{gateway.address}/sms"
    settings.SMS_GATEWAY_KEY, settings.SMS_GATEWAY_SECRET = "sms-account", "sms-secret"
    yield gateway
    gateway.stop()


@pytest.fixture
def mail_server(settings):
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 2
    yield server
    server.stop()


def test_everything_that_is_set_up_is_tried(gateway, mail_server, capsys):
    call_command("check_channels", to=["138 0598 1234", "lin@example.invalid"])
    assert capsys.readouterr().out.splitlines() == [
        "邮件：已发出（lin@example.invalid）",
        "企业微信：已发出（13805981234）",
        "短信：已发出（13805981234）",
        "没有配置：钉钉",
    ]
    assert mail_server.received() == ["lin@example.invalid"]
    assert [request.path for request in gateway.requests] == ["/wecom", "/sms"]
    assert "不用回复" in gateway.requests[0].payload["text"]["content"]


def test_two_tests_are_two_letters(gateway):
    for _ in range(2):
        call_command("check_channels", to=["13805981234"])
    first, second = (request.payload["id"] for request in gateway.requests if request.path == "/sms")
    assert first != second


def test_without_a_recipient_only_the_groups_are_tried(gateway, capsys):
    call_command("check_channels")
    assert capsys.readouterr().out.splitlines() == [
        "邮件：没有试，请用 --to 邮箱 指定收件人",
        "企业微信：已发到群里，没有点名",
        "短信：没有试，请用 --to 手机号 指定收件人",
        "没有配置：钉钉",
    ]
    assert [request.path for request in gateway.requests] == ["/wecom"]


def test_without_a_mail_server_it_says_where_letters_go(settings, tmp_path, capsys):
    settings.HAS_MAIL_SERVER, settings.MAIL_FOLDER = False, str(tmp_path)
    call_command("check_channels", to=["lin@example.invalid"])
    assert (
        "文件（演示）：没有配置邮件服务器（EMAIL_URL），已写成文件，不会寄到收件人" in capsys.readouterr().out
    )
    [file] = tmp_path.iterdir()
    assert "没有寄出" in message_from_bytes(file.read_bytes(), policy=default).get_content()


def test_without_any_way_out_it_says_that_nobody_is_written_to(settings):
    settings.HAS_MAIL_SERVER, settings.MAIL_FOLDER = False, ""
    with pytest.raises(
        CommandError, match="没有任何外发渠道（EMAIL_URL=none）：消息只在站内，没有发给任何人"
    ):
        call_command("check_channels", to=["lin@example.invalid"])


def test_what_does_not_work_is_explained_and_the_rest_goes_on(gateway, capsys):
    gateway.answer = b'{"errcode": 93000, "errmsg": "invalid webhook url", "code": 0}'
    with pytest.raises(CommandError, match="有渠道不通"):
        call_command("check_channels", to=["13805981234"])
    output = capsys.readouterr().out
    assert "企业微信：没有发出，渠道不通。企业微信机器人没有接受：机器人地址无效或已移出群" in output
    assert "短信：已发出（13805981234）" in output
    assert "wecom-key" not in output


def test_doubt_and_refusal_are_told_apart(gateway, capsys):
    gateway.answer = b'{"code": 1, "message": "empty number"}'
    with pytest.raises(CommandError):
        call_command("check_channels", to=["13805981234"])
    output = capsys.readouterr().out
    assert "企业微信：可能已发出，请向收件人核实。" in output
    assert "短信：没有发出，被拒绝。短信网关没有接受：号码无效或不能接收短信（1 empty number）" in output


def test_a_recipient_that_is_neither_is_refused():
    with pytest.raises(CommandError, match="“0598-8241234”既不是手机号也不是邮箱"):
        call_command("check_channels", to=["0598-8241234"])
