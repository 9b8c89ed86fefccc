"""Which test runs on which database: both, where what is asked of it may differ, else one (ADR 25)."""

from pathlib import Path
from zlib import crc32

import pytest

HERE = Path(__file__).resolve().parent
# Of these each file is tried on one of the databases; the queries behind them are asked on both in domain/.
# Two in domain/ make every move through its page.
BY_PAGES = ("domain/test_moves_table.py", "domain/test_report_machine.py")
PAGES = ("views/", "test_addresses.py", "test_downloads.py", *BY_PAGES)
# These moves have pages: they are tried on the database on which tests/views/ does not try those of the same name.
MOVES = {
    "test_calendar.py", "test_coordination.py", "test_drafts.py", "test_escalation.py", "test_extensions.py",
    "test_feeds.py", "test_indicators.py", "test_interviews.py", "test_offline.py", "test_on_behalf.py",
    "test_practices.py", "test_reporting.py", "test_review.py", "test_stand_ins.py", "test_units.py",
}  # fmt: skip


def databases_of(item: pytest.Item, *, on_both: bool = False) -> set[str]:
    """Return on which databases a test runs.

    What asks no database, or says that it does not depend on it, runs once: there where there is less to do.
    Pages are dealt out by file and the moves behind them the other way, unless all is to be tried `on_both`.
    """
    if item.get_closest_marker("browser"):
        return {"sqlite" if uses_own_rows(item) else "postgresql"}
    if "app_server" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("soak"):
        return {"postgresql"}  # where it runs already, for the browser
    if item.get_closest_marker("once") or not uses_database(item):
        return {"sqlite"}
    whole = on_both or item.get_closest_marker("soak")
    if (dealt := item.get_closest_marker("dealt_to")) and not whole:
        return set(dealt.args)
    place, name = item.path.relative_to(HERE).as_posix(), item.path.name
    is_move = place == f"domain/{name}" and name in MOVES
    if on_both or not (is_move or place.startswith(PAGES)):
        return {"sqlite", "postgresql"}
    return {("sqlite", "postgresql")[(crc32(name.encode()) + is_move) % 2]}


def uses_own_rows(item: pytest.Item) -> bool:
    """Tell whether a test makes its rows itself and needs no running program."""
    return "db" in getattr(item, "fixturenames", ())


def uses_database(item: pytest.Item) -> bool:
    """Tell whether a test asks for the database, by itself or through a running program."""
    wanted = set(getattr(item, "fixturenames", ()))
    return bool(wanted & {"db", "seeded"} or item.get_closest_marker("django_db"))
