"""`ports.CalendarStore` and `ports.ToldGaps`, the same for the fakes and for DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from switchboard.adapters.calendar_store import KEEP_SECONDS, CachedSpans, DynamoCalendars, DynamoToldGaps
from switchboard.adapters.posts import DynamoPosts
from switchboard.domain.post import PostState
from switchboard.domain.rota import Gap, Span
from switchboard.domain.rota_calendar import StoredCalendar
from switchboard.errors import Unavailable
from tests.conftest import EMBEDDED
from tests.fakes.calendars import FakeCalendarStore, FakeToldGaps
from tests.fakes.hospital import NOON
from tests.fakes.tables import POSTS, create_posts_table

if TYPE_CHECKING:
    from switchboard.ports import CalendarStore, ToldGaps

HOUR = timedelta(hours=1)
STORED = StoredCalendar(
    name="rota",
    spans=(
        Span(start=NOON, end=NOON + HOUR, staff_ids=("maria", "james")),
        Span(start=NOON + HOUR, end=NOON + 9 * HOUR, staff_ids=("dr-chen",)),
    ),
    read_at=NOON,
    until=NOON + 35 * 24 * HOUR,
    etag='W/"1-é"',
    basis="0123456789abcdef",
    unknown=2,
    unknown_at=NOON + HOUR,
    strangers=1,
    unreadable=3,
    failures=4,
    failure="unavailable",
)
GAP = Gap(team_id="social", start=NOON, end=NOON + HOUR, reason="No shift covers it.")


def _client(request: pytest.FixtureRequest) -> Any:
    client = request.getfixturevalue(request.param)
    create_posts_table(client)
    return client


@pytest.fixture(params=["fake", "dynamodb", EMBEDDED])
def store(request: pytest.FixtureRequest) -> CalendarStore:
    return FakeCalendarStore() if request.param == "fake" else DynamoCalendars(_client(request), POSTS)


@pytest.fixture(params=["fake", "dynamodb", EMBEDDED])
def told(request: pytest.FixtureRequest) -> ToldGaps:
    return FakeToldGaps() if request.param == "fake" else DynamoToldGaps(_client(request), POSTS)


def test_a_calendar_that_was_never_saved_is_not_there(store: CalendarStore) -> None:
    assert store.load_all([]) == {}
    assert store.load_all(["rota", "rota", "other"]) == {}


def test_a_calendar_is_read_as_it_was_saved(store: CalendarStore) -> None:
    bare = StoredCalendar(name="bare", failures=1, failure="refused")
    store.save(STORED)
    store.save(bare)

    assert store.load_all(["rota", "bare", "other"]) == {"rota": STORED, "bare": bare}


def test_the_last_copy_counts(store: CalendarStore) -> None:
    store.save(STORED)
    store.save(replace(STORED, spans=(), etag="", unknown_at=None))

    assert store.load_all(["rota"]) == {"rota": replace(STORED, spans=(), etag="", unknown_at=None)}


def test_more_calendars_than_one_request_takes_are_read(store: CalendarStore) -> None:
    for number in range(101):
        store.save(StoredCalendar(name=f"c{number}"))

    assert len(store.load_all(f"c{number}" for number in range(101))) == 101


def test_the_largest_calendar_fits_into_an_item(store: CalendarStore) -> None:
    spans = tuple(
        Span(start=NOON + n * HOUR, end=NOON + (n + 1) * HOUR, staff_ids=(f"staff-member-{n * 7919 % 97}", "james"))
        for n in range(5000)
    )
    store.save(replace(STORED, spans=spans))

    assert store.load_all(["rota"])["rota"].spans == spans


def test_the_gaps_that_were_told_are_remembered(told: ToldGaps) -> None:
    assert list(told.load()) == []

    told.save([GAP])
    assert list(told.load()) == [GAP]
    told.save([])
    assert list(told.load()) == []


def test_a_calendar_is_no_post(dynamodb: Any) -> None:
    create_posts_table(dynamodb)
    DynamoCalendars(dynamodb, POSTS).save(STORED)
    DynamoToldGaps(dynamodb, POSTS).save([GAP])

    posts = DynamoPosts(dynamodb, POSTS)
    assert posts.due(NOON + timedelta(days=1)) == posts.in_state(PostState) == posts.holds() == []


# --- kept for a minute -----------------------------------------------------------------------------------------------


def test_spans_are_read_once_a_minute_and_of_a_calendar_that_was_never_read_there_are_none() -> None:
    store, seconds = FakeCalendarStore({"rota": STORED, "new": StoredCalendar(name="new", failures=1)}), [0.0]
    spans = CachedSpans(store, clock=lambda: seconds[0])

    assert spans.current(["rota", "new", "other"]) == {"rota": STORED.spans}
    store.stored["rota"] = replace(STORED, spans=())
    seconds[0] = KEEP_SECONDS - 1
    assert spans.current(["rota"]) == {"rota": STORED.spans}
    assert store.loads == 1
    seconds[0] = KEEP_SECONDS
    assert spans.current(["rota"]) == {"rota": ()}


def test_nothing_is_read_for_nothing() -> None:
    store = FakeCalendarStore()

    assert CachedSpans(store).current([]) == {}
    assert store.loads == 0


def test_while_the_store_does_not_answer_the_last_known_spans_stay_in_use() -> None:
    store, seconds = FakeCalendarStore({"rota": STORED}), [0.0]
    spans = CachedSpans(store, clock=lambda: seconds[0])
    spans.current(["rota"])
    store.fails, seconds[0] = True, 10 * KEEP_SECONDS

    assert spans.current(["rota"]) == {"rota": STORED.spans}
    with pytest.raises(Unavailable):
        spans.current(["rota", "other"])
