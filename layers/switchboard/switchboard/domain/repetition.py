# ruff: noqa: RUF001 - people write curly quotes
"""The same message again: which posts say the same, and how often one has been said when it would go out.

Dates, digits, links, handles, hashtags, emoji and case are set aside, so "3 days left!" and "2 days left!" are one
message. What is left is compared by its words and pairs of words (Jaccard), exactly, and only among posts that share
rare ones.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, pairwise
from math import ceil
from typing import TYPE_CHECKING

from switchboard.domain.calendar_words import MONTHS, WEEKDAYS
from switchboard.domain.post import PostState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from switchboard.domain.post import Post

# Two posts say the same when they share this part of all their words and pairs of words.
ALIKE = 0.75
# Fewer words than this left: only the very same text counts as a copy.
FEWEST_WORDS = 3
# The same text on several channels within this time is one occasion.
ONE_OCCASION = timedelta(days=1)
# A held copy counts, so that the next run does not judge otherwise than this one.
COUNTED = frozenset({PostState.SCHEDULED, PostState.PUBLISHING, PostState.PUBLISHED, PostState.UNKNOWN, PostState.HELD})
MOST_EARLIER = 20
_LONGEST_TEXT = 5_000
_SET_ASIDE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|\b[\w.+-]+@[\w-]+\.\w+")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_DATE_WORDS = frozenset({
    *MONTHS, *WEEKDAYS,
    "today", "tonight", "tomorrow", "yesterday", "am", "pm", "noon", "day", "days", "week", "weeks", "hour", "hours",
    "left",
    "hoy", "mañana", "noche", "día", "días", "semana", "semanas", "falta", "faltan", "queda", "quedan",
})  # fmt: skip

Shape = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """How often a message has been said: *count* occasions from *first_at* to *last_at*, the post itself among them.

    *before_at* is the occasion before this one; it is None for the first. *earlier* are the ids of the copies before
    it, the latest `MOST_EARLIER` of them.
    """

    count: int
    first_at: datetime
    before_at: datetime | None
    last_at: datetime
    earlier: tuple[str, ...] = ()


def shape_of(text: str) -> Shape:
    """Return what makes *text* the same message as another: its words and their pairs, or the whole of a short one."""
    text = unicodedata.normalize("NFKC", text[:_LONGEST_TEXT]).casefold()
    found = _WORD.findall(_SET_ASIDE.sub(" ", text))
    words = [word for word in found if word not in _DATE_WORDS and not _DIGIT.search(word)]
    if len(words) < FEWEST_WORDS:
        whole = " ".join(found or text.split())
        return frozenset({whole}) if whole else frozenset()
    return frozenset([*words, *map(" ".join, pairwise(words))])


def likeness(one: Shape, two: Shape) -> float:
    """Return from 0 to 1 how much two messages share."""
    shared = len(one & two)
    return shared / (len(one) + len(two) - shared) if shared else 0.0


def repetitions(posts: Sequence[Post], *, within: Mapping[str, timedelta], default: timedelta) -> dict[str, Repetition]:
    """Return for each post that says something how often it has been said, by post id.

    *within* is the window per channel, *default* the one for all others. The order of *posts* does not matter.
    """
    return repetitions_of(same_messages(posts), within=lambda post: within.get(post.channel, default))


def repetitions_of(groups: Iterable[Sequence[Post]], *, within: Callable[[Post], timedelta]) -> dict[str, Repetition]:
    """Return for each post of *groups* (see `same_messages`) how often it has been said within its window."""
    found: dict[str, Repetition] = {}
    for copies in groups:
        starts, places = _occasions(copies)
        for post, place in zip(copies, places, strict=True):
            low = bisect_right(starts, starts[place] - within(post)) if starts else 0
            found[post.post_id] = Repetition(
                count=place - low + 1,
                first_at=starts[low],
                before_at=starts[place - 1] if place > low else None,
                last_at=post.publish_at,
            )
    return found


def _occasions(copies: Sequence[Post]) -> tuple[list[datetime], list[int]]:
    """Return when each occasion began, and to which one each of *copies* (in order of time) belongs."""
    starts: list[datetime] = []
    places: list[int] = []
    channels: set[str] = set()
    for post in copies:
        if not starts or post.channel in channels or post.publish_at - starts[-1] >= ONE_OCCASION:
            starts.append(post.publish_at)
            channels = set()
        channels.add(post.channel)
        places.append(len(starts) - 1)
    return starts, places


def same_messages(posts: Iterable[Post]) -> list[list[Post]]:
    """Return the posts that say the same, each group in order of time; the earliest of a group stands for it.

    Channels and schedulers make no difference. A post outside of which nobody knows what became of it does not count.
    """
    ordered = sorted(
        (post for post in posts if _counts(post)),
        key=lambda post: (post.publish_at, post.channel, post.post_id),
    )
    by_text: dict[str, Shape] = {}
    by_shape: dict[Shape, list[Post]] = {}
    for post in ordered:
        shape = by_text.get(post.text)
        if shape is None:
            shape = by_text[post.text] = shape_of(post.text)
        if shape:
            by_shape.setdefault(shape, []).append(post)
    groups: dict[Shape, list[Post]] = {}
    for shape, leader in _leaders(list(by_shape)).items():
        groups.setdefault(leader, []).extend(by_shape[shape])
    return [sorted(group, key=lambda post: (post.publish_at, post.channel, post.post_id)) for group in groups.values()]


def _counts(post: Post) -> bool:
    return post.state in COUNTED and not (post.outside is not None and post.state is PostState.UNKNOWN)


def _leaders(shapes: Sequence[Shape]) -> dict[Shape, Shape]:
    """Return for each shape the earliest one that it is like, or itself.

    Two sets that share the part *ALIKE* also share one of their rarest members (the prefix filter of Chaudhuri, Ganti
    and Kaushik 2006), so that only those are looked up: exact, and far from comparing all with all.
    """
    frequency = Counter(chain.from_iterable(shapes))
    rarity = {piece: place for place, piece in enumerate(sorted(frequency, key=lambda one: (frequency[one], one)))}
    seen: defaultdict[str, list[Shape]] = defaultdict(list)
    leaders: dict[Shape, Shape] = {}
    for shape in shapes:
        rare_first = sorted(shape, key=rarity.__getitem__)
        prefix = rare_first[: len(shape) - ceil(ALIKE * len(shape)) + 1]
        best, best_likeness = shape, 0.0
        for candidate in dict.fromkeys(chain.from_iterable(seen[piece] for piece in prefix if piece in seen)):
            if not ALIKE * len(shape) <= len(candidate) <= len(shape) / ALIKE:
                continue
            alike = likeness(shape, candidate)
            if alike >= ALIKE and alike > best_likeness:
                best, best_likeness = candidate, alike
        leaders[shape] = best
        if best is shape:
            for piece in prefix:
                seen[piece].append(shape)
    return leaders
