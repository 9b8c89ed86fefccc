"""Cuts a clause into the names it lists: at separators, at 和 and 及, and at spaces that do more than pad."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks_app.language.text import squash

from .clauses import COUNTIES, IN_BRACKETS, STARS, STRONG_SEPARATORS, bracketed, masked
from .names import UnitIndex
from .shapes import (
    LONGEST_NAME,
    is_all_counties,
    is_collective,
    is_nobody,
    is_place,
    looks_like_unit,
    needs_prefix,
    own_prefix,
)

_NUMBER = r"(?<![0-9０-９])[0-9０-９]{1,2}\s?[.．、)）](?![0-9０-９])|[①-⑳]"
SEPARATOR = re.compile(rf"{_NUMBER}|[、，,；;。/／·•・|｜]")
# 和 within a name joins words that name nobody: 文化和旅游局. 政府和社会资本合作中心 would deceive.
GAP = re.compile(rf"\s*(?:以及|会同|及其?(?=所属|下属|直属)|[及与]|和(?!社会资本))\s*|\s+(?!{IN_BRACKETS})")
AND_OTHERS = re.compile(
    r"等(?:[0-9]+|[一二三四五六七八九十]+)?(?:个|家)?(?:有关|相关|其他|责任|成员|职能|市直|县直|区直|市级|直属|部门|单位|机构|各|和|及)*$"
)
LEAD_IN = re.compile(r"^(?:由|请|以(?![上下及])|以及|及|和|与|并)(?=.{2})")


@dataclass(slots=True)
class Cutter:
    """Cuts texts into names; `and_others` once one of them went on with 等单位."""

    index: UnitIndex
    and_others: bool = False

    def pieces(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield (one name as written, the separator before it)."""
        start, before = 0, ""
        for cut in [*SEPARATOR.finditer(masked(text)), None]:
            end = cut.start() if cut else len(text)
            piece = self._without_others(text[start:end].strip())
            for name in self._at_gaps(LEAD_IN.sub("", piece)):
                if not is_nobody(name) and squash(name) != "下同":
                    yield name, before
                    before = "、"
            if cut:
                start = cut.end()
                # Of several in a row, the strongest counts.
                before = cut[0] if before not in STRONG_SEPARATORS or piece else before

    def _without_others(self, piece: str) -> str:
        """Cut off 等单位, and remember it."""
        compact = squash(piece)
        found = AND_OTHERS.search(compact)
        if not found:
            return piece
        self.and_others = True
        length = len(found[0])
        while length:
            length -= not piece[-1].isspace()
            piece = piece[:-1]
        return piece.strip()

    def stands(self, name: str) -> bool:
        """Tell whether a piece of text is a name by itself."""
        name = name.strip(STARS)
        head = squash(masked(name).split(IN_BRACKETS)[0].replace(COUNTIES, ""))
        whole = squash(name)
        return bool(
            self.index.find(whole)
            or is_all_counties(whole)
            or is_collective(whole)
            or (COUNTIES not in masked(name) and (looks_like_unit(head) or (head and self.index.find(head))))
        )

    def _at_gaps(self, piece: str) -> list[str]:
        """Return the names that spaces, line breaks, 和 or 及 keep apart; the piece if they are part of a name.

        Of all ways to cut a piece into names and nothing but names, the one with most names counts.
        """
        gaps = [gap.span() for gap in GAP.finditer(masked(piece)) if gap.start()]
        if not gaps or self.index.full_name(piece):
            return [piece]
        edges = [(0, 0), *gaps, (len(piece), len(piece))]
        # For each edge: how many names reach to it, and the edge where the last of them begins.
        reached: list[tuple[int, int] | None] = [(0, 0)]
        for end in range(1, len(edges)):
            options = [
                (before[0] + 1, start)
                for start in range(max(0, end - LONGEST_NAME // 2), end)
                if (before := reached[start]) and self._is_name(piece, edges, before[1], start, end)
            ]
            reached.append(max(options, default=None))
        names: list[str] = []
        end = len(edges) - 1
        while end and (step := reached[end]):
            names.insert(0, piece[edges[step[1]][1] : edges[end][0]])
            end = step[1]
        return names or [piece]

    def _is_name(self, piece: str, edges: list[tuple[int, int]], first: int, start: int, end: int) -> bool:
        """Tell whether the words between two edges are a name, and not the rest of the name before them."""
        name = piece[edges[start][1] : edges[end][0]]
        if len(name) > LONGEST_NAME or not self.stands(name):
            return False
        gap = piece[edges[start][0] : edges[start][1]]
        before = piece[edges[first][1] : edges[start][0]]
        return not (start and gap.isspace() and _belongs(before, name))


def brackets_of(name: str) -> Iterator[str]:
    """Yield what stands in each pair of brackets but that of 各县（市、区）."""
    opaque = masked(name)
    for start, end in bracketed(name):
        if opaque[start] == IN_BRACKETS:
            yield name[start + 1 : end].rstrip("）)】] ")


def outside_brackets(name: str) -> str:
    """Return a name without its brackets; 各县（市、区） stays whole."""
    return "".join(c for c, shown in zip(name, masked(name), strict=True) if shown != IN_BRACKETS)


def _belongs(before: str, after: str) -> bool:
    """Tell whether two names with a space between are one: 市委 组织部, 三明市 第一医院, 国家税务总局 三明市税务局."""
    first, second = squash(before), squash(after)
    if re.fullmatch("[省市县区州]委", first):
        return not own_prefix(second) and bool(re.search("部|委|办|局|校|室", second))
    if re.fullmatch("国家[^市县区]*总?局|中国[^市县区]*", first):
        return len(own_prefix(second)) > 2 and bool(re.search("(?:局|行|公司|队)$", second))
    return (is_place(first) or is_all_counties(first)) and needs_prefix(second)
