"""Metrics that remember what was counted."""

from __future__ import annotations

from collections import Counter


class FakeMetrics:
    """`ports.Metrics`: *counted* is keyed by the name and the dimensions, in order of their names."""

    def __init__(self) -> None:
        self.counted: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
        self.flushes = 0

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        self.counted[name, tuple(sorted(dimensions.items()))] += int(value)

    def flush(self) -> None:
        self.flushes += 1

    def total(self, name: str) -> int:
        """Return the sum of the metric over all its dimensions."""
        return sum(value for (counted, _), value in self.counted.items() if counted == name)
