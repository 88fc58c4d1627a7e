"""Two weeks of posts as a picture to put on a page or to print: SVG without anything outside it.

Two rows of seven days, or for a phone one day below the other. A post is a chip with its time, its channel and its
words; the stripe is the channel's colour. What would be held is struck, red, and says why; the legend counts each rule.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from switchboard.domain.post_calendar import two_weeks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from switchboard.domain.post import Post
    from switchboard.domain.post_calendar import Calendar, CalendarDay, Entry
    from switchboard.domain.staleness import Staleness

GAP, HEAD, TITLE, LINE = 6, 30, 76, 20
CHIP, HELD = 40, 56
_FONT = "system-ui,'Segoe UI',Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif"
_STYLE = f"""
svg{{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
text{{font:12px {_FONT};fill:#1b1f24}} .title{{font-size:18px;font-weight:600}} .small{{font-size:11px;fill:#57606a}}
.day{{font-weight:600}} .cell{{fill:#fff;stroke:#d0d7de}} .weekend{{fill:#f6f8fa}}
.today{{stroke:#0b5394;stroke-width:2}}
.chip{{fill:#f3f7fb;stroke:#c3d3e3}} .held{{fill:#fdecee;stroke:#c8102e;stroke-dasharray:4 2}}
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
COLOURS = ("#0b5394", "#b45f06", "#38761d", "#674ea7", "#0e7c86", "#a64d79", "#7f6000", "#444444")
"""Of the channels, in order of their names; none is the red of what is held."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_THIN, _NARROW, _BROAD = frozenset("ijl.,:;'|I"), frozenset(" frt-()[]!/`"), frozenset("mwMW@%&…—")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    columns: int
    column: int
    edge: int
    least: int

    @property
    def width(self) -> int:
        return 2 * self.edge + self.columns * self.column - GAP


_WIDE = _Layout(columns=7, column=176, edge=24, least=2)
_PHONE = _Layout(columns=1, column=342, edge=12, least=0)


def svg(judged: Sequence[tuple[Post, Staleness]], *, at: datetime, zone: str, title: str, narrow: bool = False) -> str:
    """Return the two weeks from *at* on, on the wall of *zone*, as an SVG document; *narrow* is for a phone."""
    layout = _PHONE if narrow else _WIDE
    calendar = two_weeks(judged, at=at, zone=zone)
    colours = {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(calendar.channels)}
    drawn: list[str] = []
    top = TITLE
    for begin in range(0, len(calendar.days), layout.columns):
        row = calendar.days[begin : begin + layout.columns]
        height = max(*(_height(day) for day in row), HEAD + layout.least * (CHIP + GAP) + GAP)
        for column, day in enumerate(row):
            drawn += _day(layout.edge + column * layout.column, top, height, day, layout, colours)
        top += height + GAP
    legend, bottom = _legend(calendar, colours, layout, top + 22)
    said = f"{calendar.sentence} Times of {zone}."
    size = f'viewBox="0 0 {layout.width} {bottom}" width="{layout.width}" height="{bottom}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc" lang="en">',
            f'<title id="title">{_safe(title)}</title>',
            f'<desc id="desc">{_safe(said)}</desc>',
            f"<style>{_STYLE}</style>",
            f'<rect width="{layout.width}" height="{bottom}" fill="#fff"/>',
            f'<text x="{layout.edge}" y="36" class="title">{_safe(title)}</text>',
            *_said(said, layout),
            *drawn,
            *legend,
            "</svg>",
            "",
        ]
    )


def _said(words: str, layout: _Layout) -> Iterator[str]:
    """Yield the line below the title, on a phone parted where its second sentence begins."""
    lines = [words] if layout.columns > 1 else [f"{words.partition('. ')[0]}.", words.partition(". ")[2]]
    for number, line in enumerate(lines):
        yield f'<text x="{layout.edge}" y="{54 + 14 * number}" class="small">{_safe(line)}</text>'


def _height(day: CalendarDay) -> int:
    chips = sum((HELD if one.rule else CHIP) + GAP for one in day.entries)
    return HEAD + chips + (LINE + GAP if day.more else 0) + (GAP if chips else 0)


def _day(
    left: int, top: int, height: int, day: CalendarDay, layout: _Layout, colours: Mapping[str, str]
) -> Iterator[str]:
    width = layout.column - GAP
    kind = f"cell{' weekend' if day.is_weekend else ''}{' today' if day.is_first else ''}"
    yield f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="6" class="{kind}"/>'
    yield f'<text x="{left + 10}" y="{top + 20}" class="day">{day.day:%a} {day.day.day} {day.day:%b}</text>'
    under = top + HEAD
    for one in day.entries:
        yield from _chip(left + 6, under, width - 12, one, colours.get(one.channel, COLOURS[-1]))
        under += (HELD if one.rule else CHIP) + GAP
    if day.more:
        held = f", {day.more_held} of them held" if day.more_held else ""
        yield f'<text x="{left + 12}" y="{under + 14}" class="small">+{day.more} more{held}</text>'


def _chip(left: int, top: int, width: int, one: Entry, colour: str) -> Iterator[str]:
    kind = "held" if one.rule else ("chip" if one.is_coming else "out")
    height = HELD if one.rule else CHIP
    head = f"{one.at:%H:%M} {one.channel}".strip()
    struck = " struck" if one.rule else ""
    room = width - 18
    yield f"<g><title>{_safe(f'{head}: {one.text} - {one.reason}')}</title>"
    yield f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="4" class="{kind}"/>'
    yield f'<rect x="{left + 4}" y="{top + 5}" width="3" height="{height - 10}" rx="1.5" fill="{colour}"/>'
    yield f'<text x="{left + 12}" y="{top + 16}" class="what{struck}">{_safe(_cut(head, room))}</text>'
    yield f'<text x="{left + 12}" y="{top + 32}" class="small{struck}">{_safe(_cut(one.text, room))}</text>'
    if one.rule:
        why = _cut(WORDS.get(one.rule, one.rule), room)
        yield f'<text x="{left + 12}" y="{top + 48}" class="why">{_safe(why)}</text>'
    yield "</g>"


def _legend(calendar: Calendar, colours: Mapping[str, str], layout: _Layout, top: int) -> tuple[list[str], int]:
    """Return the marks and their words, in as many lines as they need, and where the picture ends."""
    held = [('class="held"', f"{number} \u00d7 {WORDS.get(rule, rule)}") for rule, number in calendar.held]
    channels = [(f'fill="{colour}"', name) for name, colour in colours.items()]
    others = any(not one.is_coming and not one.rule for day in calendar.days for one in day.entries)
    drawn: list[str] = []
    for marks in (held, [*channels, *([('class="out"', "a draft, or out already")] if others else [])]):
        left = layout.edge
        for look, words in marks:
            told = _cut(words, layout.width - 2 * layout.edge - 18, size=12)
            wide = 18 + round(_wide(told, 12)) + 18
            if left > layout.edge and left + wide - 18 > layout.width - layout.edge:
                left, top = layout.edge, top + LINE
            drawn.append(f'<rect x="{left}" y="{top - 10}" width="12" height="12" rx="2" {look}/>')
            drawn.append(f'<text x="{left + 18}" y="{top}">{_safe(told)}</text>')
            left += wide
        top += LINE + 2 if marks else 0
    return drawn, top


def _safe(text: str) -> str:
    """Return *text* as XML may hold it."""
    return escape(_NOT_XML.sub("\ufffd", text))


def _cut(text: str, room: int, size: int = 11) -> str:
    """Return as much of *text* as *room* pixels hold, in letters of *size*."""
    if _wide(text[: 2 * room], size) <= room:
        return text[: 2 * room]
    kept, used = 0, _wide("…", size)
    while kept < len(text) and used + _wide(text[kept], size) <= room:
        used += _wide(text[kept], size)
        kept += 1
    return text[:kept].rstrip() + "…"


def _wide(text: str, size: int) -> float:
    return size * sum(_em(letter) for letter in text)


def _em(letter: str) -> float:
    """Return how wide a letter is in the widest of the fonts, DejaVu Sans, or a little more."""
    if letter in _THIN:
        return 0.34
    if letter in _NARROW:
        return 0.42
    if letter in _BROAD or (letter.isupper() and letter not in "EFLTJ"):
        return 0.99 if letter in _BROAD else 0.79
    if ord(letter) > 0x24F:  # noqa: PLR2004 - beyond Latin: emoji, CJK and what a fallback font draws
        return 0.0 if unicodedata.combining(letter) else 1.4
    return 0.635
