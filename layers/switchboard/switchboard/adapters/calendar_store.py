"""Calendars as last read, in the Posts table: partition `calendar#<id>`, item `spans`; `coverage#told`, item `gaps`.

The spans lie in one compressed attribute: a year of a rota is some thousand of them, and an item holds 400 KB.
"""

from __future__ import annotations

import json
import time
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from switchboard.adapters.aws_errors import translate
from switchboard.adapters.items import moment_of, stamp
from switchboard.adapters.paging import all_keys
from switchboard.adapters.records import decode, encode
from switchboard.domain.rota import Gap, Span
from switchboard.domain.rota_calendar import StoredCalendar
from switchboard.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from switchboard.adapters.items import Item
    from switchboard.ports import CalendarStore

KEEP_SECONDS = 60.0
"""So long spans are used without reading them again."""


class DynamoCalendars:
    """`ports.CalendarStore` on DynamoDB."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._table = table

    def load_all(self, names: Iterable[str]) -> Mapping[str, StoredCalendar]:
        """Read the items, consistently."""
        keys = [_key(name) for name in dict.fromkeys(names)]
        found = [_calendar(item) for item in all_keys(self._client, self._table, keys)]
        return {stored.name: stored for stored in found}

    def save(self, stored: StoredCalendar) -> None:
        """Replace the item; of two that write at once the later stays, and both have just read it."""
        item = _key(stored.name) | encode(replace(stored, spans=())) | {"spans": {"B": _packed(stored.spans)}}
        with translate():
            self._client.put_item(TableName=self._table, Item=item)


class CachedSpans:
    """`ports.CalendarSpans`: the copies of *store*, at most `KEEP_SECONDS` old; *clock* gives monotonic seconds."""

    def __init__(self, store: CalendarStore, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._kept: dict[str, Sequence[Span]] = {}
        self._asked_at: dict[str, float] = {}

    def current(self, names: Iterable[str]) -> Mapping[str, Sequence[Span]]:
        """Return the spans. While they cannot be read the last known stay in use; raise Unavailable at first."""
        wanted, now = list(names), self._clock()
        old = [name for name in wanted if now - self._asked_at.get(name, -KEEP_SECONDS) >= KEEP_SECONDS]
        if old:
            self._read(old, now)
        return {name: self._kept[name] for name in wanted if name in self._kept}

    def _read(self, names: list[str], now: float) -> None:
        try:
            found = self._store.load_all(names)
        except Unavailable:
            if any(name not in self._asked_at for name in names):
                raise
            return
        for name in names:
            self._asked_at[name] = now
            stored = found.get(name)
            if stored is not None and stored.read_at is not None:
                self._kept[name] = stored.spans


class DynamoToldGaps:
    """`ports.ToldGaps` on DynamoDB."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._table = table

    def load(self) -> Sequence[Gap]:
        """Read the item, consistently."""
        found = list(all_keys(self._client, self._table, [_TOLD]))
        rows: list[list[str]] = json.loads(found[0]["gaps"]["S"]) if found else []
        return [Gap(team_id=row[0], start=moment_of(row[1]), end=moment_of(row[2]), reason=row[3]) for row in rows]

    def save(self, gaps: Sequence[Gap]) -> None:
        """Replace the item."""
        rows = [[gap.team_id, stamp(gap.start), stamp(gap.end), gap.reason] for gap in gaps]
        with translate():
            self._client.put_item(TableName=self._table, Item=_TOLD | {"gaps": {"S": json.dumps(rows)}})


_TOLD: Item = {"post_id": {"S": "coverage#told"}, "item": {"S": "gaps"}}


def _key(name: str) -> Item:
    return {"post_id": {"S": f"calendar#{name}"}, "item": {"S": "spans"}}


def _calendar(item: Item) -> StoredCalendar:
    bare = {name: value for name, value in item.items() if name != "spans"}
    return replace(decode(StoredCalendar, bare), spans=_unpacked(item["spans"]["B"]))


def _packed(spans: Sequence[Span]) -> bytes:
    rows = [[int(span.start.timestamp()), int(span.end.timestamp()), *span.staff_ids] for span in spans]
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 9)


def _unpacked(packed: bytes) -> tuple[Span, ...]:
    rows: list[list[Any]] = json.loads(zlib.decompress(bytes(packed)))
    return tuple(Span(start=_at(start), end=_at(end), staff_ids=tuple(staff_ids)) for start, end, *staff_ids in rows)


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
