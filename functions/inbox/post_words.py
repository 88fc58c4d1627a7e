"""The words of the pages of posts: states, rules, and how far a hold has come in a scheduler outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from functions.inbox import words
from switchboard.domain.outside import Pausing, Step
from switchboard.domain.post import HoldState, PostState
from switchboard.domain.scheduler_kinds import KINDS

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.post import Hold, Post

_STATES = {
    PostState.TO_APPROVE: "To approve",
    PostState.PUBLISHING: "Going out",
    PostState.FAILED: "Refused by the platform",
    PostState.UNKNOWN: "May be out",
}
RULES = {
    "event_over": "The event is over",
    "repeated": "Said too often",
    "people_waiting": "People are waiting",
    "not_reviewed": "Nobody has looked at it for long",
    "by_hand": "Held by hand",
    "late": "Too late to go out by itself",
    "not_approved": "Not approved",
    "refused_by_approver": "Not approved",
    "refused": "Refused by the platform",
    "unknown": "May be out already",
    "crisis": "Crisis",
    "campaign_over": "The campaign is over",
    "link_dead": "Its link is dead",
    "waiting_under_copy": "People are waiting under the same message",
    "nobody_on_duty": "Nobody is on duty then",
    "owner_left": "Its owner has left",
}
_STEPS = {
    Step.PAUSING: "It is being paused in {there}. Load this page again in a minute.",
    Step.PARKING: "It is being moved further ahead in {there}.",
    Step.RESUMING: "It is being given back in {there}. Load this page again in a minute.",
    Step.RESUMED: "It was given back in {there}.",
    Step.DISCARDING: "It is being removed from {there}.",
    Step.DISCARDED: "It was discarded in {there}.",
}


def state(post: Post) -> str:
    """Return what the badge says."""
    return _STATES.get(post.state, words.plain(post.state))


def rule(name: str) -> str:
    """Return what a rule says; one that has no words yet is named as it is."""
    return RULES.get(name, words.plain(name))


def channel(name: str, config: AutomationConfig) -> str:
    """Return "Facebook", or "Facebook (mercy-north)" where the name says more."""
    known = config.channels.get(name)
    if known is None:
        return name
    label = words.platform(known.platform)
    return label if name == known.platform else f"{label} ({name})"


def scheduler(post: Post, config: AutomationConfig) -> str:
    """Return what the scheduler is called in which *post* waits, "" for our own queue."""
    if post.outside is None:
        return ""
    known = config.schedulers.get(post.outside.scheduler)
    return KINDS[known.kind].label if known is not None and known.kind in KINDS else post.outside.scheduler


def where_it_stands(hold: Hold, config: AutomationConfig, now: datetime) -> str:
    """Return how far *hold* has come in its scheduler, "" in our own queue."""
    there = scheduler(hold.snapshot, config)
    if not there:
        return ""
    if hold.state is HoldState.NOT_HELD:
        return f"It still stands in {there}, and goes out there unless somebody stops it."
    if hold.step in (None, Step.PAUSED):
        return _paused(hold, there, config, now)
    return _STEPS[hold.step].format(there=there)


def _paused(hold: Hold, there: str, config: AutomationConfig, now: datetime) -> str:
    match hold.how:
        case Pausing.RESCHEDULE if hold.parked_until is not None:
            until = words.clock(hold.parked_until, now, config.zone)
            return f"It stands in {there} at {until}, far ahead. It does not go out there while it is held."
        case Pausing.RECREATE:
            return f"It was taken out of {there}. All of it is kept here, and made anew there when it is given back."
        case Pausing.NATIVE | Pausing.RESCHEDULE | None:
            return f"It is a draft in {there}."


def whom(post: Post, config: AutomationConfig) -> str:
    """Return who decides on *post*: its owner, else its scheduler's, else the admins."""
    outside = config.schedulers.get(post.outside.scheduler) if post.outside is not None else None
    owner = post.owner or (outside.owner if outside is not None else None)
    if owner in config.staff:
        return config.staff[owner].name
    people = [config.staff[one].name for one in config.admins or (config.last_resort,) if one in config.staff]
    return " or ".join(people)


def excerpt(text: str, most: int = 140) -> str:
    """Return the beginning of *text* in one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + "…"
