"""What can be done with a 督查单, as its page offers it: each open move with its form, the days offered, the words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import dateformat
from django.utils.html import format_html

from tasks_app.choices import NoticeState, StepKind
from tasks_app.clock import day_in_words, local_date, short_moment
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.drafts.rules import kinds_of_notice
from tasks_app.domain.escalation import actions, rules
from tasks_app.domain.escalation.queries import Card
from tasks_app.domain.moves import NoticeMove as Move
from tasks_app.forms.escalation import (
    AcceptReplyForm,
    HearForm,
    IssueForm,
    ObjectForm,
    ReasonForm,
    RefuseReplyForm,
    ReplyForm,
)
from tasks_app.models import Step, SupervisionNotice
from tasks_app.templatetags.display import unit_name

from .moves import Offer, Offers, Panel, Place, StateLine

# The moves made on the page itself: the action behind each, and what is said when it is done.
MOVES: dict[Move, tuple[Callable[..., Any], str]] = {
    Move.HEAR: (actions.ask_for_objection, "已告知单位，等待申辩。"),
    Move.OBJECT: (actions.object_to_notice, "已提出申辩，市医改办会答复。"),
    Move.ISSUE: (actions.issue_notice, "已签发，单位可以签收和回复了。"),
    Move.ACKNOWLEDGE: (actions.acknowledge, "已签收，请按时回复。"),
    Move.REPLY: (actions.reply, "已回复，等待市医改办审核。"),
    Move.REFUSE: (actions.refuse_reply, "已退回回复，单位须重新回复。"),
    Move.ACCEPT: (actions.accept_reply, "已认可，督查单办结。"),
    Move.WITHDRAW: (actions.withdraw_notice, "已撤销。"),
}
# What the unit is called to do next.
NEXT = {
    NoticeState.HEARING: "查看并表示意见",
    NoticeState.ISSUED: "签收",
    NoticeState.ACKNOWLEDGED: "去回复",
}
AGREED = "已表示无异议。"


@dataclass(frozen=True)
class NoticeLook:
    """One 督查单 as somebody looks at it: its ledger as far as shown, which moves are open, on which day."""

    notice: SupervisionNotice
    steps: Sequence[Step]
    open: frozenset[StrEnum]
    today: date
    calendar: WorkingCalendar

    @property
    def said(self) -> Step | None:
        """Return the unit's objection, if it has said anything."""
        return rules.objection(self.steps)


@dataclass(frozen=True)
class OnHome:
    """One 督查单 on the first page of its unit; the `button` names what comes next."""

    card: Card
    line: StateLine
    button: str


def on_home(card: Card) -> OnHome:
    """Return an open 督查单 as its unit finds it on its first page."""
    notice, number = card.notice, rules.document_number(card.notice)
    button = NEXT.get(NoticeState(notice.state), "查看")
    if notice.state == NoticeState.HEARING:
        asked = "市医改办拟发督查单，有不同意见的请于"
        return OnHome(card, StateLine(asked, _day(card.limit), "前申辩", card.left), button)
    if card.limit:
        line = StateLine(f"{number}，请于", _day(card.limit), "前回复", card.left, card.is_late)
    else:
        replied = short_moment(notice.replied_at) if notice.replied_at else ""
        line = StateLine(f"{number}，{replied}已回复，等待市医改办审核")
    return OnHome(card, line, button)


def state_line(card: Card) -> StateLine:
    """Return where a 督查单 stands, for its own page."""
    notice, unit = card.notice, unit_name(card.notice.unit)
    if card.limit:
        asked = "前申辩或表示无异议" if notice.state == NoticeState.HEARING else "前回复"
        return StateLine(format_html("请{}于", unit), _day(card.limit), asked, card.left, card.is_late)
    if notice.state == NoticeState.DRAFT:
        return StateLine(format_html("拟稿，{}还看不到", unit))
    if notice.state == NoticeState.REPLIED:
        return StateLine(format_html("{}已回复，等待市医改办审核", unit))
    ended = day_in_words(local_date(notice.closed_at)) if notice.closed_at else ""
    return StateLine(f"{ended}{notice.get_state_display()}")


def drafts(notice: SupervisionNotice) -> list[tuple[str, str]]:
    """Return the documents that can be drafted of a 督查单: address, name."""
    return [
        (reverse("notice_document", args=[notice.pk, kind]), kind.label) for kind in kinds_of_notice(notice)
    ]


def form_of(move: Move, look: NoticeLook, data: Any = None) -> forms.Form:
    """Return the form of `move`, empty but for the days that are offered, or with what was sent."""
    calendar, today, notice = look.calendar, look.today, look.notice
    after_hearing = {"objection_due_on": calendar.add(today, rules.OBJECTION_WORKING_DAYS)}
    offered = rules.offered_limit(today, notice.colour, calendar)
    makers: dict[Move, Callable[..., forms.Form]] = {
        Move.HEAR: partial(HearForm, calendar=calendar, initial=after_hearing),
        Move.ISSUE: partial(
            IssueForm,
            calendar=calendar,
            has_objection=rules.has_objected(look.said),
            initial={"reply_due_on": max(notice.reply_due_on, offered)},
        ),
        Move.REFUSE: partial(RefuseReplyForm, calendar=calendar, initial={"reply_due_on": offered}),
        Move.ACKNOWLEDGE: forms.Form,
        Move.ACCEPT: AcceptReplyForm,
        Move.WITHDRAW: ReasonForm,
        Move.OBJECT: ObjectForm,
        Move.REPLY: ReplyForm,
    }
    return makers[move](data, auto_id=f"{move}-%s")


def panels(look: NoticeLook, bound: Mapping[Place, Any]) -> list[Panel]:
    """Return what is offered; `bound` are forms that were sent and not taken."""
    offer = Offers(
        address=lambda move: reverse(f"notice_{move}", args=[look.notice.pk]),
        form_of=lambda move: form_of(Move(move), look),
        bound=bound,
    )
    makers = {
        Move.OBJECT: _objecting,
        Move.ACKNOWLEDGE: lambda _, offer: Panel("签收", [offer(Move.ACKNOWLEDGE, "签收")]),
        Move.REPLY: _replying,
        Move.HEAR: lambda _, offer: Panel(
            "告知单位，听取申辩",
            [offer(Move.HEAR, "告知单位")],
            note="告知后单位能看到全文，可以申辩或表示无异议，然后才能签发。",
        ),
        Move.ISSUE: _issuing,
        Move.ACCEPT: _judging,
    }
    found = [make(look, offer) for move, make in makers.items() if move in look.open]
    return found + ([_others(look, offer)] if look.open & {Move.EDIT, Move.RAISE, Move.WITHDRAW} else [])


def _day(day: date | None) -> str:
    return dateformat.format(day, "Y年n月j日（D）") if day else ""


def _objecting(look: NoticeLook, offer: Offers) -> Panel:
    has_agreed = rules.has_agreed(look.said)
    note = ""
    if look.said is not None:
        note = f"{AGREED if has_agreed else '已提出申辩。'}期限前可以再次表示，以最后一次为准。"
    agree = Offer(
        reverse("notice_object", args=[look.notice.pk]),
        "无异议",
        style="btn-outline-primary",
        confirm="确认对拟发的督查单没有不同意见？",
        name="agree",
    )
    object_to = offer(Move.OBJECT, "提出申辩", summary="有不同意见，提出申辩")
    return Panel("表示意见", [object_to] if has_agreed else [agree, object_to], note=note)


def _replying(look: NoticeLook, offer: Offers) -> Panel:
    button = "签收并回复" if look.notice.state == NoticeState.ISSUED else "回复"
    heading = "补充回复" if look.notice.state == NoticeState.REPLIED else "回复"
    return Panel(heading, [offer(Move.REPLY, button)])


def _issuing(look: NoticeLook, offer: Offers) -> Panel:
    if refused := rules.why_not_issue(look.notice, look.said, look.today):
        return Panel("签发", note=refused)
    if rules.has_agreed(look.said):
        heard = "该单位已表示无异议。"
    elif look.said is not None:
        heard = "该单位提出了申辩（见办理过程），请写明答复；采纳申辩的，可以修改或撤销。"
    else:
        heard = "申辩期限已过，该单位没有表示意见。"
    confirm = f"签发这件{look.notice.get_colour_display()}督查单？签发后不能修改，只能撤销。"
    return Panel(
        "签发", [offer(Move.ISSUE, "签发", confirm=confirm)], note=f"{heard}签发后编号，单位收到提醒。"
    )


def _judging(look: NoticeLook, offer: Offers) -> Panel:
    reply = next(step for step in reversed(look.steps) if step.kind == StepKind.REPLY)
    accept = offer(Move.ACCEPT, "认可，办结", confirm="认可回复，督查单办结？")
    refuse = offer(Move.REFUSE, "退回重新回复", style="btn-outline-primary", summary="不认可，要求重新回复")
    return Panel(
        "审核回复", [accept, refuse], quote=(f"{short_moment(reply.at)} {reply.by_name}", reply.text)
    )


def _others(look: NoticeLook, offer: Offers) -> Panel:
    notice = look.notice
    links = []
    if Move.EDIT in look.open:
        links.append((reverse("notice_edit", args=[notice.pk]), "修改"))
    if Move.RAISE in look.open:
        links.append((reverse("notice_raise", args=[notice.pk]), "转下一色"))
    offers = []
    if Move.WITHDRAW in look.open:
        kept = "编号保留，不再使用。" if notice.number else ""
        if notice.number:
            links.append((f"{reverse('interview_new')}?notice={notice.pk}", "提出约谈"))
        style = "btn-sm btn-outline-danger"
        offers.append(
            offer(Move.WITHDRAW, "撤销", style=style, confirm=f"撤销这件督查单？{kept}", summary="撤销")
        )
    return Panel("其他办理", offers, links=links)
