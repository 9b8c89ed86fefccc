"""Whoever writes into SQLite waits in a line: the turn goes on in the order of asking, whatever becomes of one."""

from collections.abc import Iterator
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction

from reform_tracker.fair_sqlite3.turns import Turns

AFTER = 10  # seconds after which a test gives up


def test_the_turn_goes_to_whoever_waits_longest():
    turns, order = Turns(), []

    def write(number: int) -> None:
        assert turns.take(patience=AFTER)
        order.append(number)
        turns.give_back()

    assert turns.take(patience=0)
    line = []
    for number in range(8):
        line.append(Thread(target=write, args=[number]))
        line[-1].start()
        _until(lambda waiting=number + 1: len(turns._line) == waiting)
    turns.give_back()
    for thread in line:
        thread.join(AFTER)
    assert order == list(range(8))
    assert turns.take(patience=0)  # nobody has kept it


def test_who_has_no_patience_leaves_the_line():
    turns = Turns()
    assert turns.take(patience=0)
    assert not turns.take(patience=0.01)
    turns.give_back()
    assert turns.take(patience=0)


@pytest.fixture
def file(tmp_path, django_db_blocker) -> Iterator[str]:
    """The name of a connection to a SQLite file of its own, whose other connections wait half a second for it."""
    connections.databases["fair"] = connections.databases["default"] | {
        "ENGINE": "reform_tracker.fair_sqlite3",
        "NAME": str(tmp_path / "fair.sqlite3"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 0.5},
    }
    with django_db_blocker.unblock():
        with connections["fair"].cursor() as cursor:
            cursor.execute("CREATE TABLE words (word TEXT)")
        yield "fair"
        connections["fair"].close()
    del connections["fair"], connections.databases["fair"]


def test_the_turn_is_given_back_whether_it_ends_well_or_not(file):
    with transaction.atomic(file):
        _say("kept")
        with pytest.raises(OperationalError), transaction.atomic(file):  # a part of it
            _say("lost", into="nothing")
    with pytest.raises(ZeroDivisionError), transaction.atomic(file):
        _say("lost")
        raise ZeroDivisionError
    with transaction.atomic(file):
        connections[file].close()  # as when the connection breaks
    assert _in_a_thread(lambda: _words(file, then="said")) == ["kept"]
    assert _words(file) == ["kept", "said"]


def test_whoever_waited_too_long_for_the_turn_hears_from_sqlite(file):
    with transaction.atomic(file):
        began = monotonic()
        with pytest.raises(OperationalError, match="locked"):
            _in_a_thread(lambda: _words(file, then="never"))
        assert monotonic() - began >= 0.5
    assert _in_a_thread(lambda: _words(file, then="said")) == []


def _say(word: str, *, into: str = "words") -> None:
    with connections["fair"].cursor() as cursor:
        cursor.execute(f"INSERT INTO {into} VALUES (%s)", [word])  # noqa: S608


def _words(alias: str, then: str = "") -> list[str]:
    with transaction.atomic(alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT word FROM words ORDER BY rowid")
        found = [word for (word,) in cursor.fetchall()]
        if then:
            _say(then)
        return found


def _in_a_thread(work: Any) -> Any:
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        except Exception as error:
            found.append(error)
        finally:
            connections["fair"].close()

    thread = Thread(target=run)
    thread.start()
    thread.join(AFTER)
    (answer,) = found
    if isinstance(answer, Exception):
        raise answer
    return answer


def _until(is_so: Any) -> None:
    began = monotonic()
    while not is_so():
        assert monotonic() - began < AFTER
        sleep(0.001)
