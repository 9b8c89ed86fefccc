"""Samples: the same seed draws the same, of all or of each unit; only what is filed; kept with figures of their own."""

import hashlib

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tasks_app.domain.moves import Refused
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.review.actions import write_note
from tasks_app.domain.sampling.actions import draw
from tasks_app.domain.sampling.queries import lots
from tasks_app.domain.sampling.rules import Lot, drawn
from tasks_app.models import AuditEvent, Sample

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}
LOTS = [
    Lot(unit, task, 10 * place + task)
    for place, unit in enumerate(["350404", "350428"])
    for task in (1, 2, 3)
]


def test_the_rule_is_the_one_that_is_printed():
    """By plain words: the smallest SHA-256 of 种子:单位代码:任务序号 first."""
    tickets = {
        hashlib.sha256(f"三明2024:{lot.unit}:{lot.task}".encode()).hexdigest(): lot.entry for lot in LOTS
    }
    assert [lot.entry for lot in drawn("三明2024", LOTS, count=4, per_unit=False)] == [
        tickets[key] for key in sorted(tickets)[:4]
    ]


@given(st.text(max_size=10), st.integers(1, 8), st.booleans(), st.permutations(LOTS))
def test_it_is_the_same_in_whatever_order_and_never_more(seed, count, per_unit, shuffled):
    found = drawn(seed, shuffled, count=count, per_unit=per_unit)
    assert found == drawn(seed, LOTS, count=count, per_unit=per_unit)
    of_unit = [sum(lot.unit == unit for lot in found) for unit in ("350404", "350428")]
    assert of_unit == [min(count, 3)] * 2 if per_unit else len(found) == min(count, 6)


def file(report, by, at):
    for entry in report.entries.all():
        reporting.save_entry(report.pk, entry.pk, values=WORDS, version=0, by=by, at=at)
    reporting.submit_report(report.pk, by=by, at=at)


@pytest.mark.django_db
def test_only_what_is_filed_is_drawn_and_kept_with_how(reports, period, people, at):
    with pytest.raises(Refused, match="还没有单位报送"):
        draw(period=period, count=3, per_unit=False, seed="", by=people.office, at=at)
    file(reports["三元区"], people.other_filler, at)
    assert {lot.unit for lot in lots(period)} == {"350404"}
    for wrong, words in (({"seed": "a b"}, "种子"), ({"count": 0}, "1 到 200"), ({"count": 201}, "1 到 200")):
        given = {"count": 1, "per_unit": False, "seed": "7", **wrong}
        with pytest.raises(Refused, match=words):
            draw(period=period, **given, by=people.office, at=at)
    sample = draw(period=period, count=1, per_unit=True, seed="", by=people.office, at=at)
    assert (len(sample.seed), sample.drawn_from, sample.drawn.count()) == (8, 2, 1)
    again = draw(period=period, count=5, per_unit=False, seed="7", by=people.office, at=at)
    expected = [lot.entry for lot in drawn("7", lots(period), count=5, per_unit=False)]
    assert list(again.drawn.values_list("entry_id", flat=True)) == expected
    assert AuditEvent.objects.get(action="sample", target_id=again.pk).note == "种子 7，从 2 项中抽 2 项"


@pytest.mark.django_db
def test_the_page_counts_what_was_drawn_apart_and_says_how_to_draw_again(reports, period, people, login, at):
    report = reports["三元区"]
    file(report, people.other_filler, at)
    client = login(people.office)
    answer = client.post(
        reverse("sample_draw"), {"period": period.pk, "count": 2, "seed": "2024"}, follow=True
    )
    sample = Sample.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("sample", args=[sample.pk])
    text = " ".join(answer.content.decode().split())
    assert "种子 <strong>2024</strong>" in text
    assert "一致 0、自评偏高 0、自评偏低 0、未核定 2。" in text
    task = report.entries.first().task
    write_note(report.pk, task.pk, submission=1, rating="behind", basis="on_site", by=people.office, at=at)
    text = " ".join(login(people.leader).get(reverse("sample", args=[sample.pk])).content.decode().split())
    assert "一致 0、自评偏高 1、自评偏低 0、未核定 1。" in text
    assert "现场" in text
    assert login(people.leader).get(reverse("samples")).content.decode().count("抽取</button>") == 0
    wrong = client.post(reverse("sample_draw"), {"period": period.pk, "count": 0}, follow=True)
    assert "没有抽取" in wrong.content.decode()
    assert Sample.objects.count() == 1
