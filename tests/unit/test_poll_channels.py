"""poll_channels on fakes: what is asked when, how far back, and what becomes of failures."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.poll_channels import app
from functions.poll_channels.app import AT_ONCE, poll_channels
from functions.poll_channels.look import Room
from switchboard import settings as switchboard_settings
from switchboard import wiring
from switchboard.domain.message import Delivery, Ignored
from switchboard.domain.polling import LOOK_BACK, MOST_PAGES
from switchboard.errors import Misconfigured, Rejected, Unavailable
from switchboard.ports import ChannelSecret, Page
from tests.fakes.channel_states import FakeChannelStates
from tests.fakes.hospital import DOCUMENT, NOON, config, message
from tests.fakes.inbound import FakeMessages, FakeSecrets
from tests.fakes.metrics import FakeMetrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from switchboard.domain.message import Message
    from switchboard.errors import SwitchboardError
    from switchboard.ports import Channel, Polled

MINUTE = timedelta(minutes=1)
PAGE_SIZE = 10


@dataclass
class Timeline:
    """A platform: *posted* in the order of time, shown newest first, `PAGE_SIZE` a page; the mark is a number."""

    posted: list[Message] = field(default_factory=list["Message"])
    fails: SwitchboardError | Exception | None = None
    ordered: bool = True
    asked: list[str] = field(default_factory=list[str])

    def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
        self.asked.append(older_than)
        if self.fails:
            raise self.fails
        shown = sorted(self.posted, key=lambda one: one.sent_at, reverse=True)
        older = [place for place, one in enumerate(shown) if one.message_id < older_than]
        start = 0 if not older_than else next(iter(older), len(shown))
        part = shown[start : start + PAGE_SIZE]
        more = start + PAGE_SIZE < len(shown)
        found = tuple(replace(one, channel=channel.name, platform=channel.platform, via="poll") for one in part)
        return Page(
            delivery=Delivery(messages=found, ignored=(Ignored(reason="reaction"), Ignored(reason="odd", event="{}"))),
            older=part[-1].message_id if part and more else "",
            reaches_to=part[-1].sent_at if part and self.ordered else None,
        )


def posted(number: int, at: datetime, **changes: Any) -> Message:
    return message(number, message_id=f"m{number:06}", sent_at=at, received_at=at, **changes)


def flood(number: int) -> list[Message]:
    """Return so many, a second apart, the last of them at noon."""
    return [posted(one, NOON - (number - one) * timedelta(seconds=1)) for one in range(number)]


class Hospital:
    """Two channels that can be asked, one with a webhook and one without, and one that cannot."""

    def __init__(self) -> None:
        channels = {
            "facebook": {"platform": "facebook", "account_id": "1"},
            "mastodon": {"platform": "mastodon", "account_id": "2"},
            "website": {"platform": "web_form", "quiet_after": "2d"},
        }
        self.config = config(channels=channels)
        self.platforms = {"facebook": Timeline(), "mastodon": Timeline()}
        self.states, self.messages, self.metrics = FakeChannelStates(), FakeMessages(), FakeMetrics()
        self.secrets = FakeSecrets({name: ChannelSecret(access_token="t") for name in channels})
        self.time = 0.0
        self.clock: Callable[[], float] = lambda: self.time

    def polled(self, platform: str) -> Polled | None:
        return self.platforms.get(platform)

    def has(self, *names: str) -> None:
        """Have so many channels on Mastodon instead."""
        self.config = config(channels={name: {"platform": "mastodon", "account_id": name} for name in names})
        self.secrets = FakeSecrets({name: ChannelSecret(access_token="t") for name in names})

    def runs(self, now: datetime, *, seconds: float = 50.0) -> dict[str, int]:
        room = Room(
            states=self.states,
            secrets=self.secrets,
            messages=self.messages,
            metrics=self.metrics,
            polled=self.polled,
        )
        return poll_channels(room=room, config=self.config, now=now, seconds=seconds, clock=self.clock)

    def stored(self) -> list[str]:
        return sorted(one.message_id for one in self.messages.stored.values())


@pytest.fixture
def hospital() -> Hospital:
    return Hospital()


def numbers(name: str, hospital: Hospital, **dimensions: str) -> float:
    return sum(
        value
        for one, value, found in hospital.metrics.counted
        if one == name and all(found.get(key) == value_ for key, value_ in dimensions.items())
    )


# --- when and how far ------------------------------------------------------------------------------------------


def test_each_channel_is_asked_when_its_time_has_come(hospital: Hospital) -> None:
    for minutes in range(31):
        hospital.runs(NOON + minutes * MINUTE)

    assert len(hospital.platforms["mastodon"].asked) == 16, "every two minutes"
    assert len(hospital.platforms["facebook"].asked) == 3, "every fifteen: its webhook calls"


def test_what_is_found_is_stored_once_and_rings_by_the_same_door(hospital: Hospital) -> None:
    hospital.platforms["mastodon"].posted = [posted(1, NOON - MINUTE)]

    results = [hospital.runs(NOON + minutes * MINUTE)["new"] for minutes in range(0, 10, 2)]

    assert results == [1, 0, 0, 0, 0]
    (stored,) = hospital.messages.stored.values()
    assert (stored.channel, stored.via) == ("mastodon", "poll")
    assert [part.reason for part in hospital.messages.ignored.values()] == ["odd"] * 2, "one a channel"


def test_the_first_look_goes_back_a_day_and_nobody_is_rung_for_last_year(hospital: Hospital) -> None:
    hospital.platforms["mastodon"].posted = [
        posted(1, NOON - timedelta(days=365)),
        posted(2, NOON - LOOK_BACK + MINUTE),
        posted(3, NOON - MINUTE),
    ]
    hospital.runs(NOON)

    assert hospital.stored() == ["m000002", "m000003"]


def test_without_an_order_old_things_stay_out_for_ever(hospital: Hospital) -> None:
    hospital.platforms["facebook"] = Timeline([posted(1, NOON - timedelta(days=30))], ordered=False)
    for days in range(3):
        hospital.runs(NOON + timedelta(days=days))

    assert hospital.stored() == []


def test_a_channel_that_is_not_connected_yet_is_not_asked_and_not_broken(hospital: Hospital) -> None:
    hospital.secrets = FakeSecrets({})

    assert set(hospital.runs(NOON).values()) == {0}
    assert hospital.platforms["mastodon"].asked == []


def test_the_timer_is_not_punctual_and_no_look_is_left_out_for_that(hospital: Hospital) -> None:
    for minutes in range(61):
        late = timedelta(seconds=(7 * minutes % 10) / 10)
        hospital.runs(NOON + minutes * MINUTE + late)

    assert len(hospital.platforms["mastodon"].asked) == 31


# --- budget and backlog ----------------------------------------------------------------------------------------


def test_a_long_backlog_is_worked_off_newest_first_and_nothing_is_left_out(hospital: Hospital) -> None:
    mastodon = hospital.platforms["mastodon"]
    hospital.runs(NOON)
    many = 4 * MOST_PAGES * PAGE_SIZE
    mastodon.posted = [posted(number, NOON + MINUTE + number * timedelta(seconds=1)) for number in range(many)]
    now = NOON + timedelta(hours=1)
    hospital.runs(now)
    first = hospital.stored()

    for run in range(1, 8):
        newest = posted(many + run, now + run * 2 * MINUTE)
        mastodon.posted.append(newest)
        hospital.runs(now + run * 2 * MINUTE)
        assert newest.message_id in hospital.stored(), "what is newest does not wait for the backlog"

    assert first == [f"m{number:06}" for number in range(many - MOST_PAGES * PAGE_SIZE, many)]
    assert len(hospital.stored()) == many + 7
    state = hospital.states.load("mastodon")
    assert state is not None
    assert (state.older_than, state.down_to) == ("", None)


def test_one_run_asks_one_channel_so_often_and_no_more(hospital: Hospital) -> None:
    hospital.platforms["mastodon"].posted = [
        posted(number, NOON - number * timedelta(seconds=1)) for number in range(500)
    ]
    hospital.runs(NOON)

    assert len(hospital.platforms["mastodon"].asked) == MOST_PAGES


def test_a_channel_that_hangs_keeps_no_other_waiting(hospital: Hospital) -> None:
    answered = threading.Event()

    class Hanging(Timeline):
        def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
            assert answered.wait(5), "the other channel was not asked"
            return super().page(channel, secret, older_than=older_than, now=now)

    class Quick(Timeline):
        def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
            answered.set()
            return super().page(channel, secret, older_than=older_than, now=now)

    hospital.platforms = {"facebook": Hanging(), "mastodon": Quick([posted(1, NOON)])}

    assert hospital.runs(NOON)["asked"] == 2
    assert hospital.stored() == ["m000001"]


def test_when_the_time_is_up_the_rest_is_remembered(hospital: Hospital) -> None:
    class Slow(Timeline):
        def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
            hospital.time += 12
            return super().page(channel, secret, older_than=older_than, now=now)

    hospital.platforms = {"mastodon": Slow(flood(50))}
    for run in range(6):
        hospital.runs(NOON + 2 * run * MINUTE)

    assert len(hospital.stored()) == 50


def test_whose_turn_does_not_come_is_first_next_time_and_nothing_counts_as_seen(hospital: Hospital) -> None:
    class Slow(Timeline):
        def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
            hospital.time += 8
            return super().page(channel, secret, older_than=older_than, now=now)

    names = [f"m{number:02}" for number in range(20)]
    hospital.has(*names)
    hospital.platforms = {"mastodon": Slow([posted(1, NOON - MINUTE)])}
    for run in range(20):
        hospital.time = 0
        result = hospital.runs(NOON + run * MINUTE)
        heard = {one.channel for one in hospital.messages.stored.values()}
        seen = {name for name, state in hospital.states.states.items() if state.caught_up_to}
        assert seen == heard, "only what was looked at is remembered so"
        if run == 0:
            assert result["waiting"] > 0
            assert numbers("PollFailed", hospital, reason="no_time") == result["waiting"]

    assert heard == set(names), "one that is always first would keep the last waiting for ever"


def test_when_there_are_more_than_can_be_asked_at_once_they_share_the_time(hospital: Hospital) -> None:
    first, own = threading.Barrier(AT_ONCE), threading.local()  # each thread has a clock of its own

    class Slow(Timeline):
        def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
            if not older_than and channel.name != "last":
                first.wait(5)
            own.seconds = getattr(own, "seconds", 0.0) + 3
            return super().page(channel, secret, older_than=older_than, now=now)

    hospital.has(*(f"m{number}" for number in range(AT_ONCE)), "last")
    hospital.platforms = {"mastodon": Slow(flood(500))}
    hospital.clock = lambda: getattr(own, "seconds", 0.0)
    result = hospital.runs(NOON)

    assert (result["asked"], result["waiting"]) == (AT_ONCE + 1, 0)


def test_a_channel_that_never_comes_back_is_left_behind_and_asked_later(hospital: Hospital) -> None:
    over = threading.Event()

    class Hanging(Timeline):
        def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
            over.wait(10)
            return super().page(channel, secret, older_than=older_than, now=now)

    hospital.platforms = {"facebook": Hanging([posted(2, NOON)]), "mastodon": Timeline([posted(1, NOON)])}
    try:
        result = hospital.runs(NOON, seconds=0.3)
        state = hospital.states.states["facebook"]

        assert hospital.stored() == ["m000001"]
        assert (result["asked"], result["failed"]) == (2, 1)
        assert numbers("PollFailed", hospital, channel="facebook", reason="hung") == 1
        assert numbers("PollHeartbeat", hospital) == 1
        assert (state.failures, state.next_poll_at, state.caught_up_to) == (1, NOON + MINUTE, None)
    finally:
        over.set()
    for _ in range(200):  # what it brings after all is stored, and it forgets nothing of what was remembered since
        if len(hospital.stored()) == 2:
            break
        time.sleep(0.01)
    assert hospital.stored() == ["m000001", "m000002"]
    assert hospital.states.states["facebook"] == state


# --- failures --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("told", "wait"), [(None, 1), (30, 1), (1200, 20)])
def test_a_platform_that_asks_to_wait_is_left_alone_so_long(hospital: Hospital, told: float | None, wait: int) -> None:
    mastodon = hospital.platforms["mastodon"]
    mastodon.fails = Unavailable("later", retry_after=told)
    hospital.runs(NOON)
    hospital.runs(NOON + wait * MINUTE - timedelta(seconds=1))
    asked = len(mastodon.asked)
    hospital.runs(NOON + wait * MINUTE)

    assert (asked, len(mastodon.asked)) == (1, 2)
    assert numbers("PollFailed", hospital, channel="mastodon", reason="unavailable") == 2


def test_it_is_asked_less_and_less_often_and_at_least_every_quarter_of_an_hour(hospital: Hospital) -> None:
    hospital.platforms["mastodon"].fails = Unavailable("later")
    for minutes in range(61):
        hospital.runs(NOON + minutes * MINUTE)

    assert len(hospital.platforms["mastodon"].asked) == 8  # after 0, 1, 3, 7, 15, 30, 45 and 60 minutes


@pytest.mark.parametrize("error", [Misconfigured("dead"), Rejected("gone", reason="deleted")])
def test_a_dead_token_is_told_once_and_its_return_once(hospital: Hospital, error: Any) -> None:
    mastodon = hospital.platforms["mastodon"]
    mastodon.fails = error
    for minutes in range(0, 121, 5):
        hospital.runs(NOON + minutes * MINUTE)
    told = numbers("TokenDead", hospital)
    mastodon.fails, mastodon.posted = None, [posted(1, NOON + MINUTE)]
    for minutes in range(125, 200, 5):
        hospital.runs(NOON + minutes * MINUTE)

    assert (told, numbers("TokenDead", hospital), numbers("TokenAlive", hospital)) == (1, 1, 1)
    assert hospital.stored() == ["m000001"], "what was written meanwhile is not lost"


def test_a_look_that_is_cut_short_goes_on_where_it_ended(hospital: Hospital) -> None:
    class Limited(Timeline):
        left = 0

        def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
            self.left -= 1
            if self.left < 0:
                raise Unavailable("too many", retry_after=60)
            return super().page(channel, secret, older_than=older_than, now=now)

    hospital.runs(NOON)
    limited = Limited([posted(number, NOON + MINUTE + number * timedelta(seconds=1)) for number in range(60)])
    hospital.platforms = {"mastodon": limited}
    for hours in range(1, 5):
        limited.left = 3
        hospital.runs(NOON + timedelta(hours=hours))

    assert len(hospital.stored()) == 60, "three pages a look; six, and the newest again each time"


def test_a_mark_that_grew_old_is_given_up_and_the_token_is_not_blamed(hospital: Hospital) -> None:
    class Forgetful(Timeline):
        refuses = ""

        def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
            if older_than and older_than == self.refuses:
                raise Rejected("no such mark", reason="refused")
            return super().page(channel, secret, older_than=older_than, now=now)

    many = (MOST_PAGES + 2) * PAGE_SIZE
    hospital.runs(NOON)
    forgetful = Forgetful([posted(number, NOON + MINUTE + number * timedelta(seconds=1)) for number in range(many)])
    hospital.platforms = {"mastodon": forgetful}
    hospital.runs(NOON + timedelta(hours=1))
    forgetful.refuses = hospital.states.states["mastodon"].older_than
    hospital.runs(NOON + timedelta(hours=2))
    forgetful.refuses = ""
    for hours in (3, 4):
        hospital.runs(NOON + timedelta(hours=hours))

    assert len(hospital.stored()) == many
    assert (numbers("TokenDead", hospital), numbers("PollFailed", hospital, reason="refused")) == (0, 1)


@settings(deadline=None, max_examples=25)
@given(
    runs=st.lists(
        st.tuples(st.integers(0, 150), st.one_of(st.none(), st.integers(0, 9)), st.sampled_from([1, 2, 15])),
        max_size=12,
    )
)
def test_whatever_is_cut_short_in_the_end_nothing_is_left_out(runs: list[tuple[int, int | None, int]]) -> None:
    """*runs*: so many are written, the look is cut short after so many pages, and the next comes after so long."""

    class Limited(Timeline):
        left: int | None = None

        def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
            if self.left is not None:
                self.left -= 1
                if self.left < 0:
                    raise Unavailable("too many")
            return super().page(channel, secret, older_than=older_than, now=now)

    hospital, limited, now, written = Hospital(), Limited(), NOON, 0
    hospital.platforms = {"mastodon": limited}
    hospital.runs(now)
    for number, left, minutes in runs:
        then, now = now, now + minutes * MINUTE
        step = (now - then) / (number + 1)
        limited.posted += [posted(written + one, then + (one + 1) * step) for one in range(number)]
        written += number
        limited.left = left
        hospital.runs(now)
    limited.left = None
    for _ in range(40):
        now += 16 * MINUTE
        hospital.runs(now)

    state = hospital.states.states["mastodon"]
    assert len(hospital.stored()) == written
    assert (state.older_than, state.failures) == ("", 0)


def test_a_secret_that_cannot_be_read_is_told_like_a_token_and_stops_no_run(hospital: Hospital) -> None:
    class Unreadable(FakeSecrets):
        def of(self, channel: str, *, fresh: bool = False) -> ChannelSecret:
            if channel == "facebook":
                raise Misconfigured("it is not JSON")
            return super().of(channel, fresh=fresh)

    hospital.secrets = Unreadable(hospital.secrets.stored)
    for minutes in range(10):
        hospital.runs(NOON + minutes * MINUTE)

    assert numbers("TokenDead", hospital, channel="facebook") == 1
    assert len(hospital.platforms["mastodon"].asked) == 5


def test_a_channel_whose_state_cannot_be_read_keeps_no_other_from_being_asked(hospital: Hospital) -> None:
    class Torn(FakeChannelStates):
        def load(self, channel: str) -> Any:
            if channel == "facebook":
                raise Unavailable("throttled")
            return super().load(channel)

    hospital.states = Torn()
    hospital.platforms["mastodon"].posted = [posted(1, NOON)]
    with pytest.raises(ExceptionGroup):
        hospital.runs(NOON)

    assert hospital.stored() == ["m000001"]
    assert numbers("PollFailed", hospital, channel="facebook", reason="crash") == 1
    assert numbers("PollHeartbeat", hospital) == 1, "what came of the others is told"


def test_a_channel_that_crashes_keeps_no_other_from_being_asked_and_is_told(hospital: Hospital) -> None:
    hospital.platforms["facebook"].fails = RuntimeError("Rosa Quimby wrote")
    hospital.platforms["mastodon"].posted = [posted(1, NOON)]

    with pytest.raises(ExceptionGroup):
        hospital.runs(NOON)

    assert hospital.stored() == ["m000001"]
    assert numbers("PollFailed", hospital, channel="facebook", reason="crash") == 1


def test_what_could_not_be_stored_is_not_remembered_as_seen(hospital: Hospital) -> None:
    hospital.platforms["mastodon"].posted = [posted(1, NOON - MINUTE)]
    hospital.messages.fails = lambda _: True
    hospital.runs(NOON)
    hospital.messages.fails = lambda _: False
    hospital.runs(NOON + 2 * MINUTE)

    assert hospital.stored() == ["m000001"]


def test_a_run_that_dies_before_it_remembers_does_everything_again(hospital: Hospital) -> None:
    hospital.platforms["mastodon"].posted = [posted(1, NOON - MINUTE)]
    hospital.runs(NOON)
    kept = hospital.states.states["mastodon"]
    hospital.runs(NOON + 2 * MINUTE)
    hospital.states.states["mastodon"] = kept  # as if the second had died
    hospital.platforms["mastodon"].posted.append(posted(2, NOON + MINUTE))
    hospital.runs(NOON + 4 * MINUTE)

    assert hospital.stored() == ["m000001", "m000002"]


def test_two_runs_at_once_lose_nothing_and_one_remembers(hospital: Hospital) -> None:
    class Overtaken(Timeline):
        def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
            if not older_than and not self.asked:
                state = hospital.states.states["mastodon"]
                hospital.states.states["mastodon"] = replace(state, version=state.version + 1, missed=5)
            return super().page(channel, secret, older_than=older_than, now=now)

    hospital.platforms = {"mastodon": Overtaken([posted(1, NOON)])}
    hospital.runs(NOON)

    assert hospital.stored() == ["m000001"]
    assert hospital.states.states["mastodon"].missed == 5


def test_of_two_runs_at_once_one_tells_of_the_dead_token(hospital: Hospital) -> None:
    class Overtaken(Timeline):
        def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
            state = hospital.states.states["mastodon"]
            hospital.states.states["mastodon"] = replace(state, version=state.version + 1, dead_since=now)
            raise Misconfigured("dead")

    hospital.platforms = {"mastodon": Overtaken()}
    hospital.runs(NOON)

    assert numbers("TokenDead", hospital) == 0, "the other one told it"


def test_a_state_that_is_not_read_in_time_is_told(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    class Hanging(FakeChannelStates):
        def load(self, channel: str) -> Any:
            if channel == "facebook":
                over.wait(10)
            return super().load(channel)

    monkeypatch.setattr(app, "SECONDS", 0.3)
    hospital.states = Hanging()
    hospital.platforms["mastodon"].posted = [posted(1, NOON)]
    try:
        with pytest.raises(ExceptionGroup):
            hospital.runs(NOON)
    finally:
        over.set()

    assert hospital.stored() == ["m000001"]
    assert numbers("PollFailed", hospital, channel="facebook", reason="crash") == 1


# --- missed by the webhook -------------------------------------------------------------------------------------


def test_what_the_webhook_did_not_bring_is_counted(hospital: Hospital) -> None:
    hospital.runs(NOON)
    later = NOON + timedelta(minutes=30)
    brought = posted(1, NOON + MINUTE, channel="facebook", platform="facebook")
    hospital.messages.put([brought])
    hospital.platforms["facebook"].posted = [
        brought,
        posted(2, NOON + 2 * MINUTE),
        posted(3, NOON + 2 * MINUTE, by_us=True),
        posted(4, later - MINUTE),  # it may still come
        posted(5, NOON - MINUTE),  # written before we watched
    ]
    result = hospital.runs(later)

    assert (result["missed"], result["new"]) == (1, 4)
    assert numbers("MessagesMissed", hospital, channel="facebook") == 1
    state = hospital.states.load("facebook")
    assert state is not None
    assert (state.missed, state.last_missed_at) == (1, later)


def test_where_nobody_calls_nothing_can_be_missed(hospital: Hospital) -> None:
    hospital.runs(NOON)
    hospital.platforms["mastodon"].posted = [posted(1, NOON + MINUTE)]
    result = hospital.runs(NOON + timedelta(hours=1))

    assert (result["missed"], result["new"]) == (0, 1)


# --- silence ---------------------------------------------------------------------------------------------------


def test_a_channel_that_has_been_quiet_for_too_long_is_told_until_it_is_heard(hospital: Hospital) -> None:
    silent = [hospital.runs(NOON + timedelta(days=days))["silent"] for days in (0, 2, 2.01, 6.9, 7.1)]
    hospital.states.heard("website", at=NOON + timedelta(days=7.1))
    hospital.platforms["mastodon"].posted = [posted(1, NOON + timedelta(days=7.1))]
    after = hospital.runs(NOON + timedelta(days=7.2))["silent"]

    assert silent == [0, 0, 1, 1, 3]
    assert after == 1, "only facebook; mastodon was heard by asking"
    assert numbers("ChannelSilent", hospital, channel="website") == 3


def test_the_document_of_the_tests_needs_no_such_keys() -> None:
    found = config(channels=DOCUMENT["channels"])

    assert found.poll_every("facebook") == timedelta(minutes=15)
    assert found.channels["facebook"].quiet_after == timedelta(days=7)


def test_our_own_answers_break_no_silence(hospital: Hospital) -> None:
    hospital.runs(NOON)
    hospital.platforms["facebook"].posted = [posted(1, NOON + timedelta(days=7), by_us=True)]
    hospital.runs(NOON + timedelta(days=7.1))

    assert hospital.states.last_heard("facebook") is None
    assert numbers("ChannelSilent", hospital, channel="facebook") == 1


# --- the handler -----------------------------------------------------------------------------------------------


def test_the_handler_asks_tells_and_ends_in_time(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []

    def polled(*told: str) -> Polled | None:
        asked.append(told)
        return hospital.polled(told[0])

    found = SimpleNamespace(
        posts_table="p", questions_table="q", channel_secrets_prefix="s/", graph_url="g", platform_urls="{}"
    )
    monkeypatch.setattr(switchboard_settings.PollChannels, "read", lambda: found)
    monkeypatch.setattr(wiring, "channel_states", lambda _: hospital.states)
    monkeypatch.setattr(wiring, "secrets", lambda _: hospital.secrets)
    monkeypatch.setattr(wiring, "messages", lambda _: hospital.messages)
    monkeypatch.setattr(wiring, "metrics", lambda: hospital.metrics)
    monkeypatch.setattr(wiring, "automation", lambda _: SimpleNamespace(current=lambda: hospital.config))
    monkeypatch.setattr(wiring, "polled", polled)
    event = json.loads((Path(__file__).parents[2] / "events/poll_channels.json").read_text())
    context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 55_000)

    assert app.handler(event, context)["asked"] == 2
    assert ("facebook", "g", "{}") in asked
    assert hospital.metrics.flushes == 1

    hospital.platforms["facebook"].fails = RuntimeError("nobody foresaw it")
    hospital.states = FakeChannelStates()
    with pytest.raises(ExceptionGroup):
        app.handler(event, context)
    assert hospital.metrics.flushes == 2, "what was counted is told all the same"
