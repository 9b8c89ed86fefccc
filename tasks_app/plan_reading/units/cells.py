"""Reads a cell of responsible units: the names as they should stand, and the role the cell gives each."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from tasks_app.choices import AssignmentRole, UnitKind
from tasks_app.language.text import squash

from .aside import take_times
from .clauses import (
    CLOSING,
    IN_BRACKETS,
    LEAD,
    MARK_WORDS,
    OPENING,
    STARS,
    STRONG_SEPARATORS,
    SUPPORT,
    WITH,
    Clause,
    Found,
    give_roles,
    masked,
    role_of,
    split_clauses,
    unfolded,
)
from .names import CITY_PREFIX, UnitIndex
from .pieces import Cutter, brackets_of, outside_brackets
from .shapes import (
    COUNTIES_WORD,
    is_all_counties,
    is_collective,
    is_nobody,
    is_place,
    looks_like_unit,
    needs_prefix,
    own_prefix,
    with_prefix,
)

SHARED_ENDING = re.compile(r"(.{1,6}?)(市|县|区|旗|镇|乡|街道)(人民政府|政府|管委会|管理委员会|办事处)?")
PAIR_OF_PLACES = re.compile(
    r"([\u4e00-\u9fff]{2,3})[和与及]([\u4e00-\u9fff]{2,3})(市|县|区|镇|乡|街道)((?:人民)?政府|管委会|办事处)"
)
EXCEPTION = re.compile("不?[含包]|除|仅|限|设|挂")
# 除三元区外的各县（市、区）, 各县（市、区）（三元区除外）
EXCEPT_AHEAD = re.compile(
    rf"除([^外；;。\n]{{2,60}}?)(?:以外|之外|外)的?(?:其他|其余)?({COUNTIES_WORD.pattern})"
)
EXCEPTED = re.compile(r"除(.+?)(?:以外|之外|外)?|(.+?)除外|不(?:含|包括)(.+)")
OFFICE_WITHIN = re.compile(r".*(?:科|处|室|股|组)")


class MentionKind(Enum):
    """What a mention means: one unit, every county, or units that it does not name."""

    UNIT, ALL_COUNTIES, COLLECTIVE = range(3)


@dataclass(frozen=True, slots=True)
class Mention:
    """One name of a cell. `name` is how it should stand (市教育局), `written` how the cell has it (教育局);
    `role` is None where the cell does not say; `also` are the other names that it gives in brackets, `but` those
    that 各县（市、区） does not mean."""

    name: str
    written: str
    role: AssignmentRole | None
    kind: MentionKind
    also: tuple[str, ...] = ()
    but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitCell:
    """What a cell says. `doubts` are sentences, `times` and `persons` what else it has: 6月底前, 责任人：张三."""

    mentions: tuple[Mention, ...]
    doubts: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()


def read_unit_cell(
    text: str,
    index: UnitIndex,
    *,
    role: AssignmentRole | None = None,
    prefix: str = CITY_PREFIX,
    first_leads: bool = False,
) -> UnitCell:
    """Return what a cell says, in stages: times aside, clauses of duty, names, roles, prefixes.

    `role` is what the column says; `prefix` goes before a name without 市 unless the cell has another; `first_leads`
    is what a heading or a note says of cells that name no lead.
    """
    if is_nobody(text):
        return UnitCell(())
    text, times = take_times(unfolded(text))
    clauses = split_clauses(EXCEPT_AHEAD.sub(lambda found: f"{found[2]}（除{found[1]}外）", text))
    reader = Reader(Cutter(index), persons=clauses.persons)
    names = [reader.names_of(clause) for clause in clauses.clauses]
    give_roles([replace(clause, role=clause.role or role) for clause in clauses.clauses], names)
    mentions = reader.once_each(reader.mentions([one for group in names for one in group], prefix))
    first_leads = clauses.first_leads or (first_leads and role is None and "牵头" not in text)
    if first_leads and not any(one.role == LEAD for one in mentions):
        mentions = [replace(m, role=m.role or (SUPPORT if n else LEAD)) for n, m in enumerate(mentions)]
    doubts = []
    if clauses.persons:
        doubts.append(f"“{'；'.join(clauses.persons)[:60]}”写的是人员，没有作为责任单位，已写入备注。")
    if reader.star and not clauses.stars_lead:
        doubts.append(f"“{reader.star}”看作牵头单位的标记，请核对。")
    return UnitCell(
        tuple(mentions),
        tuple(dict.fromkeys([*doubts, *reader.doubts])),
        tuple(dict.fromkeys([*times, *clauses.times])),
        tuple(clauses.persons),
    )


def _shown(name: str) -> str:
    """Return a squashed name with the brackets of Chinese text."""
    return name.translate(str.maketrans("(),", "（），"))


@dataclass(slots=True)
class Reader:
    """Reads the names of one cell."""

    cut: Cutter
    doubts: list[str] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    star: str = ""

    @property
    def index(self) -> UnitIndex:
        """The known units."""
        return self.cut.index

    # --- from text to names -------------------------------------------------------------------------------

    def names_of(self, clause: Clause) -> list[Found]:
        """Return the names of a clause, shared endings given to each."""
        found = [
            one for piece, separator in self.cut.pieces(clause.text) for one in self._open(piece, separator)
        ]
        if found and found[0].separator != WITH:
            found[0].separator = "；"
        found = [half for one in found for half in _halves(one)]
        self._share_endings(found)
        return found

    def _open(self, written: str, separator: str) -> list[Found]:
        """Return the name, or the names, that a piece stands for with what it has in brackets."""
        name = written.strip("。.:： \n\t\u3000" + STARS)
        if not set(name) & set(OPENING):
            name = name.rstrip(CLOSING)
        role = None
        if star := re.match(rf"[{STARS}]", written) or re.search(rf"[{STARS}]$", written):
            self.star, role = star[0], LEAD
        name = self._without_rest(self._without_person(name))
        one = Found(written.strip(), squash(name), separator, role)
        if is_all_counties(name) or self.index.find(name) or not masked(name).endswith(IN_BRACKETS):
            return [one] if name else []
        head = squash(outside_brackets(name))
        excepted = {
            inner: self._excepted(inner) if is_all_counties(head) else () for inner in brackets_of(name)
        }
        one.but = tuple(county for counties in excepted.values() for county in counties)
        for inner in (inner for inner, counties in excepted.items() if not counties):
            names = [piece for piece, _ in self.cut.pieces(inner) if self.cut.stands(piece)]
            marked = role_of(squash(inner))
            if marked and not names:
                one.role = marked
            elif names and not EXCEPTION.match(inner) and not self._names_one(head):
                return [Found(one.written, squash(each), "、", one.role) for each in names]
            elif not names and is_collective(name):
                return [one]
            elif names and not EXCEPTION.match(inner):
                one.also += tuple(squash(each) for each in names)
            elif not OFFICE_WITHIN.fullmatch(squash(inner)) and not MARK_WORDS.fullmatch(squash(inner)):
                self.doubts.append(f"括号中的“{inner.strip()[:20]}”没有计入责任单位，请核对。")
        one.name = head
        return [one] if head else []

    def _without_rest(self, name: str) -> str:
        """Return the known unit of 市财政局安排资金: what goes on behind it is no part of any name."""
        plain = squash(name)
        if not self.index.find(plain) and not self._names_one(plain) and not is_collective(plain):
            for cut in range(len(plain) - 2, 2, -1):
                if (
                    self.index.find(plain[:cut])
                    and looks_like_unit(plain[:cut])
                    and not set(OPENING) & set(name)
                ):
                    self.doubts.append(f"“{name[:30]}”按“{plain[:cut]}”计，其余文字没有计入，请核对。")
                    return plain[:cut]
        return name

    def _without_person(self, name: str) -> str:
        """Return the unit of 市卫健委：张三, and of 综合组：市卫健委."""
        head, colon, rest = (part.strip() for part in name.replace(":", "：").partition("："))
        if colon and self._names_one(squash(head)):
            self.persons.append(f"{head}：{rest}")
            return head
        if colon and self.cut.stands(rest):
            self.doubts.append(f"“{head[:20]}”没有计入责任单位，请核对。")
            return rest
        return name

    def _excepted(self, inner: str) -> tuple[str, ...]:
        """Return the counties that a bracket takes out of all of them; none if it does not name places."""
        found = EXCEPTED.fullmatch(squash(inner))
        names = [piece for piece, _ in self.cut.pieces(found[found.lastindex or 0])] if found else []
        return tuple(names) if all(is_place(squash(name)) for name in names) else ()

    def _names_one(self, head: str) -> bool:
        """Tell whether what stands before a bracket is one unit, so that the bracket only adds to it."""
        return (
            bool(self.index.find(head))
            or is_all_counties(head)
            or (not is_collective(head) and looks_like_unit(head))
        )

    # --- what names share ---------------------------------------------------------------------------------

    def _share_endings(self, found: list[Found]) -> None:
        """Give 人民政府 and 区 to each of 鹿城、龙湾区政府 and 桐乡市、德清县人民政府."""
        for place, one in enumerate(found):
            ending = SHARED_ENDING.fullmatch(one.name)
            if not ending or not is_place(ending[1] + ending[2]):
                continue
            level, office = ending[2], ending[3] or ""
            for before, after in zip(reversed(found[:place]), reversed(found[1 : place + 1]), strict=True):
                if after.separator in STRONG_SEPARATORS:
                    break
                known = [unit for unit in self.index.find(before.name) if unit.kind == UnitKind.COUNTY]
                if len(known) == 1 and before.name == squash(known[0].short_name):
                    before.name = squash(known[0].name) + office
                elif office and is_place(before.name):
                    before.name += office
                elif re.fullmatch("[\u4e00-\u9fff]{2,3}", before.name) and not self.cut.stands(before.name):
                    before.name += level + office
                else:
                    break

    # --- from names to mentions ---------------------------------------------------------------------------

    def mentions(self, found: Sequence[Found], default: str) -> Iterator[Mention]:
        """Yield each name as it should stand, 市 given to every one that is short of it."""
        named = [prefix for one in found if (prefix := _passed_on(one.name))]
        plain = [prefix for prefix in named if len(prefix) == 1 or prefix == "国家"]
        current = next(iter(plain or named), default)
        counties = ""
        for one in found:
            goes_on = one.separator not in STRONG_SEPARATORS
            if counties and goes_on and needs_prefix(one.name):
                # 各县（市、区）卫健局、医保局
                one.name = counties + one.name
            counties = _counties_passed_on(one.name) if is_all_counties(one.name) else ""
            own = _passed_on(one.name)
            if own and (not plain or own in plain):
                current = own
            name, kind = self._completed(one.name, current, is_said=bool(plain) and goes_on)
            also = tuple(_shown(each) for each in one.also)
            yield Mention(_shown(name), one.written, one.role, kind, also, one.but)

    def _completed(self, name: str, prefix: str, *, is_said: bool) -> tuple[str, MentionKind]:
        """Return a name with its prefix. A known name has its own, unless one `is_said`: 省卫健委、医保局."""
        if is_all_counties(name):
            means_all = self.index.means_all(name)
            return name, MentionKind.ALL_COUNTIES if means_all else MentionKind.COLLECTIVE
        known, by_place = self.index.full_name(name), self.index.named_by_place(name)
        is_short = needs_prefix(name)
        is_others = is_said and is_short and not by_place and not prefix.endswith(own_prefix(known))
        if known and not is_others:
            return known, MentionKind.UNIT
        if is_collective(name):
            return name, MentionKind.COLLECTIVE
        full = with_prefix(name, prefix) if is_short else name
        # What carries the city's name on ends as 市 too: 三明市妇幼局、计生协.
        return by_place or self.index.named_by_place(full) or full, MentionKind.UNIT

    def once_each(self, mentions: Iterable[Mention]) -> list[Mention]:
        """Return every unit once; the stronger role stays."""
        kept: dict[object, Mention] = {}
        for one in mentions:
            known = self.index.find(one.name) if one.kind is MentionKind.UNIT else []
            key = one.kind if one.kind is MentionKind.ALL_COUNTIES else known[0].pk if known else one.name
            first = kept.setdefault(key, one)
            if first is one:
                continue
            if one.kind is MentionKind.UNIT:
                self.doubts.append(f"“{one.name}”写了两次，按一次计。")
            role = LEAD if LEAD in (first.role, one.role) else first.role or one.role
            kept[key] = replace(first, role=role, also=tuple(dict.fromkeys((*first.also, *one.also))))
        return list(kept.values())


def _halves(one: Found) -> list[Found]:
    """Return the two that 龙湾和瓯海区政府 stands for, and any other name as it is."""
    joined = PAIR_OF_PLACES.fullmatch(one.name)
    if not joined or not is_place(joined[2] + joined[3]):
        return [one]
    return [
        replace(one, name=joined[1]),
        replace(one, name=joined[2] + joined[3] + joined[4], separator="和"),
    ]


def _counties_passed_on(name: str) -> str:
    """Return 各县（市、区） of 各县（市、区）卫健局, which holds for the bureaus after it."""
    word = COUNTIES_WORD.match(name)
    return word[0] if word and word[0] != name and not word[0].endswith("政府") else ""


def _passed_on(name: str) -> str:
    """Return the prefix that a name gives to those after it; 鹿城区政府 and a place alone give none."""
    prefix = own_prefix(name)
    if name.endswith("分局") or (prefix == "国家" and re.search("总局|市|县|区", name)):
        return ""
    is_bureau = (
        looks_like_unit(name) and not is_place(name) and not name.endswith(("政府", "管委会", "办事处"))
    )
    return prefix if prefix and is_bureau else ""
