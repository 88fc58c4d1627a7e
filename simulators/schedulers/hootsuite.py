"""Hootsuite: refresh tokens that work once, windows of four weeks, times in Z, and media that a delete loses."""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime, timedelta
from typing import Any

from simulators.schedulers.world import DRAFT, FAILED, OUT, SCHEDULED, Call, Item, Said, World, told, when

_WORDS = {SCHEDULED: "SCHEDULED", DRAFT: "PENDING_APPROVAL", OUT: "SENT", FAILED: "SEND_FAILED_PERMANENTLY"}
LIVES = timedelta(hours=1)
PICTURE = b"\x89PNG simulated"


class HootsuiteSimulator(World):
    """One account; its first pair of tokens is `access-0` and `refresh-0`."""

    client = ("client", "client-secret")

    def __init__(self, clock: datetime | None = None) -> None:
        super().__init__(clock)
        self.tokens = {"access-0": self.now + LIVES}
        self.refresh_token = "refresh-0"  # noqa: S105 - simulated
        self.media: dict[str, bytes] = {}
        self.ready_after = 1

    def answer(self, call: Call) -> Said:
        """Answer `/oauth2/token`, `/v1/messages…`, `/v1/media…` and uploads."""
        if call.path == "/oauth2/token":
            return self._refresh(call)
        if call.path.startswith("/upload/"):
            self.media[call.path.rpartition("/")[2]] = call.content
            return Said(200, {})
        if call.path.startswith("/picture/"):
            return Said(200, "picture")
        token = call.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, self.now) <= self.now:
            return Said(401, {"error": "expired"})
        return self._api(call)

    def _api(self, call: Call) -> Said:  # noqa: PLR0911 - one line an endpoint
        match (call.method, call.path.removeprefix("/v1/").split("/")):
            case ("GET", ["me"]):
                return Said(200, {"data": {"id": "1"}})
            case ("GET", ["messages"]):
                return self._list(call.query)
            case ("POST", ["messages"]):
                return self._make(call.body)
            case ("GET", ["messages", item_id]) if item_id in self.items:
                return Said(200, {"data": _entry(self.items[item_id])})
            case ("GET", ["messages", _]):
                return Said(400, {"errors": [{"code": 1000, "message": "no such message"}]})
            case ("DELETE", ["messages", item_id]) if item_id in self.items and self.items[item_id].state != OUT:
                del self.items[item_id]
                return Said(200, {})
            case ("POST", ["media"]):
                media_id = self.next_id()
                return Said(
                    200, {"data": {"id": media_id, "uploadUrl": f"https://upload.example.org/upload/{media_id}"}}
                )
            case ("GET", ["media", media_id]) if media_id in self.media:
                self.ready_after -= 1
                state = "READY" if self.ready_after < 0 else "PROCESSING"
                address = f"https://files.example.org/picture/{media_id}"
                return Said(200, {"data": {"id": media_id, "state": state, "downloadUrl": address}})
            case _:
                return Said(404, {"errors": [{"code": 4000, "message": "not found"}]})

    def _refresh(self, call: Call) -> Said:
        pair = b64decode(call.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        if pair != ":".join(self.client) or call.form.get("refresh_token") != self.refresh_token:
            return Said(400, {"error": "invalid_grant"})
        number = int(self.refresh_token.rpartition("-")[2]) + 1
        self.refresh_token = f"refresh-{number}"
        self.tokens[f"access-{number}"] = self.now + LIVES
        said = {"access_token": f"access-{number}", "refresh_token": self.refresh_token}
        return Said(200, {**said, "expires_in": int(LIVES.total_seconds()), "token_type": "bearer"})

    def _list(self, query: dict[str, str]) -> Said:
        start, end = when(query["startTime"]), when(query["endTime"])
        if end - start > timedelta(weeks=4):
            return Said(400, {"errors": [{"code": 1012, "message": "the window is too long"}]})
        found = [
            _entry(one)
            for one in sorted(self.items.values(), key=lambda one: (one.at, one.item_id))
            if start <= one.at <= end and _WORDS[one.state] == query["state"]
        ]
        begin = int(query.get("cursor", "0"))
        end_at = begin + int(query["limit"])
        more = {"metadata": {"cursor": {"next": str(end_at)}}} if end_at < len(found) else {}
        return Said(200, {"data": found[begin:end_at], **more})

    def _make(self, body: dict[str, Any]) -> Said:
        at = body["scheduledSendTime"]
        if not at.endswith("Z") or when(at) <= self.now:
            return Said(400, {"errors": [{"code": 1010, "message": "scheduledSendTime must be in UTC"}]})
        media = [one["id"] for one in body.get("media", [])]
        if any(one not in self.media for one in media):
            return Said(400, {"errors": [{"code": 5000, "message": "unknown media"}]})
        more = {name: body[name] for name in ("tags", "privacy", "targeting") if name in body}
        item_id = self.add_post(body["text"], when(at), profile=body["socialProfileIds"][0], media=media, **more)
        return Said(200, {"data": [_entry(self.items[item_id])]})


def _entry(item: Item) -> dict[str, object]:
    return {
        "id": item.item_id,
        "state": _WORDS[item.state],
        "text": item.text,
        "scheduledSendTime": told(item.at),
        "socialProfile": {"id": item.profile},
        "mediaUrls": [{"url": url} for url in item.more.get("urls", [])],
        "media": [{"id": media_id} for media_id in item.more.get("media", [])],
        "tags": item.more.get("tags"),
        "privacy": item.more.get("privacy"),
    }
