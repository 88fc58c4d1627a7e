"""The picture of two weeks of posts in a real browser: every word is inside its chip, and none stands on another.

Screenshots are left in .local/screens, for a person to look at.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from switchboard.domain.post import Post
from switchboard.domain.staleness import Staleness
from switchboard.domain.staleness_facts import Rule
from switchboard_cli.png import write_png
from switchboard_cli.posts_svg import svg
from tests.e2e.test_inbox_browser import ARGUMENTS, CHROMIUM, SCREENS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

AT = datetime(2026, 10, 26, 14, 0, tzinfo=UTC)
TEXTS = (
    "Our health fair is on Saturday. Come and have your blood pressure checked.",
    "MWMWMWMWMWMWMWMWMWMWMWMWMWMWMWMWMWMWMWMWMWMWMWMW",
    "Vacúnese contra la gripe mañana, ¡sin cita previa! 💉💉💉💉💉💉💉💉💉💉💉💉",
    "健康講座は土曜日に開かれます。どなたでもご参加ください。",
    "<b>Wash</b> your hands & say hello",
)
CHANNELS = ("facebook", "mastodon", "linkedin-careers-page-of-the-hospital", "WWW", "blog", "x", "instagram")
BOXES = """() => [...document.querySelectorAll("svg text")].map(one => {
    const box = one.getBBox();
    const chip = one.parentNode.tagName === "g" ? one.parentNode.querySelector("rect").getBBox() : null;
    return {words: one.textContent, left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height,
            inside: chip === null || (box.x >= chip.x && box.x + box.width <= chip.x + chip.width
                                      && box.y >= chip.y && box.y + box.height <= chip.y + chip.height)};
})"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium, or make browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


def posts(number: int) -> list[tuple[Post, Staleness]]:
    """Return so many, most of them in the first days; every other would be held, by each rule in turn."""
    rules = list(Rule)
    made: list[tuple[Post, Staleness]] = []
    for one in range(number):
        post = Post(
            post_id=str(one),
            channel=CHANNELS[one % len(CHANNELS)],
            text=TEXTS[one % len(TEXTS)],
            publish_at=AT + timedelta(hours=(one * one * 7) % 330),
        )
        rule = rules[one // 2 % len(rules)] if one % 2 else None
        made.append((post, Staleness(post_id=post.post_id, hold=rule is not None, rule=rule, reason="because")))
    return made


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("number", [0, 1, 40, 200])
def test_every_word_can_be_read(browser: Browser, number: int, narrow: bool) -> None:  # noqa: FBT001 - a parameter
    drawing = svg(posts(number), at=AT, zone="America/New_York", title="The coming two weeks", narrow=narrow)
    tab = browser.new_page()
    tab.set_content(f'<body style="margin: 0">{drawing}')

    boxes: list[dict[str, Any]] = tab.evaluate(BOXES)
    size = tab.evaluate(
        "() => { const box = document.querySelector('svg').viewBox.baseVal; return [box.width, box.height] }"
    )

    SCREENS.mkdir(parents=True, exist_ok=True)
    tab.set_viewport_size({"width": int(size[0]), "height": int(size[1])})
    tab.screenshot(path=SCREENS / f"posts-{number}{'-phone' if narrow else ''}.png")
    tab.close()
    assert [one["words"] for one in boxes if one["left"] < 0 or one["right"] > size[0] or one["bottom"] > size[1]] == []
    assert [one["words"] for one in boxes if not one["inside"]] == []
    over = [
        (one["words"], two["words"])
        for count, one in enumerate(boxes)
        for two in boxes[count + 1 :]
        if min(one["right"], two["right"]) - max(one["left"], two["left"]) > 1
        and min(one["bottom"], two["bottom"]) - max(one["top"], two["top"]) > 4  # pixels between base lines
    ]
    assert over == []
    if narrow:
        assert size[0] <= 360


def test_the_png_is_the_whole_picture_twice_as_fine(tmp_path: Path) -> None:
    drawing = svg(posts(40), at=AT, zone="America/New_York", title="The coming two weeks")

    write_png(drawing, tmp_path / "weeks.png")

    content = (tmp_path / "weeks.png").read_bytes()
    width, height = (int.from_bytes(content[at : at + 4]) for at in (16, 20))
    assert content.startswith(b"\x89PNG")
    assert f'width="{width // 2}" height="{height // 2}"' in drawing
