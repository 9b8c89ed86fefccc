"""Reads a file as an upload is read, up to what it says: what is wrong with it is among the problems."""

from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.reading import read_document
from tasks_app.plan_reading.problems import NOWHERE, error
from tasks_app.plan_reading.table.understanding import Understanding, understand


def understand_file(data: bytes, *, year: int | None = None, file_name: str = "") -> Understanding:
    """Read and understand a file."""
    try:
        workbook = read_document(data, file_name=file_name)
    except UnreadableDocument as failure:
        return Understanding(None, [error(NOWHERE, str(failure))])
    return understand(workbook, year=year, file_name=file_name)
