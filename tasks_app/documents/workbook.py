"""Reads an .xlsx workbook into plain cells, whatever somebody may have handed in under that name."""

import json
import logging
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .archive import BROKEN, open_archive, read_part
from .errors import UnreadableDocument
from .file_kind import FileKind, file_kind
from .formulas import formula_faults
from .grid import Merge, Sheet, Workbook

logger = logging.getLogger(__name__)

MEMORY_BYTES = 450 * 1024 * 1024
CPU_SECONDS = 9
# The reader never waits for anything: only a busy machine makes it slower than its share of the processor.
PATIENCE_SECONDS = 30
MAX_ROWS = 50_000
MAX_CELLS = 1_000_000
SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再上传。"
COPY_TABLE = "请把其中的表格复制到 Excel，另存为 .xlsx 后再上传。"
TOO_LARGE = (
    f"工作表的范围过大（最多 {MAX_ROWS:,} 行），多半是表外有多余的内容或格式。"
    "请把分解表单独复制到一个新的工作簿，另存为 .xlsx 后再上传。"
)
REFUSALS = {
    FileKind.EMPTY: "文件是空的，请检查后重新选择文件。",
    FileKind.ENCRYPTED: "文件设有打开密码，无法读取。请在 Excel 或 WPS 中去掉密码，另存为 .xlsx 后再上传。",
    FileKind.OLD_EXCEL: f"这是旧格式的 Excel 文件（.xls 或 .et），暂不能读取。{SAVE_AS}",
    FileKind.OLD_WORD: f"这是 Word 文件（.doc 或 .wps），不是工作簿。{COPY_TABLE}",
    FileKind.OLD_OFFICE: f"这不是 .xlsx 工作簿。{SAVE_AS}",
    FileKind.PDF: "这是 PDF 文件，不是工作簿。请找到原来的 Excel 文件再上传。",
    FileKind.RTF: f"这是 RTF 文档，不是工作簿。{COPY_TABLE}",
    FileKind.WEB_PAGE: f"这是网页格式的文件，只是名字像工作簿。{SAVE_AS}",
    FileKind.XML_TABLE: f"这是 XML 文件，不是 .xlsx 工作簿。{SAVE_AS}",
    FileKind.TEXT: f"这是文本文件，不是 .xlsx 工作簿。如果是 csv 表格，{SAVE_AS}",
    FileKind.PICTURE: "这是图片，不是工作簿。请找到原来的 Excel 文件，存为 .xlsx 后再上传。",
    FileKind.UNKNOWN: f"这不是工作簿，无法识别文件内容。{SAVE_AS}",
}
# What else comes in a zip: (a part that gives it away, what to say).
OTHER_ARCHIVES = (
    (
        "word/document.xml",
        f"这是 Word 文档（.docx），不是工作簿。{COPY_TABLE}",
    ),
    ("ppt/presentation.xml", f"这是演示文稿，不是工作簿。{COPY_TABLE}"),
    ("xl/workbook.bin", f"这是二进制工作簿（.xlsb），暂不能读取。{SAVE_AS}"),
    ("mimetype", f"这是 OpenDocument 文件（.ods 等），暂不能读取。{SAVE_AS}"),
)
FAILURES = {
    "password": REFUSALS[FileKind.ENCRYPTED],
    "broken": BROKEN,
    "too_large": TOO_LARGE,
}
# What text may not hold: control characters, which a database refuses, and halves of characters.
UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200c\u200d\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)


def read_workbook(data: bytes) -> Workbook:
    """Return the cells of the workbook in `data`; raise UnreadableDocument with a sentence for the user."""
    kind = file_kind(data)
    if kind is not FileKind.ZIP:
        raise UnreadableDocument(REFUSALS[kind])
    with open_archive(data) as archive:
        names = set(archive.namelist())
        for part, sentence in OTHER_ARCHIVES:
            if part in names:
                raise UnreadableDocument(sentence)
        if "xl/workbook.xml" not in names:
            raise UnreadableDocument(f"这是压缩包，不是工作簿。请先解压，再上传其中的分解表。{SAVE_AS}")
        has_macros = b"macroEnabled" in read_part(archive, "[Content_Types].xml")
        faults = formula_faults(archive)
    sheets = tuple(_sheet(raw, faults.get(raw["name"], {})) for raw in _read_apart(data))
    return Workbook(sheets, remarks=("文件带有宏，宏已忽略，只读取了表格内容。",) if has_macros else ())


def _read_apart(data: bytes) -> list[dict[str, Any]]:
    """Run the reader in a process with limits; whatever becomes of it, this process lives on."""
    library = find_spec("python_calamine")
    if library is None or library.origin is None:
        raise RuntimeError("python-calamine is not installed.")
    limits = (MEMORY_BYTES, CPU_SECONDS, MAX_ROWS, MAX_CELLS)
    command = [
        sys.executable,
        *("-I", "-S"),
        str(Path(__file__).with_name("calamine_process.py")),
        str(Path(library.origin).parent.parent),
        *map(str, limits),
    ]
    environment = os.environ | {"RUST_BACKTRACE": "0"}
    try:
        done = subprocess.run(
            command, input=data, env=environment, capture_output=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        logger.warning("Reading a workbook took longer than %s s.", PATIENCE_SECONDS)
        raise UnreadableDocument(
            f"读取文件超过{PATIENCE_SECONDS}秒没有完成，可能是服务器正忙。请稍后重新上传；如仍不行，请检查表外是否有多余内容。"
        ) from error
    if done.returncode != 0:
        detail = done.stderr.decode("utf-8", "replace")
        logger.warning("The reader of workbooks ended with %s: %s", done.returncode, detail[:2000])
        is_panic = "PanicException" in detail
        raise UnreadableDocument(BROKEN if is_panic else TOO_LARGE)
    result = json.loads(done.stdout)
    if "error" in result:
        logger.info("A workbook was refused: %s", result)
        raise UnreadableDocument(FAILURES[result["error"]])
    sheets: list[dict[str, Any]] = result["sheets"]
    return sheets


def _sheet(raw: dict[str, Any], faults: dict[tuple[int, int], Any]) -> Sheet:
    rows: dict[int, dict[int, str]] = {}
    for number, cells in raw["rows"]:
        texts = {column: text for column, value in cells if (text := _clean(value))}
        if texts:
            rows[number] = texts
    for (row, column), (_, text) in faults.items():
        if text:
            rows.setdefault(row, {})[column] = text
    return Sheet(
        name=_clean(raw["name"]),
        rows=dict(sorted(rows.items())),
        merges=tuple(Merge(*sides) for sides in raw["merges"]),
        is_hidden=raw["hidden"],
        faults={cell: fault for cell, (fault, _) in faults.items()},
    )


def _clean(text: str) -> str:
    text = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return UNWANTED.sub("", text).strip()
