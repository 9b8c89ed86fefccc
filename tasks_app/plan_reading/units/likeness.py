"""How alike the names of two units are: certainly the same under usual abbreviations, or only similar."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tasks_app.choices import UnitKind
from tasks_app.language.comparing import likeness
from tasks_app.language.text import squash

from .shapes import KnownUnit, is_place, own_prefix

MOST_LIKELY = 3
# Below this, two names have no more in common than an ending.
LEAST_LIKENESS = 0.3
CERTAIN = 2.0

# One office, one row: the usual short name, and what else it is called. Only what is certain belongs here;
# 农业局 is not 农业农村局, 文体广旅局 not 文旅局, 疾控局 not 疾控中心.
ABBREVIATIONS: dict[str, str] = {
    "卫健委": "卫生健康委 卫生健康委员会 卫健委员会",
    "卫健局": "卫生健康局",
    "发改委": "发展改革委 发展改革委员会 发展和改革委 发展和改革委员会",
    "发改局": "发展改革局 发展和改革局",
    "人社局": "人力资源社会保障局 人力资源和社会保障局 人力社保局",
    "医保局": "医疗保障局",
    "市监局": "市场监管局 市场监督管理局",
    "药监局": "药品监管局 药品监督管理局",
    "工信局": "工业信息化局 工业和信息化局",
    "住建局": "住房城乡建设局 住房和城乡建设局",
    "文旅局": "文化旅游局 文化和旅游局",
    "文广旅局": "文化广电旅游局 文化广电和旅游局",
    "文体旅局": "文化体育旅游局 文化体育和旅游局 文体和旅游局",
    "教体局": "教育体育局 教育和体育局",
    "科技局": "科学技术局",
    "民宗局": "民族宗教局 民族宗教事务局 民族与宗教事务局",
    "资规局": "自然资源局 自然资源和规划局 自然资源规划局",
    "应急局": "应急管理局",
    "交通局": "交通运输局",
    "城管局": "城市管理局",
    "退役军人局": "退役军人事务局",
    "国资委": "国资监管委 国有资产监督管理委员会 国有资产监管委",
    "数据局": "数据管理局",
    "大数据局": "大数据管理局 大数据发展局 大数据发展管理局",
    "粮储局": "粮食和物资储备局 粮食物资储备局",
    "机关事务局": "机关事务管理局",
    "政务服务局": "政务服务管理局",
    "行政审批局": "行政审批服务局",
    "疾控局": "疾病预防控制局",
    "疾控中心": "疾病预防控制中心",
    "中医药局": "中医药管理局",
    "统战部": "委统战部 委统一战线工作部",
    "组织部": "委组织部",
    "宣传部": "委宣传部",
    "社会工作部": "社工部 委社工部 委社会工作部",
    "政法委": "政法委员会 委政法委 委政法委员会",
    "编办": "委编办 编委办 委编委办 机构编制委员会办公室 委机构编制委员会办公室",
    "网信办": "委网信办 互联网信息办公室 委网络安全和信息化委员会办公室",
    "纪委监委": "纪检监察委 纪律检查委员会监察委员会",
    "政府办": "政府办公室 人民政府办公室",
    "委办": "委办公室",
    "总工会": "工会",
    "妇联": "妇女联合会",
    "残联": "残疾人联合会",
    "工商联": "工商业联合会",
    "科协": "科学技术协会",
    "文联": "文学艺术界联合会",
    "侨联": "归国华侨联合会",
    "社科联": "社会科学界联合会",
    "红十字会": "红会",
    "金融监管局": "金融监督管理局",
    "消防支队": "消防救援支队",
    "检察院": "人民检察院",
    "中级法院": "中院 中级人民法院",
}
_SHORT = {squash(long): short for short, longs in ABBREVIATIONS.items() for long in longs.split()}

# Names that hold the place in their middle: (pattern, the office). Groups: place, level.
_PLACE = r"(?P<place>[\u4e00-\u9fff]{0,6}?)"
PLACE_WITHIN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"(?:共青团|团){_PLACE}(?P<level>[省市县区州])委(?:员会)?"), "团委"),
    (re.compile(rf"国家税务总局{_PLACE}(?P<level>[省市县区州])税务局"), "税务局"),
    (re.compile(rf"国家金融监督管理总局{_PLACE}(?P<level>)(?:金融)?监管分局"), "金融监管分局"),
    (re.compile(rf"{_PLACE}(?P<level>)金融监管分局"), "金融监管分局"),
)
GOVERNMENT = "政府"


@dataclass(frozen=True, slots=True)
class _Identity:
    """A name taken apart: 三明市卫生健康委 is place 三明, level 市, office 卫健委."""

    place: str
    level: str
    office: str


def same_unit(one: str, other: str, *, counties: Collection[str] = ()) -> bool:
    """Tell whether two names certainly mean the same unit: 市发改委 and 三明市发展和改革委员会.

    `counties` are names of places below the issuer: 永安市教育局 is not the issuer's 市教育局.
    """
    if squash(one) == squash(other):
        return True
    a, b = _identity(one), _identity(other)
    if a.office != b.office:
        return False
    if a.office == GOVERNMENT:
        # 永安市政府 is below 市政府, so that here the place must be said.
        return a == b
    if a.place and b.place:
        return (a.place, a.level) == (b.place, b.level)
    if {a.place + a.level, b.place + b.level} & {squash(name) for name in counties}:
        return False
    return a.level == b.level or (not (a.level and b.level) and {a.level, b.level} <= {"", *"市县区"})


def likely_units(name: str, units: Sequence[KnownUnit]) -> list[KnownUnit]:
    """Return the units that `name` may mean, at most three, best first: the certain, then the similar."""
    counties = [unit.name for unit in units if unit.kind == UnitKind.COUNTY]
    office = _identity(name).office
    if office == GOVERNMENT or own_prefix(squash(name)) == "市":
        # All places end alike, and 市卫健局 is none of the counties' bureaus.
        kind = UnitKind.COUNTY if office == GOVERNMENT else UnitKind.BUREAU
        units = [unit for unit in units if unit.kind == kind]
    scored = []
    for unit in units:
        names = [known for known in (unit.name, *unit.aliases, unit.short_name) if known]
        certain = any(same_unit(name, known, counties=counties) for known in names)
        scored.append((CERTAIN if certain else max(_similarity(name, known) for known in names), unit))
    # Of two as similar, a bureau of the city's own is meant rather than a county's.
    scored.sort(key=lambda pair: (-pair[0], pair[1].kind == UnitKind.COUNTY))
    least = CERTAIN if scored and scored[0][0] == CERTAIN else LEAST_LIKENESS
    return [unit for score, unit in scored if score >= least][:MOST_LIKELY]


def _similarity(name: str, known: str) -> float:
    one, other = _identity(name), _identity(known)
    if GOVERNMENT in (one.office, other.office):
        return likeness(one.place, other.place) if one.office == other.office else 0.0
    return max(likeness(name, known), likeness(one.office, other.office))


def _identity(name: str) -> _Identity:
    plain = squash(name)
    for pattern, office in PLACE_WITHIN:
        if found := pattern.fullmatch(plain):
            return _Identity(found["place"].removesuffix("市"), found["level"], office)
    if is_place(plain):
        return _Identity(plain[:-1], plain[-1], GOVERNMENT)
    prefix = own_prefix(plain)
    office = plain[len(prefix) :]
    if prefix and office in ("政府", "人民政府"):
        office = GOVERNMENT
    return _Identity(prefix[:-1] if prefix != "国家" else "", prefix[-1:], _SHORT.get(office, office))
