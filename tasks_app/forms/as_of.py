"""截至: reads from an address the past moment that a page shall speak of."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from django import forms

from tasks_app.clock import SHANGHAI
from tasks_app.models import ReportingPeriod
from tasks_app.templatetags.addresses import address

# What a minute or a day names goes to its end: what a page dates 18:00 had happened 截至 18:00.
SHAPES = (("%Y-%m-%dT%H:%M", timedelta(minutes=1)), ("%Y-%m-%d", timedelta(days=1)))
BOX_SHAPE = SHAPES[0][0]
LAST_INSTANT = timedelta(microseconds=1)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before that nobody kept anything here


@dataclass(frozen=True)
class AsOf:
    """The moment that a page speaks of: `at`. It is the present unless `text` says otherwise.

    `fault` is a sentence for the user when what was asked for cannot be shown.
    """

    at: datetime
    text: str = ""
    fault: str = ""

    @property
    def is_past(self) -> bool:
        """Tell whether the page looks back."""
        return bool(self.text)

    @property
    def alone(self) -> str:
        """Return what keeps a link without a query at this moment: ?as_of=2024-07-26; nothing at present."""
        return f"?{urlencode({'as_of': self.text})}" if self.text else ""

    @property
    def added(self) -> str:
        """Return the same for a link that has a query already: &as_of=2024-07-26."""
        return self.alone.replace("?", "&", 1)

    @property
    def report_page(self) -> str:
        """Return the name of the page that shows one report at this moment."""
        return "report_as_of" if self.text else "review_report"

    def report_address(self, pk: int) -> str:
        """Return the address of one report at this moment."""
        return address(self.report_page, pk) + self.alone

    def task_address(self, pk: int, period: ReportingPeriod | None) -> str:
        """Return the address of one task of all units, in a period if there is any, at this moment."""
        return address("review_task", pk) + (f"?period={period.pk}{self.added}" if period else "")

    @property
    def box(self) -> str:
        """Return the moment as the box on the page takes it."""
        return self.at.astimezone(SHANGHAI).strftime(BOX_SHAPE) if self.text else ""


def read_as_of(text: str, *, now: datetime) -> AsOf:
    """Return the moment that `text` names (2024-07-26T18:00 or 2024-07-26, in Shanghai), else the present."""
    text = text.strip()
    if not text:
        return AsOf(now)
    at = _moment(text)
    if at is None or at < EARLIEST:
        return AsOf(now, fault="没有看懂“截至”的时间，请重新选择日期和时间。以下是现在的情况。")
    if at > now:
        return AsOf(now, fault="“截至”的时间还没有到，请选择已经过去的时间。以下是现在的情况。")
    return AsOf(at, text)


def as_of_field() -> forms.CharField:
    """Return the box in which the moment is chosen; it is read by `read_as_of`."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"})
    return forms.CharField(label="截至", required=False, widget=widget)


def moments_offered(period: ReportingPeriod, *, today: date) -> list[tuple[str, str]]:
    """Return the moments offered beside the box: (label, what the address takes)."""
    yesterday = today - timedelta(days=1)
    offered = [("昨日末", yesterday)] if yesterday >= period.opens_on else []
    offered += [("截止日末", period.due_on)] if period.due_on < today else []
    return [(label, day.isoformat()) for label, day in offered]


def _moment(text: str) -> datetime | None:
    for shape, length in SHAPES:
        try:
            return datetime.strptime(text, shape).replace(tzinfo=SHANGHAI) + length - LAST_INSTANT
        except (ValueError, OverflowError):
            continue
    return None
