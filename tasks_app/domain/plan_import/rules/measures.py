"""Splits a cell of measures at ①②…, wherever in the text they stand."""

import re
from collections.abc import Iterable

from .parsed import ParsedMeasure

# ①–⑳ and ㉑–㉟ are two runs of Unicode.
MARKS = {chr(0x2460 + i): i + 1 for i in range(20)} | {chr(0x3251 + i): i + 21 for i in range(15)}
MARK = re.compile(f"[{''.join(MARKS)}]")
# After these a page break fell between two sentences, after anything else within one.
SENTENCE_ENDS = "。；;！？!?：:"


def join_pages(before: str, after: str) -> str:
    """Return a text that a page break cut in two as one."""
    separator = "\n" if before.endswith(tuple(SENTENCE_ENDS)) or MARK.match(after) else ""
    return f"{before}{separator}{after}"


def starts_again(before: str, after: str) -> bool:
    """Tell whether `after` is a text of its own and not the rest of `before`."""
    first = MARK.match(after)
    return before == after or (first is not None and MARKS[first[0]] == 1 and bool(MARK.search(before)))


def split_measures(blocks: Iterable[str]) -> tuple[list[ParsedMeasure], list[str]]:
    """Return the measures of a task's texts (one for each row of the table) and doubts about them."""
    measures: list[ParsedMeasure] = []
    doubts: list[str] = []
    for block in blocks:
        lead_in, pieces = _pieces(block, expected=len(measures) + 1)
        if lead_in and pieces:
            doubts.append(f"“{lead_in[:20]}”写在序号之前，已并入其后的措施。")
            pieces[0] = (pieces[0][0], f"{lead_in}\n{pieces[0][1]}")
        elif lead_in:
            measures.append(ParsedMeasure(len(measures) + 1, lead_in, is_numbered=False))
        for mark, text in pieces:
            number = len(measures) + 1
            if MARKS[mark] != number:
                doubts.append(f"措施序号“{mark}”不连续，已按顺序记为第{number}条。请核对是否漏写或重写。")
            measures.append(ParsedMeasure(number, text, is_numbered=True))
    return measures, doubts


def _pieces(block: str, expected: int) -> tuple[str, list[tuple[str, str]]]:
    """Return the text before the first mark and [(mark, text)]; "按第②项" within a sentence is no mark."""
    cuts: list[int] = []
    for found in MARK.finditer(block):
        begins_line = not block[: found.start()].rpartition("\n")[2].strip()
        if begins_line or MARKS[found[0]] == expected + len(cuts):
            cuts.append(found.start())
    if not cuts:
        return block.strip(), []
    ends = [*cuts[1:], len(block)]
    pieces = [(block[start], block[start + 1 : end].strip()) for start, end in zip(cuts, ends, strict=True)]
    return block[: cuts[0]].strip(), pieces
