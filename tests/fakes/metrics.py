"""Metrics in memory."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class FakeMetrics:
    """`ports.Metrics`: *counted* holds (name, value, dimensions) in order; *flushes* counts the flushes."""

    counted: list[tuple[str, float, dict[str, str]]] = field(default_factory=list[tuple[str, float, dict[str, str]]])
    flushes: int = 0

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        self.counted.append((name, value, dimensions))

    def flush(self) -> None:
        self.flushes += 1

    def total(self, name: str, **dimensions: str) -> float:
        """Return the sum of *name* over all counts that have at least these *dimensions*."""
        return sum(
            value for found, value, having in self.counted if found == name and dimensions.items() <= having.items()
        )
