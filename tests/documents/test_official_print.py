"""LibreOffice opens every official document: page, lines and characters as printed, and no text lost."""

import re
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from tasks_app.choices import DocumentKind
from tasks_app.documents.official_drafts import check_template, fill_template
from tasks_app.documents.official_templates import own_template
from tasks_app.domain.drafts.placeholders import OFFICE, known_names, sample_values
from tests.surroundings import office

pytestmark = pytest.mark.once
K = DocumentKind
POINTS_PER_MM = 72 / 25.4
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
LONG_TITLE = "加快推进紧密型县域医疗卫生共同体人财物统一管理和医保基金总额打包付费改革" * 5


def convert_all(sources: list[Path], kind: str, folder: Path) -> None:
    """Have one LibreOffice write all of `sources` anew as `kind` into `folder`."""
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [office.soffice(), profile, "--headless", "--convert-to", kind, "--outdir", folder, *sources]
    subprocess.run(command, capture_output=True, timeout=180, check=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("official")


@pytest.fixture(scope="module")
def printed(folder) -> Path:
    """The six documents with sample values, and a 督查单 that is as long as one can be, as PDF."""
    office.han_font()
    sources = []
    values_by_name = {kind.value: (kind, sample_values(kind)) for kind in DocumentKind}
    # 28 characters a line, of which the first has two fewer.
    full = ["督" * (26 + 28)] * 200
    long = {"督查依据": full, "事由": LONG_TITLE[:200]}
    values_by_name["long"] = (K.NOTICE, sample_values(K.NOTICE) | long)
    for name, (kind, values) in values_by_name.items():
        path = folder / f"{name}.docx"
        path.write_bytes(fill_template(own_template(kind, organ=OFFICE), values))
        sources.append(path)
    convert_all(sources, "pdf", folder)
    return folder


def pages(pdf: Path) -> list[str]:
    """What pdftotext says of each page: its size and where each word lies."""
    command = [office.pdftotext(), "-bbox", pdf, "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return text.split("<page ")[1:]


def lines(page: str) -> dict[int, str]:
    """The lines of a page by the height at which they lie, in points."""
    found: dict[int, str] = {}
    for _, top, _, _, word in WORD.findall(page):
        key = next((height for height in found if abs(height - float(top)) < 6), round(float(top)))
        found[key] = found.get(key, "") + word
    return found


@pytest.mark.parametrize("kind", DocumentKind)
def test_it_is_printed_on_a4_and_nothing_is_lost(printed, kind):
    pdf = printed / f"{kind.value}.pdf"
    for page in pages(pdf):
        width, height = map(float, re.findall(r'(?:width|height)="([\d.]+)"', page)[:2])
        assert (round(width / POINTS_PER_MM), round(height / POINTS_PER_MM)) == (210, 297)
    # Whatever lies where, every character of the file is on paper; page numbers are not in the body.
    on_paper = re.sub(r"—\d+—", "", "".join(office.printed_text(pdf).split()))
    body = Document(printed / f"{kind.value}.docx").element.body
    in_file = "".join("".join(each.text for each in body.iter("{*}p")).split())
    head = OFFICE if kind is K.LETTER else ""  # in the header
    assert sorted(on_paper) == sorted(in_file + head)


def test_a_full_page_has_22_lines_of_28_characters(printed):
    """A paragraph of 54 characters makes a line of 26, for its indent, and one of 28."""
    for page in pages(printed / "long.pdf")[3:6]:
        body = [len(text) for text in lines(page).values() if "督" in text]
        assert sorted(body) == [26] * 11 + [28] * 11


def test_what_is_long_goes_on_without_loss(printed):
    text = "".join(office.printed_text(printed / "long.pdf").split())
    assert text.count("督" * 26) >= 200
    assert text.count("督") == 200 * 54 + "".join(
        p.text for p in Document(printed / "notice.docx").paragraphs
    ).count("督")
    last = pages(printed / "long.pdf")[-1]
    assert "印发" in last


def test_the_red_head_lies_where_the_standard_says(printed):
    """7.2.4: 72 mm below the edge, 10.1: 30 mm. What is measured is the box of the line, which begins above."""
    for name, expected in (("call", 72), ("letter", 30)):
        words = WORD.findall(pages(printed / f"{name}.pdf")[0])
        head = min(float(top) for _, top, _, _, word in words if OFFICE[:6] in word)
        assert 0 <= expected - head / POINTS_PER_MM <= 4


def test_a_template_that_libreoffice_saved_anew_still_works(printed, folder):
    sources = [folder / f"template-{kind.value}.docx" for kind in DocumentKind]
    for kind, path in zip(DocumentKind, sources, strict=True):
        path.write_bytes(own_template(kind, organ=OFFICE))
    again = folder / "again"
    again.mkdir()
    convert_all(sources, "docx", again)
    for kind, path in zip(DocumentKind, sources, strict=True):
        saved, values = (again / path.name).read_bytes(), sample_values(kind)
        assert check_template(saved, known=known_names(kind), sample=values) == []
        own = (printed / f"{kind.value}.docx").read_bytes()
        assert words_of(fill_template(saved, values)) == words_of(own)


def words_of(data: bytes) -> str:
    """All that a document says."""
    return "".join(each.text for each in Document(BytesIO(data)).element.body.iter("{*}p"))
