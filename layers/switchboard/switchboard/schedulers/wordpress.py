"""WordPress: future posts of a site, by its REST API and an application password.

https://developer.wordpress.org/rest-api/reference/posts/

A draft keeps its words and pictures, so pausing loses nothing. `future` with a date less than a minute ahead publishes
at once: that is refused here. Words are not edited from here: a text is not what stands in the blocks of a post. A
person who may not edit a post is not told that it is there: then the list is refused, as it would pass for whole.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from switchboard.domain.outside import Abilities, Outside, Pausing, outside_id
from switchboard.domain.post import Post, PostState
from switchboard.errors import Misconfigured, Rejected, Unavailable
from switchboard.platforms.fields import dict_of, id_of, list_of, text_of
from switchboard.schedulers.calling import Caller, payload_of, stamp, told_in, usable
from switchboard.schedulers.wordpress_rest import NO_SUCH_PAGE, POSTS, ROLE, Rest, meaning, params_of
from switchboard.schedulers.wordpress_text import text_of_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import httpx

    from switchboard.ports import MediaFile, SchedulerAccount, SchedulerSecret, SchedulerSecrets

AT_ONCE = timedelta(seconds=60)
"""A date nearer than this makes WordPress publish, whatever the status says."""
MOST_PAGES = 100
_PAGE = 50
"""A page of posts as long as page builders make them is still smaller than the largest answer."""
_KEPT = ("id", "status", "date_gmt", "modified_gmt", "link", "featured_media", "author")
_WORDS = {"title": 500, "excerpt": 3_000, "content": 25_000}
"""What is kept of each, in characters: the snapshot and its text fit into a table's item."""
_ASKED = (*_KEPT, *(f"{name}.raw" for name in _WORDS))
_AROUND = timedelta(days=1)
"""WordPress compares with the wall clock of its time zone, which an hour of autumn has twice."""
_STATES = {
    "future": PostState.SCHEDULED,
    "draft": PostState.DRAFT,
    "auto-draft": PostState.DRAFT,
    "pending": PostState.DRAFT,
    "publish": PostState.PUBLISHED,
    "private": PostState.PUBLISHED,
}


def opened(
    account: SchedulerAccount,
    secrets: SchedulerSecrets,
    *,
    url: str = "",
    transport: httpx.BaseTransport | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> WordPress:
    """Return the site of *account*; *url* stands in for the server in the secret, unless empty."""

    def headers(secret: SchedulerSecret) -> Mapping[str, str]:
        password = usable(secret.token, "token, which is an application password,", account)
        pair = f"{usable(secret.username, 'username', account)}:{password}"
        return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}", "Cache-Control": "no-cache"}

    return WordPress(
        Caller(
            account,
            secrets,
            name="WordPress",
            headers=headers,
            url=url,
            meaning=meaning,
            transport=transport,
            clock=clock,
        )
    )


class WordPress:
    """`ports.Scheduler` for one site."""

    abilities = Abilities(pausing=(Pausing.NATIVE,))

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._rest = Rest(caller)

    def posts(self, *, start: datetime, end: datetime) -> Sequence[Post]:
        """Return future and published posts with a date in [*start*, *end*)."""
        between = {"after": stamp(start - _AROUND), "before": stamp(end + _AROUND)}
        found = [self._post(entry) for entry in self._entries(between)]
        return [post for post in found if start <= post.publish_at < end]

    def read(self, external_id: str) -> Post | None:
        """Return the post, or None when it is not there or in the trash."""
        reply = self._rest.find(f"{POSTS}/{_number(external_id)}", params_of(_ASKED))
        if reply is None:
            return None
        entry = dict_of(reply.json)
        if id_of(entry.get("id")) != external_id:
            raise Unavailable("WordPress answers with something else than the post")
        return None if entry.get("status") == "trash" else self._post(entry)

    def pause(self, post: Post, how: Pausing, *, parked_until: datetime) -> None:
        """Make it a draft."""
        self._change(post, {"status": "draft"})

    def resume(self, post: Post, how: Pausing, *, due_at: datetime, media: Iterable[MediaFile]) -> str:
        """Schedule it for *due_at*; raises Rejected for other words, and for a time that would publish it at once."""
        if due_at - self._caller.clock() < max(AT_ONCE * 2, self.abilities.minimum_ahead):
            raise Rejected("WordPress would publish it at once; choose a later time", reason="too_near")
        if post.text.split() != _text(told_in(post)).split():
            raise Rejected("The words of a post are edited in WordPress itself; choose only its time here.")
        self._change(post, {"status": "future", "date_gmt": stamp(due_at).removesuffix("Z")})
        return post.outside.external_id if post.outside is not None else ""

    def remove(self, external_id: str) -> None:
        """Put it into the trash."""
        self._rest.delete(f"{POSTS}/{_number(external_id)}")

    def media_of(self, post: Post) -> Iterable[MediaFile]:
        """A draft keeps its media."""
        return ()

    def _change(self, post: Post, body: Mapping[str, str]) -> None:
        external_id = post.outside.external_id if post.outside is not None else ""
        self._rest.change(f"{POSTS}/{_number(external_id)}", body)

    def _entries(self, between: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        asked = params_of(_ASKED, status="future,publish", per_page=str(_PAGE), orderby="id", order="asc", **between)
        seen: set[str] = set()
        for page in range(1, MOST_PAGES + 1):
            try:
                reply = self._rest.get(POSTS, {**asked, "page": str(page)})
            except Rejected as refusal:
                if page == 1 or refusal.reason != NO_SUCH_PAGE:
                    raise
                return  # posts were taken away between two pages
            entries = list_of(reply.json)
            if not entries and reply.json != []:
                raise Unavailable("WordPress answers with something else than a list of posts")
            for entry in map(dict_of, entries):
                if (external_id := id_of(entry.get("id"))) and external_id not in seen:
                    seen.add(external_id)
                    yield entry
            if page >= _count(reply.headers, "X-WP-TotalPages", otherwise=page + (len(entries) >= _PAGE)):
                if len(seen) < _count(reply.headers, "X-WP-Total"):
                    self._must_see_all()
                return
        raise Rejected(f"more than {MOST_PAGES * _PAGE} posts in one window", reason="too_many")

    def _must_see_all(self) -> None:
        try:
            me = self._rest.get("/wp/v2/users/me", {"context": "edit", "_fields": "capabilities"})
        except (Misconfigured, Rejected) as error:
            raise Misconfigured(f"WordPress keeps some posts back: {ROLE}") from error
        if not dict_of(dict_of(me.json).get("capabilities")).get("edit_others_posts"):
            raise Misconfigured(f"WordPress keeps some posts back: {ROLE}")

    def _post(self, entry: Mapping[str, Any]) -> Post:
        account = self._caller.account
        external_id = id_of(entry.get("id"))
        kept = {name: entry[name] for name in _KEPT if name in entry}
        for name, longest in _WORDS.items():
            kept[name] = {"raw": text_of(dict_of(entry.get(name)).get("raw"), longest)}
        return Post(
            post_id=outside_id(account.name, external_id),
            channel=account.channel_of(""),
            text=_text(kept),
            publish_at=_moment(entry.get("date_gmt")) or self._caller.clock(),
            state=_STATES.get(str(entry.get("status")), PostState.UNKNOWN),
            reviewed_at=_moment(entry.get("modified_gmt")),
            outside=Outside(
                scheduler=account.name,
                external_id=external_id,
                payload=payload_of(kept),
                link=str(entry.get("link") or "")[:2000],
            ),
        )


def _text(entry: Mapping[str, Any]) -> str:
    """Return what the post says: its title, its excerpt where it has one of its own, and its words."""
    title, excerpt, words = (text_of_html(str(dict_of(entry.get(name)).get("raw") or "")) for name in _WORDS)
    return "\n".join(part for part in (title, "" if excerpt in words else excerpt, words) if part)


def _number(external_id: str) -> str:
    if not external_id.isascii() or not external_id.isdigit():
        raise Rejected("that is no id of a post in WordPress", reason="deleted")
    return external_id


def _count(headers: Mapping[str, str], name: str, *, otherwise: int = 0) -> int:
    told = headers.get(name, "")
    return int(told) if told.isascii() and told.isdigit() else otherwise


def _moment(value: object) -> datetime | None:
    """Return a moment that WordPress tells in UTC without saying so; a draft without a date has none."""
    try:
        found = datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if found.year > 1970 else None  # noqa: PLR2004 - 0000-00-00 and its like
