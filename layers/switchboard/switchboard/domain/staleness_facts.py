"""What the rules on stale posts go by: their names and modes, the thresholds, and the facts beside the posts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from switchboard.domain.governor import Governor


class Rule(StrEnum):
    """Why a post is held; in this order, the first that matches decides."""

    CRISIS = "crisis"
    EVENT_OVER = "event_over"
    CAMPAIGN_OVER = "campaign_over"
    LINK_DEAD = "link_dead"
    REPEATED = "repeated"
    PEOPLE_WAITING = "people_waiting"
    WAITING_UNDER_COPY = "waiting_under_copy"
    NOBODY_ON_DUTY = "nobody_on_duty"
    OWNER_LEFT = "owner_left"
    NOT_REVIEWED = "not_reviewed"


class Mode(StrEnum):
    """What a rule does where it matches: hold the post, only say what would be held, or nothing."""

    HOLD = "hold"
    OBSERVE = "observe"
    IGNORE = "ignore"


OBSERVED_AT_FIRST = frozenset({Rule.LINK_DEAD, Rule.NOBODY_ON_DUTY})
"""Rules that need setup; all others hold from the first day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From when on a post is held, per channel.

    *repeat_count* copies within *repeat_within* are repetition, this one included. *people_waiting* open questions,
    or one that has waited for *waiting_longest*, hold what would go out within *waiting_ahead*, until the questions are
    down to *people_waiting_until* (None: half of *people_waiting*). *review_every* is how long a person's look lasts.
    *zone* is the IANA zone in which the posts' dates and times are meant. *rules* are the modes that differ from the
    usual ones.
    """

    repeat_count: int = 3
    repeat_within: timedelta = timedelta(days=14)
    people_waiting: int = 5
    people_waiting_until: int | None = None
    waiting_longest: timedelta = timedelta(hours=4)
    waiting_ahead: timedelta = timedelta(hours=24)
    review_every: timedelta = timedelta(days=90)
    zone: str = "America/New_York"
    rules: Mapping[Rule, Mode] = field(default_factory=dict["Rule", "Mode"], hash=False)

    def mode_of(self, rule: Rule) -> Mode:
        """Return what *rule* does where it matches."""
        return self.rules.get(rule, Mode.OBSERVE if rule in OBSERVED_AT_FIRST else Mode.HOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The people who wait for an answer in one place, and since when the longest of them does."""

    open_questions: int
    oldest_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known beside the posts; what is left out speaks against no post.

    - *crisis* is the finished sentence on who put a crisis in force and why; None when there is none.
    - *given_back* are the ids of posts that a person gave back since that crisis began: it leaves them alone.
    - *waiting* goes by channel, *governors* too: where `governed` has spoken, its word counts.
    - *waiting_under* goes by the platform's id of a published post.
    - *dead_links* gives for each dead URL the reason; *links_of* the URLs of each post, by post id.
    - *nobody_on_duty* gives for a channel and an hour (its first moment, see `hour_of`) the team of which nobody is
      there.
    - *staff* are the known staff ids; None when nobody knows them.
    - *campaign_ends* gives for each campaign when it is over.
    """

    crisis: str | None = None
    given_back: frozenset[str] = frozenset()
    waiting: Mapping[str, Waiting] = field(default_factory=dict[str, Waiting])
    governors: Mapping[str, Governor] = field(default_factory=dict[str, "Governor"])
    waiting_under: Mapping[str, Waiting] = field(default_factory=dict[str, Waiting])
    dead_links: Mapping[str, str] = field(default_factory=dict[str, str])
    links_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    nobody_on_duty: Mapping[tuple[str, datetime], str] = field(default_factory=dict[tuple[str, datetime], str])
    staff: frozenset[str] | None = None
    campaign_ends: Mapping[str, datetime] = field(default_factory=dict[str, datetime])


def hour_of(moment: datetime) -> datetime:
    """Return the first moment of the hour (UTC) in which *moment* lies: the key of `Facts.nobody_on_duty`."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
