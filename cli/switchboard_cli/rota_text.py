"""A rota in the terminal: one row a person, time running right, the hours that nobody covers in red.

A cell is some hours of a day; it shows what most of it is, but for a gap, which shows however short it is. Without
colours or Unicode the same stands there in ASCII.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.text import Text

from switchboard.domain.rota_report import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.rota import Gap
    from switchboard.domain.rota_chart import Chart, Day, Row

NOBODY = "NOBODY"
_WIDEST_NAME = 20
_NARROWEST_DAY, _WIDEST_DAY = 3, 12
_MOST_TOLD = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Glyphs:
    ranks: str
    free: str
    day: str
    gap: str
    now: str


_FINE = _Glyphs(ranks="█▓░", free=" ", day="│", gap="▚", now="▼")
_PLAIN = _Glyphs(ranks="#=-", free=" ", day="|", gap="!", now="v")
_STYLES = ("bold cyan", "cyan", "dim cyan")
_GAP, _HOLIDAY, _FAINT = "bold white on red", "magenta", "dim"


def drawn(chart: Chart, config: AutomationConfig, *, width: int, plain: bool) -> list[Text]:
    """Return the lines of the chart, none longer than *width*, then the gaps one by one."""
    glyphs = _PLAIN if plain else _FINE
    label = min(_WIDEST_NAME, max([len(NOBODY), *(len(row.name) for row in chart.rows)])) + 1
    room = width - label - 1
    cells = max(_NARROWEST_DAY, min(_WIDEST_DAY, room // len(chart.days)))
    at_once = max(1, room // cells)
    lines = [*_headline(chart)]
    for first in range(0, len(chart.days), at_once):
        lines += [Text(""), *_block(chart, chart.days[first : first + at_once], label, cells, glyphs)]
    lines += [Text(""), _legend(chart, glyphs)]
    lines += [Text(line, style=_HOLIDAY) for line in _holidays(chart)]
    return [*lines, *_told(chart.gaps, config)]


def _headline(chart: Chart) -> Iterator[Text]:
    first, last = chart.days[0].day, chart.days[-1].day
    yield Text(f"{chart.team_id}  {first:%a %d %b} to {last:%a %d %b %Y}  ({chart.zone})", style="bold")
    at = f"{chart.now.astimezone(ZoneInfo(chart.zone)):%a %d %b %H:%M}"
    if chart.on_duty:
        yield Text(f"On duty, {at}: {', then '.join(chart.on_duty)}")
    else:
        yield Text(f"On duty, {at}: nobody, only the last resort would be rung", style=_GAP)


def _block(chart: Chart, days: Sequence[Day], label: int, cells: int, glyphs: _Glyphs) -> Iterator[Text]:
    yield _pointer(chart.now, days, label, cells, glyphs)
    yield _heads([f"{day.day:%a}"[: cells - 1] for day in days], days, label, cells)
    yield _heads([f"{day.day:%d}" + ("*" if day.holiday else "") for day in days], days, label, cells)
    for row in chart.rows:
        yield _row(row, days, label, cells, glyphs)
    if any(_covers(gap, day.start, day.end) for gap in chart.gaps for day in days):
        yield _gap_row(chart.gaps, days, label, cells, glyphs)


def _pointer(now: datetime, days: Sequence[Day], label: int, cells: int, glyphs: _Glyphs) -> Text:
    for number, day in enumerate(days):
        if day.start <= now < day.end:
            offset = int((now - day.start) / (day.end - day.start) * cells)
            return Text(" " * (label + number * cells + offset) + glyphs.now)
    return Text("")


def _heads(words: list[str], days: Sequence[Day], label: int, cells: int) -> Text:
    line = Text(" " * label)
    for word, day in zip(words, days, strict=True):
        style = _HOLIDAY if day.holiday else (_FAINT if day.is_weekend else "")
        line.append(word[:cells].ljust(cells), style=style)
    line.rstrip()
    return line


def _row(row: Row, days: Sequence[Day], label: int, cells: int, glyphs: _Glyphs) -> Text:
    line = Text(_fitted(row.name, label))
    for number, (start, end) in _cells(days, cells):
        shares: dict[int, timedelta] = {}
        for bar in row.bars:
            if (share := min(end, bar.end) - max(start, bar.start)) > timedelta(0):
                shares[bar.rank] = shares.get(bar.rank, timedelta(0)) + share
        if 2 * sum(shares.values(), timedelta(0)) >= end - start:
            rank = min(max(shares, key=lambda rank: (shares[rank], -rank)), len(glyphs.ranks) - 1)
            line.append(glyphs.ranks[rank], style=_STYLES[rank])
        else:
            line.append(glyphs.free if number else glyphs.day, style=_FAINT)
    return line.append(glyphs.day, style=_FAINT)


def _gap_row(gaps: Sequence[Gap], days: Sequence[Day], label: int, cells: int, glyphs: _Glyphs) -> Text:
    line = Text(_fitted(NOBODY, label), style=_GAP)
    line.stylize("not bold", label, label)
    for number, (start, end) in _cells(days, cells):
        if any(_covers(gap, start, end) for gap in gaps):
            line.append(glyphs.gap, style=_GAP)
        else:
            line.append(glyphs.free if number else glyphs.day, style="not bold default on default")
    return line


def _cells(days: Sequence[Day], cells: int) -> Iterator[tuple[int, tuple[datetime, datetime]]]:
    """Yield the number in its day, and the beginning and end, of each cell."""
    for day in days:
        long = (day.end - day.start) / cells
        for number in range(cells):
            yield number, (day.start + number * long, day.start + (number + 1) * long)


def _covers(gap: Gap, start: datetime, end: datetime) -> bool:
    return gap.start < end and gap.end > start


def _legend(chart: Chart, glyphs: _Glyphs) -> Text:
    line = Text()
    most = max((len(turn.staff_ids) for turn in chart.turns), default=0)
    for rank, word in enumerate(("primary", "secondary", "others")):
        if rank < most:
            line.append(glyphs.ranks[rank] * 2, style=_STYLES[rank]).append(f" {word}   ")
    line.append(glyphs.gap * 2, style=_GAP).append(" nobody would be rung   ") if chart.gaps else None
    return line.append(f"{glyphs.now} now")


def _holidays(chart: Chart) -> Iterator[str]:
    for day in chart.days:
        if day.holiday:
            yield f"* {day.day:%a %d %b}: {day.holiday}"
        if day.odd_hours:
            yield f"{day.day:%a %d %b}: clocks change, {day.odd_hours} hours"


def _told(gaps: Sequence[Gap], config: AutomationConfig) -> Iterator[Text]:
    for gap in gaps[:_MOST_TOLD]:
        yield Text("GAP ", style=_GAP).append(f" {sentence(config, gap)}", style="not bold red on default")
    if len(gaps) > _MOST_TOLD:
        yield Text(f"and {len(gaps) - _MOST_TOLD} more; switchboard rota coverage names them all")


def _fitted(name: str, label: int) -> str:
    return (name if len(name) < label else f"{name[: label - 2]}.").ljust(label)
