"""A post that waits in a scheduler outside: where it stands there, how it is paused, and the journal's steps.

What a scheduler can do differs: some make a post a draft, some only move it far ahead, with some it must be deleted
and made anew, and some can only be read. `Pausing` names these ways; `Step` says how far one of them has come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Pausing(StrEnum):
    """A way to pause one post in a scheduler."""

    NATIVE = "native"
    """It becomes a draft and keeps its id."""
    RESCHEDULE = "reschedule"
    """Its time is moved far ahead; it keeps its id."""
    RECREATE = "recreate"
    """It is deleted, and made anew from the snapshot when it is given back."""


class Step(StrEnum):
    """How far a hold has come in the scheduler. Each is stored before the scheduler is touched."""

    PAUSING = "pausing"
    PAUSED = "paused"
    PARKING = "parking"
    """It was moved far ahead, that time comes near, and it is moved anew."""
    RESUMING = "resuming"
    RESUMED = "resumed"
    DISCARDING = "discarding"
    DISCARDED = "discarded"

    @property
    def is_under_way(self) -> bool:
        """Whether something is still to be done in the scheduler."""
        return self in (Step.PAUSING, Step.PARKING, Step.RESUMING, Step.DISCARDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture or a film of a post. *kept_as* is the key of our own copy, "" while there is none."""

    url: str
    media_type: str = ""
    alt: str = ""
    kept_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Where a post stands in a scheduler, and all that the scheduler told of it.

    *scheduler* is its name in the config, *profile* the scheduler's own id of the account that the post is for.
    *payload* is the post as the scheduler told it, a JSON text: with *media* it is what the post is made anew from.
    *cannot_pause* is a sentence for a person when this very post cannot be paused, as one that another app made.
    *engagement* counts reactions, comments and shares of a published post, where the scheduler tells them.
    """

    scheduler: str
    external_id: str
    profile: str = ""
    payload: str = ""
    media: tuple[Media, ...] = ()
    cannot_pause: str = ""
    link: str = ""
    engagement: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a scheduler can do.

    *pausing* are the ways to pause, the best first; none means that it can only be read. *minimum_ahead* is how far
    ahead a post must be due to be given back, *too_late* how near its time a post is left alone. *parks_until* is how
    far ahead a post is moved by `Pausing.RESCHEDULE`, *parked_again* how long before that time it is moved anew.
    *loses_media* says that a delete loses them: they are copied before. *renames_published* says that a post that is
    out is not found by its id any more, but stands under another.
    """

    pausing: tuple[Pausing, ...]
    minimum_ahead: timedelta = timedelta(minutes=15)
    too_late: timedelta = timedelta(minutes=5)
    parks_until: timedelta = timedelta(days=365)
    parked_again: timedelta = timedelta(days=7)
    loses_media: bool = False
    renames_published: bool = False


def outside_id(scheduler: str, external_id: str) -> str:
    """Return the post id of what *scheduler* calls *external_id*."""
    return f"{scheduler}:{external_id}"
