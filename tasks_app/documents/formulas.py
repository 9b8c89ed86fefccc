"""Finds formulas that gave an error or whose result was never saved: calamine shows both as empty."""

import re
import zipfile
from html import unescape

from .archive import read_part
from .grid import CellFault, column_number

SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)</")
FORMULA = re.compile(rb"<(?:\w+:)?f\b")
ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")

Faults = dict[tuple[int, int], tuple[CellFault, str]]


def formula_faults(archive: zipfile.ZipFile) -> dict[str, Faults]:
    """Return {sheet name: {(row, column): (fault, text of the cell)}}."""
    faults: dict[str, Faults] = {}
    for name, part in _sheet_parts(archive).items():
        content = read_part(archive, part)
        if ERROR.search(content) or FORMULA.search(content):
            faults[name] = _faults_in(content)
    return faults


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    targets = {}
    for relation in RELATION.finditer(read_part(archive, "xl/_rels/workbook.xml.rels")):
        attributes = _attributes(relation[1])
        target = attributes.get("Target", "")
        targets[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
    parts = {}
    for sheet in SHEET.finditer(read_part(archive, "xl/workbook.xml")):
        attributes = _attributes(sheet[1])
        relation_id = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        if relation_id in targets:
            parts[attributes.get("name", "")] = targets[relation_id]
    return parts


def _attributes(text: bytes) -> dict[str, str]:
    return {
        key.decode("utf-8", "replace"): unescape(value.decode("utf-8", "replace"))
        for key, value in ATTRIBUTE.findall(text)
    }


def _faults_in(content: bytes) -> Faults:
    faults: Faults = {}
    for attributes_text, inner in CELL.findall(content):
        attributes = _attributes(attributes_text)
        place = REFERENCE.fullmatch(attributes.get("r", ""))
        if place is None:
            continue
        value = VALUE.search(inner)
        cell = (int(place[2]), column_number(place[1]))
        if attributes.get("t") == "e" and value:
            faults[cell] = (CellFault.ERROR_VALUE, value[1].decode("utf-8", "replace"))
        elif FORMULA.search(inner) and not value:
            faults[cell] = (CellFault.NO_VALUE, "")
    return faults
