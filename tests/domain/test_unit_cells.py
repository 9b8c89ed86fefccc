"""How a cell of responsible units reads: every way of writing it, with all units known and with none."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_app.choices import AssignmentRole
from tasks_app.documents.reading import read_document
from tasks_app.domain.plan_import.rules.unit_cells import (
    Mention,
    MentionKind,
    UnitCell,
    read_unit_cell,
    split_inline_units,
)
from tasks_app.domain.plan_import.rules.unit_names import KnownUnit, UnitIndex
from tests.cast import FIXTURES, REAL_TABLE

pytestmark = pytest.mark.once

LEAD, SUPPORT = AssignmentRole.LEAD, AssignmentRole.SUPPORT
MARKS = {LEAD: "=牵头", SUPPORT: "=配合", None: ""}


def known_units() -> UnitIndex:
    with (FIXTURES / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return UnitIndex(
        KnownUnit(pk, r["name"], r["short_name"], r["kind"], tuple(filter(None, r["aliases"].split("|"))))
        for pk, r in enumerate(rows, start=1)
    )


KNOWN, NONE = known_units(), UnitIndex([])


def plain(cell: UnitCell) -> str:
    """A cell in short: names with their roles, ~ before a collective and # before all counties."""
    kinds = {MentionKind.UNIT: "", MentionKind.COLLECTIVE: "~", MentionKind.ALL_COUNTIES: "#"}
    return " ".join(f"{kinds[m.kind]}{m.name}{MARKS[m.role]}" for m in cell.mentions)


def both(text: str, **options) -> UnitCell:
    """The cell, which must read the same with all units known and with none."""
    cell = read_unit_cell(text, NONE, **options)
    assert read_unit_cell(text, KNOWN, **options) == cell
    return cell


# --- 市 carries over --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("市卫健委、教育局、民政局", "市卫健委 市教育局 市民政局"),
        ("市卫健委、市财政局、医保局，各县（市、区）", "市卫健委 市财政局 市医保局 #各县（市、区）"),
        ("市卫健委、市委编办，财政局、人社局", "市卫健委 市委编办 市财政局 市人社局"),
        ("市委组织部，市直机关工委，市卫健委", "市委组织部 市直机关工委 市卫健委"),
        ("市市场监管局、医保局", "市市场监管局 市医保局"),
        ("市卫健委、市场监管局", "市卫健委 市市场监管局"),
        ("市医保局、财政局，金融监管分局", "市医保局 市财政局 金融监管分局"),
        ("教育局、财政局", "市教育局 市财政局"),
        (
            "市发展改革委、财政局、人力资源社会保障局",
            "市发展改革委 市财政局 市人力资源社会保障局",
        ),
        ("市委宣传部、组织部、编办", "市委宣传部 市委组织部 市委编办"),
        ("市卫健委、城市管理局、市容环卫局", "市卫健委 市城市管理局 市市容环卫局"),
        ("市政务服务局、公安局、政府办", "市政务服务局 市公安局 市政府办"),
        (
            "市妇联、团市委、残联、总工会、红十字会",
            "市妇联 团市委 市残联 市总工会 市红十字会",
        ),
        ("市第一医院、第二医院、三明市中西医结合医院", "市第一医院 市第二医院 三明市中西医结合医院"),
        ("国家税务总局三明市税务局、财政局", "国家税务总局三明市税务局 市财政局"),
        ("国家卫生健康委、医保局、财政部", "国家卫生健康委 国家医保局 财政部"),
        ("省卫健委、医保局、财政厅，市财政局", "省卫健委 省医保局 省财政厅 市财政局"),
        ("省立医院、三明海关、三明学院、中国电信三明分公司，市卫健委", None),
        ("高新区管委会、交发集团、列东街道办事处、洋溪镇人民政府、市卫健委", None),
        ("鹿城区政府、德清县人民政府、市财政局", None),
        ("市卫健委党组、教育局党组、国资委党委", "市卫健委党组 市教育局党组 市国资委党委"),
        ("永安市卫健局、市财政局、教育局", "永安市卫健局 市财政局 市教育局"),
    ],
)
def test_the_prefix_is_written_once_and_holds_for_the_names_after_it(text: str, names: str | None):
    assert plain(both(text)) == (names or text.replace("、", " ").replace("，", " "))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("县卫健局、财政局、市场监管局", "县卫健局 县财政局 县市场监管局"),
        ("区卫健局，教育局、各街道办事处", "区卫健局 区教育局 ~各街道办事处"),
        ("教育局、县财政局", "县教育局 县财政局"),
        ("三明市卫健委、教育局", "三明市卫健委 三明市教育局"),
    ],
)
def test_the_prefix_is_that_of_the_cell(text: str, names: str):
    assert plain(read_unit_cell(text, NONE)) == names


def test_the_default_prefix_is_for_cells_that_say_none():
    assert plain(read_unit_cell("教育局、财政局", NONE, prefix="县")) == "县教育局 县财政局"
    assert plain(read_unit_cell("市教育局、财政局", NONE, prefix="县")) == "市教育局 市财政局"


def test_known_names_win_over_grammar():
    index = UnitIndex(
        [
            KnownUnit(1, "三明交发集团", "交发集团", "bureau", ("发展和改革",)),
            KnownUnit(2, "直机关党工委", "机关工委", "bureau", ()),
        ]
    )
    assert (
        plain(read_unit_cell("市卫健委、交发集团、机关工委", index)) == "市卫健委 三明交发集团 直机关党工委"
    )
    assert plain(read_unit_cell("发展和改革、市卫健委", index)) == "发展和改革 市卫健委"


def test_what_the_cell_wrote_is_kept():
    mentions = both("市卫健委、教育局（牵头），市 财 政 局").mentions
    assert mentions == (
        Mention("市卫健委", "市卫健委", None, MentionKind.UNIT),
        Mention("市教育局", "教育局（牵头）", LEAD, MentionKind.UNIT),
        Mention("市财政局", "市 财 政 局", None, MentionKind.UNIT),
    )


# --- counties and collectives -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    [
        "各县（市、区）",
        "各县(市、区)",
        "各县（市）区",
        "各县市区",
        "各县区",
        "各区县",
        "各市县",
        "各县",
        "各区（县）",
        "各市、县（区）",
        "各区、县（市）",
        "各县、市、区",
        "各县<市、区>",
        "所有县（市、区）",
        "县（市、区）人民政府",
        "各县（市、区）人民政府",
        "各县（市、区）政府",
        "各县（市、区）党委、政府",
        "各县（市、区）党委和政府",
        "各市、县（区）人民政府",
        "各县（市、区）人民政府、管委会",
        "各区县（自治县）人民政府",
        "各旗县区",
        "各县（市、区）卫健局",
        "各县（市、区）医保局",
    ],
)
def test_every_spelling_of_all_counties_is_one_mention(word: str):
    for text in (
        word,
        f"市卫健委，{word}",
        f"{word}、市卫健委",
        f"市卫健委及{word}",
        f"市卫健委 {word}。",
        f"{word}\n市卫健委",
    ):
        mentions = [m for m in both(text).mentions if m.name != "市卫健委"]
        assert [m.kind for m in mentions] == [MentionKind.ALL_COUNTIES], text
        assert mentions[0].written == word
    folded = word.replace("（", "\n（", 1)
    assert [m.kind for m in both(folded).mentions] == [MentionKind.ALL_COUNTIES]


def test_counties_beside_bureaus():
    assert both("市卫健委，各县（市、区").mentions[1].kind is MentionKind.ALL_COUNTIES
    assert plain(both("省卫生健康委，各市、县（区）人民政府")) == "省卫生健康委 #各市、县（区）人民政府"
    assert plain(both("各县、市教育局")) == "#各县 市教育局"
    assert plain(both("各县（市、区）和三明经开区管委会")) == "#各县（市、区） 三明经开区管委会"
    assert plain(both("各县（市、区）卫健局、医保局，市财政局")) == "#各县（市、区）卫健局 市财政局"


@pytest.mark.parametrize(
    "word",
    [
        "各乡镇",
        "各乡镇（街道）",
        "各镇街",
        "市直有关单位",
        "市直各部门",
        "各有关单位",
        "各相关部门",
        "有关部门",
        "各成员单位",
        "市医改领导小组成员单位",
        "各医疗机构",
        "各级公立医院",
        "各设区市",
        "有关县（市、区）",
        "各级党委和政府",
        "乡镇人民政府",
        "街道办事处",
        "各县总医院",
        "市直及驻明有关单位",
        "县级公立医院",
    ],
)
def test_a_collective_names_no_unit(word: str):
    assert plain(both(f"市卫健委，{word}")) == f"市卫健委 ~{word}"
    assert plain(both(word)) == f"~{word}"


@pytest.mark.parametrize(
    ("text", "names", "and_others"),
    [
        ("市卫健委、医保局等单位", "市卫健委 市医保局", True),
        ("市卫健委、医保局等部门", "市卫健委 市医保局", True),
        ("市卫健委等", "市卫健委", True),
        ("市卫健委、医保局等12个部门和单位", "市卫健委 市医保局", True),
        ("市卫健委、医保局等单位按职责分工负责", "市卫健委 市医保局", True),
        ("市卫健委牵头，相关部门参与", "市卫健委=牵头 ~相关部门=配合", True),
        ("市卫健委、有关单位按职责分工负责", "市卫健委 ~有关单位", True),
        ("市卫健委、市高等专科学校", "市卫健委 市高等专科学校", False),
        ("市卫健委、各乡镇", "市卫健委 ~各乡镇", False),
    ],
)
def test_and_others(text: str, names: str, and_others: bool):
    cell = both(text)
    assert (plain(cell), cell.and_others) == (names, and_others)


@pytest.mark.parametrize("text", ["", " ", "/", "／", "无", "无。", "——", "-", "－", "暂无"])
def test_nobody(text: str):
    assert both(text) == UnitCell(())


# --- roles ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("市卫健委牵头，市医保局、财政局配合", "市卫健委=牵头 市医保局=配合 市财政局=配合"),
        ("市卫健委牵头、市医保局、市财政局配合", "市卫健委=牵头 市医保局=配合 市财政局=配合"),
        ("市卫健委牵头市医保局配合", "市卫健委=牵头 市医保局=配合"),
        ("由市卫健委牵头负责，市医保局协助", "市卫健委=牵头 市医保局=配合"),
        ("市卫健委、医保局共同牵头，市财政局积极配合", "市卫健委=牵头 市医保局=牵头 市财政局=配合"),
        ("市医保局、市财政局配合，市卫健委牵头", "市医保局=配合 市财政局=配合 市卫健委=牵头"),
        ("市卫健委为牵头单位，市财政局为配合单位", "市卫健委=牵头 市财政局=配合"),
        ("市卫健委牵头，医保局、财政局按职责分工负责", "市卫健委=牵头 市医保局=配合 市财政局=配合"),
        ("市卫健委牵头，市医保局，各县（市、区）落实", "市卫健委=牵头 市医保局=配合 #各县（市、区）=配合"),
        ("市卫健委牵头，市医保局", "市卫健委=牵头 市医保局"),
        ("市卫健委总牵头，市医保局、财政局分别牵头", "市卫健委=牵头 市医保局=牵头 市财政局=牵头"),
        ("以市卫健委为主，市财政局配合", "市卫健委=牵头 市财政局=配合"),
        ("由市卫健委负责", "市卫健委"),
        ("市卫健委、医保局按职责分工负责", "市卫健委 市医保局"),
        ("市卫健委、医保局（按职责分工负责）", "市卫健委 市医保局"),
        ("市卫健委负责，市财政局配合", "市卫健委=牵头 市财政局=配合"),
        ("市卫健委、医保局，市财政局配合", "市卫健委 市医保局 市财政局=配合"),
        ("牵头单位：市卫健委；配合单位：市医保局、财政局", "市卫健委=牵头 市医保局=配合 市财政局=配合"),
        ("牵头单位：市卫健委\n配合单位：市医保局、\n财政局", "市卫健委=牵头 市医保局=配合 市财政局=配合"),
        ("牵 头 单 位：市卫健委\n配 合 单 位：市医保局", "市卫健委=牵头 市医保局=配合"),
        ("牵头单位\n市卫健委\n配合单位\n市医保局", "市卫健委=牵头 市医保局=配合"),
        ("1.牵头单位：市卫健委\n2.配合单位：市医保局", "市卫健委=牵头 市医保局=配合"),
        ("牵头：市卫健委 配合：市医保局", "市卫健委=牵头 市医保局=配合"),
        ("【牵头单位】市卫健委【配合单位】市医保局", "市卫健委=牵头 市医保局=配合"),
        ("（牵头单位：市卫健委）（配合单位：市医保局）", "市卫健委=牵头 市医保局=配合"),
        ("主要责任单位：市卫健委；协办部门：市医保局", "市卫健委 市医保局=配合"),
        ("牵头单位：市卫健委；配合单位：/", "市卫健委=牵头"),
        ("责任单位：市卫健委、教育局", "市卫健委 市教育局"),
        ("责任单位：市卫健委牵头，市医保局参与", "市卫健委=牵头 市医保局=配合"),
        ("牵头：市卫健委", "市卫健委=牵头"),
        ("市卫健委（牵头）、市医保局、财政局", "市卫健委=牵头 市医保局 市财政局"),
        ("市医保局、市卫健委（牵头单位）、市财政局", "市医保局 市卫健委=牵头 市财政局"),
        ("市卫健委（牵头）、市医保局、财政局配合", "市卫健委=牵头 市医保局=配合 市财政局=配合"),
        ("市卫健委(牵头)/市医保局(配合)", "市卫健委=牵头 市医保局=配合"),
    ],
)
def test_roles_are_what_the_cell_says(text: str, names: str):
    assert plain(both(text)) == names


@pytest.mark.parametrize(
    "note",
    [
        "（责任单位：{}，列第一位的为牵头单位，下同）",
        "{}，列第一位的为牵头单位，下同",
        "{}（排第一位的为牵头单位）",
        "{}。排名第一位为牵头单位，下同",
        "责任单位（排在首位的为牵头单位）：{}",
        "（{}；第一个单位为牵头单位）",
        "{}（牵头单位列首位）",
    ],
)
def test_the_first_leads_where_the_cell_says_so(note: str):
    cell = both(note.format("市卫健委、医保局，各县（市、区）"))
    assert plain(cell) == "市卫健委=牵头 市医保局=配合 #各县（市、区）=配合"
    assert not cell.doubts


@pytest.mark.parametrize("role", [LEAD, SUPPORT])
def test_the_column_gives_the_role_unless_the_cell_does(role):
    mark = MARKS[role]
    assert plain(both("市卫健委、医保局", role=role)) == f"市卫健委{mark} 市医保局{mark}"
    assert plain(both("市卫健委（牵头）、医保局", role=role)) == f"市卫健委=牵头 市医保局{mark}"


def test_a_star_is_taken_for_the_lead_and_doubted_unless_explained():
    starred = both("★市卫健委、市医保局")
    assert plain(starred) == "市卫健委=牵头 市医保局"
    assert starred.doubts == ("“★”看作牵头单位的标记，请核对。",)
    explained = both("★市卫健委、市医保局（带★的为牵头单位）")
    assert (plain(explained), explained.doubts) == ("市卫健委=牵头 市医保局", ())


# --- brackets ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "also"),
    [
        ("市数据局（市人工智能局）", "市数据局", ("市人工智能局",)),
        ("市数据局(市人工智能局)", "市数据局", ("市人工智能局",)),
        ("市数据局 （市人工智能局", "市数据局", ("市人工智能局",)),
        ("市卫健委（疾控局）", "市卫健委", ("疾控局",)),
        ("市卫健委（市疾控局、市中医药局）", "市卫健委", ("市疾控局", "市中医药局")),
        ("市委宣传部（市文明办）", "市委宣传部", ("市文明办",)),
        ("三明市第一医院（总医院）", "三明市第一医院", ("总医院",)),
        ("市卫健委（体改科、医政科）", "市卫健委", ()),
    ],
)
def test_brackets_behind_a_unit_add_to_it(text: str, name: str, also: tuple[str, ...]):
    cell = both(f"{text}，市财政局") if text.endswith(("）", ")")) else both(text)
    assert (cell.mentions[0].name, cell.mentions[0].also, cell.doubts) == (name, also, ())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("一港五谷（鹿城区政府、龙湾区政府）", "鹿城区政府 龙湾区政府"),
        ("市直有关单位（市财政局、医保局）", "市财政局 市医保局"),
        ("各功能区（高新区管委会、经开区管委会）", "高新区管委会 经开区管委会"),
        ("（市卫健委、医保局）", "市卫健委 市医保局"),
    ],
)
def test_brackets_behind_a_collective_are_the_list(text: str, names: str):
    assert plain(both(text)) == names


def test_the_head_of_a_list_is_kept_as_written():
    mentions = both("一港五谷（鹿城区政府、龙湾区政府）").mentions
    assert {m.written for m in mentions} == {"一港五谷（鹿城区政府、龙湾区政府）"}


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("市卫健委（7月底前）", "括号中的“7月底前”没有计入责任单位，请核对。"),
        ("各县（市、区）（不含三元区）", "括号中的“不含三元区”没有计入责任单位，请核对。"),
        ("市财政局、市卫健委、财政局", "“市财政局”写了两次，按一次计。"),
        ("责任领导：张三；责任单位：市卫健委", "“责任领导：张三”写的是人员，没有作为责任单位。"),
    ],
)
def test_what_is_not_read_is_doubted(text: str, doubt: str):
    assert both(text).doubts == (doubt,)


def test_a_unit_written_twice_counts_once_and_leads_if_it_leads_anywhere():
    assert plain(both("市卫健委、财政局，市财政局牵头")) == "市卫健委 市财政局=牵头"
    cell = read_unit_cell("市卫健委、市卫生健康委员会", KNOWN)
    assert (plain(cell), len(cell.doubts)) == ("市卫健委", 1)


# --- endings that names share -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("杭州市、桐乡市、德清县人民政府", "杭州市人民政府 桐乡市人民政府 德清县人民政府"),
        ("鹿城、龙湾、瓯海区政府", "鹿城区政府 龙湾区政府 瓯海区政府"),
        ("市卫健委，鹿城、龙湾和瓯海区人民政府", "市卫健委 鹿城区人民政府 龙湾区人民政府 瓯海区人民政府"),
        ("列东、列西街道办事处", "列东街道办事处 列西街道办事处"),
        ("洋溪镇、陈大镇人民政府，市财政局", "洋溪镇人民政府 陈大镇人民政府 市财政局"),
        ("市妇联、鹿城区政府", "市妇联 鹿城区政府"),
        ("三元区、沙县区，永安市", "三元区 沙县区 永安市"),
    ],
)
def test_an_ending_written_once_holds_for_the_names_before_it(text: str, names: str):
    assert plain(both(text)) == names


def test_a_known_county_keeps_its_own_level():
    cell = read_unit_cell("三元、永安、宁化县政府", KNOWN)
    assert plain(cell) == "三元区政府 永安市政府 宁化县政府"
    assert [KNOWN.find(m.name)[0].name for m in cell.mentions] == ["三元区", "永安市", "宁化县"]


# --- separators, spaces and folds -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "separator",
    [*"、，,；;/·•／|", "\n", " ", "\u3000", "和", "与", "及", "以及", "会同", "、\n", "，，"],
)
def test_separators(separator: str):
    assert plain(both(f"市卫健委{separator}市财政局{separator}市人社局。")) == "市卫健委 市财政局 市人社局"


@pytest.mark.parametrize(
    "name",
    [
        "市人力资源和社会保障局",
        "市文化和旅游局",
        "市发展和改革委员会",
        "市自然资源和规划局",
        "市卫生和计划生育局",
        "市住房和城乡建设局",
        "市工业和信息化局",
        "市民族与宗教事务局",
    ],
)
def test_and_within_a_name_separates_nothing(name: str):
    assert plain(both(f"市教育局和{name}")) == f"市教育局 {name}"
    assert plain(both(f"{name}，市教育局")) == f"{name} 市教育局"
    assert plain(both(" ".join(name))) == name


def test_and_between_government_and_society_is_within_a_name():
    assert plain(both("市政府和社会资本合作中心、市财政局")) == "市政府和社会资本合作中心 市财政局"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("市 农 业 农 村 局", "市农业农村局"),
        ("市　农　业　农　村　局、市 教 育 局", "市农业农村局 市教育局"),
        ("市 教 育 局 市 财 政 局", "市教育局 市财政局"),
        ("市市场监\n管局、市卫\n健委", "市市场监管局 市卫健委"),
        ("市卫生健康委\n员会", "市卫生健康委员会"),
        ("市工商业联\n合会\n市妇联", "市工商业联合会 市妇联"),
        ("市委\n组织部\n市直机关工委", "市委组织部 市直机关工委"),
        ("市人力资源和社会\n保障局", "市人力资源和社会保障局"),
        ("三明市 第一医院", "三明市第一医院"),
        ("国家税务总局\n三明市税务局", "国家税务总局三明市税务局"),
        ("市卫健委\n医保局\n各县（市、区）", "市卫健委 市医保局 #各县（市、区）"),
        ("1.市卫健委 2.市财政局", "市卫健委 市财政局"),
        ("1、市卫健委\n2、财政局\n3、各县（市、区）", "市卫健委 市财政局 #各县（市、区）"),
        ("（1）市卫健委（2）市财政局", "市卫健委 市财政局"),
        ("①市卫健委②市财政局", "市卫健委 市财政局"),
        ("市卫健委、 、市财政局，，", "市卫健委 市财政局"),
    ],
)
def test_a_space_pads_a_name_or_separates_two(text: str, names: str):
    assert plain(both(text)) == names


# --- the real table ---------------------------------------------------------------------------------------


def test_the_real_cells_read_the_same_with_and_without_the_list_of_units():
    sheet = read_document(REAL_TABLE.read_bytes()).sheets[0]
    cells = {text for row in sheet.rows.values() for text in row.values() if "市" in text and len(text) < 60}
    cells = {text for text in cells if text.startswith(("市", "各县"))}
    assert len(cells) > 15
    for text in cells:
        cell = both(text)
        assert not cell.doubts
        assert all(KNOWN.find(m.name) for m in cell.mentions), text


# --- units within a text ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rest", "names"),
    [
        ("推进甲。（责任单位：市卫健委、财政局）", "推进甲。", "市卫健委 市财政局"),
        ("推进甲（责任单位：市卫健委，各县（市、区））。", "推进甲。", "市卫健委 #各县（市、区）"),
        ("推进甲。（责任单位：市卫健委、财政局）。", "推进甲。", "市卫健委 市财政局"),
        (
            "推进甲。（责任单位：市卫健委、财政局，列第一位的为牵头单位，下同）",
            "推进甲。",
            "市卫健委=牵头 市财政局=配合",
        ),
        ("推进甲。【牵头单位：市卫健委；配合单位：市财政局】", "推进甲。", "市卫健委=牵头 市财政局=配合"),
        ("推进甲。（市卫健委牵头，财政局配合）", "推进甲。", "市卫健委=牵头 市财政局=配合"),
        ("推进甲。（市卫健委、各县<市、区>）", "推进甲。", "市卫健委 #各县<市、区>"),
        ("推进甲。\n责任单位：市卫健委、财政局", "推进甲。", "市卫健委 市财政局"),
        ("推进甲。\n责任单位：市卫健委\n市财政局", "推进甲。", "市卫健委 市财政局"),
        ("推进甲。\n牵头单位：市卫健委\n配合单位：市财政局", "推进甲。", "市卫健委=牵头 市财政局=配合"),
        ("推进甲。责任单位：市卫健委。", "推进甲。", "市卫健委"),
        ("推进甲。\n责任单位：市卫健委\n完成时限：12月底", "推进甲。\n完成时限：12月底", "市卫健委"),
        (
            "①推进甲。（市卫健委）\n②推进乙（责任单位：市财政局）。",
            "①推进甲。\n②推进乙。",
            "市卫健委 市财政局",
        ),
    ],
)
def test_units_at_the_end_of_a_text(text: str, rest: str, names: str):
    without, units = split_inline_units(text)
    assert without == rest
    assert plain(both(units)) == names


@pytest.mark.parametrize(
    "text",
    [
        "推进甲。",
        "推进中药房建设（由县级医院负责），扩大规模。",
        "推进医联体（三明市第一医院）建设。",
        "达到60%（含）以上。",
        "明确责任单位和责任人。",
        "落实主体责任：加强管理。",
        "完善制度（详见附件）。",
        "",
    ],
)
def test_other_brackets_and_colons_are_left_alone(text: str):
    assert split_inline_units(text) == (text, "")


# --- any cell ---------------------------------------------------------------------------------------------

OFFICES = [
    *(
        "卫健委",
        "教育局",
        "财政局",
        "医保局",
        "体育局",
        "审计局",
        "农业农村局",
        "市场监管局",
        "城市管理局",
        "数据局",
    ),
    *("发展和改革委员会", "人力资源和社会保障局", "文化和旅游局", "自然资源和规划局", "卫健委党组"),
    *("红十字会", "妇联", "总工会", "第一医院", "法院", "疾控中心"),
]
ALONE = [
    "金融监管分局",
    "市委组织部",
    "团市委",
    "三元区政府",
    "高新区管委会",
    "国家税务总局三明市税务局",
    "各县（市、区）",
]
units = st.lists(
    st.sampled_from([f"市{office}" for office in OFFICES] + ALONE), min_size=1, max_size=8, unique=True
).filter(lambda names: not {"市卫健委", "市卫健委党组"} <= set(names))


@st.composite
def written(draw, names: list[str]) -> str:
    """`names` as one list, 市 left out and characters padded or folded here and there."""
    separator = draw(st.sampled_from(["、", "，", "；", ",", "、\n", "/"]))
    shown = []
    for place, name in enumerate(names):
        carries = place and all(n.startswith("市") for n in names[:place]) and name.startswith("市")
        carries = carries and not name.startswith("市委")
        short = name[1:] if carries and draw(st.booleans()) else name
        padded = draw(st.booleans()) and not name.startswith(("各", "国家"))
        shown.append(" ".join(short) if padded else short)
    return separator.join(shown)


@st.composite
def cells(draw) -> tuple[str, list[tuple[str, AssignmentRole | None]]]:
    """A cell in one of the grammars, and what it must read as."""
    names = draw(units)
    first, rest = names[:1], names[1:]
    led = [(name, LEAD) for name in first] + [(name, SUPPORT) for name in rest]
    a, b = draw(written(first)), draw(written(rest)) if rest else ""
    grammar = draw(
        st.sampled_from(["list", "words", "duties", "labels", "marks", "note", "numbers", "lines"])
    )
    if grammar == "list":
        return draw(written(names)), [(name, None) for name in names]
    if grammar == "numbers":
        return " ".join(f"{i}.{name}" for i, name in enumerate(names, 1)), [(name, None) for name in names]
    if grammar == "lines":
        return "\n".join(names), [(name, None) for name in names]
    if grammar == "marks":
        roles = [draw(st.sampled_from([LEAD, SUPPORT, None])) for _ in names]
        marks = {LEAD: "（牵头）", SUPPORT: "(配合)", None: ""}
        shown = [name + marks[role] for name, role in zip(names, roles, strict=True)]
        return "、".join(shown), list(zip(names, roles, strict=True))
    if grammar == "note":
        return draw(written(names)) + "，列第一位的为牵头单位，下同", led
    if grammar == "labels":
        gap = draw(st.sampled_from(["；", "\n", "。", " "]))
        return f"牵头单位：{a}{gap}配合单位：{b or '无'}", led
    words = "按职责分工负责" if grammar == "duties" else draw(st.sampled_from(["配合", "参与", "协助落实"]))
    return f"{a}牵头，{b}{words}" if rest else f"由{a}牵头", led


@given(cells())
def test_any_list_reads_back(cell):
    text, expected = cell
    for index in (NONE, KNOWN):
        read = read_unit_cell(text, index)
        assert [(m.name, m.role) for m in read.mentions] == expected
        assert not read.doubts


@given(st.text(alphabet="市县区各、，；（）()：: \n牵头配合单位委局政府和及等由负责1.★【】责任", max_size=80))
def test_no_text_is_too_odd(text: str):
    for index in (NONE, KNOWN):
        for mention in read_unit_cell(text, index).mentions:
            assert mention.name
    without, inline = split_inline_units(text)
    assert len(without) <= len(text)
    assert not inline or without != text


@pytest.mark.parametrize(
    "part",
    ["市 ", "（", "（）", "各县（", "和市委", "各自职责", "为", "市委牵头", "鹿城、", "等单位", "\n", "市"],
)
def test_a_cell_of_nonsense_takes_no_time(part: str):
    assert isinstance(read_unit_cell(part * 2000 + "x", KNOWN), UnitCell)
