"""One module a scheduler that posts wait in: list, pause, resume, read back. `OpenSchedulers` finds it by its kind.

A module holds `opened(account, secrets, *, url="", transport=None, clock=…)`, which returns a `ports.Scheduler` that is
bound to one account. It is imported when it is needed.
"""

from __future__ import annotations

from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING

from switchboard.domain.scheduler_kinds import KINDS
from switchboard.errors import Misconfigured
from switchboard.ports import SchedulerAccount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from switchboard.config import AutomationConfig
    from switchboard.ports import Scheduler, SchedulerSecrets


def open_scheduler(account: SchedulerAccount, secrets: SchedulerSecrets, *, url: str = "") -> Scheduler:
    """Return the scheduler of *account*; *url* stands in for its API's address, for local runs."""
    kind = KINDS.get(account.kind)
    if kind is None:
        raise Misconfigured(f"scheduler {account.name}: {account.kind!r} is no kind of scheduler")
    module = import_module(f"switchboard.schedulers.{account.kind}")
    scheduler: Scheduler = module.opened(account, secrets, url=url or kind.url)
    return scheduler


class OpenSchedulers:
    """`ports.Schedulers`: the accounts of the config, each opened when it is first asked for.

    One instance lives as long as its process: `update` takes a newer config and keeps what did not change.
    """

    def __init__(self, secrets: SchedulerSecrets, urls: Mapping[str, str]) -> None:
        self._secrets = secrets
        self._urls = urls
        self._accounts: dict[str, SchedulerAccount] = {}
        self._open: dict[str, tuple[SchedulerAccount, Scheduler]] = {}
        self._lock = Lock()

    def update(self, config: AutomationConfig) -> OpenSchedulers:
        """Go by the schedulers of *config* from now on."""
        self._accounts = {name: _account(name, config) for name in config.schedulers}
        return self

    def names(self) -> Sequence[str]:
        """Return all of them."""
        return list(self._accounts)

    def of(self, name: str) -> Scheduler:
        """Return the scheduler, opened once per account."""
        account = self._accounts.get(name)
        if account is None:
            raise Misconfigured(f"scheduler {name} is not in the automation config; put it back")
        with self._lock:
            known = self._open.get(name)
            if known is None or known[0] != account:
                known = (account, open_scheduler(account, self._secrets, url=self._urls.get(account.kind, "")))
                self._open[name] = known
        return known[1]


def _account(name: str, config: AutomationConfig) -> SchedulerAccount:
    found = config.schedulers[name]
    return SchedulerAccount(
        name=name,
        kind=found.kind,
        account_id=found.account_id,
        channel=found.channel or "",
        profiles=dict(found.profiles),
    )
