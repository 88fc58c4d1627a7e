"""The rules of staleness, each with its reason and the evidence that a person can check."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.date_senses import Sense, looks_back
from switchboard.domain.event_dates import Mention, mentions
from switchboard.domain.stale_case import Case, Finding, Rule
from switchboard.domain.stale_words import count, day, length, moment, ordinal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo


def _crisis(case: Case) -> Finding | None:
    if not case.facts.crisis:
        return None
    return Finding(Rule.CRISIS, case.facts.crisis, ())


def _event_over(case: Case) -> Finding | None:
    post, goes_out = case.post, case.goes_out_at
    if looks_back(post.text):
        return None
    if post.event_ends_at is not None and post.event_ends_at <= goes_out:
        end = moment(post.event_ends_at, case.wall)
        return _over(
            case, f"The event of this post ended on {end}", (f"event_ends_at {post.event_ends_at.isoformat()}",)
        )
    found = mentions(post.text, publish_at=post.publish_at, created_at=post.created_at, zone=case.limits.zone)
    past = _past(found, goes_out)
    if not past:
        return None
    last = max(past, key=lambda mention: mention.ends_at)
    end = moment(last.ends_at, case.wall) if last.has_hours else _last_day(last, case.wall)
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
    return Finding(Rule.EVENT_OVER, f"{what}; it would go out on {moment(case.goes_out_at, case.wall)}.", evidence)


def _repeated(case: Case) -> Finding | None:
    said = case.repetition
    if said is None or said.before_at is None or said.count < max(2, case.limits.repeat_count):
        return None
    days = max(1, (said.last_at.astimezone(case.wall).date() - said.first_at.astimezone(case.wall).date()).days + 1)
    every = (said.last_at - said.first_at) / (said.count - 1)
    reason = (
        f"The same message for the {ordinal(said.count)} time in {count(days, 'day')}, about every {length(every)}; "
        f"the last time was {moment(said.before_at, case.wall)}."
    )
    evidence = (
        f"{said.count} times",
        f"first {moment(said.first_at, case.wall)}",
        f"last {moment(said.before_at, case.wall)}",
    )
    return Finding(Rule.REPEATED, reason, evidence)


def _link_dead(case: Case) -> Finding | None:
    dead = [link for link in case.facts.links.get(case.post.post_id, ()) if link in case.facts.dead_links]
    if not dead:
        return None
    why = case.facts.dead_links[dead[0]]
    return Finding(Rule.LINK_DEAD, f"A link of this post leads nowhere: {why}", tuple(dead))


def _people_waiting(case: Case) -> Finding | None:
    waiting, limits, channel = case.facts.waiting.get(case.post.channel), case.limits, case.post.channel
    if waiting is None or waiting.open_questions < 1 or not case.is_soon:
        return None
    longest = case.now - waiting.oldest_since if waiting.oldest_since is not None else timedelta()
    too_many = waiting.open_questions >= limits.people_waiting or longest >= limits.waiting_longest
    if not (too_many if case.facts.governed is None else channel in case.facts.governed):
        return None
    verb = "waits" if waiting.open_questions == 1 else "wait"
    people = count(waiting.open_questions, "question")
    reason = f"{people} on {channel or 'this channel'} {verb} for an answer"
    if longest:
        reason += f", the oldest for {length(longest)}"
    since = (f"oldest since {moment(waiting.oldest_since, case.wall)}",) if waiting.oldest_since is not None else ()
    return Finding(Rule.PEOPLE_WAITING, f"{reason}.", (f"{waiting.open_questions} open", *since))


def _waiting_under_copy(case: Case) -> Finding | None:
    said = case.repetition
    under = [case.facts.asked_under[copy] for copy in said.earlier if copy in case.facts.asked_under] if said else []
    if not under:
        return None
    people = sum(one.open_questions for one in under)
    since = min((one.oldest_since for one in under if one.oldest_since is not None), default=None)
    verb = "waits" if people == 1 else "wait"
    reason = f"{count(people, 'question')} under an earlier copy of this very post {verb} for an answer."
    evidence = (f"{people} open",) + ((f"oldest since {moment(since, case.wall)}",) if since is not None else ())
    return Finding(Rule.WAITING_UNDER_COPY, reason, evidence)


def _nobody_on_duty(case: Case) -> Finding | None:
    why = case.facts.off_duty.get(case.post.post_id, "")
    if not why:
        return None
    return Finding(Rule.NOBODY_ON_DUTY, why, (f"goes out {moment(case.goes_out_at, case.wall)}",))


def _owner_left(case: Case) -> Finding | None:
    owner, staff = case.post.owner, case.facts.staff
    if owner is None or staff is None or owner in staff:
        return None
    return Finding(Rule.OWNER_LEFT, f"Its owner, {owner}, is not among the staff any more.", (f"owner {owner}",))


def _not_reviewed(case: Case) -> Finding | None:
    post, goes_out = case.post, case.goes_out_at
    if post.review_by is not None and post.review_by <= goes_out:
        looked = post.reviewed_at
        if looked is None or looked < post.review_by - case.limits.review_every:
            until = day(post.review_by - timedelta(seconds=1), case.wall)
            return Finding(Rule.NOT_REVIEWED, f"A person was to look at it again by {until}.", (f"review by {until}",))
    seen = post.reviewed_at or post.created_at
    if seen is None or goes_out - seen <= case.limits.review_every:
        return None
    age = length(goes_out - seen)
    verb = "reviewed" if post.reviewed_at is not None else "written, and never reviewed,"
    reason = f"It was {verb} {age} before it would go out; the limit is {length(case.limits.review_every)}."
    return Finding(Rule.NOT_REVIEWED, reason, (f"{verb.partition(',')[0]} {moment(seen, case.wall)}",))


def _last_day(mention: Mention, wall: ZoneInfo) -> str:
    return day(mention.ends_at - timedelta(seconds=1), wall)


RULES = {
    Rule.CRISIS: _crisis,
    Rule.EVENT_OVER: _event_over,
    Rule.LINK_DEAD: _link_dead,
    Rule.REPEATED: _repeated,
    Rule.PEOPLE_WAITING: _people_waiting,
    Rule.WAITING_UNDER_COPY: _waiting_under_copy,
    Rule.NOBODY_ON_DUTY: _nobody_on_duty,
    Rule.OWNER_LEFT: _owner_left,
    Rule.NOT_REVIEWED: _not_reviewed,
}
"""Each rule's function, in the order in which they decide."""
