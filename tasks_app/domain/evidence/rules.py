"""Decides: how a file of evidence may be called, how much one entry may hold."""

import re

from tasks_app.choices import EvidenceKind
from tasks_app.documents.evidence import SUFFIXES

MOST_FILES = 10
NAME_LENGTH = 150
# Signs that some system takes for a path, a wildcard or a direction of writing.
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
MB = 1024 * 1024


def safe_name(name: str, kind: EvidenceKind) -> str:
    """Return the name under which a file is kept: no path, nothing unsafe, the ending that its content has."""
    plain = UNSAFE.sub("", re.split(r"[/\\]", name)[-1]).strip(" .") or "佐证材料"
    stem, dot, ending = plain.rpartition(".")
    if dot and f".{ending.lower()}" in SUFFIXES[kind]:
        plain, suffix = stem, f".{ending}"
    else:
        suffix = SUFFIXES[kind][0]
    return plain[: NAME_LENGTH - len(suffix)] + suffix


def fault(size: int, *, files: int, max_bytes: int) -> str:
    """Return why a file of `size` bytes cannot be added to the `files` there are; "" when it can."""
    if size > max_bytes:
        return f"文件有 {size / MB:.1f} MB，超过 {max_bytes / MB:g} MB 的上限，请压缩或只附关键页。"
    if files >= MOST_FILES:
        return f"每项任务最多附 {MOST_FILES} 个文件，请先移除不需要的。"
    return ""
