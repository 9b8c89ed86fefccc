"""The one grammar of duties: cuts a cell into clauses (X牵头，会同Y、Z负责) and gives its names their roles."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from tasks_app.choices import AssignmentRole
from tasks_app.language.text import squash

from .shapes import COUNTIES_WORD, is_all_counties, is_collective, looks_like_unit

OPENING, CLOSING = "（(【[〔<〈", "）)】]〕>〉"
# What masked text shows where brackets and 各县（市、区） stand: the rules for separators do not look into them.
IN_BRACKETS, COUNTIES = "\ufffc", "\ue000"
STRONG_SEPARATORS = "，,；;。"
LEAD, SUPPORT = AssignmentRole.LEAD, AssignmentRole.SUPPORT
STARS = "★☆▲*※"
# X会同Y: who stands before it leads, who stands behind it supports.
WITH = "会同"


class Duty(IntEnum):
    """What a clause says of its units, the weakest first: where nobody is said to lead, the strongest does.

    SHARE is 按职责分工负责, which makes nobody the lead; STEER is 统筹, BEAR 负责 and 指导, DO 落实.
    """

    NONE, SUPPORT, SHARE, DO, BEAR, STEER, LEAD = range(7)


@dataclass(frozen=True, slots=True)
class Clause:
    """Units under one label, up to one word of duty. `role` is what the label says."""

    text: str
    role: AssignmentRole | None
    duty: Duty = Duty.NONE


@dataclass(slots=True)
class Clauses:
    """A cell in clauses; `first_leads`: it says 列第一位的为牵头单位. `persons` and `times` name no units."""

    clauses: list[Clause] = field(default_factory=list)
    first_leads: bool = False
    stars_lead: bool = False
    persons: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)


# --- the words of duty: before their units as a label, behind them as a verb, beside them in brackets ---------

LEADING = "牵头|主办|主责|主抓|抓总|负总责|总负责"
SUPPORTING = "配合|协办|协作|协同|协助|参与|参加|支持|会办|联合"
BEARING = "责任|承办|主体|负责|指导|督导|落实|实施|完成"
OFFICE = r"(?:责任|实施|参与|配合|负责)?(?:单位|部门|机构|科室|处室|主体)(?:[（(]部门[)）])?"
_LEVEL = r"(?:第[一二三123]|主要|具体|总|市级|市直|县级|省级|区级)*"
KIND = rf"{_LEVEL}(?:{LEADING}|统筹|{SUPPORTING}|{BEARING})"
_EDGE = rf"[\s，,；;、。.：:/{IN_BRACKETS}]"
_HEAD = rf"(?:^|(?<={_EDGE}))"
LABEL = re.compile(
    rf"(?:{KIND})(?:{OFFICE})?(?:为|是|有|包括)?\s*[:：]|[【\[]\s*{KIND}(?:{OFFICE})?\s*[】\]]\s*[:：]?"
)
# 责任单位市卫健委, or the label in a line of its own: one only where units follow.
BARE_LABEL = re.compile(rf"{_HEAD}{KIND}{OFFICE}(?:为|是|有|包括)?\s*(?=[\u4e00-\u9fff{COUNTIES}])")
# （牵头）市医保局 at the head of a line; behind a name the bracket belongs to that name.
ROLE_AHEAD = re.compile(
    rf"(?:^|(?<=[\n、，,；;。\s]))[（(]\s*(?P<role>{LEADING}|{SUPPORTING})(?:{OFFICE})?\s*[）)](?=\s*[\u4e00-\u9fff])"
)
PADDED_LABEL = re.compile(r"(?:[\u4e00-\u9fff][ \u3000]){2,12}[\u4e00-\u9fff](?=[ \u3000]?[:：])")
_PERSON = (
    r"(?:第一|直接|主要|具体|分管|包[抓保联]|挂[钩点]|责任|牵头|配合|市|县|区|部门|单位|科室|工作){0,3}"
    r"(?:领导|责任人|负责人|联系人|联络人|联络员|经办人|(?:联系)?电话|联系方式)(?:员|姓名)?"
)
PERSONS = re.compile(rf"{_PERSON}\s*[:：]|{_HEAD}(?:{_PERSON}(?=\s)|责任人(?=[\u4e00-\u9fff]))\s*")
_TIME = (
    r"(?:完成|办结|办理|落实|推进|整改|实施|工作|任务|计划|预计|拟|目标|截止|要求){0,3}"
    r"(?:时限|期限|时间|节点|日期|时序|进度(?=安排|要求))(?:要求|安排|节点)?"
)
TIMES = re.compile(rf"{_TIME}(?:为|是)?\s*[:：]|{_HEAD}{_TIME}(?=\s)\s*")

_NOTE_ENDS = r"(?:[，,、]?\s*下同)?[。.]?\s*[)）】]?"
FIRST_LEADS = re.compile(
    r"[（(【]?[，,；;。、]?\s*(?:注\s*[:：])?\s*(?:以上|以下)?(?:各项)?(?:任务|责任)?(?:单位|部门)?中?"
    r"(?:排名|排序|排|列|位列|位)?(?:在|于|为)?(?:最前|首位|首个|第一位?|第一个|第1位?)(?:的|者)?(?:责任)?(?:单位|部门)?"
    rf"(?:均|即)?(?:为|是|系)(?:总)?牵头(?:责任)?(?:单位|部门){_NOTE_ENDS}"
    rf"|[（(【]?[，,；;。、]?\s*(?:注\s*[:：])?牵头(?:单位|部门)(?:均)?(?:排|列)(?:名)?(?:在|于)?(?:首位|第一位?|最前){_NOTE_ENDS}"
)
STARS_LEAD = re.compile(
    rf"[（(【]?[，,；;。、]?\s*(?:注\s*[:：])?(?:带|标|加|有|注)?(?:有)?[“\"]?[{STARS}][”\"]?号?(?:的|者)?(?:单位|部门)?(?:为|是|系)牵头(?:单位|部门){_NOTE_ENDS}"
)

_ENDS = rf"(?={_EDGE}|$)"
# 指导各县（市、区）, 统筹市疾控中心: the verb stands between two units. 指导中心 is none.
_ENDS_OR_UNIT = rf"(?={_EDGE}|[{COUNTIES}市省县区州各]|$)"
_BY_DUTY = r"(?:根据|依据|按照|按|依)?(?:各自|本部门|部门)?(?:职责|职能)(?:分工|范围)?内?"
_SHARED = rf"(?:{_BY_DUTY}|分工|分别|共同|分头|具体|各自|联合)"
_HOW = rf"(?:{_SHARED}|为|是|作为|负责|做好|积极|密切|主动|予以|给予|协同|总)"
_WORK = r"(?:抓总|负总责|统筹|组织|协调|实施|落实|推进|负责|开展|做好|抓好?|[相有]关|工作|支持|办理|承[担办]|完成|到位)"
_OF_UNITS = r"(?:责任)?(?:单位|部门|主体)"
WORD = re.compile(
    rf"(?P<lead>{_HOW}{{0,4}}(?:牵头|主办|抓总|负总责|总负责)(?:{_OF_UNITS})?{_WORK}{{0,4}}"
    rf"|{_HOW}{{0,2}}(?:主责|主抓|主导|为主)(?:{_OF_UNITS})?{_WORK}{{0,3}}{_ENDS_OR_UNIT})"
    rf"|(?P<support>{_HOW}{{0,4}}(?:配合|协助|参与|参加|协办(?!公)|(?:为辅|会办|协同|协作|支持|联动)(?=(?:{_WORK}|配合|参与)*{_ENDS}))"
    rf"(?:{_OF_UNITS})?(?:配合|协助|参与|{_WORK}){{0,4}})"
    rf"|(?P<share>(?:{_SHARED}{{1,4}}{_WORK}{{1,4}}|{_BY_DUTY}|各负其责){_ENDS})"
    rf"|(?P<steer>统筹{_WORK}{{0,3}}{_ENDS_OR_UNIT})"
    rf"|(?P<bear>(?:[为是]|作为)(?:第一)?(?:责任|主体|承办)(?:单位|部门)?{_ENDS}"
    rf"|(?:直接|主要|全面|业务)?(?:负责|承办|(?:监督|业务)?指导|督导|督促){{1,3}}{_WORK}{{0,4}}{_ENDS_OR_UNIT})"
    rf"|(?P<do>(?:组织|推动|认真)?(?:抓好|抓|推进|推动)?(?:落实|实施|完成|推进|推动|办理|开展){_WORK}{{0,3}}{_ENDS}"
    rf"|(?:做好|抓好|提供|加强)[\u4e00-\u9fff]{{1,12}}?{_ENDS})"
)
_MARK = re.compile(rf"{_LEVEL}(?:(?P<lead>{LEADING})|(?P<support>{SUPPORTING}))(?:{OFFICE})?")
MARK_WORDS = re.compile(rf"(?:{KIND}|{_HOW}|{_WORK}|{OFFICE})+")


# A line break of a narrow cell, or of a page, within a word that gives a role.
_ROLE_WORDS = (
    "按职责分工",
    *(f"{kind}{office}" for kind in ("牵头", "配合", "责任") for office in ("单位", "部门")),
)
_FOLD = re.compile(
    "|".join(
        rf"(?<={word[:cut]})[ \t]*\n[ \t]*(?={word[cut:]})"
        for word in (*_ROLE_WORDS, "牵头", "配合", "参与", "负责", "协助", "单位", "部门")
        for cut in range(1, len(word))
    )
)


def unfolded(text: str) -> str:
    """Return a cell without the line breaks within its words of role: 牵头单|位 is one word, whatever is around it."""
    return _FOLD.sub("", text)


def bracketed(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each outermost pair of brackets; one left open reaches to the end."""
    depth = start = 0
    for place, character in enumerate(text):
        if character in OPENING:
            start = start if depth else place
            depth += 1
        elif character in CLOSING and depth:
            depth -= 1
            if not depth:
                yield start, place + 1
    if depth:
        yield start, len(text)


def masked(text: str) -> str:
    """Return `text` at the same length with 各县（市、区） and all brackets made opaque."""
    text = _without_counties(text)
    characters = list(text)
    for start, end in bracketed(text):
        characters[start:end] = IN_BRACKETS * (end - start)
    return "".join(characters)


def _without_counties(text: str) -> str:
    return COUNTIES_WORD.sub(lambda found: COUNTIES * len(found[0]), text)


def role_of(mark: str) -> AssignmentRole | None:
    """Return the role that a mark in brackets gives: 牵头单位, 负责牵头, 配合."""
    found = _MARK.match(mark) or WORD.match(mark)
    said = found.lastgroup if found else None
    return {"lead": LEAD, "support": SUPPORT}.get(said or "")


def split_clauses(text: str) -> Clauses:
    """Return the clauses of a cell; what it says of all its units is taken out of the text."""
    result = Clauses()
    text = re.sub(r"\s{3,}", lambda gap: "\n" if "\n" in gap[0] else "  ", text)
    text = PADDED_LABEL.sub(lambda label: re.sub(r"\s", "", label[0]), text)
    text, notes = _without(FIRST_LEADS, text)
    result.first_leads = bool(notes)
    text, notes = _without(STARS_LEAD, text)
    result.stars_lead = bool(notes)
    text = _unwrapped(ROLE_AHEAD.sub(r"；\g<role>：", text))
    for kind, label, body in _labelled(text):
        if kind is LABEL:
            result.clauses += _by_words(body, _role_of_label(label))
            continue
        said, rest = _until_units(body)
        if said:
            (result.persons if kind is PERSONS else result.times).append(
                said if kind is TIMES else label + said
            )
        result.clauses += _by_words(rest, None)
    return result


def _until_units(body: str) -> tuple[str, str]:
    """Return what a label of persons or time says, and the units that stand behind it without a label of theirs."""
    for cut in re.finditer(r"[；;。\n，,]|$", masked(body)):
        rest = re.split(r"[，,；;、。\n]", masked(body[cut.end() :]).strip())[0]
        if (cut[0] in "；;。\n" and body[: cut.start()].strip()) or _begins_with_units(rest):
            return body[: cut.start()].strip(" ，,；;。\n"), body[cut.start() :]
    return body.strip(" ，,；;。\n"), ""


def _begins_with_units(piece: str) -> bool:
    """Tell whether a masked piece of text is a name, or one with its word of duty."""
    name = squash(WORD.split(piece, maxsplit=1)[0].split(IN_BRACKETS)[0])
    return COUNTIES in name or bool(looks_like_unit(name) or is_all_counties(name) or is_collective(name))


def _role_of_label(label: str) -> AssignmentRole | None:
    """Return the role that a label gives; of 第一责任单位 and 第二责任单位 the first leads."""
    plain = re.sub(r"[【\[\s]|主要|[市县区省][级直]", "", label)
    if ranked := re.match(r"第([一1])?[二三23]?", plain):
        return LEAD if ranked[1] else SUPPORT
    return LEAD if plain.startswith("统筹") else role_of(plain) if _MARK.match(plain) else None


def _without(note: re.Pattern[str], text: str) -> tuple[str, list[str]]:
    notes = [found[0] for found in note.finditer(text)]

    def rest(found: re.Match[str]) -> str:
        # A note takes with it only the bracket that it opened itself, and leaves the label's colon.
        whole = found[0]
        opens, closes = whole[0] in OPENING, whole.rstrip()[-1] in CLOSING
        return whole.rstrip()[-1] if closes and not opens else ""

    return note.sub(rest, text), notes


def _unwrapped(text: str) -> str:
    """Open the brackets that hold clauses of their own: （责任单位：…）, （按职责分工负责）, those that stand alone."""
    for start, end in reversed(list(bracketed(_without_counties(text)))):
        if text[start] in "【[" and LABEL.match(text[start:end]):
            continue
        inner = text[start + 1 : end - 1 if text[end - 1] in CLOSING else end].strip()
        stands_alone = text[:start].rstrip()[-1:] in ("", *"、，,；;。：:")
        if re.fullmatch(r"\d{1,2}", inner):
            text = f"{text[:start]}；{text[end:]}"
        elif (word := WORD.fullmatch(inner)) and word.lastgroup in ("share", "bear", "do"):
            text = text[:start] + inner + text[end:]
        elif stands_alone or any(label.match(inner) for label in (LABEL, PERSONS, TIMES)):
            text = f"{text[:start]}；{inner}；{text[end:]}"
    return text


def _labelled(text: str) -> Iterator[tuple[re.Pattern[str], str, str]]:
    """Yield (kind of label, label, what stands below it); the label is empty for what comes first."""
    opaque = masked(text.replace("【", "\ue001").replace("】", "\ue002"))
    opaque = opaque.replace("\ue001", "【").replace("\ue002", "】")
    labels = [
        (found.start(), found.end(), kind)
        for kind in (PERSONS, TIMES, LABEL)
        for found in kind.finditer(opaque)
    ]
    for found in BARE_LABEL.finditer(opaque):
        if _begins_with_units(re.split(r"[\s，,；;、。]", opaque[found.end() :])[0]):
            labels.append((found.start(), found.end(), LABEL))
    kept: list[tuple[int, int, re.Pattern[str]]] = [(0, 0, LABEL)]
    for label in sorted(labels, key=lambda each: (each[0], -each[1])):
        if label[0] >= kept[-1][1]:
            kept.append(label)
    for (start, end, kind), until in zip(kept, [*(k[0] for k in kept[1:]), len(text)], strict=True):
        yield kind, text[start:end].strip(), text[end:until]


def _by_words(body: str, role: AssignmentRole | None) -> Iterator[Clause]:
    start = 0
    for found in WORD.finditer(masked(body)):
        yield Clause(body[start : found.start()], role, Duty[(found.lastgroup or "none").upper()])
        start = found.end()
    yield Clause(body[start:], role)


# --- the roles: by a mark, by a word of 牵头 or 配合, by a label, by who does most --------------------------------


@dataclass(slots=True)
class Found:
    """A name on its way: `separator` stands before it, `also` are the other names that it has in brackets."""

    written: str
    name: str
    separator: str
    role: AssignmentRole | None = None
    also: tuple[str, ...] = ()
    but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """Names with one duty, under one label."""

    names: Sequence[Found]
    duty: Duty
    label: AssignmentRole | None

    @property
    def leads(self) -> bool:
        return LEAD in (self.label, *(one.role for one in self.names))


def give_roles(clauses: Sequence[Clause], names: Sequence[Sequence[Found]]) -> None:
    """Give each name its role, where the cell says one; `names` are those of each clause."""
    groups = [group for clause, found in zip(clauses, names, strict=True) for group in _groups(clause, found)]
    most = _most(groups)
    has_led = False
    for group in groups:
        has_led = has_led or group.leads
        role = LEAD if group.duty and group.duty == most else SUPPORT if group.duty and most else None
        if group.duty is Duty.SUPPORT:
            role = SUPPORT
        is_word = group.duty in (Duty.LEAD, Duty.SUPPORT)
        # Without a lead before it, the word belongs to the last names only: X、Y，Z配合.
        last = len(group.names) if has_led and role is SUPPORT else _length_of_last(group.names)
        for distance, one in enumerate(reversed(group.names), start=1):
            said = role if distance <= last else None
            one.role = one.role or (said or group.label if is_word else group.label or said)
        has_led = has_led or role is LEAD


def _groups(clause: Clause, names: Sequence[Found]) -> Iterator[_Group]:
    """Of X会同Y负责 the first bears what the second supports; X会同Y牵头 lead together."""
    cut = next((place for place, one in enumerate(names) if one.separator == WITH), None)
    if cut is None or clause.duty in (Duty.LEAD, Duty.SUPPORT):
        yield _Group(names, clause.duty, clause.role)
        return
    yield _Group(names[:cut], max(clause.duty, Duty.BEAR) if cut else Duty.NONE, clause.role)
    yield _Group(names[cut:], Duty.SUPPORT, clause.role)


def _most(groups: Sequence[_Group]) -> Duty:
    """Return the duty that makes its units the lead; NONE where all have the same, or nobody more than 配合."""
    if any(group.leads or (group.duty is Duty.LEAD) for group in groups):
        return Duty.LEAD
    said = [group for group in groups if group.duty and group.names]
    # Each county bears its part; who steers them leads.
    bureaus = [g for g in said if g.duty >= Duty.DO and not all(is_all_counties(one.name) for one in g.names)]
    most = max((g.duty for g in bureaus or said if g.duty >= Duty.DO), default=Duty.NONE)
    return Duty.NONE if all(group.duty == most for group in said) else most


def _length_of_last(names: Sequence[Found]) -> int:
    """Return how many names stand behind the last comma."""
    for distance, one in enumerate(reversed(names), start=1):
        if one.separator in STRONG_SEPARATORS:
            return distance
    return len(names)
