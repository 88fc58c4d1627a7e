"""The page of the crisis switch: asked twice, turned by those who may, and it says what was not paused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from switchboard.domain.crisis import NotPaused, ended, listed, started
from switchboard.errors import Unavailable
from tests.fakes.automation import FakeAutomation
from tests.fakes.hospital import config
from tests.fakes.posted import held, waiting
from tests.fakes.visitor import House, Page, Phone

SCHEDULERS = {"blog": {"kind": "wordpress", "channel": "website"}, "toots": {"kind": "mastodon"}}
WHY = "A storm has hit the city"


@pytest.fixture
def house() -> House:
    return House(automation=FakeAutomation(config(admins=["maria", "james"], schedulers=SCHEDULERS)))


@pytest.fixture
def maria(house: House) -> Phone:
    return house.phone("maria")


def send(phone: Phone, action: str, **fields: str) -> Page:
    csrf = phone.house.sessions.sessions
    token = next(session.csrf_token for session in reversed(csrf.values()))
    return phone.post(f"/inbox/crisis/{action}", {"csrf": token} | fields)


def start(house: House) -> None:
    """Turn the switch as the verb does."""
    found = started(None, reason=WHY, by="maria", via="inbox", until=house.now + timedelta(hours=6), now=house.now)
    assert found is not None
    house.crises.save(found)


def test_it_is_asked_twice_and_says_what_will_be_stopped(house: House, maria: Phone) -> None:
    house.posts.put(waiting())
    form = maria.get("/inbox/crisis").form("start")

    asked = maria.post("/inbox/crisis/start", form | {"reason": WHY, "until": "2026-10-14T08:00"})

    assert asked.status == 200
    assert house.crises.current() is None
    for words in (
        "Stop all posts?",
        WHY,
        "Until Wed 14 Oct, 08:00",
        "1 post of our own queue is held.",
        "Mastodon and WordPress",
    ):
        assert words in asked.text
    sure = asked.form("start")
    assert maria.post("/inbox/crisis/start", sure).status == 303
    crisis = house.crises.current()
    assert crisis is not None
    assert (crisis.reason, crisis.started_by, crisis.via) == (WHY, "maria", "inbox")
    assert (crisis.until - house.now) == timedelta(hours=19, minutes=59)
    assert {to for to, _, _ in house.mail.sent} == {"maria@example.org", "james@example.org"}


def test_without_an_end_it_lasts_a_day(house: House, maria: Phone) -> None:
    asked = send(maria, "start", reason=WHY)
    maria.post("/inbox/crisis/start", asked.form("start"))

    crisis = house.crises.current()
    assert crisis is not None
    assert crisis.until == (house.now + timedelta(days=1)).replace(second=0)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": " "}, "Say why"),
        ({"reason": WHY, "until": "2026-10-13T11:00"}, "Its end has passed"),
        ({"reason": WHY, "until": "later"}, "Choose a day and a time."),
    ],
)
@pytest.mark.parametrize("sure", [{}, {"sure": "yes"}])
def test_what_is_wrong_is_told_and_starts_nothing(
    house: House, maria: Phone, fields: dict[str, str], said: str, sure: dict[str, str]
) -> None:
    page = send(maria, "start", **fields, **sure)

    assert page.status == 400
    assert said in page.text
    assert house.crises.current() is None


def test_only_admins_may_turn_it_and_the_others_are_told_whom_to_ask(house: House) -> None:
    chen = house.phone("chen")

    page = chen.get("/inbox/crisis")
    assert "Maria Lopez or James Okafor may turn this switch." in page.text
    assert "<form" not in page.text
    refused = send(chen, "start", reason=WHY, sure="yes")

    assert refused.status == 403
    assert house.crises.current() is None
    start(house)
    assert send(chen, "end", sure="yes").status == 403
    assert "All posts are stopped" in chen.get("/inbox/posts").text


def test_before_the_first_look_it_says_when_to_look_again(house: House, maria: Phone) -> None:
    start(house)

    page = maria.get("/inbox/crisis").text

    assert "Within a minute it stands here what was paused and what was not." in page
    assert "Maria Lopez stopped them at 12:01, until 18:01." in page


def test_what_was_not_paused_stands_there_with_why_and_a_link(house: House, maria: Phone) -> None:
    start(house)
    now = house.crises.current()
    assert now is not None
    escaped = [
        NotPaused(
            post_id="blog:1/2", scheduler="blog", channel="website", why="It can only be read.", publish_at=house.now
        ),
        NotPaused(post_id="", scheduler="toots", channel="", why="toots could not be read: it did not answer"),
    ]
    after = listed(now, held=3, not_paused=escaped, now=house.now)
    assert after is not None
    house.crises.save(after)

    page = maria.get("/inbox/crisis")

    assert "It can only be read." in page.text
    assert "3 posts are held for it" in page.text
    assert "Mastodon" in page.text
    assert [link for link in page.links if link.endswith("/inbox/posts/blog%3A1%2F2")]
    assert "2 could not be paused" in maria.get("/inbox/posts").text


def test_everything_paused_is_said_so(house: House, maria: Phone) -> None:
    start(house)
    now = house.crises.current()
    assert now is not None
    after = listed(now, held=1, not_paused=[], now=house.now)
    assert after is not None
    house.crises.save(after)

    page = maria.get("/inbox/crisis").text

    assert "Everything is paused." in page
    assert "1 post is held for it" in page


def test_it_is_ended_by_who_is_sure_and_what_is_held_stays_held(house: House, maria: Phone) -> None:
    held(house, waiting())
    start(house)

    assert send(maria, "end").status == 409
    assert send(maria, "end", sure="yes").status == 303

    crisis = house.crises.current()
    assert crisis is not None
    assert (crisis.ended_by, crisis.is_in_force(house.now)) == ("maria", False)
    assert len(house.posts.holds()) == 1
    page = maria.get("/inbox/crisis").text
    assert f"Maria Lopez: {WHY}, ended by Maria Lopez" in page


def test_of_two_who_end_it_at_once_both_see_that_it_is_over(house: House, maria: Phone) -> None:
    start(house)

    def other() -> None:
        before = house.crises.current()
        after = ended(before, by="james", now=house.now)
        assert after is not None
        house.crises.save(after)

    house.crises.before_save.append(other)

    assert send(maria, "end", sure="yes").status == 303
    crisis = house.crises.current()
    assert crisis is not None
    assert crisis.ended_by == "james"


def test_one_that_the_config_says_is_ended_there(maria: Phone, house: House) -> None:
    house.automation = FakeAutomation(config(admins=["maria"], crisis={"reason": WHY}))

    page = maria.get("/inbox/crisis").text

    assert "The automation config stopped them" in page
    assert "It is written in the automation config" in page
    assert "crisis/end" not in page


@pytest.mark.parametrize("action", ["start", "end"])
@pytest.mark.parametrize("csrf", [None, "", "forged"])
def test_a_forged_form_does_nothing(house: House, maria: Phone, action: str, csrf: str | None) -> None:
    if action == "end":
        start(house)
    before = house.crises.current()
    fields = {"reason": WHY, "sure": "yes"} | ({} if csrf is None else {"csrf": csrf})

    assert maria.post(f"/inbox/crisis/{action}", fields).status == 403
    assert house.crises.current() == before


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing_and_needs_a_session(house: House, maria: Phone, method: str) -> None:
    start(house)
    before = house.crises.current()

    assert maria.get("/inbox/crisis", method).status == 200
    assert house.crises.current() == before
    assert house.phone().get("/inbox/crisis", method).status == 401


def test_a_store_that_does_not_answer_is_no_quiet_page(
    house: House, maria: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise Unavailable("no answer")

    monkeypatch.setattr(house.crises, "current", fail)

    assert maria.get("/inbox/crisis").status == 503
    assert maria.get("/inbox/posts").status == 503
