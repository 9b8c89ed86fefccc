"""Somebody without a mouse: goes from one thing to the next by Tab and sees at each of them where the focus is."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from playwright.sync_api import Page

STEPS = 120  # who presses Tab more often than this has given up long ago
# Whether the eye finds what has the focus: a ring or a shadow on it (or on the label that stands for it), not
# hidden behind a bar that stays in place.
LOOK = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return "lost";
  if (!it.matches(":focus")) return "visible"; // the calendar's button inside a date box: the browser's own ring
  const ringed = (element) => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  const isSmall = it.getBoundingClientRect().width <= 1;
  const seen = isSmall && it.labels && it.labels.length ? it.labels[0] : it;
  if (!ringed(seen)) return "no ring";
  const { left, right, top, bottom } = seen.getBoundingClientRect();
  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  if (over && over.closest(".action-bar") && !over.contains(it) && !it.closest(".action-bar")) return "covered";
  return "visible";
}"""

# The next part of the page that is drawn anew leaves a mark.
SETTLING = """() => {
  const { dataset } = document.documentElement;
  delete dataset.settled;
  document.addEventListener("htmx:afterSettle", () => { dataset.settled = "yes"; }, { once: true });
}"""


@dataclass(frozen=True)
class Focus:
    """What has the keyboard, as a screen reader says it, and how it looks."""

    role: str
    name: str
    look: str

    def __str__(self) -> str:
        return f"{self.role} “{self.name[:30]}”{'' if self.look == 'visible' else f' ({self.look})'}"


class Keyboard:
    """The keyboard of one window."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._tree = page.context.new_cdp_session(page)
        self._tree.send("Accessibility.enable")  # keeps the tree between two questions
        page.on("dialog", lambda dialog: dialog.accept())  # Enter on its first button

    def press(self, *keys: str) -> None:
        """Press one key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        """Type into what has the focus."""
        self.page.keyboard.type(words)

    def retype(self, words: str) -> None:
        """Type in place of what stands in the box that has the focus."""
        self.press("Control+a")
        self.type(words)

    def focus(self) -> Focus:
        """Return what has the focus."""
        look = self.page.evaluate(LOOK)
        if look == "lost":
            return Focus("body", "", look)
        found = self._tree.send("Runtime.evaluate", {"expression": "document.activeElement"})
        asked = {"objectId": found["result"]["objectId"], "fetchRelatives": False}
        node: dict[str, Any] = self._tree.send("Accessibility.getPartialAXTree", asked)["nodes"][0]
        role, name = (node.get(part, {}).get("value", "") for part in ("role", "name"))
        return Focus(role, "".join(name.split()), look)

    def walk_to(self, name: str | re.Pattern[str], *, key: str = "Tab", steps: int = STEPS) -> Focus:
        """Press `key` until what is called `name`, without its spaces, has the focus, and return it.

        Fails with the way when that is not reached in `steps`, or when the focus cannot be seen on the way.
        """
        way: list[str] = []
        for _ in range(steps):
            self.press(key)
            there = self.focus()
            way.append(str(there))
            # Tab leaves the page once at its end, for the browser's own bar.
            if way.count("body “” (lost)") > 1:
                break
            assert there.look in ("visible", "lost"), f"{there} on the way {way}"
            if there.name == name if isinstance(name, str) else name.search(there.name):
                return there
        raise AssertionError(f"{name} is not reached by {key}: {' → '.join(way)}")

    def follow(self, name: str | re.Pattern[str], *, key: str = "Tab") -> None:
        """Walk to a link or a button that leads to another page, and go there."""
        self.walk_to(name, key=key)
        with self.page.expect_navigation():
            self.press("Enter")

    def follow_menu(self, *words: str) -> None:
        """Walk to an entry of the menu, then to a page beside it; what waits there may be counted behind the word."""
        for word in words:
            self.follow(re.compile(rf"^{word}(\d+件待办)?$"))

    def swap(self, name: str | re.Pattern[str], *, key: str = "Tab") -> Focus:
        """Walk to what changes a part of this page and press it; return what has the focus after that.

        Fails when nothing has: then Tab would begin anew at the head of the page.
        """
        self.walk_to(name, key=key)
        self.page.evaluate(SETTLING)
        self.press("Enter")
        self.page.wait_for_selector("html[data-settled]")
        there = self.focus()
        assert there.look == "visible", f"after {name}: {there}"
        return there

    def choose(self, words: str) -> None:
        """Go down the list that has the focus until the choice with `words` in it is taken."""
        chosen = "Array.from(document.activeElement.selectedOptions, (option) => option.text).join()"
        taken = ""
        while words not in taken:
            before = taken
            self.press("ArrowDown")
            taken = self.page.evaluate(chosen)
            assert taken != before, f"{words} is not in the list, the last choice is {taken}"

    def type_day(self, day: date) -> None:
        """Type a day into the date box that has the focus."""
        self._type_parts([*f"{day:%Y}", "ArrowRight", *f"{day:%m%d}"], [*f"{day:%m%d%Y}"], day.isoformat())

    def type_moment(self, moment: datetime) -> None:
        """Type a day and a time into the box that has the focus."""
        here = [*f"{moment:%Y}", "ArrowRight", *f"{moment:%m%d%H%M}"]
        there = [*f"{moment:%m%d%Y}", "ArrowRight", *f"{moment:%I%M%p}"]
        self._type_parts(here, there, f"{moment:%Y-%m-%dT%H:%M}")

    def _type_parts(self, here: list[str], there: list[str], value: str) -> None:
        """Press the keys that fit the browser's own language, Chinese or English: that orders the parts."""
        for keys in (here, there):
            self.press(*["ArrowLeft"] * 6, *keys)  # from the first part on
            if self.page.evaluate("document.activeElement.value") == value:
                return
        raise AssertionError(f"{value} cannot be typed")
