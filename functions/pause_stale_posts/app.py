"""pause_stale_posts: every 15 minutes, posts that have gone stale are held, each with its reason and the evidence.

Our own queue and every scheduler outside are judged together, so that a message counts wherever it is said. A person
who resumes a post has the last word, here or in the scheduler itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from functions.pause_stale_posts.facts import Witnesses, facts_of, thresholds_of
from switchboard import settings, wiring
from switchboard.domain.outside import Step
from switchboard.domain.post import HoldState, PostState
from switchboard.domain.staleness import judge_all
from switchboard.errors import Misconfigured, Rejected, SwitchboardError
from switchboard.verbs.composing import extend_series, return_unapproved
from switchboard.verbs.holding import hold, settle
from switchboard.verbs.outside_calendar import read_outside
from switchboard.verbs.tell_owners import tell_owners

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.config import AutomationConfig
    from switchboard.domain.post import Hold, Post
    from switchboard.domain.staleness import Staleness as Verdict
    from switchboard.domain.staleness import Thresholds
    from switchboard.ports import AutomationSource, Metrics
    from switchboard.verbs.holding import HoldingRoom
    from switchboard.verbs.outside_calendar import OutsideCalendar
    from switchboard.verbs.tell_owners import Letters

logger = Logger()

BY = "pause_stale_posts"
AHEAD = timedelta(hours=48)
"""So far ahead posts are judged."""
COPIES = (PostState.PUBLISHED, PostState.PUBLISHING, PostState.UNKNOWN, PostState.HELD)
"""What counts as a copy beside the posts that are judged; see `repetition.COUNTED`."""
MOST = 25
"""So many posts are held by one run at most: a bad rule must not wipe a calendar."""
MOST_WATCHED = 50
"""So many paused posts outside are looked at by one run, in turn: somebody may have scheduled one again there."""
LEAVE_MS = 25_000
"""So much of the function's time one post may need."""


@dataclass(frozen=True, slots=True)
class _Judged:
    candidates: Sequence[Post]
    stale: Sequence[tuple[Post, Verdict]]
    outside: OutsideCalendar


def pause_stale_posts(
    *,
    room: HoldingRoom,
    witnesses: Witnesses,
    config: AutomationConfig,
    letters: Letters,
    remaining_ms: Callable[[], int] = lambda: LEAVE_MS + 1,
) -> dict[str, int]:
    """Hold what is stale among the posts of the next 48 hours; return how many were judged, stale, held and told.

    One post that cannot be held does not spare the others, nor one scheduler that does not answer: all failures of our
    own queue are raised together at the end. Safe to repeat.
    """
    counts = {"judged": 0, "stale": 0, "held": 0, "unread": 0, "told": 0}
    if config.switches.stale_posts == "ignore":
        return counts
    now = room.clock()
    extend_series(posts=room.posts, config=config, now=now)
    return_unapproved(posts=room.posts, now=now)
    judged = _judge(room, witnesses, config, now)
    counts |= {
        "judged": len(judged.candidates),
        "stale": len(judged.stale),
        "unread": len(judged.outside.unread),
    }
    if config.switches.stale_posts == "observe":
        for post, verdict in judged.stale:
            logger.info("would_hold", post_id=post.post_id, rule=verdict.rule)
            room.metrics.count("PostsStale", channel=post.channel, rule=str(verdict.rule))
        return counts
    failures: list[Exception] = []
    counts["held"] = _hold_all(room, _most(judged.stale, room.metrics), failures, remaining_ms)
    _watch(room, now, remaining_ms)
    counts["told"] = tell_owners(
        room.posts.untold(), posts=room.posts, config=config, letters=letters, now=room.clock()
    )
    if failures:
        raise ExceptionGroup("posts that could not be held; the next run sees them anew", failures)
    return counts


def _judge(room: HoldingRoom, witnesses: Witnesses, config: AutomationConfig, now: datetime) -> _Judged:
    """Judge what is scheduled beside its copies that went out, may have, or are held, as far back as copies count."""
    default, by_channel = thresholds_of(config)
    since = now - max(limits.repeat_within for limits in (default, *by_channel.values()))
    outside = read_outside(room.schedulers, room.posts, start=since, end=now + AHEAD)
    for name, why in outside.unread.items():
        logger.warning("scheduler_unread", scheduler=name, why=why)
        room.metrics.count("SchedulerUnread", scheduler=name)
    own = [post for post in room.posts.in_state([PostState.SCHEDULED]) if post.publish_at <= now + AHEAD]
    scheduled = [post for post in outside.posts if post.state is PostState.SCHEDULED and post.publish_at > now]
    candidates = [*own, *(post for post in scheduled if post.post_id not in outside.left)]
    judged = {post.post_id for post in candidates}
    # `since` goes by the time a post was planned for; one that was late counts by it as well.
    held = room.posts.outside([PostState.HELD], since=since) if room.schedulers.names() else []
    copies = {post.post_id: post for post in outside.posts} | {post.post_id: post for post in held}
    beside = [*room.posts.in_state(COPIES, since=since), *copies.values()]
    calendar = [*candidates, *(post for post in beside if post.post_id not in judged)]

    def limits_of(channel: str) -> Thresholds:
        return by_channel.get(channel, default)

    verdicts = judge_all(
        calendar,
        now=now,
        facts=facts_of(
            calendar,
            witnesses=witnesses,
            config=config,
            limits_of=limits_of,
            now=now,
        ),
        thresholds=default,
        thresholds_by_channel=by_channel,
        only=judged,
    )
    for post, verdict in zip(candidates, verdicts, strict=True):
        for rule in verdict.observed:
            room.metrics.count("PostsObserved", channel=post.channel, rule=str(rule))
    stale = [(post, verdict) for post, verdict in zip(candidates, verdicts, strict=True) if verdict.hold]
    return _Judged(candidates=candidates, stale=stale, outside=outside)


def _most(stale: Sequence[tuple[Post, Verdict]], metrics: Metrics) -> Sequence[tuple[Post, Verdict]]:
    """Return what one run holds: the soonest due."""
    if len(stale) > MOST:
        logger.warning("more_are_stale_than_one_run_holds", stale=len(stale), most=MOST)
        metrics.count("HoldsCapped", len(stale) - MOST)
    return sorted(stale, key=lambda one: (one[0].publish_at, one[0].post_id))[:MOST]


def _hold_all(
    room: HoldingRoom,
    stale: Sequence[tuple[Post, Verdict]],
    failures: list[Exception],
    remaining_ms: Callable[[], int],
) -> int:
    """Hold each; a scheduler that fails rests, and what was begun there is brought to its end by `settle_holds`."""
    held = 0
    resting: set[str] = set()
    for post, verdict in stale:
        scheduler = post.outside.scheduler if post.outside is not None else ""
        if scheduler in resting or remaining_ms() <= LEAVE_MS:
            continue
        try:
            done = hold(room, post, rule=str(verdict.rule), reason=verdict.reason, evidence=verdict.evidence, by=BY)
        except SwitchboardError as error:
            logger.error("not_held", post_id=post.post_id, error=type(error).__name__)  # noqa: TRY400 - no text in logs
            if scheduler:
                if not isinstance(error, Rejected):  # that is about this one post
                    resting.add(scheduler)
                room.metrics.count("SchedulerFailed", scheduler=scheduler, why=type(error).__name__)
            else:
                failures.append(error)
            continue
        if done is None:
            logger.info("changed_meanwhile", post_id=post.post_id)
        elif done.state is HoldState.HELD:
            logger.info("held", post_id=post.post_id, rule=verdict.rule, step=done.step)
            held += 1
        else:
            logger.warning("could_not_be_held", post_id=post.post_id, rule=verdict.rule)
    return held


def _watch(room: HoldingRoom, now: datetime, remaining_ms: Callable[[], int]) -> None:
    """Look at paused posts outside, in turn: what a person did there is the last word, what was moved is moved anew."""
    paused = sorted(
        (one for one in room.posts.holds() if one.step is Step.PAUSED), key=lambda one: (one.held_at, one.hold_id)
    )
    resting: set[str] = set()
    for one in _turn(paused, now):
        scheduler = one.snapshot.outside.scheduler if one.snapshot.outside is not None else ""
        if scheduler in resting or remaining_ms() <= LEAVE_MS:
            continue
        try:
            settle(room, one.post_id)
        except SwitchboardError as error:
            logger.warning("not_watched", post_id=one.post_id, error=type(error).__name__)
            if not isinstance(error, Rejected):
                resting.add(scheduler)


def _turn(paused: Sequence[Hold], now: datetime) -> Sequence[Hold]:
    """Return whose turn it is, so that after some runs all have had theirs."""
    if len(paused) <= MOST_WATCHED:
        return paused
    runs = -(-len(paused) // MOST_WATCHED)
    turn = int(now.timestamp() // (15 * 60)) % runs
    return paused[turn * MOST_WATCHED : (turn + 1) * MOST_WATCHED]


def read_config(automation: AutomationSource, metrics: Metrics) -> AutomationConfig:
    """Return the config in force, or the last good one, so that nothing stale waits for publishing to go on.

    Raises Misconfigured when there is neither.
    """
    try:
        return automation.current()
    except Misconfigured:
        metrics.count("ConfigUnreadable", function=BY)
        raise


def wiring_of_witnesses(found: settings.PauseStalePosts) -> Witnesses:
    """Return whom the facts come from."""
    return Witnesses(
        questions=wiring.questions(found.questions_table),
        calendars=wiring.calendars(found.posts_table),
        governors=wiring.governors(found.posts_table),
        links=wiring.links(),
        looks=wiring.link_looks(found.posts_table),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Run once."""
    found, metrics = settings.PauseStalePosts.read(), wiring.metrics()
    try:
        config = read_config(wiring.automation(found), metrics)
        return pause_stale_posts(
            room=wiring.holding_room(found, config, clock=lambda: datetime.now(UTC)),
            witnesses=wiring_of_witnesses(found),
            config=config,
            letters=wiring.letters(found),
            remaining_ms=context.get_remaining_time_in_millis,
        )
    finally:
        metrics.flush()
