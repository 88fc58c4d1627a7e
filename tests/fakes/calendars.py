"""Calendars in memory: `ports.CalendarSpans`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from switchboard.domain.rota import Span


class FakeCalendars:
    """`ports.CalendarSpans` of *spans*."""

    def __init__(self, spans: Mapping[str, Sequence[Span]] | None = None) -> None:
        self.spans = dict(spans or {})

    def current(self, names: Iterable[str]) -> Mapping[str, Sequence[Span]]:
        return {name: self.spans.get(name, ()) for name in names}
