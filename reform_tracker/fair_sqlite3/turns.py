"""Lets one after another in, in the order in which they came."""

from collections import deque
from threading import Lock


class Turns:
    """One has the turn, the others wait in a line; `give_back` hands it to whoever waits longest."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._line: deque[Lock] = deque()
        self._is_taken = False

    def take(self, *, patience: float) -> bool:
        """Wait for the turn, at most `patience` seconds; tells whether it came."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = Lock()
            mine.acquire()
            self._line.append(mine)
        if mine.acquire(timeout=patience):
            return True
        with self._guard:
            if mine not in self._line:  # it came at the very last moment
                return True
            self._line.remove(mine)
            return False

    def give_back(self) -> None:
        """Hand the turn on."""
        with self._guard:
            if self._line:
                self._line.popleft().release()
            else:
                self._is_taken = False
