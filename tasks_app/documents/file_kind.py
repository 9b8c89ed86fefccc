"""Tells by its content, never by its name, what kind of file somebody handed in."""

import re
from enum import Enum, auto

OLE_HEAD = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP_HEADS = (b"PK\x03\x04", b"PK\x05\x06")
LOOKED_AT = 4096


class FileKind(Enum):
    EMPTY = auto()
    ZIP = auto()
    ENCRYPTED = auto()
    OLD_EXCEL = auto()
    OLD_WORD = auto()
    OLD_OFFICE = auto()
    PDF = auto()
    RTF = auto()
    WEB_PAGE = auto()
    XML_TABLE = auto()
    TEXT = auto()
    PICTURE = auto()
    UNKNOWN = auto()


HEADS = {
    b"%PDF": FileKind.PDF,
    b"{\\rtf": FileKind.RTF,
    b"\x89PNG": FileKind.PICTURE,
    b"\xff\xd8\xff": FileKind.PICTURE,
    b"GIF8": FileKind.PICTURE,
    b"II*\x00": FileKind.PICTURE,
    b"MM\x00*": FileKind.PICTURE,
}
# What an OLE container holds shows in the names of its streams, which are written in UTF-16.
OLE_STREAMS = {
    "EncryptedPackage": FileKind.ENCRYPTED,
    "Workbook": FileKind.OLD_EXCEL,
    "Book": FileKind.OLD_EXCEL,
    "WordDocument": FileKind.OLD_WORD,
}
# Either may hold a piece of the other; the first entry of the container says which program made the whole.
ROOT = "Root Entry".encode("utf-16-le")
ROOT_CLASS_AT = 80
WORD_CLASS = bytes.fromhex("0609020000000000c000000000000046")
WEB_PAGE = re.compile(rb"<(!doctype html|html|table|head|meta|body)|mime-version:")
XML = re.compile(rb"<\?xml|<(\w+:)?workbook\b")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
# A text may be damaged somewhere; its reader says where.
BAD, MOST_BAD = "\ufffd", 0.02


def file_kind(data: bytes) -> FileKind:
    """Return what `data` is."""
    if not data.strip(b"\x00 \r\n\t"):
        return FileKind.EMPTY
    if data.startswith(ZIP_HEADS):
        return FileKind.ZIP
    if data.startswith(OLE_HEAD):
        return _ole_kind(data)
    for head, kind in HEADS.items():
        if data.startswith(head):
            return kind
    return _text_kind(data)


def _ole_kind(data: bytes) -> FileKind:
    root = data.find(ROOT)
    if root >= 0 and data[root + ROOT_CLASS_AT : root + ROOT_CLASS_AT + 16] == WORD_CLASS:
        return FileKind.OLD_WORD
    for name, kind in OLE_STREAMS.items():
        if name.encode("utf-16-le") + b"\x00\x00" in data:
            return kind
    return FileKind.OLD_OFFICE


def _text_kind(data: bytes) -> FileKind:
    head = data[:LOOKED_AT]
    is_utf_16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in head and not is_utf_16:
        return FileKind.UNKNOWN
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if WEB_PAGE.match(start):
        return FileKind.WEB_PAGE
    if XML.match(start):
        return FileKind.WEB_PAGE if b"<html" in start else FileKind.XML_TABLE
    for encoding in ("utf-16",) if is_utf_16 else ("utf-8", "gb18030"):
        text = head.decode(encoding, "replace")
        if not CONTROL.search(text) and text.count(BAD) <= MOST_BAD * len(text) + 1:
            return FileKind.TEXT
    return FileKind.UNKNOWN
