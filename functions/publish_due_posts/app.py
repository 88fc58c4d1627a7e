"""publish_due_posts: every minute, the due posts of our own queue go out, once each, if the switch is on.

The switch is asked immediately before each post is sent, past every cache: when it is off, or cannot be read, nothing
goes out. What is more than an hour late comes back as a draft, so that nothing floods out when the switch is on again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, assert_never

from aws_lambda_powertools import Logger

from switchboard import settings, wiring
from switchboard.domain.approval import may_go_out
from switchboard.domain.crisis import in_force
from switchboard.domain.delivery import (
    GIVE_UP_AFTER,
    SETTLE,
    TOO_LATE,
    Action,
    given_back,
    hold_of,
    in_state,
    next_for_post,
    published,
    publishing,
)
from switchboard.domain.post import PostState
from switchboard.errors import Conflict, Misconfigured, OutcomeUnknown, Rejected, Unavailable
from switchboard.ports import Channel
from switchboard.verbs.composing import NOT_APPROVED, return_unapproved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.config import AutomationConfig
    from switchboard.domain.post import Hold, Post
    from switchboard.ports import AutomationSource, ChannelSecrets, CrisisStore, Metrics, PostStore, Publishes

logger = Logger()

BY = "publish_due_posts"
MOST = 5
"""So many posts are sent on one channel by one run at most."""
MOST_DUE = 5000
"""So many due posts are looked at by one run at most: far more than go out, so that one channel cannot hide another."""
LEAVE_MS = 30_000
"""So much of the function's time one post may need."""


def publish_due_posts(
    *,
    posts: PostStore,
    publishers: Mapping[str, Publishes],
    secrets: ChannelSecrets,
    automation: AutomationSource,
    crises: CrisisStore,
    metrics: Metrics,
    now: datetime,
    remaining_ms: Callable[[], int] = lambda: LEAVE_MS + 1,
) -> dict[str, int]:
    """Publish what is due; return how many posts were `published`, came back as `draft`, `failed` or were `left`.

    Safe to repeat, and safe to run twice at once: only who stores the intent sends. One post that cannot be stored
    does not keep the others waiting: all failures are raised together at the end.
    """
    press = _Press(posts, publishers, secrets, automation, crises, metrics, now)
    counts = {"published": 0, "draft": return_unapproved(posts=posts, now=now), "failed": 0, "left": 0}
    failures: list[Exception] = []
    due = posts.due(now, limit=MOST_DUE)
    if due and press.switched_on() is None:
        return {**counts, "left": len(due)}
    for post in due:
        try:
            counts[press.attend(post) if remaining_ms() > LEAVE_MS else "left"] += 1
        except Conflict:
            counts["left"] += 1
        except Exception as error:  # noqa: BLE001 - raised below, after the others were published
            logger.error("not_attended", post_id=post.post_id, error=type(error).__name__)  # noqa: TRY400 - its text may hold words
            failures.append(error)
    if failures:
        raise ExceptionGroup("posts that could not be attended to; they stay due", failures)
    return counts


@dataclass(frozen=True, slots=True)
class _Press:
    """All that publishing needs, for one run."""

    posts: PostStore
    publishers: Mapping[str, Publishes]
    secrets: ChannelSecrets
    automation: AutomationSource
    crises: CrisisStore
    metrics: Metrics
    now: datetime
    sent: Counter[str] = field(default_factory=Counter[str])
    resting: set[str] = field(default_factory=set[str])
    just_now: list[Post] = field(default_factory=list["Post"])

    def switched_on(self) -> AutomationConfig | None:
        """Return the config in force at this moment, or None when it cannot be read or posts are paused."""
        try:
            config = self.automation.fresh()
        except (Unavailable, Misconfigured) as error:
            self.metrics.count("PublishingPaused", why="config_unreadable")
            logger.warning("paused", why="config_unreadable", error=type(error).__name__)
            return None
        if not config.switches.publish_posts:
            self.metrics.count("PublishingPaused", why="switch")
            return None
        if self._is_crisis(config):
            self.metrics.count("PublishingPaused", why="crisis")
            return None
        return config

    def _is_crisis(self, config: AutomationConfig) -> bool:
        """Whether a crisis stops all posts at this moment; one that cannot be read does."""
        try:
            return in_force(self.crises.current(), config, self.now) is not None
        except (Unavailable, Misconfigured) as error:
            logger.warning("paused", why="crisis_unreadable", error=type(error).__name__)
            return True

    def attend(self, listed: Post) -> str:
        """Do what is next for one post, as it is stored now; return what became of it.

        *listed* is what the index says of it, which may lag behind: enough to leave it for another run.
        """
        if self._must_wait(listed, next_for_post(listed, now=self.now).action):
            return "left"
        found = self.posts.load(listed.post_id)
        if found is None:
            return "left"
        post = found[0]
        decision = next_for_post(post, now=self.now, others=self._beside(self.now))
        if decision.action is Action.LOOK and post.channel not in self.resting:
            seen = self._look(post)
            if seen is not None:
                return seen
            decision = next_for_post(post, now=self.now, others=self._beside(self.now), missing=True)
        if self._must_wait(post, decision.action):
            return "left"
        if decision.action is Action.SEND:
            return self._send(post)
        return self._end(post, PostState.DRAFT, "late", decision.reason)

    def _must_wait(self, post: Post, action: Action) -> bool:
        """Whether *post* is left to another run: its channel rests, or has had its share of this one."""
        match action:
            case Action.NOTHING:
                return True
            case Action.LOOK:
                return post.channel in self.resting
            case Action.SEND:
                return post.channel in self.resting or self.sent[post.channel] >= MOST
            case Action.GIVE_UP:
                return False
            case _:
                assert_never(action)

    def _beside(self, moment: datetime) -> Iterator[Post]:
        """Yield the posts that went out around *moment* or later: a twin among them could be taken for this one."""
        since = moment - TOO_LATE - SETTLE * 2
        yield from self.just_now
        yield from self.posts.in_state([PostState.PUBLISHING])  # however old: its outcome is not known yet
        yield from self.posts.in_state([PostState.PUBLISHED], since=since)

    def _is_anothers(self, platform_id: str, post: Post) -> bool:
        """Whether a post with the same text stands there under *platform_id*."""
        beside = self._beside(post.attempt_started_at or self.now)
        return any(other.platform_post_id == platform_id for other in beside if other.post_id != post.post_id)

    def _look(self, post: Post) -> str | None:
        """Return what became of a post that was tried before, or None when it is not on the platform."""
        try:
            channel, port = self._channel(post, self.automation.fresh())
            platform_id = port.find_post(post, channel, self.secrets.of(channel.name))
        except (Unavailable, Misconfigured, OutcomeUnknown, Rejected) as error:
            self._rest(post, error)
            if self.now - post.publish_at < GIVE_UP_AFTER:
                return "left"
            return self._end(post, PostState.UNKNOWN, "unknown", "It may have been published: look on the platform.")
        if platform_id is None or self._is_anothers(platform_id, post):
            return None
        return self._published(post, platform_id)

    def _send(self, post: Post) -> str:
        """Store the intent, ask the switch, send. Whoever cannot store the intent does not send."""
        intent = publishing(post, now=self.now)
        self.posts.commit(intent, event="publishing", by=BY, now=self.now)
        config = self.switched_on()
        if config is None:
            self.posts.commit(given_back(post, intent), event="paused", by=BY, now=self.now)
            return "left"
        if not may_go_out(post, config):
            reason = f"{post.category} posts need approval, and this one has none."
            return self._end(replace(post, version=intent.version), PostState.DRAFT, NOT_APPROVED, reason)
        self.sent[post.channel] += 1
        self.just_now.append(intent)
        try:
            channel, port = self._channel(post, config)
            platform_id = port.publish(intent, channel, self.secrets.of(channel.name))
        except OutcomeUnknown as error:
            self._rest(post, error)
            return "left"
        except Rejected as refusal:
            return self._end(intent, PostState.FAILED, "refused", str(refusal))
        except (Unavailable, Misconfigured) as error:
            self._rest(post, error)
            self.posts.commit(in_state(intent, PostState.SCHEDULED), event="not_yet", by=BY, now=self.now)
            return "left"
        return self._published(intent, platform_id)

    def _published(self, post: Post, platform_id: str) -> str:
        done = published(post, platform_id, now=self.now)
        self.posts.commit(done, event="published", by=BY, now=self.now)
        self.just_now.append(done)
        self.metrics.count("PostsPublished", channel=post.channel)
        logger.info("published", post_id=post.post_id, platform_post_id=platform_id)
        return "published"

    def _end(self, post: Post, state: PostState, rule: str, reason: str) -> str:
        """Take the post out of the queue, with the reason for a person."""
        hold: Hold = hold_of(post, rule=rule, reason=reason, by=BY, now=self.now)
        self.posts.commit(in_state(post, state), hold, event=rule, by=BY, now=self.now)
        self.metrics.count("PostsNotPublished", channel=post.channel, why=rule)
        logger.warning("not_published", post_id=post.post_id, why=rule)
        return "draft" if state is PostState.DRAFT else "failed"

    def _rest(self, post: Post, error: Exception) -> None:
        """Leave the channel alone for the rest of this run: what failed for one post fails for the next."""
        self.resting.add(post.channel)
        logger.warning("not_yet", post_id=post.post_id, error=type(error).__name__)
        self.metrics.count("PublishRetried", channel=post.channel, why=type(error).__name__)
        if isinstance(error, Misconfigured):
            self.metrics.count("TokenDead", channel=post.channel)

    def _channel(self, post: Post, config: AutomationConfig) -> tuple[Channel, Publishes]:
        known = config.channels.get(post.channel)
        if known is None:
            raise Misconfigured(f"channel {post.channel} is not in the automation config; put it back")
        port = self.publishers.get(known.platform)
        if port is None:
            raise Rejected(f"Nothing can be posted to {known.platform} from here.", reason="no_publisher")
        channel = Channel(
            name=post.channel,
            platform=known.platform,
            account_id=known.account_id,
            retention_days=known.retention_days,
        )
        return channel, port


def _run(config: settings.PublishDuePosts, metrics: Metrics, remaining_ms: Callable[[], int]) -> dict[str, int]:
    return publish_due_posts(
        posts=wiring.posts(config.posts_table),
        publishers=wiring.publishers(config.graph_url),
        secrets=wiring.secrets(config.channel_secrets_prefix),
        automation=wiring.automation(config),
        crises=wiring.crises(config.posts_table),
        metrics=metrics,
        now=datetime.now(UTC),
        remaining_ms=remaining_ms,
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Run once."""
    metrics = wiring.metrics()
    try:
        return _run(settings.PublishDuePosts.read(), metrics, context.get_remaining_time_in_millis)
    finally:
        metrics.flush()
