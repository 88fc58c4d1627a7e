"""The crisis switch in memory."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from switchboard.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from switchboard.domain.crisis import Crisis


class FakeCrises:
    """`ports.CrisisStore`; `before_save` lets a test act between a look and a save."""

    def __init__(self) -> None:
        self.now: Crisis | None = None
        self.before_save: list[Callable[[], None]] = []
        self._was: dict[datetime, Crisis] = {}
        self._lock = threading.Lock()

    def current(self) -> Crisis | None:
        return self.now

    def save(self, crisis: Crisis) -> None:
        if self.before_save:
            self.before_save.pop(0)()
        with self._lock:
            if self.now is not None and self.now.version != crisis.version - 1:
                raise Conflict("the stored version is another one")
            self.now = crisis
            self._was[crisis.started_at] = crisis

    def past(self) -> Sequence[Crisis]:
        return [self._was[at] for at in sorted(self._was, reverse=True)]
