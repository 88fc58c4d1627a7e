"""Whether an automatic post should be held, by which rule, and why: `judge` and `judge_all`; `resume` gives it back.

The order of the rules is fixed and the first that matches decides (`staleness_rules`). What the others found stands in
the evidence. What a person resumed is left alone, but for a crisis that began after it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from switchboard.domain.post import Post, PostState
from switchboard.domain.repetition import repetitions_of, same_messages
from switchboard.domain.resumption import EARLIEST_RESUME, Resumption, resume
from switchboard.domain.staleness_facts import Facts, Mode, Rule, Thresholds, Waiting
from switchboard.domain.staleness_rules import RULES, Case, Finding, crisis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

__all__ = [
    "EARLIEST_RESUME", "Facts", "Mode", "Resumption", "Rule", "Staleness", "Thresholds", "Waiting", "judge",
    "judge_all", "resume",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Staleness:
    """The decision on one post: whether to hold it, by which rule, a sentence on why, and what to check it by.

    *observed* are the rules that would hold it if their mode were `hold`; the evidence says of each why.
    """

    post_id: str
    hold: bool
    rule: Rule | None = None
    reason: str
    evidence: tuple[str, ...] = ()
    observed: tuple[Rule, ...] = ()


def judge(
    post: Post,
    *,
    now: datetime,
    others: Sequence[Post] = (),
    waiting: Waiting | None = None,
    thresholds: Thresholds | None = None,
    facts: Facts | None = None,
) -> Staleness:
    """Decide on one post; *others* are the posts published and planned on all channels. For many, use `judge_all`.

    *waiting* are those who wait on its channel, beside what *facts* tell.
    """
    calendar = [post, *(other for other in others if other.post_id != post.post_id)]
    own = {post.channel: waiting} if waiting is not None else {}
    return judge_all(calendar, now=now, waiting=own, thresholds=thresholds, facts=facts, only={post.post_id})[0]


def judge_all(
    posts: Sequence[Post],
    *,
    now: datetime,
    waiting: Mapping[str, Waiting] | None = None,
    thresholds: Thresholds | None = None,
    thresholds_by_channel: Mapping[str, Thresholds] | None = None,
    facts: Facts | None = None,
    only: Iterable[str] | None = None,
) -> list[Staleness]:
    """Decide on every one of *posts*, in their order; those already published count as earlier copies.

    *thresholds_by_channel* goes by channel, or by the name of a scheduler for those of its posts whose channel has
    none; *thresholds* holds for all others. *waiting* goes by channel and is added to what *facts* tell. *only* are the
    ids of the posts to decide on, where the rest are there as copies.
    """
    known = facts or Facts()
    if waiting:
        known = replace(known, waiting={**known.waiting, **waiting})
    default = thresholds or Thresholds()
    limits = _Limits(default, thresholds_by_channel or {})
    groups = same_messages(posts)
    said = repetitions_of(groups, within=lambda post: limits.of(post).repeat_within)
    under = _under_copies(groups, known.waiting_under) if known.waiting_under else {}
    chosen = None if only is None else frozenset(only)
    return [
        _judge(
            Case(
                post=post,
                now=now,
                limits=limits.of(post),
                facts=known,
                repetition=said.get(post.post_id),
                under_copies=under.get(post.post_id),
            )
        )
        for post in posts
        if chosen is None or post.post_id in chosen
    ]


@dataclass(frozen=True, slots=True)
class _Limits:
    default: Thresholds
    by_name: Mapping[str, Thresholds]

    def of(self, post: Post) -> Thresholds:
        if not self.by_name:
            return self.default
        found = self.by_name.get(post.channel)
        if found is None and post.outside is not None:
            found = self.by_name.get(post.outside.scheduler)
        return found or self.default


def _under_copies(
    groups: Sequence[Sequence[Post]], waiting_under: Mapping[str, Waiting]
) -> dict[str, tuple[Waiting, int]]:
    """Return for each post who waits under its earlier copies, and under how many of these."""
    found: dict[str, tuple[Waiting, int]] = {}
    for group in groups:
        questions, copies = 0, 0
        since: datetime | None = None
        for post in group:
            if questions:
                found[post.post_id] = (Waiting(open_questions=questions, oldest_since=since), copies)
            here = waiting_under.get(_platform_id(post))
            if here is None or here.open_questions < 1:
                continue
            questions, copies = questions + here.open_questions, copies + 1
            known = [moment for moment in (since, here.oldest_since) if moment is not None]
            since = min(known, default=None)
    return found


def _platform_id(post: Post) -> str:
    """Return the platform's id of a post that is out, "" where it is unknown or still to come."""
    if post.platform_post_id:
        return post.platform_post_id
    return post.outside.external_id if post.outside is not None and post.state is PostState.PUBLISHED else ""


def _judge(case: Case) -> Staleness:
    post = case.post
    if post.state is not PostState.SCHEDULED:
        return Staleness(post_id=post.post_id, hold=False, reason=f"It is {post.state}; only scheduled posts are held.")
    rules = RULES if post.kept_by is None else ((Rule.CRISIS, crisis),)
    holding: list[Finding] = []
    observed: list[Finding] = []
    for rule, finds in rules:
        mode = case.limits.mode_of(rule)
        if mode is not Mode.IGNORE and (finding := finds(case)) is not None:
            (holding if mode is Mode.HOLD else observed).append(finding)
    would = tuple(f"Would hold: {finding.reason}" for finding in observed)
    watched = tuple(finding.rule for finding in observed)
    if not holding:
        reason = "Only rules that are observed speak against it." if observed else "No rule speaks against it."
        if post.kept_by is not None:
            reason = f"{post.kept_by} resumed it; it is left alone."
        return Staleness(post_id=post.post_id, hold=False, reason=reason, evidence=would, observed=watched)
    first, *rest = holding
    also = tuple(f"Also: {finding.reason}" for finding in rest)
    return Staleness(
        post_id=post.post_id,
        hold=True,
        rule=first.rule,
        reason=first.reason,
        evidence=(*first.evidence, *also, *would),
        observed=watched,
    )
