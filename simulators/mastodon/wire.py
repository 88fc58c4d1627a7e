"""A request and a reply, without sockets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from simulators.server import Wire

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. What came as `name[]` is a list under its bare name; header names are lower case."""

    method: str
    path: str
    params: Json
    headers: dict[str, str]

    @property
    def token(self) -> str:
        """Give the bearer token; empty when there is none."""
        scheme, _, credential = self.headers.get("authorization", "").partition(" ")
        return credential.strip() if scheme.lower() == "bearer" else ""

    def text(self, name: str) -> str:
        """Give a parameter as text; empty when it is missing."""
        value = self.params.get(name)
        return "" if value is None else str(value)

    def texts(self, name: str) -> list[str]:
        """Give a parameter as a list of texts, however it came."""
        value = self.params.get(name)
        values = cast("list[object]", value) if isinstance(value, list) else [] if value is None else [value]
        return [str(one) for one in values]

    def flag(self, name: str) -> bool:
        """Whether a parameter is true, in any spelling of Rails."""
        return self.text(name).lower() in {"1", "true", "on", "t"}


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP response: *body* is sent as HTML when it is text, else as JSON."""

    status: int
    body: Json | list[Json] | str
    headers: dict[str, str] = field(default_factory=dict[str, str])


def read_request(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
    """Give the request; ValueError when its body is not what its content type says."""
    address = urlsplit(target)
    pairs = parse_qsl(address.query, keep_blank_values=True)
    params = _gathered(pairs) | _body(headers.get("content-type", ""), body)
    return Request(method, address.path, params, dict(headers))


def _gathered(pairs: list[tuple[str, str]]) -> Json:
    params: Json = {}
    for name, value in pairs:
        if name.endswith("[]"):
            params.setdefault(name.removesuffix("[]"), []).append(value)
        else:
            params[name] = value
    return params


def _body(content_type: str, body: bytes) -> Json:
    if not body:
        return {}
    match content_type.partition(";")[0].strip().lower():
        case "application/json":
            parsed: object = json.loads(body)
            if not isinstance(parsed, dict):
                raise ValueError("a JSON body must be an object")  # noqa: TRY004 - one kind for a body that cannot be read
            return cast("Json", parsed)
        case "application/x-www-form-urlencoded":
            return _gathered(parse_qsl(body.decode(), keep_blank_values=True))
        case other:
            raise ValueError(f"cannot read a body of type {other or 'unknown'}")


WIRE = Wire(read_request, lambda why: Reply(400, {"error": why}))
