"""Which names certainly mean the same unit, and which are only put forward."""

import pytest

from tasks_app.choices import UnitKind
from tasks_app.plan_reading.units.likeness import likely_units, same_unit
from tasks_app.plan_reading.units.names import KnownUnit, UnitIndex
from tasks_app.plan_reading.units.shapes import unit_kind_of

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "names",
    [
        "市发改委 市发展改革委 市发展和改革委 市发展和改革委员会 发改委 三明市发展和改革委员会",
        "市卫健委 市卫生健康委 市卫生健康委员会 三明市卫生健康委员会 三明市卫健委 卫健委",
        "市人社局 市人力资源社会保障局 市人力资源和社会保障局",
        "市医保局 市医疗保障局 医疗保障局",
        "市市场监管局 市市场监督管理局 市市监局 市监局 市场监管局 三明市市场监督管理局",
        "市工信局 市工业和信息化局",
        "市住建局 市住房城乡建设局 市住房和城乡建设局",
        "市文旅局 市文化和旅游局",
        "市委编办 市编办 编办 市机构编制委员会办公室 市委机构编制委员会办公室",
        "市资规局 市自然资源局 市自然资源和规划局",
        "市应急局 市应急管理局",
        "市交通局 市交通运输局",
        "市国资委 市国有资产监督管理委员会",
        "市委统战部 统战部 市委统一战线工作部",
        "市委组织部 组织部",
        "市委政法委 政法委 市委政法委员会",
        "团市委 共青团三明市委 共青团三明市委员会",
        "市妇联 市妇女联合会 妇联",
        "市残联 市残疾人联合会",
        "市税务局 国家税务总局三明市税务局 税务局",
        "金融监管分局 三明金融监管分局 国家金融监督管理总局三明监管分局",
        "鹿城区 鹿城区政府 鹿城区人民政府",
        "市政府 市人民政府",
        "县卫健局 卫健局 县卫生健康局",
        "市教育局 教育局 三明市教育局",
    ],
)
def test_usual_abbreviations_are_the_same_unit(names: str):
    group = names.split()
    for one in group:
        for other in group:
            assert same_unit(one, other), (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("市教育局", "市体育局"),
        ("市财政局", "市审计局"),
        ("市卫健委", "市疾控局"),
        ("市农业农村局", "市农业局"),
        ("市文旅局", "市文体广旅局"),
        ("市数据局", "市大数据局"),
        ("市疾控局", "市疾控中心"),
        ("市卫健委", "省卫健委"),
        ("卫健委", "省卫健委"),
        ("卫健委", "国家卫健委"),
        ("市教育局", "县教育局"),
        ("三明市教育局", "南平市教育局"),
        ("三明市教育局", "三明县教育局"),
        ("市卫健委", "市卫健局"),
        ("永安市", "市政府"),
        ("鹿城区", "龙湾区政府"),
        ("鹿城区政府", "鹿城区卫健局"),
        ("市委", "市政府"),
        ("市委办", "市政府办"),
        ("市第一医院", "市第二医院"),
        ("市卫健委", ""),
    ],
)
def test_other_names_are_not(one: str, other: str):
    assert not same_unit(one, other)
    assert not same_unit(other, one)


def test_a_bureau_of_a_county_is_not_the_citys():
    assert same_unit("永安市教育局", "市教育局")
    assert not same_unit("永安市教育局", "市教育局", counties=["永安市", "三元区"])
    assert same_unit("三明市教育局", "市教育局", counties=["永安市", "三元区"])


UNITS = [
    KnownUnit(1, "市发改委", "发改委", UnitKind.BUREAU, ()),
    KnownUnit(2, "市教育局", "教育局", UnitKind.BUREAU, ()),
    KnownUnit(3, "市体育局", "体育局", UnitKind.BUREAU, ()),
    KnownUnit(4, "市卫健委", "卫健委", UnitKind.BUREAU, ()),
    KnownUnit(5, "永安市", "永安", UnitKind.COUNTY, ("永安市卫健局",)),
    KnownUnit(6, "市市场监管局", "市场监管局", UnitKind.BUREAU, ()),
    KnownUnit(7, "市农业农村局", "农业农村局", UnitKind.BUREAU, (), is_active=False),
]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("发展和改革委员会", "市发改委"),
        ("三明市发展改革委", "市发改委"),
        ("市教育体育局", "市教育局"),
        ("市卫计委", "市卫健委"),
        ("永安市政府", "永安市"),
        ("市监局", "市市场监管局"),
        ("市市场监督局", "市市场监管局"),
        ("市农业局", "市农业农村局"),
    ],
)
def test_the_likeliest_comes_first(name: str, first: str):
    likely = likely_units(name, UNITS)
    assert likely[0].name == first
    assert len(likely) <= 3


def test_what_resembles_nothing_has_no_proposal():
    assert likely_units("张三", UNITS) == []


def test_a_unit_that_is_closed_is_not_put_forward():
    assert all(unit.is_active for unit in UnitIndex(UNITS).likely("市农业局"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("鹿城区", UnitKind.COUNTY),
        ("鹿城区政府", UnitKind.COUNTY),
        ("德清县人民政府", UnitKind.COUNTY),
        ("永安市", UnitKind.COUNTY),
        ("三明高新区管委会", UnitKind.COUNTY),
        ("市教育局", UnitKind.BUREAU),
        ("市政府", UnitKind.BUREAU),
        ("市人民政府", UnitKind.BUREAU),
        ("市市场监管局", UnitKind.BUREAU),
        ("鹿城区卫健局", UnitKind.BUREAU),
        ("洋溪镇人民政府", UnitKind.BUREAU),
        ("三明市第一医院", UnitKind.BUREAU),
    ],
)
def test_the_kind_of_a_new_unit_is_guessed(name: str, kind: UnitKind):
    assert unit_kind_of(name) == kind
