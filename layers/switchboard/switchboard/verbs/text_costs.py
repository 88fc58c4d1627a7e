"""What texts cost, and how many leave in a minute: counted after each, asked before the next.

A meter that does not count keeps nobody from being rung.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from switchboard.errors import SwitchboardError

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.config import Sms
    from switchboard.ports import Meter, Metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCosts:
    """The counters of the month and of the minute, and what the config *allows*."""

    meter: Meter
    metrics: Metrics
    allowed: Sms
    now: datetime

    def spent(self) -> None:
        """Count a text that left, or may have left."""
        self.metrics.count("TextsSent")
        self._count(self._minute(), 1)
        texts = self._count(self._month(), 1)
        budget = self.allowed.monthly_budget_usd
        if budget is not None and texts is not None:
            self.metrics.count("SmsBudgetUsedPercent", 100 * self._dollars(texts) / budget)

    def over_budget(self) -> bool:
        """Whether the month's money is spent."""
        budget = self.allowed.monthly_budget_usd
        if budget is None:
            return False
        texts = self._count(self._month(), 0)
        return texts is not None and self._dollars(texts) >= budget

    def crowded(self) -> bool:
        """Whether as many texts as one minute may have have left, of all people together."""
        texts = self._count(self._minute(), 0)
        return texts is not None and texts >= self.allowed.per_minute

    def _dollars(self, texts: int) -> float:
        return texts * self.allowed.cents_per_text / 100

    def _month(self) -> str:
        return f"sms#{self.now.astimezone(UTC):%Y-%m}"

    def _minute(self) -> str:
        return f"sms#{self.now.astimezone(UTC):%Y-%m-%dT%H:%M}"

    def _count(self, name: str, texts: int) -> int | None:
        try:
            return self.meter.add(name, texts, expires_at=self.now + timedelta(days=62))
        except SwitchboardError:
            return None
