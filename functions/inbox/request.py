"""A request as the inbox reads it: headers by lower-case name, the session's secret, a form with each field once."""

from __future__ import annotations

import binascii
import hmac
import re
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote

from switchboard.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping

SESSION_COOKIE = "__Host-session"
LARGEST_FORM = 128 * 1024
"""Bytes: the longest answer that a platform takes, with every character in the longest percent-encoding."""

_OURS = re.compile(r"/(?:c|inbox)(?:/.*)?$")
_FIELDS = 20
_POSTS = "/inbox/posts/"
_ONE_POST = "/inbox/posts/{"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What API Gateway passed on. *up* leads from the page's own URL to where `inbox` and `c` stand.

    Links are relative, for the application lies under a stage, a mapping of a custom domain, or both; which of them
    stand in the event's path differs, but their number of segments below `inbox` or `c` does not.
    """

    method: str
    path: str
    up: str
    headers: Mapping[str, str]
    event: Mapping[str, Any]

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Request:
        """Return the request of a REST API's proxy *event*."""
        path = _path(event)
        return cls(
            method=str(event.get("httpMethod") or "GET").upper(),
            path=path,
            up="../" * (path.count("/") - 1),
            headers=_headers(event),
            event=event,
        )

    @property
    def session_secret(self) -> str:
        """The secret in the session cookie, or ""."""
        pairs = (pair.partition("=") for pair in self.headers.get("cookie", "").split(";"))
        return next((value.strip() for name, _, value in pairs if name.strip() == SESSION_COOKIE), "")

    def require_same_origin(self) -> None:
        """Raise Rejected (403) when the browser says that another site sent the form.

        `Origin` is `null` in our own forms too, because of `Referrer-Policy: no-referrer`; so it decides only where
        `Sec-Fetch-Site` is missing and it names a host. The form's own secret decides in any case.
        """
        site = self.headers.get("sec-fetch-site")
        origin = self.headers.get("origin", "null")
        if site is None:
            foreign = origin != "null" and origin.partition("://")[2] != self.headers.get("host", "")
        else:
            foreign = site not in ("same-origin", "none")
        if foreign:
            raise Rejected("This form was sent from another site. Nothing was done.", status=403, reason="cross_site")

    def form(self) -> dict[str, str]:
        """Return the form's fields; raise Rejected when the body is no form, too large, or has a field twice."""
        body = self._body()
        if self.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
            raise Rejected("This is not a form of the inbox.", status=415, reason="not_a_form")
        try:
            pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
        except ValueError:
            raise Rejected("The form cannot be read. Go back and send it again.", reason="unreadable_form") from None
        if len({name for name, _ in pairs}) < len(pairs):
            raise Rejected("The form has a field twice. Go back and send it again.", reason="repeated_field")
        return dict(pairs)

    def _body(self) -> bytes:
        raw = self.event.get("body") or ""
        # Base64 is four thirds as long; nothing longer is decoded at all.
        if len(raw) > LARGEST_FORM * 4 // 3 + 4:
            raise _TOO_LARGE
        try:
            body = b64decode(raw, validate=True) if self.event.get("isBase64Encoded") else raw.encode()
        except (binascii.Error, ValueError):
            raise Rejected("The form cannot be read. Go back and send it again.", reason="unreadable_form") from None
        if len(body) > LARGEST_FORM:
            raise _TOO_LARGE
        return body


_FORM = "application/x-www-form-urlencoded"
_TOO_LARGE = Rejected("That is too long to be an answer. Go back and shorten it.", status=413, reason="too_large")


def same_secret(given: str, stored: str) -> bool:
    """Return whether they are the same, in a time that says nothing about how much of it is."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), stored.encode())


def _path(event: Mapping[str, Any]) -> str:
    """Return the path from `/c` or `/inbox` on: as many of its last segments as the matched resource has."""
    path = str(event.get("path") or "/")
    resource = str(event.get("resource") or "")
    if resource.startswith(_ONE_POST):
        return _post_path(path, resource)
    if resource.startswith(("/c/", "/inbox")):
        return "/" + "/".join(path.split("/")[-resource.count("/") :])
    ours = _OURS.search(path)
    return ours[0] if ours else path


def _post_path(path: str, resource: str) -> str:
    """Return the path of one post with its id encoded: ids hold colons, slashes and hashes, and may come decoded."""
    tail = resource.partition("}")[2]
    _, _, rest = path.partition(_POSTS)
    return f"{_POSTS}{quote(unquote(rest.removesuffix(tail)), safe='')}{tail}"


def _headers(event: Mapping[str, Any]) -> dict[str, str]:
    single: dict[str, str] = event.get("headers") or {}
    several: dict[str, list[str]] = event.get("multiValueHeaders") or {}
    cookies = [value for name, values in several.items() if name.lower() == "cookie" for value in values]
    headers = {name.lower(): value for name, value in single.items()}
    return headers | ({"cookie": "; ".join(cookies)} if cookies else {})
