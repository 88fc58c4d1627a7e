"""The rules on stale posts, each a function from one case to a finding or none; `RULES` has them in their order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.date_senses import Sense, looks_back
from switchboard.domain.event_dates import Mention, mentions
from switchboard.domain.governor import governed
from switchboard.domain.staleness_facts import Facts, Rule, Thresholds, Waiting, hour_of
from switchboard.domain.staleness_words import count_text, day_text, length_text, moment_text, ordinal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from switchboard.domain.post import Post
    from switchboard.domain.repetition import Repetition


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says against a post, with what a person can check it by."""

    rule: Rule
    reason: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One post and all that is known of it; *under_copies* are the people who wait under its earlier copies."""

    post: Post
    now: datetime
    limits: Thresholds
    facts: Facts
    repetition: Repetition | None
    under_copies: tuple[Waiting, int] | None = None
    wall: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wall", ZoneInfo(self.limits.zone))

    @property
    def goes_out_at(self) -> datetime:
        """When it would appear: a post that is late would appear now."""
        return max(self.post.publish_at, self.now)

    @property
    def is_soon(self) -> bool:
        """Whether it would go out while those who wait now may still be waiting."""
        return self.post.publish_at - self.now <= self.limits.waiting_ahead

    def moment(self, moment: datetime) -> str:
        """Return *moment* for a person."""
        return moment_text(moment, self.wall)


def crisis(case: Case) -> Finding | None:
    """A crisis is in force, and no person has given this post back since it began."""
    said = case.facts.crisis
    if said is None or case.post.post_id in case.facts.given_back:
        return None
    return Finding(Rule.CRISIS, said, ())


def event_over(case: Case) -> Finding | None:
    """The end that it was given, or every date in its text, is past when it would go out."""
    post, goes_out = case.post, case.goes_out_at
    if post.event_ends_at is not None and post.event_ends_at <= goes_out:
        if looks_back(post.text):
            return None
        what = f"The event of this post ended on {case.moment(post.event_ends_at)}"
        return _over(case, what, (f"event_ends_at {post.event_ends_at.isoformat()}",))
    found = mentions(post.text, publish_at=post.publish_at, created_at=post.created_at, zone=case.limits.zone)
    past = _past(found, goes_out)
    if not past or looks_back(post.text):
        return None
    last = max(past, key=lambda mention: mention.ends_at)
    end = case.moment(last.ends_at) if last.has_hours else day_text(last.ends_at - timedelta(seconds=1), case.wall)
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


def _over(case: Case, what: str, evidence: tuple[str, ...]) -> Finding:
    return Finding(Rule.EVENT_OVER, f"{what}; it would go out on {case.moment(case.goes_out_at)}.", evidence)


def campaign_over(case: Case) -> Finding | None:
    """Its campaign has an end that is past when it would go out."""
    name = case.post.campaign
    end = case.facts.campaign_ends.get(name) if name else None
    if end is None or end > case.goes_out_at:
        return None
    reason = f'The campaign "{name}" ended on {case.moment(end)}; it would go out on {case.moment(case.goes_out_at)}.'
    return Finding(Rule.CAMPAIGN_OVER, reason, (f"campaign {name} until {end.isoformat()}",))


def link_dead(case: Case) -> Finding | None:
    """A link in it leads nowhere."""
    dead = case.facts.dead_links
    links = case.facts.links_of.get(case.post.post_id, ())
    found = [(url, dead[url]) for url in dict.fromkeys(links) if url in dead]
    if not found:
        return None
    reason = f"Its link leads nowhere: {found[0][1]}"
    if len(found) > 1:
        reason = f"{len(found)} of its links lead nowhere: {found[0][1]}"
    return Finding(Rule.LINK_DEAD, f"{reason.rstrip('.')}.", tuple(f"{url}: {why}" for url, why in found))


def repeated(case: Case) -> Finding | None:
    """The same message has been said too often."""
    said = case.repetition
    if said is None or said.before_at is None or said.count < max(2, case.limits.repeat_count):
        return None
    days = max(1, (said.last_at.astimezone(case.wall).date() - said.first_at.astimezone(case.wall).date()).days + 1)
    span = count_text(days, "day")
    every = length_text((said.last_at - said.first_at) / (said.count - 1))
    reason = (
        f"The same message for the {ordinal(said.count)} time in {span}, about every {every}; "
        f"the last time was {case.moment(said.before_at)}."
    )
    evidence = (
        f"{said.count} times",
        f"first {case.moment(said.first_at)}",
        f"last {case.moment(said.before_at)}",
        f"in {span}",
        f"about every {every}",
    )
    return Finding(Rule.REPEATED, reason, evidence)


def people_waiting(case: Case) -> Finding | None:
    """People wait for an answer on its channel."""
    channel = case.post.channel
    waiting = case.facts.waiting.get(channel)
    governor = case.facts.governors.get(channel)
    if governor is None:
        governor = governed(waiting, case.limits, was_on=False, now=case.now, channel=channel)
    if not governor.on or not case.is_soon:
        return None
    return Finding(Rule.PEOPLE_WAITING, governor.reason, _open(case, waiting))


def waiting_under_copy(case: Case) -> Finding | None:
    """People wait for an answer under an earlier copy of this very post."""
    if case.under_copies is None or not case.is_soon:
        return None
    waiting, copies = case.under_copies
    verb = "waits" if waiting.open_questions == 1 else "wait"
    where = "an earlier copy" if copies == 1 else f"{copies} earlier copies"
    reason = f"{count_text(waiting.open_questions, 'question')} under {where} of this post {verb} for an answer"
    if waiting.oldest_since is not None and waiting.oldest_since < case.now:
        reason += f", the oldest for {length_text(case.now - waiting.oldest_since)}"
    return Finding(Rule.WAITING_UNDER_COPY, f"{reason}.", _open(case, waiting))


def _open(case: Case, waiting: Waiting | None) -> tuple[str, ...]:
    if waiting is None:
        return ()
    since = (f"oldest since {case.moment(waiting.oldest_since)}",) if waiting.oldest_since is not None else ()
    return (f"{waiting.open_questions} open", *since)


def nobody_on_duty(case: Case) -> Finding | None:
    """Nobody would be there to answer when it goes out."""
    team = case.facts.nobody_on_duty.get((case.post.channel, hour_of(case.goes_out_at)))
    if team is None:
        return None
    when = case.moment(case.goes_out_at)
    return Finding(Rule.NOBODY_ON_DUTY, f"Nobody of {team} is on duty when it would go out, {when}.", (f"team {team}",))


def owner_left(case: Case) -> Finding | None:
    """The person who answers for it is no longer among the staff."""
    owner, staff = case.post.owner, case.facts.staff
    if not owner or staff is None or owner in staff:
        return None
    return Finding(Rule.OWNER_LEFT, f"Its owner, {owner}, is no longer among the staff.", (f"owner {owner}",))


def not_reviewed(case: Case) -> Finding | None:
    """No person has looked at it for too long, or since the day on which somebody had to."""
    post = case.post
    due = post.review_by
    if due is not None and due <= case.goes_out_at and (post.reviewed_at is None or post.reviewed_at < due):
        reason = f"It was to be reviewed by {case.moment(due)}, before it would go out, and was not."
        return Finding(Rule.NOT_REVIEWED, reason, (f"review_by {due.isoformat()}",))
    seen = post.reviewed_at or post.created_at
    if seen is None or case.goes_out_at - seen <= case.limits.review_every:
        return None
    age, limit = length_text(case.goes_out_at - seen), length_text(case.limits.review_every)
    verb = "reviewed" if post.reviewed_at is not None else "written, and never reviewed,"
    reason = f"It was {verb} {age} before it would go out; the limit is {limit}."
    return Finding(Rule.NOT_REVIEWED, reason, (f"{verb.partition(',')[0]} {case.moment(seen)}",))


RULES: tuple[tuple[Rule, Callable[[Case], Finding | None]], ...] = (
    (Rule.CRISIS, crisis),
    (Rule.EVENT_OVER, event_over),
    (Rule.CAMPAIGN_OVER, campaign_over),
    (Rule.LINK_DEAD, link_dead),
    (Rule.REPEATED, repeated),
    (Rule.PEOPLE_WAITING, people_waiting),
    (Rule.WAITING_UNDER_COPY, waiting_under_copy),
    (Rule.NOBODY_ON_DUTY, nobody_on_duty),
    (Rule.OWNER_LEFT, owner_left),
    (Rule.NOT_REVIEWED, not_reviewed),
)
