"""All 26 units save at the same time while the web server is killed: what was said to be saved, is saved."""

import os
import re
import signal
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from random import Random
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from tasks_app.choices import Role
from tasks_app.management.commands.seed_demo import ACCOUNTS, PASSWORD
from tests.services.stack import Stack, processes_of

FILLERS = [account.username for account in ACCOUNTS if account.role == Role.FILLER and not account.new]
TOKEN = re.compile(r'csrfmiddlewaretoken" value="([^"]+)')
STORED = """
import json
from tasks_app.models import AuditEvent, ProgressEntry
print(json.dumps({
    "entries": {entry.pk: entry.progress for entry in ProgressEntry.objects.exclude(version=0)},
    "saves": AuditEvent.objects.filter(action="report_save").count(),
}))
"""


@dataclass
class Clerk:
    """One unit's filler, who saves every box of the report `rounds` times and tries again when it fails."""

    site: str
    username: str
    rounds: int
    acknowledged: dict[str, str] = field(default_factory=dict)
    failures: int = 0

    def work(self) -> None:
        browser, home = self._log_in()
        report = re.search(r"/reports/\d+", home)[0]
        page = self._insist(browser, self.site + report)
        token = TOKEN.search(page)[1]
        entries = sorted(set(re.findall(report + r"/entries/(\d+)", page)))
        for round_ in range(self.rounds):
            for entry in entries:
                words = f"{self.username} 第{round_ + 1}次填写第{entry}项"
                values = {"progress": words, "forecast": "", "status": "on_track", "remarks": ""}
                form = {"csrfmiddlewaretoken": token, "version": str(round_), **values}
                answer = self._insist(browser, f"{self.site}{report}/entries/{entry}", form)
                assert "已保存" in answer, answer
                self.acknowledged[entry] = words

    def _log_in(self) -> tuple[OpenerDirector, str]:
        """Return a browser that is logged in, and its first page; a try that broke off starts afresh."""
        while True:
            browser = build_opener(HTTPCookieProcessor(CookieJar()))
            token = TOKEN.search(self._insist(browser, f"{self.site}/login"))[1]
            form = {"csrfmiddlewaretoken": token, "username": self.username, "password": PASSWORD}
            try:
                answer = browser.open(f"{self.site}/login", urlencode(form).encode(), timeout=30)
                return browser, answer.read().decode()
            except (URLError, HTTPException, OSError):
                self.failures += 1

    def _insist(self, browser: OpenerDirector, address: str, form: dict[str, str] | None = None) -> str:
        """Ask until the server answers, as the page's own script does."""
        data = urlencode(form).encode() if form else None
        headers = {"HX-Request": "true"} if "/entries/" in address else {}
        for _ in range(120):
            try:
                request = Request(address, data, headers)  # noqa: S310 our own server
                return browser.open(request, timeout=30).read().decode()
            except (URLError, HTTPException, OSError):
                self.failures += 1
                time.sleep(0.5)
        raise AssertionError(f"{address} never answered")


def web_servers(stack: Stack) -> list[int]:
    """Return the processes that serve pages: waitress's one, gunicorn's workers without their master."""
    found = processes_of(stack.var_dir)
    servers = [pid for pid, command in found.items() if "waitress" in command or "gunicorn" in command]
    return servers if len(servers) == 1 else sorted(servers)[1:]


def save_under_fire(stack: Stack, *, rounds: int, kills: int) -> tuple[dict[str, str], int]:
    """Let all clerks work while the web server dies `kills` times; return what was acknowledged."""
    clerks = [Clerk(stack.url, username, rounds) for username in FILLERS]
    threads = [threading.Thread(target=clerk.work) for clerk in clerks]
    for thread in threads:
        thread.start()
    chance = Random(2024)
    for _ in range(kills):
        time.sleep(chance.uniform(2, 5))
        for pid in web_servers(stack):
            os.kill(pid, signal.SIGKILL)
    for thread in threads:
        thread.join()
    acknowledged: dict[str, str] = {}
    for clerk in clerks:
        acknowledged |= clerk.acknowledged
    return acknowledged, sum(clerk.failures for clerk in clerks)


def check(stack: Stack, *, rounds: int, kills: int) -> None:
    acknowledged, failures = save_under_fire(stack, rounds=rounds, kills=kills)
    stored = stack.ask(STORED)
    assert len(acknowledged) == 303
    assert {entry: stored["entries"].get(entry) for entry in acknowledged} == acknowledged
    # Every saving stands once in the trail, however often it was tried.
    assert stored["saves"] == 303 * rounds
    if kills:
        assert failures > 0, "the fire touched nobody"


@pytest.mark.once
def test_all_units_save_at_once_while_the_web_server_dies(app_server: Stack):
    check(app_server, rounds=1, kills=1)


# Not more deaths: after five quick ones in a row the one command says so and ends.
@pytest.mark.soak
def test_all_units_save_at_once_while_the_web_server_dies_again_and_again(app_server: Stack):
    check(app_server, rounds=10, kills=4)
