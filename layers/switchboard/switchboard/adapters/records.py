"""Frozen dataclasses to DynamoDB items and back, by their fields' types; None and empty optionals are left out.

str S · bool BOOL · int N · datetime S (see `items.stamp`) · timedelta N (seconds) · StrEnum S · tuple L · dataclass M
"""

from __future__ import annotations

import dataclasses
import types
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from switchboard.adapters.items import moment_of, stamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from switchboard.adapters.items import Item

Record = TypeVar("Record")


def encode(record: Any) -> Item:  # noqa: ANN401 - any dataclass
    """Return the attributes of *record*, a dataclass instance."""
    values = ((field.name, getattr(record, field.name)) for field in dataclasses.fields(record))
    return {name: _encode(value) for name, value in values if value is not None}


def decode(record: type[Record], item: Mapping[str, Mapping[str, Any]]) -> Record:
    """Return the *record* that `encode` wrote; attributes that it does not know are left aside."""
    hints: dict[str, Any] = _hints(cast("Any", record))
    return record(**{name: _decode(hint, item[name]) for name, hint in hints.items() if name in item})


@cache
def _hints(record: Any) -> dict[str, Any]:  # noqa: ANN401 - a dataclass type
    return get_type_hints(record, localns={"datetime": datetime, "timedelta": timedelta})


def _encode(value: Any) -> dict[str, Any]:  # noqa: ANN401 - one line a type
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case str():
            return {"S": str(value)}
        case datetime():
            return {"S": stamp(value)}
        case timedelta():
            return {"N": str(int(value.total_seconds()))}
        case tuple():
            return {"L": list(map(_encode, value))}  # pyright: ignore[reportUnknownArgumentType] - a tuple of anything
        case _:
            return {"M": encode(value)}


def _decode(hint: Any, attribute: Mapping[str, Any]) -> Any:  # noqa: ANN401 - one line a type
    if get_origin(hint) in (types.UnionType, Union):
        hint = next(arm for arm in get_args(hint) if arm is not types.NoneType)
    ((_, raw),) = attribute.items()
    if get_origin(hint) is tuple:
        return tuple(_decode(get_args(hint)[0], part) for part in raw)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return decode(hint, raw)
    if hint is datetime:
        return moment_of(raw)
    if hint is timedelta:
        return timedelta(seconds=int(raw))
    if hint is int:
        return int(raw)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(raw)
    return raw
