"""The three-way merge: random edits here and there and in the file give exactly what they must."""

import random
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_app.domain.offline.rules import (
    ASKS,
    CHOICES,
    ENTRY_FIELDS,
    WRITTEN,
    BoxOutcome,
    Choice,
    Decision,
    ServerEntry,
    UploadedRow,
    canonical,
    fingerprint,
    merge,
    outcome,
    resolved,
    value_of,
)
from tasks_app.forms.reporting import TEXT_LIMIT

pytestmark = pytest.mark.once
O = BoxOutcome  # noqa: E741 (the table below)
# (as taken away, now on the server, in the file): every way in which three texts can differ
TABLE = {
    ("甲", "甲", "甲"): O.UNCHANGED,
    ("甲", "乙", "甲"): O.KEPT,
    ("甲", "", "甲"): O.KEPT,
    ("甲", "甲", "乙"): O.TAKEN,
    ("", "", "乙"): O.TAKEN,
    ("甲", "甲", ""): O.CLEARED,
    ("甲", "乙", "乙"): O.SAME,
    ("甲", "", ""): O.SAME,
    ("甲", "乙", "丙"): O.CONFLICT,
    ("", "乙", "丙"): O.CONFLICT,
    ("甲", "乙", ""): O.CONFLICT,
    ("甲", "", "丙"): O.CONFLICT,
    # What a program changes by itself is no change.
    ("甲\n乙 ", "甲\n乙 ", "甲\r\n乙"): O.UNCHANGED,
    ("甲", "乙", "甲\n"): O.KEPT,
    ("甲", "乙\n", " 乙"): O.SAME,
}


@pytest.mark.parametrize("texts", TABLE, ids=repr)
def test_every_way_in_which_three_texts_differ(texts):
    base, server, file = texts
    assert outcome(fingerprint(base), server, file) is TABLE[texts]


@dataclass
class World:
    """One task of the random play: its texts as taken away, now on the server, in the file."""

    base: dict[str, str]
    server: dict[str, str]
    file: dict[str, str]


VALUES = st.sampled_from(["", "甲", "乙", "丙", "=1+1", "长" * 50])
CHOSEN = {name: st.sampled_from(["", *choices.values()]) for name, choices in CHOICES.items()}
TEXTS = st.fixed_dictionaries({name: CHOSEN.get(name, VALUES) for name in ENTRY_FIELDS})
WORLDS = st.lists(st.builds(World, TEXTS, TEXTS, TEXTS), min_size=1, max_size=5)


def rows_of(worlds: list[World]) -> list[UploadedRow]:
    return [
        UploadedRow(
            line=5 + pk,
            entry=pk,
            texts={name: text for name, text in world.file.items() if text != world.base[name]},
        )
        for pk, world in enumerate(worlds, start=1)
    ]


def bases_of(worlds: list[World]) -> dict[int, dict[str, str]]:
    return {
        pk: {name: fingerprint(text) for name, text in world.base.items()}
        for pk, world in enumerate(worlds, start=1)
    }


def entries_of(worlds: list[World]) -> list[ServerEntry]:
    return [
        ServerEntry(pk, f"{pk}. 任务", world.server, number=pk) for pk, world in enumerate(worlds, start=1)
    ]


def expected(base: str, server: str, file: str, choice: Choice) -> str:
    """What must stand on the server in the end, by plain words: no hash, no table."""
    if file in (base, server):
        return server
    if server == base and file != "":
        return file
    if choice is Choice.FILE:
        return file
    return server if choice is Choice.SERVER else "合并后"


@given(WORLDS, st.sampled_from(list(Choice)), st.randoms(use_true_random=False), st.data())
def test_random_edits_merge_as_they_must(worlds, choice, chance, data):
    """Rows in any order, some copied as they are, some deleted: the rest merges box by box."""
    rows = rows_of(worlds)
    deleted = data.draw(st.sets(st.sampled_from(range(1, len(worlds) + 1))))
    rows = [row for row in rows if row.entry not in deleted]
    rows += [UploadedRow(100 + row.line, row.entry, row.texts) for row in rows if chance.random() < 0.3]
    chance.shuffle(rows)
    merged = merge(entries_of(worlds), rows, bases_of(worlds), {})
    assert {entry.pk for entry in merged.missing} == deleted
    assert merged.strangers == ()
    assert len(merged.boxes) == len(worlds) * len(ENTRY_FIELDS)
    for box in merged.boxes:
        world = worlds[box.entry - 1]
        base, server, file = (texts[box.field] for texts in (world.base, world.server, world.file))
        file = base if box.entry in deleted else file
        chosen = choice if choice in box.choices else Choice.SERVER
        text = resolved(box, Decision(chosen, "合并后", fingerprint(server)))
        assert (server if text is None else text) == expected(base, server, file, chosen)


@given(WORLDS)
def test_nothing_that_asks_is_written_unasked(worlds):
    for box in merge(entries_of(worlds), rows_of(worlds), bases_of(worlds), {}).boxes:
        if box.asks:
            stale = Decision(Choice.FILE, "", fingerprint(f"{box.server}以后又改"))
            for decision in (None, stale):
                with pytest.raises(LookupError):
                    resolved(box, decision)
        else:
            assert resolved(box, None) == (box.file if box.outcome is O.TAKEN else None)


@given(WORLDS)
def test_a_second_upload_of_the_same_file_changes_nothing(worlds):
    """What was taken once is the same on both sides the second time."""
    bases, rows = bases_of(worlds), rows_of(worlds)
    first = merge(entries_of(worlds), rows, bases, {})
    for box in first.boxes:
        text = resolved(box, Decision(Choice.FILE, "", fingerprint(box.server)))
        if text is not None:
            worlds[box.entry - 1].server[box.field] = text
    again = merge(entries_of(worlds), rows, bases, {})
    assert not [box for box in again.boxes if box.outcome in ASKS | {O.TAKEN}]


# --- rows ------------------------------------------------------------------------------------------------


def one(server: str = "", **texts: str) -> tuple[list[ServerEntry], dict[int, dict[str, str]]]:
    """One task with `server` in 工作进展, taken away empty."""
    held = dict.fromkeys(ENTRY_FIELDS, "") | {"progress": server} | texts
    return [ServerEntry(1, "1. 任务", held, number=1)], {1: dict.fromkeys(ENTRY_FIELDS, fingerprint(""))}


def only(merged, name: str = "progress"):
    (box,) = [box for box in merged.boxes if box.field == name]
    return box


def test_a_copied_row_in_which_somebody_wrote_is_the_row():
    entries, bases = one()
    rows = [UploadedRow(5, 1, {}), UploadedRow(6, 1, {"progress": "写在复制的行里"})]
    merged = merge(entries, rows, bases, {})
    assert (only(merged).outcome, only(merged).file) == (O.TAKEN, "写在复制的行里")
    assert merged.strangers == ()


def test_two_copies_with_different_words_are_asked_about():
    entries, bases = one()
    rows = [UploadedRow(5, 1, {"progress": "甲"}), UploadedRow(6, 1, {"progress": "乙"})]
    merged = merge(entries, rows, bases, {})
    assert only(merged).file == "甲"
    assert [row.line for row in merged.strangers] == [6]
    joined = only(merge(entries, rows, bases, {6: 1}))
    assert (joined.outcome, joined.file) == (O.TAKEN, "甲\n乙")


def test_a_row_without_a_mark_is_offered_and_never_taken_by_itself():
    entries, bases = one()
    merged = merge(entries, [UploadedRow(5, 1, {}), UploadedRow(9, None, {"progress": "插入的"})], bases, {})
    assert only(merged).outcome is O.UNCHANGED
    assert [row.line for row in merged.strangers] == [9]


@pytest.mark.parametrize(("server", "what"), [("", O.TAKEN), ("网上的", O.CONFLICT), ("插入的", O.SAME)])
def test_a_row_without_a_mark_that_was_placed_fills_only_what_is_empty(server, what):
    entries, bases = one(server)
    merged = merge(entries, [UploadedRow(9, None, {"progress": "插入的"})], bases, {9: 1})
    assert only(merged).outcome is what
    assert (merged.strangers, merged.missing) == ((), ())


def test_a_row_of_another_report_is_not_recognised():
    entries, bases = one()
    assert [
        row.line for row in merge(entries, [UploadedRow(5, 77, {"progress": "甲"})], bases, {}).strangers
    ] == [5]


# --- what a box cannot hold --------------------------------------------------------------------------------


def test_the_limits_are_those_of_the_form_on_the_page():
    assert {ENTRY_FIELDS[name][1] for name in WRITTEN} == {TEXT_LIMIT}


def test_a_text_that_is_too_long_must_be_shortened_by_a_person():
    entries, bases = one()
    merged = merge(entries, [UploadedRow(5, 1, {"progress": "长" * 10_001})], bases, {})
    box = only(merged)
    assert (box.outcome, box.choices) == (O.TOO_LONG, (Choice.JOINED, Choice.SERVER))
    assert box.joined == "长" * 10_001
    seen = fingerprint("")
    assert resolved(box, Decision(Choice.JOINED, "短", seen)) == "短"
    for decision in (Decision(Choice.JOINED, "长" * 10_001, seen), Decision(Choice.FILE, "", seen)):
        with pytest.raises(LookupError):
            resolved(box, decision)


def test_a_status_that_is_none_is_said_and_the_rest_is_taken():
    entries, bases = one()
    status, problem = value_of("status", " 基本完成 ")
    assert "已完成、达到序时、未达序时、未启动" in problem
    row = UploadedRow(5, 1, {"progress": "甲", "status": status}, {"status": problem})
    merged = merge(entries, [row], bases, {})
    assert (only(merged).outcome, only(merged, "status").outcome) == (O.TAKEN, O.REFUSED)
    assert resolved(only(merged, "status"), None) is None


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("status", "达到序时 ", "on_track"),
        ("status", "", ""),
        ("filled_on", "2024年7月15日", "2024-07-15"),
        ("filled_on", "2024/7/15", "2024-07-15"),
        ("filler_name", " 林晓燕 ", "林晓燕"),
        ("progress", "  照写  ", "  照写  "),
    ],
)
def test_what_is_typed_becomes_a_value(name, typed, value):
    assert value_of(name, typed) == (value, "")


@pytest.mark.parametrize(
    ("name", "typed"), [("filled_on", "7月中旬"), ("filled_on", "2024-02-31"), ("filler_name", "长" * 31)]
)
def test_what_cannot_be_a_value_is_kept_and_said(name, typed):
    value, problem = value_of(name, typed)
    assert value == typed
    assert "没有采用" in problem


@given(st.text(max_size=60), st.integers())
def test_what_programs_change_in_saving_changes_no_fingerprint(text, seed):
    chance = random.Random(seed)
    changed = canonical(text)
    changed = "\r\n".join(line + " " * chance.randrange(3) for line in changed.split("\n"))
    assert fingerprint(f"\n{changed}\u200b\n") == fingerprint(text)
