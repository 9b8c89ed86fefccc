"""The city's workbook for 106 units against openpyxl writing the same cells: bare, and each with its look."""

from copy import copy
from datetime import UTC, datetime
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell

from tasks_app.documents import annex_layout
from tasks_app.documents.annex import MERGED_COLUMNS, Annex, annex_workbook
from tasks_app.documents.annex_layout import AnnexBlock, AnnexItem

from .past import WORDS
from .timing import Ratio, compare

TASKS, UNITS = 24, 106
MOST = 2.0  # times the same cells as they look
AT = datetime(2024, 7, 26, tzinfo=UTC)


def city() -> Annex:
    """Return the merged table of a city in which every unit has written 200 characters on every task."""
    blocks = [
        AnnexBlock(
            section="一、加强组织领导",
            task=f"{task}. 健全三医协同发展和治理工作机制",
            measures="\n".join(f"{number}完善工作专班，每季度会商。" for number in "①②③④"),
            units="市卫健委、医保局，各县（市、区）",
            items=[
                AnnexItem(f"第{unit}县（达到序时）：{task}，{WORDS * 4}\n预计至期末：{WORDS}")
                for unit in range(UNITS)
            ],
        )
        for task in range(1, TASKS + 1)
    ]
    return Annex("三明市2024年任务分解表", "汇总单位：三明市", "上半年汇总", "汇总", blocks, MERGED_COLUMNS)


def ratios() -> tuple[Ratio, Ratio]:
    """Return how many times as long the workbook takes as its cells as they look, and as its cells bare (ADR 27)."""
    annex = city()

    def ours() -> bytes:
        annex_layout.height.cache_clear()  # every export has words of its own
        return annex_workbook(annex, at=AT)

    cells = [cell for row in load_workbook(BytesIO(ours())).active.iter_rows() for cell in row]
    looks = [(copy(cell.font), copy(cell.alignment), copy(cell.border)) for cell in cells]

    def plainly(*, dressed: bool) -> None:
        book = Workbook()
        for cell, look in zip(cells, looks, strict=True):
            new: Cell = book.active.cell(cell.row, cell.column, cell.value)
            if dressed:
                new.font, new.alignment, new.border = look
        book.save(BytesIO())

    name = f"the workbook of {UNITS} units"
    return (
        compare(
            (name, ours), ("openpyxl, the same cells as they look", lambda: plainly(dressed=True)), rounds=3
        ),
        compare((name, ours), ("openpyxl, the same cells bare", lambda: plainly(dressed=False)), rounds=7),
    )
