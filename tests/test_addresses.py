"""Every address as nobody and as each role. A new address fails here until it is entered in ADDRESSES."""

import re
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tasks_app.choices import Role
from tasks_app.urls import urlpatterns
from tests.address_samples import make_world

UNIT = {Role.FILLER, Role.SIGNER}
READERS = {Role.OFFICE, Role.LEADER}
OFFICE = {Role.OFFICE}
LEADER = {Role.LEADER}
ADMIN = {Role.ADMIN}
EVERYBODY = set(Role)
PUBLIC = {"login", "health", "calendar_feed_file"}
FORGIVING = {"special_day_delete"}  # a day that is gone already is what was wanted


@dataclass(frozen=True)
class Address:
    """Who may use it; `args` names sample objects of 将乐县 or of the city; `post_only` changes things."""

    roles: set[Role]
    args: list[str] = field(default_factory=list)
    post_only: bool = False


def post(roles: set[Role], *args: str) -> Address:
    return Address(roles, list(args), post_only=True)


def page(roles: set[Role], *args: str) -> Address:
    return Address(roles, list(args))


ADDRESSES = {
    "home": page(EVERYBODY),
    "health": page(EVERYBODY),
    "login": page(EVERYBODY),
    "logout": post(EVERYBODY),
    "password_change": page(EVERYBODY),
    "profile": page(EVERYBODY),
    "report_now": page(UNIT),
    "report": page(UNIT, "report"),
    "report_save_entry": post({Role.FILLER}, "report", "entry"),
    "report_save_header": post({Role.FILLER}, "report"),
    "report_presence": post({Role.FILLER}, "report"),
    "report_check": page(UNIT, "report"),
    "report_request_signature": post({Role.FILLER}, "report"),
    "report_recall": post({Role.FILLER}, "report"),
    "report_refuse_signature": post({Role.SIGNER}, "report"),
    "report_submit": post(UNIT, "report"),
    "report_receipt": page(UNIT | READERS, "report", "receipt"),
    "report_compare": page(UNIT, "report", "entry"),
    "evidence_upload": post({Role.FILLER}, "report", "entry"),
    "evidence_remove": post({Role.FILLER}, "report", "entry", "attachment"),
    "evidence_download": page(UNIT | READERS, "attachment"),
    "review_queue": page(OFFICE),
    "review_report": page(READERS, "report"),
    "review_return": post(OFFICE, "report"),
    "review_accept": post(OFFICE, "report"),
    "review_reopen": post(OFFICE, "report"),
    "review_keep_verdicts": post(OFFICE, "report"),
    "review_note": post(OFFICE, "report", "task"),
    "review_task": page(READERS, "task"),
    "submissions_compare": page(UNIT | READERS, "report"),
    "receipts": page(UNIT | READERS | {Role.AUDITOR}),
    "matrix": page(READERS),
    "numbers": page(READERS),
    "numbers_workbook": page(READERS, "period"),
    "number_rule": post(OFFICE, "period", "accepted_indicator"),
    "not_filed": page(READERS),
    "not_filed_call": post(OFFICE, "report"),
    "lagging": page(READERS),
    "course": page(UNIT | READERS, "report", "task"),
    "report_as_of": page(UNIT | READERS, "report"),
    "plans": page(UNIT | READERS | ADMIN),
    "plan": page(UNIT | READERS | ADMIN, "plan"),
    "task_edit": page(ADMIN, "plan", "task"),
    "task_units": page(ADMIN, "plan", "task"),
    "year_end": page(OFFICE | ADMIN, "plan"),
    "year_set_end": post(OFFICE | ADMIN, "plan"),
    "year_close": post(OFFICE | ADMIN, "plan"),
    "year_reopen": post(OFFICE | ADMIN, "plan"),
    "periods": page(ADMIN, "plan"),
    "ladder": page(OFFICE | ADMIN, "plan"),
    "ladder_of": page(OFFICE | ADMIN, "plan", "kind"),
    "ladder_preview": post(OFFICE | ADMIN, "plan", "kind", "row"),
    "indicators": page(ADMIN, "plan"),
    "gatherings": page(ADMIN, "plan"),
    "gatherings_workbook": page(ADMIN, "plan"),
    "gatherings_upload": page(ADMIN, "plan"),
    "gatherings_apply": post(ADMIN, "plan"),
    "gathering": page(ADMIN, "plan", "accepted_indicator"),
    "indicators_accept": post(ADMIN, "plan"),
    "indicator_edit": page(ADMIN, "plan", "indicator"),
    "indicator_decide": post(ADMIN, "plan", "indicator"),
    "plan_imports": page(ADMIN),
    "plan_import_template": page(ADMIN),
    "plan_import": page(ADMIN, "plan_import"),
    "plan_import_read": post(ADMIN, "plan_import"),
    "plan_import_progress": page(ADMIN, "plan_import"),
    "plan_import_problems": page(ADMIN, "plan_import"),
    "plan_import_changes": page(ADMIN, "plan_import"),
    "plan_import_years": page(ADMIN, "plan_import"),
    "plan_import_details": post(ADMIN, "plan_import"),
    "plan_import_columns": post(ADMIN, "plan_import"),
    "plan_import_names": post(ADMIN, "plan_import"),
    "plan_import_row": page(ADMIN, "plan_import", "sheet", "row"),
    "plan_import_refresh": post(ADMIN, "plan_import"),
    "plan_import_apply": post(ADMIN, "plan_import"),
    "plan_import_discard": post(ADMIN, "plan_import"),
    "plan_import_undo": post(ADMIN, "plan_import"),
    "reminders": page(OFFICE),
    "reminders_coming": page(OFFICE),
    "reminders_calls": page(OFFICE),
    "reminders_calls_workbook": page(OFFICE),
    "delivery_decide": post(OFFICE, "delivery"),
    "inbox": page(UNIT | OFFICE),
    "inbox_read": page({Role.FILLER}, "own_message"),
    "calendar_feed": page(UNIT),
    "calendar_feed_replace": post(UNIT),
    "calendar_feed_stop": post(UNIT),
    "calendar_feed_file": page(EVERYBODY, "feed_token"),
    "clashes": page(ADMIN, "plan"),
    "clash_adopt": post(ADMIN, "plan"),
    "offline_form": page({Role.FILLER}, "report"),
    "offline_upload": page({Role.FILLER}, "report"),
    "offline_preview": page({Role.FILLER}, "report"),
    "offline_place": post({Role.FILLER}, "report"),
    "offline_apply": post({Role.FILLER}, "report"),
    "offline_discard": post({Role.FILLER}, "report"),
    "report_export": page(UNIT | READERS, "report"),
    "period_export": page(READERS, "period"),
    "coordination": page(UNIT | READERS),
    "coordination_new": page(UNIT),
    "coordination_read": page(UNIT | READERS, "coordination"),
    "coordination_refer": page(OFFICE, "coordination"),
    "coordination_change": page(UNIT, "coordination"),
    "coordination_answer": post(UNIT | OFFICE, "coordination"),
    "coordination_settle": post(UNIT | OFFICE, "coordination"),
    "coordination_ask": page(UNIT, "report", "entry"),
    "instructions": page(UNIT | READERS),
    "instruction": page(UNIT | READERS, "instruction"),
    "instruct": page(LEADER, "task"),
    "instruction_answer": post(UNIT | READERS, "instruction"),
    "instruction_refuse": post(UNIT | READERS, "instruction"),
    "instruction_settle": post(UNIT | READERS, "instruction"),
    "verifications": page(UNIT | OFFICE),
    "verification": page(OFFICE, "verification"),  # 将乐县, whose report it is about, has no part in it
    "verification_ask": page(OFFICE, "report", "task"),
    "verification_ask_all": page(OFFICE, "task"),
    "verification_answer": post(OFFICE, "verification"),
    "verification_settle": post(OFFICE, "verification"),
    "samples": page(READERS),
    "sample_draw": post(OFFICE),
    "sample": page(READERS, "sample"),
    "practices": page(UNIT | READERS | ADMIN),
    "practices_handling": page(OFFICE),
    "practice": page(UNIT | READERS | ADMIN, "practice"),
    "practice_decide": post(OFFICE, "practice"),
    "practice_propose": page(UNIT, "report", "entry"),
    "extensions": page(OFFICE),
    "extension_ask": page(UNIT, "report"),
    "extension_withdraw": post(UNIT, "extension"),
    "extension_decide": post(OFFICE, "extension"),
    "stand_ins": page(UNIT | OFFICE | ADMIN),
    "stand_in_end": post({Role.SIGNER} | ADMIN, "stand_in"),
    "on_behalf": page(OFFICE),
    "on_behalf_end": post(UNIT, "report"),
    "units": page(ADMIN),
    "unit_create": page(ADMIN),
    "unit_edit": page(ADMIN, "unit"),
    "unit_close": page(ADMIN, "unit"),
    "unit_deactivate": post(ADMIN, "unit"),
    "unit_activate": post(ADMIN, "unit"),
    "people": page(ADMIN),
    "person_create": page(ADMIN),
    "person_edit": page(ADMIN, "person"),
    "person_reset_password": post(ADMIN, "person"),
    "person_deactivate": post(ADMIN, "person"),
    "person_activate": post(ADMIN, "person"),
    "person_unlock": post(ADMIN, "person"),
    "calendar": page(ADMIN),
    "special_day_delete": post(ADMIN, "special_day"),
    "audit": page({Role.AUDITOR}),
    "status": page(ADMIN | OFFICE),
    "sending_hold": page(OFFICE),
    "notice_document": page(OFFICE | ADMIN, "notice", "notice_kind"),
    "interview_document": page(OFFICE | ADMIN, "interview", "interview_kind"),
    "unit_call": page(OFFICE | ADMIN, "own_unit"),
    "candidate_letter": page(OFFICE | ADMIN, "thing"),
    "documents": page(OFFICE | ADMIN),
    "document": page(OFFICE | ADMIN, "notice_kind"),
    "document_template": page(OFFICE | ADMIN, "notice_kind"),
    "document_sample": page(OFFICE | ADMIN, "notice_kind"),
    "document_restore": post(OFFICE | ADMIN, "notice_kind"),
    "escalation": page(OFFICE),
    "escalation_draft": page(OFFICE, "thing"),
    "escalation_set_aside": post(OFFICE, "thing"),
    "escalation_take_back": post(OFFICE, "thing"),
    "notices": page(UNIT | READERS),
    "notice": page(UNIT | READERS, "notice"),
    "notice_edit": page(OFFICE, "notice"),
    "notice_hear": post(OFFICE, "notice"),
    "notice_issue": post(OFFICE, "notice"),
    "notice_refuse": post(OFFICE, "notice"),
    "notice_accept": post(OFFICE, "notice"),
    "notice_raise": page(OFFICE, "notice"),
    "notice_withdraw": post(OFFICE, "notice"),
    "notice_object": post(UNIT, "notice"),
    "notice_acknowledge": post(UNIT, "notice"),
    "notice_reply": post(UNIT, "notice"),
    "interviews": page(UNIT | READERS),
    "interview_new": page(OFFICE),
    "interview": page(UNIT | READERS, "interview"),
    "interview_edit": page(OFFICE, "interview"),
    "interview_notify": post(OFFICE, "interview"),
    "interview_record": post(OFFICE, "interview"),
    "interview_demand": post(OFFICE, "interview"),
    "interview_close": post(OFFICE, "interview"),
    "interview_withdraw": post(OFFICE, "interview"),
    "correction_answer": post(UNIT, "interview", "correction"),
    "correction_verify": post(OFFICE, "interview", "correction"),
    "correction_refuse": post(OFFICE, "interview", "correction"),
}


@pytest.fixture
def world(people, units, plan, period, at) -> SimpleNamespace:
    """One sample of everything an address may speak of."""
    return make_world(people, units, plan, period, at)


def url_of(name: str, world: SimpleNamespace) -> str:
    return reverse(name, args=[getattr(world, argument) for argument in ADDRESSES[name].args])


@contextmanager
def undone():
    """What is changed inside is as if it had never been, so that one address does not spoil the next."""
    savepoint = transaction.savepoint()
    yield
    transaction.savepoint_rollback(savepoint)


@pytest.fixture
def ask(world, people, login):
    """`ask(role, name)` uses the address as somebody of that role, the way it is meant to be used."""

    clients: dict[Role, Client] = {}

    def send(role: Role, name: str, method: str = "", url: str = ""):
        if role not in clients:
            clients[role] = login(
                getattr(people, role.value)
            )  # of every role the cast has one under its name
            clients[role].raise_request_exception = False  # a 500 is counted, its cause is in the log
        client = copy(clients[role])
        client.cookies = clients[role].cookies.copy()  # what logs out does so in the copy alone
        method = method or ("post" if ADDRESSES[name].post_only else "get")
        with undone():
            return getattr(client, method)(url or url_of(name, world))

    return send


def test_every_address_is_entered():
    assert {pattern.name for pattern in urlpatterns} == set(ADDRESSES)


def test_nobody_gets_in_unless_it_is_public(world, client):
    for name in ADDRESSES:
        url = url_of(name, world)
        for method, destination in ((client.get, f"/login?next={quote(url)}"), (client.post, "/login")):
            response = method(url)
            got = response.status_code, response.headers.get("Location")
            if name in PUBLIC:
                assert got in ([(200, None)] if method == client.get else [(200, None), (405, None)]), name
            else:
                assert got == (302, destination), name


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_its_own_and_nothing_else(role, ask):
    reached, refused, broken = set(), set(), {}
    for name in ADDRESSES:
        status = ask(role, name).status_code
        if status == 404:
            refused.add(name)
        elif status in (403, 405) or status >= 500:
            broken[name] = status
        else:
            reached.add(name)
    own = {name for name, address in ADDRESSES.items() if role in address.roles}
    assert (broken, reached - own, own - reached) == ({}, set(), set())
    assert refused == set(ADDRESSES) - own


@pytest.mark.parametrize("role", list(Role))
def test_a_link_changes_nothing(role, ask):
    for name, address in ADDRESSES.items():
        if address.post_only:
            allowed = (405,) if role in address.roles else (404, 405)
            assert ask(role, name, "get").status_code in allowed, name


@pytest.mark.parametrize("role", list(Role))
def test_an_empty_form_breaks_nothing(role, ask):
    for name, address in ADDRESSES.items():
        if not address.post_only:
            status = ask(role, name, "post").status_code
            assert status < 500, name
            assert role in address.roles or status in (404, 405), name


@pytest.mark.parametrize("role", list(Role))
def test_what_does_not_exist_is_a_404(role, ask):
    for name, address in ADDRESSES.items():
        missing = ["nothing" if argument == "receipt" else 987654321 for argument in address.args]
        if missing and role in address.roles and name not in FORGIVING:
            assert ask(role, name, url=reverse(name, args=missing)).status_code == 404, name


def test_a_unit_never_reaches_anothers_report(world, people, login):
    for other in (people.other_filler, people.bureau_filler, people.bureau_signer):
        client = login(other)
        for name, address in ADDRESSES.items():
            if "report" in address.args or name == "inbox_read":
                assert client.get(url_of(name, world)).status_code in (404, 405), name
                assert client.post(url_of(name, world)).status_code in (404, 405), name
                assert not address.post_only or client.post(url_of(name, world)).status_code == 404, name


@pytest.mark.parametrize("role", list(Role))
def test_what_is_drawn_keeps_to_the_policy(role, ask):
    for name, address in ADDRESSES.items():
        if address.post_only or role not in address.roles:
            continue
        response = ask(role, name)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Frame-Options"] == "DENY"
        if response.headers["Content-Type"].startswith("text/html"):
            html = response.content.decode()
            assert not re.search(r"<style|<[^>]*\s(style|on[a-z]+)=|javascript:", html), name
            assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", html), name
            assert not re.search(r"""(src|href|action)=["'](https?:)?//""", html), name


def test_a_form_without_its_token_is_refused(people, world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.admin, backend="django.contrib.auth.backends.ModelBackend")
    for name, address in ADDRESSES.items():
        if address.post_only:
            assert client.post(url_of(name, world)).status_code == 403, name
    response = client.post(reverse("login"), {"username": "admin", "password": "x"})
    assert response.status_code == 403
    assert "请重新打开页面" in response.content.decode()
