"""The kinds of obligations (what the ladder reminds of at a moment): one small file each, and nothing of it elsewhere.

To add one: copy the file next to it in spirit, fill in its KIND, and name its module in the list below, which
is the order in which pages show them. Its code is stored in ledger and ladder, so it never changes. What is
about a table that is not in things.py yet also needs a Thing there and a foreign key in
models/reminder.py (THINGS). Nothing else: composing, sending, preview, counts, the call list and the ladder's
pages take every kind from here.
"""

from . import (
    added,
    coordination,
    correction,
    extension,
    filing,
    instructed,
    instruction,
    interview,
    moved,
    notice,
    referral,
    reply,
    returned,
    review,
    signing,
    verification,
    verifying,
)
from .kind import Kind

KINDS: dict[str, Kind] = {
    module.KIND.code: module.KIND
    for module in (
        filing,
        moved,
        returned,
        added,
        signing,
        notice,
        interview,
        correction,
        instruction,
        verification,
        coordination,
        referral,
        instructed,
        review,
        extension,
        reply,
        verifying,
    )
}
