"""Google's public keys, with which it signs what it pushes: fetched when first needed, and kept.

https://developers.google.com/identity/openid-connect/openid-connect#discovery
"""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from switchboard.errors import SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of, list_of, text_of

if TYPE_CHECKING:
    from datetime import datetime

    import httpx

KEYS_URL = "https://www.googleapis.com/oauth2/v3/certs"
LONGEST_KEPT = timedelta(days=1)
SHORTEST_KEPT = timedelta(minutes=5)
FETCH_AGAIN = timedelta(minutes=1)
"""So often, at most, keys are fetched: unknown key ids, which anybody can invent, must not hammer Google."""
_MAX_AGE = re.compile(r"max-age=([0-9]{1,9})")


class GoogleKeys:
    """The keys by their ids, as JSON Web Keys. *transport* is httpx's own unless in a test."""

    def __init__(self, url: str = KEYS_URL, *, transport: httpx.BaseTransport | None = None) -> None:
        self._url = url
        self._transport = transport
        self._keys: dict[str, dict[str, Any]] = {}
        self._fetched_at: datetime | None = None
        self._good_until: datetime | None = None
        self._lock = threading.Lock()

    def find(self, key_id: str, *, now: datetime) -> dict[str, Any] | None:
        """Return the key, or None when Google has no such one; raise Unavailable when that cannot be known."""
        with self._lock:
            stale = self._good_until is None or now >= self._good_until
            rested = self._fetched_at is None or now - self._fetched_at >= FETCH_AGAIN
            if stale or (key_id not in self._keys and rested):
                self._fetch(now, needed=stale)
            return self._keys.get(key_id)

    def _fetch(self, now: datetime, *, needed: bool) -> None:
        from switchboard.platforms.http import Api  # noqa: PLC0415 - only this platform needs a client here

        base, _, path = self._url.rpartition("/")
        try:
            reply = Api(base, name="Google", transport=self._transport).get(f"/{path}", now=now)
        except SwitchboardError as exc:
            if needed:
                raise Unavailable("Google's keys cannot be fetched") from exc
            return
        self._fetched_at = now
        found = {text_of(key.get("kid")): key for key in map(dict_of, list_of(dict_of(reply.json).get("keys")))}
        self._keys = {name: key for name, key in found.items() if name and key.get("kty") == "RSA"}
        self._good_until = now + _age(reply.headers.get("cache-control", ""))


def _age(told: str) -> timedelta:
    found = _MAX_AGE.search(told)
    age = timedelta(seconds=int(found[1])) if found else SHORTEST_KEPT
    return min(max(age, SHORTEST_KEPT), LONGEST_KEPT)
