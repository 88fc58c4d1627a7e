"""The admins hear of the hours for which nobody would be rung, each gap once, a week ahead."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from functions.report_coverage import app
from functions.report_coverage.app import report_coverage
from switchboard import settings, wiring
from switchboard.domain.rota import Gap, Span
from switchboard.domain.rota_report import length, sentence
from switchboard.errors import Misconfigured, Rejected, Unavailable
from tests.fakes.automation import FakeAutomation
from tests.fakes.calendars import FakeCalendars, FakeToldGaps
from tests.fakes.hospital import DOCUMENT, NOON, config
from tests.fakes.metrics import FakeMetrics
from tests.fakes.texts import FakeMail

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
OFFICE = {"days": WEEKDAYS, "start": "08:00", "end": "18:00", "on": ["maria"]}
CALENDAR = {"social": {"rota": [{"calendar": "rota"}]}}


class Hospital:
    """A rota, and everything that `report_coverage` needs."""

    def __init__(self, *rota: Any, **changes: Any) -> None:
        self.calendars, self.told = FakeCalendars(), FakeToldGaps()
        self.mail, self.metrics = FakeMail(), FakeMetrics()
        self.automation = FakeAutomation()
        self.push(*rota, **({"admins": ["maria"]} | changes))

    def push(self, *rota: Any, **changes: Any) -> None:
        """Put a rota in force that has gaps: the check would refuse it, but calendars and leave make such."""
        wholly = config(**changes)
        team = wholly.teams["social"]
        shifts = tuple(type(team.rota[0]).model_validate(shift) for shift in rota)
        changed = team.model_copy(update={"rota": shifts or team.rota})
        self.automation.config = wholly.model_copy(update={"teams": {"social": changed}})

    def run(self, now: datetime = NOON) -> dict[str, int]:
        return report_coverage(
            automation=self.automation,
            calendars=self.calendars,
            told=self.told,
            mail=self.mail,
            metrics=self.metrics,
            now=now,
        )


def calendar_of(*hours: tuple[int, int], **changes: Any) -> Hospital:
    """Return a hospital whose calendar has Maria from so many to so many hours after noon."""
    hospital = Hospital(calendars={"rota": {}}, teams=CALENDAR, admins=["maria"], **changes)
    hospital.calendars.spans["rota"] = [
        Span(start=NOON + a * HOUR, end=NOON + b * HOUR, staff_ids=("maria",)) for a, b in hours
    ]
    return hospital


def test_without_a_gap_nobody_hears_anything() -> None:
    hospital = Hospital()

    assert hospital.run() == {"gaps": 0, "new": 0, "told": 0}
    assert hospital.mail.sent == []
    assert hospital.metrics.counted == [("CoverageGapHours", 0, {})]


def test_a_gap_is_told_in_the_teams_wall_time_with_its_reason() -> None:
    hospital = calendar_of((0, 20), (30, 24 * 9))

    assert hospital.run() == {"gaps": 1, "new": 1, "told": 1}

    ((to, subject, text),) = hospital.mail.sent
    assert (to, subject) == ("maria@example.org", "Mercy Social: nobody would be rung")
    line = "social: Wed 14 Oct 08:00 to 18:00 (America/New_York), 10 h. Calendar rota names nobody."
    assert line in text.splitlines()
    assert hospital.metrics.total("CoverageGapHours") == 10


def test_a_gap_is_told_once_and_again_when_it_changes() -> None:
    hospital = calendar_of((0, 50), (60, 24 * 20))

    told = [hospital.run(NOON + days * DAY)["told"] for days in (0, 1)]
    hospital.calendars.spans["rota"][1] = Span(start=NOON + 62 * HOUR, end=NOON + 20 * DAY, staff_ids=("maria",))
    told += [hospital.run(NOON + DAY)["told"] for _ in range(2)]

    assert told == [1, 0, 1, 0]
    assert len(hospital.mail.sent) == 2


def test_a_gap_that_grows_smaller_or_has_begun_is_not_told_again() -> None:
    hospital = calendar_of((0, 50), (60, 24 * 20))
    hospital.run()

    hospital.calendars.spans["rota"][1] = Span(start=NOON + 55 * HOUR, end=NOON + 20 * DAY, staff_ids=("maria",))

    assert [hospital.run(NOON + hours * HOUR)["told"] for hours in (1, 52)] == [0, 0]


def test_a_gap_that_was_mended_and_comes_back_is_told_again() -> None:
    hospital = calendar_of((0, 50), (60, 24 * 20))
    gaps = list(hospital.calendars.spans["rota"])
    hospital.run()
    hospital.calendars.spans["rota"] = [Span(start=NOON, end=NOON + 20 * DAY, staff_ids=("maria",))]
    hospital.run(NOON + HOUR)
    hospital.calendars.spans["rota"] = gaps

    assert hospital.run(NOON + 2 * HOUR)["told"] == 1


def test_a_calendar_that_ends_is_told_once_and_not_anew_each_day() -> None:
    hospital = calendar_of((0, 24 * 5))

    assert [hospital.run(NOON + days * DAY)["told"] for days in range(9)] == [1, *[0] * 8]


def test_nights_without_anybody_are_told_as_they_come_near_beside_those_that_are_known() -> None:
    hospital = Hospital(OFFICE)

    first, second = hospital.run(), hospital.run(NOON + DAY)

    assert (first["new"], second["new"]) == (5, 1)
    text = hospital.mail.sent[-1][2]
    assert "4 gaps that you were told of are still there." in text
    assert len([line for line in text.splitlines() if line.startswith("social:")]) == 1


def test_who_is_told_are_the_admins_or_else_the_last_resort() -> None:
    assert {to for to, _, _ in _sent(admins=["maria", "james"])} == {"maria@example.org", "james@example.org"}
    staff = DOCUMENT["staff"] | {"chen": DOCUMENT["staff"]["chen"] | {"email": "chen@example.org"}}
    assert {to for to, _, _ in _sent(admins=[], staff=staff)} == {"chen@example.org"}


def _sent(**changes: Any) -> list[tuple[str, str, str]]:
    hospital = Hospital(OFFICE, **changes)
    hospital.run()
    return hospital.mail.sent


def test_what_nobody_could_be_told_is_raised_and_tried_again() -> None:
    hospital = Hospital(OFFICE)
    hospital.mail.failures["maria@example.org"] = [Rejected("no")]

    with pytest.raises(Misconfigured):
        hospital.run()

    assert hospital.told.gaps == ()
    assert hospital.metrics.total("CoverageGapHours") > 0
    assert hospital.run()["told"] == 1


def test_no_name_stands_in_the_mail() -> None:
    leave = {"maria": DOCUMENT["staff"]["maria"] | {"leave": [{"start": "2026-10-14", "end": "2026-10-15"}]}}
    hospital = Hospital({"on": ["maria"]}, staff=DOCUMENT["staff"] | leave)
    hospital.run()

    text = hospital.mail.sent[0][2]
    assert "On leave: maria." in text
    assert "Lopez" not in text
    assert "+1202555" not in text


@pytest.mark.parametrize(
    ("lasting", "said"),
    [
        (timedelta(minutes=45), "45 min"),
        (9 * HOUR, "9 h"),
        (DAY, "1 day"),
        (2 * DAY + 3 * HOUR + timedelta(minutes=5), "2 days 3 h 5 min"),
        (timedelta(0), "0 min"),
    ],
)
def test_a_length_is_said_as_people_say_it(lasting: timedelta, said: str) -> None:
    assert length(lasting) == said


def test_the_hour_that_comes_twice_is_counted_twice() -> None:
    night = Gap(
        team_id="social",
        start=datetime(2026, 11, 1, 4, 0, tzinfo=UTC),
        end=datetime(2026, 11, 1, 8, 0, tzinfo=UTC),
        reason="No shift covers it.",
    )

    assert sentence(config(), night) == "social: Sun 01 Nov 00:00 to 03:00 (America/New_York), 4 h. No shift covers it."


def test_the_handler_reports_with_what_is_wired(monkeypatch: pytest.MonkeyPatch) -> None:
    hospital = Hospital(OFFICE)
    event = json.loads((Path(__file__).parents[2] / "events" / "report_coverage.json").read_text())
    found = SimpleNamespace(posts_table="p", sender_email="social@example.org", receipts_set="r")
    monkeypatch.setattr(settings.ReportCoverage, "read", lambda: found)
    monkeypatch.setattr(app, "datetime", SimpleNamespace(now=lambda _: NOON))
    ports = {"automation": hospital.automation, "calendars": hospital.calendars, "told_gaps": hospital.told}
    for name, port in (ports | {"mail": hospital.mail, "metrics": hospital.metrics}).items():
        monkeypatch.setattr(wiring, name, lambda *_, port=port: port)
    context: Any = SimpleNamespace()

    assert app.handler(event, context)["told"] == 1
    assert hospital.metrics.flushes == 1
    hospital.automation.config = hospital.automation.last_good = None
    with pytest.raises((Misconfigured, Unavailable)):
        app.handler(event, context)
    assert hospital.metrics.flushes == 2
