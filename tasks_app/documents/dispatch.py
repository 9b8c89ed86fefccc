"""Gives a file to the reader for its content; runs in the process of its own."""

from .archive import Archive
from .budget import Budget
from .errors import UnreadableDocument
from .file_kind import FileKind, file_kind
from .grid import Workbook
from .office_package import main_part
from .refusals import BY_KIND, OPEN_DOCUMENT, OPEN_DOCUMENT_TEXT, OTHER_ARCHIVES, PLAIN_ARCHIVE


def read(data: bytes, file_name: str, budget: Budget) -> Workbook:
    """Return what is in `data`; raise UnreadableDocument with a sentence for the user."""
    # Each reader's libraries are loaded only for its own files: most of the time of a small file goes there.
    kind = file_kind(data)
    if kind is FileKind.ZIP:
        return _read_archive(data, budget)
    if kind is FileKind.OLD_EXCEL:
        from .old_excel import read_old_excel

        return read_old_excel(data, budget)
    if kind is FileKind.TEXT:
        from .delimited_text import read_text

        return read_text(data, file_name, budget)
    raise UnreadableDocument(BY_KIND[kind])


def _read_archive(data: bytes, budget: Budget) -> Workbook:
    archive = Archive(data)
    for part, sentence in OTHER_ARCHIVES:
        if part in archive:
            raise UnreadableDocument(sentence)
    if "mimetype" in archive:
        is_text = archive.part("mimetype").startswith(b"application/vnd.oasis.opendocument.text")
        raise UnreadableDocument(OPEN_DOCUMENT_TEXT if is_text else OPEN_DOCUMENT)
    main = main_part(archive)
    if main.lower().startswith("xl/"):
        from .excel import read_excel

        return read_excel(data, archive, main, budget)
    if main.lower().startswith("word/"):
        from .word import read_word

        return read_word(archive, main, budget)
    raise UnreadableDocument(PLAIN_ARCHIVE)
