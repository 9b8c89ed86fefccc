"""Tells a limit from a name: 市卫健委、财政局，6月底前完成 are two units and a limit."""

import re

from tasks_app.language.numerals import Plain

from ..numbers.deadlines import times_in
from .clauses import COUNTIES, KIND, PERSONS, TIMES
from .shapes import COUNTIES_WORD, UNIT_ENDING

_EDGE = re.compile(r"[，,；;。、（(【〔）)】〕]")
# What goes with a date before it.
_LED_BY = re.compile(
    rf"(?:{TIMES.pattern}|于|在|至|到|截至|截止|确保|力争|争取|务必|务求|须|需|应|要|拟|计划|预计|原则上|最迟|不迟|不晚|并|且|和|及)+$"
)
# A word of duty behind a date is the units': 市卫健委6月底前牵头完成.
_DUTY = re.compile(r"牵头|主办|主责|抓总|配合|协助|协同|参与|参加|会同|联合|负责")
_ENDING = UNIT_ENDING.pattern.removesuffix("$")
_UNITS = re.compile(
    rf"[:：]|由|请|{KIND}(?:单位|部门)|{PERSONS.pattern}|各?{COUNTIES}"
    rf"|(?:市|省|州|盟|县|区|旗|国家|全市|各|团市委)[^\s]{{0,20}}?(?:{_ENDING}|{COUNTIES})"
)
_UNIT_AFTER_GAP = re.compile(rf"[\u4e00-\u9fff]{{1,20}}?(?:{_ENDING})(?=[，,；;。、）)\s]|$|{_DUTY.pattern})")
_EMPTY_BRACKETS = re.compile(r"[（(【]\s*[，,；;、。]*\s*[）)】]")


# What a name holds only where something was misread: a person may want it, one click for all names must not.
_NO_NAME = re.compile(
    r"[0-9:：]|(?<![高中初平])等|牵头|主办|主责|负总责|抓总|配合|协办(?!公)|协助|协同|参与|参加|支持|会同|联合(?!会|社)|统筹|指导|督导"
    r"|负责|落实|实施|完成|推进|坚持|开展|办理|承办"
)


def is_only_a_name(name: str) -> bool:
    """Tell whether a name holds no date, no verb of duty and no number."""
    plain = Plain.of(name).text
    return not _NO_NAME.search(plain) and not times_in(plain)


def take_times(text: str) -> tuple[str, list[str]]:
    """Return (`text` without its time limits, the limits as written)."""
    plain = Plain.of(text)
    shown = COUNTIES_WORD.sub(lambda found: COUNTIES * len(found[0]), plain.text)
    taken: list[str] = []
    rest, reached = "", 0
    for start, end in times_in(plain.text):
        if start < reached:
            continue
        first = max([reached, *(edge.end() for edge in _EDGE.finditer(shown, 0, start))])
        led_by = _LED_BY.search(shown, first, start)
        if led_by:
            start = led_by.start()
        until = _end_of_limit(plain, shown, end)
        taken.append(re.sub(r"\s*\n\s*", "", _without_label(plain.words(start, until))))
        rest += plain.original[_place(plain, reached) : _place(plain, start)]
        follows = shown[until : until + 1]
        rest += "；" if start > first and follows and not _DUTY.match(shown, until) else ""
        reached = until
    if not taken:
        return text, []
    return _EMPTY_BRACKETS.sub("", rest + plain.original[_place(plain, reached) :]), taken


def _end_of_limit(plain: Plain, shown: str, end: int) -> int:
    """Return where the words of a limit end: 6月底前|完成初稿, but not 6月底前|由市卫健委完成."""
    edge = _EDGE.search(shown, end)
    limit = edge.start() if edge else len(shown)
    for place in range(end, limit):
        is_gap = place > 0 and plain.places[place] - plain.places[place - 1] > 1
        if _UNITS.match(shown, place, limit) and (is_gap or place == end):
            return place
        if is_gap and _UNIT_AFTER_GAP.match(shown, place, limit):
            return place
    return end if _DUTY.search(shown, end, limit) else limit


def _place(plain: Plain, index: int) -> int:
    return plain.places[index] if index < len(plain.places) else len(plain.original)


def _without_label(words: str) -> str:
    return TIMES.sub("", words, count=1).strip(" ，,；;、。")
