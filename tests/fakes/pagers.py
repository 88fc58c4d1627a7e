"""Pagers and counters in memory: `ports.Pagers` and `ports.Meter`."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

from switchboard.domain.pager import Pager, fresh
from switchboard.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime


class FakePagers:
    """`ports.Pagers` in memory. Each function in *before_save* is called once, before one save."""

    def __init__(self) -> None:
        self.stored: dict[str, Pager] = {}
        self.before_save: list[Callable[[], None]] = []

    def load(self, staff_ids: Iterable[str]) -> Mapping[str, Pager]:
        wanted = list(staff_ids)
        return fresh(wanted) | {one: self.stored[one] for one in wanted if one in self.stored}

    def save(self, pager: Pager) -> None:
        if self.before_save:
            self.before_save.pop(0)()
        stored = self.stored.get(pager.staff_id, Pager(staff_id=pager.staff_id))
        if pager.version != stored.version + 1:
            raise Conflict(f"the stored version is {stored.version}")
        self.stored[pager.staff_id] = pager

    def due(self, now: datetime) -> list[str]:
        found = [(one.next_action_at, one.staff_id) for one in self.stored.values() if one.next_action_at]
        return [staff_id for moment, staff_id in sorted(found) if moment <= now]

    def __getitem__(self, staff_id: str) -> Pager:
        return self.load([staff_id])[staff_id]


class FakeMeter:
    """`ports.Meter` in memory."""

    def __init__(self) -> None:
        self.sums: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, name: str, amount: int, *, expires_at: datetime) -> int:
        with self._lock:
            self.sums[name] += amount
            return self.sums[name]
