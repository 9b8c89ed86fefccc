"""What a name of a unit looks like: its ending, its prefix, and the words that stand for many units."""

import re
from dataclasses import dataclass

from tasks_app.choices import UnitKind
from tasks_app.language.numerals import whole_number
from tasks_app.language.text import squash

LONGEST_NAME = 60
NOBODY = frozenset({"", "无", "暂无", "不涉及", "-", "--", "—", "——", "–", "/"})

# --- all counties ------------------------------------------------------------------------------------------

_LEVEL = "[县市区旗]"
_GAP = r"\s{0,3}"  # bounded, so that no cell of blanks keeps us waiting
_IN_BRACKETS = (
    rf"[（(<〈]{_GAP}(?:自治)?{_LEVEL}(?:{_GAP}[、,，/]?{_GAP}(?:自治)?{_LEVEL}){{0,4}}{_GAP}[)）>〉]?"
)
# 各市、县 stands for one thing only if no bureau follows: 各县、市教育局 are two.
_ENDS_THERE = (
    rf"(?={_GAP}(?:[（(<〈、,，/;；。)）\n]|$|各|等|按|及|和|与|(?:人民)?政府|党委"
    r"|负责|落实|具体|牵头|配合|参与))"
)
_PADDED = rf"(?={_GAP}(?:{_LEVEL}|[（(<〈、,，/;；。)）]|$))"
_GOVERNMENT = rf"{_GAP}(?:委|党委|级)?{_GAP}[、和,，]?{_GAP}(?:人民)?政府(?:{_GAP}[、和,，]?{_GAP}管委会)?"
# 11个县（市、区）: whether these are all, the table of units knows.
_NUMBER = r"(?:(?<![0-9０-９])[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})"
_COUNTED = rf"(?<!第){_NUMBER}(?:{_GAP}个(?={_GAP}{_LEVEL}(?![域级直属内块场]))|(?={_LEVEL}(?:{_GAP}[（(]|{_LEVEL})))"
# The word itself, wherever it stands in a cell; its separators separate nothing.
COUNTIES_WORD = re.compile(
    rf"(?:各|所有|全部|{_COUNTED}){_GAP}{_LEVEL}"
    rf"(?:{_LEVEL}|\s{{1,3}}{_LEVEL}{_PADDED}|{_GAP}[、,，/和]{_GAP}{_LEVEL}{_ENDS_THERE}){{0,4}}"
    rf"(?:{_GAP}{_IN_BRACKETS}(?:{_GAP}[、,，/和]?{_GAP}(?:[县区旗](?![直级属域内])|{_LEVEL}{_ENDS_THERE})){{0,2}})?"
    rf"(?:{_GOVERNMENT})?"
)
# 各县（市、区）卫健局 is each county's bureau, so it is all counties again. 各市 alone are a province's cities.
ALL_COUNTIES = re.compile(
    r"(?:(?:[全我本]|[\u4e00-\u9fff]{2,3})[市州]|辖区内?|下辖|所辖)*"
    rf"(?:(?!各市(?![县区旗、,/(<])){COUNTIES_WORD.pattern}|(?:{_LEVEL}{_IN_BRACKETS}|县市区|县区|区县)(?:{_GOVERNMENT})?)"
    r"(?:党委|(?![和与及、直级属域市县区])[\u4e00-\u9fff]{1,12}(?:局|委|办|部|中心|管委会|委员会|办公室|领导小组))?"
)
_COUNT = re.compile(rf"({_NUMBER})个?{_LEVEL}")

# --- names that are no list of units -----------------------------------------------------------------------

_MANY = (
    r"单位|部门|机构|处室|科室|机关|企业|企事业单位|方面|地区|地方"
    r"|乡镇|镇街|街道|村|社区|医院|学校|高校|县\(市、区\)"
)
COLLECTIVE = re.compile(
    r"各(?![县市区旗])[^和与及]{1,20}|各区域.+|各级党委[和、,]?政府|各市(?:人民政府|政府)?"
    rf"|各[县市区旗].{{0,16}}(?:{_MANY}|卫生院|医共体|站|所)"
    rf"|.*(?:有关|相关|其他|其它|成员|所属|下属|直属|各级)(?:各|有关|相关|职能|责任|成员|市直|县直|区直|医疗卫生|医疗)*"
    rf"(?:{_MANY})+"
    r"|(?:有关|相关|部分|试点|示范|其他|其余)各?(?:县|县区|区县|市县|县市区|县\([市区、/]+\))(?:人民政府|政府)?"
    r"|全[市县区州省].{0,12}(?:各.{0,8}|有关|相关)(?:单位|部门|机构|专班|工作组)"
    rf"|(?:市|县|区|省|州)(?:直|级|属)(?:各|有关|相关|机关|医疗卫生|医疗|公立)*(?:{_MANY})+"
    r"|(?:全市|辖区|县域|基层|公立|各级)*(?:医疗卫生机构|医疗机构|公立医院|医院|卫生院|医共体|总医院)"
    r"|乡镇(?:\(街道\)|街道)?(?:人民政府|政府)?|镇街|镇\(街道\)|乡\(镇、?街道\)|村\(社区\)|村\(居\)|街道办事处|[镇乡](?:人民)?政府"
)

# --- the shape of one name ---------------------------------------------------------------------------------

NOT_A_PLACE = re.compile(r"(?:[城都上市]市|[社园景小老灾库地辖片]区|保护区|名胜区|自贸区|城镇|城乡|联盟)$")
_PLACE_AHEAD = re.compile(
    r"(?:[\u4e00-\u9fff]{2,6}?|[\u4e00-\u9fff](?=县))(?:省|市|县|区|州|盟|旗)(?!域|场|块|级|属)"
)
PLACE = re.compile(r"[\u4e00-\u9fff]{1,8}(?:市|县|区|旗|镇|乡|街道)")
# 市场监管局 begins with 市 but names no city.
_LEVEL_AHEAD = re.compile(
    r"国家(?!级)|省(?![属级会立内])|市(?!场|容|级|属|内|区|监局|政[园工管设公处])|县(?![域级属])|区(?![域块级属内])|州|盟|旗"
)
UNIT_ENDING = re.compile(
    r"(?:局|委|办|部|厅|署|院|校|站|所|队|馆|台|联|行|供销社|合作社|报社|总社|科协|政协|人大|(?<!社)会|中心|政府|公司|集团|大学|党组|海关"
    r"|办公室|研究室|办事处|领导小组|专班|指挥部|开发区|高新区|经开区|新区|新城)$"
)
# What a fold leaves of a longer name; none of these names anybody.
FRAGMENT = re.compile(
    r"(?:人民|民)?政府|(?:管理|管|工作|常务)?委员会|员会|委会|管委会|常委会|工委|办公室|公室|办事处|事处|联合会|合会"
    r"|(?:管理|服务)?中心|(?:监督)?管理局|监管局|保障局|事务局|资源局|分局|总局|支队|总队|党组|党委|领导小组"
    r"|医院|学院|大学|学校|公司|集团|银行|[\u4e00-\u9fff]"
)
SHORT_UNITS = re.compile(
    "[省市县区州]委|团委|纪委|监委|编办|台办|外办|农办|妇联|残联|科协|文联|侨联|社联|工会|红会|法院|政协|人大|人行|党校|政府办"
)
PARTY_ORGAN = re.compile(
    r"组织部|宣传部|统战部|社会工作部|社工部|政法委|编办|网信办|老干部局|政研室|改革办|台办|农办|巡察办|党校|文明办"
)
STANDS_BY_ITSELF = re.compile(
    r"国家|中央|全国|全省|全市|中国|中共|人民银行|人行|国网|驻|武警|省|市[属级区内]|市监局|[县区][级属]|团[省市县区州]委|共青团|各|本|其"
)
TAKES_NO_PREFIX = re.compile(
    r"(?:总站|分局|分行|支行|银行|公司|集团|大学|学院|海关|管委会|管理委员会|街道|办事处|[镇乡](?:人民)?政府|开发区|新区|高新区|经开区|新城)$"
)


def looks_like_unit(name: str) -> bool:
    """Tell whether a squashed name has the shape of a unit's: 教育局, 市妇联, 鹿城区; not 员会, not 社会."""
    if len(name) > LONGEST_NAME or FRAGMENT.fullmatch(name):
        return False
    if is_place(name):
        return True
    return bool(UNIT_ENDING.search(name)) and (len(name) > 2 or bool(SHORT_UNITS.fullmatch(name)))


def is_place(name: str) -> bool:
    """Tell whether a name is a place and nothing more: 鹿城区, 德清县, 列东街道; not 市城市."""
    return bool(PLACE.fullmatch(name) and not NOT_A_PLACE.search(name) and not _LEVEL_AHEAD.match(name))


def own_prefix(name: str) -> str:
    """Return what a name begins with and may pass on: 市, 省, 国家, 三明市; empty for 教育局, 市场监管局."""
    if found := _LEVEL_AHEAD.match(name):
        return found[0]
    found = _PLACE_AHEAD.match(name)
    return found[0] if found and not NOT_A_PLACE.search(found[0]) else ""


def needs_prefix(name: str) -> bool:
    """Tell whether a name is short of its 市: 教育局 is, 金融监管分局, 鹿城区政府 and 国家税务局 are not."""
    if not looks_like_unit(name) or TAKES_NO_PREFIX.search(name) or is_place(name):
        return False
    if name.endswith("部") and not PARTY_ORGAN.fullmatch(name) and not name.endswith("武装部"):
        return False
    return not STANDS_BY_ITSELF.match(name) and not own_prefix(name)


def with_prefix(name: str, prefix: str) -> str:
    """Return `name` below `prefix`: 市 + 教育局, 市委 + 组织部; 厅 are the province's."""
    if not prefix or (name.endswith("厅") and not prefix.endswith("省")):
        return name
    return f"{prefix}委{name}" if PARTY_ORGAN.fullmatch(name) else prefix + name


def is_all_counties(name: str) -> bool:
    """Tell whether a name means every county: 各县（市、区） in any of its spellings."""
    plain = squash(name)
    return len(plain) <= LONGEST_NAME and bool(ALL_COUNTIES.fullmatch(plain))


def count_of_counties(name: str) -> int | None:
    """Return how many counties a name speaks of: 11 for 11个县（市、区）, None for 各县（市、区）."""
    found = _COUNT.search(squash(name))
    return whole_number(found[1]) if found else None


def is_collective(name: str) -> bool:
    """Tell whether a name means units without naming them: 各乡镇, 市直有关单位, 相关部门."""
    plain = squash(name)
    return len(plain) <= LONGEST_NAME and bool(COLLECTIVE.fullmatch(plain))


def is_nobody(text: str) -> bool:
    """Tell whether a text says that there is no unit: empty, 无, ——."""
    return squash(text).rstrip("。.") in NOBODY


def unit_kind_of(name: str) -> UnitKind:
    """Guess the kind of a new unit: a county for 鹿城区, 德清县人民政府 and 高新区管委会, else a bureau."""
    plain = squash(name)
    if re.fullmatch(r".*区(?:管委会|管理委员会)", plain):
        return UnitKind.COUNTY
    place = re.sub(r"(?:人民)?政府$", "", plain)
    is_county = place.endswith(("县", "市", "区", "旗")) and is_place(place)
    return UnitKind.COUNTY if is_county else UnitKind.BUREAU


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit that can be given tasks."""

    pk: int
    name: str
    short_name: str
    kind: str
    aliases: tuple[str, ...]
    is_active: bool = True
