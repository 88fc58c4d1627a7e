"""Away, back and sign-out in the inbox: by one's own form only, with the pager's fence, across night and clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from functions.inbox.absence import away_until
from switchboard.domain.pager import Pager, hear
from tests.fakes.hospital import NOON
from tests.fakes.visitor import House, Phone

NEW_YORK = "America/New_York"


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def maria(house: House) -> Phone:
    return house.phone("maria")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 10, 14, 0, 0, tzinfo=UTC), datetime(2026, 10, 14, 12, 0, tzinfo=UTC)),  # 20:00: tomorrow
        (datetime(2026, 10, 14, 7, 30, tzinfo=UTC), datetime(2026, 10, 14, 12, 0, tzinfo=UTC)),  # 03:30: this morning
        (datetime(2026, 10, 14, 8, 0, tzinfo=UTC), datetime(2026, 10, 15, 12, 0, tzinfo=UTC)),  # 04:00: the next
        (datetime(2026, 11, 1, 2, 0, tzinfo=UTC), datetime(2026, 11, 1, 13, 0, tzinfo=UTC)),  # clocks go back tonight
        (datetime(2026, 3, 8, 3, 0, tzinfo=UTC), datetime(2026, 3, 8, 12, 0, tzinfo=UTC)),  # clocks go forward tonight
    ],
)
def test_until_the_morning_is_eight_on_the_wall(now: datetime, expected: datetime) -> None:
    assert away_until("morning", now, NEW_YORK) == expected


def test_hours_are_hours_and_nothing_else_is_a_length() -> None:
    assert away_until("1h", NOON, NEW_YORK) == NOON + timedelta(hours=1)
    assert away_until("4h", NOON, NEW_YORK) == NOON + timedelta(hours=4)
    assert away_until("forever", NOON, NEW_YORK) is None
    assert away_until("", NOON, NEW_YORK) is None


def test_away_and_back_write_the_pager(house: House, maria: Phone) -> None:
    form = maria.get("/inbox").form("away")

    assert maria.post("/inbox/away", form | {"for": "4h"}).status == 303
    assert house.pagers["maria"].away_until == house.now + timedelta(hours=4)

    form = maria.get("/inbox").form("back")
    assert maria.post("/inbox/back", form).status == 303
    assert house.pagers["maria"].away_until is None


@pytest.mark.parametrize("action", ["away", "back", "sign-out"])
@pytest.mark.parametrize("csrf", [None, "", "forged"])
def test_a_forged_form_does_nothing(house: House, maria: Phone, action: str, csrf: str | None) -> None:
    fields = {"for": "4h"} | ({} if csrf is None else {"csrf": csrf})
    before = dict(house.pagers.stored)

    assert maria.send("POST", f"/inbox/{action}", body=urlencode(fields)).status == 403
    assert house.pagers.stored == before
    assert maria.get("/inbox").status == 200


def test_a_pager_that_changes_at_the_same_moment_is_written_again(house: House, maria: Phone) -> None:
    form = maria.get("/inbox").form("away")

    def texts() -> None:
        heard = hear(house.pagers["maria"], "in-1")
        assert heard is not None
        house.pagers.save(heard)

    house.pagers.before_save.append(texts)

    assert maria.post("/inbox/away", form | {"for": "1h"}).status == 303
    assert house.pagers["maria"] == Pager(
        staff_id="maria", heard=("in-1",), away_until=house.now + timedelta(hours=1), version=2
    )


def test_a_length_that_is_none_is_refused(house: House, maria: Phone) -> None:
    form = maria.get("/inbox").form("away")

    assert maria.post("/inbox/away", form | {"for": "forever"}).status == 400
    assert house.pagers["maria"].away_until is None


def test_signing_out_ends_the_session_on_the_server(maria: Phone) -> None:
    cookie = maria.cookie
    form = maria.get("/inbox").form("sign-out")

    page = maria.post("/inbox/sign-out", form)
    maria.cookie = cookie

    assert page.status == 200
    assert maria.get("/inbox").status == 401


def test_a_link_to_the_list_signs_in_and_lands_there(house: House) -> None:
    phone = house.phone()
    link = house.link("maria", question_id="")

    page = phone.post(link, {})

    assert page.status == 303
    assert page.header("location").endswith("inbox")
