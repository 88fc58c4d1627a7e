"""Foreign JSON, taken apart carefully: every function takes whatever stood there and returns what can be stored."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn, TypeGuard, cast

from switchboard.errors import Rejected

LONGEST_TEXT = 10_000
LONGEST_NAME = 200
LONGEST_ID = 512  # bytes; a sort key holds 1,024 and bears a prefix
DEEPEST = 64

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"[0-9]{1,16}(\.[0-9]{1,9})?", re.ASCII)
_MILLISECONDS_FROM = 1e11  # in seconds this is the year 5138
_CLOCK_SKEW = timedelta(minutes=5)


def json_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object in *body*; raise Rejected (400), saying what is wrong and how to mend it."""
    value = _json(body)
    if not isinstance(value, dict):
        wrong_shape("the body", "a JSON object")
    return cast("dict[str, Any]", value)


def json_objects(body: bytes) -> list[dict[str, Any]]:
    """Return the JSON object in *body*, or the objects in its array; raise Rejected (400) as `json_object` does."""
    value = _json(body)
    found: list[Any] = value if _is_list(value) else [value]
    if not found or not all(isinstance(one, dict) for one in found):
        wrong_shape("the body", "a JSON object")
    return found


def _json(body: bytes) -> object:
    try:
        value: Any = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as exc:
        raise Rejected(f"the body is not UTF-8 (byte {exc.start}); send JSON as UTF-8", reason="not_utf8") from exc
    except json.JSONDecodeError as exc:
        message = f"the body is not JSON (line {exc.lineno}, column {exc.colno}); send one JSON object"
        raise Rejected(message, reason="not_json") from exc
    except ValueError as exc:  # NaN, Infinity, or a number of thousands of digits
        raise Rejected("the body holds a number that JSON does not have; leave it out", reason="not_json") from exc
    except RecursionError as exc:
        raise too_deep() from exc
    if _deeper_than(DEEPEST, value):
        raise too_deep()
    return value


def too_deep() -> Rejected:
    """Return the error for a body that is nested too deep."""
    return Rejected(f"the body is nested deeper than {DEEPEST} levels; send it flatter", reason="too_deep")


def wrong_shape(field: str, expected: str) -> NoReturn:
    """Raise Rejected, naming the *field* and what is *expected* there."""
    raise Rejected(f"{field} must be {expected}", reason="wrong_shape")


def dict_of(value: object) -> dict[str, Any]:
    """Return *value* if it is an object, else an empty one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    """Return *value* if it is an array, else an empty one."""
    return value if _is_list(value) else []


def id_of(value: object) -> str:
    """Return the platform's id, which may come as a number; "" when it is none or too long for a key."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    found = _clean(str(value)).strip()
    return found if len(found.encode()) <= LONGEST_ID else ""


def text_of(value: object, longest: int = LONGEST_TEXT) -> str:
    """Return text that any store takes, cut and marked after *longest* characters; "" when it is no text."""
    if not isinstance(value, str):
        return ""
    clean = _clean(value)
    return clean if len(clean) <= longest else f"{clean[:longest]} […]"


def name_of(value: object) -> str:
    """Return a person's name on one line."""
    return " ".join(text_of(value, LONGEST_NAME).split())


def moment_of(value: object, otherwise: datetime, *, now: datetime) -> datetime:
    """Return the moment that *value* tells in seconds, milliseconds, ISO 8601 or X's old form, never after *now*.

    Platforms' clocks and units are not ours: what is no plausible time becomes *otherwise*.
    """
    try:
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            value = float(value)
        if isinstance(value, str):
            moment = _read(value)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
            moment = datetime.fromtimestamp(value / 1000 if value > _MILLISECONDS_FROM else value, UTC)
        else:
            return otherwise
        return min(moment.astimezone(UTC), now) if moment - now <= _CLOCK_SKEW else otherwise
    except (ValueError, OverflowError, OSError):
        return otherwise


def _read(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return datetime.strptime(value, "%a %b %d %H:%M:%S %z %Y")  # Mon May 19 14:01:46 +0000 2025


def event_json(event: object) -> str:
    """Return *event* as compact ASCII JSON, for keeping."""
    return json.dumps(event, separators=(",", ":"))


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _clean(text: str) -> str:
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _deeper_than(levels: int, value: object) -> bool:
    level: list[object] = [value]
    for _ in range(levels):
        level = [child for node in level if isinstance(node, (dict, list)) for child in _children(node)]
        if not level:
            return False
    return any(isinstance(node, (dict, list)) for node in level)


def _children(node: Any) -> list[Any]:  # noqa: ANN401 - JSON
    children: list[Any] = list(cast("dict[str, Any]", node).values()) if isinstance(node, dict) else node
    return children
