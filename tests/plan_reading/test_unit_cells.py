"""How a cell of responsible units reads: every way of writing it, with all units known and with none."""

import pytest

from tasks_app.plan_reading.units.cells import (
    Mention,
    MentionKind,
    UnitCell,
    read_unit_cell,
)
from tasks_app.plan_reading.units.names import KnownUnit, UnitIndex
from tests.unit_cells import KNOWN, LEAD, MARKS, NONE, SUPPORT, both, plain

pytestmark = pytest.mark.once

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
    ("text", "names"),
    [
        ("市卫健委、医保局等单位", "市卫健委 市医保局"),
        ("市卫健委、医保局等部门", "市卫健委 市医保局"),
        ("市卫健委等", "市卫健委"),
        ("市卫健委、医保局等12个部门和单位", "市卫健委 市医保局"),
        ("市卫健委、医保局等单位按职责分工负责", "市卫健委 市医保局"),
        ("市卫健委牵头，相关部门参与", "市卫健委=牵头 ~相关部门=配合"),
        ("市卫健委、有关单位按职责分工负责", "市卫健委 ~有关单位"),
        ("市卫健委、市高等专科学校", "市卫健委 市高等专科学校"),
        ("市卫健委、各乡镇", "市卫健委 ~各乡镇"),
    ],
)
def test_others_that_are_not_named_are_cut_off(text: str, names: str):
    assert plain(both(text)) == names


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
        ("市卫健委（张三）", "括号中的“张三”没有计入责任单位，请核对。"),
        ("市卫健委体改科", "“市卫健委体改科”按“市卫健委”计，其余文字没有计入，请核对。"),
        ("各县（市、区）（试点除外）", "括号中的“试点除外”没有计入责任单位，请核对。"),
        ("市财政局、市卫健委、财政局", "“市财政局”写了两次，按一次计。"),
        ("责任领导：张三；责任单位：市卫健委", "“责任领导：张三”写的是人员，没有作为责任单位，已写入备注。"),
    ],
)
def test_what_is_not_read_is_doubted(text: str, doubt: str):
    assert read_unit_cell(text, KNOWN).doubts == (doubt,)


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
