"""Whether a channel's posts rest because people wait: on at once, off only when the backlog is really smaller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.staleness_words import count_text, length_text

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.staleness_facts import Thresholds, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Governor:
    """Whether the posts of one channel rest, and why; *was_on* of the next call is the *on* of this one."""

    on: bool
    reason: str


def governed(
    waiting: Waiting | None, limits: Thresholds, *, was_on: bool, now: datetime, channel: str = ""
) -> Governor:
    """Return whether the posts of a channel rest while people wait.

    On from *people_waiting* open questions or *waiting_longest*; off again only when the questions are down to
    *people_waiting_until* and the oldest has waited for less than half of *waiting_longest*.
    """
    questions = waiting.open_questions if waiting is not None else 0
    if waiting is None or questions < 1:
        return Governor(on=False, reason="Nobody waits for an answer.")
    longest = max(timedelta(), now - waiting.oldest_since) if waiting.oldest_since is not None else timedelta()
    said = _said(questions, longest, channel or "this channel")
    if questions >= limits.people_waiting or longest >= limits.waiting_longest:
        return Governor(on=True, reason=f"{said}.")
    until = limits.people_waiting // 2 if limits.people_waiting_until is None else limits.people_waiting_until
    if was_on and (questions > until or longest >= limits.waiting_longest / 2):
        half = length_text(limits.waiting_longest / 2)
        return Governor(
            on=True, reason=f"{said}; its posts rest until {until} or fewer wait, and none for {half} or longer."
        )
    return Governor(on=False, reason=f"{said}: few enough.")


def _said(questions: int, longest: timedelta, channel: str) -> str:
    verb = "waits" if questions == 1 else "wait"
    oldest = f", the oldest for {length_text(longest)}" if longest else ""
    return f"{count_text(questions, 'question')} on {channel} {verb} for an answer{oldest}"
