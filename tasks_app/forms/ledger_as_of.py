"""What people may choose of the ledger of reminders as it was at a past moment."""

from typing import Any

from django.http import QueryDict

from tasks_app.models import Unit

from .as_of import AsOf, as_of_field
from .reminders import LedgerFilter


class LedgerAsOfFilter(LedgerFilter):
    """Narrows to a unit or a day; not to an outcome, for not every outcome of a past moment is known."""

    state = None  # type: ignore[assignment]  # Django's way to leave out a field of the parent
    as_of = as_of_field()

    def __init__(self, query: QueryDict, *, issuer: Unit, as_of: AsOf) -> None:
        super().__init__({**query.dict(), "as_of": as_of.box}, issuer=issuer)

    def criteria(self) -> dict[str, Any]:
        """Return what was chosen beside the moment."""
        return {name: value for name, value in super().criteria().items() if name != "as_of"}
