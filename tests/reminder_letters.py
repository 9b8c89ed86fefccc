"""What the delivery tests speak of: a Monday three working days before the limit, and its five e-mails."""

from collections import Counter
from datetime import datetime, timedelta

from tasks_app.choices import Channel
from tasks_app.clock import SHANGHAI
from tasks_app.models import Delivery

MONDAY = datetime(2024, 7, 22, 9, 0, tzinfo=SHANGHAI)  # T-3: fillers and signers
EVERYBODY = sorted(
    f"{name}@example.invalid" for name in ("jiangle", "jiangle-sq", "sanyuan", "wjw", "wjw-sq")
)


def emails() -> list[Delivery]:
    return list(Delivery.objects.filter(channel=Channel.EMAIL).order_by("address"))


def states() -> Counter[str]:
    return Counter(delivery.state for delivery in emails())


def later(**pause: float) -> datetime:
    return MONDAY + timedelta(**pause)
