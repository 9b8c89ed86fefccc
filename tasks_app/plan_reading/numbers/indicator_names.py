"""Names for proposed indicators: the words of the clause that say what is counted."""

import re

LONGEST = 24
# What stands before the noun without belonging to it.
LEADING = re.compile(
    r"^(?:每年(?=培训|新增|新建)|力争|努力|确保|争取|预计|累计|全面|全部|其中|并|且|同时|进一步|逐步|稳步|积极|加快|推动|推进|使|将|让|实现|保证|至少|"
    r"用于|全[市县区](?!域)|我[市县区]|[到至在]?(?:20[0-9]{2}年度?|今年|本年度?|明年)(?:年?[底末内])?|[0-9]{1,2}月份?(?:[0-9]{1,2}日|[底末])?|"
    r"年[底末内]|[上下]半年[底末]?|[一二三四]季度[底末]?|[之以]?前(?!列|沿|期)|全年|[，、。]|[①-⑳]|[0-9]{1,2}[.．](?![0-9])|完成(?=打造|新建|改造|培训|建成))+"
)
TRAILING = re.compile(
    r"(?:[，、：:]|力争|努力|确保|争取|同比|总数|累计|分别|均|要|应|须|需|将|保持|稳定|以上|每年|年均)+$"
)
# 由90元提高到95元, 较2020年下降, 在20个的基础上新建: what it starts from is no part of the name.
FROM = re.compile(r"(?:由|从|较|比)[^，、。由从较比]*[0-9][^，、。]*$|^.*基础上[，再又]*")
LEVELLING = re.compile(
    r"(?:稳步|持续|不断|逐步|进一步|明显|显著|有效)?(?:提高|提升|增长|上升|下降|降低|扩大)$"
)
PIVOT = re.compile(r"推动|推进|实现|确保|力争|使|带动|促进|提升|提高|完善|加强|健全|深化|为抓手")
OBJECT = re.compile(r"[^，。；！？,;、（(]{0,40}")
QUOTES = {"”": "“", "’": "‘", "）": "（", ")": "(", "》": "《"}


def name_before(text: str) -> str:
    """Return the noun phrase that the words before a target end with."""
    name = LEADING.sub("", text.strip("，、：: "))
    name = TRAILING.sub("", FROM.sub("", name))
    if "：" in name:
        name = name.rpartition("：")[2] or name.strip("：")
    if len(name) > LONGEST:
        pivots = [found.end() for found in PIVOT.finditer(name) if len(name) - found.end() >= 4]
        name = name[pivots[-1] :] if pivots else name
    return balanced(name)


def name_after(text: str, start: int) -> str:
    """Return the noun phrase that follows a target: 打造15个“三医”协同监管应用场景."""
    found = OBJECT.match(text, start)
    name = (found[0] if found else "").removeprefix("的")
    return balanced(name if len(name) <= LONGEST + 8 else name[: LONGEST + 8])


def clause_name(text: str) -> str:
    """Return what a whole clause speaks of, for a target that names nothing itself."""
    return LEVELLING.sub("", name_before(text))


def joined(before: str, after: str) -> str:
    """Return the two parts of a name as one."""
    return balanced(f"{before}{after}".strip("，、：: "))


def balanced(name: str) -> str:
    """Return `name` without a bracket or quotation mark that has lost its other half."""
    if QUOTES.keys().isdisjoint(name) and set(QUOTES.values()).isdisjoint(name):
        return name.strip()
    for closing, opening in QUOTES.items():
        if name.count(opening) != name.count(closing):
            cut = name.rfind(opening)
            name = (
                name[:cut]
                if cut > 0 and closing not in name[cut:]
                else name.replace(closing, "").replace(opening, "")
            )
    return name.strip()
