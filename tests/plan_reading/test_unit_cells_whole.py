"""Cells of units with folds, in the real table, within a text, and made up: what is written reads back equal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_app.choices import AssignmentRole
from tasks_app.documents.reading import read_document
from tasks_app.plan_reading.units.cells import UnitCell, read_unit_cell
from tasks_app.plan_reading.units.inline import split_inline_units
from tests.cast import REAL_TABLE
from tests.unit_cells import KNOWN, LEAD, NONE, SUPPORT, both, plain

pytestmark = pytest.mark.once

# --- separators, spaces and folds -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "separator",
    [*"、，,；;/·•／|", "\n", " ", "\u3000", "和", "与", "及", "以及", "、\n", "，，"],
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
