"""Units save and submit while web server or PostgreSQL are killed: what was said to be done, is done."""

import hashlib
import itertools
import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from random import Random
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest
from playwright.sync_api import Browser, expect

from tasks_app.choices import Role
from tasks_app.management.commands.seed_demo import ACCOUNTS, PASSWORD
from tests.surroundings import postgresql
from tests.surroundings.stack import Stack, processes_of, seed

from .steps import wait_until_saved
from .windows import box, computer, open_form, state

FILLERS = [account.username for account in ACCOUNTS if account.role == Role.FILLER and not account.new]
SIGNED = {account.unit for account in ACCOUNTS if account.role == Role.SIGNER}
OFFICE = next(account.username for account in ACCOUNTS if account.role == Role.OFFICE)
RECEIPT = re.compile(r'class="receipt-number">([^<]+)')
TOKEN = re.compile(r'csrfmiddlewaretoken" value="([^"]+)')
STORED = """
import json
from tasks_app.models import AuditEvent, ProgressEntry
print(json.dumps({
    "entries": {entry.pk: entry.progress for entry in ProgressEntry.objects.exclude(version=0)},
    "saves": AuditEvent.objects.filter(action="report_save").count(),
}))
"""
SUBMITTED = """
import json
from tasks_app.models import AuditEvent, Report, Submission
print(json.dumps({
    "submissions": list(Submission.objects.values("receipt", "number", "report", "content", "fingerprint")),
    "events": list(AuditEvent.objects.filter(action="report_submit").values_list("note", flat=True)),
    "states": dict(Report.objects.values_list("pk", "state")),
    "entries": {pk: list(Report.objects.get(pk=pk).entries.order_by("task__number")
        .values_list("progress", flat=True)) for pk in Report.objects.values_list("pk", flat=True)},
}))
"""


@dataclass
class Clerk:
    """One unit's filler, who saves every box of the report `rounds` times and tries again when it fails."""

    site: str
    username: str
    rounds: int
    acknowledged: dict[str, str] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)
    failures: int = 0

    def work(self) -> None:
        browser, home = self._log_in(self.username)
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

    def get_ready(self) -> None:
        """Log in, and the office too: that takes longer than submitting."""
        self.browser, self.home = self._log_in(self.username)
        self.office, self.desk = self._log_in(OFFICE)

    def submit(self) -> None:
        """Submit the report `rounds` times, each time by a double click; between them the office returns it."""
        report = re.search(r"/reports/(\d+)", self.home)[1]
        form = {"csrfmiddlewaretoken": TOKEN.search(self.home)[1]}
        office_form = {"csrfmiddlewaretoken": TOKEN.search(self.desk)[1], "overall": "请补充数据"}
        address = f"{self.site}/reports/{report}/submit"
        for number in range(1, self.rounds + 1):
            with ThreadPoolExecutor(2) as hand:
                pages = list(hand.map(lambda _: self._insist(self.browser, address, form), range(2)))
            receipts = {RECEIPT.search(page)[1] for page in pages}
            assert len(receipts) == 1, receipts
            self.receipts.append(receipts.pop())
            if number < self.rounds:
                returning = f"{self.site}/review/{report}/return"
                self._insist(self.office, returning, {**office_form, "submission": str(number)})

    def _log_in(self, username: str) -> tuple[OpenerDirector, str]:
        """Return a browser that is logged in, and its first page; a try that broke off starts afresh."""
        while True:
            browser = build_opener(HTTPCookieProcessor(CookieJar()))
            token = TOKEN.search(self._insist(browser, f"{self.site}/login"))[1]
            form = {"csrfmiddlewaretoken": token, "username": username, "password": PASSWORD}
            try:
                answer = browser.open(f"{self.site}/login", urlencode(form).encode(), timeout=30)
                return browser, answer.read().decode()
            except (URLError, HTTPException, OSError) as error:
                self._note(error)

    def _insist(self, browser: OpenerDirector, address: str, form: dict[str, str] | None = None) -> str:
        """Ask until the server answers, as the page's own script does."""
        data = urlencode(form).encode() if form else None
        headers = {"HX-Request": "true"} if "/entries/" in address else {}
        for _ in range(120):
            try:
                request = Request(address, data, headers)  # noqa: S310 our own server
                return browser.open(request, timeout=30).read().decode()
            except (URLError, HTTPException, OSError) as error:
                self._note(error)
                last = error
                time.sleep(0.5)
        raise AssertionError(f"{address} never answered: {last}")

    def _note(self, error: Exception) -> None:
        """Count a try that failed; a page that says so says it in words."""
        self.failures += 1
        if isinstance(error, HTTPError):
            page = error.read().decode()
            assert error.code == 500, f"{error.code}: {page}"
            assert "系统出了问题" in page, page


def web_servers(stack: Stack) -> list[int]:
    """Return the processes that serve pages: waitress's one, gunicorn's workers without their master."""
    found = processes_of(stack.var_dir)
    servers = [pid for pid, command in found.items() if "waitress" in command or "gunicorn" in command]
    return servers if len(servers) == 1 else sorted(servers)[1:]


@dataclass
class Fire:
    """What dies while people work: the web server's processes, or by turns PostgreSQL's too."""

    stack: Stack
    database: postgresql.Server | None = None

    def under_fire(
        self, work: list[Callable[[], None]], *, kills: int, pauses: tuple[float, float] = (2, 5)
    ) -> None:
        """Let everybody `work` at once while something dies `kills` times, after `pauses` by chance."""
        with ThreadPoolExecutor(len(work)) as pool:
            running = [pool.submit(one) for one in work]
            chance = Random(2024)
            for strike in itertools.islice(itertools.cycle(self._strikes()), kills):
                time.sleep(chance.uniform(*pauses))
                strike()
            for one in running:
                one.result()

    def _strikes(self) -> list[Callable[[], None]]:
        if self.database is None:
            return [self._kill_web_servers]
        return [self._kill_postgresql, self._kill_web_servers, self._kill_connection]

    def _kill_web_servers(self) -> None:
        for pid in web_servers(self.stack):
            os.kill(pid, signal.SIGKILL)

    def _kill_postgresql(self) -> None:
        assert self.database is not None
        self.database.kill()
        time.sleep(1)  # until somebody starts it again
        self.database.start()

    def _kill_connection(self) -> None:
        """Kill one process of PostgreSQL, which ends all others and recovers."""
        assert self.database is not None
        assert self.database.process is not None
        os.kill(postgresql.children_of(self.database.process.pid)[-1], signal.SIGKILL)


def save_under_fire(fire: Fire, *, rounds: int, kills: int) -> tuple[dict[str, str], int]:
    """Let all clerks save under fire; return what was acknowledged and how often one failed."""
    clerks = [Clerk(fire.stack.url, username, rounds) for username in FILLERS]
    fire.under_fire([clerk.work for clerk in clerks], kills=kills)
    acknowledged: dict[str, str] = {}
    for clerk in clerks:
        acknowledged |= clerk.acknowledged
    return acknowledged, sum(clerk.failures for clerk in clerks)


def check(fire: Fire, *, rounds: int, kills: int) -> None:
    acknowledged, failures = save_under_fire(fire, rounds=rounds, kills=kills)
    stored = fire.stack.ask(STORED)
    assert len(acknowledged) == 303
    assert {entry: stored["entries"].get(entry) for entry in acknowledged} == acknowledged
    # Every saving stands once in the trail, however often it was tried.
    assert stored["saves"] == 303 * rounds
    if kills:
        assert failures > 0, "the fire touched nobody"


def check_submissions(
    fire: Fire, *, units: int, rounds: int, kills: int, pauses: tuple[float, float]
) -> None:
    """Let the first `units` without a signer submit `rounds` times under fire; all of them are filled in."""
    alone = [account.username for account in ACCOUNTS if account.unit not in SIGNED]
    clerks = [Clerk(fire.stack.url, username, rounds) for username in FILLERS if username in alone][:units]
    fire.under_fire([clerk.get_ready for clerk in clerks], kills=0)
    fire.under_fire([clerk.submit for clerk in clerks], kills=kills, pauses=pauses)
    stored = fire.stack.ask(SUBMITTED)
    shown = sorted(receipt for clerk in clerks for receipt in clerk.receipts)
    # Every receipt that was shown stands, nothing was submitted twice, every submission is in the trail once.
    assert shown == sorted(submission["receipt"] for submission in stored["submissions"])
    assert len(set(shown)) == len(shown) == units * rounds
    assert sorted(stored["events"]) == [f"回执号 {receipt}" for receipt in shown]
    for submission in stored["submissions"]:
        assert stored["states"][str(submission["report"])] == "submitted"
        assert is_whole(submission, stored["entries"][str(submission["report"])])
    assert sum(clerk.failures for clerk in clerks) > 0, "the fire touched nobody"


def is_whole(submission: dict[str, Any], words: list[str]) -> bool:
    """Tell whether a submission holds every entry's words and the fingerprint fits its content."""
    canonical = json.dumps(submission["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    fits = hashlib.sha256(canonical.encode()).hexdigest() == submission["fingerprint"]
    return fits and [entry["progress"] for entry in submission["content"]["entries"]] == words


@pytest.mark.once
def test_all_units_save_and_some_submit_while_the_web_server_dies(mortal_server: Stack):
    check(Fire(mortal_server), rounds=1, kills=1)
    check_submissions(Fire(mortal_server), units=6, rounds=2, kills=1, pauses=(0.2, 0.6))


@pytest.mark.soak
def test_all_units_save_at_once_while_the_web_server_dies_again_and_again(mortal_server: Stack):
    check(Fire(mortal_server), rounds=10, kills=8)


@pytest.mark.soak
def test_five_hundred_submissions_while_the_web_server_dies_again_and_again(mortal_server: Stack):
    check(Fire(mortal_server), rounds=1, kills=0)
    check_submissions(Fire(mortal_server), units=24, rounds=21, kills=4, pauses=(3, 12))


@pytest.fixture
def mortal(tmp_path, redis_server, smtp_server) -> Iterator[Fire]:
    """The program on a PostgreSQL of its own, which keeps what was committed and may be killed."""
    database = postgresql.lay_out(postgresql.DURABLE)
    database.start()
    (tmp_path / "seed").mkdir()
    seeded = seed(tmp_path / "seed", postgres_url=database.url("postgres"))
    settings = {"REDIS_URL": redis_server.url, "EMAIL_URL": smtp_server.url}
    stack = seeded.serve_apart(tmp_path / "run", **settings)
    yield Fire(stack, database)
    stack.stop()
    database.stop()


@pytest.mark.once
@pytest.mark.soak
def test_the_form_keeps_what_postgresql_could_not_take_and_saves_it_later(mortal: Fire, browser: Browser):
    assert mortal.database is not None
    with computer(browser) as context:
        page = open_form(context, mortal.stack.url, "ninghua")
        card = page.locator("#task-1")
        mortal.database.kill()
        box(card).fill("数据库停机时写的内容")
        expect(state(card)).to_contain_text("未保存——已留在本机。服务器没有保存成功，稍后自动重试")
        mortal.database.start()
        wait_until_saved(page)
        page.reload()
        expect(box(card)).to_have_value("数据库停机时写的内容")


@pytest.mark.once
@pytest.mark.soak
def test_five_hundred_submissions_while_postgresql_and_web_server_die_by_turns(mortal: Fire):
    check(mortal, rounds=3, kills=6)
    check_submissions(mortal, units=24, rounds=21, kills=18, pauses=(2, 6))
