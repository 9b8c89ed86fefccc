"""The file of a backup: what is written is read again, and what is not whole is refused in a sentence."""

import gzip
import json
import stat
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from tasks_app.documents.backup_file import (
    BrokenBackupError,
    DumpedTable,
    Fingerprint,
    check_backup,
    line_of,
    plain,
    read_head,
    read_tables,
    write_backup,
)

pytestmark = pytest.mark.once
ROWS = [[1, "“一病一品”\r\n第二行\u2028", None], [2, "", {"b": 1, "a": [True, 2.5]}]]


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "b.jsonl.gz"
    tables = [DumpedTable("first", ("id", "text", "content"), ROWS), DumpedTable("empty", ("id",), [])]
    write_backup(path, {"made_at": "2026-12-01"}, tables)
    return path


def lines(path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode().removesuffix("\n").split("\n")


def rewrite(path, kept: list[str]) -> None:
    path.write_bytes(gzip.compress("".join(f"{line}\n" for line in kept).encode()))


def test_what_was_written_is_read(written):
    assert read_head(written) == {"format": 1, "made_at": "2026-12-01"}
    read = [(table.name, table.fields, list(table.rows)) for table in read_tables(written)]
    assert read == [("first", ("id", "text", "content"), ROWS), ("empty", ("id",), [])]
    assert {name: one.rows for name, one in check_backup(written).items()} == {"first": 2, "empty": 0}


def test_only_its_owner_can_read_it_and_no_draft_is_left(written):
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert [path.name for path in written.parent.iterdir()] == [written.name]


def test_every_database_gives_the_same_line():
    shanghai = timezone(timedelta(hours=8))
    assert plain(datetime(2024, 7, 15, 9, tzinfo=shanghai)) == plain(datetime(2024, 7, 15, 1, tzinfo=UTC))
    assert line_of([b"\x00\xff", memoryview(b"\x00\xff")]) == '["AP8=","AP8="]'
    assert line_of([Decimal("12.50"), date(2024, 7, 5), True, {"b": 1, "a": 2}]) == (
        '["12.50","2024-07-05",true,{"a":2,"b":1}]'
    )


def test_an_unfinished_write_leaves_nothing(tmp_path):
    def rows():
        yield [1]
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_backup(tmp_path / "b.jsonl.gz", {}, [DumpedTable("first", ("id",), rows())])
    assert list(tmp_path.iterdir()) == []


def test_a_file_cut_off_is_refused(written):
    written.write_bytes(written.read_bytes()[:-20])
    with pytest.raises(BrokenBackupError, match="可能没有复制完或已损坏"):
        check_backup(written)
    rewrite(written, ['{"head":{"format":1}}', '{"fields":["id"],"table":"first"}', "[1]"])
    with pytest.raises(BrokenBackupError, match="不完整（没有结尾）"):
        check_backup(written)


def test_a_changed_row_and_a_missing_one_are_refused(written):
    whole = lines(written)
    for kept in ([line.replace("第二行", "第三行") for line in whole], [*whole[:2], *whole[3:]]):
        assert kept != whole
        rewrite(written, kept)
        with pytest.raises(BrokenBackupError, match="指纹不一致"):
            check_backup(written)


def test_any_other_file_is_none(tmp_path):
    other = tmp_path / "表.xlsx"
    for content in (b"PK\x03\x04", gzip.compress(b"words"), gzip.compress(b"[1]\n"), b""):
        other.write_bytes(content)
        with pytest.raises(BrokenBackupError, match="备份文件"):
            read_head(other)


def test_one_of_a_later_format_says_so(written):
    head = json.loads(lines(written)[0])
    head["head"]["format"] = 2
    rewrite(written, [json.dumps(head), *lines(written)[1:]])
    with pytest.raises(BrokenBackupError, match="更新的版本"):
        check_backup(written)


def test_a_fingerprint_is_over_the_lines_in_order(written):
    turned = written.with_name("turned.jsonl.gz")
    write_backup(turned, {}, [DumpedTable("first", ("id", "text", "content"), ROWS[::-1])])
    first, second = check_backup(written)["first"], check_backup(turned)["first"]
    assert first.rows == second.rows == 2
    assert first != second
    assert isinstance(first, Fingerprint)
