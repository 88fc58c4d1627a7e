"""Mastodon's scheduled statuses: 25 a day, 300 in all, 5 minutes ahead; what is out bears another id.

Some servers pass over the Idempotency-Key.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from simulators.schedulers.world import OUT, SCHEDULED, Call, Item, Said, World, told, when

A_DAY, IN_ALL, AHEAD = 25, 300, timedelta(minutes=5)


class MastodonScheduleSimulator(World):
    """One account. *heeds_keys* is False on servers that do not know the Idempotency-Key."""

    def __init__(self, clock: datetime | None = None, *, heeds_keys: bool = True) -> None:
        super().__init__(clock)
        self.heeds_keys = heeds_keys
        self.media: dict[str, bytes] = {}
        self._keys: dict[str, str] = {}

    def answer(self, call: Call) -> Said:  # noqa: PLR0911 - one line an endpoint
        """Answer `/api/v1/…`."""
        if call.path.startswith("/picture/"):
            return Said(200, "picture")
        if call.headers.get("Authorization") != f"Bearer {self.token}":
            return Said(401, {"error": "The access token is invalid"})
        match (call.method, call.path.removeprefix("/api/").split("/")):
            case ("GET", ["v1", "scheduled_statuses"]):
                return Said(200, [_scheduled(one) for one in self._page(SCHEDULED, call.query)])
            case ("GET", ["v1", "accounts", "verify_credentials"]):
                return Said(200, {"id": "7"})
            case ("GET", ["v1", "accounts", "7", "statuses"]):
                return Said(200, [_out(one) for one in self._page(OUT, call.query)])
            case ("POST", ["v1", "statuses"]):
                return self._make(call)
            case ("POST", ["v2", "media"]):
                media_id = self.next_id()
                self.media[media_id] = call.content
                return Said(202, {"id": media_id, "url": None})
            case ("GET", ["v1", "media", media_id]) if media_id in self.media:
                return Said(200, {"id": media_id, "url": "https://files.example.org/1.png"})
            case (method, ["v1", "scheduled_statuses", item_id]) if self._has(item_id):
                return self._one(method, item_id, call.body)
            case _:
                return Said(404, {"error": "Record not found"})

    def publish(self, item: Item) -> None:
        """Publish it; it bears another id from then on."""
        super().publish(item)
        del self.items[item.item_id]
        item.item_id, item.at = f"9{self.next_id()}", self.now
        self.items[item.item_id] = item

    def _has(self, item_id: str) -> bool:
        return item_id in self.items and self.items[item_id].state == SCHEDULED

    def _one(self, method: str, item_id: str, body: dict[str, Any]) -> Said:
        item = self.items[item_id]
        if method == "DELETE":
            del self.items[item_id]
            return Said(200, {})
        if method == "PUT":
            refused = self._refused(when(body["scheduled_at"]))  # it counts itself
            if refused:
                return refused
            item.at = when(body["scheduled_at"])
        return Said(200, _scheduled(item))

    def _refused(self, at: datetime) -> Said | None:
        waiting = [one for one in self.items.values() if one.state == SCHEDULED]
        if at < self.now + AHEAD:
            return Said(422, {"error": "Validation failed: Scheduled at date must be in the future"})
        if sum(one.at.date() == at.date() for one in waiting) >= A_DAY or len(waiting) >= IN_ALL:
            return Said(422, {"error": "Validation failed: You have exceeded the limit"})
        return None

    def _make(self, call: Call) -> Said:
        key = call.headers.get("Idempotency-Key", "")
        known = self._keys.get(key) if self.heeds_keys and key else None
        if known in self.items:
            return Said(200, _scheduled(self.items[known]))
        at = when(call.body["scheduled_at"])
        refused = self._refused(at)
        if refused:
            return refused
        kept = {name: value for name, value in call.body.items() if name not in {"status", "scheduled_at"}}
        item_id = self.add_post(call.body["status"], at, **kept)
        self._keys[key] = item_id
        return Said(200, _scheduled(self.items[item_id]))

    def _page(self, state: str, query: dict[str, str]) -> list[Item]:
        found = sorted((one for one in self.items.values() if one.state == state), key=lambda one: -int(one.item_id))
        below = int(query["max_id"]) if "max_id" in query else None
        return [one for one in found if below is None or int(one.item_id) < below][: int(query.get("limit", "20"))]


def _scheduled(item: Item) -> dict[str, object]:
    names = ("visibility", "spoiler_text", "sensitive", "language", "in_reply_to_id", "poll", "media_ids")
    params = {name: item.more.get(name) for name in names}
    return {
        "id": item.item_id,
        "scheduled_at": told(item.at),
        "params": {"text": item.text, **params},
        "media_attachments": [{"id": "1", "url": url, "description": "A nurse"} for url in item.more.get("urls", [])],
    }


def _out(item: Item) -> dict[str, object]:
    counts = {"favourites_count": 2, "reblogs_count": 1, "replies_count": 0}
    content = f"<p>{item.text}</p>"
    return {
        "id": item.item_id,
        "created_at": told(item.at),
        "content": content,
        "url": "https://x.example.org",
        **counts,
    }
