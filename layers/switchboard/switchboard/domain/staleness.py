"""Whether an automatic post should be held, by which rule, and why: `judge` and `judge_all`; `resume` gives it back.

The order of the rules is fixed and the first that matches decides: the event is over, the same message again,
people are waiting, nobody has looked at it. What the other rules found stands in the evidence. What a person resumed
is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.calendar_words import SHORT_MONTHS, SHORT_WEEKDAYS
from switchboard.domain.date_senses import Sense, looks_back
from switchboard.domain.event_dates import Mention, mentions
from switchboard.domain.post import Hold, Post, PostState
from switchboard.domain.repetition import Repetition, repetitions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EARLIEST_RESUME = timedelta(minutes=15)


class Rule(StrEnum):
    """Why a post is held; in this order, the first that matches decides."""

    EVENT_OVER = "event_over"
    REPEATED = "repeated"
    PEOPLE_WAITING = "people_waiting"
    NOT_REVIEWED = "not_reviewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From when on a post is held, per channel.

    *repeat_count* copies within *repeat_within* are repetition, this one included. *people_waiting* open questions,
    or one that has waited for *waiting_longest*, hold what would go out within *waiting_ahead*. *review_every* is how
    long a person's look lasts. *zone* is the IANA zone in which the posts' dates and times are meant.
    """

    repeat_count: int = 3
    repeat_within: timedelta = timedelta(days=14)
    people_waiting: int = 5
    waiting_longest: timedelta = timedelta(hours=4)
    waiting_ahead: timedelta = timedelta(hours=24)
    review_every: timedelta = timedelta(days=90)
    zone: str = "America/New_York"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The people who wait for an answer on one channel, and since when the longest of them does."""

    open_questions: int
    oldest_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staleness:
    """The decision on one post: whether to hold it, by which rule, a sentence on why, and what to check it by."""

    post_id: str
    hold: bool
    rule: Rule | None = None
    reason: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """How a held post comes back: scheduled as it was, or as a draft for a person, and why."""

    post_id: str
    state: PostState
    reason: str


@dataclass(frozen=True, slots=True)
class _Finding:
    rule: Rule
    reason: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    post: Post
    now: datetime
    limits: Thresholds
    waiting: Waiting | None
    repetition: Repetition | None
    wall: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wall", ZoneInfo(self.limits.zone))

    @property
    def goes_out_at(self) -> datetime:
        """When it would appear: a post that is late would appear now."""
        return max(self.post.publish_at, self.now)


def judge(
    post: Post,
    *,
    now: datetime,
    others: Sequence[Post] = (),
    waiting: Waiting | None = None,
    thresholds: Thresholds | None = None,
) -> Staleness:
    """Decide on one post; *others* are the posts published and planned on all channels. For many, use `judge_all`."""
    limits = thresholds or Thresholds()
    calendar = [post, *(other for other in others if other.post_id != post.post_id)]
    said = repetitions(calendar, within={}, default=limits.repeat_within)
    return _judge(_Case(post=post, now=now, limits=limits, waiting=waiting, repetition=said.get(post.post_id)))


def judge_all(
    posts: Sequence[Post],
    *,
    now: datetime,
    waiting: Mapping[str, Waiting] | None = None,
    thresholds: Thresholds | None = None,
    thresholds_by_channel: Mapping[str, Thresholds] | None = None,
) -> list[Staleness]:
    """Decide on every one of *posts*, in their order; those already published count as earlier copies.

    *waiting* and *thresholds_by_channel* go by channel; *thresholds* holds for every other channel.
    """
    default = thresholds or Thresholds()
    by_channel = thresholds_by_channel or {}
    within = {channel: limits.repeat_within for channel, limits in by_channel.items()}
    said = repetitions(posts, within=within, default=default.repeat_within)
    return [
        _judge(
            _Case(
                post=post,
                now=now,
                limits=by_channel.get(post.channel, default),
                waiting=(waiting or {}).get(post.channel),
                repetition=said.get(post.post_id),
            )
        )
        for post in posts
    ]


def resume(held: Post | Hold, *, now: datetime, minimum_ahead: timedelta = EARLIEST_RESUME) -> Resumption:
    """Decide how a held post comes back: a post whose time has come or is too near never goes out at once."""
    post = held.snapshot if isinstance(held, Hold) else held
    if post.publish_at >= now + minimum_ahead:
        return Resumption(post_id=post.post_id, state=PostState.SCHEDULED, reason="It goes out at the time it had.")
    minutes = int(minimum_ahead.total_seconds() // 60)
    if post.publish_at <= now:
        reason = "Its time has passed while it was held; it is a draft now: choose a new time."
    else:
        reason = f"It is due in less than {minutes} minutes; it is a draft now: choose a new time."
    return Resumption(post_id=post.post_id, state=PostState.DRAFT, reason=reason)


def _judge(case: _Case) -> Staleness:
    post = case.post
    if post.state is not PostState.SCHEDULED:
        return Staleness(post_id=post.post_id, hold=False, reason=f"It is {post.state}; only scheduled posts are held.")
    if post.kept_by is not None:
        return Staleness(post_id=post.post_id, hold=False, reason=f"{post.kept_by} resumed it; it is left alone.")
    findings = [found for rule in _RULES if (found := rule(case)) is not None]
    if not findings:
        return Staleness(post_id=post.post_id, hold=False, reason="No rule speaks against it.")
    first, *rest = findings
    also = tuple(f"Also: {finding.reason}" for finding in rest)
    return Staleness(
        post_id=post.post_id, hold=True, rule=first.rule, reason=first.reason, evidence=(*first.evidence, *also)
    )


# --- the rules ---------------------------------------------------------------------------------------------------


def _event_over(case: _Case) -> _Finding | None:
    post, goes_out = case.post, case.goes_out_at
    if looks_back(post.text):
        return None
    if post.event_ends_at is not None and post.event_ends_at <= goes_out:
        end = _moment(post.event_ends_at, case.wall)
        return _over(
            case, f"The event of this post ended on {end}", (f"event_ends_at {post.event_ends_at.isoformat()}",)
        )
    found = mentions(post.text, publish_at=post.publish_at, created_at=post.created_at, zone=case.limits.zone)
    past = _past(found, goes_out)
    if not past:
        return None
    last = max(past, key=lambda mention: mention.ends_at)
    end = _moment(last.ends_at, case.wall) if last.has_hours else _day(last, case.wall)
    what = "The deadline in this post was" if last.sense is Sense.DEADLINE else "The event in this post ended on"
    return _over(case, f"{what} {end}", tuple(mention.text for mention in past))


def _past(found: Sequence[Mention], goes_out: datetime) -> list[Mention]:
    """Return what makes the post stale: dates of which all have passed, or deadlines of which all have."""
    dated = [mention for mention in found if mention.sense in {Sense.EVENT, Sense.DEADLINE}]
    absolute = [mention for mention in dated if not mention.is_relative]
    if any(mention.sense is Sense.OPEN_ENDED for mention in found) and not any(
        m.sense is Sense.DEADLINE for m in absolute
    ):
        return []
    needed = [mention for mention in absolute if mention.must_act]
    if needed and all(mention.ends_at <= goes_out for mention in needed):
        return needed
    counted = absolute or dated
    return counted if counted and all(mention.ends_at <= goes_out for mention in counted) else []


def _over(case: _Case, what: str, evidence: tuple[str, ...]) -> _Finding:
    return _Finding(Rule.EVENT_OVER, f"{what}; it would go out on {_moment(case.goes_out_at, case.wall)}.", evidence)


def _repeated(case: _Case) -> _Finding | None:
    said = case.repetition
    if said is None or said.before_at is None or said.count < max(2, case.limits.repeat_count):
        return None
    days = max(1, (said.last_at.astimezone(case.wall).date() - said.first_at.astimezone(case.wall).date()).days + 1)
    every = (said.last_at - said.first_at) / (said.count - 1)
    reason = (
        f"The same message for the {_ordinal(said.count)} time in {_count(days, 'day')}, about every {_length(every)}; "
        f"the last time was {_moment(said.before_at, case.wall)}."
    )
    evidence = (
        f"{said.count} times",
        f"first {_moment(said.first_at, case.wall)}",
        f"last {_moment(said.before_at, case.wall)}",
    )
    return _Finding(Rule.REPEATED, reason, evidence)


def _people_waiting(case: _Case) -> _Finding | None:
    waiting, limits = case.waiting, case.limits
    if waiting is None or waiting.open_questions < 1 or case.post.publish_at - case.now > limits.waiting_ahead:
        return None
    longest = case.now - waiting.oldest_since if waiting.oldest_since is not None else timedelta()
    if waiting.open_questions < limits.people_waiting and longest < limits.waiting_longest:
        return None
    people = _count(waiting.open_questions, "question")
    reason = f"{people} on {case.post.channel or 'this channel'} wait for an answer"
    if waiting.open_questions == 1:
        reason = f"{people} on {case.post.channel or 'this channel'} waits for an answer"
    if longest:
        reason += f", the oldest for {_length(longest)}"
    since = (f"oldest since {_moment(waiting.oldest_since, case.wall)}",) if waiting.oldest_since is not None else ()
    return _Finding(Rule.PEOPLE_WAITING, f"{reason}.", (f"{waiting.open_questions} open", *since))


def _not_reviewed(case: _Case) -> _Finding | None:
    post = case.post
    seen = post.reviewed_at or post.created_at
    if seen is None or case.goes_out_at - seen <= case.limits.review_every:
        return None
    age = _length(case.goes_out_at - seen)
    verb = "reviewed" if post.reviewed_at is not None else "written, and never reviewed,"
    reason = f"It was {verb} {age} before it would go out; the limit is {_length(case.limits.review_every)}."
    return _Finding(Rule.NOT_REVIEWED, reason, (f"{verb.partition(',')[0]} {_moment(seen, case.wall)}",))


_RULES = (_event_over, _repeated, _people_waiting, _not_reviewed)

# --- words for a person ------------------------------------------------------------------------------------------


def _moment(moment: datetime, wall: ZoneInfo) -> str:
    local = moment.astimezone(wall)
    day = f"{SHORT_WEEKDAYS[local.weekday()]} {local.day} {SHORT_MONTHS[local.month - 1]} {local.year}"
    return f"{day}, {local:%H:%M}"


def _day(mention: Mention, wall: ZoneInfo) -> str:
    last = (mention.ends_at - timedelta(seconds=1)).astimezone(wall)
    return _moment(last, wall).partition(",")[0]


def _length(length: timedelta) -> str:
    if length >= timedelta(days=2):
        return _count(round(length / timedelta(days=1)), "day")
    if length >= timedelta(hours=1):
        return _count(round(length / timedelta(hours=1)), "hour")
    return _count(max(1, round(length / timedelta(minutes=1))), "minute")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _ordinal(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
