"""Broadcast against conversation: how much was said, how much of it again, and how many people got an answer.

Counts only; no word of a post or of a person but the most repeated message, which is ours.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from switchboard.domain.post import PostState
from switchboard.domain.repetition import repetitions, same_messages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from switchboard.domain.post import Post

ALL = "all channels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One channel, or all of them, over a time.

    *broadcast* counts published posts, *answered* the answers that reached people, *conversation* the share of answers
    in both together (None when there was neither). *repeated* counts posts that said what had been said before within
    the time; *most_repeated* is the message that went out most often, *most_repeated_count* times, with the first and
    the last. *engaged_fresh* and *engaged_repeated* are the median of reactions, comments and shares a post, where the
    platform tells them. *waiting* are the questions that were open at the end, *over_waiting* the posts that went out
    while one of those waited already.
    """

    channel: str
    broadcast: int
    answered: int
    conversation: float | None
    repeated: int
    most_repeated: str = ""
    most_repeated_count: int = 0
    most_repeated_first: datetime | None = None
    most_repeated_last: datetime | None = None
    engaged_fresh: float | None = None
    engaged_repeated: float | None = None
    waiting: int = 0
    over_waiting: int = 0

    @property
    def sentence(self) -> str:
        """What it says, for a person."""
        if not self.broadcast and not self.answered:
            return f"Nothing was said on {self.channel}."
        share = f"{round(100 * (self.conversation or 0))} % of it was conversation"
        said = f"{_count(self.broadcast, 'post')} and {_count(self.answered, 'answer')} on {self.channel}: {share}"
        return "; ".join([said, *self._repetition(), *self._engagement(), *self._waiting()]) + "."

    def _repetition(self) -> Iterator[str]:
        if self.repeated:
            yield f"{self.repeated} of {_count(self.broadcast, 'post')} had been said before"
        if self.most_repeated_count > 1 and self.most_repeated_first and self.most_repeated_last:
            days = max((self.most_repeated_last - self.most_repeated_first).days, 1)
            yield f"one message went out {self.most_repeated_count} times within {_count(days, 'day')}"

    def _engagement(self) -> Iterator[str]:
        told = [
            f"{kind} {_plain(median)}"
            for kind, median in (("a fresh one", self.engaged_fresh), ("a repeated one", self.engaged_repeated))
            if median is not None
        ]
        if told:
            yield f"reactions to a post, at the median: {', '.join(told)}"

    def _waiting(self) -> Iterator[str]:
        if self.waiting:
            verb = "waits" if self.waiting == 1 else "wait"
            yield f"{_count(self.waiting, 'question')} {verb}"
        if self.over_waiting:
            yield f"{_count(self.over_waiting, 'post')} went out while people waited"


def measure(
    posts: Sequence[Post],
    *,
    answered: Mapping[str, int],
    waiting: Mapping[str, int],
    waiting_since: Mapping[str, datetime] | None = None,
    since: datetime,
    now: datetime,
    within: timedelta,
) -> list[Measured]:
    """Return the measures of all channels together, then of each, from *since* until *now*.

    *posts* are those published, earlier ones too: a post is repeated when its message was said *within* the time before
    it. *answered* and *waiting* count by channel; *waiting_since* is since when the longest of those there waits.
    """
    out = [post for post in posts if post.state is PostState.PUBLISHED]
    said = repetitions(out, within={}, default=within)
    recent = [post for post in out if since <= post.publish_at <= now]
    by_channel: defaultdict[str, list[Post]] = defaultdict(list)
    for post in recent:
        by_channel[post.channel].append(post)
    again = {post.post_id for post in recent if post.post_id in said and said[post.post_id].count > 1}
    oldest = waiting_since or {}
    over = {post.post_id for post in recent if post.channel in oldest and post.publish_at >= oldest[post.channel]}
    groups = [group for group in same_messages(recent) if len(group) > 1]
    seen = _Seen(again, over, groups)
    channels = sorted({*by_channel, *answered, *waiting})
    total = _measured(ALL, recent, sum(answered.values()), sum(waiting.values()), seen)
    each = [_measured(name, by_channel[name], answered.get(name, 0), waiting.get(name, 0), seen) for name in channels]
    return [total, *each]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The ids of repeated posts, those of posts that went out while people waited, and the copies of each message."""

    again: set[str]
    over: set[str]
    groups: Sequence[Sequence[Post]]


def _measured(channel: str, posts: Sequence[Post], answered: int, waiting: int, seen: _Seen) -> Measured:
    repeated = [post for post in posts if post.post_id in seen.again]
    top = _most_repeated(posts, seen)
    whole = len(posts) + answered
    return Measured(
        channel=channel,
        broadcast=len(posts),
        answered=answered,
        conversation=answered / whole if whole else None,
        repeated=len(repeated),
        most_repeated=" ".join(top[-1].text.split())[:200] if top else "",
        most_repeated_count=len(top),
        most_repeated_first=top[0].publish_at if top else None,
        most_repeated_last=top[-1].publish_at if top else None,
        engaged_fresh=_engaged([post for post in posts if post.post_id not in seen.again]),
        engaged_repeated=_engaged(repeated),
        waiting=waiting,
        over_waiting=sum(post.post_id in seen.over for post in posts),
    )


def _most_repeated(posts: Sequence[Post], seen: _Seen) -> Sequence[Post]:
    """Return the copies among *posts* of the message with most of them, in order of time; none if none is repeated."""
    here = {post.post_id for post in posts}
    copies = [[post for post in group if post.post_id in here] for group in seen.groups]
    often = [group for group in copies if len(group) > 1 and any(post.post_id in seen.again for post in group)]
    return max(often, key=len, default=())


def _engaged(posts: Sequence[Post]) -> float | None:
    told = [
        post.outside.engagement for post in posts if post.outside is not None and post.outside.engagement is not None
    ]
    return float(median(told)) if told else None


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _plain(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
