"""Calendars in memory: `ports.CalendarSpans`, `CalendarStore`, `CalendarFeeds` and `ToldGaps`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from switchboard.adapters.calendars import entries
from switchboard.errors import Unavailable
from switchboard.ports import Feed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from switchboard.domain.rota import Gap, Span
    from switchboard.domain.rota_calendar import StoredCalendar


class FakeCalendars:
    """`ports.CalendarSpans` of *spans*."""

    def __init__(self, spans: Mapping[str, Sequence[Span]] | None = None) -> None:
        self.spans = dict(spans or {})

    def current(self, names: Iterable[str]) -> Mapping[str, Sequence[Span]]:
        return {name: self.spans.get(name, ()) for name in names}


@dataclass
class FakeCalendarStore:
    """`ports.CalendarStore`; with *fails* every call raises Unavailable."""

    stored: dict[str, StoredCalendar] = field(default_factory=dict[str, "StoredCalendar"])
    fails: bool = False
    loads: int = 0

    def load_all(self, names: Iterable[str]) -> Mapping[str, StoredCalendar]:
        self._answer()
        self.loads += 1
        return {name: self.stored[name] for name in names if name in self.stored}

    def save(self, stored: StoredCalendar) -> None:
        self._answer()
        self.stored[stored.name] = stored

    def _answer(self) -> None:
        if self.fails:
            raise Unavailable("the store does not answer")


@dataclass
class FakeToldGaps:
    """`ports.ToldGaps` in memory."""

    gaps: tuple[Gap, ...] = ()

    def load(self) -> Sequence[Gap]:
        return self.gaps

    def save(self, gaps: Sequence[Gap]) -> None:
        self.gaps = tuple(gaps)


@dataclass
class FakeFeeds:
    """`ports.CalendarFeeds`: *feeds* by URL are texts, or errors to raise; *asked* is what was asked, with its tag."""

    feeds: dict[str, str | BaseException] = field(default_factory=dict)
    etag: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)

    def read(self, url: str, *, etag: str = "", zone: str, start: datetime, end: datetime) -> Feed | None:
        self.asked.append((url, etag))
        told = self.feeds[url]
        if isinstance(told, BaseException):
            raise told
        if etag and etag == self.etag:
            return None
        return Feed(entries=entries(told.encode(), zone=zone, start=start, end=end), etag=self.etag)
