"""Hootsuite, by its REST API and OAuth.

https://platform.hootsuite.com/docs/api/index.html

There is neither pause nor edit: a message is deleted, and made anew from the snapshot, with its media uploaded again. A
window of the list is four weeks at most; a time must end in Z.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from switchboard.domain.outside import Abilities, Media, Outside, Pausing, outside_id
from switchboard.domain.post import Post, PostState
from switchboard.errors import OutcomeUnknown, Rejected, Unavailable
from switchboard.platforms.fields import dict_of, id_of, list_of
from switchboard.schedulers.calling import (
    TOO_LARGE,
    Caller,
    has_all_kept,
    is_id,
    listed,
    moment_in,
    payload_of,
    stamp,
    the_one,
    told_in,
)
from switchboard.schedulers.downloads import Downloads
from switchboard.schedulers.hootsuite_login import HootsuiteLogin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from switchboard.ports import MediaFile, SchedulerAccount, SchedulerSecret, SchedulerSecrets

MESSAGES = "/v1/messages"
WINDOW = timedelta(weeks=4) - timedelta(minutes=1)
MOST_PAGES = 40
LOOKS_AT_MEDIA = 10
_BY_ID = "hootsuite-media:"
_SENT_AGAIN = ("tags", "targeting", "privacy", "location", "emailNotification", "webhookUrls", "extendedInfo")
_STATES = {
    "SCHEDULED": PostState.SCHEDULED,
    "PENDING_APPROVAL": PostState.DRAFT,
    "REJECTED": PostState.DRAFT,
    "SUBMITTED": PostState.PUBLISHED,
    "SENT": PostState.PUBLISHED,
    "SEND_FAILED_PERMANENTLY": PostState.FAILED,
}


def opened(
    account: SchedulerAccount,
    secrets: SchedulerSecrets,
    *,
    url: str = "https://platform.hootsuite.com",
    transport: httpx.BaseTransport | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    wait: Callable[[float], None] = time.sleep,
) -> Hootsuite:
    """Return the account; *wait* is given seconds while an upload is made ready."""
    login = HootsuiteLogin(account, secrets, url=url, transport=transport, clock=clock)

    def headers(secret: SchedulerSecret) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {login.token(secret)}"}

    caller = Caller(account, secrets, name="Hootsuite", headers=headers, url=url, transport=transport, clock=clock)
    loopback = url.startswith("http://")
    return Hootsuite(caller, Downloads(loopback=loopback, transport=transport), transport=transport, wait=wait)


class Hootsuite:
    """`ports.Scheduler` for one account."""

    abilities = Abilities(pausing=(Pausing.RECREATE,), loses_media=True)

    def __init__(
        self,
        caller: Caller,
        downloads: Downloads,
        *,
        transport: httpx.BaseTransport | None,
        wait: Callable[[float], None],
    ) -> None:
        self._caller = caller
        self._downloads = downloads
        self._transport = transport
        self._wait = wait

    def posts(self, *, start: datetime, end: datetime) -> Sequence[Post]:
        """Return scheduled and sent messages with a time in [*start*, *end*)."""
        found: dict[str, Post] = {}
        begin = start
        while begin < end:
            until = min(end, begin + WINDOW)
            for state in ("SCHEDULED", "SENT") if begin < self._caller.clock() else ("SCHEDULED",):
                for entry in self._entries(begin, until, state):
                    post = self._post(entry)
                    found[post.post_id] = post
            begin = until
        return [post for post in found.values() if start <= post.publish_at < end]

    def read(self, external_id: str) -> Post | None:
        """Return the message, or None when it is not there."""
        reply = self._caller.find(f"{MESSAGES}/{is_id(external_id)}", besides="/v1/me", gone="refused")
        return self._post(the_one(_first(reply.json), external_id, "Hootsuite")) if reply is not None else None

    def pause(self, post: Post, how: Pausing, *, parked_until: datetime) -> None:
        """Delete it; the snapshot is kept by the caller."""
        self.remove(post.outside.external_id if post.outside is not None else "")

    def resume(self, post: Post, how: Pausing, *, due_at: datetime, media: Iterable[MediaFile]) -> str:
        """Make it anew for *due_at*, and return its new id."""
        told = told_in(post)
        body: dict[str, Any] = {name: told[name] for name in _SENT_AGAIN if told.get(name) is not None}
        body |= {
            "text": post.text,
            "socialProfileIds": [post.outside.profile if post.outside is not None else ""],
            "scheduledSendTime": stamp(due_at),
        }
        if not has_all_kept(post):
            raise Rejected("A picture of this post was not kept; make it anew in Hootsuite.", reason="media")
        if uploaded := [{"id": self._uploaded(one)} for one in media]:
            body["media"] = uploaded
        reply = self._caller.send("POST", MESSAGES, body=body)
        made = id_of(_first(reply.json).get("id"))
        if not made:
            raise OutcomeUnknown("Hootsuite does not tell the new message's id")
        return made

    def remove(self, external_id: str) -> None:
        """Delete it."""
        self._caller.delete(f"{MESSAGES}/{is_id(external_id)}")

    def media_of(self, post: Post) -> Iterable[MediaFile]:
        """Fetch what a delete would lose; Hootsuite tells the address of its own copy for a time."""
        media = post.outside.media if post.outside is not None else ()
        for one in media:
            yield replace(self._downloads.fetch(replace(one, url=self._address(one.url))), media=one)

    def _address(self, url: str) -> str:
        if not url.startswith(_BY_ID):
            return url
        told = _first(self._caller.get(f"/v1/media/{quote(url.removeprefix(_BY_ID), safe='')}").json)
        return str(told.get("downloadUrl") or "")

    def _entries(self, start: datetime, end: datetime, state: str) -> Iterator[Mapping[str, Any]]:
        asked = {"startTime": stamp(start), "endTime": stamp(end), "state": state, "limit": "100"}
        for _ in range(MOST_PAGES):
            page = dict_of(self._caller.get(MESSAGES, asked).json)
            yield from listed(page.get("data"), "Hootsuite")
            cursor = dict_of(dict_of(page.get("metadata")).get("cursor")).get("next")
            if not isinstance(cursor, str) or not cursor:
                return
            asked = {**asked, "cursor": cursor}
        raise Unavailable("Hootsuite has too many messages to look through")

    def _uploaded(self, file: MediaFile) -> str:
        """Upload one medium and wait until it is ready; return its id."""
        kind = file.media.media_type or _kind_of(file.content)
        asked = self._caller.send("POST", "/v1/media", body={"sizeBytes": len(file.content), "mimeType": kind})
        told = _first(asked.json)
        media_id, address = id_of(told.get("id")), str(told.get("uploadUrl") or "")
        try:
            with httpx.Client(timeout=30, transport=self._transport) as client:
                client.put(address, content=file.content, headers={"Content-Type": kind}).raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            raise Unavailable("a picture could not be uploaded to Hootsuite") from exc
        for _ in range(LOOKS_AT_MEDIA):
            state = _first(self._caller.get(f"/v1/media/{quote(media_id, safe='')}").json).get("state")
            if state == "READY":
                return media_id
            self._wait(1.0)
        raise Unavailable("Hootsuite has not made a picture ready in time")

    def _post(self, entry: Mapping[str, Any]) -> Post:
        account = self._caller.account
        external_id, profile = id_of(entry.get("id")), id_of(dict_of(entry.get("socialProfile")).get("id"))
        urls = [str(dict_of(one).get("url") or "") for one in list_of(entry.get("mediaUrls"))]
        urls += [f"{_BY_ID}{id_of(dict_of(one).get('id'))}" for one in list_of(entry.get("media"))]
        payload = payload_of(entry)
        return Post(
            post_id=outside_id(account.name, external_id),
            channel=account.channel_of(profile),
            text=str(entry.get("text") or ""),
            publish_at=moment_in(entry.get("scheduledSendTime")) or self._caller.clock(),
            state=_STATES.get(str(entry.get("state")), PostState.UNKNOWN),
            outside=Outside(
                scheduler=account.name,
                external_id=external_id,
                profile=profile,
                payload=payload,
                cannot_pause="" if payload else TOO_LARGE,
                media=tuple(Media(url=url) for url in urls),
                link=str(entry.get("postUrl") or "")[:2000],
            ),
        )


def _first(body: object) -> dict[str, Any]:
    """Return what stands in `data`: an object, or a list of one."""
    data = dict_of(body).get("data")
    entries = list_of(data)
    return dict_of(entries[0] if entries else data)


def _kind_of(content: bytes) -> str:
    """Return the media type that the first bytes say; Hootsuite takes no others."""
    known = {b"\x89PNG": "image/png", b"GIF8": "image/gif", b"\xff\xd8\xff": "image/jpeg"}
    found = next((kind for mark, kind in known.items() if content.startswith(mark)), "")
    return found or ("video/mp4" if content[4:8] == b"ftyp" else "image/jpeg")
