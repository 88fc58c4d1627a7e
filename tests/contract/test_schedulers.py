"""`ports.Scheduler`, the same for every kind: list, pause, read back, give back, and what goes wrong on the way."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from simulators.schedulers.buffer import BufferSimulator
from simulators.schedulers.facebook import FacebookScheduleSimulator
from simulators.schedulers.hootsuite import HootsuiteSimulator
from simulators.schedulers.mastodon import MastodonScheduleSimulator
from simulators.schedulers.postiz import PostizSimulator
from simulators.schedulers.world import DRAFT, OUT, Said
from switchboard.domain.journal import SETTLE
from switchboard.domain.outside import Step
from switchboard.domain.post import HoldState, PostState
from switchboard.domain.scheduler_kinds import KINDS
from switchboard.errors import Misconfigured, SwitchboardError, Unavailable
from switchboard.ports import SchedulerAccount, SchedulerSecret
from switchboard.verbs.giving_back import resume
from switchboard.verbs.holding import HoldingRoom, hold, settle
from switchboard.verbs.media_copies import MediaCopies
from tests.fakes.metrics import FakeMetrics
from tests.fakes.posts import FakePosts
from tests.fakes.schedulers import FakeMedia, FakeSchedulers

if TYPE_CHECKING:
    from simulators.schedulers.world import World
    from switchboard.domain.post import Hold, Post
    from switchboard.ports import Scheduler

SIMULATORS: dict[str, type[World]] = {
    "buffer": BufferSimulator,
    "facebook": FacebookScheduleSimulator,
    "hootsuite": HootsuiteSimulator,
    "mastodon": MastodonScheduleSimulator,
    "postiz": PostizSimulator,
}
"""WordPress runs for real: tests/network/test_wordpress.py."""
KEEPS_ITS_TIME = {"postiz"}
"""Kinds whose posts cannot be given another time from here."""
DAY = timedelta(days=1)


@dataclass
class Secrets:
    """`ports.SchedulerSecrets` with one secret; *failures* are raised by `keep`."""

    secret: SchedulerSecret
    kept: list[SchedulerSecret] = field(default_factory=list[SchedulerSecret])
    failures: list[SwitchboardError] = field(default_factory=list[SwitchboardError])

    def of(self, name: str, *, fresh: bool = False) -> SchedulerSecret:
        return self.secret

    def keep(self, name: str, secret: SchedulerSecret) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.kept.append(secret)
        self.secret = secret


def _at_once(_seconds: float) -> None:
    """Wait for nothing."""


class House:
    """One kind of scheduler with a post in it, and what holding needs."""

    def __init__(self, kind: str, world: World | None = None, **secret: str) -> None:
        self.kind = kind
        self.world = world or SIMULATORS[kind]()
        token = "access-0" if kind == "hootsuite" else self.world.token
        known = {
            "server": "https://social.example.org",
            "token": token,
            "client_id": "client",
            "client_secret": "client-secret",
            "refresh_token": "refresh-0",
        }
        self.secrets = Secrets(SchedulerSecret(**(known | secret)))
        account = SchedulerAccount(
            name="outside", kind=kind, account_id="1001", channel="facebook", profiles={"p2": "maternity"}
        )
        if KINDS[kind].profiles == "":
            account = replace(account, profiles={})
        module = import_module(f"switchboard.schedulers.{kind}")
        more: dict[str, Any] = {"wait": _at_once} if kind in {"hootsuite", "mastodon"} else {}
        self.scheduler: Scheduler = module.opened(
            account,
            self.secrets,
            url=KINDS[kind].url,
            transport=self.world.transport(),
            clock=self.world.clock,
            **more,
        )
        self.posts = FakePosts()
        self.room = HoldingRoom(
            posts=self.posts,
            schedulers=FakeSchedulers({"outside": self.scheduler}),
            media=MediaCopies(FakeMedia(), self.world.clock),
            metrics=FakeMetrics(),
            clock=self.world.clock,
        )
        self.due = self.world.now + DAY
        self.id = self.world.add_post("Flu shots in the lobby.", self.due, profile="p2")

    def listed(self) -> list[Post]:
        now = self.world.now
        return list(self.scheduler.posts(start=now - 14 * DAY, end=now + 2 * DAY))

    def hold(self) -> Hold:
        (post,) = [post for post in self.listed() if post.outside and post.outside.external_id == self.id]
        held = hold(self.room, post, rule="event_over", reason="It is over.")
        assert held is not None
        return held

    def settle(self) -> Hold:
        held = settle(self.room, f"outside:{self.id}")
        assert held is not None
        return held

    def resume(self, **changes: Any) -> Hold:
        resume(f"outside:{self.id}", by="maria", now=self.world.now, posts=self.posts, **changes)
        return self.settle()

    def waiting(self) -> list[tuple[str, Any]]:
        soon = self.world.now + 20 * DAY
        return [(one.text, one.at) for one in self.world.items.values() if one.state == "scheduled" and one.at < soon]


@pytest.fixture(params=sorted(SIMULATORS))
def house(request: pytest.FixtureRequest) -> House:
    return House(request.param)


def test_every_kind_has_a_module_and_is_tried(house: House) -> None:
    assert {*SIMULATORS, "wordpress"} == set(KINDS)
    assert house.scheduler.abilities.pausing


def test_scheduled_and_published_posts_are_listed(house: House) -> None:
    out = house.world.add_post("Yesterday's news.", house.world.now - DAY, profile="p2")
    house.world.publish(house.world.items[out])
    if house.kind != "mastodon":  # there it is published when it is published
        house.world.items[out].at = house.world.now - DAY
    house.world.now += timedelta(seconds=1)

    listed = {post.text: post for post in house.listed()}

    scheduled = listed["Flu shots in the lobby."]
    assert (scheduled.state, scheduled.publish_at) == (PostState.SCHEDULED, house.due)
    assert scheduled.channel == ("maternity" if KINDS[house.kind].profiles else "facebook")
    assert listed["Yesterday's news."].state is PostState.PUBLISHED


def test_a_long_calendar_is_listed_whole(house: House) -> None:
    step = timedelta(minutes=10) if house.kind != "mastodon" else timedelta(hours=1)
    written = {
        house.world.add_post(f"Class {number}", house.world.now + number * step, profile="p2")
        for number in range(1, 131)
    }

    now = house.world.now
    found = house.scheduler.posts(start=now, end=now + 30 * DAY)

    assert written <= {post.outside.external_id for post in found if post.outside}


def test_a_post_is_paused_read_back_and_does_not_go_out(house: House) -> None:
    held = house.hold()

    assert (held.step, held.state) == (Step.PAUSED, HoldState.HELD)
    house.world.advance(days=2)
    assert house.world.published == []
    assert house.settle().state is HoldState.HELD


def test_a_person_gives_it_back_and_it_goes_out_once_at_its_time(house: House) -> None:
    house.hold()

    held = house.resume()

    assert (held.state, held.released_by) == (HoldState.RESUMED, "maria")
    assert house.waiting() == [("Flu shots in the lobby.", house.due)]
    house.world.advance(days=2)
    assert [(text, at) for _, text, at in house.world.published] == [("Flu shots in the lobby.", house.due)]


def test_another_time_is_taken_or_refused_with_the_remedy(house: House) -> None:
    house.hold()

    held = house.resume(at=house.due + timedelta(hours=3))

    if house.kind in KEEPS_ITS_TIME:
        assert (held.step, held.state) == (Step.PAUSED, HoldState.HELD)
        assert "there" in held.problem
        assert house.waiting() == []
    else:
        assert house.waiting() == [("Flu shots in the lobby.", house.due + timedelta(hours=3))]


def test_nothing_goes_out_at_once_when_its_time_has_passed(house: House) -> None:
    house.hold()
    house.world.now = house.due + timedelta(minutes=1)

    house.resume()
    house.world.advance(hours=1)

    assert house.world.published == []
    assert house.posts[f"outside:{house.id}"].state is PostState.DRAFT


def test_an_answer_that_is_lost_is_looked_up_and_nothing_is_done_twice(house: House) -> None:
    (post,) = house.listed()
    calls_before = len(house.world.calls)
    hold(house.room, post, rule="event_over", reason="It is over.")
    assert len(house.world.calls) - calls_before <= 8
    house.settle()
    resume(f"outside:{house.id}", by="maria", now=house.world.now, posts=house.posts)
    for fault in range(6):
        house.world.faults = [""] * fault + ["lose"]
        with suppress(SwitchboardError):
            house.settle()
        house.world.faults = []
        house.world.now += SETTLE + timedelta(seconds=1)
    house.settle()

    assert house.waiting() == [("Flu shots in the lobby.", house.due)]


@pytest.mark.parametrize("fault", ["lose", "cut", "refuse"])
@pytest.mark.parametrize("at", range(7))
def test_a_fault_at_any_call_of_pausing_is_made_good(kind_house: House, fault: str, at: int) -> None:
    house = kind_house
    (post,) = house.listed()
    house.world.faults = [""] * at + [fault]
    with suppress(SwitchboardError):
        hold(house.room, post, rule="event_over", reason="It is over.")
    house.world.faults = []
    house.world.now += SETTLE + timedelta(seconds=1)

    held = house.settle()

    assert (held.step, held.state) == (Step.PAUSED, HoldState.HELD)
    assert house.waiting() == []


@pytest.fixture(params=sorted(SIMULATORS))
def kind_house(request: pytest.FixtureRequest) -> House:
    return House(request.param)


def test_a_token_that_does_not_work_names_the_remedy(house: House) -> None:
    broken = House(house.kind, token="wrong", refresh_token="wrong")

    with pytest.raises(Misconfigured):
        broken.listed()


def test_a_limit_says_when_to_come_back(house: House) -> None:
    house.world.faults = ["refuse"]

    with pytest.raises(Unavailable) as refused:
        house.listed()

    assert refused.value.retry_after == 60


def test_what_is_not_there_is_not_there(house: House) -> None:
    assert house.scheduler.read("424242") is None


def test_an_address_where_nothing_is_ends_no_hold(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong address, or an API that was turned off, answers 404 to everything: nobody has deleted anything."""
    before = house.hold()

    def nowhere(_call: object) -> Said:
        return Said(404, {"error": "not found"})

    monkeypatch.setattr(house.world, "answer", nowhere)

    with suppress(SwitchboardError):
        house.settle()

    found = house.posts.load(f"outside:{house.id}")
    assert found is not None
    assert (found[1][-1].state, found[1][-1].step) == (before.state, before.step)


def test_an_odd_answer_is_no_empty_calendar_and_says_nothing_about_a_post(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = house.hold()

    def odd(_call: object) -> Said:
        return Said(200, {"hello": "world"})

    monkeypatch.setattr(house.world, "answer", odd)

    with pytest.raises(SwitchboardError):
        house.listed()
    with suppress(SwitchboardError):
        house.settle()
    found = house.posts.load(f"outside:{house.id}")
    assert found is not None
    assert (found[1][-1].state, found[1][-1].step) == (before.state, before.step)


def test_what_somebody_there_did_is_the_last_word(house: House) -> None:
    house.hold()
    if house.kind == "hootsuite":
        return  # it is not there any more, so nobody can
    house.world.change(house.id, state="scheduled", at=house.due + DAY)

    held = house.settle()

    assert (held.state, held.released_by) == (HoldState.RESUMED, "somebody in outside")


def test_one_very_large_post_keeps_no_other_from_being_listed(house: House) -> None:
    large = house.world.add_post("x" * 150_000, house.due, profile="p2")

    listed = {post.outside.external_id: post for post in house.listed() if post.outside is not None}

    assert {house.id, large} <= set(listed)
    kept = listed[large].outside
    assert kept is not None
    assert len(kept.payload) < 100_000


def test_no_payload_holds_the_token(house: House) -> None:
    assert all(house.world.token not in (post.outside.payload if post.outside else "") for post in house.listed())


# --- what only one of them does


def test_postiz_publishes_a_past_date_at_once_and_republishes_which_is_refused_here() -> None:
    house = House("postiz")
    house.hold()
    house.world.now = house.due + timedelta(minutes=1)
    (post,) = [one for one in [house.scheduler.read(house.id)] if one]
    asked = house.scheduler

    with pytest.raises(SwitchboardError, match="at once"):
        asked.resume(post, asked.abilities.pausing[0], due_at=house.due, media=())
    house.world.change(house.id, state=OUT)
    with pytest.raises(SwitchboardError, match="nothing was changed"):
        asked.resume(post, asked.abilities.pausing[0], due_at=house.due, media=())
    with pytest.raises(SwitchboardError, match="nothing was changed"):
        asked.pause(post, asked.abilities.pausing[0], parked_until=house.due)

    assert house.world.published == []


def test_postiz_is_not_asked_to_delete_because_all_of_the_group_would_go() -> None:
    house = House("postiz")

    with pytest.raises(SwitchboardError, match="group"):
        house.scheduler.remove(house.id)


def test_postiz_that_swallows_a_change_is_found_out() -> None:
    house = House("postiz")
    (post,) = house.listed()
    house.world.faults = ["", "", "swallow"]

    held = hold(house.room, post, rule="event_over", reason="It is over.")

    assert held is not None
    assert held.step is Step.PAUSING


def test_a_postiz_post_that_repeats_itself_is_scheduled_for_its_next_time_and_was_out_before() -> None:
    house = House("postiz")
    fair = house.world.add_post("The health fair.", house.world.now + timedelta(hours=1), profile="p2", interval=2)
    house.world.advance(days=5)

    shown = house.scheduler.posts(start=house.world.now - 4 * DAY, end=house.world.now + 14 * DAY)

    ours = sorted((post.publish_at, post.state) for post in shown if "fair" in post.text)
    begins = house.world.items[fair].at
    assert ours == [
        (begins + 2 * DAY, PostState.PUBLISHED),
        (begins + 4 * DAY, PostState.PUBLISHED),
        (begins + 6 * DAY, PostState.SCHEDULED),
    ]
    assert len({post.post_id for post in shown}) == len(shown)


def test_a_postiz_post_that_repeats_itself_stops_when_it_is_held_and_does_not_go_out_at_once_when_given_back() -> None:
    house = House("postiz")
    house.id = house.world.add_post("The health fair.", house.world.now + timedelta(hours=1), profile="p2", interval=1)
    house.world.advance(days=2)
    (post,) = [one for one in house.listed() if one.outside and one.outside.external_id == house.id]

    held = hold(house.room, post, rule="event_over", reason="It is over.")

    assert held is not None
    assert held.step is Step.PAUSED
    out = len(house.world.published)
    house.world.advance(days=3)
    assert len(house.world.published) == out
    resume(post.post_id, by="maria", now=house.world.now, posts=house.posts, at=house.world.now + DAY)
    held = settle(house.room, post.post_id)
    assert held is not None
    assert (held.state, held.step) == (HoldState.HELD, Step.PAUSED)
    assert len(house.world.published) == out


def test_a_postiz_post_whose_first_time_is_to_come_is_given_back_and_repeats_itself() -> None:
    house = House("postiz")
    at = house.world.now + DAY
    house.id = house.world.add_post("The health fair.", at, profile="p2", interval=7)
    (post,) = [one for one in house.listed() if one.outside and one.outside.external_id == house.id]
    held = hold(house.room, post, rule="event_over", reason="It is over.")
    assert held is not None
    assert held.step is Step.PAUSED

    resume(post.post_id, by="maria", now=house.world.now, posts=house.posts)
    held = settle(house.room, post.post_id)

    assert held is not None
    assert held.state is HoldState.RESUMED
    house.world.advance(days=9)
    assert [when for item, _, when in house.world.published if item == house.id] == [at, at + 7 * DAY]


def test_a_postiz_post_that_goes_out_while_it_is_made_a_draft_is_out() -> None:
    house = House("postiz")
    (post,) = [one for one in house.listed() if one.outside and one.outside.external_id == house.id]
    house.world.publish(house.world.items[house.id])
    house.world.change(house.id, state=DRAFT)  # our change came a moment later

    seen = house.scheduler.read(house.id)

    assert seen is not None
    assert seen.state is PostState.PUBLISHED
    held = hold(house.room, post, rule="event_over", reason="It is over.")
    assert held is not None
    assert held.state is HoldState.NOT_HELD


def test_buffer_that_does_not_let_a_post_be_a_draft_says_so() -> None:
    house = House("buffer")
    house.world.items[house.id].more["locked"] = True

    held = house.hold()

    assert held.state is HoldState.NOT_HELD
    assert "by hand" in held.problem


def test_buffer_keeps_the_assets_of_a_post_that_is_paused_and_given_back() -> None:
    house = House("buffer")
    assets = [{"__typename": "ImageAsset", "source": "https://files.example.org/1.png", "mimeType": "image/png"}]
    house.world.items[house.id].more["assets"] = assets
    house.hold()

    house.resume(text="Flu shots on Monday.")

    assert house.world.items[house.id].more["assets"] == assets
    assert house.waiting() == [("Flu shots on Monday.", house.due)]


def test_buffer_sends_again_what_the_network_asks_for() -> None:
    house = House("buffer")
    metadata = {"__typename": "FacebookPostMetadata", "type": "reel", "firstComment": None}
    house.world.items[house.id].more["metadata"] = metadata

    assert house.hold().step is Step.PAUSED
    assert house.resume().state is HoldState.RESUMED


def test_buffer_after_a_hundred_requests_says_when_to_come_back() -> None:
    house = House("buffer")
    for _ in range(100):
        house.scheduler.read(house.id)

    with pytest.raises(Unavailable) as refused:
        house.scheduler.read(house.id)

    assert refused.value.retry_after == 300


def test_hootsuite_stores_a_new_refresh_token_before_it_is_used() -> None:
    house = House("hootsuite", expires_at="2026-10-12T15:00:00Z")

    house.listed()

    assert [one.refresh_token for one in house.secrets.kept] == ["refresh-1"]
    house.world.now += timedelta(hours=2)
    house.listed()
    assert [one.refresh_token for one in house.secrets.kept] == ["refresh-1", "refresh-2"]


def test_hootsuite_of_two_processes_that_refresh_at_once_the_loser_takes_the_others_pair() -> None:
    world = HootsuiteSimulator()
    one = House("hootsuite", world, expires_at="2026-10-12T15:00:00Z")
    two = House("hootsuite", world, expires_at="2026-10-12T15:00:00Z")
    stale = two.secrets.secret
    one.listed()
    seen = iter([stale, stale])

    def of(name: str, *, fresh: bool = False) -> SchedulerSecret:
        return next(seen, one.secrets.secret)

    two.secrets.of = of  # type: ignore[method-assign]

    assert two.listed()


def test_hootsuite_whose_pair_could_not_be_stored_goes_on_and_stores_it_later() -> None:
    house = House("hootsuite", expires_at="2026-10-12T15:00:00Z")
    house.secrets.failures = [Unavailable("Secrets Manager does not answer")] * 3

    assert house.listed()
    assert house.secrets.kept == []
    house.secrets.failures = []
    assert house.listed()

    assert [one.refresh_token for one in house.secrets.kept] == ["refresh-1"]


def test_hootsuite_whose_refresh_was_lost_asks_a_person_to_connect() -> None:
    house = House("hootsuite", expires_at="2026-10-12T15:00:00Z")
    house.world.faults = ["lose"]

    with pytest.raises(Misconfigured, match="connect the account"):
        house.listed()


@pytest.mark.parametrize("kind", ["hootsuite", "mastodon"])
def test_pictures_that_a_delete_would_lose_are_kept_and_uploaded_again(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(kind)
    monkeypatch.setattr(house.scheduler._downloads, "_addresses", lambda _host, _port: ["93.184.216.34"])  # type: ignore[attr-defined] # noqa: SLF001
    house.world.items[house.id].more["urls"] = ["https://files.example.org/picture/1.png"]
    if kind == "mastodon":
        monkeypatch.setattr(
            type(house.scheduler), "abilities", replace(house.scheduler.abilities, pausing=(_recreate(),))
        )

    held = house.hold()

    assert held.snapshot.outside is not None
    assert [one.kept_as for one in held.snapshot.outside.media] == [f"outside:{house.id}/0"]
    assert held.snapshot.outside.media[0].url == "https://files.example.org/picture/1.png"
    house.resume()
    (made,) = [one for one in house.world.items.values() if one.text == "Flu shots in the lobby."]
    ids = made.more.get("media") or made.more.get("media_ids")
    assert ids is not None
    assert b"picture" in house.world.media[ids[0]]  # type: ignore[attr-defined]


def test_hootsuite_pictures_that_it_names_by_id_only_are_kept_too(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House("hootsuite")
    monkeypatch.setattr(house.scheduler._downloads, "_addresses", lambda _host, _port: ["93.184.216.34"])  # type: ignore[attr-defined] # noqa: SLF001
    house.world.media["m=1"] = b"uploaded"  # type: ignore[attr-defined]
    house.world.items[house.id].more["media"] = ["m=1"]

    house.hold()
    assert house.resume().state is HoldState.RESUMED

    (made,) = house.world.items.values()
    assert len(made.more["media"]) == 1
    assert made.more["media"] != ["m=1"]


def _recreate() -> Any:
    from switchboard.domain.outside import Pausing  # noqa: PLC0415 - for one test

    return Pausing.RECREATE


def test_a_picture_that_cannot_be_copied_leaves_the_post_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House("hootsuite")
    monkeypatch.setattr(house.scheduler._downloads, "_addresses", lambda _host, _port: ["10.0.0.1"])  # type: ignore[attr-defined] # noqa: SLF001
    house.world.items[house.id].more["urls"] = ["https://files.example.org/picture/1.png"]

    held = house.hold()

    assert held.state is HoldState.NOT_HELD
    assert "cannot be copied" in held.problem
    assert house.world.state_of(house.id) == "scheduled"


def test_hootsuite_is_asked_in_windows_of_four_weeks() -> None:
    house = House("hootsuite")
    far = house.world.add_post("Far ahead.", house.world.now + 80 * DAY)

    found = house.scheduler.posts(start=house.world.now, end=house.world.now + 90 * DAY)

    assert far in {post.outside.external_id for post in found if post.outside}


def test_mastodon_moves_to_another_day_when_one_is_full() -> None:
    house = House("mastodon")
    full = house.world.now + timedelta(days=365)
    for _ in range(25):
        house.world.add_post("Parked.", full)

    held = house.hold()

    assert held.step is Step.PAUSED
    assert held.parked_until is not None
    assert held.parked_until.date() == (full + DAY).date()


def test_mastodon_that_is_full_has_the_post_deleted_and_kept() -> None:
    house = House("mastodon")
    for number in range(300):
        house.world.add_post("Parked.", house.world.now + timedelta(days=100 + number // 20))

    held = house.hold()

    assert (held.step, held.how) == (Step.PAUSED, _recreate())
    assert house.world.state_of(house.id) == "gone"
    assert held.snapshot.text == "Flu shots in the lobby."


@pytest.mark.parametrize("heeds_keys", [True, False])
def test_mastodon_that_passes_over_the_key_gets_one_post_all_the_same(
    heeds_keys: bool,  # noqa: FBT001 - a parameter
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = House("mastodon", MastodonScheduleSimulator(heeds_keys=heeds_keys))
    monkeypatch.setattr(type(house.scheduler), "abilities", replace(house.scheduler.abilities, pausing=(_recreate(),)))
    house.hold()
    resume(f"outside:{house.id}", by="maria", now=house.world.now, posts=house.posts)
    house.world.faults = [""] * 3 + ["lose"]
    house.settle()
    assert len(house.waiting()) == 1  # it was made, and nobody was told
    house.world.faults = []
    house.world.now += SETTLE + timedelta(seconds=1)

    assert house.settle().state is HoldState.RESUMED
    assert house.waiting() == [("Flu shots in the lobby.", house.due)]


def test_facebook_refuses_another_apps_post_and_a_person_is_told() -> None:
    house = House("facebook")
    house.world.items[house.id].more["other_app"] = True

    held = house.hold()

    assert held.state is HoldState.NOT_HELD
    assert "only the app that made a post" in held.problem
    assert house.waiting() == [("Flu shots in the lobby.", house.due)]


def test_facebook_moves_a_parked_post_again_before_it_would_go_out() -> None:
    house = House("facebook")
    house.hold()
    for _ in range(12):
        house.world.advance(days=7)
        house.settle()

    assert house.world.published == []
    assert house.settle().state is HoldState.HELD


def test_facebook_tells_what_people_did_with_a_post() -> None:
    house = House("facebook")
    house.world.publish(house.world.items[house.id])
    house.world.items[house.id].at = house.world.now - DAY

    (post,) = house.listed()

    assert post.outside is not None
    assert post.outside.engagement == 4


def test_a_draft_stays_a_draft_in_the_simulators() -> None:
    world = BufferSimulator()
    item_id = world.add_post("x", world.now + timedelta(minutes=5))
    world.change(item_id, state=DRAFT)
    world.advance(hours=1)

    assert world.state_of(item_id) == DRAFT
