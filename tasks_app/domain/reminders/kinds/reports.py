"""What the kinds that are about a report share: which reports are owed, and what a unit reads of them."""

from datetime import datetime

from django.db.models import Case, F, Q, When
from django.db.models.expressions import Combinable

from tasks_app.choices import ReportState
from tasks_app.domain.reporting.queries import owed_reports
from tasks_app.models.report import ReportQuerySet
from tasks_app.models.unit import answered_for

from .kind import limited_words

WORDS = limited_words("截止日期", "填报地址")
PAGE = "reports/{page}"
STEPS: dict[str, str] = {
    ReportState.DRAFT: "尚未报送，请填写完成后报送。",
    ReportState.SIGNING: "已填写完成，待本单位审签人审签后报送。",
    ReportState.RETURNED: "已被退回，请按退回理由修改后重新报送。",
}


def owed(at: datetime) -> ReportQuerySet:
    """Return the owed reports that somebody answers for; a form that a merged unit never filed is nobody's."""
    is_somebodys = Q(unit__is_active=True) | Q(first_submitted_at__isnull=False)
    return owed_reports(at).filter(answered_for(), is_somebodys).select_related(None)


def closes_on(way: str = "") -> Combinable:
    """Return the last day on which a report can be filed; one that was returned can always be."""
    return Case(When(Q(**{f"{way}returned_at__isnull": True}), then=F(f"{way}period__closes_on")))
