"""What an obligation may be about: where its rows say whose it is, and what it is called. One for each table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db.models import Case, F, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat

from tasks_app.choices import NoticeColour, PeriodKind
from tasks_app.models import Interview, Matter, Report, SupervisionNotice
from tasks_app.models.unit import CLOSED


class Name(NamedTuple):
    """What a thing's title is made of; `label` is the period's kind or the subject."""

    year: int | None = None
    number: int | None = None
    label: str = ""
    colour: str = ""


# A column of the union where a thing has nothing of the kind.
NOTHING: dict[str, Combinable] = {
    "year": Value(0),
    "number": Value(0),
    "label": Value(""),
    "colour": Value(""),
}


@dataclass(frozen=True, eq=False)
class Thing:
    """`ledger_field` is the foreign key of a ledger row that names such a thing.

    The others are ways from its row: to the unit that owes it, its plan and issuer, the number in the address
    of its page, and to the parts of its name. `example` makes a name up from a year, a period and a subject.
    """

    ledger_field: str
    title: Callable[[Name], str]
    name_of: Callable[[Any], Name]
    example: Callable[[int, str, str], Name]
    unit: str = "unit"
    plan: str = "plan"
    issuer: str = "issuer"
    page: str = "pk"
    names: Mapping[str, str] = field(default_factory=dict)

    def columns(self, way: str) -> dict[str, Combinable]:
        """Return the columns of the union that are the thing's; `way` leads from a row to the thing."""
        return NOTHING | {
            "thing": F(f"{way}pk"),
            "page": F(f"{way}{self.page}"),
            # What a unit owed that was merged into another, that one owes.
            "unit": Coalesce(F(f"{way}{self.unit}__successor_id"), F(f"{way}{self.unit}_id")),
            "unit_name": Coalesce(F(f"{way}{self.unit}__successor__name"), _shown_name(f"{way}{self.unit}")),
            "position": Coalesce(
                F(f"{way}{self.unit}__successor__position"), F(f"{way}{self.unit}__position")
            ),
            "plan": F(f"{way}{self.plan}_id"),
            "issuer": F(f"{way}{self.issuer}_id"),
            **{name: F(f"{way}{path}") for name, path in self.names.items()},
        }


def _shown_name(unit: str) -> Combinable:
    """Return the column that says what Unit.shown_name does, of a unit that nobody succeeds."""
    closed = Concat(F(f"{unit}__name"), Value(f"（{CLOSED}）"))
    return Case(When(**{f"{unit}__is_active": False}, then=closed), default=F(f"{unit}__name"))


def _name_of_report(report: Report) -> Name:
    return Name(year=report.period.plan.year, label=report.period.kind)


def _name_of_notice(notice: SupervisionNotice) -> Name:
    return Name(notice.year, notice.number, notice.title, notice.colour)


def _name_of_interview(interview: Interview) -> Name:
    return Name(label=interview.title)


def _name_of_correction(item: Matter) -> Name:
    assert item.interview is not None, "the database demands it"  # noqa: S101
    return Name(number=item.number, label=item.interview.title)


def _name_of_task(item: Matter) -> Name:
    assert item.task is not None, "the database demands it"  # noqa: S101
    return Name(number=item.task.number, label=item.task.title)


def _title_of_notice(name: Name) -> str:
    number = f"（〔{name.year}〕{name.number}号）" if name.number else "（拟发）"
    return f"{NoticeColour(name.colour).label}督查单{number}：{name.label}"


REPORT = Thing(
    ledger_field="report",
    title=lambda name: f"{name.year}年{PeriodKind(name.label).label}填报",
    name_of=_name_of_report,
    example=lambda year, period, subject: Name(year=year, label=period),
    plan="period__plan",
    issuer="period__plan__issuer",
    names={"year": "period__plan__year", "label": "period__kind"},
)
NOTICE = Thing(
    ledger_field="notice",
    title=_title_of_notice,
    name_of=_name_of_notice,
    example=lambda year, period, subject: Name(year, 1, subject, NoticeColour.BLUE),
    names={"year": "year", "number": "number", "label": "title", "colour": "colour"},
)
INTERVIEW = Thing(
    ledger_field="interview",
    title=lambda name: f"提醒约谈：{name.label}",
    name_of=_name_of_interview,
    example=lambda year, period, subject: Name(label=subject),
    names={"label": "title"},
)
CORRECTION = Thing(
    ledger_field="matter",
    title=lambda name: f"约谈整改事项{name.number}（{name.label}）",
    name_of=_name_of_correction,
    example=lambda year, period, subject: Name(number=1, label=subject),
    unit="addressee",
    issuer="asker",
    page="interview_id",
    names={"number": "number", "label": "interview__title"},
)
INSTRUCTION = Thing(
    ledger_field="matter",
    title=lambda name: f"领导批示（任务{name.number}. {name.label}）",
    name_of=_name_of_task,
    example=lambda year, period, subject: Name(number=1, label=subject),
    unit="addressee",
    issuer="plan__issuer",
    names={"number": "task__number", "label": "task__title"},
)
VERIFICATION = replace(INSTRUCTION, title=lambda name: f"核实（任务{name.number}. {name.label}）")
REQUEST = Thing(
    ledger_field="matter",
    title=lambda name: f"{name.label}请求协调的事项",
    name_of=lambda request: Name(label=request.asker.name),
    example=lambda year, period, subject: Name(label="某单位"),
    unit="addressee",
    issuer="plan__issuer",
    names={"label": "asker__name"},
)
REFERRAL = replace(
    REQUEST,
    title=lambda name: f"市医改办转办的{name.label}请求协调的事项",
    name_of=lambda referral: Name(label=referral.parent.asker.name),
    names={"label": "parent__asker__name"},
)
