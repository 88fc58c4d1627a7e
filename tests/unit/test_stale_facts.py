"""What the timer brings the rules beside the posts: who waits, who is on duty, who has left, which links are dead."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from functions.pause_stale_posts.facts import LOOK_AGAIN, LOOK_EVERY, waiting_under
from switchboard.domain.intake import take_in
from switchboard.domain.outside import Outside
from switchboard.domain.post import Post, PostState
from switchboard.domain.question import Change, QuestionState
from tests.fakes.hospital import DOCUMENT, NOON, config, message
from tests.fakes.questions import FakeQuestions
from tests.unit.test_pause_stale_posts import DAY, HOUR, Calendar, post

if TYPE_CHECKING:
    from switchboard.domain.question import Question

STALE = {"rules": {"link_dead": "hold", "nobody_on_duty": "hold"}, "link_hosts": ["example.org", "*.example.org"]}


def question(thread_id: str) -> Question:
    asked = message(1, thread_id=thread_id)
    store = FakeQuestions()
    store.put([asked])
    change = take_in(store.load(asked.question_id), config(), now=NOON)
    assert change is not None
    return change.question


@pytest.mark.parametrize(
    ("thread_id", "platform_id"),
    [
        ("100200300400500_77/9001", "100200300400500_77"),  # a comment under a Page's post, as the webhook names it
        ("77_9001/5", "100200300400500_77"),  # a comment whose id begins with the post's
        ("1234/kim", "1234"),  # Mastodon
        ("at://did:plc:1/app.bsky.feed.post/3k/did:plc:2", "at://did:plc:1/app.bsky.feed.post/3k"),  # Bluesky
    ],
)
def test_who_waits_under_a_post_is_found_by_the_thread_they_wrote_in(thread_id: str, platform_id: str) -> None:
    out = post(1, state=PostState.PUBLISHED, platform_post_id=platform_id)
    elsewhere = post(2, state=PostState.PUBLISHED, platform_post_id="something else", channel="facebook")

    found = waiting_under([question(thread_id)], [out, elsewhere])

    assert {name: one.open_questions for name, one in found.items()} == {platform_id: 1}


def test_nobody_waits_under_a_post_of_another_channel_or_one_that_is_not_out() -> None:
    asked = [question("1234/kim")]

    assert waiting_under(asked, [post(1, state=PostState.PUBLISHED, platform_post_id="1234", channel="other")]) == {}
    assert waiting_under(asked, [post(1, platform_post_id="1234")]) == {}


def test_people_who_wait_under_an_earlier_copy_hold_the_next_one() -> None:
    said = "Free blood pressure checks at our health fair for everybody who comes."
    out = post(2, text=said, state=PostState.PUBLISHED, publish_at=NOON - DAY, platform_post_id="1_77")
    calendar = Calendar(post(1, text=said), out, staleness={"repeat_count": 100})
    calendar.ask(1)
    held = calendar.questions.unfinished()[0]
    assert calendar.run()["held"] == 0

    calendar.questions.commit(Change(question=replace(held, thread_id="1_77/9001", version=held.version + 1)))
    calendar.run()

    (hold,) = calendar.posts.holds()
    assert hold.rule == "waiting_under_copy"


def test_the_governor_goes_on_at_one_mark_and_off_at_a_lower_one() -> None:
    limits = {"people_waiting": 4, "people_waiting_until": 1, "waiting_longest": "100h"}
    calendar = Calendar(post(1), post(2), staleness=limits)
    for number in range(1, 5):
        calendar.ask(number)
    calendar.run()
    assert calendar.governors.on == {"facebook"}

    for asked in calendar.questions.unfinished()[:2]:
        calendar.questions.commit(_closed(asked))
    calendar.posts.put(post(3))
    calendar.run()
    assert calendar.state(3) is PostState.HELD  # two wait, fewer than four, and still too many

    calendar.questions.commit(_closed(calendar.questions.unfinished()[0]))
    calendar.posts.put(post(4))
    calendar.run()
    assert calendar.state(4) is PostState.SCHEDULED
    assert calendar.governors.on == frozenset()


def _closed(asked: Question) -> Change:
    done = replace(asked, state=QuestionState.CLOSED, next_action_at=None, version=asked.version + 1)
    return Change(question=done)


def test_a_link_is_dead_after_two_looks_that_lie_apart_and_no_other_site_is_asked() -> None:
    dead = "https://www.example.org/gone"
    calendar = Calendar(post(1, text=f"Sign up: {dead} or https://other.example/x"), staleness=STALE)
    calendar.links.dead = {dead}

    assert calendar.run()["held"] == 0
    assert calendar.run(NOON + timedelta(minutes=5))["held"] == 0
    assert calendar.run(NOON + LOOK_AGAIN)["held"] == 1

    assert calendar.links.asked == [dead, dead]
    (hold,) = calendar.posts.holds()
    assert (hold.rule, dead in " ".join(hold.evidence)) == ("link_dead", True)


def test_a_link_that_lives_is_looked_at_again_after_hours_only() -> None:
    calendar = Calendar(post(1, text="Sign up: https://www.example.org/here", publish_at=NOON + DAY), staleness=STALE)

    calendar.run()
    calendar.run(NOON + HOUR)
    calendar.run(NOON + LOOK_EVERY)

    assert len(calendar.links.asked) == 2


def test_without_allowed_sites_no_link_is_asked() -> None:
    calendar = Calendar(post(1, text="Sign up: https://www.example.org/here"))

    calendar.run()

    assert calendar.links.asked == []


def test_a_post_that_goes_out_while_everybody_is_on_leave_is_held_where_the_rule_holds() -> None:
    day = (NOON + DAY).date().isoformat()
    staff = {name: {**member, "leave": [{"start": day, "end": day}]} for name, member in DOCUMENT["staff"].items()}
    away, there = post(1, publish_at=NOON + DAY), post(2, publish_at=NOON + HOUR)
    calendar = Calendar(away, there, staff=staff, staleness=STALE)

    calendar.run()

    assert [calendar.state(number) for number in (1, 2)] == [PostState.HELD, PostState.SCHEDULED]
    (hold,) = calendar.posts.holds()
    assert hold.rule == "nobody_on_duty"


def test_by_default_that_is_only_observed() -> None:
    day = (NOON + DAY).date().isoformat()
    staff = {name: {**member, "leave": [{"start": day, "end": day}]} for name, member in DOCUMENT["staff"].items()}
    calendar = Calendar(post(1, publish_at=NOON + DAY), staff=staff)

    assert calendar.run()["held"] == 0
    assert calendar.metrics.total("PostsObserved", rule="nobody_on_duty") == 1


def test_an_owner_who_has_left_and_a_campaign_that_is_over_hold_a_post() -> None:
    calendar = Calendar(
        post(1, owner="somebody-who-left"),
        post(2, owner="maria"),
        post(3, campaign="flu"),
        post(4, campaign="spring"),
        posts={"campaigns": {"flu": (NOON - DAY).date().isoformat(), "spring": (NOON + 90 * DAY).date().isoformat()}},
    )

    calendar.run()

    assert {hold.post_id: hold.rule for hold in calendar.posts.holds()} == {"p1": "owner_left", "p3": "campaign_over"}


def test_a_rule_that_is_ignored_finds_nothing() -> None:
    calendar = Calendar(post(1, owner="somebody-who-left"), staleness={"rules": {"owner_left": "ignore"}})

    assert calendar.run() == {"judged": 1, "stale": 0, "held": 0}
    assert calendar.metrics.total("PostsObserved") == 0


def test_a_post_outside_is_asked_under_by_the_id_that_its_scheduler_gave_it() -> None:
    outside = Outside(scheduler="masto", external_id="1234")
    out = Post(
        post_id="masto:1234",
        channel="facebook",
        text="News.",
        publish_at=NOON - DAY,
        state=PostState.PUBLISHED,
        outside=outside,
    )

    assert waiting_under([question("1234/kim")], [out])["1234"].open_questions == 1
