"""Quantities in plain text: a number, a range or 百分之…, with scale (万, 亿), unit and what bounds it (以上)."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .numerals import TO, whole_number

NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.[0-9]{1,6})?"
SCALES = {
    "万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8,
    "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 10**3, "百": 10**2,
}  # fmt: skip
# A unit is followed by what would make another word of it: 5名称, 3个方面, 10分钟 are no 5名, 3个, 10分.
# What would make another word of the unit: 10分钟, 5名单, 3个方面 are no 10分, 5名, 3个.
NOT_AFTER = {
    "个": "方面|环节|层面|维度|阶段|步骤|部分|时段|月|允许|一",
    "名": "录|称|额|单|牌|优",
    "分": "之|类|级|别|期|批|步|管|层|片|布|析|配|解|支|公|工|散|钟",
    "人": "口|民|工|才|均|力|员|社|大|身|群|文|物",
    "次": "序|日|月|年|要|生|中",
    "位": "于|置|列|数|阶",
    "条": "件|例",
    "天": "然|津|气",
    "度": "假|过",
    "台": "账|风",
    "张": "家|贴",
    "处": "理|置|方|罚|级|室",
    "家": "庭|长|具|电",
    "种": "植|子|业|粮",
    "支": "持|付|部|撑|出",
    "片": "区",
    "部": "门|分|署|委",
    "周": "岁|边|期|年",
    "口": "岸|径|腔|头",
    "对": "接|口|象|标|比|照|全",
    "场": "所|景|地|馆",
    "门": "诊|类|店|槛|户",
    "本": "级|地|市|省|县|土|科|年|部|行",
    "站": "点",
    "床": "位",
    "单": "位|元|项|独",
}


def word_set(*lines: str) -> frozenset[str]:
    """Return the words of a list that is written with spaces."""
    return frozenset(word for line in lines for word in line.split())


# Counted one by one: they add up over the year.
COUNTED = word_set(
    "人次 人份 户次 场次 件次 家次 例次 车次 班次 架次 床位 学位 车位 泊位 点位 站点 立方米 平方米 平方公里 公里",
    "千米 米 ㎡ 千克 公斤 斤 公顷 亩 吨 吨标准煤 千瓦时 千瓦 兆瓦 标准箱 课时 学时 元 美元 人 名 位 户 家 所 个 项",
    "件 条 台 套 张 辆 座 处 次 份 例 种 支 只 头 株 棵 间 栋 幢 盏 根 块 片 口 宗 起 笔 艘 架 枚",
    "册 本 篇 首 款 部 场 对 门 床 站 单",
)
# A level that is reached and does not add up.
LEVELS = word_set("个百分点 百分点 % ‰ 岁 分 倍 微克 毫克 度 名次 位次 μg/m³ μg/m3 µg/m³")
# Durations are mostly no targets (24小时服务, 15分钟医保圈): only with 缩短至, 控制在, 达到 and the like.
DURATIONS = word_set("个工作日 工作日 个小时 小时 分钟 秒 天 个月 周")
UNITS = COUNTED | LEVELS | DURATIONS


def _unit_pattern() -> str:
    longest_first = sorted(UNITS, key=lambda unit: (-len(unit), unit))
    forbidden = {unit: f"(?!{after})" for unit, after in NOT_AFTER.items()}
    return f"(?:{'|'.join(re.escape(unit) + forbidden.get(unit, '') for unit in longest_first)})"


UNIT = _unit_pattern()
SCALE = rf"(?:{'|'.join(SCALES)})(?![米克瓦帕])"
PER = r"(?:[/·]每?(?:[百千万亿]?(?:人次|[人户元])|[平立]方米|(?:平方)?公里|小时|学期|[年月天日次亩张床吨升件例周生]))"
BOUND = r"(?:(?:及其?)?以上|(?:及其?)?以下|以内|之内|内(?![蒙部科外涵容])|左右|上下)"
QUANTITY = re.compile(
    rf"""
    (?<![0-9A-Za-z.第×+*/〔—-])(?<![0-9][:：])
    (?:(?P<low>{NUMBER})(?P<low_scale>{SCALE})?(?:[%‰]|{UNIT})?{TO})?
    (?P<number>{NUMBER})(?![0-9A-Za-z:：×*])(?!\.[0-9])
    (?P<scale>{SCALE})?(?P<vague>[余多几来])?(?P<unit>{UNIT}{PER}{{0,2}})?(?P<bound>{BOUND})?
    |(?P<spoken>[百千]分之)
    (?P<said>[一二三四五六七八九十百零〇]{{1,6}}(?:点[一二三四五六七八九零〇]{{1,3}})?|{NUMBER})
    (?P<said_bound>{BOUND})?
    |(?<![第一二三四五六七八九十百千两])(?P<spelled>[一二三四五六七八九两]?十[一二三四五六七八九]?|[一二三四五六七八九两][百千][一二三四五六七八九十百零]*)
    (?P<spelled_unit>{UNIT})(?P<spelled_bound>{BOUND})?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit as it stands at text[start:end]; of a range `low` is the lower end."""

    start: int
    end: int
    value: Decimal
    low: Decimal | None
    unit: str
    bound: str
    is_vague: bool = False
    # In Chinese numerals, which also name things: 十项行动.
    is_spelled: bool = False

    @property
    def is_share(self) -> bool:
        return self.unit in ("%", "‰")

    @property
    def is_count(self) -> bool:
        """Whether the unit counts things one by one."""
        return self.unit.split("/")[0] in COUNTED

    @property
    def is_duration(self) -> bool:
        return self.unit in DURATIONS


def quantity_of(found: re.Match[str]) -> Quantity | None:
    """Return the quantity that QUANTITY found; None where the words make no number."""
    if found["spoken"]:
        value = _said(found["said"])
        unit = "%" if found["spoken"] == "百分之" else "‰"
        bound = found["said_bound"] or ""
        return Quantity(found.start(), found.end(), value, None, unit, bound) if value else None
    if found["spelled"]:
        value = _decimal(whole_number(found["spelled"]))
        bound = found["spelled_bound"] or ""
        unit = found["spelled_unit"]
        if not value:
            return None
        return Quantity(found.start(), found.end(), value, None, unit, bound, is_spelled=True)
    scale = found["scale"]
    value = _value(found["number"], scale)
    low = _value(found["low"], found["low_scale"] or scale) if found["low"] else None
    if low is not None and low >= value:
        return None
    bound = (found["bound"] or "").removeprefix("及其").removeprefix("及")
    return Quantity(
        found.start(), found.end(), value, low, found["unit"] or "", bound, is_vague=bool(found["vague"])
    )


def _value(number: str, scale: str | None) -> Decimal:
    return tidy(Decimal(number.replace(",", "")) * SCALES.get(scale or "", 1))


def _said(text: str) -> Decimal | None:
    whole, _, fraction = text.partition("点")
    if not fraction:
        return Decimal(text) if text[0].isascii() else _decimal(whole_number(text))
    numbers = whole_number(whole), [whole_number(char) for char in fraction]
    return None if numbers[0] is None else Decimal(f"{numbers[0]}.{''.join(str(n) for n in numbers[1])}")


def _decimal(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def tidy(value: Decimal) -> Decimal:
    """Return `value` without zeros behind the point and without an exponent: 33000, not 33000.0 or 3.3E+4."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
