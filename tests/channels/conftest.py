"""A gateway with moods, and the three channels over HTTP that are set up to use it."""

from collections.abc import Callable, Iterator

import pytest

from tasks_app.channels import open_channel
from tasks_app.channels.letter import Letter
from tasks_app.choices import Channel
from tests.surroundings.difficult_gateway import Gateway

KEY = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"
TOKEN = "f3ab9c" * 10
DINGTALK_SECRET = "SEC" + "0a1b2c3d" * 7
SMS_KEY = "yigaiban"
SMS_SECRET = "s3cr3t"
SECRETS = (KEY, TOKEN, DINGTALK_SECRET, SMS_KEY, SMS_SECRET)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    gateway = Gateway()
    gateway.start()
    yield gateway
    gateway.stop()


@pytest.fixture(autouse=True)
def configured(gateway, settings) -> None:
    base = f"http://{gateway.address}"
    settings.WECOM_WEBHOOK_URL = f"{base}/cgi-bin/webhook/send?key={KEY}"
    settings.DINGTALK_WEBHOOK_URL = f"{base}/robot/send?access_token={TOKEN}"
    settings.DINGTALK_SECRET = DINGTALK_SECRET
    settings.SMS_GATEWAY_URL = f"{base}/sms/send"
    settings.SMS_GATEWAY_KEY, settings.SMS_GATEWAY_SECRET = SMS_KEY, SMS_SECRET
    settings.HTTP_CHANNEL_TIMEOUT = 2
    settings.SITE_URL = "http://yigai.test"


@pytest.fixture
def send() -> Callable[..., None]:
    """`send(Channel.SMS, subject=…)` opens the channel, sends one letter and closes it."""

    def run(kind: Channel, **changes: str) -> None:
        words = {"subject": "【填报提醒】7月25日截止", "body": "将乐县：\n还有 3 个工作日。"}
        letter = {"identity": "<delivery-7@yigai.test>", "address": "13805981234"} | words | changes
        with open_channel(kind) as sender:
            sender.send(Letter(**letter))

    return run
