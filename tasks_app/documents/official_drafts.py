"""Fills the template of an official document with values, and checks one that somebody hands in."""

import json
import logging
import subprocess
from collections.abc import Mapping
from typing import Any

from .apart import folders, run_apart
from .errors import UnreadableDocument
from .official_process import REFUSED, Order

logger = logging.getLogger(__name__)

LARGEST_BYTES = 2 * 1024 * 1024  # an office's template with its emblem has a tenth of it
MEMORY_BYTES = 450 * 1024 * 1024
CPU_SECONDS = 10
# The process never waits for anything: only a busy machine makes it slower than its share of the processor.
PATIENCE_SECONDS = 40
TOO_MUCH = "模板填写时占用的时间或内存过多，已经停止。请检查模板里的循环，或从系统自带的模板改起。"
BROKEN = "模板无法填写，文件可能已损坏。请用 WPS 或 Word 打开后另存为 .docx，再重新上传。"


def fill_template(template: bytes, values: Mapping[str, Any]) -> bytes:
    """Return the .docx `template` with `values` (texts, numbers, lists of texts or of mappings) filled in.

    What a template says can neither run code nor fetch anything, and it is stopped when it takes too much.
    Raises UnreadableDocument with a sentence for the user.
    """
    return _fill_apart(template, values)


def check_template(data: bytes, *, known: set[str], sample: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a template that somebody hands in, a sentence each; [] when it can be used.

    `known` are the names that it may fill in, `sample` has a value for each of them.
    """
    if len(data) > LARGEST_BYTES:
        size = len(data) / 1024 / 1024
        return [f"模板文件有 {size:.1f} MB，超过 2 MB 的上限。请压缩其中的图片后再上传。"]
    try:
        problems: list[str] = json.loads(_fill_apart(data, sample, known=known))
    except UnreadableDocument as refusal:
        return [str(refusal)]
    return problems


def _fill_apart(template: bytes, values: Mapping[str, Any], known: set[str] | None = None) -> bytes:
    """Fill `template`, or check it if `known` names are given, in a process with limits."""
    order = Order(
        folders=folders(),
        checks=known is not None,
        known=sorted(known or ()),
        memory_bytes=MEMORY_BYTES,
        cpu_seconds=CPU_SECONDS,
    )
    try:
        data = json.dumps(values).encode() + b"\n" + template
        done = run_apart("official_process.py", order, data, patience_seconds=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise UnreadableDocument(TOO_MUCH) from error
    if done.returncode == 0:
        return done.stdout
    if done.returncode == REFUSED:
        raise UnreadableDocument(done.stdout.decode())
    detail = done.stderr.decode("utf-8", "replace")
    logger.warning("The filler of templates ended with %s: %s", done.returncode, detail[-2000:])
    raise UnreadableDocument(BROKEN if done.returncode == 1 and "MemoryError" not in detail else TOO_MUCH)
