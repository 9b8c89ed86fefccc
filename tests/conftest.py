"""The stage of the tests: the cast, a clock that stands still, and what is set up once for a run."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from tasks_app.domain.reporting.actions import open_due_periods
from tests import cast
from tests.dealing import databases_of
from tests.surroundings import broker, mail, migrated, office, postgresql, stack
from tests.surroundings import browser as chromium

QUICK_PASSWORDS = {"DJANGO_SETTINGS_MODULE": "tests.quick_passwords"}
CONFIGURED = connection.settings_dict["NAME"]  # before the tests' own database takes its place


def pytest_configure(config: pytest.Config) -> None:
    """Start the database server once, before the processes that run the tests ask for its address."""
    if "PYTEST_XDIST_WORKER" in os.environ or "TEST_POSTGRES_URL" in os.environ:
        return
    if any("postgresql" in spec for spec in config.getoption("tx", default=[])):
        server = postgresql.start()
        config.add_cleanup(server.stop)
        os.environ["TEST_POSTGRES_URL"] = server.url("postgres")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--on-both", action="store_true", help="run what is dealt out on both databases, as `make soak` does"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave each of the two processes, SQLite's and PostgreSQL's, what is its own."""
    if os.environ.get("PYTEST_XDIST_WORKER_COUNT") != "2":
        return
    on_both = config.getoption("on_both")
    mine = [item for item in items if settings.DATABASE in databases_of(item, on_both=on_both)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(mine)])
    items[:] = mine


def pytest_collection_finish() -> None:
    """Spare the collector of garbage what stays to the end, a million objects: it took an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.VAR_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Keep a copy of the new database for the programs that tests start: to migrate takes eight seconds."""
    if connection.settings_dict["NAME"] != CONFIGURED:  # some test asks for it
        with django_db_blocker.unblock():
            migrated.keep(connection)


@pytest.fixture
def at() -> datetime:
    """The moment at which the tests play: Monday 15 July 2024, 10:00 in Shanghai."""
    return cast.AT


@pytest.fixture
def set_clock() -> Iterator[Callable[[datetime], None]]:
    """Make the machine's clock stand still at a moment: `set_clock(at)`; again to move it."""
    running: list[time_machine.travel] = []

    def stand_at(moment: datetime) -> None:
        if running:
            running.pop().stop()
        travel = time_machine.travel(moment, tick=False)
        travel.start()
        running.append(travel)

    yield stand_at
    if running:
        running.pop().stop()


@pytest.fixture
def city(db) -> cast.Unit:
    """三明市, code 3504."""
    return cast.make_city()


@pytest.fixture
def units(city) -> dict[str, cast.Unit]:
    """The 26 units of the real table by name, and 三明市 itself."""
    return cast.make_units(city) | {city.name: city}


@pytest.fixture
def people(units) -> cast.People:
    """The cast: people.filler is 林晓燕 of 将乐县, people.office 陈志远 of the reform office …"""
    return cast.make_people(units)


@pytest.fixture
def plan(city, units) -> cast.Plan:
    """The small plan: 2 sections, 3 tasks, 5 measures, 9 assignments (see cast.TASKS)."""
    return cast.make_plan(city, units)


@pytest.fixture
def period(plan) -> cast.ReportingPeriod:
    """上半年 of the small plan, due on 25 July 2024; its reports are made when it is opened."""
    return cast.make_period(plan)


@pytest.fixture
def report(period, people, at) -> cast.Report:
    """三元区's report, just opened; the county has no signer. Tests that want it otherwise override it."""
    open_due_periods(at=at)
    return cast.Report.objects.get(unit=people.other_filler.unit)


@pytest.fixture
def signed_report(period, people, at) -> cast.Report:
    """将乐县's report, just opened; the county has a filler and a signer."""
    open_due_periods(at=at)
    return cast.Report.objects.get(unit=people.filler.unit)


@pytest.fixture
def reports(period, people, at) -> dict[str, cast.Report]:
    """The five reports of the small plan by unit, just opened."""
    open_due_periods(at=at)
    return {report.unit.name: report for report in cast.Report.objects.select_related("unit")}


@pytest.fixture
def indicator(plan, people, at) -> cast.Indicator:
    """会商次数, at least 4 次, accepted; of task 1 of the small plan."""
    return cast.make_indicator(plan, people, at)


@pytest.fixture
def second(people) -> cast.User:
    """何静, another person of the office."""
    return cast.make_colleague(people, "yigaiban2", "何静")


@pytest.fixture
def third(people) -> cast.User:
    """吴晓, one more of the office."""
    return cast.make_colleague(people, "yigaiban3", "吴晓")


@pytest.fixture
def login(set_clock, at) -> Callable[..., Client]:
    """`login(people.filler)` gives that person's browser, with the clock standing at `at` (or at=…)."""

    def enter(user: cast.User, at: datetime = at) -> Client:
        set_clock(at)
        return cast.browser_of(user)

    return enter


@pytest.fixture
def real_plan(units, set_clock, at) -> cast.Plan:
    """The real 2024 table, read by the real importer: 6 sections, 24 tasks, 85 measures, 303 assignments."""
    set_clock(at)
    call_command("import_plan", str(cast.REAL_TABLE), stdout=StringIO())
    return cast.Plan.objects.get()


@pytest.fixture
def upload(city, units, people, at) -> Callable[..., cast.PlanImport]:
    """`upload(data)` stores a file as an admin does, reads it and returns the preview; `name=` its name."""
    return lambda data, name="表.xlsx", **given: cast.upload(
        data, name, issuer=city, by=people.admin, at=at, **given
    )


@pytest.fixture
def bring_in(upload, people, at) -> Callable[..., cast.Plan | cast.PlanImport]:
    """`bring_in(data)` imports a file and returns the plan; `bring_in(data, apply=False)` the preview."""

    def run(data: bytes, *, apply: bool = True, by=people.admin, **given):
        stored = upload(data, **given)
        return cast.apply_import(stored.pk, by=by, at=at) if apply else stored

    return run


@pytest.fixture
def changes_of(upload) -> Callable[[bytes], dict[str, int]]:
    """`changes_of(data)` tells how many tasks a file would add, change, move, remove and leave."""
    return lambda data: upload(data).summary["counts"]


@pytest.fixture(scope="session")
def mail_server() -> Iterator[mail.Server]:
    """The mail server of `app_server`: look into `mail_server.mailbox.letters`."""
    server = mail.Server()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def smtp_server() -> Iterator[mail.Server]:
    """A mail server: give `smtp_server.url` as EMAIL_URL, look into `smtp_server.mailbox.letters`."""
    server = mail.Server()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[broker.Server]:
    """A private Redis: `redis_server.url`."""
    server = broker.start()
    yield server
    server.stop()


@pytest.fixture
def soffice(tmp_path) -> Callable[[Path, str], Path]:
    """`soffice(workbook, "pdf")` has LibreOffice convert a file and returns the new one."""
    return lambda source, kind: office.convert(source, kind, tmp_path)


@pytest.fixture(scope="session")
def browser() -> Iterator[chromium.Browser]:
    """A running Chromium."""
    # Playwright keeps an event loop in this thread, for which Django would refuse every query after it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with chromium.running() as running:
        yield running


@pytest.fixture
def page(browser) -> Iterator[chromium.Page]:
    """An empty window as offices have it; whatever its script complains about fails the test."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    yield opened
    context.close()
    assert errors == []


@pytest.fixture(scope="session")
def seeded(django_db_setup, tmp_path_factory) -> stack.Seeded:
    """The demonstration's data, made once: a folder, and a database where this process tests PostgreSQL."""
    return stack.seed(
        tmp_path_factory.mktemp("seeded"), postgres_url=postgres_url_of_this_process(), **QUICK_PASSWORDS
    )


@pytest.fixture(scope="session")
def running_program(seeded, mail_server, tmp_path_factory) -> Iterator[stack.Stack]:
    """The program, started once: `app_server` is it with the data as they were seeded.

    Where this process tests SQLite it is the one command with its own broker; where it tests PostgreSQL it
    is gunicorn, worker and timetable on PostgreSQL and Redis.
    """
    folder = tmp_path_factory.mktemp("running")
    if not seeded.database_url:
        running = seeded.serve_embedded(folder, EMAIL_URL=mail_server.url, **QUICK_PASSWORDS)
        yield running
        running.stop()
        return
    queue = broker.start()  # of its own: another test's workers must not take its jobs
    settings = {"REDIS_URL": queue.url, "EMAIL_URL": mail_server.url} | QUICK_PASSWORDS
    running = seeded.serve_apart(folder, **settings)
    yield running
    running.stop()
    queue.stop()


@pytest.fixture
def app_server(seeded, running_program, mail_server) -> stack.Stack:
    """The running program with the demonstration's data; its letters go to `mail_server`."""
    seeded.renew(running_program)
    mail_server.mailbox.empty()
    return running_program


@pytest.fixture
def empty_server(seeded, running_program, tmp_path_factory) -> stack.Stack:
    """Like `app_server`, with people and units but before anybody imported the table."""
    empty = stack.seed(
        tmp_path_factory.mktemp("empty"),
        "--without-plan",
        postgres_url=postgres_url_of_this_process(),
        static=seeded.static,
        **QUICK_PASSWORDS,
    )
    empty.renew(running_program)
    return running_program


@pytest.fixture
def mortal_server(seeded, smtp_server, tmp_path) -> Iterator[stack.Stack]:
    """The one command on a copy of the demonstration's data, for tests that kill it."""
    running = seeded.serve_embedded(tmp_path, EMAIL_URL=smtp_server.url, **QUICK_PASSWORDS)
    yield running
    running.stop()


def postgres_url_of_this_process() -> str:
    """Return the address of the PostgreSQL server where this process tests it, else nothing."""
    return os.environ["TEST_POSTGRES_URL"] if settings.DATABASE == "postgresql" else ""
