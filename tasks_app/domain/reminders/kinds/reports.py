"""What the kinds that are about a report share: which reports are owed, and what a unit reads of them."""

from datetime import datetime

from django.db.models import Case, F, Q, When
from django.db.models.expressions import Combinable

from tasks_app.choices import ReportState
from tasks_app.models import Report
from tasks_app.models.report import ReportQuerySet

from .kind import limited_words

WORDS = limited_words("截止日期", "填报地址")
PAGE = "reports/{page}"
STEPS: dict[str, str] = {
    ReportState.DRAFT: "尚未报送，请填写完成后报送。",
    ReportState.SIGNING: "已填写完成，待本单位审签人审签后报送。",
    ReportState.RETURNED: "已被退回，请按退回理由修改后重新报送。",
}


def owed(at: datetime) -> ReportQuerySet:
    """Return the owed reports that somebody answers for."""
    return Report.objects.owed(at).answered_for()


def closes_on(way: str = "") -> Combinable:
    """Return the last day on which a report can be filed; one that was returned can always be."""
    return Case(When(Q(**{f"{way}returned_at__isnull": True}), then=F(f"{way}period__closes_on")))
