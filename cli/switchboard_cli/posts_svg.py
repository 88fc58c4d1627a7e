"""Two weeks of posts as a picture to put on a page or to print: SVG without anything outside it.

Two rows of seven days; a post is a chip with its time and channel. What would be held is struck, red, and says why; the
legend counts each rule.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from switchboard.domain.post import Post
    from switchboard.domain.staleness import Staleness

DAYS, WEEK = 14, 7
WIDTH, CHIP, GAP, EDGE, HEAD, TITLE = 176, 40, 6, 24, 30, 74
MOST = 9
"""So many posts of one day are drawn; the rest is counted."""
_LETTERS = 24
_FONT = "system-ui,'Segoe UI',Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif"
_STYLE = f"""
text{{font:12px {_FONT};fill:#1b1f24}} .title{{font-size:18px;font-weight:600}} .small{{font-size:11px;fill:#57606a}}
.day{{font-weight:600}} .cell{{fill:#fff;stroke:#d0d7de}} .weekend{{fill:#f6f8fa}}
.today{{stroke:#0b5394;stroke-width:2}}
.chip{{fill:#e8f0f8;stroke:#8fb0cf}} .held{{fill:#fdecee;stroke:#c8102e}}
.why{{font-size:11px;fill:#a40e26;font-weight:600}}
.what{{font-size:11px}} .struck{{text-decoration:line-through;fill:#6e3b43}} .out{{fill:#f0f1f3;stroke:#c4c9d0}}
"""
WORDS = {
    "crisis": "all posts are stopped",
    "event_over": "the event is over",
    "campaign_over": "the campaign is over",
    "link_dead": "the link is dead",
    "repeated": "said before",
    "people_waiting": "people wait",
    "waiting_under_copy": "people wait under it",
    "nobody_on_duty": "nobody on duty",
    "owner_left": "the owner has left",
    "not_reviewed": "not reviewed",
}


def svg(judged: Sequence[tuple[Post, Staleness]], *, at: datetime, zone: str, title: str) -> str:
    """Return the two weeks from *at* on, on the wall of *zone*, as an SVG document."""
    wall = ZoneInfo(zone)
    first = at.astimezone(wall).date()
    days = [first + timedelta(days=number) for number in range(DAYS)]
    by_day = {day: [one for one in judged if one[0].publish_at.astimezone(wall).date() == day] for day in days}
    tall = [max(min(len(by_day[day]), MOST + 1) for day in days[begin : begin + WEEK]) for begin in (0, WEEK)]
    heights = [HEAD + max(rows, 2) * (CHIP + GAP) + GAP for rows in tall]
    width = 2 * EDGE + WEEK * WIDTH
    held = Counter(str(found.rule) for day in days for _, found in by_day[day] if found.hold)
    height = TITLE + sum(heights) + GAP + 2 * EDGE + 20
    total = sum(len(by_day[day]) for day in days)
    said = f"{_posts(total)} in two weeks, {sum(held.values())} would be held."
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc" lang="en">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(said)}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="{EDGE}" y="36" class="title">{escape(title)}</text>',
        f'<text x="{EDGE}" y="58" class="small">{escape(said)} Times of {escape(zone)}.</text>',
    ]
    top = TITLE
    for begin, tallness in zip((0, WEEK), heights, strict=True):
        for column, day in enumerate(days[begin : begin + WEEK]):
            is_today = day == first
            parts += _day(EDGE + column * WIDTH, top, tallness, day, by_day[day], wall, is_today=is_today)
        top += tallness + GAP
    parts += _legend(held, top + EDGE)
    return "\n".join([*parts, "</svg>", ""])


def _day(
    left: int,
    top: int,
    height: int,
    day: object,
    posts: Sequence[tuple[Post, Staleness]],
    wall: ZoneInfo,
    *,
    is_today: bool,
) -> Iterator[str]:
    name = f"{day:%a} {day:%d}".replace(" 0", " ") + f" {day:%b}"
    weekend = " weekend" if f"{day:%a}" in {"Sat", "Sun"} else ""
    today = " today" if is_today else ""
    yield f'<rect x="{left}" y="{top}" width="{WIDTH - GAP}" height="{height}" rx="6" class="cell{weekend}{today}"/>'
    yield f'<text x="{left + 10}" y="{top + 20}" class="day">{escape(name)}</text>'
    ordered = sorted(posts, key=lambda one: (one[0].publish_at, one[0].post_id))
    shown = ordered if len(ordered) <= MOST else ordered[: MOST - 1]
    for row, (post, found) in enumerate(shown):
        yield from _chip(left + 6, top + HEAD + row * (CHIP + GAP), post, found, wall)
    if len(shown) < len(ordered):
        under = top + HEAD + len(shown) * (CHIP + GAP) + 16
        yield f'<text x="{left + 12}" y="{under}" class="small">+{len(ordered) - len(shown)} more</text>'


def _chip(left: int, top: int, post: Post, found: Staleness, wall: ZoneInfo) -> Iterator[str]:
    kind = "held" if found.hold else ("chip" if post.state == "scheduled" else "out")
    at = post.publish_at.astimezone(wall)
    head = f"{at:%H:%M} {post.channel}"
    yield f"<g><title>{escape(f'{head}: {found.reason}')}</title>"
    yield f'<rect x="{left}" y="{top}" width="{WIDTH - GAP - 12}" height="{CHIP}" rx="4" class="{kind}"/>'
    struck = " struck" if found.hold else ""
    yield f'<text x="{left + 6}" y="{top + 15}" class="what{struck}">{escape(_cut(head, _LETTERS))}</text>'
    words = WORDS.get(str(found.rule), str(found.rule)) if found.hold else " ".join(post.text.split())
    style = "why" if found.hold else "small"
    yield f'<text x="{left + 6}" y="{top + 31}" class="{style}">{escape(_cut(words, _LETTERS))}</text></g>'


def _legend(held: Counter[str], top: int) -> Iterator[str]:
    left = EDGE
    for rule, number in sorted(held.items(), key=lambda one: (-one[1], one[0])):
        words = f"{number} \u00d7 {WORDS.get(rule, rule)}"
        yield f'<rect x="{left}" y="{top - 10}" width="12" height="12" rx="2" class="held"/>'
        yield f'<text x="{left + 18}" y="{top}">{escape(words)}</text>'
        left += 34 + 7 * len(words)


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "\u2026"


def _posts(number: int) -> str:
    return "1 post" if number == 1 else f"{number} posts"


def until(at: datetime, zone: str) -> datetime:
    """Return the end of the two weeks that are drawn."""
    wall = ZoneInfo(zone)
    return datetime.combine(at.astimezone(wall).date() + timedelta(days=DAYS), time(), tzinfo=wall)
