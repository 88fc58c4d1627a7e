"""What the rules must know beside the posts: who waits, who is on duty, who has left, which links are dead."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from switchboard.domain.staleness import Thresholds, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from switchboard.config import AutomationConfig, Staleness
    from switchboard.domain.question import Question


def thresholds_of(config: AutomationConfig) -> tuple[Thresholds, dict[str, Thresholds]]:
    """Return the general thresholds, and those of channels that have their own."""
    own = {
        name: _thresholds(channel.staleness, config.zone)
        for name, channel in config.channels.items()
        if channel.staleness is not None
    }
    return _thresholds(config.staleness, config.zone), own


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


def waiting_on(unfinished: Iterable[Question]) -> dict[str, Waiting]:
    """Return who waits on each channel."""
    since: defaultdict[str, list[datetime]] = defaultdict(list)
    for question in unfinished:
        since[question.channel].append(question.opened_at)
    return {channel: Waiting(open_questions=len(opened), oldest_since=min(opened)) for channel, opened in since.items()}
