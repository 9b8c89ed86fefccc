"""Reads one quantity of a measure as a target, by the words that govern it."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from tasks_app.choices import Comparator, IndicatorKind
from tasks_app.language.quantities import Quantity

from . import target_words as words
from .indicator_names import clause_name, joined, name_after, name_before

NEAR = 24
YEARS = range(1949, 2100)
BELOW = ("以下", "以内", "之内", "内")


@dataclass(frozen=True, slots=True)
class PlacedQuantity:
    """A quantity and where its sentence, clause (，) and piece (、) begin."""

    text: str
    quantity: Quantity
    sentence: int
    clause: int
    piece: int
    clause_before: int

    @property
    def left(self) -> str:
        return self.text[self.piece : self.quantity.start]

    @property
    def is_end(self) -> bool:
        """Whether nothing that belongs to the number follows it."""
        return bool(self.follows(words.ENDS))

    def follows(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.match(self.text, self.quantity.end)


@dataclass(frozen=True, slots=True)
class Target:
    """A target read from text[start:end]; `verb` is the one that brings it about."""

    name: str
    kind: IndicatorKind
    comparator: Comparator
    value: Decimal
    unit: str
    start: int
    end: int
    verb: str = ""
    # The names that wait for their numbers: A、B分别达到97%、100%.
    waiting: tuple[str, ...] = ()


def read_target(place: PlacedQuantity, previous: Target | None) -> Target | None:
    """Return the target that a quantity is, None if it is none; `previous` is the target before it."""
    quantity = place.quantity
    if quantity.is_vague or place.follows(words.MOVES_ON):
        return None
    if share := _share_of_all(place):
        return share
    if place.text.startswith("的", quantity.end):
        return None
    target = _governed(place, previous) or _rate(place, previous) or _brought_about(place, previous)
    if target is None and previous:
        target = _listed(place, previous)
    if target and (alternative := words.ALTERNATIVE.match(place.text, target.end)):
        target = replace(target, end=alternative.end())
    return target


def _target(
    place: PlacedQuantity, name: str, start: int, *, is_ceiling: bool = False, is_change: bool = False
) -> Target:
    """Return the target with the kind, the side and the value that its words and its unit give."""
    quantity = place.quantity
    is_ceiling = is_ceiling or quantity.bound in BELOW
    value = quantity.low if quantity.low is not None and not is_ceiling else quantity.value
    is_about = quantity.bound in ("左右", "上下") or place.text[start : quantity.start].endswith(("约", "近"))
    comparator = Comparator.AT_MOST if is_ceiling else Comparator.AT_LEAST
    if is_about:
        comparator = Comparator.ABOUT
    if is_ceiling:
        kind = IndicatorKind.CEILING
    elif is_change:
        kind = IndicatorKind.INCREMENT
    elif quantity.is_count and "/" not in quantity.unit and not words.LEVEL.search(name):
        kind = IndicatorKind.CUMULATIVE
    else:
        kind = IndicatorKind.RATE
    return Target(name, kind, comparator, value, quantity.unit, start, quantity.end)


def _named(place: PlacedQuantity, left: str, previous: Target | None) -> str:
    """Return the name in the words before a target, or else in those after it, or in the clause before."""
    name = name_before(left)
    if not name and previous and previous.end + 1 == place.piece:
        # 占比达到65%，同比提高1个百分点
        return previous.name
    if not name and not place.is_end:
        name = name_after(place.text, place.quantity.end)
    return name or clause_name(place.text[place.clause_before : max(place.clause_before, place.clause - 1)])


def _share_of_all(place: PlacedQuantity) -> Target | None:
    """Read 80%以上的乡镇卫生院达到基本标准 and 二级以上医院100%实现互认."""
    quantity = place.quantity
    if not quantity.is_share:
        return None
    is_governed = words.GOVERNS.search(place.left[-NEAR:])
    is_whole = quantity.value == 100 and not is_governed and place.follows(words.WHOLLY)
    if not is_whole and not place.follows(words.PREDICATE):
        return None
    before = name_before(place.left)
    if before and not is_whole and not words.LEADS_TO_SHARE.search(place.left):
        return None
    return _target(place, joined(before, name_after(place.text, quantity.end)), quantity.start)


def _governed(place: PlacedQuantity, previous: Target | None) -> Target | None:
    """Read a number that a word of target stands right before: 达300台, 控制在3%以内, 提高5元, ≥79.2."""
    quantity = place.quantity
    left = place.left
    near = left[-NEAR:]
    found = words.GOVERNS.search(near)
    if found is None or not _may_be_governed(place, found):
        return None
    before = left[: len(left) - len(near) + found.start()]
    start = place.piece + len(before)
    changed = words.CHANGE_BEFORE.search(before)
    word = found["change"] or (changed[0] if changed else "")
    if changed:
        before, start = before[: changed.start()], start - len(changed[0])
    name = _named(place, before, previous)
    is_named_after = bool(found["goal"] or found["share_goal"] or quantity.is_count)
    if is_named_after and not place.is_end and not changed and not found["change"]:
        name = joined(name_before(before), name_after(place.text, quantity.end)) or name
    if words.FALL_WORD.match(word):
        name = joined(name, word)
    is_ceiling = bool(found["ceiling"] or found["lower"])
    target = _target(place, name, start, is_ceiling=is_ceiling, is_change=bool(word))
    if not before.endswith("分别"):
        return target
    first, *others = words.MEMBERS.split(place.text[place.clause : start].removesuffix("分别"))
    return replace(target, name=name_before(first), waiting=tuple(name_before(other) for other in others))


def _may_be_governed(place: PlacedQuantity, found: re.Match[str]) -> bool:
    quantity = place.quantity
    if not quantity.unit:
        # 达到2024年, 提升1…: a bare number only where a level is compared, and no year.
        is_compared = not (found["change"] or found["goal"] or found["share_goal"])
        is_year = quantity.value in YEARS
        return is_compared and (place.is_end or bool(quantity.bound)) and not is_year
    # 提高60岁以上老年人待遇, 保持24小时值班, 超过60天仍未办结: they say who, how and when.
    describes = quantity.bound and quantity.unit not in words.SMALL_UNITS and not quantity.is_share
    if describes or quantity.is_duration or quantity.unit == "岁" or found["lower"] or found["higher"]:
        is_target = place.is_end and not (found["goal"] and quantity.is_duration)
        return is_target and not found["share_goal"]
    if found["share_goal"]:
        return quantity.is_share
    return not (quantity.is_count and words.OFTEN.search(place.text, place.clause, quantity.start))


def _rate(place: PlacedQuantity, previous: Target | None) -> Target | None:
    """Read a number that ends a rate or a measured level: 支出占比47.5%以上, 每千人口床位6.8张."""
    quantity = place.quantity
    if not place.is_end or not quantity.unit:
        return None
    left = place.left
    is_target = False
    if quantity.is_share:
        # 使用率达到62%以上、管理率65%: the word of target before the first goes for the second.
        is_next = previous and previous.end + 1 == place.piece and previous.kind == IndicatorKind.RATE
        has_target = bool(quantity.bound or is_next) or quantity.value == 100
        is_target = has_target and bool(words.RATE.search(left))
    elif not quantity.is_duration:
        is_measured = bool(quantity.bound and words.MEASURED.search(left))
        is_target = is_measured or bool(words.PER_HEAD.search(left))
    return _target(place, name_before(left), quantity.start) if is_target else None


def _brought_about(place: PlacedQuantity, previous: Target | None) -> Target | None:
    """Read a count that a verb brings about: 培训救护员3.3万人, 打造15个场景."""
    quantity, left = place.quantity, place.left
    if quantity.is_share and words.COMPLETE_SHARE.search(left):
        return _target(place, name_before(left.removesuffix("的")), quantity.start)
    if not quantity.is_count or not left:
        return None
    acts = list(words.ACT.finditer(left))
    if not acts or (previous and previous.end > place.piece + acts[-1].start()):
        return None
    act = acts[-1]
    between = left[act.end() :]
    if not _is_object(place, act[0], between):
        return None
    return replace(
        _target(place, _name_of_act(place, act[0]), place.piece + act.start()), verb=_last_verb(act[0])
    )


def _is_object(place: PlacedQuantity, act: str, between: str) -> bool:
    """Tell whether the number counts what the verb brings about, not something that describes it."""
    quantity = place.quantity
    is_weak = _last_verb(act) not in words.STRONG
    if is_weak and ((between and not place.is_end) or quantity.is_spelled):
        return False
    if quantity.bound and not place.is_end and quantity.unit not in words.SMALL_UNITS:
        return False
    if words.JUST_BEFORE.search(between) or words.DESCRIBES_SIZE.search(between):
        return False
    return not words.OFTEN.search(place.text, place.clause, quantity.start)


def _name_of_act(place: PlacedQuantity, act: str) -> str:
    after = "" if place.is_end else name_after(place.text, place.quantity.end)
    name = joined(name_before(place.left), after)
    if name != act:
        return name
    subject = clause_name(place.text[place.clause_before : max(place.clause_before, place.clause - 1)])
    return f"{subject}：{act}" if subject else act


def _last_verb(act: str) -> str:
    found = words.LAST_VERB.search(act)
    return found["verb"] if found else act


def _listed(place: PlacedQuantity, previous: Target) -> Target | None:
    """Read the next member of a list whose verb or names stand before its first: 新建幼儿园5所、小学3所."""
    quantity, left = place.quantity, place.left
    if previous.waiting and not left and previous.end + 1 >= place.piece:
        name, *waiting = previous.waiting
        return replace(
            previous, name=name, value=quantity.value, unit=quantity.unit, start=quantity.start, end=quantity.end,
            waiting=tuple(waiting),
        )  # fmt: skip
    if not previous.verb or not quantity.is_count or place.piece < previous.end:
        return None
    gap = place.text[previous.end : place.piece]
    if (
        not words.LIST_GAP.fullmatch(gap)
        or words.DESCRIBES_SIZE.search(left)
        or not words.LIST_NOUN.fullmatch(left)
    ):
        return None
    after = "" if place.is_end else name_after(place.text, quantity.end)
    if bool(left) == bool(after):
        return None
    name = joined(name_before(left), after)
    # After a ， another verb may stand: 检查200家次，立案查处50起.
    if gap.endswith(("、", "和", "及", "与")):
        name = joined(previous.verb, name)
    start = place.piece if left else quantity.start
    return replace(_target(place, name, start), verb=previous.verb)
