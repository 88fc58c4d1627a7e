"""A Facebook Page's scheduled posts, by the Graph API.

https://developers.facebook.com/docs/graph-api/reference/page/scheduled_posts/

There is no pause: a post's time is moved, at most 30 days ahead, and moved again before that time comes. A post can be
changed only by the app that made it, and not within three minutes of its time; a delete would lose its media.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from switchboard.domain.outside import Abilities, Outside, Pausing, outside_id
from switchboard.domain.post import Post, PostState
from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of, id_of
from switchboard.platforms.graph import DEAD_TOKEN, INVALID, NO_PERMISSION, RATE_LIMITS, TRANSIENT
from switchboard.schedulers.calling import Caller, bearer, is_id, listed, moment_in, payload_of, the_one, told_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import httpx

    from switchboard.platforms.http import Reply
    from switchboard.ports import MediaFile, SchedulerAccount, SchedulerSecrets

MOST_PAGES = 40
_FIELDS = "id,message,scheduled_publish_time,is_published,created_time,permalink_url"
_COUNTS = "reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count),shares"
_GONE = 33
_NOT_FOUND = 404
_SERVER_ERROR = 500


def opened(
    account: SchedulerAccount,
    secrets: SchedulerSecrets,
    *,
    url: str = "https://graph.facebook.com/v23.0",
    transport: httpx.BaseTransport | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> FacebookSchedule:
    """Return the Page of *account*."""

    def caller(meaning: Callable[[Reply], SwitchboardError | None]) -> Caller:
        return Caller(
            account,
            secrets,
            name="Facebook",
            headers=bearer(account),
            url=url,
            meaning=meaning,
            transport=transport,
            clock=clock,
        )

    return FacebookSchedule(caller(_of_reading), caller(_of_changing))


class FacebookSchedule:
    """`ports.Scheduler` for one Page."""

    abilities = Abilities(
        pausing=(Pausing.RESCHEDULE,),
        parks_until=timedelta(days=28),
        parked_again=timedelta(days=7),
    )

    def __init__(self, reads: Caller, changes: Caller) -> None:
        self._reads = reads
        self._changes = changes

    def posts(self, *, start: datetime, end: datetime) -> Sequence[Post]:
        """Return scheduled and published posts with a time in [*start*, *end*)."""
        now = self._reads.clock()
        found = [self._post(entry) for entry in self._entries("scheduled_posts", {"fields": _FIELDS})]
        if start < now:
            between = {"since": str(int(start.timestamp())), "until": str(int(min(end, now).timestamp()))}
            found += [
                self._post(entry)
                for entry in self._entries("published_posts", {"fields": f"{_FIELDS},{_COUNTS}", **between})
            ]
        return [post for post in found if start <= post.publish_at < end]

    def read(self, external_id: str) -> Post | None:
        """Return the post, or None when it is not there."""
        reply = self._reads.find(f"/{is_id(external_id)}", {"fields": _FIELDS})
        return self._post(the_one(reply.json, external_id, "Facebook")) if reply is not None else None

    def pause(self, post: Post, how: Pausing, *, parked_until: datetime) -> None:
        """Move it to *parked_until*."""
        self._change(post, {"scheduled_publish_time": int(parked_until.timestamp())})

    def resume(self, post: Post, how: Pausing, *, due_at: datetime, media: Iterable[MediaFile]) -> str:
        """Move it to *due_at*, with its words if they were edited here."""
        change: dict[str, Any] = {"scheduled_publish_time": int(due_at.timestamp())}
        if post.text != str(told_in(post).get("message") or ""):
            change["message"] = post.text
        return self._change(post, change)

    def remove(self, external_id: str) -> None:
        """Delete it."""
        self._changes.delete(f"/{is_id(external_id)}")

    def media_of(self, post: Post) -> Iterable[MediaFile]:
        """Nothing is deleted to pause it."""
        return ()

    def _change(self, post: Post, body: Mapping[str, Any]) -> str:
        external_id = post.outside.external_id if post.outside is not None else ""
        self._changes.send("POST", f"/{is_id(external_id)}", body=dict(body))
        return external_id

    def _entries(self, edge: str, params: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        asked = {"limit": "100", **params}
        for _ in range(MOST_PAGES):
            reply = self._reads.get(f"/{is_id(self._reads.account.account_id)}/{edge}", asked)
            page = dict_of(reply.json)
            yield from listed(page.get("data"), "Facebook")
            paging = dict_of(page.get("paging"))
            after = dict_of(paging.get("cursors")).get("after")
            if "next" not in paging or not isinstance(after, str):
                return
            asked = {**asked, "after": after}
        raise Unavailable("the Page has too many posts to look through")

    def _post(self, entry: Mapping[str, Any]) -> Post:
        account = self._reads.account
        external_id = id_of(entry.get("id"))
        out = entry.get("is_published") is not False and not entry.get("scheduled_publish_time")
        out = out or entry.get("is_published") is True
        due = moment_in(entry.get("created_time")) if out else moment_in(entry.get("scheduled_publish_time"))
        state = PostState.PUBLISHED if out else PostState.SCHEDULED
        return Post(
            post_id=outside_id(account.name, external_id),
            channel=account.channel_of(""),
            text=str(entry.get("message") or ""),
            publish_at=due or self._reads.clock(),
            state=state if due is not None else PostState.DRAFT,
            created_at=moment_in(entry.get("created_time")),
            outside=Outside(
                scheduler=account.name,
                external_id=external_id,
                payload=payload_of({name: entry[name] for name in _FIELDS.split(",") if name in entry}),
                link=str(entry.get("permalink_url") or "")[:2000],
                engagement=_engagement(entry),
            ),
        )


def _engagement(entry: Mapping[str, Any]) -> int | None:
    """Return reactions, comments and shares together, None where none of them is told."""
    told = [dict_of(dict_of(entry.get(name)).get("summary")).get("total_count") for name in ("reactions", "comments")]
    told.append(dict_of(entry.get("shares")).get("count"))
    counts = [count for count in told if isinstance(count, int)]
    return sum(counts) if counts else None


def _of_reading(reply: Reply) -> SwitchboardError | None:
    code, subcode = _codes(reply)
    if code is None:
        nowhere = reply.status == _NOT_FOUND
        return Misconfigured("the Graph API is not at its address; look at SchedulerUrls") if nowhere else None
    if (code, subcode) == (INVALID, _GONE):
        return Rejected("Facebook says that it is not there any more.", reason="deleted")
    if code in DEAD_TOKEN or code in NO_PERMISSION:
        return Misconfigured(f"the Page's access token does not work or lacks a permission ({code}); connect it again")
    if code in RATE_LIMITS or code in TRANSIENT:
        return Unavailable(f"Facebook asks to wait (error {code})")
    if reply.status >= _SERVER_ERROR:
        return OutcomeUnknown(f"Facebook does not say whether it took it (error {code})")
    return Rejected(f"Facebook does not take it (error {code}).", reason="refused")


def _of_changing(reply: Reply) -> SwitchboardError | None:
    code, _ = _codes(reply)
    if code is not None and code in NO_PERMISSION:
        return Rejected(
            f"Facebook lets only the app that made a post change it (error {code}): move it there by hand.",
            reason="not_ours",
        )
    return _of_reading(reply)


def _codes(reply: Reply) -> tuple[int | None, int | None]:
    error = dict_of(dict_of(reply.json).get("error"))
    code, subcode = error.get("code"), error.get("error_subcode")
    return code if isinstance(code, int) else None, subcode if isinstance(subcode, int) else None
