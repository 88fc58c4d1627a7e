"""Chats and pager services in memory: `ports.Hooks` and `ports.ContactSecrets`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from switchboard.ports import ContactSecret

if TYPE_CHECKING:
    from switchboard.ports import HookAlert


@dataclass
class FakeHooks:
    """`ports.Hooks`: *sent* is what arrived; *failures* are raised, one a call, instead of sending."""

    sent: list[tuple[str, HookAlert]] = field(default_factory=list["tuple[str, HookAlert]"])
    settled: list[tuple[str, bool]] = field(default_factory=list[tuple[str, bool]])
    failures: dict[str, list[BaseException]] = field(default_factory=lambda: defaultdict(list))

    def send(self, contact: str, secret: ContactSecret, alert: HookAlert) -> str:
        if self.failures[contact]:
            raise self.failures[contact].pop(0)
        self.sent.append((contact, alert))
        return f"{contact}-{len(self.sent)}"

    def settle(self, secret: ContactSecret, question_id: str, *, done: bool) -> None:
        if self.failures["settle"]:
            raise self.failures["settle"].pop(0)
        self.settled.append((question_id, done))


@dataclass
class FakeContactSecrets:
    """`ports.ContactSecrets`."""

    secrets: dict[str, ContactSecret] = field(default_factory=dict[str, ContactSecret])

    def of(self, staff_id: str) -> ContactSecret:
        return self.secrets.get(staff_id, ContactSecret())
