"""Files that somebody damaged or built to do harm: each ends in a workbook or a sentence, soon and in little memory."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from tasks_app.documents.reading import read_document
from tests.cast import REAL_TABLE
from tests.reading_measured import Outcome, read_measured, small_processes
from tests.surroundings import office
from tests.word_files import MAIN, p, tbl, tc, tr, word_file
from tests.workbooks import with_part

pytestmark = [pytest.mark.once, pytest.mark.filterwarnings("ignore:Duplicate name")]
REAL = REAL_TABLE.read_bytes()
MOST_SECONDS = 10
MOST_MEGABYTES = 500
SENTENCE = re.compile(r"[\u4e00-\u9fff].*。$")
SHEET = "xl/worksheets/sheet1.xml"
SEEDS_IN_EACH_RUN = 6
SEEDS_IN_A_SOAK = 1_000


@pytest.fixture(scope="module")
def originals(tmp_path_factory) -> dict[str, bytes]:
    """The real table in every format that is read."""
    folder: Path = tmp_path_factory.mktemp("originals")
    (sheet,) = read_document(REAL).sheets
    rows = ["，".join(cells.values()) for cells in sheet.rows.values()]
    return {
        "xlsx": REAL,
        # As LibreOffice writes it: shared texts, attributes in another order.
        "lo.xlsx": office.convert(REAL_TABLE, "xlsx", folder).read_bytes(),
        "xls": office.convert(REAL_TABLE, "xls", folder).read_bytes(),
        "csv": office.convert(REAL_TABLE, "csv:Text - txt - csv (StarCalc):44,34,76,1", folder).read_bytes(),
        "docx": word_file(
            p(rows[0])
            + tbl(*(tr(*(cells.get(column, "") for column in range(1, 7))) for cells in sheet.rows.values()))
        ),
    }


@pytest.fixture(scope="module")
def apart() -> Iterator[ProcessPoolExecutor]:
    """One small process that reads files."""
    with small_processes(1) as pool:
        yield pool


@pytest.mark.parametrize("kind", ["xlsx", "lo.xlsx", "xls", "csv", "docx"])
def test_damaged_files_end_in_a_workbook_or_a_sentence(originals, apart, kind: str):
    for seed in range(SEEDS_IN_EACH_RUN):
        hold(apart.submit(read_measured, mutated(originals[kind], Random(seed))).result(), f"{kind} {seed}")


@pytest.mark.soak
def test_thousands_of_damaged_files_end_in_a_workbook_or_a_sentence(originals):
    jobs = [(kind, seed) for kind in originals for seed in range(SEEDS_IN_A_SOAK)]
    with small_processes(2) as pool:
        files = (mutated(originals[kind], Random(seed)) for kind, seed in jobs)
        outcomes = list(pool.map(read_measured, files, chunksize=10))
    ended = Counter(
        (kind, hold(outcome, f"{kind} {seed}")) for (kind, seed), outcome in zip(jobs, outcomes, strict=True)
    )
    most = max(outcome.megabytes for outcome in outcomes), max(outcome.seconds for outcome in outcomes)
    print(f"\n{ended}, at most %.0f MB, %.1f s" % most)  # noqa: T201
    for kind in originals:
        assert ended[kind, "read"]
        assert ended[kind, "refused"]


def hold(outcome: Outcome, name: str = "") -> str:
    """Hold how a reading ended against the limits; return "read" or "refused"."""
    assert outcome.seconds < MOST_SECONDS, name
    assert outcome.megabytes < MOST_MEGABYTES, name
    if not outcome.refusal:
        return "read"
    assert SENTENCE.search(outcome.refusal), name
    return "refused"


def mutated(data: bytes, random: Random) -> bytes:
    """Return the file with one to three things done to it."""
    for _ in range(random.randint(1, 3)):
        if zipfile.is_zipfile(io.BytesIO(data)) and random.random() < 0.75:
            data = random.choice(ON_ZIPS)(data, random)
        else:
            data = random.choice(ON_BYTES)(data, random)
    return data


def flip(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 2, 8, 64))):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def cut_end(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def cut_middle(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data) + 1)
    return data[:start] + data[start + random.choice((1, 7, 100, 4000)) :]


def insert(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data) + 1)
    junk = random.choice(
        (random.randbytes(5), b"\x00" * 600, b'"', b"\xff\xff\xff\x7f", b"<![CDATA[", b"</w:tbl>")
    )
    return data[:start] + junk + data[start:]


def repeat(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data) + 1)
    return (
        data[:start]
        + data[start : start + random.choice((2, 128, 512))] * random.choice((2, 50))
        + data[start:]
    )


def corrupt_record(data: bytes, random: Random) -> bytes:
    """Damage a header of a BIFF record: type and length stand on even bytes, often where a row begins."""
    changed = bytearray(data)
    heads = [m.start() for m in re.finditer(rb"[\x03\x08\x85\xe5\xfc\xfd\xe0\xbd][\x00\x02].\x00", data)]
    for place in random.sample(heads, min(len(heads), random.choice((1, 5, 40)))):
        changed[place + random.choice((0, 2, 3))] = random.choice((0, 1, 0x7F, 0xFF))
    return bytes(changed)


ON_BYTES = (flip, cut_end, cut_middle, insert, repeat, corrupt_record)


def parts_of(data: bytes) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    with suppress(Exception), zipfile.ZipFile(io.BytesIO(data)) as archive:  # damaged before
        for name in archive.namelist():
            parts[name] = b""
            with suppress(Exception):
                parts[name] = archive.read(name)
    return parts


def zipped(parts: dict[str, bytes] | list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, content)
    return buffer.getvalue()


def in_a_part(change: Callable[[bytes, Random], bytes]) -> Callable[[bytes, Random], bytes]:
    """Return a mutation that changes one part of a zip, most often the main ones, and keeps the zip whole."""

    def mutate(data: bytes, random: Random) -> bytes:
        parts = parts_of(data)
        if not parts:
            return data
        weights = [20 if re.search(r"sheet1|workbook\.xml|document\.xml|sharedS", n) else 1 for n in parts]
        name = random.choices(list(parts), weights)[0]
        return zipped(parts | {name: change(parts[name], random)})

    return mutate


def other_number(xml: bytes, random: Random) -> bytes:
    numbers = list(re.finditer(rb'"[A-Z]{0,3}\d+"', xml))
    if not numbers:
        return xml
    place = random.choice(numbers)
    new = random.choice((b"1048576", b"XFD1048576", b"-1", b"0", b"99999999999999999999", b"A0", b"x", b""))
    return xml[: place.start()] + b'"' + new + b'"' + xml[place.end() :]


def other_tag(xml: bytes, random: Random) -> bytes:
    tags = list(re.finditer(rb"</?[\w:]+", xml))
    if not tags:
        return xml
    place, other = random.choice(tags), random.choice(tags)
    return xml[: place.start()] + other[0] + xml[place.end() :]


def nest(xml: bytes, random: Random) -> bytes:
    tags = list(re.finditer(rb"<([\w:]+)[^>]*[^/]>", xml))
    if not tags:
        return xml
    place, many = random.choice(tags), random.choice((200, 5_000))
    return xml[: place.start()] + place[0] * many + xml[place.start() :]


def bomb(xml: bytes, random: Random) -> bytes:
    root = re.search(rb"<([\w:]+)", xml)
    if root is None:
        return xml
    levels = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
    doctype = b"<!DOCTYPE %s [<!ENTITY e0 'aaaaaaaaaa'>%s]>" % (root[1], levels)
    texts = list(re.finditer(rb"(?<=<t>)|(?<=<w:t>)|(?<=preserve\">)", xml))
    place = random.choice(texts).start() if texts else len(xml)
    return xml[: root.start()] + doctype + xml[root.start() : place] + b"&e9;" + xml[place:]


def drop_part(data: bytes, random: Random) -> bytes:
    parts = parts_of(data)
    parts.pop(random.choice(list(parts)), None) if parts else None
    return zipped(parts)


def double_part(data: bytes, random: Random) -> bytes:
    parts = list(parts_of(data).items())
    return zipped([*parts, random.choice(parts)]) if parts else data


def climb_out(data: bytes, random: Random) -> bytes:
    trick = random.choice(("../../{}", "/{}", "C:\\{}", "{}/../../../etc/passwd", "\\\\server\\{}"))
    wanted = random.randrange(20)
    parts = [(trick.format(n) if i == wanted else n, c) for i, (n, c) in enumerate(parts_of(data).items())]
    relations = [
        (n, c.replace(b'Target="', b'Target="../../../') if n.endswith(".rels") else c) for n, c in parts
    ]
    return zipped(random.choice((parts, relations)))


def lie_about_sizes(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    entries = [m.start() for m in re.finditer(rb"PK\x01\x02", data)]
    if entries:
        place = random.choice(entries) + random.choice((10, 20, 24, 42))
        changed[place : place + 4] = random.choice(
            (bytes(4), b"\x64\0\0\0", b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff")
        )
    return bytes(changed)


ON_ZIPS = (
    *map(in_a_part, (flip, cut_end, cut_middle, insert, repeat, other_number, other_tag, nest, bomb)),
    *(drop_part, double_part, climb_out, lie_about_sizes),
)


def sheet_of(inner: bytes) -> bytes:
    """Return the real workbook with other rows."""
    xml = zipfile.ZipFile(io.BytesIO(REAL)).read(SHEET)
    start, end = xml.index(b"<sheetData>"), xml.index(b"</sheetData>")
    return with_part(SHEET, xml[:start] + b"<sheetData>" + inner + xml[end:], REAL)


def text_cell(place: str, text: str = "x") -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def rows_of_numbers(many: int, places: str) -> bytes:
    row = "".join(f'<c r="{letter}{{0}}"><v>1</v></c>' for letter in places)
    return "".join(f'<row r="{n}">{row.format(n)}</row>' for n in range(1, many + 1)).encode()


def bombed(name: str, data: bytes) -> bytes:
    return with_part(name, bomb(parts_of(data)[name], Random(1)), data)


WORD = word_file(tbl(tr("甲", "乙")))
ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "entities in a sheet": (lambda: bombed(SHEET, REAL), "refused"),
    "entities in the workbook": (lambda: bombed("xl/workbook.xml", REAL), "refused"),
    "entities in the styles": (lambda: bombed("xl/styles.xml", REAL), "refused"),
    "entities in a document": (lambda: bombed("word/document.xml", WORD), "refused"),
    "a zip bomb": (lambda: with_part(SHEET, b" " * 199_000_000, REAL), "refused"),
    "a last row and a last column": (
        lambda: sheet_of(
            b"<row r='1'>"
            + text_cell("A1")
            + b"</row><row r='1048576'>"
            + text_cell("XFD1048576")
            + b"</row>"
        ),
        "refused",
    ),
    "a last row": (lambda: sheet_of(b"<row r='1048576'>" + text_cell("A1048576") + b"</row>"), "read"),
    "a hundred thousand rows": (lambda: sheet_of(rows_of_numbers(100_000, "AB")), "refused"),
    "a million empty rows": (lambda: sheet_of(b"<row/>" * 1_000_000), "read"),
    "cells that never end": (lambda: sheet_of(b"<c><f>" * 300_000), "refused"),
    "every row hidden": (
        lambda: sheet_of(b"".join(b'<row r="%d" hidden="1"/>' % n for n in range(1, 300_000))),
        "read",
    ),
    "a long text": (lambda: sheet_of(b"<row r='1'>" + text_cell("A1", "字" * 1_000_000) + b"</row>"), "read"),
    "too long a text": (
        lambda: sheet_of(b"<row r='1'>" + text_cell("A1", "字" * 25_000_000) + b"</row>"),
        "refused",
    ),
    "a table of sixty thousand rows": (lambda: word_file(tbl(tr("甲") * 60_000)), "refused"),
    "a row of twenty thousand cells": (lambda: word_file(tbl(tr(*["甲"] * 20_000))), "refused"),
    "cells as wide as a sheet": (lambda: word_file(tbl(*[tr(tc("甲", span=16_000))] * 2_000)), "read"),
    "tables in tables": (
        lambda: word_file("<w:tbl><w:tr><w:tc>" * 80 + p("甲") + "</w:tc></w:tr></w:tbl>" * 80),
        "read",
    ),
    "tables deeper than any": (
        lambda: word_file("<w:tbl><w:tr><w:tc>" * 5_000 + p("甲") + "</w:tc></w:tr></w:tbl>" * 5_000),
        "refused",
    ),
    "three hundred thousand paragraphs": (lambda: word_file("<w:p/>" * 300_000 + tbl(tr("甲"))), "read"),
    "an entity from the machine's files": (
        lambda: with_part(
            "word/document.xml",
            f'<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]><w:document xmlns:w="{MAIN}"><w:body>'
            "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲&f;</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
            "</w:body></w:document>".encode(),
            WORD,
        ),
        "read",
    ),
    "a million separators": (lambda: b"a,b\n" * 3 + b"," * 1_000_000, "read"),
    "a million quotes": (lambda: b"a,b\n" * 3 + b'"' * 1_000_001, "refused"),
    "a million short rows": (lambda: b"a,b\n" * 1_000_000, "refused"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_files_built_to_do_harm_do_none(apart, name: str):
    make, expected = ATTACKS[name]
    assert hold(apart.submit(read_measured, make()).result()) == expected


def test_nothing_of_the_machine_comes_into_a_workbook():
    make, _ = ATTACKS["an entity from the machine's files"]
    assert read_document(make()).sheets[0].rows == {1: {1: "甲"}}
