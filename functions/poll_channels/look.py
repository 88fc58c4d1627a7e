"""One look at one channel: page after page through the door, then what is to be remembered of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from switchboard.domain import polling
from switchboard.domain.platform import PLATFORMS
from switchboard.domain.polling import Next, PollState
from switchboard.errors import Conflict, Misconfigured, Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from switchboard.ports import (
        Channel,
        ChannelSecret,
        ChannelSecrets,
        ChannelStates,
        MessageStore,
        Metrics,
        Page,
        Polled,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The ports that asking needs, wired once."""

    states: ChannelStates
    secrets: ChannelSecrets
    messages: MessageStore
    metrics: Metrics
    polled: Callable[[str], Polled | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of it: *state* as it is remembered; *died* and *revived* are told once."""

    channel: str
    state: PollState
    asked: bool = False
    pages: int = 0
    new: int = 0
    missed: int = 0
    failure: str = ""
    died: bool = False
    revived: bool = False


@dataclass(slots=True)
class _Tally:
    pages: int = 0
    new: int = 0
    missed: int = 0


def ask(channel: Channel, room: Room, *, every: timedelta, now: datetime, has_time: Callable[[], bool]) -> Asked:
    """Ask *channel* if it is due and can be asked; return what came of it. Raises Unavailable when the store fails."""
    state = room.states.load(channel.name)
    if state is None:
        state = replace(polling.first_seen(channel.name, now=now), version=1)
        _save(state, room)
    platform = room.polled(channel.platform)
    secret = room.secrets.of(channel.name) if platform else None
    if platform is None or secret is None or not _usable(secret) or not polling.is_due(state, now=now):
        return Asked(channel=channel.name, state=state)
    return _Look(channel=channel, room=room, platform=platform, secret=secret, now=now).go(state, every, has_time)


def _usable(secret: ChannelSecret) -> bool:
    """Whether there is something to ask with; a channel that is not connected yet is not broken."""
    return bool(secret.access_token or secret.refresh_token)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    channel: Channel
    room: Room
    platform: Polled
    secret: ChannelSecret
    now: datetime

    def go(self, state: PollState, every: timedelta, has_time: Callable[[], bool]) -> Asked:
        """Look at the newest, then at the backlog; what was seen is stored before it is remembered as seen."""
        tally = _Tally()
        try:
            after = self._look(state, every, has_time, tally)
        except Unavailable as error:
            after = polling.failed(state, retry_after=error.retry_after, now=self.now)
            return self._told(state, after, tally, failure="unavailable")
        except (Misconfigured, Rejected) as error:
            after = polling.dead(state, now=self.now)
            reason = error.reason if isinstance(error, Rejected) else "misconfigured"
            return self._told(state, after, tally, failure=reason)
        if tally.new:
            self.room.states.heard(self.channel.name, at=self.now)
        return self._told(state, after, tally)

    def _look(self, state: PollState, every: timedelta, has_time: Callable[[], bool], tally: _Tally) -> PollState:
        down_to = polling.horizon(state)
        mark = self._pages("", down_to, state, has_time, tally)
        if mark and state.down_to is not None:
            down_to = min(down_to, state.down_to)  # the new backlog goes on into the old one
        elif state.older_than and state.down_to is not None:
            down_to = state.down_to
            mark = self._pages(state.older_than, down_to, state, has_time, tally)
        return polling.looked(state, older_than=mark, down_to=down_to, every=every, now=self.now)

    def _pages(
        self, mark: str, down_to: datetime, state: PollState, has_time: Callable[[], bool], tally: _Tally
    ) -> str:
        """Take in pages from *mark* on, down to *down_to*; return the mark at which the budget ended, or ""."""
        if tally.pages >= polling.MOST_PAGES or not has_time():
            return mark
        while True:
            page = self.platform.page(self.channel, self.secret, older_than=mark, now=self.now)
            tally.pages += 1
            self._take_in(page, state, tally)
            budget_left = tally.pages < polling.MOST_PAGES and has_time()
            match polling.after_page(
                older=page.older, reaches_to=page.reaches_to, down_to=down_to, budget_left=budget_left
            ):
                case Next.DONE:
                    return ""
                case Next.LATER:
                    return page.older if page.reaches_to is not None else ""  # without an order no backlog ever ends
                case Next.ON:
                    mark = page.older

    def _take_in(self, page: Page, state: PollState, tally: _Tally) -> None:
        wanted = polling.taken(page.delivery.messages, state)
        late = [message for message in wanted if self._counts and polling.is_missed(message, state, now=self.now)]
        rest = [message for message in wanted if message not in late]
        missed = self.room.messages.put(late)
        tally.new += missed + self.room.messages.put(rest)
        tally.missed += missed
        if unknown := [part for part in page.delivery.ignored if part.event]:
            self.room.messages.put_ignored(self.channel.name, unknown, now=self.now)

    @property
    def _counts(self) -> bool:
        """Whether a webhook should have brought it."""
        return bool(PLATFORMS[self.channel.platform].hears)

    def _told(self, before: PollState, after: PollState, tally: _Tally, *, failure: str = "") -> Asked:
        after = polling.with_missed(after, tally.missed, now=self.now)
        won = _save(after, self.room)
        return Asked(
            channel=self.channel.name,
            state=after,
            asked=True,
            pages=tally.pages,
            new=tally.new,
            missed=tally.missed,
            failure=failure,
            died=won and before.dead_since is None and after.dead_since is not None,
            revived=won and before.dead_since is not None and after.dead_since is None,
        )


def _save(state: PollState, room: Room) -> bool:
    """Remember *state*; a run beside this one may have been faster, which is harmless: say whether this one won."""
    try:
        room.states.save(state)
    except Conflict:
        return False
    return True
