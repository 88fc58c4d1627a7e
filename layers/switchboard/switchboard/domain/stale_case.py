"""What the rules of staleness look at: one post, its thresholds, and the facts beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from switchboard.domain.post import Post
    from switchboard.domain.repetition import Repetition


class Rule(StrEnum):
    """Why a post is held; in this order, the first that matches decides."""

    CRISIS = "crisis"
    EVENT_OVER = "event_over"
    LINK_DEAD = "link_dead"
    REPEATED = "repeated"
    PEOPLE_WAITING = "people_waiting"
    WAITING_UNDER_COPY = "waiting_under_copy"
    NOBODY_ON_DUTY = "nobody_on_duty"
    OWNER_LEFT = "owner_left"
    NOT_REVIEWED = "not_reviewed"


class Mode(StrEnum):
    """What a rule does: hold, only say what it would hold, or nothing."""

    HOLD = "hold"
    OBSERVE = "observe"
    IGNORE = "ignore"


MODES = MappingProxyType(
    {rule: Mode.OBSERVE if rule in {Rule.LINK_DEAD, Rule.NOBODY_ON_DUTY} else Mode.HOLD for rule in Rule}
)
"""What each rule does unless the config says otherwise; those that need something set up only observe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From when on a post is held, per channel.

    *repeat_count* copies within *repeat_within* are repetition, this one included. *people_waiting* open questions,
    or one that has waited for *waiting_longest*, hold what would go out within *waiting_ahead*, until no more than
    *people_waiting_until* are open. *review_every* is how long a person's look lasts. *zone* is the IANA zone in which
    the posts' dates and times are meant. *modes* says what each rule does.
    """

    repeat_count: int = 3
    repeat_within: timedelta = timedelta(days=14)
    people_waiting: int = 5
    people_waiting_until: int = 2
    waiting_longest: timedelta = timedelta(hours=4)
    waiting_ahead: timedelta = timedelta(hours=24)
    review_every: timedelta = timedelta(days=90)
    zone: str = "America/New_York"
    modes: Mapping[Rule, Mode] = field(default_factory=lambda: dict(MODES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The people who wait for an answer on one channel, and since when the longest of them does."""

    open_questions: int
    oldest_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known beside the posts; what is left out speaks against none.

    *waiting* goes by channel, *governed* are the channels whose governor is on (None: as *waiting* says), and
    *asked_under* maps the id of a published post to the people who wait for an answer under it. *links* maps a post's
    id to its links, *dead_links* a link to why it is dead. *off_duty* maps a post's id to a sentence when nobody would
    be there. *staff* are the ids of those who are still there (None: not asked). *crisis* is the sentence of the one in
    force, "" when there is none.
    """

    waiting: Mapping[str, Waiting] = field(default_factory=dict[str, Waiting])
    governed: Collection[str] | None = None
    asked_under: Mapping[str, Waiting] = field(default_factory=dict[str, Waiting])
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    dead_links: Mapping[str, str] = field(default_factory=dict[str, str])
    off_duty: Mapping[str, str] = field(default_factory=dict[str, str])
    staff: Collection[str] | None = None
    crisis: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found: a sentence on why, and what to check it by."""

    rule: Rule
    reason: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One post before the rules."""

    post: Post
    now: datetime
    limits: Thresholds
    facts: Facts
    repetition: Repetition | None
    wall: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wall", ZoneInfo(self.limits.zone))

    @property
    def goes_out_at(self) -> datetime:
        """When it would appear: a post that is late would appear now."""
        return max(self.post.publish_at, self.now)

    @property
    def is_soon(self) -> bool:
        """Whether it would appear so soon that the people who wait now matter."""
        return self.post.publish_at - self.now <= self.limits.waiting_ahead
