"""Changes: a sample is drawn and kept; it is never changed afterwards."""

import secrets
from datetime import datetime

from django.db import transaction

from tasks_app.choices import AuditAction
from tasks_app.domain import audit
from tasks_app.domain.moves import demand_nothing
from tasks_app.models import ReportingPeriod, Sample, SampledEntry, User

from .queries import lots
from .rules import drawn, missing_for_drawing


@transaction.atomic
def draw(*, period: ReportingPeriod, count: int, per_unit: bool, seed: str, by: User, at: datetime) -> Sample:
    """Draw `count` entries of a period, of all or of each unit, by `seed`; "" has one made. Raises Refused."""
    # Nobody draws from a period while another does: both would be kept, from what they saw.
    ReportingPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
    seed = seed.strip() or secrets.token_hex(4)
    available = lots(period)
    demand_nothing(missing_for_drawing(seed, count, len(available)))
    sample = Sample.objects.create(
        period=period,
        seed=seed,
        count=count,
        per_unit=per_unit,
        drawn_from=len(available),
        drawn_by=by,
        drawn_at=at,
    )
    chosen = drawn(seed, available, count=count, per_unit=per_unit)
    SampledEntry.objects.bulk_create(
        SampledEntry(sample=sample, entry_id=lot.entry, place=place)
        for place, lot in enumerate(chosen, start=1)
    )
    note = f"种子 {seed}，从 {len(available)} 项中抽 {len(chosen)} 项"
    audit.record(AuditAction.SAMPLE, sample, by=by, at=at, note=note)
    return sample
