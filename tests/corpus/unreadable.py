"""Files that are no table at all, or none that can be read: how each is made."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.surroundings import office
from tests.word_files import p, word_file

from .description import Case, Grid
from .writing import ANY_TIME, write

GOOD = Grid(
    [["序号", "重点任务", "责任单位"], ["1", "完善急救体系", "市卫健委"], ["2", "规范诊疗", "市卫健委"]],
    above=["2025年卫生健康重点任务分解表"],
)
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000") + bytes(40)
PROSE = "2025年工作任务\n加强急救体系建设\n"
OPEN_QUOTE = '序号,重点任务,责任单位\n1,"完善急救体系,市卫健委\n2,规范诊疗,市卫健委\n'


def _good(kind: str) -> bytes:
    return write(Case(parts=[GOOD]), kind)


def _converted(kind: str, source: str = "xlsx") -> Callable[[], bytes]:
    """Return how LibreOffice saves a good table as `kind`."""

    def make() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"table.{source}"
            path.write_bytes(_good(source))
            return office.convert(path, kind, Path(folder)).read_bytes()

    return make


def _container(stream: str) -> bytes:
    """Return what looks like an OLE container with one stream."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + stream.encode("utf-16-le") + bytes(512)


def _zip(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, ANY_TIME), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


UNREADABLE: dict[str, Callable[[], bytes]] = {
    "empty.xlsx": lambda: b"",
    "encrypted.xlsx": lambda: _container("EncryptedPackage"),
    "page.xls": _converted("html"),
    "xml-table.xls": _converted("fods"),
    "picture.png": lambda: PNG,
    "notice.doc": _converted("doc", "docx"),
    "notice.wps": _converted("doc", "docx"),
    "notice.pdf": _converted("pdf"),
    "notice.rtf": _converted("rtf", "docx"),
    "table.ods": _converted("ods"),
    "archive.zip": lambda: _zip(**{"分解表.xlsx": _good("xlsx")}),
    "slides.pptx": lambda: _zip(**{"ppt/presentation.xml": b"<p/>"}),
    "binary.xlsb": lambda: _zip(**{"xl/workbook.bin": b"\x83\x01"}),
    "cut-off.xlsx": lambda: _good("xlsx")[:3000],
    "no-separators.text": PROSE.encode,
    "no-separators.csv": PROSE.encode,
    "open-quote.csv": OPEN_QUOTE.encode,
    "words-only.docx": lambda: word_file(p("关于印发任务的通知")),
}
