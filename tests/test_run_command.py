"""make run: one terminal starts everything and ends everything, whatever happens to it."""

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import sqlite3
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reform_tracker.embedded import broker_socket
from tasks_app.management.commands.seed_demo import PASSWORD
from tests.surroundings.machine import free_port
from tests.surroundings.stack import Launched, elsewhere, environment, launch, processes_of, written_elsewhere

pytestmark = pytest.mark.once


@pytest.fixture
def start(seeded, tmp_path) -> Iterator[Callable[..., Launched]]:
    """Start the launcher on the demonstration's data in `tmp_path`, or elsewhere; kill what is left."""
    launched: list[Launched] = []

    def begin(folder: Path = tmp_path, *, empty: bool = False, **settings: str) -> Launched:
        if not empty:
            shutil.copytree(seeded.folder, folder, dirs_exist_ok=True)
        settings = {"PORT": str(free_port()), "STATIC_DIR": str(seeded.static)} | settings
        launched.append(launch(environment(folder, **settings)))
        return launched[-1]

    yield begin
    for one in launched:
        one.end(signal.SIGKILL)


def nothing_left(folder: Path) -> bool:
    """Tell whether all processes of `folder` end within a moment."""
    limit = time.monotonic() + 3
    while processes_of(folder) and time.monotonic() < limit:
        time.sleep(0.05)
    return not processes_of(folder)


def log_in(url: str, username: str) -> str:
    """Log in as a browser does and return the page that follows."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    form = opener.open(f"{url}/login").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    fields = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token.group(1)}
    return opener.open(f"{url}/login", urllib.parse.urlencode(fields).encode()).read().decode()


def rows(folder: Path) -> dict[str, int]:
    """Return how many rows each table of ours has."""
    with sqlite3.connect(folder / "reform_tracker.sqlite3") as database:
        tables = "SELECT name FROM sqlite_master WHERE name LIKE 'tasks_app_%' AND type = 'table'"
        names = [name for (name,) in database.execute(tables)]
        return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}  # noqa: S608


def test_from_nothing_to_a_page_killed_and_back(start, tmp_path):
    folder = tmp_path / "深化医改 任务跟踪 100%" / "名称很长的文件夹"  # longer than a socket's path may be
    folder.mkdir(parents=True)
    first = start(folder, empty=True)
    first.wait_until_ready()
    assert f"http://127.0.0.1:{first.env['PORT']}/" in first.output
    assert PASSWORD in first.output
    assert "演示环境" in log_in(f"http://127.0.0.1:{first.env['PORT']}", "admin")
    running = " ".join(processes_of(folder).values())
    assert all(part in running for part in ("waitress", "worker", "beat", "broker.sock"))
    assert len(processes_of(folder)) == 5

    first.end(signal.SIGKILL)
    assert nothing_left(folder)
    assert broker_socket(folder).exists()  # stale, and in nobody's way
    before = rows(folder)
    assert before["tasks_app_assignment"] == 303
    assert before["tasks_app_report"] == 26

    second = start(folder, empty=True)
    second.wait_until_ready()
    assert second.end(signal.SIGTERM) == 0
    assert processes_of(folder) == {}
    after = rows(folder)
    assert {name: (before[name], after[name]) for name in before if before[name] != after[name]} == {}


def test_a_child_that_dies_is_started_again_and_a_second_instance_is_refused(start, tmp_path):
    running = start(**elsewhere(tmp_path))
    running.wait_until_ready()
    os.kill(child_of(running, "waitress"), signal.SIGKILL)
    second = start(empty=True)
    assert second.process.wait(30) != 0
    assert "已有一个实例正在使用" in second.output
    limit = time.monotonic() + 20
    while "网页服务异常退出" not in running.output or child_of(running, "waitress") == 0:
        assert time.monotonic() < limit, running.output
        time.sleep(0.1)
    assert running.end(signal.SIGINT) == 0
    assert processes_of(tmp_path) == {}
    assert written_elsewhere(tmp_path) == []


def child_of(launched: Launched, word: str) -> int:
    """Return the process of the launcher's child whose command holds `word`; 0 if there is none."""
    children = Path(f"/proc/{launched.process.pid}/task/{launched.process.pid}/children").read_text().split()
    for child in children:
        if word.encode() in Path(f"/proc/{child}/cmdline").read_bytes():
            return int(child)
    return 0


def test_a_port_in_use_is_an_error_before_anything_starts(start, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        launched = start(PORT=port, empty=True)
        assert launched.process.wait(30) != 0
    assert f"无法使用 127.0.0.1:{port}" in launched.output
    assert "Traceback" not in launched.output
    assert not (tmp_path / "reform_tracker.sqlite3").exists()


def test_a_database_that_does_not_answer_is_an_error_in_a_sentence(start):
    launched = start(empty=True, DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing")
    assert launched.process.wait(30) == 1
    assert "数据库不能使用：" in launched.output
    assert "请检查 DATABASE_URL" in launched.output
    assert "Traceback" not in launched.output


def test_production_is_refused(start):
    production = {
        "SECRET_KEY": "0123456789" * 5,
        "HTTPS": "false",
        "DATABASE_URL": "sqlite:////dev/null",
        "REDIS_URL": "redis://nowhere",
        "EMAIL_URL": "none",
    }
    refused = start(empty=True, MODE="production", **production)
    assert refused.process.wait(30) != 0
    assert "docker-compose.yml" in refused.output
