"""Cuts a cell of units into clauses by its words of role: 牵头单位：…；配合单位：…, X牵头，Y、Z配合."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from tasks_app.choices import AssignmentRole

from .shapes import COUNTIES_WORD

OPENING, CLOSING = "（(【[〔<〈", "）)】]〕>〉"
# What masked text shows where brackets and 各县（市、区） stand: the rules for separators do not look into them.
IN_BRACKETS, COUNTIES = "\ufffc", "\ue000"
STRONG_SEPARATORS = "，,；;。"
STARS = "★☆▲*※"


class Word(Enum):
    """What a clause says of the units before it; SHARE is 按职责分工负责: support if another leads."""

    NONE, LEAD, SUPPORT, SHARE, BEAR = range(5)


@dataclass(frozen=True, slots=True)
class Clause:
    """Units under one label, up to one word of role. `role` is what the label says."""

    text: str
    role: AssignmentRole | None
    word: Word = Word.NONE


@dataclass(slots=True)
class Clauses:
    """A cell in clauses; `first_leads`: it says 列第一位的为牵头单位."""

    clauses: list[Clause] = field(default_factory=list)
    first_leads: bool = False
    stars_lead: bool = False
    doubts: list[str] = field(default_factory=list)


_OFFICE = r"(?:责任|实施|参与)?(?:单位|部门|机构|科室|处室)(?:[（(]部门[)）])?"
_LEADING = r"牵头|主办|总牵头|主责"
_SUPPORTING = r"配合|协办|协作|协同|协助|参与|参加|支持"
_BEARING = r"责任|落实|承办|实施|主体|负责|完成"
_KIND = rf"(?:第[一二三123]|主要|市级|市直|县级|省级|区级)*(?P<role>{_LEADING}|{_SUPPORTING}|{_BEARING})"
LABEL = re.compile(
    rf"{_KIND}(?:{_OFFICE})?\s*[:：]|[【\[]\s*{_KIND.replace('role', 'boxed')}(?:{_OFFICE})?\s*[】\]]\s*[:：]?"
    rf"|^\s*{_KIND.replace('role', 'bare')}{_OFFICE}[ \t\u3000]*\n",
    re.MULTILINE,
)
# （牵头）市医保局 at the head of a line; behind a name the bracket belongs to that name.
ROLE_AHEAD = re.compile(
    rf"(?:^|(?<=[\n、，,；;。\s]))[（(]\s*(?P<role>{_LEADING}|{_SUPPORTING})(?:{_OFFICE})?\s*[）)](?=\s*[\u4e00-\u9fff])"
)
PADDED_LABEL = re.compile(r"(?:[\u4e00-\u9fff][ \u3000]){2,12}[\u4e00-\u9fff](?=[ \u3000]?[:：])")
PERSONS = re.compile(
    r"(?:责任|牵头|分管|包抓|配合)(?:市)?(?:领导|人)\s*[:：]|(?:负责人|联系人|联系电话|责任人员)\s*[:：]"
)
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

_ENDS = rf"(?=[\s，,；;、。.{IN_BRACKETS}]|$)"
_BY_DUTY = r"(?:根据|依据|按照|按|依)?(?:各自|本部门|部门)?(?:职责|职能)(?:分工|范围)?内?"
_DUTY = rf"(?:{_BY_DUTY}|分工|分别|共同|分头|具体|各自|联合)"
_WORK = r"(?:抓总|组织|实施|落实|推进|负责|开展|做好(?:相关|有关)?(?:工作)?|支持|办理|承担|承办|抓好)"
WORD = re.compile(
    rf"(?P<lead>(?:为|是|作为|负责|共同|联合|分别|总){{0,4}}(?:牵头|主办)(?:单位|部门)?{_WORK}{{0,4}}|为主{_ENDS})"
    rf"|(?P<support>(?:为|作为|做好|积极|密切|{_DUTY}){{0,4}}(?:配合|协助|参与|协办|协同(?={_WORK}|配合|参与)|协同{_ENDS})"
    rf"(?:单位|部门)?(?:配合|协助|参与|{_WORK}){{0,4}})"
    rf"|(?P<share>(?:{_DUTY}{{1,4}}{_WORK}{{1,4}}|{_BY_DUTY}){_ENDS})"
    rf"|(?P<bear>(?:直接|主要)?(?:负责|落实|实施|组织实施){{1,4}}(?:推进)?{_ENDS})"
)
MARKED_ROLE = re.compile(rf"(?:(?P<lead>{_LEADING})|(?P<support>{_SUPPORTING}))(?:{_OFFICE})?")


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


def role_of(word: str) -> AssignmentRole | None:
    """Return the role that a label or a mark in brackets gives: 牵头单位, 主办, 配合."""
    found = MARKED_ROLE.match(word)
    if found is None:
        return None
    return AssignmentRole.LEAD if found["lead"] else AssignmentRole.SUPPORT


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
    for label, body in _labelled(text):
        if PERSONS.fullmatch(label):
            result.doubts.append(f"“{label}{body.strip(' ；;，,。')[:20]}”写的是人员，没有作为责任单位。")
        else:
            result.clauses += _by_words(body, _role_of_label(label))
    return result


def _role_of_label(label: str) -> AssignmentRole | None:
    """Return the role that a label gives; of 第一责任单位 and 第二责任单位 the first leads."""
    plain = re.sub(r"[【\[\s]|主要|[市县区省][级直]", "", label)
    if ranked := re.match(r"第([一1])?[二三23]?", plain):
        return AssignmentRole.LEAD if ranked[1] else AssignmentRole.SUPPORT
    return role_of(plain)


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
        elif (word := WORD.fullmatch(inner)) and word.lastgroup in ("share", "bear"):
            text = text[:start] + inner + text[end:]
        elif stands_alone or LABEL.match(inner):
            text = f"{text[:start]}；{inner}；{text[end:]}"
    return text


def _labelled(text: str) -> Iterator[tuple[str, str]]:
    """Yield (label, what stands below it); the label is empty for what comes first."""
    opaque = masked(text.replace("【", "\ue001").replace("】", "\ue002"))
    opaque = opaque.replace("\ue001", "【").replace("\ue002", "】")
    found = sorted([*LABEL.finditer(opaque), *PERSONS.finditer(opaque)], key=lambda f: f.start())
    ends = [*(f.start() for f in found), len(text)]
    yield "", text[: ends[0]]
    for label, end in zip(found, ends[1:], strict=True):
        yield text[label.start() : label.end()].strip(), text[label.end() : end]


def _by_words(body: str, role: AssignmentRole | None) -> Iterator[Clause]:
    start = 0
    for found in WORD.finditer(masked(body)):
        yield Clause(body[start : found.start()], role, Word[(found.lastgroup or "none").upper()])
        start = found.end()
    yield Clause(body[start:], role)
