"""A rota as a picture to print or to put on a page: SVG without anything outside it.

Time runs right, each day is one column; on the days on which clocks change it has 23 or 25 hours, and is as wide as
the others. Hours for which nobody would be rung are red, numbered, and told below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from switchboard.domain.rota_report import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.rota_chart import Bar, Chart, Day, Row

LABEL, EDGE = 150, 24
ROW, BAR = 26, 18
HEAD, TITLE, FOOT = 46, 56, 22
_ROOM, _NARROWEST, _WIDEST = 1040, 24, 160
_LETTER, _WIDE_LETTER = 6.2, 7.4
_MOST_TOLD = 12
_FONT = "system-ui,'Segoe UI',Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif"
_STYLE = f"""
text{{font:13px {_FONT};fill:#1b1f24}}
.title{{font-size:17px;font-weight:600}} .small{{font-size:11px;fill:#57606a}} .bold{{font-weight:600}}
.rank0{{fill:#174f86;stroke:#174f86}} .rank1{{fill:#a9cbea;stroke:#4a86bd}} .rank2{{fill:#e8f0f8;stroke:#8fb0cf}}
.weekend{{fill:#f3f4f6}} .holiday{{fill:#f6ecd2}} .line{{stroke:#d0d7de;stroke-width:1}}
.gap{{fill:#c8102e}} .band{{fill:url(#hatch)}} .told{{fill:#a40e26;font-weight:600}} .in{{fill:#fff;font-weight:600}}
.now{{stroke:#1b1f24;stroke-width:1.5;stroke-dasharray:4 3}}
"""
_HATCH = (
    '<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="7" height="7" fill="#fdecee"/><rect width="2.5" height="7" fill="#f3a8b2"/></pattern>'
)


def svg(charts: Sequence[Chart], config: AutomationConfig) -> str:
    """Return the charts, one below the other, as an SVG document."""
    drawings: list[str] = []
    top = float(EDGE)
    width = 0.0
    for chart in charts:
        drawing = _Drawing(chart=chart, config=config, top=top)
        drawings += drawing.lines()
        top, width = top + drawing.height + EDGE, max(width, drawing.width)
    title = f"{config.organisation}: who is on duty"
    size = f'viewBox="0 0 {width:.0f} {top:.0f}" width="{width:.0f}" height="{top:.0f}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc" lang="en">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="desc">{escape(" ".join(_described(charts, config)))}</desc>',
            f"<style>{_STYLE}</style>",
            f"<defs>{_HATCH}</defs>",
            f'<rect width="{width:.0f}" height="{top:.0f}" fill="#fff"/>',
            *drawings,
            "</svg>",
            "",
        ]
    )


def _described(charts: Sequence[Chart], config: AutomationConfig) -> Iterator[str]:
    for chart in charts:
        who = ", then ".join(chart.on_duty) or "nobody"
        yield f"Team {chart.team_id}, {_from_to(chart)}: on duty {_at(chart)} is {who}."
        if not chart.gaps:
            yield "Every hour is covered."
        for gap in chart.gaps:
            yield f"Nobody would be rung: {sentence(config, gap)}"


def _from_to(chart: Chart) -> str:
    return f"{chart.days[0].day:%a %d %b} to {chart.days[-1].day:%a %d %b %Y} ({chart.zone})"


def _at(chart: Chart) -> str:
    return f"{chart.now.astimezone(ZoneInfo(chart.zone)):%a %d %b %H:%M}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    chart: Chart
    config: AutomationConfig
    top: float

    @property
    def day_width(self) -> float:
        return max(_NARROWEST, min(_WIDEST, _ROOM / len(self.chart.days)))

    @property
    def width(self) -> float:
        told = max((len(line) for line in self._notes()), default=0) * _WIDE_LETTER + 2 * EDGE
        return max(LABEL + self.day_width * len(self.chart.days) + 2 * EDGE, told, 640)

    @property
    def rows_top(self) -> float:
        return self.top + TITLE + HEAD

    @property
    def rows_height(self) -> float:
        return ROW * (len(self.chart.rows) + bool(self.chart.gaps))

    @property
    def height(self) -> float:
        return TITLE + HEAD + self.rows_height + 2 * FOOT + 18 * len(self._notes())

    def lines(self) -> Iterator[str]:
        """Yield the elements, those behind first."""
        yield from self._titles()
        for number, day in enumerate(self.chart.days):
            yield from self._day(number, day)
        for gap in self.chart.gaps:
            yield self._rect(gap.start, gap.end, self.rows_top, self.rows_height, 'class="band"')
        for number, row in enumerate(self.chart.rows):
            yield from self._row(number, row)
        yield from self._gaps()
        yield from self._now()
        yield from self._legend()

    def _titles(self) -> Iterator[str]:
        yield _text(EDGE, self.top + 18, f"{self.chart.team_id}: {_from_to(self.chart)}", "title")
        if self.chart.on_duty:
            yield _text(EDGE, self.top + 40, f"On duty, {_at(self.chart)}: {', then '.join(self.chart.on_duty)}")
        else:
            yield _text(EDGE, self.top + 40, f"On duty, {_at(self.chart)}: nobody, only the last resort", "told")

    def _day(self, number: int, day: Day) -> Iterator[str]:
        left, top = EDGE + LABEL + number * self.day_width, self.top + TITLE
        shade = "holiday" if day.holiday else ("weekend" if day.is_weekend else "")
        if shade:
            yield _box(left, top, self.day_width, HEAD + self.rows_height, f'class="{shade}"')
        bottom = self.rows_top + self.rows_height
        yield f'<line class="line" x1="{left:.1f}" y1="{top:.1f}" x2="{left:.1f}" y2="{bottom:.1f}"/>'
        middle = left + self.day_width / 2
        wide = self.day_width >= 40  # noqa: PLR2004 - pixels
        yield _text(middle, top + 15, f"{day.day:%a}" if wide else f"{day.day:%a}"[:2], "small", "middle")
        begins = number == 0 or day.day.day == 1
        month = f" {day.day:%b}" if wide and begins else ""
        yield _text(middle, top + 30, f"{day.day.day}{month}{'*' if day.holiday else ''}", "bold", "middle")
        below = f"{day.odd_hours} h" if day.odd_hours else ("" if wide or not begins else f"{day.day:%b}")
        if below:
            yield _text(middle, top + 43, below, "small", "middle")

    def _row(self, number: int, row: Row) -> Iterator[str]:
        top = self.rows_top + number * ROW
        right = EDGE + LABEL + self.day_width * len(self.chart.days)
        yield f'<line class="line" x1="{EDGE}" y1="{top:.1f}" x2="{right:.1f}" y2="{top:.1f}"/>'
        most = int((LABEL - 8) / _WIDE_LETTER)
        name = row.name if len(row.name) <= most else f"{row.name[: most - 1]}…"
        yield _text(EDGE, top + 18, name)
        for bar in row.bars:
            yield self._bar(row, bar, top)

    def _bar(self, row: Row, bar: Bar, top: float) -> str:
        rank = min(bar.rank, 2)
        zone = ZoneInfo(self.chart.zone)
        start, end = (f"{moment.astimezone(zone):%a %d %b %H:%M}" for moment in (bar.start, bar.end))
        told = f"{row.name}, {('primary', 'secondary', 'other')[rank]}: {start} to {end}"
        rect = self._rect(bar.start, bar.end, top + (ROW - BAR) / 2, BAR, f'class="rank{rank}" rx="3"', inset=1)
        return f"{rect[:-2]}><title>{escape(told)}</title></rect>"

    def _gaps(self) -> Iterator[str]:
        if not self.chart.gaps:
            return
        top = self.rows_top + len(self.chart.rows) * ROW
        right = EDGE + LABEL + self.day_width * len(self.chart.days)
        yield f'<line class="line" x1="{EDGE}" y1="{top:.1f}" x2="{right:.1f}" y2="{top:.1f}"/>'
        yield _text(EDGE, top + 18, "Nobody", "told")
        for number, gap in enumerate(self.chart.gaps, start=1):
            yield self._rect(gap.start, gap.end, top + (ROW - BAR) / 2, BAR, 'class="gap"', least=3)
            left, right = self._x(gap.start), max(self._x(gap.end), self._x(gap.start) + 3)
            said = f"{number} nobody" if right - left > 70 else str(number)  # noqa: PLR2004 - pixels
            inside = right - left > _LETTER * len(said) + 4
            place = (left + right) / 2 if inside else right + 4
            yield _text(place, top + 18, said, "in" if inside else "told", "middle" if inside else "start")

    def _now(self) -> Iterator[str]:
        if self.chart.start <= self.chart.now < self.chart.end:
            x, bottom = self._x(self.chart.now), self.rows_top + self.rows_height
            yield f'<line class="now" x1="{x:.1f}" y1="{self.rows_top - 4:.1f}" x2="{x:.1f}" y2="{bottom + 4:.1f}"/>'
            yield _text(x, bottom + 16, "now", "small", "middle")

    def _legend(self) -> Iterator[str]:
        top = self.rows_top + self.rows_height + FOOT
        most = max((len(turn.staff_ids) for turn in self.chart.turns), default=0)
        left = float(EDGE + LABEL)
        marks = [(f"rank{rank}", word) for rank, word in enumerate(("primary", "secondary", "others")) if rank < most]
        marks += [("gap", "nobody would be rung")] if self.chart.gaps else []
        marks += [("holiday", "holiday")] if any(day.holiday for day in self.chart.days) else []
        for name, word in marks:
            yield _box(left, top + 3, 22, 12, f'class="{name}"')
            yield _text(left + 28, top + 13, word, "small")
            left += 28 + _LETTER * len(word) + 24
        for number, line in enumerate(self._notes(), start=1):
            kind = "told" if number <= len(self._told()) else "small"
            yield _text(EDGE, top + FOOT + 18 * number, line, kind)

    def _told(self) -> list[str]:
        gaps = self.chart.gaps
        told = [f"{number}. {sentence(self.config, gap)}" for number, gap in enumerate(gaps[:_MOST_TOLD], start=1)]
        return told + ([f"and {len(gaps) - _MOST_TOLD} more"] if len(gaps) > _MOST_TOLD else [])

    def _notes(self) -> list[str]:
        told = self._told()
        days = [day for day in self.chart.days if day.holiday or day.odd_hours]
        told += [f"* {day.day:%a %d %b}: {day.holiday}" for day in days if day.holiday]
        return told + [f"{day.day:%a %d %b}: clocks change, {day.odd_hours} hours" for day in days if day.odd_hours]

    def _x(self, moment: datetime) -> float:
        for number, day in enumerate(self.chart.days):
            if moment < day.end:
                share = max(0.0, (moment - day.start) / (day.end - day.start))
                return EDGE + LABEL + (number + share) * self.day_width
        return EDGE + LABEL + len(self.chart.days) * self.day_width

    def _rect(
        self,
        start: datetime,
        end: datetime,
        top: float,
        height: float,
        more: str,
        *,
        inset: float = 0,
        least: float = 1,
    ) -> str:
        left, right = self._x(start) + inset, self._x(end) - inset
        return _box(left, top, max(right - left, least), height, more)


def _box(left: float, top: float, width: float, height: float, more: str) -> str:
    return f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" {more}/>'


def _text(left: float, top: float, words: str, kind: str = "", anchor: str = "") -> str:
    more = (f" class={quoteattr(kind)}" if kind else "") + (f" text-anchor={quoteattr(anchor)}" if anchor else "")
    return f'<text x="{left:.1f}" y="{top:.1f}"{more}>{escape(words)}</text>'
