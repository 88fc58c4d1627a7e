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
    """One HTTP request, its token taken out of the query, the form, the JSON body or the header."""

    method: str
    path: str
    params: Json
    token: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP response: *body* is sent as HTML when it is text, else as JSON."""

    status: int
    body: Json | str
    headers: dict[str, str] = field(default_factory=dict[str, str])


def read_request(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
    """Give the request; ValueError when its body is not what its content type says."""
    address = urlsplit(target)
    params: Json = dict(parse_qsl(address.query, keep_blank_values=True))
    params |= _body(headers.get("content-type", ""), body)
    token = str(params.pop("access_token", "") or "")
    params.pop("appsecret_proof", None)
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    if not token and scheme.lower() in {"bearer", "oauth"}:
        token = credential.strip()
    return Request(method, address.path, params, token)


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
            return dict(parse_qsl(body.decode(), keep_blank_values=True))
        case other:
            raise ValueError(f"cannot read a body of type {other or 'unknown'}")


def _unreadable(why: str) -> Reply:
    return Reply(400, {"error": {"message": why, "type": "OAuthException", "code": 1}})


WIRE = Wire(read_request, _unreadable)
