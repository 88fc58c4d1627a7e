"""One module a scheduler that posts wait in: list, pause, resume, read back. `open_scheduler` finds it by its kind.

A module holds `opened(account, secrets, *, url="", transport=None, clock=…)`, which returns a `ports.Scheduler` that is
bound to one account. It is imported when it is needed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from switchboard.domain.scheduler_kinds import KINDS
from switchboard.errors import Misconfigured

if TYPE_CHECKING:
    from switchboard.ports import Scheduler, SchedulerAccount, SchedulerSecrets


def open_scheduler(account: SchedulerAccount, secrets: SchedulerSecrets, *, url: str = "") -> Scheduler:
    """Return the scheduler of *account*; *url* stands in for its API's address, for local runs."""
    if account.kind not in KINDS:
        raise Misconfigured(f"scheduler {account.name}: {account.kind!r} is no kind of scheduler")
    scheduler: Scheduler = import_module(f"switchboard.schedulers.{account.kind}").opened(account, secrets, url=url)
    return scheduler
