"""Settings: documented in one place, loud when production lacks something, careful with SQLite and key."""

import re
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from reform_tracker.embedded import broker_command, broker_url, secret_key
from tests.surroundings.stack import ROOT, environment, manage

pytestmark = pytest.mark.once
KEY = "Zk3vQ8mT1xYwR5nL7bJ2cF9hD4gS6aPqU0eWiOoXtVyNzMrKlBj"
COMPLETE = {
    "MODE": "production",
    "SECRET_KEY": KEY,
    "HTTPS": "true",
    "ALLOWED_HOSTS": "yigai.example.gov.cn",
    "DATABASE_URL": "postgres://reform:secret@db/reform",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp://mail.example.gov.cn:25",
}
ONLY_IN_COMPOSE = {"POSTGRES_PASSWORD", "REDIS_PASSWORD", "WEB_PORT", "TLS_PORT"}


def load(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own."""
    env = environment(folder, **settings)
    command = [sys.executable, "-c", "import reform_tracker.settings as s; print(s.DATABASES, s.DEBUG)"]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_variable_is_in_the_example_and_nothing_else():
    source = (ROOT / "reform_tracker" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', source))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    explained = set(re.findall(r"^#?([A-Z_]+)=", example, flags=re.MULTILINE))
    assert len(read) > 15
    # SECRET_KEY and ALLOWED_HOSTS are also read by the list of what production must have.
    assert explained - ONLY_IN_COMPOSE == read
    in_compose = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert in_compose >= ONLY_IN_COMPOSE
    assert in_compose <= explained


def test_a_complete_production_loads(tmp_path):
    loaded = load(tmp_path, **COMPLETE)
    assert loaded.returncode == 0, loaded.stderr
    assert "postgresql" in loaded.stdout


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"PORT": "abc"}, "PORT must be a number, not 'abc'."),
        ({"PORT": "99999"}, "PORT must lie between 1 and 65535, not 99999."),
        ({"SESSION_SECONDS": "12h"}, "SESSION_SECONDS must be a number, not '12h'."),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must be an address like postgres://"),
        ({"VAR_DIR": "/proc/nowhere"}, "the folder of the data, /proc/nowhere, cannot be used"),
    ],
    ids=["port", "port-range", "number", "database", "folder"],
)
def test_a_setting_that_cannot_be_used_is_named_in_a_sentence(tmp_path, wrong, sentence):
    refused = manage(environment(tmp_path, **wrong), "check", check=False)
    assert refused.returncode == 1
    assert "设置有误：" in refused.stderr
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_without_what_it_needs_the_program_says_how_to_get_it(tmp_path):
    command = [sys.executable, "-S", "-E", "manage.py", "check"]  # without the installed packages
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stderr) == (
        1,
        "缺少 Python 模块 django。请先运行 make setup，再用 .venv/bin/python manage.py 运行。\n",
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"])
def test_production_without_one_of_them_does_not_start(tmp_path, name):
    loaded = load(tmp_path, **COMPLETE | {name: ""})
    assert loaded.returncode != 0
    assert f"MODE=production needs {name}; see .env.example." in loaded.stderr


def test_production_is_told_that_there_is_no_mail_server_or_does_not_start(tmp_path):
    refused = load(tmp_path, **COMPLETE | {"EMAIL_URL": ""})
    assert refused.returncode != 0
    assert "没有说明邮件服务器。请把 EMAIL_URL 设为" in refused.stderr
    assert load(tmp_path, **COMPLETE | {"EMAIL_URL": "none"}).returncode == 0


@pytest.mark.parametrize(
    "wrong", [{"MODE": "prodution"}, COMPLETE | {"DEBUG": "true"}], ids=["mode", "debug"]
)
def test_a_dangerous_setting_does_not_start(tmp_path, wrong):
    assert "ImproperlyConfigured" in load(tmp_path, **wrong).stderr


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY 太短或太简单，至少要 50 位随机字符"),
        ({"SECRET_KEY": "k" * 60}, "SECRET_KEY 太短或太简单，至少要 50 位随机字符"),
        ({"HTTPS": ""}, "没有说明是否经 HTTPS 访问"),
    ],
    ids=["short", "simple", "https"],
)
def test_a_production_that_is_not_safe_does_not_start(tmp_path, wrong, sentence):
    assert sentence in load(tmp_path, **COMPLETE | wrong).stderr


def test_production_without_collected_files_does_not_serve_and_says_so_once(tmp_path):
    command = [sys.executable, "-m", "gunicorn", "reform_tracker.wsgi:application", "--bind=127.0.0.1:0"]
    env = environment(tmp_path, **COMPLETE | {"DATABASE_URL": f"sqlite:///{tmp_path / 'none'}"})
    served = subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert served.returncode != 0
    assert served.stderr.count("没有收集好的静态文件 staticfiles.json") == 1
    assert "Traceback" not in served.stderr


def test_what_is_written_is_for_the_programs_own_account(tmp_path):
    folder = tmp_path / "var"
    manage(environment(folder), "migrate", "--verbosity=0")
    manage(environment(folder), "backup")
    written = [folder, *folder.rglob("*")]
    assert {path.name for path in written} >= {"reform_tracker.sqlite3", "backups", "secret_key"}
    assert [path for path in written if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


WHOLE_SMS = {
    "SMS_GATEWAY_URL": "http://10.1.2.3/send",
    "SMS_GATEWAY_KEY": "account",
    "SMS_GATEWAY_SECRET": "s3cr3t",
}
WHOLE_DINGTALK = {
    "DINGTALK_WEBHOOK_URL": "https://oapi.test/send?access_token=t0k3n",
    "DINGTALK_SECRET": "SECs3cr3t",
}


@pytest.mark.parametrize("name", [*WHOLE_SMS, *WHOLE_DINGTALK])
def test_half_a_channel_does_not_start(tmp_path, name):
    loaded = load(tmp_path, **WHOLE_SMS | WHOLE_DINGTALK | {name: ""})
    assert f"go together: {name} is empty." in loaded.stderr
    assert "s3cr3t" not in loaded.stderr
    assert "t0k3n" not in loaded.stderr


@pytest.mark.parametrize("url", ["qyapi.test/send?key=s3cr3t", "ftp://qyapi.test/s3cr3t", "https:///s3cr3t"])
def test_a_robot_that_is_nowhere_does_not_start(tmp_path, url):
    loaded = load(tmp_path, WECOM_WEBHOOK_URL=url)
    assert "WECOM_WEBHOOK_URL must be an address that begins with http:// or https://." in loaded.stderr
    assert "s3cr3t" not in loaded.stderr


def test_whole_channels_load(tmp_path):
    loaded = load(
        tmp_path,
        **WHOLE_SMS,
        **WHOLE_DINGTALK,
        WECOM_WEBHOOK_URL="http://zw.test:8080/cgi-bin/webhook/send?key=k",
    )
    assert loaded.returncode == 0, loaded.stderr


def test_a_channel_that_would_not_wait_does_not_start(tmp_path):
    assert "HTTP_CHANNEL_TIMEOUT must be more than 0" in load(tmp_path, HTTP_CHANNEL_TIMEOUT="0").stderr


def test_sqlite_is_careful(tmp_path):
    said = manage(
        environment(tmp_path),
        "shell",
        "--no-imports",
        "-c",
        "from django.db import connection as c; k = c.cursor();"
        "asked = ('journal_mode', 'foreign_keys', 'recursive_triggers');"
        "print([k.execute(f'PRAGMA {p}').fetchone()[0] for p in asked],"
        "c.transaction_mode)",
    )
    assert said.stdout.strip() == "['wal', 1, 1] IMMEDIATE"


def test_the_secret_key_is_kept_and_private(tmp_path):
    key = secret_key(tmp_path)
    assert len(key) >= 50
    assert secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_the_embedded_broker_opens_no_port_and_keeps_messages(tmp_path):
    command = broker_command(tmp_path)
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--port"] == "0"
    assert options["--appendonly"] == "yes"
    assert options["--unixsocketperm"] == "700"
    assert broker_url(Path("/数据 1")) == "redis+socket:///%E6%95%B0%E6%8D%AE%201/broker/broker.sock"


@pytest.mark.parametrize("hours", ["8-17", "17:30-08:30", "08:30", "morning"])
def test_office_hours_that_are_none_are_refused(tmp_path, hours):
    assert "OFFICE_HOURS must" in load(tmp_path, OFFICE_HOURS=hours).stderr


@pytest.mark.soak
def test_a_postgresql_that_hangs_is_said_to_be_down(tmp_path):
    with socket.socket() as hanging:
        hanging.bind(("127.0.0.1", 0))
        hanging.listen()  # and never answers
        url = f"postgres://tests@127.0.0.1:{hanging.getsockname()[1]}/none"
        said = manage(environment(tmp_path, DATABASE_URL=url), "check_health", "--machine", check=False)
    assert "✖ 数据库：数据库没有应答" in said.stdout
