"""Makes an undefined variable in one of our own templates an error; Django would print nothing."""

import sys
from pathlib import Path
from types import FrameType

from django.template.base import FilterExpression, Node

OURS = Path(__file__).resolve().parent.parent / "templates"
DEFAULTS = {"default", "default_if_none"}


class UndefinedVariable(Exception):
    """A template of ours printed a name that the view did not give it."""


class Undefined(str):
    """What Django prints for an undefined variable; `{% if %}` and `|default` never come here or pass."""

    __slots__ = ()

    def __new__(cls) -> "Undefined":
        return super().__new__(cls, "%s")

    def __mod__(self, variable: object) -> str:
        frame: FrameType | None = sys._getframe(1)
        expression = frame.f_locals.get("self") if frame else None
        if frame and isinstance(expression, FilterExpression):
            for function, arguments in expression.filters:
                if getattr(function, "_filter_name", "") in DEFAULTS:
                    context = frame.f_locals["context"]
                    return str(
                        function("", *(a.resolve(context) if is_name else a for is_name, a in arguments))
                    )
        name = _template(frame)
        if OURS in Path(name).parents:
            raise UndefinedVariable(f"{variable} in {name}")
        return ""


def _template(frame: FrameType | None) -> str:
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return str(node.origin.name)
        frame = frame.f_back
    return ""
