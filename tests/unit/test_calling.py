"""What every scheduler's adapter shares: ids, moments, and what of a post is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from switchboard.domain.outside import Media, Outside, Pausing
from switchboard.domain.post import Post
from switchboard.errors import Misconfigured, Rejected, Unavailable
from switchboard.schedulers.calling import LONGEST_PAYLOAD, has_all_kept, is_id, listed, moment_in, payload_of, stamp
from tests.fakes.scheduler_wire import NOW, Answering


@pytest.mark.parametrize("external_id", ["1", "abc-DEF_9", "1001_22", "z1.3", "urn:li:1", "x" * 200])
def test_an_id_may_stand_in_a_path(external_id: str) -> None:
    assert is_id(external_id) == external_id


@pytest.mark.parametrize("external_id", ["", ".", "..", "../me", "a/b", "a?b", "a b", "é", "1\n", "x" * 201])
def test_what_leads_elsewhere_is_no_id(external_id: str) -> None:
    with pytest.raises(Rejected) as raised:
        is_id(external_id)
    assert raised.value.reason == "deleted"


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2026-10-12T16:00:00Z", NOW),
        ("2026-10-12T12:00:00-04:00", NOW),
        ("2026-10-12T16:00:00", NOW),
        (NOW.timestamp(), NOW),
        (True, None),
        ("soon", None),
        (None, None),
        (1e20, None),
    ],
)
def test_a_moment_is_read_in_whatever_form(told: object, moment: datetime | None) -> None:
    assert moment_in(told) == moment


def test_a_moment_is_written_in_utc() -> None:
    assert stamp(datetime.fromisoformat("2026-10-12T12:00:00-04:00")) == "2026-10-12T16:00:00Z"
    assert stamp(NOW).endswith("Z")
    assert NOW.tzinfo is UTC


def test_as_much_is_kept_as_an_item_can_hold_and_letters_as_they_are() -> None:
    frame = len(payload_of({"a": ""}))
    assert len(payload_of({"a": "x" * (LONGEST_PAYLOAD - frame)})) == LONGEST_PAYLOAD == 100_000
    assert payload_of({"a": "x" * (LONGEST_PAYLOAD - frame + 1)}) == ""
    assert payload_of({"a": "ñ" * (LONGEST_PAYLOAD // 2)}) == ""
    assert payload_of({"a": "ñ"}) == '{"a":"ñ"}'


def test_what_is_no_list_is_no_empty_calendar() -> None:
    assert listed([{"id": 1}, "odd"], "X") == [{"id": 1}, {}]
    odds: tuple[object, ...] = (None, {"id": 1}, "[]", 0)
    for odd in odds:
        with pytest.raises(Unavailable, match="X gave an answer"):
            listed(odd, "X")


def test_all_media_must_have_been_kept() -> None:
    def post(*kept: str) -> Post:
        media = tuple(Media(url="https://x.example.org", kept_as=key) for key in kept)
        outside = Outside(scheduler="s", external_id="1", media=media)
        return Post(post_id="s:1", channel="c", text="", publish_at=NOW, outside=outside)

    assert has_all_kept(post())
    assert has_all_kept(post("a", "b"))
    assert not has_all_kept(post("a", ""))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("postiz", {"server": "http://social.example.org"}),
        ("postiz", {"server": ""}),
        ("mastodon", {"server": "https://"}),
        ("buffer", {"token": "no\nheader"}),
        ("facebook", {"token": "schlüssel"}),
    ],
)
def test_a_secret_that_cannot_be_used_is_not_tried(kind: str, changes: dict[str, Any]) -> None:
    there = Answering(kind, {}, **changes)
    with pytest.raises(Misconfigured, match="outside"):
        there.scheduler.read("1")
    assert there.asked == []


@pytest.mark.parametrize(
    ("kind", "ways", "loses_media", "renames", "parks", "again"),
    [
        ("buffer", (Pausing.NATIVE,), False, False, 0, 0),
        ("postiz", (Pausing.NATIVE,), False, False, 0, 0),
        ("hootsuite", (Pausing.RECREATE,), True, False, 0, 0),
        ("mastodon", (Pausing.RESCHEDULE, Pausing.RECREATE), True, True, 365, 30),
        ("facebook", (Pausing.RESCHEDULE,), False, False, 28, 7),
    ],
)
def test_what_each_can_do(
    kind: str, ways: tuple[Pausing, ...], parks: int, again: int, *, loses_media: bool, renames: bool
) -> None:
    abilities = Answering(kind, {}).scheduler.abilities
    assert (abilities.pausing, abilities.loses_media, abilities.renames_published) == (ways, loses_media, renames)
    if parks:
        assert (abilities.parks_until.days, abilities.parked_again.days) == (parks, again)
