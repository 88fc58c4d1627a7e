"""Mastodon's scheduled statuses, and those of servers that speak its API.

https://docs.joinmastodon.org/methods/scheduled_statuses/

There is no pause: a status is moved far ahead, to a day that is not full (25 a day, 300 in all). Where even that is
refused it is deleted and made anew, with its media uploaded again. One that is out is not found by its id any more.
"""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from switchboard.domain.outside import Abilities, Media, Outside, Pausing, outside_id
from switchboard.domain.post import Post, PostState
from switchboard.errors import OutcomeUnknown, Rejected, Unavailable
from switchboard.platforms.fields import dict_of, id_of, list_of
from switchboard.platforms.mastodon_html import plain
from switchboard.schedulers.calling import (
    TOO_LARGE,
    Caller,
    bearer,
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import httpx

    from switchboard.ports import MediaFile, SchedulerAccount, SchedulerSecrets

SCHEDULED = "/api/v1/scheduled_statuses"
MOST_PAGES = 20
OTHER_DAYS = 12
"""So many days after the one that was asked for are tried when a day is full: 300 in all fill no more."""
LOOKS_AT_MEDIA = 10
_SENT_AGAIN = ("visibility", "spoiler_text", "sensitive", "language", "in_reply_to_id", "poll")
_PAGE = "40"


def opened(
    account: SchedulerAccount,
    secrets: SchedulerSecrets,
    *,
    url: str = "",
    transport: httpx.BaseTransport | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    wait: Callable[[float], None] = time.sleep,
) -> MastodonSchedule:
    """Return the account; *url* stands in for the server in the secret, unless empty."""
    caller = Caller(
        account, secrets, name="Mastodon", headers=bearer(account), url=url, transport=transport, clock=clock
    )
    return MastodonSchedule(caller, Downloads(loopback=url.startswith("http://"), transport=transport), wait)


class MastodonSchedule:
    """`ports.Scheduler` for one account."""

    abilities = Abilities(
        pausing=(Pausing.RESCHEDULE, Pausing.RECREATE),
        parks_until=timedelta(days=365),
        parked_again=timedelta(days=30),
        loses_media=True,
        renames_published=True,
    )

    def __init__(self, caller: Caller, downloads: Downloads, wait: Callable[[float], None]) -> None:
        self._caller = caller
        self._downloads = downloads
        self._wait = wait
        self._account_id = ""

    def posts(self, *, start: datetime, end: datetime) -> Sequence[Post]:
        """Return scheduled statuses, and published ones, with a time in [*start*, *end*)."""
        found = [self._scheduled(entry) for entry in self._pages(SCHEDULED)]
        if start < self._caller.clock():
            found += self._published(start)
        return [post for post in found if start <= post.publish_at < end]

    def read(self, external_id: str) -> Post | None:
        """Return the scheduled status, or None when it is not there: deleted, or out."""
        reply = self._caller.find(f"{SCHEDULED}/{is_id(external_id)}", besides=f"{SCHEDULED}?limit=1")
        return self._scheduled(the_one(reply.json, external_id, "Mastodon")) if reply is not None else None

    def pause(self, post: Post, how: Pausing, *, parked_until: datetime) -> None:
        """Move it to *parked_until* or a day near it, or delete it."""
        external_id = post.outside.external_id if post.outside is not None else ""
        if how is Pausing.RECREATE:
            self._caller.send("DELETE", f"{SCHEDULED}/{is_id(external_id)}")
            return
        for day in range(OTHER_DAYS + 1):
            try:
                self._move(external_id, parked_until + timedelta(days=day))
            except Rejected as refusal:
                if refusal.reason == "deleted" or day == OTHER_DAYS:
                    raise
                continue  # that day is full
            return

    def resume(self, post: Post, how: Pausing, *, due_at: datetime, media: Iterable[MediaFile]) -> str:
        """Move it back to *due_at*, or make it anew and return its new id."""
        external_id = post.outside.external_id if post.outside is not None else ""
        if how is Pausing.RECREATE:
            return self._made_anew(post, due_at, media)
        if post.text.split() != str(dict_of(told_in(post).get("params")).get("text") or "").split():
            raise Rejected("Mastodon does not let the words of a scheduled post be changed; write a new one there.")
        self._move(external_id, due_at)
        return external_id

    def remove(self, external_id: str) -> None:
        """Delete it."""
        self._caller.delete(f"{SCHEDULED}/{is_id(external_id)}")

    def media_of(self, post: Post) -> Iterable[MediaFile]:
        """Fetch what a delete would lose."""
        return map(self._downloads.fetch, post.outside.media if post.outside is not None else ())

    def _move(self, external_id: str, at: datetime) -> None:
        self._caller.send("PUT", f"{SCHEDULED}/{is_id(external_id)}", body={"scheduled_at": stamp(at)})

    def _made_anew(self, post: Post, due_at: datetime, media: Iterable[MediaFile]) -> str:
        if not has_all_kept(post):
            raise Rejected("A picture of this post was not kept; write it anew in Mastodon.", reason="media")
        params = dict_of(told_in(post).get("params"))
        body: dict[str, Any] = {name: params[name] for name in _SENT_AGAIN if params.get(name) is not None}
        body |= {"status": post.text, "scheduled_at": stamp(due_at)}
        if uploaded := [self._uploaded(one) for one in media]:
            body["media_ids"] = uploaded
        key = hashlib.sha256(f"{post.post_id}\n{stamp(due_at)}\n{post.text}".encode()).hexdigest()
        # Some servers pass over the key: whoever sends this again looks before.
        reply = self._caller.send("POST", "/api/v1/statuses", body=body, headers={"Idempotency-Key": key})
        made = id_of(dict_of(reply.json).get("id"))
        if not made:
            raise OutcomeUnknown("Mastodon does not tell the new status's id")
        return made

    def _uploaded(self, file: MediaFile) -> str:
        """Upload one medium with its description and wait until it is ready; return its id."""
        name, kind = "media", file.media.media_type or "application/octet-stream"
        form = {"description": file.media.alt} if file.media.alt else {}
        reply = self._caller.send("POST", "/api/v2/media", form=form, file=(name, file.content, kind))
        told = dict_of(reply.json)
        media_id = id_of(told.get("id"))
        for _ in range(LOOKS_AT_MEDIA):
            if told.get("url"):
                return media_id
            self._wait(1.0)
            told = dict_of(self._caller.get(f"/api/v1/media/{is_id(media_id)}").json)
        raise Unavailable("Mastodon has not made a picture ready in time")

    def _pages(self, path: str, params: Mapping[str, str] | None = None) -> Iterator[Mapping[str, Any]]:
        asked = {"limit": _PAGE, **(params or {})}
        for _ in range(MOST_PAGES):
            entries = listed(self._caller.get(path, asked).json, "Mastodon")
            yield from entries
            last = id_of(entries[-1].get("id")) if entries else ""
            if not last or last == asked.get("max_id"):
                return
            asked = {**asked, "max_id": last}

    def _published(self, since: datetime) -> list[Post]:
        if not self._account_id:
            told = self._caller.get("/api/v1/accounts/verify_credentials").json
            self._account_id = id_of(dict_of(told).get("id"))
        found: list[Post] = []
        path = f"/api/v1/accounts/{is_id(self._account_id)}/statuses"
        for entry in self._pages(path, {"exclude_reblogs": "true", "exclude_replies": "true"}):
            post = self._out(entry)
            if post.publish_at < since:
                break
            found.append(post)
        return found

    def _scheduled(self, entry: Mapping[str, Any]) -> Post:
        params = dict_of(entry.get("params"))
        due = moment_in(entry.get("scheduled_at"))
        media = [dict_of(one) for one in list_of(entry.get("media_attachments"))]
        return self._post(
            entry,
            text=str(params.get("text") or ""),
            at=due,
            state=PostState.SCHEDULED,
            media=tuple(
                Media(
                    url=str(one.get("url") or one.get("preview_url") or ""),
                    alt=str(one.get("description") or ""),
                )
                for one in media
            ),
        )

    def _out(self, entry: Mapping[str, Any]) -> Post:
        counts = [entry.get(name) for name in ("favourites_count", "reblogs_count", "replies_count")]
        return self._post(
            {"id": entry.get("id")},
            text=plain(str(entry.get("content") or "")),
            at=moment_in(entry.get("created_at")),
            state=PostState.PUBLISHED,
            link=str(entry.get("url") or "")[:2000],
            engagement=sum(count for count in counts if isinstance(count, int)),
        )

    def _post(
        self,
        entry: Mapping[str, Any],
        *,
        text: str,
        at: datetime | None,
        state: PostState,
        media: tuple[Media, ...] = (),
        link: str = "",
        engagement: int | None = None,
    ) -> Post:
        account = self._caller.account
        external_id = id_of(entry.get("id"))
        payload = payload_of(entry)
        return Post(
            post_id=outside_id(account.name, external_id),
            channel=account.channel_of(""),
            text=text,
            publish_at=at or self._caller.clock(),
            state=state,
            outside=Outside(
                scheduler=account.name,
                external_id=external_id,
                payload=payload,
                cannot_pause="" if payload else TOO_LARGE,
                media=media,
                link=link,
                engagement=engagement,
            ),
        )
