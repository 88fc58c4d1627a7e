"""Metrics as log lines: CloudWatch makes metrics of them, at no call's cost.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
Each metric appears twice: over all (for alarms) and by its dimensions (for looking closer).
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import TextIO


class EmbeddedMetrics:
    """`ports.Metrics`: sums up, and writes one line for each set of dimensions to *out* (standard output)."""

    def __init__(self, namespace: str, out: TextIO | None = None) -> None:
        self._namespace = namespace
        self._out = out
        self._counts: defaultdict[tuple[tuple[str, str], ...], defaultdict[str, float]] = _nothing()

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Add *value* to the metric *name*."""
        self._counts[tuple(sorted(dimensions.items()))][name] += value

    def flush(self) -> None:
        """Write out what was counted since the last time."""
        counts, self._counts = self._counts, _nothing()
        for dimensions, metrics in counts.items():
            line = json.dumps(_record(self._namespace, dict(dimensions), metrics), separators=(",", ":"))
            (self._out or sys.stdout).write(line + "\n")


def _nothing() -> defaultdict[tuple[tuple[str, str], ...], defaultdict[str, float]]:
    return defaultdict(lambda: defaultdict(float))


def _record(namespace: str, dimensions: dict[str, str], metrics: dict[str, float]) -> dict[str, Any]:
    sets: list[list[str]] = [[], list(dimensions)] if dimensions else [[]]
    directive = {
        "Namespace": namespace,
        "Dimensions": sets,
        "Metrics": [{"Name": name, "Unit": "Count"} for name in metrics],
    }
    stamp = int(time.time() * 1000)
    return {"_aws": {"Timestamp": stamp, "CloudWatchMetrics": [directive]}, **dimensions, **metrics}
