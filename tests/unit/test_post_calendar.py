"""Two weeks of posts as a calendar, and as a picture that nothing can break out of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from switchboard.domain.post import Post, PostState
from switchboard.domain.post_calendar import DAYS, MOST, two_weeks
from switchboard.domain.staleness import Staleness
from switchboard.domain.staleness_facts import Rule
from switchboard_cli.posts_svg import COLOURS, WORDS, svg

ZONE = "America/New_York"
AT = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
"""Late on Sunday, the 25th, on the wall; the clocks change on the next Sunday."""


def judged(
    number: int, at: datetime, rule: Rule | None = None, *, text: str = "Flu shots", channel: str = "facebook"
) -> tuple[Post, Staleness]:
    post = Post(post_id=f"p{number}", channel=channel, text=text, publish_at=at)
    return post, Staleness(post_id=post.post_id, hold=rule is not None, rule=rule, reason="because")


def test_the_two_weeks_begin_with_the_day_on_the_wall_and_have_fourteen_days_when_clocks_change() -> None:
    first, last = datetime(2026, 10, 25, 4, 0, tzinfo=UTC), datetime(2026, 11, 8, 4, 59, tzinfo=UTC)
    posts = [judged(1, first), judged(2, last), judged(3, first - timedelta(minutes=1)), judged(4, last + timedelta(1))]

    calendar = two_weeks(posts, at=AT, zone=ZONE)

    assert [day.day for day in calendar.days] == [date(2026, 10, 25) + timedelta(days=number) for number in range(DAYS)]
    assert [one.post_id for one in calendar.days[0].entries] == ["p1"]
    assert [one.post_id for one in calendar.days[-1].entries] == ["p2"]
    assert (calendar.total, calendar.elsewhere, calendar.days[0].is_first) == (2, 2, True)
    assert calendar.sentence == "2 posts in two weeks, 0 would be held. 2 more stand before or after."


@pytest.mark.parametrize(("number", "shown", "more"), [(MOST, MOST, 0), (MOST + 1, MOST - 1, 2), (40, MOST - 1, 32)])
def test_a_long_day_shows_the_first_and_counts_the_rest(number: int, shown: int, more: int) -> None:
    posts = [judged(one, AT + timedelta(hours=12, minutes=one), Rule.REPEATED) for one in range(number)]

    day = two_weeks(posts, at=AT, zone=ZONE).days[1]

    assert (len(day.entries), day.more, day.more_held) == (shown, more, more)


def test_what_would_be_held_is_counted_by_rule_the_most_first() -> None:
    rules = [Rule.REPEATED, Rule.EVENT_OVER, Rule.EVENT_OVER, None]
    posts = [judged(number, AT + timedelta(days=1), rule) for number, rule in enumerate(rules)]

    assert two_weeks(posts, at=AT, zone=ZONE).held == (("event_over", 2), ("repeated", 1))


def test_every_rule_has_its_words_in_the_picture() -> None:
    assert set(WORDS) == {str(rule) for rule in Rule}


@pytest.mark.parametrize("narrow", [False, True])
def test_nothing_that_is_written_breaks_the_picture(narrow: bool) -> None:  # noqa: FBT001 - a parameter
    odd = ["<script>alert(1)</script>", "\x00\x08\x1b", "\ud83d", "&amp; ]]>", '"onload="x', "", "\u202e" * 500]
    posts = [
        judged(number, AT + timedelta(hours=3 * number), text=text, channel=text) for number, text in enumerate(odd)
    ]

    drawing = svg(posts, at=AT, zone=ZONE, title="<b>", narrow=narrow)

    root = ET.fromstring(drawing.encode())  # noqa: S314 - our own picture
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        "svg", "title", "desc", "style", "rect", "text", "g"
    }  # fmt: skip
    assert "http" not in drawing.replace("http://www.w3.org/2000/svg", "")


def test_a_channel_keeps_its_colour_and_none_is_the_red_of_what_is_held() -> None:
    names = [f"channel-{number}" for number in range(len(COLOURS) + 2)]
    posts = [judged(number, AT + timedelta(days=1), channel=name) for number, name in enumerate(names)]

    drawing = svg(posts, at=AT, zone=ZONE, title="Posts")

    assert len(set(COLOURS)) == len(COLOURS)
    assert "#c8102e" not in COLOURS
    assert all(colour in drawing for colour in COLOURS)


def test_a_draft_and_what_is_out_are_not_drawn_as_coming() -> None:
    post, found = judged(1, AT + timedelta(days=1))
    draft = Post(post_id="d", channel="facebook", text="Flu", publish_at=post.publish_at, state=PostState.DRAFT)

    assert 'class="out"' not in svg([(post, found)], at=AT, zone=ZONE, title="Posts")
    assert 'class="out"' in svg([(draft, found)], at=AT, zone=ZONE, title="Posts")
