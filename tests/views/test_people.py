"""People, as an admin keeps them."""

import re

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from tasks_app.domain.access.actions import create_person
from tasks_app.models import User
from tests.cast import PASSWORD


def form_of(person, **changes):
    fields = {"name": person.name, "unit": person.unit_id, "role": person.role, "phone": "", "email": ""}
    return fields | changes


def listed(response):
    return [row.record.username for row in response.context["table"].rows]


def test_the_list_is_searched(admin, people):
    assert len(listed(admin.get("/people"))) == 9
    assert listed(admin.get("/people?text=晓燕")) == ["jiangle"]
    assert listed(admin.get(f"/people?unit={people.filler.unit_id}&role=signer")) == ["jiangle-sq"]
    User.objects.filter(username="leader").update(is_active=False)
    assert listed(admin.get("/people?role=leader")) == []
    assert "没有符合条件的人员" in admin.get("/people?role=leader").text
    assert listed(admin.get("/people?state=inactive")) == ["leader"]
    assert len(listed(admin.get("/people?state=all"))) == 9
    assert len(listed(admin.get("/people?unit=abc&role=x&state=y"))) == 8


def test_units_without_a_filler_stand_at_the_top(admin, units):
    page = admin.get("/people")
    assert "23 个单位还没有填报员" in page.text
    link = re.search(r'href="(/people/new[^"]+)">市财政局', page.text)[1].replace("&amp;", "&")
    form = admin.get(link).context["form"]
    assert (form["role"].value(), form["unit"].value()) == ("filler", str(units["市财政局"].pk))


def test_the_number_of_queries_does_not_grow_with_the_people(
    admin, people, at, django_assert_num_queries, django_assert_max_num_queries
):
    admin.get("/people")
    with django_assert_max_num_queries(8) as counted:
        admin.get("/people")
    for i in range(30):
        create_person(
            username=f"u{i}",
            name="甲",
            unit=people.filler.unit,
            role="filler",
            password=PASSWORD,
            by=None,
            at=at,
        )
    with django_assert_num_queries(len(counted)):
        admin.get("/people")


def test_a_new_account_shows_its_password_once(admin, people):
    data = {"username": "yongan01", "name": "张三", "unit": people.filler.unit_id, "role": "filler"}
    response = admin.post("/people/new", data)
    assert "no-store" in response.headers["Cache-Control"]
    password = re.search(r'class="initial-password">([^<]+)<', response.text)[1]
    person = User.objects.get(username="yongan01")
    assert person.check_password(password)
    assert password not in admin.get("/people").text + admin.get(f"/people/{person.pk}").text
    browser = Client()
    browser.post("/login", {"username": "yongan01", "password": password})
    assert browser.get("/").headers["Location"] == "/password"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": "jiangle"}, "已被使用"),
        ({"username": "有 空格"}, "中间不能有空格"),
        ({"role": "office"}, "应当属于"),
        ({"unit": ""}, "必填"),
        ({"name": ""}, "必填"),
    ],
)
def test_a_bad_account_is_refused_in_words(admin, people, changes, sentence):
    data = {"username": "yongan01", "name": "张三", "unit": people.filler.unit_id, "role": "filler"} | changes
    before = User.objects.count()
    response = admin.post("/people/new", data)
    errors = [error for errors in response.context["form"].errors.values() for error in errors]
    assert any(sentence in error for error in errors), errors
    assert User.objects.count() == before


def test_an_edit_is_saved_or_refused(admin, people):
    address = reverse("person_edit", args=[people.filler.pk])
    assert admin.post(address, form_of(people.filler, name="林小燕")).headers["Location"] == "/people"
    assert User.objects.get(pk=people.filler.pk).name == "林小燕"
    response = admin.post(address, form_of(people.filler, role="office"))
    assert "应当属于" in response.text
    assert User.objects.get(pk=people.filler.pk).role == "filler"


def test_closing_an_account_ends_its_session(admin, login, people):
    theirs = login(people.filler)
    assert theirs.get("/profile").status_code == 200
    assert admin.get(reverse("person_deactivate", args=[people.filler.pk])).status_code == 405
    last = {"confirmed": "1"}
    response = admin.post(reverse("person_deactivate", args=[people.filler.pk]), last, follow=True)
    assert "已停用林晓燕的账号" in response.text
    assert "恢复账号" in response.text
    assert theirs.get("/profile").headers["Location"].startswith("/login")
    admin.post(reverse("person_activate", args=[people.filler.pk]))
    assert User.objects.get(pk=people.filler.pk).is_active


def test_a_reset_shows_the_new_password_once_and_ends_sessions(admin, login, people):
    theirs = login(people.filler)
    response = admin.post(reverse("person_reset_password", args=[people.filler.pk]))
    assert "no-store" in response.headers["Cache-Control"]
    password = re.search(r'class="initial-password">([^<]+)<', response.text)[1]
    assert User.objects.get(pk=people.filler.pk).check_password(password)
    assert theirs.get("/profile").headers["Location"].startswith("/login")


def test_admins_cannot_remove_themselves(admin, people):
    for name in ("person_deactivate", "person_reset_password"):
        response = admin.post(reverse(name, args=[people.admin.pk]), follow=True)
        assert "alert-danger" in response.text
    me = User.objects.get(pk=people.admin.pk)
    assert me.is_active
    assert me.check_password(PASSWORD)
    assert "停用账号" not in admin.get(reverse("person_edit", args=[people.admin.pk])).text


def test_an_admin_unlocks_an_account(admin, people):
    for _ in range(5):
        Client().post("/login", {"username": "jiangle", "password": "x"})
    address = reverse("person_edit", args=[people.filler.pk])
    assert "10:15 自动解除" in admin.get(address).text
    assert "已解除" in admin.post(reverse("person_unlock", args=[people.filler.pk]), follow=True).text
    assert not AccessAttempt.objects.exists()
    assert "自动解除" not in admin.get(address).text
    assert Client().post("/login", {"username": "jiangle", "password": PASSWORD}).status_code == 302


def test_people_of_another_city_do_not_exist(admin, people, units):
    units["将乐县"].parent = None
    units["将乐县"].save()
    for name in (
        "person_edit",
        "person_reset_password",
        "person_deactivate",
        "person_activate",
        "person_unlock",
    ):
        assert admin.post(reverse(name, args=[people.filler.pk])).status_code == 404
    response = admin.post(
        reverse("person_edit", args=[people.other_filler.pk]),
        form_of(people.other_filler, unit=units["将乐县"].pk),
    )
    assert "unit" in response.context["form"].errors


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("bureau_filler", "市卫健委最后一个填报员"),
        ("bureau_signer", "市卫健委最后一个审签人"),
        ("office", "市医改办最后一个账号"),
    ],
)
def test_the_last_of_a_role_goes_only_when_that_was_said(part, sentence, admin, people):
    person = getattr(people, part)
    address = reverse("person_deactivate", args=[person.pk])
    assert sentence in admin.post(address).text
    person.refresh_from_db()
    assert person.is_active
    admin.post(address, {"confirmed": "1"})
    person.refresh_from_db()
    assert not person.is_active


def test_the_last_of_a_role_moves_only_when_that_was_said(admin, people, units):
    person = people.bureau_filler
    address = reverse("person_edit", args=[person.pk])
    form = {"name": person.name, "unit": units["市财政局"].pk, "role": "filler", "phone": "", "email": ""}
    page = admin.post(address, form).text
    assert "市卫健委最后一个填报员" in page
    assert 'name="confirmed"' in page
    admin.post(address, form | {"confirmed": "1"})
    person.refresh_from_db()
    assert person.unit == units["市财政局"]
