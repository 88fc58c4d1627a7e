"""Broadcast against conversation: how much was said, how much of it again, and how many people got an answer.

Counts only; no word of a post or of a person but the most repeated message, which is ours.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from switchboard.domain.post import PostState
from switchboard.domain.repetition import repetitions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from switchboard.domain.post import Post

ALL = "all channels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One channel, or all of them, over a time.

    *broadcast* counts published posts, *answered* the answers that reached people, *conversation* the share of answers
    in both together (None when there was neither). *repeated* counts posts that said what had been said before within
    the time. *engaged_fresh* and *engaged_repeated* are the median of reactions, comments and shares a post, where the
    platform tells them. *waiting* are the questions that were open at the end.
    """

    channel: str
    broadcast: int
    answered: int
    conversation: float | None
    repeated: int
    most_repeated: str = ""
    most_repeated_count: int = 0
    engaged_fresh: float | None = None
    engaged_repeated: float | None = None
    waiting: int = 0

    @property
    def sentence(self) -> str:
        """What it says, for a person."""
        if not self.broadcast and not self.answered:
            return f"Nothing was said on {self.channel}."
        share = f"{round(100 * (self.conversation or 0))} % of it was conversation"
        again = f"; {self.repeated} of {self.broadcast} posts had been said before" if self.repeated else ""
        wait = f"; {self.waiting} questions wait" if self.waiting else ""
        return f"{self.broadcast} posts and {self.answered} answers on {self.channel}: {share}{again}{wait}."


def measure(
    posts: Sequence[Post],
    *,
    answered: Mapping[str, int],
    waiting: Mapping[str, int],
    since: datetime,
    now: datetime,
    within: timedelta,
) -> list[Measured]:
    """Return the measures of all channels together, then of each, from *since* until *now*.

    *posts* are those published, earlier ones too: a post is repeated when its message was said *within* the time before
    it. *answered* and *waiting* count by channel.
    """
    out = [post for post in posts if post.state is PostState.PUBLISHED]
    said = repetitions(out, within={}, default=within)
    recent = [post for post in out if since <= post.publish_at <= now]
    by_channel: defaultdict[str, list[Post]] = defaultdict(list)
    for post in recent:
        by_channel[post.channel].append(post)
    again = {post.post_id for post in recent if post.post_id in said and said[post.post_id].count > 1}
    channels = sorted({*by_channel, *answered, *waiting})
    total = _measured(ALL, recent, sum(answered.values()), sum(waiting.values()), again)
    each = [_measured(name, by_channel[name], answered.get(name, 0), waiting.get(name, 0), again) for name in channels]
    return [total, *each]


def _measured(channel: str, posts: Sequence[Post], answered: int, waiting: int, again: set[str]) -> Measured:
    repeated = [post for post in posts if post.post_id in again]
    texts = Counter(" ".join(post.text.split()) for post in repeated)
    top, count = texts.most_common(1)[0] if texts else ("", 0)
    whole = len(posts) + answered
    return Measured(
        channel=channel,
        broadcast=len(posts),
        answered=answered,
        conversation=answered / whole if whole else None,
        repeated=len(repeated),
        most_repeated=top[:200],
        most_repeated_count=count,
        engaged_fresh=_engaged([post for post in posts if post.post_id not in again]),
        engaged_repeated=_engaged(repeated),
        waiting=waiting,
    )


def _engaged(posts: Sequence[Post]) -> float | None:
    told = [
        post.outside.engagement for post in posts if post.outside is not None and post.outside.engagement is not None
    ]
    return float(median(told)) if told else None
