"""One look at one channel: page after page through the door, then what is to be remembered of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from functions.poll_channels.side_by_side import Unfinished
from switchboard.domain import polling
from switchboard.domain.platform import PLATFORMS
from switchboard.domain.polling import Next, PollState
from switchboard.errors import Conflict, Misconfigured, Rejected, SwitchboardError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from switchboard.domain.message import Message
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
class Known:
    """What is remembered of a channel before it is asked; *due* says that it can be asked, and now."""

    state: PollState
    heard_at: datetime | None
    due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of it: *state* as it is remembered; *died* and *revived* are told once. *heard* that people wrote."""

    state: PollState
    pages: int = 0
    new: int = 0
    missed: int = 0
    skipped: int = 0
    heard: bool = False
    failure: str = ""
    died: bool = False
    revived: bool = False


@dataclass(slots=True)
class _SoFar:
    """What a look has come to: *state* is what is known if it ends here, *mark* the page that is being asked for."""

    state: PollState
    mark: str = ""
    pages: int = 0
    new: int = 0
    missed: int = 0
    skipped: int = 0
    heard: bool = False


def recall(channel: Channel, room: Room, *, now: datetime) -> Known:
    """Return what is remembered of *channel*; a channel that nobody looked at is watched from now on."""
    state = room.states.load(channel.name)
    if state is None:
        state = replace(polling.first_seen(channel.name, now=now), version=1)
        _save(state, room)
    due = polling.is_due(state, now=now) and room.polled(channel.platform) is not None
    return Known(state=state, heard_at=room.states.last_heard(channel.name), due=due)


def ask(
    channel: Channel, state: PollState, room: Room, *, every: timedelta, now: datetime, has_time: Callable[[], bool]
) -> Asked | Unfinished | None:
    """Ask *channel*, which is due, and return what came of it; None when it is not connected yet, which is no fault."""
    platform = room.polled(channel.platform)
    if platform is None:
        return None
    if not has_time():
        return Unfinished.WAITS  # and nothing is remembered as seen
    so_far = _SoFar(state)
    return _Look(channel=channel, room=room, platform=platform, now=now, has_time=has_time, so_far=so_far).go(every)


def hung(state: PollState, room: Room, *, now: datetime) -> Asked:
    """Remember that *state*'s channel did not come back: it is asked later. What it may still write loses the fence."""
    after = polling.failed(state, retry_after=None, now=now)
    with suppress(SwitchboardError):
        _save(after, room)
    return Asked(state=after, failure="hung")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    channel: Channel
    room: Room
    platform: Polled
    now: datetime
    has_time: Callable[[], bool]
    so_far: _SoFar

    def go(self, every: timedelta) -> Asked | None:
        """Look at the newest, then at the backlog. What was seen is stored first, and remembered even if it ends early.

        None says that there is nothing to ask with.
        """
        before = self.so_far.state
        try:
            secret = self.room.secrets.of(self.channel.name)
            if not (secret.access_token or secret.refresh_token):
                return None
            self._look(secret)
        except Unavailable as error:
            after = polling.failed(self.so_far.state, retry_after=error.retry_after, now=self.now)
            return self._told(before, after, failure="unavailable")
        except (Misconfigured, Rejected) as error:
            return self._told(before, self._refused(error), failure=_reason(error))
        return self._told(before, polling.looked(self.so_far.state, every=every, now=self.now))

    def _refused(self, error: Misconfigured | Rejected) -> PollState:
        if isinstance(error, Rejected) and self.so_far.mark:  # marks grow old; the newest page was given
            return polling.failed(polling.mark_refused(self.so_far.state), retry_after=None, now=self.now)
        return polling.dead(self.so_far.state, now=self.now)

    def _look(self, secret: ChannelSecret) -> None:
        before = self.so_far.state
        done = self._pages(secret, "", polling.horizon(before), partial(polling.newest_seen, before, now=self.now))
        if done and before.older_than and before.down_to and self._budget_left():
            seen = partial(polling.backlog_seen, self.so_far.state)
            self._pages(secret, before.older_than, before.down_to, seen)

    def _pages(self, secret: ChannelSecret, mark: str, down_to: datetime, seen: Callable[..., PollState]) -> bool:
        """Take in pages from *mark* on; return whether *down_to* was reached before the budget ended."""
        while True:
            self.so_far.mark = mark
            page = self.platform.page(self.channel, secret, older_than=mark, now=self.now)
            self.so_far.pages += 1
            self._take_in(page)
            step = polling.after_page(
                older=page.older, reaches_to=page.reaches_to, down_to=down_to, budget_left=self._budget_left()
            )
            self.so_far.state = seen(older="" if step is Next.DONE else page.older)
            if step is not Next.ON:
                return step is Next.DONE
            mark = page.older

    def _budget_left(self) -> bool:
        return self.so_far.pages < polling.MOST_PAGES and self.has_time()

    def _take_in(self, page: Page) -> None:
        so_far, told = self.so_far, page.delivery.messages
        wanted = polling.taken(told, so_far.state)
        late = [message for message in wanted if self._is_late(message)]
        theirs = [message for message in wanted if not message.by_us and not self._is_late(message)]
        missed = self.room.messages.put(late)
        new = missed + self.room.messages.put(theirs)
        ours = self.room.messages.put([message for message in wanted if message.by_us])
        so_far.skipped += len(told) - len(wanted)
        so_far.missed += missed
        so_far.new += new + ours
        so_far.heard |= new > 0
        if unknown := [part for part in page.delivery.ignored if part.event]:
            self.room.messages.put_ignored(self.channel.name, unknown, now=self.now)

    def _is_late(self, message: Message) -> bool:
        """Whether a webhook should have brought it by now."""
        calls = bool(PLATFORMS[self.channel.platform].hears)
        return calls and polling.is_missed(message, self.so_far.state, now=self.now)

    def _told(self, before: PollState, after: PollState, *, failure: str = "") -> Asked:
        so_far = self.so_far
        after = polling.with_missed(after, so_far.missed, now=self.now)
        won = _save(after, self.room)
        if so_far.heard:
            with suppress(SwitchboardError):  # the next message is noted
                self.room.states.heard(self.channel.name, at=self.now)
        return Asked(
            state=after,
            pages=so_far.pages,
            new=so_far.new,
            missed=so_far.missed,
            skipped=so_far.skipped,
            heard=so_far.heard,
            failure=failure,
            died=won and before.dead_since is None and after.dead_since is not None,
            revived=won and before.dead_since is not None and after.dead_since is None,
        )


def _reason(error: Misconfigured | Rejected) -> str:
    return error.reason if isinstance(error, Rejected) else "misconfigured"


def _save(state: PollState, room: Room) -> bool:
    """Remember *state*; a run beside this one may have been faster, which is harmless: say whether this one won."""
    try:
        room.states.save(state)
    except Conflict:
        return False
    return True
