"""Dataclasses as JSON and back, by the types of their fields: how a preview keeps what was read and mended."""

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

AS_IT_IS = {str, int, bool, NoneType}
LEAVES: dict[Any, Callable[[Any], Any]] = {date: date.fromisoformat, Decimal: Decimal, int: int}


def as_plain(value: Any) -> Any:
    """Return `value` as JSON has it; enumerations of words by their value, others by name."""
    if type(value) in AS_IT_IS:
        return value
    if fields := getattr(value, "__match_args__", None):
        return {name: as_plain(getattr(value, name)) for name in fields}
    if isinstance(value, tuple | list):
        return [as_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {as_plain(key): as_plain(each) for key, each in value.items()}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value if isinstance(value, str) else value.name
    return value


def _reader_of(kind: Any) -> Callable[[Any], Any]:
    """Return what makes a `kind` of its JSON; a program that was older may have kept less, or keys gone since."""
    outer, inner = get_origin(kind), get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        fields = {name: reader_of(hint) for name, hint in get_type_hints(kind).items()}
        return lambda kept: kind(
            **{name: fields[name](value) for name, value in kept.items() if name in fields}
        )
    if outer is UnionType:
        read = reader_of(inner[0])
        return lambda kept: None if kept in (None, "") else read(kept)
    if outer is Mapping or outer is dict:
        key, each = map(reader_of, inner)
        return lambda kept: {key(name): each(value) for name, value in kept.items()}
    if outer is tuple and inner[-1] is ...:
        each = reader_of(inner[0])
        return lambda kept: tuple(map(each, kept))
    if outer in (tuple, frozenset):
        return outer
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind if issubclass(kind, str) else lambda name: kind[name]
    return LEAVES.get(kind, lambda kept: kept)


reader_of: Callable[[Any], Callable[[Any], Any]] = cache(_reader_of)
