"""Looks the units of a parsed table up, and puts the whole into the one shape that is compared and stored."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from tasks_app.choices import AssignmentRole, DeadlineKind, UnitKind
from tasks_app.language.text import squash
from tasks_app.plan_reading.content import DeadlineContent, IndicatorContent
from tasks_app.plan_reading.mends import UnitChoice, UnitDecision
from tasks_app.plan_reading.numbers.deadlines import read_deadline_cell
from tasks_app.plan_reading.numbers.indicators import propose_indicators
from tasks_app.plan_reading.numbers.target_cells import propose_of_cell
from tasks_app.plan_reading.problems import Place, Problem, error, first_few, warning
from tasks_app.plan_reading.table.parsed import ParsedPlan, ParsedTask, UnitsText
from tasks_app.plan_reading.units.cells import Mention, MentionKind, UnitCell, read_unit_cell
from tasks_app.plan_reading.units.names import CITY_PREFIX, KnownUnit, UnitIndex
from tasks_app.plan_reading.units.shapes import unit_kind_of

from .content import AssignmentContent, PlanContent, TaskContent

NAME_LIMIT = 60
LEVEL_AHEAD = re.compile(
    r"(?:^|[、，,；;：:\s])(?P<level>[市县区州旗])(?!场|直|级)[\u4e00-\u9fff]{1,12}?[局委办部]"
)


@dataclass(slots=True)
class UnknownName:
    """A name that is no known unit, everywhere it stands; `likely` are known units it may mean, best first."""

    name: str
    written: str
    kind: MentionKind
    likely: list[KnownUnit]
    places: list[Place] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    inactive: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """A plan with its units; `open_names` wait for somebody's decision, `decided` have it already."""

    content: PlanContent
    open_names: list[UnknownName]
    problems: list[Problem]


def resolve(
    plan: ParsedPlan, index: UnitIndex, decisions: Mapping[str, UnitDecision] | None = None
) -> Resolved:
    """Look the units of `plan` up in `index`; `decisions` say by name what an unknown one stands for."""
    resolver = _Resolver(plan, index, decisions or {})
    tasks = tuple(resolver.task(task) for task in plan.tasks)
    content = PlanContent(
        title=plan.title,
        year=plan.year or 0,
        document_number=plan.document_number,
        issued_on=None,
        sections=tuple(section.title for section in plan.sections),
        tasks=tasks,
    )
    return Resolved(content, list(resolver.open.values()), resolver.problems)


@dataclass(slots=True)
class _Resolver:
    plan: ParsedPlan
    index: UnitIndex
    decisions: Mapping[str, UnitDecision]
    open: dict[str, UnknownName] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    prefix: str | None = None
    cells: dict[tuple[str, AssignmentRole | None, bool], UnitCell] = field(default_factory=dict)

    def task(self, task: ParsedTask) -> TaskContent:
        """Return one task with its units looked up and its numbers proposed as indicators."""
        year = self.plan.year
        task = self._with_words_beside_units(task)
        day = _only_day(task.deadlines)
        indicators = [
            _due(replace(i, name=i.name or task.title, measure=m.number), _only_day(m.deadlines) or day)
            for m in task.measures
            for i in propose_indicators(m.text, year=year)
        ]
        # Without measures the title itself says what is to be done.
        proposed = [] if task.measures else list(propose_indicators(task.title, year=year))
        said = {(p.value, p.unit) for p in proposed}
        of_target = propose_of_cell(task.target, title=task.title, year=year)
        proposed += [p for p in of_target if (p.value, p.unit) not in said]
        indicators += [_due(p, day) for p in proposed]
        return TaskContent(
            number=task.number or 0,
            printed=task.printed,
            title=task.title,
            section=task.section,
            units_text=task.units_text,
            measures=tuple(task.measures),
            assignments=tuple(self._assignments(task)),
            deadlines=task.deadlines,
            target=task.target,
            remarks=task.remarks,
            indicators=tuple(indicators),
            file_section=task.section,
            rows=tuple(task.rows),
        )

    def _with_words_beside_units(self, task: ParsedTask) -> ParsedTask:
        """Return a task with the limits and the persons that its cells of units name among its own."""
        deadlines, remarks = list(task.deadlines), [task.remarks] if task.remarks else []
        for units in task.units:
            cell = self._cell(units)
            said = [limit for words in cell.times for limit in read_deadline_cell(words, year=self.plan.year)]
            known = {squash(limit.text) for limit in deadlines}
            deadlines += [limit for limit in said if squash(limit.text) not in known]
            remarks += [words for words in cell.persons if words not in task.remarks]
            if unclear := [limit.text for limit in said if limit.kind is DeadlineKind.UNCLEAR]:
                text = f"{task.label}的完成时限“{'、'.join(unclear)[:60]}”没有读出日期，按原文保留。"
                self.problems.append(warning(units.place, text))
        return replace(task, deadlines=tuple(deadlines), remarks="\n".join(dict.fromkeys(remarks)))

    def _assignments(self, task: ParsedTask) -> Iterator[AssignmentContent]:
        """By custom the first bureau named leads; where the table does not say so, that is assumed."""
        found: dict[int | str, AssignmentContent] = {}
        says_lead = any(
            m.role is AssignmentRole.LEAD for units in task.units for m in self._cell(units).mentions
        )
        for units in task.units:
            cell = self._cell(units)
            self.problems += [warning(units.place, doubt) for doubt in cell.doubts]
            here: set[int | str] = set()
            twice = []
            for mention in cell.mentions:
                for unit, name, kind in self._units(mention, task, units.place):
                    key = unit or name
                    # 三元区等11个县（市、区） names one of them and all.
                    if key in here and mention.kind is MentionKind.UNIT:
                        twice.append(name)
                    here.add(key)
                    if key in found:
                        self._raise_role(found, key, mention)
                        continue
                    has_lead = says_lead or any(a.role == AssignmentRole.LEAD for a in found.values())
                    role, is_assumed = _role(mention.role, kind, has_lead=has_lead)
                    found[key] = AssignmentContent(unit, name, role.value, is_assumed)
            if twice:
                names = "、".join(dict.fromkeys(twice))
                text = f"{task.label}的责任单位“{names}”写了两次，按一次计。"
                self.problems.append(warning(units.place, text))
        yield from found.values()

    @staticmethod
    def _raise_role(found: dict[int | str, AssignmentContent], key: int | str, mention: Mention) -> None:
        """Named as lead the second time, a unit leads."""
        a = found[key]
        if mention.role is AssignmentRole.LEAD and a.role != AssignmentRole.LEAD:
            found[key] = AssignmentContent(a.unit, a.name, AssignmentRole.LEAD.value, is_assumed=False)

    def _cell(self, units: UnitsText) -> UnitCell:
        key = (units.text, units.role, units.first_leads)
        if key not in self.cells:
            self.cells[key] = read_unit_cell(
                units.text,
                self.index,
                role=units.role,
                prefix=self._prefix(),
                first_leads=units.first_leads,
            )
        return self.cells[key]

    def _prefix(self) -> str:
        """Return what a name without a prefix is short of: 市, but nothing in a table of a district's 区财政局."""
        if self.prefix is None:
            texts = (units.text for task in self.plan.tasks for units in task.units)
            levels = {found["level"] for text in texts for found in LEVEL_AHEAD.finditer(text)}
            self.prefix = "" if levels and "市" not in levels else CITY_PREFIX
        return self.prefix

    def _units(self, mention: Mention, task: ParsedTask, place: Place) -> Iterator[tuple[int, str, str]]:
        """Yield (key, name, kind) of what a mention means; what nobody knows is remembered as open."""
        decision = self.decisions.get(squash(mention.name))
        if decision is not None:
            yield from self._decided(decision, mention)
            return
        found = self._find(mention)
        active = [unit for unit in found if unit.is_active]
        if active:
            yield from ((unit.pk, unit.name, unit.kind) for unit in active)
            return
        if mention.kind is MentionKind.COLLECTIVE:
            text = f"{task.label}写有“{mention.written[:30]}”，不是具体单位，没有分配。如需分配，请在页面上选定单位。"
            self.problems.append(warning(place, text))
        key = squash(mention.name)
        if key not in self.open:
            likely = found or (self.index.likely(mention.name) if mention.kind is MentionKind.UNIT else [])
            self.open[key] = UnknownName(
                mention.name, mention.written, mention.kind, likely, inactive=bool(found)
            )
        self.open[key].places.append(place)
        self.open[key].tasks.append(task.label)
        if mention.kind is MentionKind.UNIT and not found:
            # Shown where it will stand; the error that goes with it forbids to import it so.
            yield 0, mention.name[:NAME_LIMIT], unit_kind_of(mention.name)

    def _find(self, mention: Mention) -> list[KnownUnit]:
        if mention.kind is MentionKind.ALL_COUNTIES:
            but = {unit.pk for name in mention.but for unit in self.index.find(name)}
            return [county for county in self.index.counties if county.pk not in but]
        for name in (mention.name, *mention.also):
            if found := self.index.find(name):
                return found
        return []

    def _decided(self, decision: UnitDecision, mention: Mention) -> Iterator[tuple[int, str, str]]:
        if decision.choice is UnitChoice.CREATE:
            yield 0, mention.name[:NAME_LIMIT], unit_kind_of(mention.name)
        elif decision.choice is UnitChoice.MAP:
            known = {unit.pk: unit for unit in self.index.units if unit.is_active}
            for pk in decision.units:
                if pk in known:
                    yield pk, known[pk].name, known[pk].kind


def _role(said: AssignmentRole | None, kind: str, *, has_lead: bool) -> tuple[AssignmentRole, bool]:
    """Return the role of a unit, and whether it is only assumed."""
    if kind == UnitKind.COUNTY:
        return (said if said is AssignmentRole.LEAD else AssignmentRole.LOCAL), False
    if said is not None:
        return said, False
    return (AssignmentRole.SUPPORT if has_lead else AssignmentRole.LEAD), True


def name_problems(names: list[UnknownName]) -> Iterator[Problem]:
    """Yield one sentence for each open name, at the first of its cells; a collective is no error."""
    for open_name in names:
        if open_name.kind is MentionKind.COLLECTIVE:
            continue
        places = list(dict.fromkeys(open_name.places))
        rows = [place.row for place in places[1:]]
        more = f"（还有{len(rows)}处：第{first_few(rows)}行）" if rows else ""
        yield error(places[0], f"{open_name.tasks[0]}的责任单位{_fault(open_name)}{more}")


def _fault(open_name: UnknownName) -> str:
    if open_name.inactive:
        return f"“{open_name.name}”已停用。请在页面上改选现用的单位，或在“单位”页重新启用。"
    if open_name.kind is MentionKind.ALL_COUNTIES:
        return f"写的是“{open_name.written}”，但系统中没有登记县（市、区）。请先在“单位”页登记，再重新预览。"
    near = "、".join(unit.name for unit in open_name.likely)
    hint = f"，名称相近的有：{near}" if near else ""
    advice = "请在页面上选定它是哪个单位、新建或不导入，也可改正文件后重新上传。"
    return f"“{open_name.written[:30]}”不是已登记的单位{hint}。{advice}"


def _only_day(deadlines: tuple[DeadlineContent, ...]) -> date | None:
    days = {d.due_on for d in deadlines if d.due_on}
    return days.pop() if len(days) == 1 else None


def _due(indicator: IndicatorContent, day: date | None) -> IndicatorContent:
    return replace(indicator, due_on=indicator.due_on or day)
