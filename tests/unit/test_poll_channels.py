"""poll_channels on fakes: what is asked when, how far back, and what becomes of failures."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from functions.poll_channels.app import poll_channels
from functions.poll_channels.look import Room
from switchboard.domain.message import Delivery, Ignored
from switchboard.domain.polling import LOOK_BACK, MOST_PAGES
from switchboard.errors import Misconfigured, Rejected, Unavailable
from switchboard.ports import ChannelSecret, Page
from tests.fakes.channel_states import FakeChannelStates
from tests.fakes.hospital import DOCUMENT, NOON, config, message
from tests.fakes.inbound import FakeMessages, FakeSecrets
from tests.fakes.metrics import FakeMetrics

if TYPE_CHECKING:
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

    def polled(self, platform: str) -> Polled | None:
        return self.platforms.get(platform)

    def runs(self, now: datetime) -> dict[str, int]:
        room = Room(
            states=self.states,
            secrets=self.secrets,
            messages=self.messages,
            metrics=self.metrics,
            polled=self.polled,
        )
        return poll_channels(room=room, config=self.config, now=now, clock=lambda: self.time)

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

    assert hospital.runs(NOON) == {"asked": 0, "failed": 0, "new": 0, "missed": 0, "silent": 0}


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
