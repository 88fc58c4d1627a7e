"""The rules of staleness at the very second of their limits, and a crisis in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from switchboard.domain.crisis import MOST_LISTED, NO_END, Crisis, NotPaused, end_of, listed, sentence, started
from switchboard.domain.post import Post
from switchboard.domain.staleness import Facts, Mode, Rule, Staleness, Thresholds, Waiting, judge

NOW = datetime(2026, 10, 13, 14, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ZONE = "America/New_York"


def judged(text: str = "Our nurses are here for you.", *, only: Rule | None = None, **given: object) -> Staleness:
    facts = {name: given.pop(name) for name in ("waiting", "waiting_under") if name in given}
    known = Post(post_id="p1", channel="c", text=text, publish_at=NOW + timedelta(hours=1))
    modes = {rule: Mode.HOLD if only in (None, rule) else Mode.IGNORE for rule in Rule}
    return judge(
        replace(known, **given),  # type: ignore[arg-type]
        now=NOW,
        thresholds=Thresholds(rules=modes),
        facts=replace(Facts(), **facts),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(("off", "holds"), [(-SECOND, True), (timedelta(), True), (SECOND, False)])
def test_an_event_that_ends_when_the_post_goes_out_is_over(off: timedelta, *, holds: bool) -> None:
    goes_out = NOW + timedelta(hours=1)
    assert judged(event_ends_at=goes_out + off).hold is holds
    assert judged("Flu shots Oct 13, 9 to 11 am.", publish_at=NOW + timedelta(hours=1) - off).hold is holds


@pytest.mark.parametrize(("off", "holds"), [(timedelta(), True), (SECOND, False)])
def test_people_who_wait_hold_what_goes_out_within_a_day(off: timedelta, *, holds: bool) -> None:
    waiting = {"c": Waiting(open_questions=9)}
    at = NOW + timedelta(days=1) + off
    assert judged(only=Rule.PEOPLE_WAITING, waiting=waiting, publish_at=at).hold is holds


@pytest.mark.parametrize(("off", "holds"), [(timedelta(), False), (SECOND, True)])
def test_nobody_has_looked_at_it_for_more_than_a_quarter(off: timedelta, *, holds: bool) -> None:
    seen = NOW + timedelta(hours=1) - timedelta(days=90) - off
    written = judged(only=Rule.NOT_REVIEWED, created_at=seen)
    reviewed = judged(only=Rule.NOT_REVIEWED, created_at=NOW - timedelta(days=900), reviewed_at=seen)
    assert (written.hold, reviewed.hold) == (holds, holds)
    if holds:
        assert written.reason.startswith("It was written, and never reviewed, 90 days")
        assert reviewed.reason.startswith("It was reviewed 90 days")
        assert (written.evidence[0].split()[0], reviewed.evidence[0].split()[0]) == ("written", "reviewed")


def test_what_goes_on_from_a_day_is_over_only_by_a_deadline() -> None:
    assert not judged("Masks are required from Oct 5. See our Oct 9 update.").hold
    assert judged("Classes from Oct 5. Register by Oct 9.").hold


def test_a_word_for_a_day_counts_only_where_no_date_stands() -> None:
    late = NOW - timedelta(days=2)
    assert judged("Tonight at 6 pm: ask a cardiologist.", publish_at=late).hold
    assert not judged("Tonight at 6 pm we light the tree. It shines until Dec 31.", publish_at=late).hold


def test_a_deadline_after_which_nothing_can_be_done_is_the_end() -> None:
    found = judged("Register by Oct 9 for our Oct 20 class.")
    assert found.hold
    assert found.reason.startswith("The deadline in this post was Fri 9 Oct 2026")


def test_the_last_of_several_dates_is_named() -> None:
    found = judged("Flu shots Oct 5, Oct 9 and Oct 12.")
    assert found.reason.startswith("The event in this post ended on Mon 12 Oct 2026;")
    assert found.evidence == ("Oct 5", "Oct 9", "Oct 12")


def test_the_oldest_who_waits_under_a_copy_has_waited_for_a_time_or_not_at_all() -> None:
    copy = Post(
        post_id="p0", channel="c", text="Our nurses are here for you.", publish_at=NOW, platform_post_id="f1"
    )  # fmt: skip
    for since, said in ((NOW - timedelta(hours=3), "the oldest for 3 hours"), (NOW, "for an answer.")):
        found = judge(
            replace(copy, post_id="p1", publish_at=NOW + timedelta(hours=1), platform_post_id=None),
            now=NOW,
            others=[replace(copy, publish_at=NOW - timedelta(days=3))],
            thresholds=Thresholds(rules=dict.fromkeys(Rule, Mode.HOLD)),
            facts=replace(Facts(), waiting_under={"f1": Waiting(open_questions=1, oldest_since=since)}),
        )
        assert said in found.reason
        assert ("the oldest" in found.reason) is (since < NOW)


# --- a crisis in words


def a_crisis(**changes: object) -> Crisis:
    until = datetime(2026, 10, 14, 2, 5, tzinfo=UTC)
    known = Crisis(reason="A fire.", started_by="maria", started_at=NOW, until=until, via="inbox")
    return replace(known, **changes)  # type: ignore[arg-type]


def test_who_stopped_the_posts_until_when_and_why() -> None:
    said = "All automatic posts are stopped by maria until Tue 13 Oct, 22:05: A fire."
    assert sentence(a_crisis(), ZONE) == said
    assert sentence(a_crisis(via="config"), ZONE) == said.replace("maria", "the automation config")


def test_a_crisis_of_the_config_without_an_end_ends_with_it() -> None:
    assert end_of(a_crisis(until=NO_END), ZONE) == "it is taken out of the config"
    assert end_of(a_crisis(until=NO_END - timedelta(days=1)), ZONE).startswith("Mon 30 Dec")


def test_the_list_is_in_the_order_in_which_posts_go_out_and_names_so_many() -> None:
    def one(number: int, *, timed: bool = True) -> NotPaused:
        at = NOW + timedelta(minutes=number) if timed else None
        return NotPaused(post_id=f"p{number:03}", scheduler="s", channel="c", why="full", publish_at=at)

    given = [one(number) for number in range(MOST_LISTED + 1, 0, -1)] + [one(0, timed=False)]
    after = listed(a_crisis(), held=3, not_paused=given, now=NOW)

    assert after is not None
    assert (after.held, after.open_count, after.version, after.listed_at) == (3, MOST_LISTED + 2, 2, NOW)
    assert [named.post_id for named in after.not_paused] == [f"p{number:03}" for number in range(1, MOST_LISTED + 1)]
    few = listed(a_crisis(), held=0, not_paused=[one(0, timed=False), one(2), one(1)], now=NOW)
    assert few is not None
    assert [named.post_id for named in few.not_paused] == ["p001", "p002", "p000"]


def test_a_reason_is_one_line_of_at_most_two_hundred_letters() -> None:
    def reason(said: str) -> str:
        crisis = started(None, reason=said, by="maria", via="cli", until=None, now=NOW)
        assert crisis is not None
        assert (crisis.version, crisis.until) == (1, NOW + timedelta(hours=24))
        return crisis.reason

    assert reason("  a\n fire ") == "a fire"
    assert reason("") == "no reason was given"
    assert len(reason("x" * 300)) == 200


def test_a_crisis_in_force_is_only_ever_made_longer() -> None:
    running = a_crisis(version=4)
    for until, version in ((running.until, None), (running.until + SECOND, 5)):
        after = started(running, reason="Again.", by="chen", via="sms", until=until, now=NOW)
        assert (after.version if after else None) == version
        if after:
            assert (after.reason, after.started_by, after.prolonged_by) == ("A fire.", "maria", "chen")
    again = started(a_crisis(version=4, ended_at=NOW), reason="Again.", by="chen", via="sms", until=None, now=NOW)
    assert again is not None
    assert (again.version, again.started_by) == (5, "chen")
