"""The audit trail, as an auditor reads it."""

from datetime import timedelta

import pytest

from tasks_app.choices import AuditAction
from tasks_app.domain import audit
from tasks_app.domain.access.actions import create_person, update_person
from tasks_app.models import AuditEvent


@pytest.fixture
def client(login, people):
    return login(people.auditor)


def listed(response):
    return [row.record for row in response.context["table"].rows]


def test_changes_are_readable(client, people, at):
    fields = {"name": "林小燕", "unit": people.filler.unit, "role": "signer", "phone": "", "email": ""}
    update_person(people.filler, **fields, by=people.admin, at=at)
    create_person(username="n", name="新人", unit=people.filler.unit, role="filler", by=people.admin, at=at)
    text = client.get("/audit").text
    assert '姓名：</span><span class="preserve-lines">林晓燕</span> → ' in text
    assert '填报员</span> → <span class="preserve-lines">本单位审签人' in text
    assert "（空）" in text
    assert "人员：林小燕" in text
    assert "新增" in text


def test_odd_and_hostile_content_is_shown_as_text(client, people, at):
    changes = {
        "x": ["<b>", "长" * 100],
        "is_active": [True, False],
        "odd": {"a": 1},
        "role": ["filler", "gone"],
    }
    audit.record(AuditAction.PERSON_EDIT, people.filler, by=None, at=at, changes=changes, note="<script>1")
    AuditEvent.objects.create(
        at=at, actor_name="系统", action="gone", target_kind="gone", target_label="某物", changes={}
    )
    text = client.get("/audit").text
    assert "<script>1" not in text
    assert "&lt;script&gt;1" in text
    assert "&lt;b&gt;" in text
    assert "<details" in text
    assert '在用：</span><span class="preserve-lines">是</span> → ' in text
    assert "某物" in text


def test_the_trail_of_what_was_stored_otherwise_once_reads_as_ever(client, at):
    changes = {
        "addressee": [None, "市医改办"],
        "text": [None, "请明确口径"],
        "wanted_on": [None, "2024-08-15"],
    }
    AuditEvent.objects.create(
        at=at, actor_name="林晓燕", action="coordination", target_kind="coordination", changes=changes
    )
    text = client.get("/audit").text
    for label, value in (("请谁协调", "市医改办"), ("事项", "请明确口径"), ("希望答复", "2024-08-15")):
        assert f'{label}：</span><span class="preserve-lines">{value}</span>' in text


def test_newest_first_and_fifty_a_page(client, people, at):
    for i in range(60):
        audit.record(AuditAction.LOGIN, people.filler, by=people.filler, at=at + timedelta(minutes=i))
    rows = list(client.get("/audit").context["table"].page.object_list)
    assert len(rows) == 50
    assert rows[0].record.at == at + timedelta(minutes=59)
    assert "共 60 条" in client.get("/audit?page=2").text


def test_the_search(client, people, at):
    audit.record(AuditAction.LOGIN, people.filler, by=people.filler, at=at, unit=people.filler.unit)
    audit.record(AuditAction.EXPORT, people.office, by=people.office, at=at + timedelta(days=1), note="台账")
    login, export = AuditEvent.objects.order_by("id")
    assert listed(client.get("/audit?since=2024-07-16")) == [export]
    assert listed(client.get("/audit?until=2024-07-15")) == [login]
    assert listed(client.get(f"/audit?actor={people.office.pk}")) == [export]
    assert listed(client.get(f"/audit?unit={people.filler.unit_id}")) == [login]
    assert listed(client.get("/audit?action=export")) == [export]
    assert listed(client.get("/audit?text=台账")) == [export]
    assert "没有符合条件的记录" in client.get("/audit?text=没有").text
    page = client.get("/audit?since=yesterday&action=x&actor=abc")
    assert page.status_code == 200
    assert set(page.context["filter"].errors) == {"since", "action", "actor"}
    assert len(listed(page)) == 2


def test_the_number_of_queries_is_fixed(client, people, at, django_assert_num_queries):
    for person in (people.filler, people.office, people.bureau_filler):
        audit.record(AuditAction.LOGIN, person, by=person, at=at, unit=person.unit)
    # session, person, unit; count, rows; the choices of the search: people, units
    with django_assert_num_queries(7):
        client.get("/audit")


def test_nothing_can_be_sent_to_it(client):
    for method in (client.post, client.put, client.delete):
        assert method("/audit").status_code == 405
