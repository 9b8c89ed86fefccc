"""What was read comes back from storage exactly as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_app.documents.grid import CellFault, Merge, Sheet, SheetKind, Workbook
from tasks_app.documents.stored_grid import pack, unpack

pytestmark = pytest.mark.once
PLACE = st.integers(1, 1_048_576)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SHEETS = st.builds(
    Sheet,
    name=TEXT,
    rows=st.dictionaries(PLACE, st.dictionaries(PLACE, TEXT, min_size=1, max_size=4), max_size=5),
    merges=st.lists(st.builds(Merge, PLACE, PLACE, PLACE, PLACE), max_size=3).map(tuple),
    is_hidden=st.booleans(),
    faults=st.dictionaries(st.tuples(PLACE, PLACE), st.sampled_from(CellFault), max_size=3),
    kind=st.sampled_from(SheetKind),
    hidden_rows=st.frozensets(PLACE, max_size=3),
    hidden_columns=st.frozensets(PLACE, max_size=3),
    above=st.lists(TEXT, max_size=3).map(tuple),
    below=st.lists(TEXT, max_size=3).map(tuple),
)


@given(st.builds(Workbook, st.lists(SHEETS, max_size=3).map(tuple), st.lists(TEXT, max_size=2).map(tuple)))
def test_a_workbook_comes_back_as_it_was(workbook: Workbook):
    packed = pack(workbook)
    assert unpack(packed) == workbook
    assert pack(unpack(packed)) == packed
