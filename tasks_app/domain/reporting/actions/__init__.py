"""Changes: opening periods, saving drafts, sign-off, submission. Each locks, checks, changes and records."""

from ..trail import HEADER_FIELDS as HEADER_FIELDS
from .filing import recall_report as recall_report
from .filing import refuse_signature as refuse_signature
from .filing import request_signature as request_signature
from .filing import submit_report as submit_report
from .opening import open_due_periods as open_due_periods
from .saving import ENTRY_FIELDS as ENTRY_FIELDS
from .saving import Saved as Saved
from .saving import save_box as save_box
from .saving import save_entry as save_entry
from .saving import save_header as save_header
from .steps import demand_unlocked as demand_unlocked
from .steps import lock_report as lock_report
