"""pause_stale_posts: every 15 minutes, posts that have gone stale are held, each with its reason and the evidence.

The snapshot, the hold and the post's new state are written at once. A person who resumes a post has the last word.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from switchboard import settings, wiring
from switchboard.domain.delivery import hold_of, in_state
from switchboard.domain.post import PostState
from switchboard.domain.staleness import Thresholds, Waiting, judge_all
from switchboard.errors import Conflict, Misconfigured, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.config import AutomationConfig, Staleness
    from switchboard.domain.post import Post
    from switchboard.domain.question import Question
    from switchboard.domain.staleness import Staleness as Verdict
    from switchboard.ports import AutomationSource, Metrics, PostStore, QuestionStore

logger = Logger()

BY = "pause_stale_posts"
AHEAD = timedelta(hours=48)
"""So far ahead posts are judged."""
COPIES = (PostState.PUBLISHED, PostState.PUBLISHING, PostState.UNKNOWN, PostState.HELD)
"""What counts as a copy beside the posts that are judged; see `repetition.COUNTED`."""
MOST = 25
"""So many posts are held by one run at most: a bad rule must not wipe a calendar."""


def pause_stale_posts(
    *, posts: PostStore, questions: QuestionStore, automation: AutomationSource, metrics: Metrics, now: datetime
) -> dict[str, int]:
    """Hold what is stale among the posts of the next 48 hours; return how many were judged, stale and held.

    While the config cannot be read it goes by the last good one, so that nothing stale waits for publishing to go on.
    Raises Misconfigured, having done nothing, when there is none. One post that cannot be held does not spare the
    others: all failures are raised together at the end. Safe to repeat.
    """
    config = _read(automation, metrics)
    if config.switches.stale_posts == "ignore":
        return {"judged": 0, "stale": 0, "held": 0}
    candidates = [post for post in posts.in_state([PostState.SCHEDULED]) if post.publish_at <= now + AHEAD]
    verdicts = _judge(candidates, posts, questions, config, now)
    stale = [(post, verdict) for post, verdict in zip(candidates, verdicts, strict=True) if verdict.hold]
    if config.switches.stale_posts == "observe":
        for post, verdict in stale:
            logger.info("would_hold", post_id=post.post_id, rule=verdict.rule)
            metrics.count("PostsStale", channel=post.channel, rule=str(verdict.rule))
        return {"judged": len(candidates), "stale": len(stale), "held": 0}
    if len(stale) > MOST:
        logger.warning("more_are_stale_than_one_run_holds", stale=len(stale), most=MOST)
        metrics.count("HoldsCapped", len(stale) - MOST)
    held = _hold_all(stale[:MOST], posts, metrics, now)
    return {"judged": len(candidates), "stale": len(stale), "held": held}


def _read(automation: AutomationSource, metrics: Metrics) -> AutomationConfig:
    try:
        return automation.current()
    except Misconfigured:
        metrics.count("ConfigUnreadable", function=BY)
        raise


def _judge(
    candidates: list[Post],
    posts: PostStore,
    questions: QuestionStore,
    config: AutomationConfig,
    now: datetime,
) -> list[Verdict]:
    """Judge *candidates* beside their copies that went out, may have, or are held, as far back as copies count."""
    by_channel = {
        name: _thresholds(channel.staleness, config.zone)
        for name, channel in config.channels.items()
        if channel.staleness is not None
    }
    default = _thresholds(config.staleness, config.zone)
    window = max(limits.repeat_within for limits in (default, *by_channel.values()))
    # `since` goes by the time a post was planned for; one that was late counts by it as well.
    beside = posts.in_state(COPIES, since=now - window)
    return judge_all(
        [*candidates, *beside],
        now=now,
        waiting=_waiting(questions.unfinished()),
        thresholds=default,
        thresholds_by_channel=by_channel,
    )[: len(candidates)]


def _thresholds(staleness: Staleness, zone: str) -> Thresholds:
    return Thresholds(
        repeat_count=staleness.repeat_count,
        repeat_within=staleness.repeat_within,
        people_waiting=staleness.people_waiting,
        waiting_longest=staleness.waiting_longest,
        waiting_ahead=staleness.waiting_ahead,
        review_every=staleness.review_every,
        zone=zone,
    )


def _waiting(unfinished: Iterable[Question]) -> dict[str, Waiting]:
    since: defaultdict[str, list[datetime]] = defaultdict(list)
    for question in unfinished:
        since[question.channel].append(question.opened_at)
    return {channel: Waiting(open_questions=len(opened), oldest_since=min(opened)) for channel, opened in since.items()}


def _hold_all(stale: Iterable[tuple[Post, Verdict]], posts: PostStore, metrics: Metrics, now: datetime) -> int:
    held = 0
    failures: list[Exception] = []
    for post, verdict in stale:
        try:
            held += _hold(post, verdict, posts, metrics, now)
        except (Unavailable, Misconfigured) as error:
            logger.error("not_held", post_id=post.post_id, error=type(error).__name__)  # noqa: TRY400 - no text in logs
            failures.append(error)
    if failures:
        raise ExceptionGroup("posts that could not be held; the next run sees them anew", failures)
    return held


def _hold(post: Post, verdict: Verdict, posts: PostStore, metrics: Metrics, now: datetime) -> bool:
    """Hold one post. A person or the publisher who was quicker is left alone; the next run sees it anew."""
    hold = hold_of(post, rule=str(verdict.rule), reason=verdict.reason, evidence=verdict.evidence, by=BY, now=now)
    try:
        posts.commit(in_state(post, PostState.HELD), hold, event="held", by=BY, now=now)
    except Conflict:
        logger.info("changed_meanwhile", post_id=post.post_id)
        return False
    logger.info("held", post_id=post.post_id, rule=verdict.rule)
    metrics.count("PostsHeld", channel=post.channel, rule=str(verdict.rule))
    return True


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Run once."""
    config, metrics = settings.PauseStalePosts.read(), wiring.metrics()
    try:
        result = pause_stale_posts(
            posts=wiring.posts(config.posts_table),
            questions=wiring.questions(config.questions_table),
            automation=wiring.automation(config),
            metrics=metrics,
            now=datetime.now(UTC),
        )
    finally:
        metrics.flush()
    logger.info("judged", extra=result)
    return result
