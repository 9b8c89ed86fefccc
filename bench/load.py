"""python -m bench.load: all clerks save at once while the office reads and exports, then everybody logs in at once.

The program runs as docker-compose.yml runs it (gunicorn 2 × 4, PostgreSQL, Redis), or by `--embedded` as the one
command does (SQLite). The exit code is 1 when anything was answered otherwise than it should be.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import quantiles
from threading import Barrier, Event

import django
import requests

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from tasks_app.choices import Role  # noqa: E402
from tasks_app.management.commands.seed_demo import ACCOUNTS, PASSWORD  # noqa: E402
from tests.surroundings import broker, postgresql  # noqa: E402
from tests.surroundings.stack import Stack, processes_of, seed  # noqa: E402

FILLERS = [account.username for account in ACCOUNTS if account.role == Role.FILLER and not account.new]
TOKEN = re.compile(r'csrfmiddlewaretoken" value="([^"]+)')
PATIENCE = 120  # seconds
OFFICE_PAGES = ("/matrix", "/review", "/not-filed", "/lagging", "/periods/1/export.xlsx")


@dataclass
class Times:
    """How long each kind of request took, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def ask(
        self, kind: str, ask: Callable[[], requests.Response], expected: str = ""
    ) -> requests.Response | None:
        """Ask once and write down how long it took; anything but a good answer is an error."""
        began = time.perf_counter()
        try:
            answer = ask()
        except requests.RequestException as error:
            self.errors.append(f"{kind}: {error}")
            return None
        self.seconds.setdefault(kind, []).append(time.perf_counter() - began)
        if answer.status_code != 200 or (expected and expected not in answer.text):
            self.errors.append(f"{kind}: {answer.status_code} {answer.text[:300]}")
            return None
        return answer

    def __str__(self) -> str:
        lines = [f"{'':24}{'asked':>8}{'50 %':>9}{'95 %':>9}{'99 %':>9}{'longest':>9}"]
        for kind, seconds in sorted(self.seconds.items()):
            cuts = quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else seconds * 99
            shown = "".join(f"{value:8.2f}s" for value in (cuts[49], cuts[94], cuts[98], max(seconds)))
            lines.append(f"{kind:24}{len(seconds):8,}{shown}")
        return "\n".join([*lines, f"errors: {len(self.errors)}", *self.errors[:10]])


def log_in(site: str, username: str, times: Times | None = None) -> tuple[requests.Session, str]:
    """Return a browser that is logged in, and its first page."""
    browser = requests.Session()
    browser.trust_env = False
    times = times or Times()
    page = times.ask("log-in page", partial(browser.get, f"{site}/login", timeout=PATIENCE))
    form = {"username": username, "password": PASSWORD}
    if page is not None:
        form["csrfmiddlewaretoken"] = TOKEN.search(page.text)[1]  # type: ignore[index]
    home = times.ask("log-in", partial(browser.post, f"{site}/login", form, timeout=PATIENCE), "退出登录")
    return browser, home.text if home is not None else ""


@dataclass
class Clerk:
    """A unit's filler with a form in several windows, each of which saves other boxes."""

    site: str
    username: str

    def __post_init__(self) -> None:
        self.browser, home = log_in(self.site, self.username)
        self.report = re.search(r"/reports/(\d+)", home)[1]  # type: ignore[index]
        page = self.browser.get(f"{self.site}/reports/{self.report}", timeout=PATIENCE).text
        self.token = TOKEN.search(page)[1]  # type: ignore[index]
        self.entries = sorted(set(re.findall(r"/entries/(\d+)\"", page)), key=int)

    def save(self, window: int, windows: int, rounds: int, times: Times) -> None:
        """Save the boxes of one window `rounds` times."""
        browser = requests.Session()
        browser.trust_env = False
        browser.cookies.update(self.browser.cookies)
        for round_ in range(rounds):
            for entry in self.entries[window::windows]:
                form = {
                    "csrfmiddlewaretoken": self.token, "version": str(round_), "status": "on_track",
                    "progress": f"已完成第{round_ + 1}次填写，培训3期、120人次。", "forecast": "", "remarks": "",
                }  # fmt: skip
                address = f"{self.site}/reports/{self.report}/entries/{entry}"
                post = partial(browser.post, address, form, headers={"HX-Request": "true"}, timeout=PATIENCE)
                times.ask("save", post, "已保存")


def saving(site: str, *, windows: int, rounds: int, readers: int) -> Times:
    """Let all clerks save in all their windows at once, while `readers` of the office read and export."""
    times, is_over = Times(), Event()
    clerks = [Clerk(site, username) for username in FILLERS]
    desks = [log_in(site, "yigaiban")[0] for _ in range(readers)]

    def read(desk: requests.Session) -> None:
        while not is_over.is_set():
            for page in OFFICE_PAGES:
                times.ask(page, partial(desk.get, site + page, timeout=PATIENCE))

    with ThreadPoolExecutor(len(clerks) * windows + readers) as people:
        reading = [people.submit(read, desk) for desk in desks]
        work = [
            people.submit(clerk.save, window, windows, rounds, times)
            for clerk in clerks
            for window in range(windows)
        ]
        for one in work:
            one.result()
        is_over.set()
        for one in reading:
            one.result()
    return times


def logging_in(site: str, people: int) -> Times:
    """Let `people` log in at the same moment."""
    times, start = Times(), Barrier(people)

    def enter(number: int) -> None:
        start.wait()
        log_in(site, FILLERS[number % len(FILLERS)], times)

    with ThreadPoolExecutor(people) as crowd:
        list(crowd.map(enter, range(people)))
    return times


def web_processes(stack: Stack) -> list[Path]:
    """Return the folders in /proc of the processes that serve pages."""
    found = processes_of(stack.var_dir).items()
    return [Path(f"/proc/{pid}") for pid, command in found if "gunicorn" in command or "waitress" in command]


def worked(stack: Stack) -> float:
    """Return for how many seconds the web processes had a processor."""
    ticks = 0
    for process in web_processes(stack):
        ticks += sum(map(int, (process / "stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(stack: Stack) -> str:
    """Return how much memory each web process has; what they share is counted once."""
    rollups = [(process / "smaps_rollup").read_text() for process in web_processes(stack)]
    sizes = sorted(
        int(line.split()[1]) for text in rollups for line in text.splitlines() if line.startswith("Pss:")
    )
    return " + ".join(f"{size / 1024:.0f}" for size in sizes) + " MB"


def report(name: str, stack: Stack, work: Callable[[], Times]) -> bool:
    """Do `work`, print how it went, and tell whether nothing went wrong."""
    began, before = time.monotonic(), worked(stack)
    times = work()
    took, busy = time.monotonic() - began, worked(stack) - before
    print(
        f"{name}\n{times}\nin {took:.0f} s, {busy:.0f} s of a processor in the web processes, {memory(stack)}\n"
    )
    return not times.errors


@contextmanager
def running(*, embedded: bool) -> Iterator[Stack]:
    """Run the whole program on the demonstration's data."""
    with tempfile.TemporaryDirectory(prefix="reform-tracker-load-") as name:
        folder = Path(name)
        (folder / "seed").mkdir()
        with ExitStack() as at_the_end:
            if embedded:
                stack = seed(folder / "seed").serve_embedded(folder / "run")
            else:
                database, redis = postgresql.lay_out(postgresql.DURABLE), broker.start()
                at_the_end.callback(database.stop)
                at_the_end.callback(redis.stop)
                database.start()
                seeded = seed(folder / "seed", postgres_url=database.url("postgres"))
                stack = seeded.serve_apart(folder / "run", REDIS_URL=redis.url)
            at_the_end.callback(stack.stop)
            yield stack


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--embedded", action="store_true", help="SQLite, as the one command runs it")
    parser.add_argument("--windows", type=int, default=10, help="of each of the 26 units, saving at once")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--readers", type=int, default=3, help="people of the office")
    parser.add_argument("--log-ins", type=int, default=200, help="at the same moment")
    options = parser.parse_args()
    with running(embedded=options.embedded) as stack:
        save = partial(
            saving, stack.url, windows=options.windows, rounds=options.rounds, readers=options.readers
        )
        enter = partial(logging_in, stack.url, options.log_ins)
        is_clean = [report("saving", stack, save), report("log-ins", stack, enter)]
    sys.exit(not all(is_clean))


if __name__ == "__main__":
    main()
