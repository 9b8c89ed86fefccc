"""Units, as an admin keeps them."""

from django.urls import reverse

from tasks_app.models import Unit


def form_of(unit, **changes):
    fields = {"name": unit.name, "short_name": unit.short_name, "position": unit.position, "aliases": ""}
    return fields | changes


def test_the_tree_shows_kind_people_and_aliases(admin, people, units, django_assert_num_queries):
    response = admin.get("/units")
    rows = [row.record for row in response.context["table"].rows]
    assert [rows[0].name, rows[1].name, len(rows)] == ["三明市", "三元区", 27]
    assert {unit.name: unit.people_count for unit in rows}["将乐县"] == 2
    assert "市卫生健康委" in response.text
    assert f"/people?unit={units['将乐县'].pk}" in response.text
    with django_assert_num_queries(6):  # session, person, unit; count, units, aliases
        admin.get("/units")


def test_a_unit_is_made_below_the_own_city(admin, people):
    data = {"code": "SJJ", "kind": "bureau", "name": "市数据局", "short_name": "数据局", "position": 30}
    response = admin.post("/units/new", data | {"aliases": "市人工智能局\r\n\r\n 市大数据局 "}, follow=True)
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
        response = admin.post("/units/new", data | changes)
        errors = [error for errors in response.context["form"].errors.values() for error in errors]
        assert any(sentence in error for error in errors), errors
    assert Unit.objects.count() == 29


def test_an_edit_is_saved_or_refused(admin, units):
    unit = units["市医保局"]
    address = reverse("unit_edit", args=[unit.pk])
    assert admin.get(address).context["form"]["aliases"].value() == "市医疗保障局"
    admin.post(address, form_of(unit, short_name="医保", aliases="市医疗保障局\n市医保中心"))
    unit.refresh_from_db()
    assert (unit.short_name, unit.aliases.count()) == ("医保", 2)
    response = admin.post(address, form_of(unit, aliases="市财政局"))
    assert "“市财政局”已是“市财政局”的名称或别名" in response.text
    assert unit.aliases.count() == 2


def test_closing_a_unit_asks_explains_and_can_be_undone(admin, units):
    unit = units["市红十字会"]
    address = reverse("unit_edit", args=[unit.pk])
    assert reverse("unit_close", args=[unit.pk]) in admin.get(address).text
    page = admin.get(reverse("unit_close", args=[unit.pk])).text
    assert "data-confirm" in page
    assert "新开放的填报期不再要求它填报" in page
    assert admin.get(reverse("unit_deactivate", args=[unit.pk])).status_code == 405
    assert "已停用“市红十字会”" in admin.post(reverse("unit_deactivate", args=[unit.pk]), follow=True).text
    assert not Unit.objects.get(pk=unit.pk).is_active
    assert unit not in admin.get("/people/new").context["form"].fields["unit"].queryset
    admin.post(reverse("unit_activate", args=[unit.pk]))
    assert Unit.objects.get(pk=unit.pk).is_active


def test_the_own_city_is_edited_but_not_closed(admin, city):
    assert "停用单位" not in admin.get(reverse("unit_edit", args=[city.pk])).text
    response = admin.post(reverse("unit_deactivate", args=[city.pk]), follow=True)
    assert "不能停用" in response.text
    assert Unit.objects.get(pk=city.pk).is_active


def test_units_that_are_not_ones_own_do_not_exist(admin, city):
    for name in ("unit_edit", "unit_deactivate", "unit_activate"):
        assert admin.post(reverse(name, args=[city.parent.pk])).status_code == 404


def test_before_a_unit_is_closed_its_page_says_what_hangs_on_it(admin, plan, units):
    unit, into = units["市医保局"], units["市财政局"]
    address = reverse("unit_close", args=[unit.pk])
    assert f'href="{address}"' in admin.get(reverse("unit_edit", args=[unit.pk])).text
    assert "承担本年度任务2项" in admin.get(address).text
    answer = admin.post(address, {"successor": into.pk, "basis": "明委编〔2024〕9号"}, follow=True)
    assert "已停用“市医保局”，由“市财政局”接续" in answer.text
    unit.refresh_from_db()
    assert (unit.is_active, unit.successor) == (False, into)
    assert set(into.assignments.values_list("task__number", flat=True)) == {1, 3}
    page = admin.get(reverse("unit_edit", args=[unit.pk])).text
    assert "已并入市财政局" in page
    assert "恢复单位" not in page


def test_without_document_or_successor_nothing_is_merged(admin, plan, units):
    address = reverse("unit_close", args=[units["市医保局"].pk])
    assert "请填写依据" in admin.post(address, {"successor": units["市财政局"].pk, "basis": ""}).text
    assert admin.post(address, {"successor": "", "basis": "文"}).status_code == 200
    assert not Unit.objects.filter(is_active=False).exists()
