"""The rota as a picture: every hour is where it belongs, and what nobody covers cannot be overlooked."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from switchboard.domain.rota import Span, duty
from switchboard.domain.rota_chart import Chart, charts
from switchboard_cli.config_file import check_file
from switchboard_cli.rota_svg import svg
from switchboard_cli.rota_text import drawn
from tests.fakes.hospital import DOCUMENT, config

if TYPE_CHECKING:
    from switchboard.config import AutomationConfig

NEW_YORK = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
OFFICE = {"start": "08:00", "end": "18:00", "on": ["maria"]}
NIGHT = {"start": "18:00", "end": "08:00", "on": ["james", "chen"]}
SVG = "{http://www.w3.org/2000/svg}"


def at(text: str, zone: str = "America/New_York") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def hospital(*rota: Any, leave: Any = (), **changes: Any) -> AutomationConfig:
    staff = DOCUMENT["staff"] | {"maria": DOCUMENT["staff"]["maria"] | {"leave": list(leave)}}
    return config(**{"teams": {"social": {"rota": list(rota) or [OFFICE, NIGHT]}}, "staff": staff} | changes)


def chart(found: AutomationConfig, now: str = "2026-11-23T10:00", days: int = 7, calendars: Any = None) -> Chart:
    zone = found.zone_of("social")
    return charts(found, ["social"], at(now, zone), days, calendars or {})[0]


def lines(found: Chart, automation: AutomationConfig, *, width: int = 80, plain: bool = True) -> list[str]:
    return [line.plain for line in drawn(found, automation, width=width, plain=plain)]


# --- what is in it ---------------------------------------------------------------------------------------------------


def test_a_person_has_a_row_with_their_duty_and_rank() -> None:
    found = chart(hospital(), days=2)

    rows = {row.staff_id: row.bars for row in found.rows}
    assert [(bar.start, bar.end, bar.rank) for bar in rows["maria"]] == [
        (at("2026-11-23T08:00"), at("2026-11-23T18:00"), 0),
        (at("2026-11-24T08:00"), at("2026-11-24T18:00"), 0),
    ]
    assert [(bar.start, bar.end, bar.rank) for bar in rows["chen"]] == [
        (at("2026-11-23T00:00"), at("2026-11-23T08:00"), 1),
        (at("2026-11-23T18:00"), at("2026-11-24T08:00"), 1),
        (at("2026-11-24T18:00"), at("2026-11-25T00:00"), 1),
    ]
    assert found.on_duty == ("Maria Lopez",)


@pytest.mark.parametrize(
    ("zone", "now", "hours"),
    [
        ("America/New_York", "2026-10-31T10:00", [24, 25, 24]),
        ("America/New_York", "2027-03-13T10:00", [24, 23, 24]),
        ("Pacific/Auckland", "2026-12-31T10:00", [24, 24, 24]),
        ("Pacific/Kiritimati", "2026-12-31T23:59", [24, 24, 24]),
        ("Pacific/Auckland", "2027-04-03T10:00", [24, 25, 24]),
        ("Africa/Cairo", "2027-04-29T10:00", [24, 23, 24]),
        ("UTC", "2028-02-28T10:00", [24, 24, 24]),
    ],
)
def test_days_are_those_of_the_zone_whatever_its_clocks_do(zone: str, now: str, hours: list[int]) -> None:
    found = chart(hospital(zone=zone), now, days=3)

    assert [(day.end - day.start) / HOUR for day in found.days] == hours
    assert [day.odd_hours for day in found.days] == [0 if count == 24 else count for count in hours]
    assert found.days[0].day == date.fromisoformat(now[:10])
    assert all(one.end == two.start for one, two in zip(found.days, found.days[1:], strict=False))


def test_a_day_that_was_left_out_is_not_shown() -> None:
    found = chart(hospital(zone="Pacific/Apia"), "2011-12-29T10:00", days=3)

    assert [day.day.isoformat() for day in found.days] == ["2011-12-29", "2011-12-31"]


def test_holidays_and_weekends_are_known() -> None:
    found = chart(hospital(holidays=[{"day": "2026-11-26", "name": "Thanksgiving"}]))

    assert [day.holiday for day in found.days] == ["", "", "", "Thanksgiving", "", "", ""]
    assert [day.is_weekend for day in found.days] == [False] * 5 + [True] * 2


def test_the_bars_of_a_chart_are_who_is_on_duty_at_every_hour() -> None:
    found = hospital(
        {"rotation": {"members": ["maria", "james", "chen"], "since": "2026-10-05T07:00", "every": "1d"}},
        leave=[{"start": "2026-11-01", "end": "2026-11-02"}],
    )
    shown = chart(found, "2026-10-30T10:00", days=5)

    moment = shown.start
    while moment < shown.end:
        bars = [(bar.rank, row.staff_id) for row in shown.rows for bar in row.bars if bar.start <= moment < bar.end]
        assert tuple(staff_id for _, staff_id in sorted(bars)) == duty(found, "social", moment), moment
        moment += HOUR


def test_gaps_end_with_the_picture_and_are_of_this_team() -> None:
    calendars = {"rota": (Span(start=at("2026-11-24T00:00"), end=at("2026-11-26T00:00"), staff_ids=("maria",)),)}
    teams = {"social": {"rota": [{"calendar": "rota"}]}, "other": {"rota": [{"on": ["james"]}]}}
    found = hospital(teams=teams, calendars={"rota": {}})

    social, other = charts(found, ["social", "other"], at("2026-11-23T10:00"), 7, calendars)

    assert [(gap.start, gap.end) for gap in social.gaps] == [
        (at("2026-11-23T00:00"), at("2026-11-24T00:00")),
        (at("2026-11-26T00:00"), at("2026-11-30T00:00")),
    ]
    assert other.gaps == ()


# --- in the terminal -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("days", [1, 3, 7, 14, 31, 90])
@pytest.mark.parametrize("plain", [True, False])
def test_the_chart_fits_the_terminal(width: int, days: int, plain: bool) -> None:  # noqa: FBT001 - a parameter
    found = hospital()

    shown = lines(chart(found, days=days), found, width=width, plain=plain)

    assert max(map(len, shown)) <= width
    assert not plain or all(line.isascii() for line in shown)
    assert "\n".join(shown).count("Maria Lopez ") >= 1


def test_each_cell_shows_what_most_of_it_is() -> None:
    found = hospital({"days": ["mon"], "start": "06:00", "end": "18:00", "on": ["maria", "james"]}, {"on": ["chen"]})

    shown = lines(chart(found, days=1), found, width=34)

    rows = {
        line[:13].strip(): line[13:]
        for line in shown
        if line[:13].strip() in {"Maria Lopez", "James Okafor", "Wei Chen"}
    }
    assert rows["Maria Lopez"] == "|  ######   |"
    assert "======" in rows["James Okafor"]
    assert re.fullmatch(r"###[-=]{6}###\|", rows["Wei Chen"])


def test_a_gap_of_five_minutes_is_as_loud_as_one_of_a_day() -> None:
    minute = timedelta(minutes=1)
    start = at("2026-11-23T00:00")
    calendars = {
        "rota": (
            Span(start=start, end=start + 14 * HOUR, staff_ids=("maria",)),
            Span(start=start + 14 * HOUR + 5 * minute, end=start + 99 * HOUR, staff_ids=("james",)),
        )
    }
    found = hospital({"calendar": "rota"}, calendars={"rota": {}})

    shown = lines(chart(found, days=2, calendars=calendars), found)

    (nobody,) = [line for line in shown if line.startswith("NOBODY")]
    assert nobody.count("!") == 1
    assert any(line.startswith("GAP  social: Mon 23 Nov 14:00 to 14:05") for line in shown)
    assert any("nobody would be rung" in line for line in shown)


def test_without_a_gap_no_row_says_nobody() -> None:
    found = hospital()

    assert not [line for line in lines(chart(found), found) if "NOBODY" in line or "GAP" in line]


def test_who_is_on_duty_now_is_said_and_pointed_at() -> None:
    found = hospital()
    shown = lines(chart(found, "2026-11-24T19:30"), found)

    assert shown[1] == "On duty, Tue 24 Nov 19:30: James Okafor, then Wei Chen"
    assert [line.strip() for line in shown].count("v") == 1


def test_when_nobody_is_on_duty_now_that_is_said_at_once() -> None:
    found = hospital(leave=[{"start": "2026-11-23", "end": "2026-11-24"}])

    assert "nobody, only the last resort would be rung" in lines(chart(found), found)[1]


def test_many_gaps_are_told_in_part() -> None:
    found = hospital(
        {"on": ["maria"]}, leave=[{"start": f"2026-11-{day:02}", "end": f"2026-11-{day:02}"} for day in range(2, 30, 2)]
    )
    shown = lines(chart(found, "2026-11-01T10:00", days=30), found)

    assert len([line for line in shown if line.startswith("GAP")]) == 12
    assert shown[-1] == "and 2 more; switchboard rota coverage names them all"


def test_holidays_and_days_of_odd_length_are_told() -> None:
    found = hospital(holidays=[{"day": "2026-10-31", "name": "All Hallows"}])
    shown = lines(chart(found, "2026-10-31T10:00"), found)

    assert "* Sat 31 Oct: All Hallows" in shown
    assert "Sun 01 Nov: clocks change, 25 hours" in shown


# --- as a picture ----------------------------------------------------------------------------------------------------


def picture(found: AutomationConfig, **how: Any) -> ET.Element:
    return ET.fromstring(svg([chart(found, **how)], found))  # noqa: S314 - our own


def boxes(root: ET.Element, kind: str) -> list[tuple[float, float]]:
    """The left and right of each box of the class *kind*, without those of the legend."""
    found = [one for one in root.iter(f"{SVG}rect") if one.get("class") == kind and float(one.get("width", 0)) != 22]
    return [(float(one.get("x", 0)), float(one.get("x", 0)) + float(one.get("width", 0))) for one in found]


def test_the_picture_is_xml_with_a_title_and_says_in_words_what_it_shows() -> None:
    found = hospital(leave=[{"start": "2026-11-24", "end": "2026-11-24"}])
    root = picture(found)

    assert root.get("role") == "img"
    ids = str(root.get("aria-labelledby")).split()
    texts = {one.get("id"): one.text for one in root.iter() if one.get("id") in ids}
    assert texts["title"] == "Mercy Social: who is on duty"
    assert "on duty Mon 23 Nov 10:00 is Maria Lopez" in str(texts["desc"])
    assert "Nobody would be rung: social: Tue 24 Nov 08:00 to 18:00 (America/New_York), 10 h. On leave: maria." in str(
        texts["desc"]
    )


def test_nothing_outside_is_loaded_and_names_cannot_break_out() -> None:
    staff = DOCUMENT["staff"] | {"maria": DOCUMENT["staff"]["maria"] | {"name": '<script>"&Maria'}}
    text = svg([chart(hospital(staff=staff))], hospital(staff=staff))

    assert "<script>" not in text
    assert ET.fromstring(text) is not None  # noqa: S314 - our own
    assert re.findall(r"https?://[^\s\"'<]+", text) == ["http://www.w3.org/2000/svg"]


def test_a_gap_is_red_numbered_and_told() -> None:
    root = picture(hospital(leave=[{"start": "2026-11-24", "end": "2026-11-24"}]))
    words = ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]

    ((left, right),) = boxes(root, "gap")
    assert boxes(root, "band") == [(left, right)]
    assert "Nobody" in words
    assert "1. social: Tue 24 Nov 08:00 to 18:00 (America/New_York), 10 h. On leave: maria." in words


def test_hours_stand_at_their_place_also_when_the_day_has_25() -> None:
    found = hospital({"on": ["maria"]}, leave=[{"start": "2026-11-01", "end": "2026-11-01"}])
    root = picture(found, now="2026-10-31T10:00", days=3)
    days = sorted({float(one.get("x1", 0)) for one in root.iter(f"{SVG}line") if one.get("x1") == one.get("x2")})

    ((left, right),) = boxes(root, "gap")
    assert any(abs(left - day) < 0.2 for day in days)
    assert any(abs(right - day) < 0.2 for day in days)
    assert "25 h" in ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]


def test_nothing_is_drawn_outside_the_picture() -> None:
    for days in (1, 7, 31, 120):
        root = picture(hospital(leave=[{"start": "2026-11-24", "end": "2026-11-24"}]), days=days)
        width, height = float(root.get("width", 0)), float(root.get("height", 0))
        for one in root.iter():
            x, y = float(one.get("x") or one.get("x1") or 0), float(one.get("y") or one.get("y1") or 0)
            assert 0 <= x + float(one.get("width") or 0) <= width + 1
            assert 0 <= y <= height


def test_several_teams_stand_one_below_the_other() -> None:
    found = hospital(teams={name: {"rota": [{"on": ["maria"]}]} for name in ("social", "other")})
    root = ET.fromstring(svg(charts(found, ["social", "other"], at("2026-11-23T10:00"), 7, {}), found))  # noqa: S314

    tops = [float(one.get("y", 0)) for one in root.iter(f"{SVG}text") if one.get("class") == "title"]
    assert len(tops) == 2
    assert tops[1] - tops[0] > 100


def test_the_picture_of_the_guide_is_what_the_tool_draws() -> None:
    root = Path(__file__).parents[2]
    found = check_file(root / "tests" / "unit" / "samples" / "rota.yaml").config
    assert found is not None

    drawing = svg(charts(found, ["social"], at("2026-10-26T10:14"), 14, {}), found)

    remedy = "run: switchboard rota show tests/unit/samples/rota.yaml --at 2026-10-26T10:14 --svg docs/rota.svg"
    assert (root / "docs" / "rota.svg").read_text(encoding="utf-8") == drawing, remedy
