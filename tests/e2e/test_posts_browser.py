"""The pages of posts in a real browser: a phone without scripts, and a desk; Debian's Chromium on fakes.

Screenshots are left in .local/screens, for a person to look at.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from switchboard.domain.crisis import NotPaused, listed, started
from switchboard.domain.outside import Pausing, Step
from switchboard.domain.post import HoldState, PostState
from tests.e2e.test_inbox_browser import FAINT, base, browser, phone, pytestmark, shoot
from tests.fakes.automation import FakeAutomation
from tests.fakes.hospital import config
from tests.fakes.posted import held, held_outside, waiting
from tests.fakes.visitor import House

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext
    from playwright.sync_api import Page as Tab

__all__ = ["base", "browser", "phone", "pytestmark"]

SCHEDULERS = {
    "blog": {"kind": "wordpress", "channel": "website", "owner": "james"},
    "toots": {"kind": "mastodon", "channel": "facebook"},
}
UNLABELLED = """[...document.querySelectorAll('input:not([type=hidden]),select,textarea')]
  .filter(e => !e.labels.length).map(e => e.id)"""
SMALL = """[...document.querySelectorAll('button,select,summary,input:not([type=hidden],[type=checkbox]),.button')]
  .filter(e => e.offsetHeight && e.offsetHeight < 44).map(e => e.outerHTML.slice(0, 80))"""
TWICE = "(ids => ids.filter((id, at) => ids.indexOf(id) < at))([...document.querySelectorAll('[id]')].map(e => e.id))"


@pytest.fixture
def house() -> House:
    changes: dict[str, Any] = {
        "posts": {"approvals": {"clinical": ["maria", "james"]}},
        "schedulers": SCHEDULERS,
        "admins": ["james"],
    }
    return House(automation=FakeAutomation(config(**changes)))


def fill(house: House) -> None:
    """Make the calendar look as calendars do."""
    day = timedelta(days=1)
    held(house, waiting())
    held_outside(
        house,
        rule="repeated",
        reason="It says the same as 11 other posts: the 12th within 12 days.",
        evidence=("12 posts from 1 to 12 Oct, every day at about 9:00", "On Facebook and on the website"),
    )
    held_outside(
        house,
        "17",
        state=HoldState.NOT_HELD,
        step=None,
        rule="people_waiting",
        reason="7 people wait for an answer on the website, the longest for 6 hours.",
        problem="blog can only be read: pause it there by hand.",
    )
    texts = (
        "Our cafeteria has a new menu: look what is on it this week.",
        "Meet Ana, who has been a midwife at Mercy for thirty years.",
        "Wash your hands: twenty seconds are one chorus of your favourite song.",
        "Job fair on Thursday from 10 to 3 in the auditorium. Bring your questions!",
    )
    for number, text in enumerate(texts):
        house.posts.put(waiting(f"p-{number}", text=text, publish_at=house.now + day * (number + 1) + day / 12))
        house.posts.put(waiting(f"q-{number}", text=text[::-1], publish_at=house.now + day * (number * 2 + 5)))
    house.posts.put(
        waiting(
            "clinic",
            text="Is it a cold or the flu? Five signs.",
            state=PostState.TO_APPROVE,
            category="clinical",
            author="james",
        )
    )
    house.posts.put(waiting("draft", text="Thank you to all who came.", state=PostState.DRAFT))


def open_posts(house: House, base: str, context: BrowserContext, staff_id: str = "maria") -> Tab:
    tab = context.new_page()
    tab.goto(base + house.link(staff_id, question_id=""))
    tab.get_by_role("button").click()
    tab.get_by_role("link", name="Posts").click()
    expect(tab).to_have_title("Posts - Mercy Social")
    return tab


def test_a_held_post_is_looked_at_and_given_back(house: House, base: str, phone: BrowserContext) -> None:
    fill(house)
    tab = open_posts(house, base, phone)
    shoot(tab, "posts-1-list")

    tab.get_by_role("link", name="The event is over").click()
    expect(tab.get_by_role("heading", name="The event is over")).to_be_visible()
    shoot(tab, "posts-2-held")
    tab.get_by_role("button", name="Give it back for Fri 16 Oct, 12:00").click()

    expect(tab.get_by_role("status")).to_contain_text("You gave it back. It goes out Fri 16 Oct, 12:00.")
    assert house.posts["p1"].kept_by == "maria"
    shoot(tab, "posts-3-given-back")


def test_a_post_outside_is_edited_rescheduled_and_another_discarded(
    house: House, base: str, phone: BrowserContext
) -> None:
    fill(house)
    hold = held_outside(house, "a/b:c#d", how=Pausing.RECREATE)
    tab = open_posts(house, base, phone)
    tab.locator("#held + p + ul a").filter(has_text="The same message for the 12th day.").click()
    expect(tab.get_by_text("It was taken out of WordPress.")).to_be_visible()

    tab.get_by_text("Edit and reschedule").click()
    tab.get_by_label("Text").fill("Other words, and another day.")
    tab.get_by_label("When it goes out").fill("2026-10-20T09:30")
    shoot(tab, "posts-4-reschedule")
    tab.get_by_role("button", name="Give it back for this time").click()
    expect(tab.get_by_text("It is being given back in WordPress.")).to_be_visible()
    assert [(one.post_id, one.step) for one in house.posts.moving()] == [(hold.post_id, Step.RESUMING)]

    tab.goto(f"{base}/inbox/posts/p1")
    tab.get_by_text("Discard it", exact=True).click()
    tab.get_by_role("button", name="Discard it for good").click()
    expect(tab.get_by_role("alert")).to_contain_text("Tick that you are sure")
    tab.get_by_text("Discard it", exact=True).click()
    tab.get_by_label("I am sure").check()
    shoot(tab, "posts-5-discard")
    tab.get_by_role("button", name="Discard it for good").click()
    expect(tab.get_by_role("status")).to_contain_text("You discarded it.")


def test_what_cannot_be_paused_says_what_to_do_there(house: House, base: str, phone: BrowserContext) -> None:
    fill(house)
    tab = open_posts(house, base, phone)

    tab.get_by_role("link", name="Not paused").first.click()
    expect(tab.get_by_text("Open it in WordPress, and make it a draft or delete it there.")).to_be_visible()
    expect(tab.get_by_role("link", name="Open it in WordPress")).to_have_attribute(
        "href", "https://blog.example.org/wp-admin/12"
    )
    shoot(tab, "posts-6-by-hand")


def test_a_post_is_written_mended_repeated_and_approved(
    house: House, base: str, phone: BrowserContext, browser: Browser
) -> None:
    tab = open_posts(house, base, phone)
    tab.get_by_role("link", name="Write a post").click()
    tab.get_by_label("Text").fill("Know the signs of a stroke: face, arms, speech, time.")
    tab.get_by_text("Picture, owner, category").click()
    tab.get_by_label("Category").fill("clinical")
    tab.get_by_label("Address of a picture").fill("https://img.example.org/fast.png")
    tab.get_by_text("Repeat it").click()
    shoot(tab, "posts-7-new")
    tab.get_by_label("Repeat every").fill("2")
    tab.get_by_role("button", name="Schedule it").click()

    expect(tab.get_by_role("alert")).to_contain_text("3 things are to mend")
    shoot(tab, "posts-8-problems")
    tab.get_by_label("When it goes out").fill("2026-10-15T10:00")
    tab.get_by_label("What the picture shows").fill("A clock and a face")
    tab.get_by_label("Or how often in all").fill("4")
    tab.get_by_role("button", name="Schedule it").click()
    expect(tab.get_by_text("It waits for approval by James Okafor.")).to_be_visible()
    shoot(tab, "posts-9-waits")

    other = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    james = open_posts(house, base, other, "james")
    james.get_by_role("link", name="Know the signs").first.click()
    shoot(james, "posts-10-approve")
    james.get_by_role("button", name="Approve the whole series").click()
    expect(james.get_by_role("status")).to_contain_text("You approved it.")
    assert {post.approved_by for post in house.posts.in_state([PostState.SCHEDULED])} == {"james"}
    assert len(house.posts.in_state([PostState.SCHEDULED])) == 3
    other.close()


def test_all_posts_are_stopped_and_the_switch_is_ended(house: House, base: str, phone: BrowserContext) -> None:
    fill(house)
    tab = open_posts(house, base, phone, "james")
    tab.get_by_role("link", name="Stop all posts").click()
    tab.get_by_role("button", name="Stop all posts").click()
    expect(tab.get_by_role("alert")).to_contain_text("Say why")
    tab.get_by_label("Why?").fill("A storm has hit the city")
    tab.get_by_label("Until when?").fill("2026-10-14T08:00")
    shoot(tab, "crisis-1-start")
    tab.get_by_role("button", name="Stop all posts").click()

    expect(tab.get_by_role("heading", name="Stop all posts?")).to_be_visible()
    assert house.crises.current() is None
    shoot(tab, "crisis-2-confirm")
    tab.get_by_role("button", name="Yes, stop all posts now").click()
    expect(tab.get_by_role("heading", name="All posts are stopped")).to_be_visible()
    expect(tab.get_by_role("status")).to_contain_text("Within a minute")

    list_what_was_not_paused(house)
    tab.reload()
    expect(tab.get_by_text("It can only be read")).to_be_visible()
    shoot(tab, "crisis-3-stopped")
    tab.get_by_role("link", name="All posts").click()
    expect(tab.get_by_role("link", name="2 could not be paused")).to_be_visible()
    shoot(tab, "crisis-4-posts")

    tab.get_by_role("link", name="2 could not be paused").click()
    tab.get_by_text("End it", exact=True).first.click()
    tab.get_by_label("I am sure").check()
    tab.get_by_role("button", name="End it").click()
    expect(tab.get_by_role("heading", name="Stop all posts")).to_be_visible()
    tab.get_by_text("Earlier").click()
    shoot(tab, "crisis-5-ended")


def list_what_was_not_paused(house: House) -> None:
    """Do what the timer does."""
    crisis = house.crises.current()
    assert crisis is not None
    escaped = [
        NotPaused(
            post_id="blog:17",
            scheduler="blog",
            channel="website",
            why="It can only be read: pause it there by hand.",
            publish_at=house.now + timedelta(hours=3),
        ),
        NotPaused(post_id="", scheduler="toots", channel="", why="toots could not be read: it did not answer."),
    ]
    after = listed(crisis, held=9, not_paused=escaped, now=house.now)
    assert after is not None
    house.crises.save(after)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_pages_fit_and_can_be_read_by_everybody(
    house: House, base: str, browser: Browser, scheme: Any, width: int
) -> None:
    fill(house)
    house.posts.put(replace(waiting("long"), text="Donaudampfschifffahrtsgesellschaft" * 4))
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True, device_scale_factor=1
    )
    tab = open_posts(house, base, context, "james")
    for path in ("posts", "posts/new", "posts/p1", "posts/clinic", "posts/p-1", "posts/blog%3A17", "crisis", "stopped"):
        if path == "stopped":
            crisis = started(None, reason="A storm", by="james", via="inbox", until=None, now=house.now)
            assert crisis is not None
            house.crises.save(crisis)
            list_what_was_not_paused(house)
        tab.goto(f"{base}/inbox/{path.replace('stopped', 'crisis')}")
        shoot(tab, f"page-{scheme}-{width}-{path.replace('/', '-').replace('%3A', '-')}")
        for summary in tab.locator("summary").all():
            summary.click()
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, path
        assert tab.evaluate(UNLABELLED) == []
        assert tab.evaluate(SMALL) == []
        assert tab.evaluate(TWICE) == []
        assert tab.evaluate(FAINT) == []
        assert tab.locator("h1").count() == 1
    context.close()
