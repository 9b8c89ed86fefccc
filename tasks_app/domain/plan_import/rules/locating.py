"""Finds on which page of a preview a row of the file stands, and by which name a link reaches it."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

PAGE = 50  # tasks

Key = tuple[int, int]


class Locations:
    """The rows of a stored preview, as (place of the sheet among the file's sheets, row).

    `owners` has the task of each row, `last_owners` the last one of a row that was split. A row of no task
    stands before the task that follows it, or behind the last one.
    """

    def __init__(self, tasks: Sequence[Mapping[str, Any]], sheets: Iterable[str]) -> None:
        self.sheets = {name: index for index, name in enumerate(sheets)}
        self.count = len(tasks)
        self.owners: dict[Key, int] = {}
        self.last_owners: dict[Key, int] = {}
        self.firsts: list[Key] = []
        for index, task in enumerate(tasks):
            keys = [self.key(sheet, row) for sheet, row in task.get("rows", ())]
            for key in keys:
                self.owners.setdefault(key, index)
                self.last_owners[key] = index
            reached = self.firsts[-1] if self.firsts else (0, 0)
            self.firsts.append(max(reached, keys[0]) if keys else reached)

    @property
    def pages(self) -> int:
        """How many pages the preview has; one without a task is a page too."""
        return max(1, -(-self.count // PAGE))

    def key(self, sheet: str, row: int) -> Key:
        """Return what names a row."""
        return self.sheets.get(sheet, 0), row

    def anchor(self, sheet: str, row: int) -> str:
        """Return the name of a row within its page."""
        return "row-{}-{}".format(*self.key(sheet, row))

    def page(self, sheet: str, row: int) -> int:
        """Return the page on which a row stands."""
        key = self.key(sheet, row)
        index = self.owners.get(key)
        if index is None:
            index = min(bisect_right(self.firsts, key), max(0, self.count - 1))
        return index // PAGE + 1

    def before(self, sheet: str, row: int) -> int | None:
        """Return which task a row would go on with if it began none itself; None above the first."""
        key = self.key(sheet, row)
        index = self.owners.get(key)
        if index is None:
            index = bisect_right(self.firsts, key)
        elif self.firsts[index] != key:
            return index
        return index - 1 if index > 0 else None
