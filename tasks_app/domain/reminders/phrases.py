"""The words that the office may write for a rung: what may stand in braces, and what is wrong with what was typed."""

from collections.abc import Mapping
from string import Formatter

# What may stand in braces, and what it becomes.
PLACEHOLDERS = {
    "单位": "单位名称",
    "事项": "所办事项，如“2024年上半年填报”",
    "时限": "截止日期，如“2024年7月25日（星期四）”",
    "剩余": "还有或已逾期几个工作日",
    "状态": "办到哪一步、下一步做什么",
    "地址": "办理页面的网址",
}


def phrase(words: str, values: Mapping[str, str]) -> str:
    """Return what is said of one obligation in these words. Missing values are an error."""
    return words.format_map(values)


def template_problems(words: str) -> list[str]:
    """Return in words why `words` that somebody typed cannot be used; empty when they may be."""
    try:
        fields = [(name, spec, how) for _, name, spec, how in Formatter().parse(words) if name is not None]
    except ValueError:
        return ["花括号没有成对，请检查“{”和“}”。"]
    known = "、".join(f"{{{name}}}" for name in PLACEHOLDERS)
    return [
        f"不认识“{{{name}}}”，可用的有{known}。"
        for name, spec, how in fields
        if name not in PLACEHOLDERS or spec or how
    ]
