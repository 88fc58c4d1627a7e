"""Postiz: a status is changed whatever the state and the time are, and what is due goes out up to two days late.

A post that repeats itself is listed once for every time until the end of the window, and asks nobody for its state when
it goes out again; only the change to a draft stops it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from simulators.schedulers.world import DRAFT, FAILED, OUT, SCHEDULED, Call, Item, Said, World, told, when

if TYPE_CHECKING:
    from datetime import datetime

LATE_AT_MOST = timedelta(days=2)
_WORDS = {SCHEDULED: "QUEUE", DRAFT: "DRAFT", OUT: "PUBLISHED", FAILED: "ERROR"}


class PostizSimulator(World):
    """One workspace."""

    def answer(self, call: Call) -> Said:
        """Answer `/public/v1/posts…`."""
        if call.headers.get("Authorization") != self.token:
            return Said(401, {"msg": "Invalid API key"})
        match (call.method, call.path.removeprefix("/public/v1/posts").strip("/").split("/")):
            case ("GET", [""]):
                start, end = when(call.query["startDate"]), when(call.query["endDate"])
                return Said(
                    200, {"posts": [entry for one in self.items.values() for entry in _entries(one, start, end)]}
                )
            case ("PUT", [item_id, "status"]):
                return self._status(item_id, call.body)
            case ("DELETE", [item_id]):
                return self._delete(item_id)
            case _:
                return Said(404, {"message": "Cannot find it"})

    def _status(self, item_id: str, body: dict[str, str]) -> Said:
        item = self.items.get(item_id)
        if item is None or body.get("status") not in {"draft", "schedule"}:
            return Said(400, {"message": "Bad request"})
        if body["status"] == "draft":
            item.state = DRAFT
            item.more.pop("again", None)
        elif item.at <= self.now:
            self.publish(item)  # also one that is out already
        else:
            item.state = SCHEDULED
        return Said(200, {"id": item_id, "state": _WORDS[item.state]})

    def _delete(self, item_id: str) -> Said:
        group = self.items[item_id].more.get("group") if item_id in self.items else None
        for one in [one for one in self.items.values() if one.item_id == item_id or one.more.get("group") == group]:
            if group is not None or one.item_id == item_id:
                self.items.pop(one.item_id, None)
        return Said(200, {"error": True})  # that is what it says when it was done

    def publish_due(self) -> None:
        """Publish what is due, unless it is more than two days late."""
        for item in list(self.items.values()):
            due = item.state == SCHEDULED and timedelta() <= self.now - item.at <= LATE_AT_MOST
            if due or ("again" in item.more and item.more["again"] <= self.now):
                self.publish(item)

    def publish(self, item: Item) -> None:
        """Publish one post, and remember when it goes out again."""
        super().publish(item)
        item.more["release"] = f"https://social.example.org/{item.item_id}"
        if "interval" in item.more:
            item.more["again"] = self.now + timedelta(days=item.more["interval"])


def _entries(item: Item, start: datetime, end: datetime) -> list[dict[str, object]]:
    days = item.more.get("interval")
    if days is None:
        return [_entry(item)] if start <= item.at <= end else []
    times = [item.at + number * timedelta(days=days) for number in range((end - item.at) // timedelta(days=days) + 1)]
    return [{**_entry(item), "publishDate": told(at), "actualDate": told(item.at)} for at in times]


def _entry(item: Item) -> dict[str, object]:
    return {
        "id": item.item_id,
        "content": f"<p>{item.text}</p>",
        "publishDate": told(item.at),
        "releaseURL": item.more.get("release"),
        "intervalInDays": item.more.get("interval"),
        "state": _WORDS[item.state],
        "group": item.more.get("group", f"g{item.item_id}"),
        "integration": {"id": item.profile, "providerIdentifier": "facebook", "name": "Mercy", "picture": ""},
    }
