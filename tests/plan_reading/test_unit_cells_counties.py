"""Cells of units that mean some counties of all, give roles by unusual marks, or name the city itself."""

import pytest

from tasks_app.plan_reading.units.cells import MentionKind, read_unit_cell
from tasks_app.plan_reading.units.names import UnitIndex
from tests.unit_cells import KNOWN, both, plain

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "text",
    [
        "各县（市、区）（不含三元区）",
        "各县（市、区）（三元区除外）",
        "除三元区外的各县（市、区）",
        "各县（市、区）（除三元区以外）",
    ],
)
def test_a_county_may_be_taken_out_of_all(text: str):
    (mention,) = both(text).mentions
    assert (mention.kind, mention.but) == (MentionKind.ALL_COUNTIES, ("三元区",))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("（牵头）市医保局\n（配合）市卫健委、\n市财政局", "市医保局=牵头 市卫健委=配合 市财政局=配合"),
        ("市医保局（牵头）、市卫健委（配合）", "市医保局=牵头 市卫健委=配合"),
        ("第一责任单位：市卫健委；第二责任单位：市医保局", "市卫健委=牵头 市医保局=配合"),
        ("市人社局★ 市卫健委 市教育局", "市人社局=牵头 市卫健委 市教育局"),
        ("相关县", "~相关县"),
        ("试点县（市、区）人民政府", "~试点县（市、区）人民政府"),
    ],
)
def test_marks_of_roles_and_some_counties(text: str, read: str):
    assert plain(both(text)) == read


def test_the_citys_own_name_stands_for_its_level():
    index = UnitIndex(KNOWN.units, city="三明市")
    for text in ("三明市卫健委", "三明市卫生健康委员会", "中共三明市委组织部", "三明市三元区人民政府"):
        (mention,) = read_unit_cell(text, index).mentions
        assert len(index.find(mention.name)) == 1, text
    assert index.find("三明市天文局") == index.find("福州市卫健委") == []
    bureau = index.find("市卫健委")[0]
    assert index.certainly_means("市卫生健康委员会", bureau)
    assert not index.certainly_means("福州市卫健委", bureau)
