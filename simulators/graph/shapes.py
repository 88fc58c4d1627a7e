"""How Graph spells things: `fields=`, cursors, times.

https://developers.facebook.com/docs/graph-api/guides/field-expansion and
https://developers.facebook.com/docs/graph-api/results
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlencode

from simulators.graph.errors import invalid
from simulators.graph.wire import Json

MOST_PER_PAGE = 100
USUAL_PER_PAGE = 25

_TOKENS = re.compile(r"\s*([\w]+|[{}(),.])")


@dataclass(frozen=True, slots=True)
class Field:
    """One name of `fields=`, with its `.limit(n)`, `.order(…)`, … and the `{fields}` inside it."""

    name: str
    limit: int = USUAL_PER_PAGE
    inner: tuple["Field", ...] = ()
    modifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """A list of objects inside an object, made only when somebody asks for it, as the modifiers want it."""

    nodes: Callable[[Mapping[str, str]], Sequence[Json]]
    usual: str


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _TOKENS.findall(text)
        if "".join(self._tokens) != re.sub(r"\s", "", text):
            raise self._syntax()
        self._at = 0

    def everything(self) -> tuple[Field, ...]:
        found = self._fields()
        if self._at != len(self._tokens):
            raise self._syntax()
        return found

    def _syntax(self) -> Exception:
        return invalid(f"Syntax error in fields: {self._text}")

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self, wanted: str | None = None) -> str:
        token = self._peek()
        if token != (wanted or token) or not token or (wanted is None and not token[0].isalnum()):
            raise self._syntax()
        self._at += 1
        return token

    def _fields(self) -> tuple[Field, ...]:
        found = [self._field()]
        while self._peek() == ",":
            self._next(",")
            found.append(self._field())
        return tuple(found)

    def _field(self) -> Field:
        name, limit = self._next(), USUAL_PER_PAGE
        inner: tuple[Field, ...] = ()
        modifiers: list[tuple[str, str]] = []
        while self._peek() == ".":
            self._next(".")
            modifier = self._next()
            self._next("(")
            argument = self._next()
            self._next(")")
            if modifier == "limit" and argument.isdecimal():
                limit = int(argument)
            else:
                modifiers.append((modifier, argument))
        if self._peek() == "{":
            self._next("{")
            inner = self._fields()
            self._next("}")
        return Field(name, limit, inner, tuple(modifiers))


def parse_fields(text: str) -> tuple[Field, ...]:
    """Read `id,message,from{name},messages.limit(5){id}`; refuses what does not parse."""
    return _Reader(text).everything()


def select(node: Json, fields: Sequence[Field]) -> Json:
    """Give the asked-for part of *node*, with its id; a field that the object never has is refused."""
    chosen: Json = {}
    for field in (*fields, Field("id")):
        if field.name not in node:
            raise invalid(f"Tried accessing nonexisting field ({field.name})")
        value = node[field.name]
        if isinstance(value, Edge):
            chosen[field.name] = _expand(value, field, str(node["id"]))
        elif value is not None:
            chosen[field.name] = _narrow(value, field)
    return chosen


def page_of(nodes: Sequence[Json], params: Mapping[str, object], usual: str, address: str) -> Json:
    """Give one page of a list, as `limit`, `after` and `fields` in *params* want it.

    *address* is where the list came from, with the token as its first parameter: Graph's `next` link works alone.
    """
    fields = parse_fields(str(params.get("fields") or usual))
    limit = _limit(params.get("limit"))
    start = _position(nodes, params.get("after"))
    shown = nodes[start : start + limit]
    if not shown:
        return {"data": []}
    paging: Json = {"cursors": {"before": _cursor(shown[0]), "after": _cursor(shown[-1])}}
    if start + limit < len(nodes):
        paging["next"] = f"{address}&{urlencode({**params, 'limit': limit, 'after': _cursor(shown[-1])})}"
    return {"data": [select(node, fields) for node in shown], "paging": paging}


def graph_time(moment: datetime) -> str:
    """Spell a time as Graph does: `2025-11-23T06:51:00+0000`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def parse_time(value: object) -> datetime:
    """Read seconds since 1970 or ISO 8601."""
    text = str(value)
    try:
        if re.fullmatch(r"\d+(\.\d+)?", text):
            return datetime.fromtimestamp(float(text), UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError) as exc:
        raise invalid(f"Invalid time: {text}") from exc
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _narrow(value: object, field: Field) -> object:
    if not field.inner or not isinstance(value, dict):
        return value
    part = cast("Json", value)
    if isinstance(part.get("data"), list):
        return {"data": [_narrow(one, field) for one in cast("list[object]", part["data"])]}
    wanted = {inner.name for inner in field.inner} | {"id"}
    return {name: inner for name, inner in part.items() if name in wanted}


def _expand(edge: Edge, field: Field, owner: str) -> Json:
    fields = field.inner or parse_fields(edge.usual)
    everything = edge.nodes(dict(field.modifiers))
    nodes = everything[: field.limit]
    if not nodes:
        return {"data": []}
    cursors = {"before": _cursor(nodes[0]), "after": _cursor(nodes[-1])}
    paging: Json = {"cursors": cursors}
    if len(everything) > len(nodes):
        query = urlencode({"access_token": "that-of-the-asker", "limit": field.limit, "after": cursors["after"]})
        paging["next"] = f"https://graph.facebook.com/{owner}/{field.name}?{query}"
    return {"data": [select(node, fields) for node in nodes], "paging": paging}


def _limit(value: object) -> int:
    if value is None:
        return USUAL_PER_PAGE
    text = str(value)
    if not text.isdecimal() or int(text) == 0:
        raise invalid("param limit must be a positive integer.")
    return min(int(text), MOST_PER_PAGE)


def _cursor(node: Json) -> str:
    return base64.urlsafe_b64encode(str(node["id"]).encode()).decode().rstrip("=")


def _position(nodes: Sequence[Json], after: object) -> int:
    if not after:
        return 0
    text = str(after)
    try:
        last = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError) as exc:
        raise invalid(f"Invalid cursor: {text}") from exc
    for index, node in enumerate(nodes):
        if node["id"] == last:
            return index + 1
    raise invalid(f"Invalid cursor: {text}")
