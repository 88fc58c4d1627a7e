"""Auditing the Questions table: what waits and would never have been done is made due, and told.

The timer and `switchboard audit` both do this. A table that is well is not written to. Safe to repeat, and to run twice
at once: a repair is a conditional write, and whoever loses looks again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.audit import Wake, defects, overdue, suspicious
from switchboard.domain.pager import Pager
from switchboard.errors import Conflict, SwitchboardError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.audit import Defect
    from switchboard.ports import AuditedTable, Pagers, QuestionStore

ATTEMPTS = 20
"""So often one partition is looked at anew, for each repair and whenever somebody else moved it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What one run found: *repaired* of it, and *left* what it could not or was not to repair.

    *oldest* is how long the most overdue of all has been due; *after* where the next run goes on, "" at the beginning.
    """

    looked: int = 0
    repaired: tuple[Defect, ...] = ()
    left: tuple[Defect, ...] = ()
    late: tuple[Defect, ...] = ()
    oldest: timedelta = timedelta(0)
    after: str = ""
    failures: tuple[SwitchboardError, ...] = ()


@dataclass(kw_only=True)
class Auditor:
    """The ports, the config and the moment of one run."""

    table: AuditedTable
    questions: QuestionStore
    pagers: Pagers
    config: AutomationConfig
    now: datetime
    repair: bool = True
    _repaired: list[Defect] = field(default_factory=list["Defect"])
    _left: list[Defect] = field(default_factory=list["Defect"])
    _failures: list[SwitchboardError] = field(default_factory=list[SwitchboardError])
    _seen: set[str] = field(default_factory=set[str])

    def run(self, after: str = "", *, goes_on: Callable[[], bool] = lambda: True) -> Audit:
        """Go through the table from *after* on, for as long as *goes_on* says before each further page.

        What one partition raises is in `failures`; it does not keep the others waiting.
        """
        looked = 0
        oldest, late = overdue(self.table.due(self.now), now=self.now)
        while True:
            page = self.table.page(after, now=self.now)
            looked += len(page.entries)
            for partition in dict.fromkeys(one.partition for one in page.entries if suspicious(one, self.now)):
                self._audit(partition)
            after = page.after
            if not after or not goes_on():
                break
        return Audit(
            looked=looked,
            repaired=tuple(self._repaired),
            left=tuple(self._left),
            late=late,
            oldest=oldest,
            after=after,
            failures=tuple(self._failures),
        )

    def _audit(self, partition: str) -> None:
        if partition in self._seen:
            return
        self._seen.add(partition)
        try:
            self._left += self._mend(partition)
        except SwitchboardError as error:
            self._failures.append(error)

    def _mend(self, partition: str) -> list[Defect]:
        """Repair one thing after the other, each on what is stored then; return what cannot be repaired."""
        for _ in range(ATTEMPTS):
            found = defects(self.table.look(partition, now=self.now), self.config, now=self.now)
            defect = next((one for one in found if one.repair is not None), None)
            if defect is None or not self.repair:
                return list(found)
            try:
                self._commit(defect)
            except Conflict:
                continue
            self._repaired.append(defect)
        raise Unavailable("a question changes faster than it can be repaired; the next run looks again")

    def _commit(self, defect: Defect) -> None:
        match defect.repair:
            case None:
                pass
            case Wake():
                self.table.wake(defect.repair)
            case Pager():
                self.pagers.save(defect.repair)
            case _:
                self.questions.commit(defect.repair)
