"""The tree of units: loading the list, creating, editing, closing."""

import pytest
from django.core.management import CommandError, call_command

from tasks_app.choices import AuditAction, UnitKind
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan_import.queries import unit_index
from tasks_app.domain.units import actions, queries
from tasks_app.domain.units.actions import load_units
from tasks_app.models import AuditEvent, Unit, UnitAlias
from tasks_app.plan_reading.units.cells import read_unit_cell
from tests.cast import FIXTURES
from tests.unit_cells import NANPING_COUNTIES as COUNTIES

LIST = FIXTURES / "units.csv"
HEAD = "code,name,short_name,kind,aliases\n"


@pytest.fixture
def refuse(tmp_path, db, at):
    """`refuse(text)` loads a csv that must be refused and returns the sentences."""

    def load(text: str, encoding: str = "utf-8") -> list[str]:
        file = tmp_path / "units.csv"
        file.write_bytes(text.encode(encoding))
        before = Unit.objects.count(), UnitAlias.objects.count(), AuditEvent.objects.count()
        with pytest.raises(Refused) as rejected:
            load_units(file, by=None, at=at)
        assert (Unit.objects.count(), UnitAlias.objects.count(), AuditEvent.objects.count()) == before
        return rejected.value.sentences

    return load


def test_the_real_list_makes_the_tree(db, at):
    assert load_units(LIST, by=None, at=at) == (26, 0)
    city = Unit.objects.get(code="3504")
    assert (city.name, city.kind, city.parent.name, city.parent.kind) == (
        "三明市",
        "city",
        "福建省",
        "province",
    )
    children = list(city.children.all())
    assert [unit.position for unit in children] == list(range(1, 27))
    assert (children[0].name, children[-1].name) == ("三元区", "金融监管分局")
    assert [sum(unit.kind == kind for unit in children) for kind in (UnitKind.COUNTY, UnitKind.BUREAU)] == [
        11,
        15,
    ]
    assert UnitAlias.objects.get(name="市卫生健康委员会").unit.name == "市卫健委"
    assert AuditEvent.objects.filter(action=AuditAction.UNIT_EDIT, note="新增").count() == 28


def test_loading_again_changes_nothing_and_keeps_what_an_admin_edited(db, at):
    load_units(LIST, by=None, at=at)
    Unit.objects.filter(code="CZJ").update(name="市财政局（改）")
    events = AuditEvent.objects.count()
    assert load_units(LIST, by=None, at=at) == (0, 26)
    assert Unit.objects.get(code="CZJ").name == "市财政局（改）"
    assert AuditEvent.objects.count() == events


def test_a_list_saved_by_an_office_suite_is_read(tmp_path, db, at):
    for encoding, code in (("gb18030", "A"), ("utf-8-sig", "B")):
        file = tmp_path / f"{code}.csv"
        file.write_bytes((HEAD + f"{code},市{code}局,{code}局,bureau,\n").encode(encoding))
        assert load_units(file, by=None, at=at).created == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "第1行：缺少列“code、name、short_name、kind、aliases”。"),
        ("code,name\nA,市A局\n", "第1行：缺少列“short_name、kind、aliases”。"),
        (HEAD, "第1行：首行之后没有任何单位。"),
        (HEAD + "A,市A局,A局\n", "第2行：列数与首行不一致。"),
        (HEAD + "A,,A局,bureau,\n", "第2行：“name”不能为空。"),
        (HEAD + f"A,{'长' * 61},A局,bureau,\n", "第2行：“name”超过60个字。"),
        (HEAD + f"A,市A局,A局,bureau,{'长' * 61}\n", "超过60个字。"),
        (
            HEAD + "A,市A局,A局,city,\n",
            "第2行：类别“city”无法识别，应为county（县（市、区））、bureau（市直部门）。",
        ),
        (HEAD + "A,市A局,A局,bureau,\nA,市B局,B局,bureau,\n", "第3行：代码“A”与第2行重复。"),
        (
            HEAD + "A,市A局,A局,bureau,市B局\nB,市B局,B局,bureau,\n",
            "第3行：“市B局”已是第2行“市A局”的名称或别名，不能再用。",
        ),
        (HEAD + "A,市A局,A局,bureau,老局\nB,市B局,B局,bureau,老局\n", "第3行：“老局”已是第2行“市A局”"),
    ],
)
def test_a_bad_list_is_refused_by_line(refuse, text, sentence):
    assert any(sentence in problem for problem in refuse(text))


def test_all_faults_are_named_at_once(refuse):
    problems = refuse(HEAD + "A,,A局,bureau,\nB,市B局,B局,office,\n")
    assert len(problems) == 2
    assert problems[0].startswith("第2行")
    assert problems[1].startswith("第3行")


def test_a_file_that_is_no_text_or_missing_is_refused(refuse, tmp_path, at):
    (tmp_path / "x.csv").write_bytes(b"\xff\xff\x00\x81")
    for name, sentence in (("x.csv", "不是文本文件"), ("none.csv", "无法读取文件")):
        with pytest.raises(Refused, match=sentence):
            load_units(tmp_path / name, by=None, at=at)


def test_a_name_that_another_unit_holds_is_refused(refuse, units):
    problems = refuse(HEAD + "A,市A局,A局,bureau,市财政局|市医疗保障局\n")
    assert problems == [
        "第2行：“市医疗保障局”已是“市医保局”（YBJ）的名称或别名，不能再用。",
        "第2行：“市财政局”已是“市财政局”（CZJ）的名称或别名，不能再用。",
    ]


def test_the_command_says_what_it_did_or_why_not(db, tmp_path, capsys):
    call_command("load_units", str(LIST))
    assert "新增单位 26 个，已有 0 个" in capsys.readouterr().out
    bad = tmp_path / "bad.csv"
    bad.write_text("x\n")
    with pytest.raises(CommandError, match="缺少列"):
        call_command("load_units", str(bad))


def test_create_edit_and_close_a_unit(people, units, city, at):
    unit = actions.create_unit(
        parent=city,
        code="SJJ",
        name="市数据局",
        short_name="数据局",
        kind=UnitKind.BUREAU,
        aliases=["市人工智能局"],
        position=30,
        by=people.admin,
        at=at,
    )
    edited = {"name": "市数据管理局", "short_name": "数据局", "position": 30}
    actions.update_unit(unit, **edited, aliases=["市数据局"], by=people.admin, at=at)
    actions.set_active(unit, False, by=people.admin, at=at)
    unit.refresh_from_db()
    assert (unit.name, unit.is_active, [a.name for a in unit.aliases.all()]) == (
        "市数据管理局",
        False,
        ["市数据局"],
    )
    events = AuditEvent.objects.filter(unit=unit).order_by("id")
    assert [event.actor for event in events] == [people.admin] * 3
    assert events[1].changes == {
        "name": ["市数据局", "市数据管理局"],
        "aliases": ["市人工智能局", "市数据局"],
    }
    assert events[2].changes == {"is_active": [True, False]}


def test_names_stay_unique_over_names_and_aliases(people, units, at):
    unit = units["市财政局"]
    same = {"short_name": "财政局", "position": 1, "by": people.admin, "at": at}
    for name, aliases, sentence in (
        ("市医保局", [], "“市医保局”已是“市医保局”的名称或别名"),
        ("市财政局", ["市医疗保障局"], "“市医疗保障局”已是“市医保局”的名称或别名"),
        ("市财政局", ["市财政局"], "与本单位名称相同"),
    ):
        with pytest.raises(Refused, match=sentence):
            actions.update_unit(unit, name=name, aliases=aliases, **same)
    unit.refresh_from_db()
    assert (unit.name, unit.aliases.count()) == ("市财政局", 0)


def test_the_issuing_city_cannot_be_closed_nor_made(people, city, at):
    with pytest.raises(Refused, match="不能停用"):
        actions.set_active(city, False, by=people.admin, at=at)
    with pytest.raises(Refused, match="只能新增"):
        actions.create_unit(
            parent=city, code="X", name="某市", short_name="某", kind=UnitKind.CITY, by=people.admin, at=at
        )


def test_units_without_filler_are_those_nobody_could_be_written_to(people, units, at):
    missing = {unit.name for unit in queries.units_without_filler(people.admin)}
    assert missing == set(units) - {"三明市", "将乐县", "三元区", "市卫健委"}
    people.filler.is_active = False
    people.filler.save()
    units["市财政局"].is_active = False
    units["市财政局"].save()
    missing = {unit.name for unit in queries.units_without_filler(people.admin)}
    assert "将乐县" in missing
    assert "市财政局" not in missing


def test_a_list_may_be_of_another_city_whose_cells_are_read_by_its_names(db, at, tmp_path):
    rows = ["code,name,short_name,kind,aliases", "35,福建省,福建,province,", "3507,南平市,南平,city,"]
    rows += [f"3507{n:02},{name},{name[:-1]},county," for n, name in enumerate(COUNTIES, start=1)]
    rows += ["CZ,市财政局,财政局,bureau,", "WJ,市卫健委,卫健委,bureau,市卫生健康委员会"]
    path = tmp_path / "units.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    assert load_units(path, by=None, at=at) == (12, 0)
    city = Unit.objects.get(kind=UnitKind.CITY)
    assert (city.name, city.parent.name) == ("南平市", "福建省")
    index = unit_index(city)
    cell = read_unit_cell("南平卫健委、福建证监局、南平税务局，10个县（市、区）", index)
    assert [m.name for m in cell.mentions] == ["市卫健委", "福建证监局", "市税务局", "10个县（市、区）"]
    assert [unit.name for unit in index.find("10个县（市、区）")] == COUNTIES
    assert index.find("11个县（市、区）") == []
