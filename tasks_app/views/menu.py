"""The menu: at most six entries for each role, by what people do, and the pages that stand under each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tasks_app.choices import Role

from .middleware import Request


@dataclass(frozen=True)
class MenuPage:
    """A page under an entry: the name of its address, its word, and the areas whose pages belong to it.

    A page belongs to an area when its address begins with the area's words.
    """

    name: str
    label: str
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class MenuEntry:
    """An entry of the menu: it leads to its first place."""

    label: str
    places: tuple[MenuPage, ...]


@dataclass(frozen=True)
class MenuLink:
    """An entry or a tab as drawn, with the number of what waits there.

    `current` is what aria-current says: this page, one below it ("true"), or neither.
    """

    name: str
    label: str
    current: str
    waiting: int


TODAY = MenuEntry("今天", (MenuPage("home", "今天"),))
PLANS, PRACTICES = MenuPage("plans", "分解表", ("plans",)), MenuPage("practices", "经验做法", ("practices",))
NOTICES, INTERVIEWS = (
    MenuPage("notices", "督查单", ("notices",)),
    MenuPage("interviews", "提醒约谈", ("interviews",)),
)
COORDINATION = MenuPage("coordination", "协调事项", ("coordination",))
INSTRUCTIONS, VERIFICATIONS = (
    MenuPage("instructions", "批示", ("instructions",)),
    MenuPage("verifications", "核实", ("verifications",)),
)
RECEIPTS = MenuPage("receipts", "回执核对", ("receipts",))
SAMPLES = MenuPage("samples", "抽查", ("samples",))
STAND_INS = MenuPage("stand_ins", "替岗", ("stand-ins",))
PROGRESS = (
    MenuPage("matrix", "进度矩阵", ("matrix", "reports-as-of", "review/tasks")),
    MenuPage("lagging", "滞后清单"),
    MenuPage("not_filed", "未报单位"),
    MenuPage("numbers", "量化指标", ("numbers",)),
)
BETWEEN = MenuEntry("往来", (COORDINATION, INSTRUCTIONS, VERIFICATIONS, NOTICES, INTERVIEWS))
TASKS = MenuEntry("任务与做法", (PLANS, PRACTICES))
MENUS: dict[Role, Sequence[MenuEntry]] = {
    Role.FILLER: (
        TODAY,
        MenuEntry("填报", (MenuPage("report_now", "填报", ("reports",)),)),
        BETWEEN,
        TASKS,
        MenuEntry("本单位", (RECEIPTS,)),
    ),
    Role.SIGNER: (
        TODAY,
        MenuEntry("待审签", (MenuPage("report_now", "待审签", ("reports",)),)),
        BETWEEN,
        TASKS,
        MenuEntry("本单位", (RECEIPTS, STAND_INS)),
    ),
    Role.OFFICE: (
        TODAY,
        MenuEntry(
            "审阅",
            (
                MenuPage("review_queue", "待审填报", ("review", "reports")),
                RECEIPTS,
                SAMPLES,
                MenuPage("on_behalf", "代填", ("on-behalf",)),
                MenuPage("extensions", "延期申请", ("extensions",)),
            ),
        ),
        MenuEntry("进展", PROGRESS),
        MenuEntry(
            "督办",
            (
                MenuPage("escalation", "督办建议", ("escalation",)),
                NOTICES,
                INTERVIEWS,
                COORDINATION,
                INSTRUCTIONS,
                VERIFICATIONS,
                MenuPage("reminders", "提醒", ("reminders", "calls")),
            ),
        ),
        MenuEntry(
            "汇报",
            (
                MenuPage("documents", "公文模板", ("documents",)),
                MenuPage("practices_handling", "经验做法", ("practices",)),
            ),
        ),
        MenuEntry("设置", (PLANS, STAND_INS)),
    ),
    Role.LEADER: (
        TODAY,
        MenuEntry("待我定", (INSTRUCTIONS,)),
        MenuEntry("进展", (*PROGRESS, PLANS)),
        MenuEntry("督办", (NOTICES, INTERVIEWS, SAMPLES)),
        MenuEntry("汇报", (PRACTICES,)),
    ),
    Role.ADMIN: (
        TODAY,
        MenuEntry("分解表", (PLANS, MenuPage("plan_imports", "导入", ("imports",)), PRACTICES)),
        MenuEntry("单位", (MenuPage("units", "单位", ("units",)),)),
        MenuEntry("人员", (MenuPage("people", "人员", ("people",)), STAND_INS)),
        MenuEntry("工作日历", (MenuPage("calendar", "工作日历", ("calendar",)),)),
        MenuEntry(
            "系统", (MenuPage("status", "系统状态"), MenuPage("documents", "公文模板", ("documents",)))
        ),
    ),
    Role.AUDITOR: (
        MenuEntry("记录", (MenuPage("audit", "审计记录"),)),
        MenuEntry("核验", (RECEIPTS,)),
    ),
}


def entries(request: Request, counts: Mapping[str, int]) -> list[MenuLink]:
    """Return the menu of whoever is logged in, the entry lit under which the page stands."""
    return [
        MenuLink(
            entry.places[0].name,
            entry.label,
            _lit([mark for _, mark in _marked(request, entry)]),
            sum(counts.get(place.name, 0) for place in entry.places),
        )
        for entry in MENUS[Role(request.user.role)]
    ]


def tabs(request: Request, counts: Mapping[str, int]) -> list[MenuLink]:
    """Return the pages beside this one, under the entry that is lit; none where there is only one."""
    for entry in MENUS[Role(request.user.role)]:
        marked = list(_marked(request, entry))
        if len(marked) > 1 and _lit([mark for _, mark in marked]):
            return [
                MenuLink(place.name, place.label, mark, counts.get(place.name, 0)) for place, mark in marked
            ]
    return []


def _marked(request: Request, entry: MenuEntry) -> Iterator[tuple[MenuPage, str]]:
    """Yield each place with how far this page is it: the longest area that fits decides among places."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    path = request.path.strip("/")
    fitting = [
        area
        for e in MENUS[Role(request.user.role)]
        for p in e.places
        for area in p.areas
        if _is_in(path, area)
    ]
    best = max(fitting, key=len, default="")
    for place in entry.places:
        is_below = bool(best) and best in place.areas
        yield (
            place,
            "page" if place.name == here else "true" if is_below and here not in _names(request) else "",
        )


def _names(request: Request) -> set[str]:
    return {place.name for entry in MENUS[Role(request.user.role)] for place in entry.places}


def _is_in(path: str, area: str) -> bool:
    return path == area or path.startswith(f"{area}/")


def _lit(marks: Sequence[str]) -> str:
    return next((mark for mark in ("page", "true") if mark in marks), "")
