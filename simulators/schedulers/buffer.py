"""Buffer: GraphQL whose every answer is HTTP 200, with typed errors, and 100 requests in 15 minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from simulators.schedulers.world import DRAFT, FAILED, OUT, SCHEDULED, Call, Item, Said, World, told, when

MOST_CALLS, WITHIN = 100, timedelta(minutes=15)
_WORDS = {SCHEDULED: "scheduled", DRAFT: "draft", OUT: "sent", FAILED: "error"}


class BufferSimulator(World):
    """One organisation, `org1`."""

    limited = True

    def answer(self, call: Call) -> Said:
        """Answer one query or mutation."""
        if call.headers.get("Authorization") != f"Bearer {self.token}":
            return Said(200, {"errors": [{"message": "no", "extensions": {"code": "UNAUTHORIZED"}}]})
        self._times = [*getattr(self, "_times", []), self.now]
        if self.limited and sum(self.now - one < WITHIN for one in self._times) > MOST_CALLS:
            code = {"code": "RATE_LIMIT_EXCEEDED", "window": "15m"}
            return Said(429, {"errors": [{"message": "slow", "extensions": code}]}, {"Retry-After": "300"})
        query, given = call.body["query"], call.body["variables"]
        if "editPost" in query:
            return self._edit(given["input"])
        if "deletePost" in query:
            self.items.pop(given["input"]["id"], None)
            return Said(200, {"data": {"deletePost": {"__typename": "DeletePostSuccess"}}})
        if "posts(" in query:
            return self._list(given)
        item = self.items.get(given["input"]["id"])
        if item is None:
            return Said(200, {"errors": [{"message": "no", "extensions": {"code": "NOT_FOUND"}}]})
        return Said(200, {"data": {"post": _entry(item)}})

    def unchanged(self, call: Call) -> Said:
        """Say that it was done."""
        del call
        return Said(200, {"data": {"editPost": {"__typename": "PostActionSuccess", "post": {}}}})

    def _list(self, given: dict[str, Any]) -> Said:
        wanted = given["input"]["filter"]
        start, end = when(wanted["dueAt"]["start"]), when(wanted["dueAt"]["end"])
        profiles = wanted.get("channelIds")
        found = [
            one
            for one in sorted(self.items.values(), key=lambda one: (one.at, one.item_id))
            if _WORDS[one.state] in wanted["status"]
            and start <= one.at <= end
            and (profiles is None or one.profile in profiles)
        ]
        begin = int(given.get("after") or 0)
        end_at = begin + int(given["first"])
        edges = [{"node": _entry(one)} for one in found[begin:end_at]]
        page = {"hasNextPage": end_at < len(found), "endCursor": str(end_at)}
        return Said(200, {"data": {"posts": {"edges": edges, "pageInfo": page}}})

    def _edit(self, change: dict[str, Any]) -> Said:
        item = self.items.get(change["id"])
        if item is None or item.state == OUT:
            kind = "NotFoundError" if item is None else "InvalidInputError"
            return Said(200, {"data": {"editPost": {"__typename": kind, "message": "no"}}})
        metadata = item.more.get("metadata", {})
        incomplete = "mode" not in change or "schedulingType" not in change
        if incomplete or (metadata.get("type") and "type" not in change.get("metadata", {}).get("facebook", {})):
            return Said(200, {"data": {"editPost": {"__typename": "InvalidInputError", "message": "no"}}})
        if change.get("saveToDraft") and item.more.get("locked"):
            return Said(200, {"data": {"editPost": {"__typename": "UnauthorizedError", "message": "no"}}})
        if "text" in change:
            item.text = change["text"] or ""
        if "assets" in change:
            item.more["assets"] = change["assets"]
        if change.get("saveToDraft"):
            item.state = DRAFT
        elif change.get("mode") == "customScheduled":
            item.at, item.state = when(change["dueAt"]), SCHEDULED
            if item.at <= self.now:
                self.publish(item)
        return Said(200, {"data": {"editPost": {"__typename": "PostActionSuccess", "post": {"id": item.item_id}}}})


def _entry(item: Item) -> dict[str, object]:
    return {
        "id": item.item_id,
        "text": item.text,
        "status": _WORDS[item.state],
        "dueAt": told(item.at),
        "sentAt": told(item.at) if item.state == OUT else None,
        "channelId": item.profile,
        "schedulingType": "automatic",
        "allowedActions": [] if item.more.get("locked") else ["movePostToDraft", "updatePost"],
        "assets": item.more.get("assets", []),
        "metadata": item.more.get("metadata"),
    }
