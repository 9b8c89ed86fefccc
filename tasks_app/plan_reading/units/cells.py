"""Reads a cell of responsible units: the names as they should stand, and the role the cell gives each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from tasks_app.choices import AssignmentRole, UnitKind
from tasks_app.language.text import squash

from .clauses import (
    CLOSING,
    IN_BRACKETS,
    OPENING,
    STARS,
    STRONG_SEPARATORS,
    Clause,
    Clauses,
    Word,
    masked,
    role_of,
    split_clauses,
)
from .names import CITY_PREFIX, UnitIndex
from .pieces import Cutter, brackets_of, outside_brackets
from .shapes import (
    COUNTIES_WORD,
    OPEN_COLLECTIVE,
    is_all_counties,
    is_collective,
    is_nobody,
    is_place,
    looks_like_unit,
    needs_prefix,
    own_prefix,
    with_prefix,
)

LEAD, SUPPORT = AssignmentRole.LEAD, AssignmentRole.SUPPORT
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
    """What a cell says. `and_others`: it goes on with 等单位 or 相关部门. `doubts` are sentences."""

    mentions: tuple[Mention, ...]
    and_others: bool = False
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """A name on its way: `separator` stands before it."""

    written: str
    name: str
    separator: str
    role: AssignmentRole | None = None
    also: tuple[str, ...] = ()
    kind: MentionKind = MentionKind.UNIT
    but: tuple[str, ...] = ()


# A line break of a narrow cell, or of a page, within a word that gives a role.
ROLE_WORDS = ("牵头", "配合", "参与", "负责", "协助", "单位", "部门", "按职责分工")
FOLD_IN_A_WORD = re.compile(
    "|".join(
        rf"(?<={word[:cut]})[ \t]*\n[ \t]*(?={word[cut:]})"
        for word in ROLE_WORDS
        for cut in range(1, len(word))
    )
)


def read_unit_cell(
    text: str,
    index: UnitIndex,
    *,
    role: AssignmentRole | None = None,
    prefix: str = CITY_PREFIX,
) -> UnitCell:
    """Return the units that a cell names.

    `role` is what the column says; `prefix` goes before a name without 市 unless the cell has another.
    """
    if is_nobody(text):
        return UnitCell(())
    text = EXCEPT_AHEAD.sub(lambda found: f"{found[2]}（除{found[1]}外）", FOLD_IN_A_WORD.sub("", text))
    clauses = split_clauses(text)
    reader = Reader(Cutter(index), clauses.doubts)
    groups = [reader.names_of(clause) for clause in clauses.clauses]
    _give_roles(groups, clauses)
    found = [one for group in groups for one in group]
    reader.carry_prefixes(found, prefix)
    if reader.star and not clauses.stars_lead:
        reader.doubts.append(f"“{reader.star}”看作牵头单位的标记，请核对。")
    mentions = reader.once_each(found)
    if mentions and clauses.first_leads and not any(one.role == LEAD for one in mentions):
        for place, one in enumerate(mentions):
            one.role = one.role or (SUPPORT if place else LEAD)
    return UnitCell(
        tuple(
            Mention(
                _shown(one.name),
                one.written,
                one.role or role,
                one.kind,
                tuple(map(_shown, one.also)),
                one.but,
            )
            for one in mentions
        ),
        reader.cut.and_others,
        tuple(dict.fromkeys(reader.doubts)),
    )


def _shown(name: str) -> str:
    """Return a squashed name with the brackets of Chinese text."""
    return name.translate(str.maketrans("(),", "（），"))


def _give_roles(groups: list[list[_Found]], clauses: Clauses) -> None:
    """Give each name the role of its mark, its label or the word after it, in this order."""
    words = {clause.word for clause in clauses.clauses}
    has_lead = (
        Word.LEAD in words
        or any(clause.role == LEAD for clause in clauses.clauses)
        or any(one.role == LEAD for group in groups for one in group)
    )
    lead_so_far = False
    for clause, group in zip(clauses.clauses, groups, strict=True):
        lead_so_far = lead_so_far or clause.role == LEAD or any(one.role == LEAD for one in group)
        said: AssignmentRole | None = None
        if clause.word is Word.LEAD or (clause.word is Word.BEAR and not has_lead and Word.SUPPORT in words):
            said = LEAD
        elif clause.word is Word.SUPPORT or (clause.word in (Word.SHARE, Word.BEAR) and has_lead):
            said = SUPPORT
        # Without a lead before it, the word belongs to the last group only: X、Y，Z配合.
        last = len(group) if lead_so_far and said == SUPPORT else _length_of_last_group(group)
        for distance, one in enumerate(reversed(group), start=1):
            one.role = one.role or (said if distance <= last else None) or clause.role
        lead_so_far = lead_so_far or said == LEAD


def _length_of_last_group(group: Sequence[_Found]) -> int:
    for distance, one in enumerate(reversed(group), start=1):
        if one.separator in STRONG_SEPARATORS:
            return distance
    return len(group)


@dataclass(slots=True)
class Reader:
    """Reads the names of one cell."""

    cut: Cutter
    doubts: list[str] = field(default_factory=list)
    star: str = ""

    @property
    def index(self) -> UnitIndex:
        """The known units."""
        return self.cut.index

    # --- from text to names -------------------------------------------------------------------------------

    def names_of(self, clause: Clause) -> list[_Found]:
        """Return the names of a clause, shared endings given to each."""
        found = [
            one for piece, separator in self.cut.pieces(clause.text) for one in self._open(piece, separator)
        ]
        if found:
            found[0].separator = "；"
        found = [half for one in found for half in _halves(one)]
        self._share_endings(found)
        return found

    def _open(self, written: str, separator: str) -> list[_Found]:
        """Return the name, or the names, that a piece stands for with what it has in brackets."""
        name = written.strip("。.:： \n\t\u3000" + STARS)
        if not set(name) & set(OPENING):
            name = name.rstrip(CLOSING)
        role = None
        if star := re.match(rf"[{STARS}]", written) or re.search(rf"[{STARS}]$", written):
            self.star, role = star[0], LEAD
        one = _Found(written.strip(), squash(name), separator, role)
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
                return [_Found(one.written, squash(each), "、", one.role) for each in names]
            elif not names and is_collective(name):
                return [one]
            elif names and not EXCEPTION.match(inner):
                one.also += tuple(squash(each) for each in names)
            elif not OFFICE_WITHIN.fullmatch(squash(inner)):
                self.doubts.append(f"括号中的“{inner.strip()[:20]}”没有计入责任单位，请核对。")
        one.name = head
        return [one] if head else []

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

    def _share_endings(self, found: list[_Found]) -> None:
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

    def carry_prefixes(self, found: list[_Found], default: str) -> None:
        """Name the kind of each mention, and give 市 to every name that is short of it."""
        named = [prefix for one in found if (prefix := _passed_on(one.name))]
        plain = [prefix for prefix in named if len(prefix) == 1 or prefix == "国家"]
        current = next(iter(plain or named), default)
        counties = ""
        for one in found:
            goes_on = one.separator not in STRONG_SEPARATORS
            if counties and goes_on and needs_prefix(one.name):
                # 各县（市、区）卫健局、医保局
                one.name = counties + one.name
            if is_all_counties(one.name):
                one.kind = MentionKind.ALL_COUNTIES
                counties = _counties_passed_on(one.name)
                continue
            counties = ""
            own = _passed_on(one.name)
            if own and (not plain or own in plain):
                current = own
            self._complete(one, current, is_said=bool(plain) and goes_on)

    def _complete(self, one: _Found, prefix: str, *, is_said: bool) -> None:
        """Give a name its prefix. A known name has its own, unless one `is_said`: 省卫健委、医保局."""
        known = self.index.full_name(one.name)
        is_short = needs_prefix(one.name)
        if known and not (is_said and is_short and not prefix.endswith(own_prefix(known))):
            one.name = known
        elif is_collective(one.name):
            one.kind = MentionKind.COLLECTIVE
            self.cut.and_others |= bool(OPEN_COLLECTIVE.search(one.name))
        elif is_short:
            one.name = with_prefix(one.name, prefix)

    def once_each(self, found: list[_Found]) -> list[_Found]:
        """Return every unit once; the stronger role stays."""
        kept: dict[object, _Found] = {}
        for one in found:
            known = self.index.find(one.name) if one.kind is MentionKind.UNIT else []
            key = one.kind if one.kind is MentionKind.ALL_COUNTIES else known[0].pk if known else one.name
            first = kept.setdefault(key, one)
            if first is one:
                continue
            if one.kind is MentionKind.UNIT:
                self.doubts.append(f"“{_shown(one.name)}”写了两次，按一次计。")
            first.role = LEAD if LEAD in (first.role, one.role) else first.role or one.role
            first.also = tuple(dict.fromkeys((*first.also, *one.also)))
        return list(kept.values())


def _halves(one: _Found) -> list[_Found]:
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
