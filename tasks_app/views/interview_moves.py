"""What can be done with a 约谈, as its page offers it: each open move with its form, what is offered, the words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from functools import partial
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import dateformat
from django.utils.timezone import localtime

from tasks_app.choices import InterviewState, MatterKind
from tasks_app.clock import SHANGHAI, day_in_words, local_date
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.drafts.rules import kinds_of_interview
from tasks_app.domain.interviews import actions, rules
from tasks_app.domain.interviews.queries import ShownCorrection
from tasks_app.domain.moves import MATTERS, Party
from tasks_app.domain.moves import InterviewMove as Move
from tasks_app.domain.moves import MatterMove as ItemMove
from tasks_app.forms.interviews import (
    CloseForm,
    CorrectionForm,
    NotifyForm,
    RecordForm,
    RefuseCorrectionForm,
    VerifyForm,
    WithdrawForm,
    demand_rows,
)
from tasks_app.models import Interview, Step

from .moves import ITSELF, Offer, Offers, Panel, Place, StateLine

# Offered in the forms, changed by the person.
NOTICE_WORKING_DAYS, NOTICE_HOUR, CORRECTION_WORKING_DAYS = 3, time(9), 10
# The moves made on the page itself: the action behind each, and what is said when it is done.
MOVES: dict[Move, tuple[Callable[..., Any], str]] = {
    Move.NOTIFY: (actions.notify, "约谈通知已发出，单位可以看到了。"),
    Move.RECORD: (
        actions.record_interview,
        "约谈记录已保存。请下达整改清单；没有整改事项的，可以写明理由销号。",
    ),
    Move.CLOSE: (actions.close, "已销号。"),
    Move.WITHDRAW: (actions.withdraw, "已取消约谈。"),
}
# Those made with one item of the list of corrections; its number stands in what is said.
ITEM_MOVES: dict[ItemMove, tuple[Callable[..., Any], str]] = {
    ItemMove.ANSWER: (actions.answer_correction, "第 {} 项已报告，等待市医改办核验。"),
    ItemMove.SETTLE: (actions.verify_correction, "第 {} 项已通过核验。"),
    ItemMove.REFUSE: (actions.refuse_correction, "第 {} 项已退回，单位须在新的时限前重新报告。"),
}
# Their addresses: an item ends by being verified.
ADDRESS = {ItemMove.ANSWER: "answer", ItemMove.SETTLE: "verify", ItemMove.REFUSE: "refuse"}


@dataclass(frozen=True)
class InterviewLook:
    """One 约谈 as somebody looks at it: its ledger as far as shown, its items, which moves are open, when."""

    interview: Interview
    steps: Sequence[Step]
    items: Sequence[ShownCorrection]
    parties: frozenset[Party]
    open: frozenset[StrEnum]
    at: datetime
    calendar: WorkingCalendar


@dataclass(frozen=True)
class CorrectionRow:
    """One item of the list of corrections, with the moves that can be made with it."""

    item: ShownCorrection
    offers: Sequence[Offer]


def state_line(look: InterviewLook) -> StateLine:
    """Return where the 约谈 stands."""
    interview = look.interview
    makers: dict[InterviewState, Callable[[], StateLine]] = {
        InterviewState.PROPOSED: lambda: StateLine(f"拟约谈，{interview.unit}还看不到"),
        InterviewState.NOTIFIED: lambda: StateLine("定于", _planned(interview), f"在{interview.place}约谈"),
        InterviewState.HELD: lambda: StateLine(f"已于{_held(interview)}约谈，还没有下达整改清单"),
        InterviewState.CORRECTING: lambda: StateLine(_how_far(look.items)),
    }
    if interview.state in makers:
        return makers[InterviewState(interview.state)]()
    ended = day_in_words(local_date(interview.closed_at)) if interview.closed_at else ""
    return StateLine(f"{ended}{interview.get_state_display()}")


def drafts(look: InterviewLook) -> list[tuple[str, str]]:
    """Return the documents that can be drafted of the 约谈: address, name."""
    kinds = kinds_of_interview(look.interview, has_corrections=bool(look.items))
    return [(reverse("interview_document", args=[look.interview.pk, kind]), kind.label) for kind in kinds]


def form_of(move: StrEnum, look: InterviewLook, data: Any = None, item: ShownCorrection | None = None) -> Any:
    """Return the form of `move`, with what is offered or what was sent; its ids carry the item, if there is one."""
    interview, calendar, today = look.interview, look.calendar, local_date(look.at)
    people = {"interviewer": interview.interviewer, "interviewee": interview.interviewee}
    offered = datetime.combine(calendar.add(today, NOTICE_WORKING_DAYS), NOTICE_HOUR, SHANGHAI)
    planned = {"planned_at": localtime(interview.planned_at or offered), "place": interview.place}
    planned_on = local_date(interview.planned_at) if interview.planned_at else today
    held = {"held_on": interview.held_on or min(planned_on, today), "record": interview.record}
    limit = {"due_on": calendar.add(today, CORRECTION_WORKING_DAYS)}
    reported = {"text": item.correction.answer.text if item and item.correction.answer else ""}
    makers: dict[StrEnum, Callable[..., forms.Form]] = {
        Move.NOTIFY: partial(NotifyForm, calendar=calendar, initial=people | planned),
        Move.RECORD: partial(RecordForm, initial=people | held),
        Move.CLOSE: partial(CloseForm, has_items=bool(look.items)),
        Move.WITHDRAW: WithdrawForm,
        ItemMove.ANSWER: partial(CorrectionForm, initial=reported),
        ItemMove.SETTLE: VerifyForm,
        ItemMove.REFUSE: partial(RefuseCorrectionForm, calendar=calendar, initial=limit),
    }
    return makers[move](data, auto_id=f"{move}-{item.correction.pk}-%s" if item else f"{move}-%s")


def panels(look: InterviewLook, bound: Mapping[Place, Any]) -> list[Panel]:
    """Return what is offered for the 约谈 itself; `bound` are forms that were sent and not taken."""
    offer = Offers(
        address=lambda move: reverse(f"interview_{move}", args=[look.interview.pk]),
        form_of=lambda move: form_of(move, look),
        bound=bound,
    )
    state = look.interview.state
    found = []
    if Move.NOTIFY in look.open and state == InterviewState.PROPOSED:
        confirm = "发出约谈通知？发出后事由和依据不能再修改。"
        note = "发出后编号，单位能看到事由、依据、时间和地点。"
        found.append(Panel("发出约谈通知", [offer(Move.NOTIFY, "发出通知", confirm=confirm)], note=note))
    if Move.RECORD in look.open and state == InterviewState.NOTIFIED:
        found.append(Panel("填写约谈记录", [offer(Move.RECORD, "保存记录")]))
    if Move.DEMAND in look.open:
        found.append(_demanding(look, bound))
    if Move.CLOSE in look.open:
        found.append(_closing(look, offer))
    others = _others(look, offer)
    return found + ([others] if others.offers or others.links else [])


def rows(look: InterviewLook, bound: Mapping[Place, Any]) -> list[CorrectionRow]:
    """Return the items, each with what is offered for it."""
    return [CorrectionRow(item, _offers_for(item, look, bound)) for item in look.items]


def _planned(interview: Interview) -> str:
    assert interview.planned_at is not None, "a 约谈 that was notified has its time"  # noqa: S101
    return dateformat.format(localtime(interview.planned_at), "Y年n月j日（D）H:i")


def _held(interview: Interview) -> str:
    return day_in_words(interview.held_on) if interview.held_on else ""


def _how_far(items: Sequence[ShownCorrection]) -> str:
    if unverified := rules.unverified([item.correction for item in items]):
        return f"整改中，{len(items)} 项里还有 {len(unverified)} 项没有通过核验"
    return f"{len(items)} 项整改全部通过核验，可以销号"


def _demanding(look: InterviewLook, bound: Mapping[Place, Any]) -> Panel:
    place = (Move.DEMAND, ITSELF)
    more = look.interview.state == InterviewState.CORRECTING
    offer = Offer(
        reverse("interview_demand", args=[look.interview.pk]),
        "下达整改清单",
        bound.get(place) or demand_rows(calendar=look.calendar),
        confirm="下达整改清单？下达后不能删改，单位会收到提醒。",
        summary="增加整改事项" if more else "",
        is_opened=place in bound,
        template="interviews/_demand.html",
    )
    return Panel("整改清单" if more else "下达整改清单", [offer], anchor="demand")


def _closing(look: InterviewLook, offer: Offers) -> Panel:
    if unverified := rules.unverified([item.correction for item in look.items]):
        return Panel("销号", note="每一项都通过核验后才能销号：", points=unverified)
    style = "btn-primary" if look.items else "btn-outline-primary"
    return Panel("销号", [offer(Move.CLOSE, "销号", style=style, confirm="销号？销号后不能再办理。")])


def _others(look: InterviewLook, offer: Offers) -> Panel:
    interview = look.interview
    again = {"style": "btn-sm btn-outline-primary"}
    links, offers = [], []
    if Move.EDIT in look.open:
        links.append((reverse("interview_edit", args=[interview.pk]), "修改事由和依据"))
    if Move.NOTIFY in look.open and interview.state == InterviewState.NOTIFIED:
        offers.append(offer(Move.NOTIFY, "发出变更通知", summary="改期或变更通知", **again))
    if Move.RECORD in look.open and interview.state == InterviewState.HELD:
        offers.append(offer(Move.RECORD, "保存更正", summary="更正约谈记录", **again))
    if Move.WITHDRAW in look.open:
        confirm = f"取消这件约谈？{'编号保留，不再使用。' if interview.number else ''}"
        style = "btn-sm btn-outline-danger"
        offers.append(offer(Move.WITHDRAW, "取消约谈", style=style, confirm=confirm, summary="取消约谈"))
    return Panel("其他办理", offers, links=links)


def _offers_for(item: ShownCorrection, look: InterviewLook, bound: Mapping[Place, Any]) -> list[Offer]:
    row = item.correction.pk
    make = Offers(
        address=lambda move: reverse(f"correction_{ADDRESS[ItemMove(move)]}", args=[look.interview.pk, row]),
        form_of=lambda move: form_of(move, look, item=item),
        bound=bound,
        row=row,
    )

    def offer(move: ItemMove, button: str, summary: str, style: str) -> Offer:
        return make(
            move,
            button,
            style=f"btn-sm {'btn-primary' if style == 'btn-outline-primary' else style}",
            summary=summary,
            summary_style=f"btn btn-sm {style}",
            about=f"（第 {item.correction.number} 项）",
        )

    offers = []
    can = MATTERS[MatterKind.CORRECTION].open_moves(item.correction.state, look.parties)
    if ItemMove.ANSWER in can:
        if item.is_reported:
            offers.append(offer(ItemMove.ANSWER, "报告", "补充报告", "btn-outline-primary"))
        else:
            offers.append(offer(ItemMove.ANSWER, "报告", "报告整改情况", "btn-primary"))
    if ItemMove.SETTLE in can:
        offers.append(offer(ItemMove.SETTLE, "确定通过", "通过核验", "btn-primary"))
        offers.append(offer(ItemMove.REFUSE, "退回重新整改", "不通过", "btn-outline-danger"))
    return offers
