"""Log-in and its lock, log-out, passwords, the profile."""

import logging
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse

from tasks_app.choices import AuditAction
from tasks_app.models import AuditEvent, User
from tests.cast import PASSWORD

WRONG = "Wrong-guess-77"
NEW = "Jiangle-yigai-1"


@pytest.fixture
def enter(people, set_clock, at):
    """`enter(username, password, …)` posts the log-in form and returns (client, response)."""
    set_clock(at)

    def post(username="jiangle", password=PASSWORD, client=None, address="10.0.0.1", **data):
        client = client or Client()
        data = {"username": username, "password": password, **data}
        return client, client.post(reverse("login"), data, REMOTE_ADDR=address)

    return post


def actions_recorded():
    return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


def test_log_in_and_out_is_recorded(enter, people):
    client, response = enter()
    assert response.headers["Location"] == "/"
    assert get_user(client) == people.filler
    assert client.get("/logout").status_code == 405
    assert client.post("/logout").headers["Location"] == "/login"
    assert get_user(client).is_anonymous
    assert "您已退出登录" in client.get("/login").text
    events = AuditEvent.objects.order_by("id")
    assert [(e.action, e.actor) for e in events] == [("login", people.filler), ("logout", people.filler)]
    assert events[0].note == "来自 10.0.0.1"


def test_the_page_warns_names_its_fields_and_is_not_kept(db, client):
    response = client.get("/login")
    assert "严禁填报涉密信息" in response.text
    assert 'autocomplete="username"' in response.text
    assert 'autocomplete="current-password"' in response.text
    assert "autofocus" in response.text
    assert "no-store" in response.headers["Cache-Control"]


def test_nothing_tells_which_accounts_exist(enter, people):
    people.other_filler.is_active = False
    people.other_filler.save()
    pages = []
    for username, password in (("jiangle", WRONG), ("nobody", WRONG), ("sanyuan", PASSWORD)):
        client, response = enter(username, password)
        assert response.status_code == 200
        assert "账号或密码不正确" in response.text
        assert get_user(client).is_anonymous
        token = response.context["csrf_token"]
        pages.append(response.text.replace(str(token), "").replace(f'value="{username}"', ""))
    assert len({page.split("<form method")[0] for page in pages}) == 1
    assert "nobody" not in str(AuditEvent.objects.values_list("target_label", "note"))


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/people?unit=1", "/people?unit=1"),
        ("http://testserver/people", "http://testserver/people"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_next_leads_nowhere_else(enter, wanted, reached):
    assert enter(next=wanted)[1].headers["Location"] == reached


@pytest.mark.parametrize(
    ("referrer", "destination"),
    [
        ("http://testserver/people?page=2", "/login?next=/people%3Fpage%3D2"),
        ("http://evil.example/people", "/login"),
        ("", "/login"),
    ],
)
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(db, client, referrer, destination):
    response = client.post("/people/1/unlock", headers={"Referer": referrer})
    assert response.headers["Location"] == destination
    assert "刚才的操作没有执行" in client.get(destination).text


def test_somebody_logged_in_is_sent_on(login, people):
    assert login(people.filler).get("/login?next=/plans").headers["Location"] == "/plans"


def test_a_session_known_before_is_worth_nothing_after(enter, people):
    client = Client()
    enter("nobody", WRONG, client=client)
    client.session.save()
    client.cookies["sessionid"] = "a" * 32
    enter(client=client)
    assert client.cookies["sessionid"].value != "a" * 32
    assert get_user(client) == people.filler
    thief = Client()
    thief.cookies["sessionid"] = "a" * 32
    assert get_user(thief).is_anonymous


def test_five_failures_lock_the_account_from_that_address_for_a_while(enter, people, set_clock, at):
    for _ in range(4):
        assert enter(password=WRONG)[1].status_code == 200
    response = enter(password=WRONG)[1]
    assert response.status_code == 429
    assert "15 分钟" in response.text
    assert actions_recorded() == ["login_failed"] * 5 + ["login_locked"]
    assert AuditEvent.objects.filter(action=AuditAction.LOGIN_LOCKED).get().unit == people.filler.unit
    set_clock(at + timedelta(minutes=10))
    response = enter()[1]
    assert response.status_code == 429  # the right password does not help, and trying does not prolong it
    assert "5 分钟" in response.text
    assert enter("sanyuan")[1].status_code == 302  # the colleague behind the same address
    assert enter(address="10.0.0.2")[1].status_code == 302  # the same person elsewhere
    set_clock(at + timedelta(minutes=15, seconds=1))
    assert enter()[1].status_code == 302


def test_an_account_that_does_not_exist_locks_alike(enter):
    for _ in range(4):
        enter("nobody", WRONG)
    response = enter(" nobody ", WRONG)[1]
    assert response.status_code == 429
    assert "15 分钟" in response.text


def test_behind_a_proxy_the_lock_counts_the_address_the_proxy_saw(enter, settings):
    settings.BEHIND_PROXY = True
    for forged in range(5):
        client = Client(headers={"X-Forwarded-For": f"1.1.1.{forged}, 10.0.0.1"})
        status = enter(password=WRONG, client=client)[1].status_code
    assert status == 429
    assert enter(client=Client(headers={"X-Forwarded-For": "10.0.0.9"}))[1].status_code == 302
    assert enter("sanyuan", client=Client(headers={"X-Forwarded-For": "nonsense"}))[1].status_code == 302


def test_passwords_reach_neither_log_nor_trail(enter, people, caplog):
    caplog.set_level(logging.DEBUG)
    enter(password=WRONG)
    enter(WRONG, WRONG)
    client, _ = enter()
    client.post("/password", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert User.objects.get(pk=people.filler.pk).check_password(NEW)
    stored = str(list(AuditEvent.objects.values())) + str(list(AccessAttempt.objects.values("post_data")))
    for secret in (WRONG, PASSWORD, NEW):
        assert secret not in caplog.text
        assert secret not in stored


def test_a_part_of_a_page_asked_for_after_the_session_ended_replaces_nothing(db, client):
    assert client.get("/reports/1", headers={"HX-Request": "true"}).status_code == 401


def test_an_initial_password_must_be_changed_first(login, people):
    people.filler.must_change_password = True
    people.filler.save()
    client = login(people.filler)
    for address in ("/", "/plans", "/profile", "/people"):
        assert client.get(address).headers["Location"] == "/password"
    page = client.get("/password")
    assert "初始密码" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    answer = client.post("/password", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert answer.headers["Location"] == "/"
    assert client.get("/profile").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        (WRONG, NEW, NEW, "旧密码"),
        (PASSWORD, NEW, NEW + "x", "不一致"),
        (PASSWORD, "short-1", "short-1", "10"),
        (PASSWORD, "1234567890123", "1234567890123", "数字"),
        (PASSWORD, PASSWORD, PASSWORD, "新密码不能与原密码相同"),
    ],
)
def test_a_bad_new_password_is_refused_in_words(login, people, old, new, again, sentence):
    client = login(people.filler)
    response = client.post("/password", {"old_password": old, "new_password1": new, "new_password2": again})
    assert response.status_code == 200
    assert any(sentence in error for errors in response.context["form"].errors.values() for error in errors)
    assert User.objects.get(pk=people.filler.pk).check_password(PASSWORD)


def test_changing_the_password_ends_all_other_sessions(login, people):
    here, elsewhere = login(people.filler), login(people.filler)
    here.post("/password", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert get_user(here) == people.filler
    assert elsewhere.get("/profile").headers["Location"].startswith("/login")


def test_the_profile_changes_only_what_is_ones_own(login, people):
    client = login(people.filler)
    data = {"name": "林小燕", "phone": "0598-1", "email": "lin@example.invalid"}
    forged = {"role": "admin", "unit": people.admin.unit.pk, "username": "x", "is_active": ""}
    assert client.post("/profile", data | forged).headers["Location"] == "/profile"
    person = User.objects.get(pk=people.filler.pk)
    assert (person.name, person.phone, person.email) == ("林小燕", "0598-1", "lin@example.invalid")
    assert (person.role, person.unit, person.username) == ("filler", people.filler.unit, "jiangle")
    page = client.get("/profile").text
    assert "将乐县" in page
    assert "填报员" in page
    response = client.post("/profile", data | {"name": "", "email": "x"})
    assert set(response.context["form"].errors) == {"name", "email"}
    assert response.context["user"].name == "林小燕"


def test_a_short_password_is_refused_in_chinese(login, people):
    typed = {"old_password": PASSWORD, "new_password1": "Yigai-1", "new_password2": "Yigai-1"}
    page = login(people.filler).post(reverse("password_change"), typed).text
    assert "密码太短，至少要有 10 个字符。" in page
    assert "too short" not in page


def test_pages_of_people_logged_in_are_not_kept(login, people):
    office = login(people.office)
    for path in ("/", "/matrix", "/no-such-page"):
        assert office.get(path).headers["Cache-Control"] == "private, no-store"


def test_a_head_is_answered_without_body(login, people):
    office = login(people.office)
    got, headed = office.get("/status"), office.head("/status")
    assert headed.status_code == got.status_code == 200
    assert int(headed.headers["Content-Length"]) > 1000
    assert headed.content == b""


def test_a_request_that_is_refused_leaves_the_other_windows_token_alone(people):
    """One window still asks who else is there after its log-in is gone; another has just opened the log-in page."""
    client = Client(enforce_csrf_checks=True)
    refused = client.post("/reports/1/presence")
    assert refused.status_code == 403
    assert "csrftoken" not in refused.cookies
    asked = client.get("/login")
    token = asked.context["csrf_token"]
    late = Client(enforce_csrf_checks=True).post("/reports/1/presence")  # it left before the token had come
    client.cookies.update(late.cookies)
    form = {"username": "jiangle", "password": PASSWORD, "csrfmiddlewaretoken": str(token)}
    assert client.post("/login", form).headers["Location"] == "/"
