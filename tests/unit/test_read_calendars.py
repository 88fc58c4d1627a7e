"""Calendars are read every hour: the last good copy stays, one that is bad hides no other, and old ones are counted."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from functions.read_calendars import app
from functions.read_calendars.app import read_calendars
from switchboard import settings, wiring
from switchboard.adapters.calendar_feeds import HttpCalendarFeeds
from switchboard.adapters.calendars import LARGEST
from switchboard.domain.rota import Span
from switchboard.domain.rota_calendar import StoredCalendar
from switchboard.errors import Misconfigured, Rejected, Unavailable
from tests.fakes.automation import FakeAutomation
from tests.fakes.calendars import FakeCalendarStore, FakeFeeds
from tests.fakes.feed_server import FeedServer, feed_server
from tests.fakes.hospital import NOON, config
from tests.fakes.metrics import FakeMetrics

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL, OTHER = "https://calendar.example.org/rota.ics", "https://calendar.example.org/other.ics"


def ics(who: str = "Maria", days: int = 30) -> str:
    return (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Mercy//EN\nBEGIN:VEVENT\nUID:1\n"
        f"DTSTART:20261013T160000Z\nDURATION:P{days}D\nSUMMARY:{who}\nEND:VEVENT\nEND:VCALENDAR\n"
    )


class Hospital:
    """Two teams that go by two calendars, and everything that `read_calendars` needs."""

    def __init__(self, **changes: Any) -> None:
        self.feeds = FakeFeeds({URL: ics(), OTHER: ics("James")})
        self.store = FakeCalendarStore()
        self.metrics = FakeMetrics()
        teams = {name: {"rota": [{"calendar": name}]} for name in ("rota", "other")}
        routes = [{"name": "everything", "team": "rota", "policy": "standard", "answer_within": "4h"}]
        calendars = {"rota": {"url": URL}, "other": {"url": OTHER}}
        self.automation = FakeAutomation(config(**{"teams": teams, "routes": routes, "calendars": calendars} | changes))

    def run(self, now: Any = NOON, **how: Any) -> dict[str, int]:
        return read_calendars(
            automation=self.automation, fetcher=self.feeds, store=self.store, metrics=self.metrics, now=now, **how
        )


def test_what_is_read_is_kept_with_the_people_it_names() -> None:
    hospital = Hospital()

    assert hospital.run() == {"read": 2, "failed": 0, "waiting": 0, "trouble": 0}

    spans = {name: stored.spans for name, stored in hospital.store.stored.items()}
    assert spans == {
        "rota": (Span(start=NOON, end=NOON + 30 * DAY, staff_ids=("maria",)),),
        "other": (Span(start=NOON, end=NOON + 30 * DAY, staff_ids=("james",)),),
    }
    assert hospital.store.stored["rota"].read_at == NOON


@pytest.mark.parametrize("error", [Unavailable("no answer"), Rejected("is no calendar"), Misconfigured("not https")])
def test_a_calendar_that_cannot_be_read_keeps_its_copy_and_hides_no_other(error: Exception) -> None:
    hospital = Hospital()
    hospital.run()
    hospital.feeds.feeds |= {URL: error, OTHER: ics("Wei Chen")}

    assert hospital.run(NOON + HOUR)["failed"] == 1

    kept, other = hospital.store.stored["rota"], hospital.store.stored["other"]
    assert (kept.spans[0].staff_ids, kept.read_at, kept.failures) == (("maria",), NOON, 1)
    assert (other.spans[0].staff_ids, other.read_at) == (("chen",), NOON + HOUR)
    assert hospital.metrics.total("CalendarFailed", calendar="rota") == 1
    assert hospital.metrics.total("CalendarStale") == 0


def test_a_calendar_that_fails_for_longer_than_it_may_is_stale_and_rings_the_alarm_each_hour() -> None:
    hospital = Hospital()
    hospital.run()
    hospital.feeds.feeds[URL] = Unavailable("no answer")

    for hours in (24, 25, 26):
        hospital.run(NOON + hours * HOUR)

    assert hospital.metrics.total("CalendarStale", calendar="rota", reason="stale") == 2
    assert hospital.metrics.total("CalendarStale", calendar="other") == 0


def test_a_calendar_that_comes_back_is_read_and_its_failures_are_over() -> None:
    hospital = Hospital()
    hospital.feeds.feeds[URL] = Unavailable("no answer")
    hospital.run()
    assert hospital.metrics.total("CalendarStale", reason="never_read") == 1
    hospital.feeds.feeds[URL] = ics()

    assert hospital.run(NOON + HOUR)["failed"] == 0
    assert hospital.store.stored["rota"].failures == 0
    assert hospital.metrics.total("CalendarStale") == 1


def test_nobody_in_it_for_the_next_day_is_counted_before_the_day_comes() -> None:
    hospital = Hospital()
    hospital.feeds.feeds[URL] = ics(days=2)

    assert hospital.run()["trouble"] == 0
    assert hospital.run(NOON + 47 * HOUR)["trouble"] == 0
    assert hospital.run(NOON + 48 * HOUR)["trouble"] == 1
    assert hospital.metrics.total("CalendarStale", calendar="rota", reason="empty") == 1


def test_strangers_are_counted_and_no_name_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    hospital = Hospital()
    hospital.feeds.feeds[URL] = ics("Robin Sample")

    with caplog.at_level("DEBUG"):
        assert hospital.run()["trouble"] == 1

    assert hospital.metrics.total("CalendarUnknownPeople", calendar="rota") == 1
    assert "Robin" not in caplog.text
    assert "Robin" not in str(hospital.metrics.counted)


def test_what_has_not_changed_is_not_worked_out_again_but_the_copy_never_runs_dry() -> None:
    hospital = Hospital()
    hospital.feeds.etag = '"1"'
    for days in range(8):
        hospital.run(NOON + days * DAY)

    tags = [etag for url, etag in hospital.feeds.asked if url == URL]
    assert tags == ["", *['"1"'] * 4, "", *['"1"'] * 2]
    stored = hospital.store.stored["rota"]
    assert stored.read_at == NOON + 7 * DAY
    assert stored.until is not None
    assert stored.until - stored.read_at > 28 * DAY


def test_new_staff_are_looked_for_even_if_the_calendar_has_not_changed() -> None:
    hospital = Hospital()
    hospital.feeds.etag = '"1"'
    hospital.run()
    assert hospital.automation.config is not None
    staff = hospital.automation.config.staff
    hospital.automation.config = hospital.automation.config.model_copy(
        update={"staff": {**staff, "chen": staff["chen"].model_copy(update={"name": "Maria"})}}
    )

    hospital.run(NOON + HOUR)

    assert [etag for url, etag in hospital.feeds.asked if url == URL] == ["", ""]
    assert hospital.store.stored["rota"].spans[0].staff_ids == ("chen",)


def test_a_calendar_that_crashes_the_reader_is_raised_when_the_others_were_read() -> None:
    hospital = Hospital()
    hospital.feeds.feeds[URL] = RuntimeError("Robin Sample")

    with pytest.raises(ExceptionGroup):
        hospital.run()

    assert hospital.store.stored["other"].read_at == NOON
    assert hospital.metrics.total("CalendarStale", calendar="rota") == 1


def test_when_time_runs_out_the_rest_waits_and_what_failed_before_is_read_last() -> None:
    hospital = Hospital()
    hospital.store.stored["rota"] = StoredCalendar(name="rota", failures=3, failure="no answer")
    ticks = iter([0.0, 0.0, 100.0, 200.0])

    assert hospital.run(seconds=50.0, clock=lambda: next(ticks))["waiting"] == 1
    assert [url for url, _ in hospital.feeds.asked] == [OTHER]


def test_a_calendar_without_an_address_is_imported_and_not_read() -> None:
    hospital = Hospital(calendars={"rota": {}, "other": {"url": OTHER}})
    imported = StoredCalendar(
        name="rota", read_at=NOON - 90 * DAY, spans=(Span(start=NOON, end=NOON + DAY, staff_ids=("maria",)),)
    )
    hospital.store.stored["rota"] = imported

    assert hospital.run()["trouble"] == 0
    assert hospital.store.stored["rota"] == imported


def test_when_the_store_does_not_answer_nothing_is_lost() -> None:
    hospital = Hospital()
    hospital.run()
    before = dict(hospital.store.stored)
    hospital.store.fails = True

    with pytest.raises(Unavailable):
        hospital.run(NOON + HOUR)

    assert hospital.store.stored == before


def test_the_handler_reads_with_what_is_wired(monkeypatch: pytest.MonkeyPatch) -> None:
    hospital = Hospital()
    event = json.loads((Path(__file__).parents[2] / "events" / "read_calendars.json").read_text())
    monkeypatch.setattr(settings.ReadCalendars, "read", lambda: SimpleNamespace(posts_table="p"))
    monkeypatch.setattr(app, "datetime", SimpleNamespace(now=lambda _: NOON, min=app.datetime.min))
    ports = {"automation": hospital.automation, "calendar_feeds": hospital.feeds, "calendar_store": hospital.store}
    for name, port in (ports | {"metrics": hospital.metrics}).items():
        monkeypatch.setattr(wiring, name, lambda *_, port=port: port)
    context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 120_000)

    assert app.handler(event, context)["read"] == 2
    assert hospital.metrics.flushes == 1


# --- fetching --------------------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server() as found:
        found.pages["/rota.ics"] = (200, {"ETag": '"1"'}, ics().encode())
        yield found


def fetched(url: str, *, etag: str = "", **how: Any) -> Any:
    return HttpCalendarFeeds(**({"loopback": True} | how)).read(
        url, etag=etag, zone="UTC", start=NOON, end=NOON + 30 * DAY
    )


def test_a_calendar_is_fetched_with_its_tag_and_not_again_while_that_is_the_same(server: FeedServer) -> None:
    feed = fetched(f"{server.url}/rota.ics?private=secret")

    assert (len(feed.entries.entries), feed.etag) == (1, '"1"')
    assert fetched(f"{server.url}/rota.ics", etag=feed.etag) is None
    assert server.asked[-1][1]["if-none-match"] == '"1"'


def test_up_to_three_redirects_are_followed(server: FeedServer) -> None:
    for step in range(4):
        server.pages[f"/{step}"] = (302, {"Location": f"/{step + 1}"}, b"")
    server.pages["/4"] = server.pages["/rota.ics"]

    assert fetched(f"{server.url}/1").entries.entries
    with pytest.raises(Rejected, match="leads on and on"):
        fetched(f"{server.url}/0")


@pytest.mark.parametrize(
    "location", ["https://10.0.0.1/x", "http://example.org/x", "ftp://example.org/", "https://169.254.169.254/latest"]
)
def test_a_redirect_leads_nowhere_that_could_not_be_asked_at_once(server: FeedServer, location: str) -> None:
    server.pages["/away"] = (301, {"Location": location}, b"")

    with pytest.raises(Misconfigured):
        fetched(f"{server.url}/away")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - not bound to
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00:ec2::254",
        "::ffff:10.0.0.1",
        "64:ff9b::a9fe:a9fe",
    ],
)
def test_a_host_that_is_not_on_the_internet_is_not_asked(address: str) -> None:
    with pytest.raises(Misconfigured, match="not on the internet"):
        fetched("https://rota.example.org/private", loopback=False, addresses=lambda *_: ["93.184.215.14", address])


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x", "https://user:word@example.org/", "file:///etc/passwd", "https:///x", ""]
)
def test_only_https_is_asked_and_nothing_that_holds_a_password(url: str) -> None:
    with pytest.raises(Misconfigured):
        fetched(url, loopback=False)


def test_no_error_tells_the_address(server: FeedServer) -> None:
    server.pages["/secret"] = (404, {}, b"secret")
    server.pages["/html"] = (200, {}, b"<html>secret</html>")
    told: list[str] = []
    for path in ("/secret", "/html"):
        with pytest.raises(Rejected) as refused:
            fetched(f"{server.url}{path}?secret")
        told.append(str(refused.value))
    with pytest.raises(Unavailable) as closed:
        fetched("http://127.0.0.1:9/secret")
    with pytest.raises(Unavailable) as unknown:
        fetched("https://secret.example.org/", addresses=_nobody)

    assert "secret" not in " ".join([*told, str(closed.value), str(unknown.value)])
    assert "HTTP 404" in told[0]
    assert "iCalendar" in told[1]


def _nobody(_host: str, _port: int) -> list[str]:
    raise OSError("secret.example.org: Name or service not known")


@pytest.mark.parametrize(
    ("status", "error"), [(500, Unavailable), (429, Unavailable), (403, Rejected), (410, Rejected)]
)
def test_what_may_pass_is_told_from_what_stays(server: FeedServer, status: int, error: type[Exception]) -> None:
    server.pages["/x"] = (status, {}, b"")

    with pytest.raises(error):
        fetched(f"{server.url}/x")


def test_a_file_without_end_is_given_up(server: FeedServer) -> None:
    server.pages["/endless"] = (200, {}, b"x" * (LARGEST + 1))

    with pytest.raises(Rejected, match="larger than 5 MB"):
        fetched(f"{server.url}/endless")


def test_a_host_that_drips_is_given_up(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("switchboard.adapters.calendar_feeds.SECONDS", -1.0)

    with pytest.raises(Unavailable, match="too long"):
        fetched(f"{server.url}/rota.ics")


def test_a_stored_calendar_that_was_replaced_in_the_config_keeps_its_last_copy_until_the_new_one_is_read() -> None:
    hospital = Hospital()
    hospital.run()
    hospital.feeds.feeds["https://new.example.org/"] = Unavailable("no answer")
    assert hospital.automation.config is not None
    sources = hospital.automation.config.calendars
    moved = sources["rota"].model_copy(update={"url": "https://new.example.org/"})
    hospital.automation.config = hospital.automation.config.model_copy(update={"calendars": {**sources, "rota": moved}})

    hospital.run(NOON + HOUR)

    assert [span.staff_ids for span in hospital.store.stored["rota"].spans] == [("maria",)]
