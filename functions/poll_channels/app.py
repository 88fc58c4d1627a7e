"""poll_channels: every minute, the channels whose time has come are asked what they were told.

Some platforms call nobody; of the others this is the reconciliation: what a webhook missed is found, stored through the
same door and counted as missed. The channels are asked side by side, each with a budget of its own, so that one that is
slow or has a long backlog keeps no other waiting. What has gone quiet for too long is counted too.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from functions.poll_channels.look import Asked, Room, ask
from switchboard import settings, wiring
from switchboard.domain.polling import is_silent
from switchboard.ports import Channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.config import AutomationConfig, ChannelConfig

logger = Logger()

AT_ONCE = 8
SECONDS = 20.0
"""So long one channel may take. A page that is under way then may be three requests of ten seconds each, and the
function ends after 55."""


def poll_channels(
    *, room: Room, config: AutomationConfig, now: datetime, clock: Callable[[], float] = time.monotonic
) -> dict[str, int]:
    """Ask every channel that is due; return how many were asked, failed, and are silent, and what was new and missed.

    One that fails keeps no other from being asked: what nobody foresaw is raised together at the end.
    """
    until = clock() + SECONDS
    channels = [_channel(name, part) for name, part in config.channels.items()]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asking = [
            pool.submit(ask, one, room, every=config.poll_every(one.name), now=now, has_time=lambda: clock() < until)
            for one in channels
        ]
    outcomes: list[Asked] = []
    crashes: list[Exception] = []
    for channel, future in zip(channels, asking, strict=True):
        error = future.exception()
        if isinstance(error, Exception):
            logger.error("not_asked", channel=channel.name, error=type(error).__name__)  # its text may hold words
            room.metrics.count("PollFailed", channel=channel.name, reason="crash")
            crashes.append(error)
        elif error is None:
            outcomes.append(future.result())
    silent = [outcome.channel for outcome in outcomes if _is_silent(outcome, room, config, now)]
    for name in silent:
        room.metrics.count("ChannelSilent", channel=name)
    _tell(outcomes, room)
    room.metrics.count("PollHeartbeat")
    if crashes:
        raise ExceptionGroup("channels that could not be asked; they are asked again", crashes)
    return {
        "asked": sum(outcome.asked for outcome in outcomes),
        "failed": sum(bool(outcome.failure) for outcome in outcomes),
        "new": sum(outcome.new for outcome in outcomes),
        "missed": sum(outcome.missed for outcome in outcomes),
        "silent": len(silent),
    }


def _channel(name: str, part: ChannelConfig) -> Channel:
    return Channel(name=name, platform=part.platform, account_id=part.account_id, retention_days=part.retention_days)


def _is_silent(outcome: Asked, room: Room, config: AutomationConfig, now: datetime) -> bool:
    quiet_after = config.channels[outcome.channel].quiet_after
    return is_silent(outcome.state, room.states.last_heard(outcome.channel), quiet_after, now=now)


def _tell(outcomes: list[Asked], room: Room) -> None:
    for outcome in outcomes:
        if not outcome.asked:
            continue
        room.metrics.count("ChannelPolled", channel=outcome.channel)
        if outcome.missed:
            room.metrics.count("MessagesMissed", outcome.missed, channel=outcome.channel)
        if outcome.failure:
            room.metrics.count("PollFailed", channel=outcome.channel, reason=outcome.failure)
        if outcome.died:
            room.metrics.count("TokenDead", channel=outcome.channel)
        if outcome.revived:
            room.metrics.count("TokenAlive", channel=outcome.channel)
        logger.info(
            "asked",
            channel=outcome.channel,
            pages=outcome.pages,
            new=outcome.new,
            missed=outcome.missed,
            failure=outcome.failure,
            backlog=bool(outcome.state.older_than),
        )


def _room(found: settings.PollChannels) -> Room:
    return Room(
        states=wiring.channel_states(found.posts_table),
        secrets=wiring.secrets(found.channel_secrets_prefix),
        messages=wiring.messages(found),
        metrics=wiring.metrics(),
        polled=lambda platform: wiring.polled(platform, found.graph_url, found.platform_urls),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Ask the channels."""
    found = settings.PollChannels.read()
    room = _room(found)
    try:
        result = poll_channels(room=room, config=wiring.automation(found).current(), now=datetime.now(UTC))
    finally:
        room.metrics.flush()
    logger.info("polled", extra=result)
    return result
