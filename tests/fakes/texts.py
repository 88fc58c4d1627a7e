"""Phones and mailboxes that remember what they were sent, and can be told to fail."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class FakeTexts:
    """`ports.Texts`: *sent* is what arrived; *failures* are raised, one a call, before or instead of sending."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    failures: dict[str, list[BaseException]] = field(default_factory=lambda: defaultdict(list))

    def send(self, phone: str, text: str) -> str:
        if self.failures[phone]:
            raise self.failures[phone].pop(0)
        self.sent.append((phone, text))
        return f"text-{len(self.sent)}"


@dataclass
class FakeMail:
    """`ports.Mail`, likewise."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    failures: dict[str, list[BaseException]] = field(default_factory=lambda: defaultdict(list))

    def send(self, to: str, subject: str, text: str) -> str:
        if self.failures[to]:
            raise self.failures[to].pop(0)
        self.sent.append((to, subject, text))
        return f"mail-{len(self.sent)}"
