"""manage.py send_reminders: what it prints, that a rehearsal leaves no trace, how --at is read."""

import json
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command

from tasks_app.choices import Channel
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.models import AuditEvent, Delivery, Message, Reminder, Report


@pytest.fixture
def prepared(period, people, at, settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    load_official_days([2024], by=None, at=at)
    return people


@pytest.fixture
def send(prepared, capsys):
    def run(*arguments: str) -> str:
        call_command("send_reminders", *arguments)
        return capsys.readouterr().out

    return run


def test_json_says_who_got_what_and_what_became_of_it(send):
    result = json.loads(send("--at", "2024-07-22T09:00", "--json"))
    assert result["at"] == "2024-07-22T09:00:00+08:00"
    assert [message["unit"] for message in result["messages"]] == ["三元区", "将乐县", "市卫健委"]
    first = result["messages"][1]
    assert first["subject"] == "【填报提醒】2024年上半年填报7月25日截止，还有3个工作日（3天）"
    assert first["recipients"] == [
        {"name": "林晓燕", "role": "填报员", "email": "jiangle@example.invalid"},
        {"name": "吴志强", "role": "本单位审签人", "email": "jiangle-sq@example.invalid"},
    ]
    report = Report.objects.get(unit__name="将乐县")
    matter = {"kind": "filing", "thing": report.pk, "title": "2024年上半年填报"}
    assert first["matters"] == [matter | {"due_on": "2024-07-25", "rung": -3}]
    assert result["delivered"] == {"sent": 5, "failed": 0, "pending": 0, "cancelled": 0, "uncertain": 0}
    assert result["units_without_recipient"] == ["市医保局", "市财政局"]


def test_a_second_run_sends_nothing(send):
    send("--at", "2024-07-22")
    result = json.loads(send("--at", "2024-07-22T16:00", "--json"))
    assert result["messages"] == []
    assert result["delivered"]["sent"] == 0
    assert Delivery.objects.filter(channel=Channel.EMAIL).count() == 5


def test_a_dry_run_lists_the_same_and_writes_nothing(send):
    before = AuditEvent.objects.count()
    rehearsed = json.loads(send("--at", "2024-07-22", "--dry-run", "--json"))
    assert (Report.objects.count(), Message.objects.count(), Reminder.objects.count()) == (0, 0, 0)
    assert AuditEvent.objects.count() == before
    done = json.loads(send("--at", "2024-07-22", "--json"))
    assert [m["unit"] for m in rehearsed["messages"]] == [m["unit"] for m in done["messages"]]
    assert (rehearsed["dry_run"], done["dry_run"]) == (True, False)


def test_the_plain_words_name_units_rungs_people_and_alarms(send):
    output = send("--at", "2024-07-22", "--dry-run")
    assert "2024-07-22 09:00 试运行，未写入、未发送" in output
    assert "三元区：2024年上半年填报 T-3 → 郑小红（sanyuan@example.invalid）" in output
    assert "应生成消息 3 条" in output
    assert "没有可通知的人：市医保局、市财政局" in output
    assert "发出 5" in send("--at", "2024-07-22")


def test_by_hand_it_does_not_wait_for_working_hours(send):
    assert "已生成消息 3 条" in send("--at", "2024-07-21T23:00")  # Sunday night


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-07-22", datetime(2024, 7, 22, 9, tzinfo=SHANGHAI)),
        ("2024-07-22T15:30", datetime(2024, 7, 22, 15, 30, tzinfo=SHANGHAI)),
        ("2024-07-22T09:00Z", datetime(2024, 7, 22, 17, tzinfo=SHANGHAI)),
    ],
)
def test_at_is_read_as_shanghai_time_unless_it_says_otherwise(send, text, moment):
    send("--at", text)
    assert Message.objects.first().created_at == moment


def test_a_moment_that_is_none_is_refused_in_words(send):
    with pytest.raises(CommandError, match="不是 ISO 8601 时间"):
        send("--at", "昨天")


def test_without_at_it_acts_now(send, set_clock):
    set_clock(datetime(2024, 7, 25, 10, tzinfo=SHANGHAI))
    assert json.loads(send("--json"))["messages"][0]["matters"][0]["rung"] == 0
