"""The ledger of messages as it was at a past moment, as far as the stored times tell."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks_app.choices import Channel, DeliveryState
from tasks_app.domain.history.rules import outcome_then
from tasks_app.models import Delivery
from tasks_app.templatetags.display import lamp

from .reminders import LedgerTable, outcome_in_app, outcome_sent


class LedgerAsOfTable(LedgerTable):
    """The same rows; an outcome whose time is not stored is said to be unknown.

    `decided` are the deliveries on which a person decided after the moment `at`.
    """

    class Meta(LedgerTable.Meta):
        empty_text = "那时还没有符合条件的提醒消息"

    def __init__(self, *args: Any, at: datetime, decided: Collection[int], **kwargs: Any) -> None:
        self.at, self.decided = at, decided
        super().__init__(*args, **kwargs)

    def became_of(self, delivery: Delivery) -> SafeString:
        state = outcome_then(delivery, at=self.at, decided_later=delivery.pk in self.decided)
        if delivery.channel == Channel.IN_APP and state == DeliveryState.SENT:
            was_read = delivery.read_at is not None and delivery.read_at <= self.at
            return outcome_in_app(delivery.read_at if was_read else None)
        if state == DeliveryState.SENT:
            return outcome_sent(delivery)
        channel = delivery.get_channel_display()
        if state is not None:
            return format_html('<span title="{}">{}</span>', delivery.address, lamp(state, f"·{channel}"))
        return format_html(
            '<span class="lamp lamp-quiet" title="{}"><span aria-hidden="true">？</span> 结果未留存·{}</span>',
            f"{delivery.address} 现在是“{delivery.get_state_display()}”，当时如何没有留存".strip(),
            channel,
        )
