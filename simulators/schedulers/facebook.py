"""A Page's scheduled posts: 10 minutes to 30 days ahead, changed only by the app that made them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from simulators.schedulers.world import OUT, SCHEDULED, Call, Item, Said, World, told

AHEAD, AT_MOST, LOCKED = timedelta(minutes=10), timedelta(days=30), timedelta(minutes=3)


class FacebookScheduleSimulator(World):
    """The Page `1001`."""

    page = "1001"

    def answer(self, call: Call) -> Said:
        """Answer the Page's edges, and one post."""
        if call.headers.get("Authorization") != f"Bearer {self.token}":
            return _error(190)
        path = call.path.removeprefix("/v23.0").strip("/").split("/")
        if path in ([self.page, "scheduled_posts"], [self.page, "published_posts"]):
            return self._edge(SCHEDULED if path[1] == "scheduled_posts" else OUT, call.query)
        item = self.items.get(path[-1])
        if item is None:
            return _error(100, 33)
        if call.method == "GET":
            return Said(200, _entry(item))
        if item.more.get("other_app"):
            return _error(200)
        if call.method == "DELETE":
            del self.items[item.item_id]
            return Said(200, {"success": True})
        return self._move(item, call.body)

    def add_post(self, text: str, at: datetime, **more: object) -> str:
        """Write a post; its id begins with the Page's."""
        item_id = super().add_post(text, at, **more)
        item = self.items.pop(item_id)
        item.item_id = f"{self.page}_{item_id}"
        self.items[item.item_id] = item
        return item.item_id

    def unchanged(self, call: Call) -> Said:
        """Say that it was done."""
        del call
        return Said(200, {"success": True})

    def _move(self, item: Item, body: dict[str, Any]) -> Said:
        at = datetime.fromtimestamp(body["scheduled_publish_time"], UTC)
        if item.state == OUT or item.at - self.now < LOCKED:
            return _error(100, 1363041)
        if not AHEAD <= at - self.now <= AT_MOST:
            return _error(100, 1363094)
        item.at = at
        item.text = body.get("message", item.text)
        return Said(200, {"success": True})

    def _edge(self, state: str, query: dict[str, str]) -> Said:
        found = sorted((one for one in self.items.values() if one.state == state), key=lambda one: one.item_id)
        if state == OUT:
            since, until = int(query["since"]), int(query["until"])
            found = [one for one in found if since <= one.at.timestamp() <= until]
        begin = int(query.get("after", "0"))
        end = begin + int(query.get("limit", "25"))
        paging = {"cursors": {"after": str(end)}} | ({"next": "more"} if end < len(found) else {})
        return Said(200, {"data": [_entry(one) for one in found[begin:end]], "paging": paging})


def _entry(item: Item) -> dict[str, object]:
    out = item.state == OUT
    entry: dict[str, object] = {
        "id": item.item_id,
        "message": item.text,
        "is_published": out,
        "created_time": told(item.at),
    }
    if not out:
        entry["scheduled_publish_time"] = int(item.at.timestamp())
    else:
        entry["reactions"] = {"summary": {"total_count": 3}}
        entry["shares"] = {"count": 1}
    return entry


def _error(code: int, subcode: int | None = None) -> Said:
    error: dict[str, object] = {"message": "simulated", "type": "OAuthException", "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    return Said(400, {"error": error})
