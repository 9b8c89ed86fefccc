"""Tells what a file of evidence (佐证材料) is, by its content and never by its name; what it is not, it refuses."""

from tasks_app.choices import EvidenceKind

from .archive import Archive
from .errors import UnreadableDocument
from .file_kind import FileKind, file_kind
from .office_package import main_part

TAKEN = "可以上传 PDF、Word（.docx）、Excel（.xlsx）和图片（.jpg、.png）"
# What the file is called when it is handed out; the first is given to a name that has none of them.
SUFFIXES = {
    EvidenceKind.PDF: (".pdf",),
    EvidenceKind.DOCX: (".docx",),
    EvidenceKind.XLSX: (".xlsx",),
    EvidenceKind.JPEG: (".jpg", ".jpeg"),
    EvidenceKind.PNG: (".png",),
}
HEADS = {
    b"%PDF-": EvidenceKind.PDF,
    b"\xff\xd8\xff": EvidenceKind.JPEG,
    b"\x89PNG\r\n\x1a\n": EvidenceKind.PNG,
}
# A picture or a PDF that was cut off on its way lacks its end.
ENDS = {EvidenceKind.PDF: b"%%EOF", EvidenceKind.JPEG: b"\xff\xd9", EvidenceKind.PNG: b"IEND"}
FOLDERS = {"word/": EvidenceKind.DOCX, "xl/": EvidenceKind.XLSX}
INSTEAD = {
    FileKind.EMPTY: "文件是空的，请检查后重新选择。",
    FileKind.OLD_WORD: "这是旧格式的 Word 文件，请另存为 .docx 后再上传。",
    FileKind.OLD_EXCEL: "这是旧格式的 Excel 文件，请另存为 .xlsx 后再上传。",
    FileKind.OLD_OFFICE: "这是旧格式的文件，请另存为 .docx 或 .xlsx 后再上传。",
    FileKind.ENCRYPTED: "文件设有打开密码，请去掉密码后再上传。",
}
BROKEN = "文件已损坏或没有传完整，请重新打开确认后再上传。"
MACROS = "文件带有宏，请另存为不带宏的 .docx 或 .xlsx 后再上传。"


def evidence_kind(data: bytes) -> EvidenceKind:
    """Return what `data` is. Raises UnreadableDocument with a sentence when it may not be attached."""
    kind = next((kind for head, kind in HEADS.items() if data.startswith(head)), None)
    if kind is not None:
        if ENDS[kind] not in data:
            raise UnreadableDocument(BROKEN)
        return kind
    found = file_kind(data)
    if found is FileKind.ZIP and (kind := _office_kind(data)) is not None:
        return kind
    raise UnreadableDocument(INSTEAD.get(found, f"这种文件不能作为佐证材料上传。{TAKEN}。"))


def _office_kind(data: bytes) -> EvidenceKind | None:
    archive = Archive(data)
    part = main_part(archive)
    kind = next((kind for folder, kind in FOLDERS.items() if part.startswith(folder)), None)
    if kind is not None and any(f"{folder}vbaProject.bin" in archive for folder in FOLDERS):
        raise UnreadableDocument(MACROS)
    return kind if part.endswith(".xml") else None
