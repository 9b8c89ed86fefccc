"""Finds its way among the parts of an Office file (.xlsx, .docx): which is the main one, which belongs to it."""

import posixpath
from collections.abc import Callable
from typing import Any

from lxml import etree

from .archive import Archive
from .errors import UnreadableDocument
from .refusals import BROKEN

# "Strict" files say the same under other addresses; readers know the usual ones.
STRICT = b"http://purl.oclc.org/ooxml/"
STRICT_NAMES = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    ),
}


def _parse(content: bytes) -> Any:
    # Entities stay as they are: no part needs one, and a few may grow without end.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(content, parser)


def main_part(archive: Archive) -> str:
    """Return the name of the part that holds the document itself, "" if the zip is no Office file."""
    found = [target for kind, target in relations(archive, "").values() if kind == "officeDocument"]
    usual = ("xl/workbook.xml", "word/document.xml", "ppt/presentation.xml", "xl/workbook.bin")
    return next((name for name in [*found, *usual] if name in archive), "")


def relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Return what a part ("" for the whole file) refers to: {id: (kind, name of the other part)}."""
    folder, name = posixpath.split(part)
    content = archive.part(posixpath.join(folder, "_rels", f"{name}.rels"))
    found = {}
    for relation in parsed(content).iter("{*}Relationship") if content else ():
        kind = relation.get("Type", "").rpartition("/")[2]
        # A name that climbs out of the file ("../../x") is only one that is not found in it.
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
        found[relation.get("Id", "")] = (kind, target.lstrip("/"))
    return found


def parsed(content: bytes, parse: Callable[[bytes], Any] = _parse) -> Any:
    """Return a part's XML, read by `parse`. Raises UnreadableDocument when it is broken."""
    try:
        return parse(usual_names(content))
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise UnreadableDocument(BROKEN) from error


def usual_names(content: bytes) -> bytes:
    """Return a part's XML with the usual names instead of the "strict" ones."""
    if STRICT in content[:4096]:
        for strict, usual in STRICT_NAMES.items():
            content = content.replace(strict, usual)
    return content
