"""poll_channels: every minute, the channels whose time has come are asked what they were told.

Some platforms call nobody; of the others this is the reconciliation: what a webhook missed is found, stored through the
same door and counted as missed. The channels are asked side by side, each with a budget of its own, so that one that is
slow, hangs or has a long backlog keeps no other waiting. What has gone quiet for too long is counted too.
"""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from functions.poll_channels.look import Asked, Known, Room, ask, hung, recall
from functions.poll_channels.side_by_side import Unfinished, side_by_side
from switchboard import settings, wiring
from switchboard.domain.polling import is_silent
from switchboard.ports import Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.config import AutomationConfig, ChannelConfig
    from switchboard.domain.polling import PollState

logger = Logger()

AT_ONCE = 8
SECONDS = 20.0
"""So long pages are asked for. One that is under way then may be three requests of ten seconds each, and the function
ends after 55."""
LEAVE = 4.0
"""So many seconds of the function's time are left to say what came of it, while a channel that hangs is left behind."""


def poll_channels(
    *,
    room: Room,
    config: AutomationConfig,
    now: datetime,
    seconds: float = 50.0,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, int]:
    """Ask every channel that is due; return how many were asked, failed, wait and are silent, what was new and missed.

    It is over after *seconds*, whoever hangs. A channel that fails keeps no other from being asked: what nobody
    foresaw is raised together at the end.
    """
    begun = clock()
    channels = {name: _channel(name, part) for name, part in config.channels.items()}
    recalls = {name: partial(recall, channel, room, now=now) for name, channel in channels.items()}
    recalled = side_by_side(recalls, at_once=AT_ONCE, seconds=min(seconds, SECONDS))
    known = {name: found for name, found in recalled.items() if isinstance(found, Known)}

    def look(name: str, *, has_time: Callable[[], bool]) -> Asked | Unfinished | None:
        every = config.poll_every(name)
        return ask(channels[name], known[name].state, room, every=every, now=now, has_time=has_time)

    due = sorted((name for name, found in known.items() if found.due), key=lambda name: _since(known[name].state))
    share = SECONDS / max(1, math.ceil(len(due) / AT_ONCE))
    looks = {
        name: partial(_in_time, partial(look, name), share=share, last=begun + SECONDS, clock=clock) for name in due
    }
    outcomes = side_by_side(looks, at_once=AT_ONCE, seconds=seconds - (clock() - begun))
    asked = {name: found for name, found in outcomes.items() if isinstance(found, Asked)}
    hanging = [name for name, found in outcomes.items() if found is Unfinished.HANGS]
    asked |= {name: hung(known[name].state, room, now=now) for name in hanging}
    waiting = [name for name, found in outcomes.items() if found is Unfinished.WAITS]
    silent = [name for name in known if _is_silent(known[name], asked.get(name), config.channels[name], now)]
    _tell(asked, waiting, silent, room)
    _raise_what_nobody_foresaw(recalled, outcomes, room)
    return {
        "asked": len(asked),
        "failed": sum(bool(found.failure) for found in asked.values()),
        "waiting": len(waiting),
        "new": sum(found.new for found in asked.values()),
        "missed": sum(found.missed for found in asked.values()),
        "silent": len(silent),
    }


def _in_time(
    look: Callable[..., Asked | Unfinished | None], *, share: float, last: float, clock: Callable[[], float]
) -> Asked | Unfinished | None:
    """Look for *share* seconds from now, and not after the moment *last*."""
    until = min(clock() + share, last)
    return look(has_time=lambda: clock() < until)


def _channel(name: str, part: ChannelConfig) -> Channel:
    return Channel(name=name, platform=part.platform, account_id=part.account_id, retention_days=part.retention_days)


def _since(state: PollState) -> datetime:
    """Return since when a channel is due: whoever waits longest is first."""
    return state.next_poll_at or state.watched_since


def _is_silent(known: Known, asked: Asked | None, part: ChannelConfig, now: datetime) -> bool:
    heard_at = now if asked and asked.heard else known.heard_at
    return is_silent(known.state, heard_at, part.quiet_after, now=now)


def _tell(asked: Mapping[str, Asked], waiting: Sequence[str], silent: Sequence[str], room: Room) -> None:
    for name, found in asked.items():
        _tell_of(name, found, room)
    for name in waiting:
        room.metrics.count("PollFailed", channel=name, reason="no_time")
    for name in silent:
        room.metrics.count("ChannelSilent", channel=name)
    room.metrics.count("PollHeartbeat")


def _tell_of(channel: str, found: Asked, room: Room) -> None:
    room.metrics.count("ChannelPolled", channel=channel)
    if found.missed:
        room.metrics.count("MessagesMissed", found.missed, channel=channel)
    if found.failure:
        room.metrics.count("PollFailed", channel=channel, reason=found.failure)
    if found.died:
        room.metrics.count("TokenDead", channel=channel)
        logger.warning("token_dead", channel=channel, reason=found.failure)
    if found.revived:
        room.metrics.count("TokenAlive", channel=channel)
        logger.info("token_alive", channel=channel)
    logger.info(
        "asked",
        channel=channel,
        pages=found.pages,
        new=found.new,
        missed=found.missed,
        skipped=found.skipped,
        failure=found.failure,
        backlog=bool(found.state.older_than),
    )


def _raise_what_nobody_foresaw(recalled: Mapping[str, object], outcomes: Mapping[str, object], room: Room) -> None:
    lost = {
        name: TimeoutError("its state was not read")
        for name, found in recalled.items()
        if isinstance(found, Unfinished)
    }
    crashes = {name: found for name, found in (*recalled.items(), *outcomes.items()) if isinstance(found, Exception)}
    for name, error in (lost | crashes).items():
        logger.error("not_asked", channel=name, error=type(error).__name__)  # its text may hold words
        room.metrics.count("PollFailed", channel=name, reason="crash")
    if lost or crashes:
        raise ExceptionGroup("channels that could not be asked; they are asked again", [*(lost | crashes).values()])


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
        config = wiring.automation(found).current()
        seconds = context.get_remaining_time_in_millis() / 1000 - LEAVE
        result = poll_channels(room=room, config=config, now=datetime.now(UTC), seconds=seconds)
    finally:
        room.metrics.flush()
    logger.info("polled", extra=result)
    return result
