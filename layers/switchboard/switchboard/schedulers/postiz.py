"""Postiz, self-hosted or in the cloud, by its public API and a key.

https://docs.postiz.com/public-api

It changes a post's status and looks at neither its state nor its time: a draft whose time has passed goes out at once,
and one that is out goes out again. So the post is read first, and what would do that is refused here. The API cannot
change a time or words; and a delete takes all posts of the same group with it, so nothing is deleted from here.

A post that repeats itself is one post: its list has it once for every time, and says from the first time on that it is
published. Here it is scheduled for its next time, and its earlier ones are posts that are out. As a draft it stops.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from switchboard.domain.outside import Abilities, Outside, Pausing, outside_id
from switchboard.domain.post import Post, PostState
from switchboard.errors import Rejected
from switchboard.platforms.fields import dict_of, id_of
from switchboard.platforms.mastodon_html import plain
from switchboard.schedulers.calling import Caller, is_id, listed, moment_in, payload_of, stamp, told_in, usable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import httpx

    from switchboard.ports import MediaFile, SchedulerAccount, SchedulerSecret, SchedulerSecrets

POSTS = "/public/v1/posts"
NEAR = timedelta(days=2)
FAR_BACK, FAR_AHEAD = timedelta(days=60), timedelta(days=400)
"""A post is found by listing: around the time it had when it was last seen, else in all this time."""
SAME_TIME = timedelta(seconds=60)
_STATES = {
    "QUEUE": PostState.SCHEDULED,
    "DRAFT": PostState.DRAFT,
    "PUBLISHED": PostState.PUBLISHED,
    "ERROR": PostState.FAILED,
}


def opened(
    account: SchedulerAccount,
    secrets: SchedulerSecrets,
    *,
    url: str = "",
    transport: httpx.BaseTransport | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Postiz:
    """Return the workspace of *account*; *url* stands in for the server in the secret, unless empty."""

    def headers(secret: SchedulerSecret) -> Mapping[str, str]:
        return {"Authorization": usable(secret.token, "token, which is an API key,", account)}

    return Postiz(Caller(account, secrets, name="Postiz", headers=headers, url=url, transport=transport, clock=clock))


class Postiz:
    """`ports.Scheduler` for one workspace."""

    abilities = Abilities(pausing=(Pausing.NATIVE,))

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._times: dict[str, datetime] = {}

    def posts(self, *, start: datetime, end: datetime) -> Sequence[Post]:
        """Return queued and published posts with a time in [*start*, *end*)."""
        told = (PostState.SCHEDULED, PostState.PUBLISHED)
        return [post for post in self._all(start, end) if post.state in told and start <= post.publish_at < end]

    def read(self, external_id: str) -> Post | None:
        """Return the post, looked for around the time it had, then everywhere."""
        known = self._times.get(external_id)
        found = self._find(external_id, known - NEAR, known + NEAR) if known is not None else None
        if found is None:
            now = self._caller.clock()
            found = self._find(external_id, now - FAR_BACK, now + FAR_AHEAD)
        return found

    def pause(self, post: Post, how: Pausing, *, parked_until: datetime) -> None:
        """Make it a draft, if it is queued."""
        self._expect(post, PostState.SCHEDULED)
        self._status(post, "draft")

    def resume(self, post: Post, how: Pausing, *, due_at: datetime, media: Iterable[MediaFile]) -> str:
        """Queue the draft at the time it has there; raises Rejected for another time or other words."""
        there = self._expect(post, PostState.DRAFT)
        if post.text.split() != _text(told_in(post)).split():
            raise Rejected("The words of a post are edited in Postiz itself; schedule it there.")
        if abs(there.publish_at - due_at) > SAME_TIME:
            raise Rejected("Postiz does not let its time be changed from here; choose the time and schedule it there.")
        if there.publish_at - self._caller.clock() < self.abilities.minimum_ahead:
            raise Rejected("Postiz would publish it at once; choose a later time there.", reason="too_near")
        return self._status(post, "schedule")

    def remove(self, external_id: str) -> None:
        """Refuse: a delete would take every post of its group."""
        raise Rejected("A post is deleted in Postiz itself: from here all posts of its group would go.")

    def media_of(self, post: Post) -> Iterable[MediaFile]:
        """A draft keeps its media."""
        return ()

    def _expect(self, post: Post, state: PostState) -> Post:
        there = self.read(post.outside.external_id if post.outside is not None else "")
        if there is None or there.state is not state:
            now = "not there" if there is None else there.state
            raise Rejected(f"It is {now} in Postiz, not {state}; nothing was changed.", reason="other_state")
        return there

    def _status(self, post: Post, status: str) -> str:
        external_id = post.outside.external_id if post.outside is not None else ""
        self._caller.send("PUT", f"{POSTS}/{is_id(external_id)}/status", body={"status": status})
        return external_id

    def _find(self, external_id: str, start: datetime, end: datetime) -> Post | None:
        found = self._all(start, end)
        return next((post for post in found if post.outside and post.outside.external_id == external_id), None)

    def _all(self, start: datetime, end: datetime) -> list[Post]:
        reply = self._caller.get(POSTS, {"startDate": stamp(start), "endDate": stamp(end)})
        entries: dict[str, dict[str, Any]] = {}
        for entry in listed(dict_of(reply.json).get("posts"), "Postiz"):
            entries.setdefault(id_of(entry.get("id")), entry)
        found = [post for entry in entries.values() for post in self._times_of(entry, start)]
        for post in found:
            if post.outside is not None:
                self._times[post.outside.external_id] = post.publish_at
        return found

    def _times_of(self, entry: Mapping[str, Any], start: datetime) -> Iterator[Post]:
        """Yield the post, or one that repeats itself as it will be out next, and as it was out since *start*."""
        days, now = entry.get("intervalInDays"), self._caller.clock()
        post = self._post(entry)
        if not isinstance(days, int) or days < 1:
            # Somebody or Postiz published it while it was made a draft: what is out stays out.
            was_out = post.state is PostState.DRAFT and post.outside is not None and post.outside.link != ""
            yield replace(post, state=PostState.PUBLISHED) if was_out else post
            return
        begins = moment_in(entry.get("actualDate")) or post.publish_at
        post = replace(post, publish_at=begins)
        is_running = post.state is PostState.PUBLISHED or (post.state is PostState.SCHEDULED and begins <= now)
        if not is_running or post.outside is None:
            yield post
            return
        every = timedelta(days=days)
        been = (now - begins) // every
        yield replace(post, state=PostState.SCHEDULED, publish_at=begins + (been + 1) * every)
        for number in range(max(0, -((begins - start) // every)), been + 1):
            outside = replace(post.outside, external_id=f"{post.outside.external_id}.{number}")
            yield replace(
                post,
                post_id=outside_id(outside.scheduler, outside.external_id),
                outside=outside,
                state=PostState.PUBLISHED,
                publish_at=begins + number * every,
            )

    def _post(self, entry: Mapping[str, Any]) -> Post:
        account = self._caller.account
        external_id, profile = id_of(entry.get("id")), id_of(dict_of(entry.get("integration")).get("id"))
        return Post(
            post_id=outside_id(account.name, external_id),
            channel=account.channel_of(profile),
            text=_text(entry),
            publish_at=moment_in(entry.get("publishDate")) or self._caller.clock(),
            state=_STATES.get(str(entry.get("state")), PostState.UNKNOWN),
            outside=Outside(
                scheduler=account.name,
                external_id=external_id,
                profile=profile,
                payload=payload_of(entry),
                link=str(entry.get("releaseURL") or "")[:2000],
            ),
        )


def _text(entry: Mapping[str, Any]) -> str:
    return plain(str(entry.get("content") or ""))
