"""Units, as an admin keeps them."""

import pytest
from django.urls import reverse

from tasks_app.models import Unit


@pytest.fixture
def client(login, people):
    return login(people.admin)


def form_of(unit, **changes):
    fields = {"name": unit.name, "short_name": unit.short_name, "position": unit.position, "aliases": ""}
    return fields | changes


def test_the_tree_shows_kind_people_and_aliases(client, people, units, django_assert_num_queries):
    response = client.get("/units")
    rows = [row.record for row in response.context["table"].rows]
    assert [rows[0].name, rows[1].name, len(rows)] == ["三明市", "三元区", 27]
    assert {unit.name: unit.people_count for unit in rows}["将乐县"] == 2
    assert "市卫生健康委" in response.text
    assert f"/people?unit={units['将乐县'].pk}" in response.text
    with django_assert_num_queries(6):  # session, person, unit; count, units, aliases
        client.get("/units")


def test_a_unit_is_made_below_the_own_city(client, people):
    data = {"code": "SJJ", "kind": "bureau", "name": "市数据局", "short_name": "数据局", "position": 30}
    response = client.post("/units/new", data | {"aliases": "市人工智能局\r\n\r\n 市大数据局 "}, follow=True)
    assert "已新增“市数据局”" in response.text
    unit = Unit.objects.get(code="SJJ")
    assert unit.parent == people.admin.unit
    assert {alias.name for alias in unit.aliases.all()} == {"市人工智能局", "市大数据局"}
    for changes, sentence in (
        ({"code": "SJJ", "name": "市甲局"}, "代码"),
        ({"code": "X", "name": "市医疗保障局"}, "市医保局"),
        ({"code": "X", "name": "市甲局", "kind": "city"}, "city"),
        ({"code": "X", "name": "市甲局", "aliases": "长" * 61}, "超过60个字"),
    ):
        response = client.post("/units/new", data | changes)
        errors = [error for errors in response.context["form"].errors.values() for error in errors]
        assert any(sentence in error for error in errors), errors
    assert Unit.objects.count() == 29


def test_an_edit_is_saved_or_refused(client, units):
    unit = units["市医保局"]
    address = reverse("unit_edit", args=[unit.pk])
    assert client.get(address).context["form"]["aliases"].value() == "市医疗保障局"
    client.post(address, form_of(unit, short_name="医保", aliases="市医疗保障局\n市医保中心"))
    unit.refresh_from_db()
    assert (unit.short_name, unit.aliases.count()) == ("医保", 2)
    response = client.post(address, form_of(unit, aliases="市财政局"))
    assert "“市财政局”已是“市财政局”的名称或别名" in response.text
    assert unit.aliases.count() == 2


def test_closing_a_unit_asks_explains_and_can_be_undone(client, units):
    unit = units["市红十字会"]
    address = reverse("unit_edit", args=[unit.pk])
    assert reverse("unit_close", args=[unit.pk]) in client.get(address).text
    page = client.get(reverse("unit_close", args=[unit.pk])).text
    assert "data-confirm" in page
    assert "新开放的填报期不再要求它填报" in page
    assert client.get(reverse("unit_deactivate", args=[unit.pk])).status_code == 405
    assert "已停用“市红十字会”" in client.post(reverse("unit_deactivate", args=[unit.pk]), follow=True).text
    assert not Unit.objects.get(pk=unit.pk).is_active
    assert unit not in client.get("/people/new").context["form"].fields["unit"].queryset
    client.post(reverse("unit_activate", args=[unit.pk]))
    assert Unit.objects.get(pk=unit.pk).is_active


def test_the_own_city_is_edited_but_not_closed(client, city):
    assert "停用单位" not in client.get(reverse("unit_edit", args=[city.pk])).text
    response = client.post(reverse("unit_deactivate", args=[city.pk]), follow=True)
    assert "不能停用" in response.text
    assert Unit.objects.get(pk=city.pk).is_active


def test_units_that_are_not_ones_own_do_not_exist(client, city):
    for name in ("unit_edit", "unit_deactivate", "unit_activate"):
        assert client.post(reverse(name, args=[city.parent.pk])).status_code == 404


def test_before_a_unit_is_closed_its_page_says_what_hangs_on_it(client, plan, units):
    unit, into = units["市医保局"], units["市财政局"]
    address = reverse("unit_close", args=[unit.pk])
    assert f'href="{address}"' in client.get(reverse("unit_edit", args=[unit.pk])).text
    assert "承担本年度任务2项" in client.get(address).text
    answer = client.post(address, {"successor": into.pk, "basis": "明委编〔2024〕9号"}, follow=True)
    assert "已停用“市医保局”，由“市财政局”接续" in answer.text
    unit.refresh_from_db()
    assert (unit.is_active, unit.successor) == (False, into)
    assert set(into.assignments.values_list("task__number", flat=True)) == {1, 3}
    page = client.get(reverse("unit_edit", args=[unit.pk])).text
    assert "已并入市财政局" in page
    assert "恢复单位" not in page


def test_without_document_or_successor_nothing_is_merged(client, plan, units):
    address = reverse("unit_close", args=[units["市医保局"].pk])
    assert "请填写依据" in client.post(address, {"successor": units["市财政局"].pk, "basis": ""}).text
    assert client.post(address, {"successor": "", "basis": "文"}).status_code == 200
    assert not Unit.objects.filter(is_active=False).exists()
