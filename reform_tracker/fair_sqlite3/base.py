"""The backend: whoever begins a transaction waits for its turn first, and gives it back when all is done."""

from collections import defaultdict
from typing import Any

from django.db.backends.sqlite3.base import DatabaseWrapper as PlainWrapper

from .turns import Turns

# SQLite's own waiting; Django's default as well. (The stubs leave out what is not public: "misc".)
PATIENCE = 20
_turns: defaultdict[str, Turns] = defaultdict(Turns)  # of each file


class DatabaseWrapper(PlainWrapper):
    """SQLite lets waiting writers in by chance: some wait many times as long as others.

    Whoever waited too long for its turn goes on without: then SQLite itself says whether it may.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: Turns | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._give_back()  # a connection that broke may have kept it
        turns = _turns[str(self.settings_dict["NAME"])]
        patience = self.settings_dict["OPTIONS"].get("timeout", PATIENCE)
        self._turn = turns if turns.take(patience=patience) else None
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_back()
            raise

    def _set_autocommit(self, autocommit: bool) -> None:
        try:
            super()._set_autocommit(autocommit)  # type: ignore[misc]
        finally:
            if autocommit:
                self._give_back()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._give_back()

    def _give_back(self) -> None:
        if self._turn is not None:
            self._turn.give_back()
            self._turn = None
