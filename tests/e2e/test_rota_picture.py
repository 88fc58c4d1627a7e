"""The picture of a rota in a real browser: every word is inside it, and none stands on another.

Screenshots are left in .local/screens, for a person to look at.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from switchboard.domain.rota_chart import charts
from switchboard_cli.config_file import check_file
from switchboard_cli.rota_svg import svg
from tests.e2e.test_inbox_browser import ARGUMENTS, CHROMIUM, SCREENS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 10, 26, 14, 14, tzinfo=UTC)
BOXES = """() => [...document.querySelectorAll("svg text")].map(one => {
    const box = one.getBBox();
    return {words: one.textContent, left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height};
})"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium, or make browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield found
        found.close()


@pytest.mark.parametrize("days", [3, 7, 14, 31, 62])
@pytest.mark.parametrize("file", ["tests/unit/samples/rota.yaml", "config/example.yaml"])
def test_every_word_can_be_read(browser: Browser, file: str, days: int) -> None:
    config = check_file(ROOT / file).config
    assert config is not None
    drawing = svg(charts(config, list(config.teams), NOW, days, {}), config)
    tab = browser.new_page()
    tab.set_content(f'<body style="margin: 0">{drawing}')

    boxes: list[dict[str, Any]] = tab.evaluate(BOXES)
    size = tab.evaluate(
        "() => { const box = document.querySelector('svg').viewBox.baseVal; return [box.width, box.height] }"
    )

    SCREENS.mkdir(parents=True, exist_ok=True)
    tab.set_viewport_size({"width": int(size[0]), "height": int(size[1])})
    tab.screenshot(path=SCREENS / f"rota-{Path(file).stem}-{days}.png")
    tab.close()
    assert [one["words"] for one in boxes if one["left"] < 0 or one["right"] > size[0] or one["bottom"] > size[1]] == []
    over = [
        (one["words"], two["words"])
        for number, one in enumerate(boxes)
        for two in boxes[number + 1 :]
        if min(one["right"], two["right"]) - max(one["left"], two["left"]) > 1
        and min(one["bottom"], two["bottom"]) - max(one["top"], two["top"]) > 4  # pixels between base lines
    ]
    assert over == []
