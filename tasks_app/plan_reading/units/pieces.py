"""Cuts a clause into the names it lists: at separators, at 和 and 及, and at spaces that do more than pad."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks_app.language.text import squash

from .clauses import COUNTIES, IN_BRACKETS, STARS, STRONG_SEPARATORS, WITH, bracketed, masked
from .names import UnitIndex
from .shapes import (
    LONGEST_NAME,
    UNIT_ENDING,
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
_WITH = r"会同|会商|联合|联同|连同|协同|携手|(?<![市县区省州]委)商"
# 和 within a name joins words that name nobody: 文化和旅游局. 政府和社会资本合作中心 would deceive.
GAP = re.compile(
    rf"\s*(?:(?P<with>{_WITH})|等(?=(?:全市|全州)?{COUNTIES})|以及|及其?(?=所属|下属|直属)|[及与]|和(?!社会资本))\s*|\s+(?!{IN_BRACKETS})"
)
# 红十字会同市卫健委, 科协同市教育局: what looks like the word begins within it.
LATE_GAP = re.compile(r"(?<=[会协])(?P<with>[同商])")
AND_OTHERS = re.compile(
    r"等(?:[0-9]+|[一二三四五六七八九十]+)?(?:个|家)?(?:有关|相关|其他|责任|成员|职能|市直|县直|区直|市级|直属|医疗|卫生|部门|单位|机构|各|和|及)*$"
)
LEAD_IN = re.compile(r"^(?:由|请|以(?![上下及])|以及|及|和|与|并)(?=.{2})")
LED_IN_WITH = re.compile(rf"^(?:{_WITH})\s*(?=.{{2}})")


UNIT_REST = re.compile(r"(?:会|社|工会|总社|办公室|中心)")
OTHERS_AHEAD = re.compile(rf"市|省|县|区|州|旗|国家|中央|同级|有关|相关|各|{COUNTIES}")


@dataclass(frozen=True, slots=True)
class Cutter:
    """Cuts texts into names."""

    index: UnitIndex

    def pieces(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield (one name as written, the separator before it)."""
        start, before = 0, ""
        for cut in [*SEPARATOR.finditer(masked(text)), None]:
            end = cut.start() if cut else len(text)
            piece = _without_others(text[start:end].strip())
            for name, is_with in self._at_gaps(LEAD_IN.sub("", piece)):
                if not is_nobody(name) and squash(name) != "下同":
                    yield name, WITH if is_with else before
                    before = "、"
            if cut:
                start = cut.end()
                # Of several in a row, the strongest counts.
                before = cut[0] if before not in STRONG_SEPARATORS or piece else before

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

    def _at_gaps(self, piece: str) -> list[tuple[str, bool]]:
        """Return the names that spaces, 和 or 会同 keep apart, and whether 会同 stands before each.

        Of all ways to cut a piece into names and nothing but names, the one with most names counts; a piece
        that cannot be cut so is part of a name.
        """
        if self.index.full_name(piece):
            return [(piece, False)]
        led_in = LED_IN_WITH.match(piece)
        is_led_in = led_in is not None and self._is_led_in(piece, led_in[0])
        piece = piece[led_in.end() :] if led_in and is_led_in else piece
        shown = masked(piece)
        gaps = sorted(
            (gap.start(), gap.end(), gap.lastgroup == "with")
            for pattern in (GAP, LATE_GAP)
            for gap in pattern.finditer(shown)
            if gap.start() and not (pattern is LATE_GAP and UNIT_ENDING.search(shown[: gap.start() - 1]))
        )
        edges = [(0, 0, is_led_in), *gaps, (len(piece), len(piece), False)]
        # For each edge: how many names reach to it, and the edge where the last of them begins.
        reached: list[tuple[int, int] | None] = [(0, 0)]
        for end in range(1, len(edges)):
            options = [
                (before[0] + 1, start)
                for start in range(max(0, end - LONGEST_NAME // 2), end)
                if (before := reached[start]) and self._is_name(piece, edges, before[1], start, end)
            ]
            reached.append(max(options, default=None))
        names: list[tuple[str, bool]] = []
        end = len(edges) - 1
        while end and (step := reached[end]):
            names.insert(0, (piece[edges[step[1]][1] : edges[end][0]], edges[step[1]][2]))
            end = step[1]
        return names or [(piece, is_led_in)]

    def _is_led_in(self, piece: str, word: str) -> bool:
        """Tell whether a piece begins with 会同 and not with a name: 商务局, 联合会."""
        rest = piece[len(word) :]
        if word.strip() != "商":
            return not UNIT_REST.fullmatch(squash(rest))
        return bool(OTHERS_AHEAD.match(rest)) or bool(self.index.find(rest) and not self.index.find(piece))

    def _is_name(
        self, piece: str, edges: list[tuple[int, int, bool]], first: int, start: int, end: int
    ) -> bool:
        """Tell whether the words between two edges are a name, and not the rest of the name before them."""
        name = piece[edges[start][1] : edges[end][0]]
        if len(name) > LONGEST_NAME or not self.stands(name):
            return False
        gap = piece[edges[start][0] : edges[start][1]]
        before = piece[edges[first][1] : edges[start][0]]
        return not (start and gap.isspace() and _belongs(before, name))


def _without_others(piece: str) -> str:
    """Cut off 等单位."""
    found = AND_OTHERS.search(squash(piece))
    length = len(found[0]) if found else 0
    while length:
        length -= not piece[-1].isspace()
        piece = piece[:-1]
    return piece.strip()


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
