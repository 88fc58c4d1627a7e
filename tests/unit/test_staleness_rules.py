"""Each rule of staleness at both ends of its promise, their order, and what hold, observe and ignore do."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from switchboard.config import Staleness as StalenessConfig
from switchboard.domain.governor import Governor
from switchboard.domain.outside import Outside
from switchboard.domain.post import Post, PostState
from switchboard.domain.staleness import Facts, Mode, Rule, Staleness, Thresholds, Waiting, judge, judge_all
from switchboard.domain.staleness_facts import OBSERVED_AT_FIRST, hour_of
from switchboard.domain.staleness_rules import RULES

NOW = datetime(2026, 10, 13, 14, tzinfo=UTC)
CALM = "Our nurses are here for you and your family, day and night."
HELD_BY_ALL = dict.fromkeys(Rule, Mode.HOLD)
STRICT = Thresholds(rules=HELD_BY_ALL)


def post(text: str = CALM, **fields: object) -> Post:
    known = Post(post_id="p1", channel="mercy-facebook", text=text, publish_at=NOW + timedelta(hours=1))
    return replace(known, **fields)  # type: ignore[arg-type]


def judged(one: Post, *others: Post, limits: Thresholds = STRICT, **facts: object) -> Staleness:
    return judge(one, now=NOW, others=others, thresholds=limits, facts=replace(Facts(), **facts))  # type: ignore[arg-type]


# --- crisis ------------------------------------------------------------------------------------------------------

CRISIS = "Maria Lopez stopped all posts on Tue 13 Oct 2026, 09:50: a fire in the north wing."


def test_a_crisis_comes_before_all_and_says_who_and_why() -> None:
    found = judged(post("Flu clinic Oct 10, 9am–1pm"), crisis=CRISIS)  # noqa: RUF001

    assert (found.rule, found.reason) == (Rule.CRISIS, CRISIS)
    assert any(line.startswith("Also: The event") for line in found.evidence)


def test_a_crisis_stops_what_a_person_resumed_before_it_and_not_what_they_gave_back_since() -> None:
    kept = post(kept_by="ana")

    assert judged(kept, crisis=CRISIS).rule is Rule.CRISIS
    assert not judged(kept, crisis=CRISIS, given_back=frozenset({"p1"})).hold


# --- campaigns and links -----------------------------------------------------------------------------------------


def test_a_campaign_is_over_when_its_end_has_come_at_the_time_of_the_post() -> None:
    one = post(campaign="flu-2026")

    assert judged(one, campaign_ends={"flu-2026": one.publish_at}).rule is Rule.CAMPAIGN_OVER
    assert not judged(one, campaign_ends={"flu-2026": one.publish_at + timedelta(seconds=1)}).hold
    assert not judged(one, campaign_ends={"gala": NOW}).hold


def test_a_dead_link_is_named_with_its_reason() -> None:
    found = judged(
        post(),
        links_of={"p1": ("https://example.org/a", "https://example.org/b"), "p2": ("https://example.org/c",)},
        dead_links={"https://example.org/b": "example.org answered 404.", "https://example.org/c": "gone"},
    )

    assert (found.rule, found.reason) == (Rule.LINK_DEAD, "Its link leads nowhere: example.org answered 404.")
    assert found.evidence == ("https://example.org/b: example.org answered 404.",)


# --- people who wait ---------------------------------------------------------------------------------------------


def test_where_the_governor_has_spoken_its_word_counts() -> None:
    few = Waiting(open_questions=3, oldest_since=NOW - timedelta(minutes=5))
    on = Governor(on=True, reason="3 questions wait; its posts rest until 2 or fewer wait.")

    resting = judged(post(), waiting={"mercy-facebook": few}, governors={"mercy-facebook": on})

    assert (resting.rule, resting.reason) == (Rule.PEOPLE_WAITING, on.reason)
    assert not judged(post(), waiting={"mercy-facebook": few}).hold


def published(number: int, days: int, **fields: object) -> Post:
    known = post(
        post_id=f"e{number}",
        publish_at=NOW - timedelta(days=days),
        state=PostState.PUBLISHED,
        platform_post_id=f"fb_{number}",
    )
    return replace(known, **fields)  # type: ignore[arg-type]


def test_people_who_wait_under_earlier_copies_hold_the_next_one() -> None:
    asked = {
        "fb_1": Waiting(open_questions=2, oldest_since=NOW - timedelta(hours=30)),
        "fb_2": Waiting(open_questions=1, oldest_since=NOW - timedelta(hours=3)),
        "fb_9": Waiting(open_questions=8, oldest_since=NOW),
    }

    found = judged(post(), published(1, 30), published(2, 2), waiting_under=asked)

    assert found.rule is Rule.WAITING_UNDER_COPY
    assert (
        found.reason == "3 questions under 2 earlier copies of this post wait for an answer, the oldest for 30 hours."
    )
    assert found.evidence == ("3 open", "oldest since Mon 12 Oct 2026, 04:00")


def test_who_waits_under_another_message_or_a_later_copy_holds_nothing() -> None:
    asked = {"fb_1": Waiting(open_questions=2, oldest_since=NOW)}
    another = published(1, 2, text="Meet the new pediatricians of Mercy at the Elm Street clinic in spring")
    later = published(1, -3)

    assert not judged(post(), another, waiting_under=asked).hold
    assert not judged(post(), later, waiting_under=asked).hold


def test_who_waits_under_a_copy_does_not_hold_what_goes_out_in_a_week() -> None:
    asked = {"fb_1": Waiting(open_questions=2, oldest_since=NOW)}

    assert not judged(post(publish_at=NOW + timedelta(days=7)), published(1, 2), waiting_under=asked).hold


def test_a_copy_that_a_scheduler_published_counts_by_its_own_id() -> None:
    asked = {"17": Waiting(open_questions=1)}
    copy = published(1, 2, platform_post_id=None, outside=Outside(scheduler="blog", external_id="17"))

    assert judged(post(), copy, waiting_under=asked).rule is Rule.WAITING_UNDER_COPY


# --- people who are there ----------------------------------------------------------------------------------------


def test_nobody_on_duty_goes_by_the_hour_in_which_it_would_go_out() -> None:
    one = post(publish_at=NOW + timedelta(hours=3, minutes=59))
    hour = hour_of(one.publish_at)

    assert judged(one, nobody_on_duty={("mercy-facebook", hour): "social"}).rule is Rule.NOBODY_ON_DUTY
    assert not judged(one, nobody_on_duty={("mercy-facebook", hour + timedelta(hours=1)): "social"}).hold
    assert not judged(one, nobody_on_duty={("mercy-blog", hour): "social"}).hold


def test_a_late_post_goes_by_the_hour_that_it_is_now() -> None:
    late = post(publish_at=NOW - timedelta(hours=5))

    assert judged(late, nobody_on_duty={("mercy-facebook", hour_of(NOW)): "social"}).rule is Rule.NOBODY_ON_DUTY


def test_an_owner_who_is_no_longer_known_has_left() -> None:
    mine = post(owner="ana")

    assert judged(mine, staff=frozenset({"maria"})).rule is Rule.OWNER_LEFT
    assert not judged(mine, staff=frozenset({"ana"})).hold
    assert not judged(mine).hold
    assert not judged(post(), staff=frozenset({"maria"})).hold


@pytest.mark.parametrize(
    ("review_by", "reviewed_at", "held"),
    [
        (timedelta(hours=1), None, True),
        (timedelta(hours=2), None, False),
        (timedelta(hours=-2), timedelta(hours=-3), True),
        (timedelta(hours=-2), timedelta(hours=-2), False),
    ],
)
def test_a_review_that_is_due_when_it_would_go_out_holds_it(
    review_by: timedelta, reviewed_at: timedelta | None, *, held: bool
) -> None:
    looked = NOW + reviewed_at if reviewed_at is not None else None

    found = judged(post(review_by=NOW + review_by, reviewed_at=looked))

    assert found.hold is held
    assert not held or found.rule is Rule.NOT_REVIEWED


# --- order and modes ---------------------------------------------------------------------------------------------


def everything() -> tuple[Post, list[Post], Facts]:
    one = post(
        f"{CALM} Oct 10, 9am.", campaign="c", owner="ana", created_at=NOW - timedelta(days=100), event_ends_at=None
    )
    copies = [published(number, number, text=CALM) for number in range(1, 4)]
    facts = Facts(
        crisis=CRISIS,
        waiting={"mercy-facebook": Waiting(open_questions=9)},
        waiting_under={"fb_1": Waiting(open_questions=1)},
        dead_links={"u": "404"},
        links_of={"p1": ("u",)},
        nobody_on_duty={("mercy-facebook", hour_of(one.publish_at)): "social"},
        staff=frozenset(),
        campaign_ends={"c": NOW},
    )
    return one, copies, facts


def test_the_rules_stand_in_their_order_and_each_can_match() -> None:
    one, copies, facts = everything()
    modes = dict(HELD_BY_ALL)
    found: list[Rule | None] = []
    while (decision := judge(one, now=NOW, others=copies, thresholds=Thresholds(rules=modes), facts=facts)).hold:
        found.append(decision.rule)
        modes[decision.rule or Rule.CRISIS] = Mode.IGNORE

    assert found == list(Rule) == [rule for rule, _ in RULES]


def test_an_observed_rule_says_what_it_would_do_and_holds_nothing() -> None:
    one, copies, facts = everything()
    observing = Thresholds(rules=dict.fromkeys(Rule, Mode.OBSERVE))

    found = judge(one, now=NOW, others=copies, thresholds=observing, facts=facts)

    assert (found.hold, found.rule, found.observed) == (False, None, tuple(Rule))
    assert all(line.startswith("Would hold: ") for line in found.evidence)
    assert len(found.evidence) == len(Rule)


def test_an_observed_rule_stands_beside_one_that_holds() -> None:
    old = post(created_at=NOW - timedelta(days=100), owner="ana")
    limits = Thresholds(rules={Rule.OWNER_LEFT: Mode.OBSERVE})

    found = judged(old, limits=limits, staff=frozenset({"maria"}))

    assert (found.rule, found.observed) == (Rule.NOT_REVIEWED, (Rule.OWNER_LEFT,))
    assert found.evidence[-1] == "Would hold: Its owner, ana, is no longer among the staff."


def test_an_ignored_rule_is_silent() -> None:
    found = judged(
        post(owner="ana"), limits=Thresholds(rules=dict.fromkeys(Rule, Mode.IGNORE)), staff=frozenset({"maria"})
    )

    assert (found.hold, found.evidence, found.observed) == (False, (), ())


def test_rules_that_need_setup_are_observed_until_told_otherwise() -> None:
    assert {rule for rule in Rule if Thresholds().mode_of(rule) is Mode.OBSERVE} == OBSERVED_AT_FIRST
    assert Thresholds(rules={Rule.LINK_DEAD: Mode.HOLD}).mode_of(Rule.LINK_DEAD) is Mode.HOLD


def test_the_config_has_the_same_modes_at_first() -> None:
    configured = dict(StalenessConfig().rules)

    assert {Rule(name): Mode(mode) for name, mode in configured.items()} == {
        rule: Thresholds().mode_of(rule) for rule in Rule if rule is not Rule.CRISIS
    }


# --- schedulers --------------------------------------------------------------------------------------------------


def outside(scheduler: str, number: int, days: int, state: PostState, channel: str = "mercy-facebook") -> Post:
    return post(
        post_id=f"{scheduler}:{number}",
        channel=channel,
        publish_at=NOW + timedelta(days=days),
        state=state,
        outside=Outside(scheduler=scheduler, external_id=str(number)),
    )


def test_copies_in_several_schedulers_are_counted_together() -> None:
    calendar = [
        outside("blog", 1, -6, PostState.PUBLISHED, "mercy-blog"),
        outside("buffer", 2, -4, PostState.PUBLISHED),
        published(3, 2, channel="mercy-web"),
    ]

    found = judged(post(), *calendar)

    assert found.rule is Rule.REPEATED
    assert found.evidence[0] == "4 times"
    assert found.evidence[-2:] == ("in 7 days", "about every 2 days")


@pytest.mark.parametrize("state", [PostState.UNKNOWN, PostState.DRAFT, PostState.FAILED])
def test_a_copy_outside_that_may_never_have_been_public_does_not_count(state: PostState) -> None:
    calendar = [outside("buffer", number, -number, state) for number in range(1, 6)]

    assert not judged(post(), *calendar).hold


def test_thresholds_go_by_channel_and_else_by_scheduler() -> None:
    daily = [outside("blog", number, number, PostState.SCHEDULED, f"c{number % 2}") for number in range(1, 9)]
    patient = Thresholds(repeat_count=50)

    by_scheduler = judge_all(daily, now=NOW, thresholds_by_channel={"blog": patient})
    by_both = judge_all(daily, now=NOW, thresholds_by_channel={"blog": patient, "c1": Thresholds()})

    assert not any(found.hold for found in by_scheduler)
    assert {found.post_id for found in by_both if found.hold} == {"blog:3", "blog:5", "blog:7"}


def test_the_order_in_which_posts_stand_changes_no_decision() -> None:
    one, copies, facts = everything()
    calendar = [one, *copies, *(outside("blog", n, n % 5, PostState.SCHEDULED) for n in range(1, 9))]
    first = {found.post_id: found for found in judge_all(calendar, now=NOW, facts=facts)}

    for seed in range(5):
        random.Random(seed).shuffle(calendar)  # noqa: S311 - a seeded order
        assert {found.post_id: found for found in judge_all(calendar, now=NOW, facts=facts)} == first


def test_only_some_are_decided_on_and_the_rest_are_there_as_copies() -> None:
    one, copies, facts = everything()
    calendar = [*copies, one]

    [alone] = judge_all(calendar, now=NOW, facts=facts, only=["p1"])

    assert alone == judge_all(calendar, now=NOW, facts=facts)[-1]
