"""Looks into a zip file's list of contents, before anything in it is unpacked."""

import io
import zipfile

from .errors import UnreadableDocument

MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
# Sheets of empty formatted cells shrink 100 times; nothing honest that is large shrinks more than this.
MAX_RATIO = 300
RATIO_MATTERS_FROM_BYTES = 20 * 1024 * 1024
BROKEN = "文件已损坏或没有传完整，请用 Excel 或 WPS 打开确认后另存为 .xlsx，再重新上传。"


def open_archive(data: bytes) -> zipfile.ZipFile:
    """Return the opened zip; raise UnreadableDocument when it is broken, locked or too large."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise UnreadableDocument(BROKEN) from error
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED_BYTES or _is_bomb(unpacked, len(data)):
        raise UnreadableDocument(
            f"文件展开后过大（{unpacked // 1024 // 1024:,} MB、{len(entries):,} 个部分），为保护系统未读取。"
            "请把分解表单独复制到一个新的工作簿，另存为 .xlsx 后再上传。"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableDocument("文件设有密码，请去掉密码后另存为 .xlsx，再重新上传。")
    return archive


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return one part's content, "" when it is not there; raise UnreadableDocument when it is broken."""
    try:
        with archive.open(name) as part:
            # The list of contents may lie about the size.
            content = part.read(MAX_UNPACKED_BYTES + 1)
    except KeyError:
        return b""
    except Exception as error:  # zlib, struct, zipfile and others each have their own for broken content
        raise UnreadableDocument(BROKEN) from error
    if len(content) > MAX_UNPACKED_BYTES:
        raise UnreadableDocument("文件展开后过大，为保护系统未读取。请把分解表复制到新的工作簿后再上传。")
    return content


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_MATTERS_FROM_BYTES and unpacked > MAX_RATIO * packed
