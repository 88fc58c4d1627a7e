"""Phones and mailboxes that remember what they were sent, and can be told to fail."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from switchboard.ports import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class FakeTexts:
    """`ports.Texts`: *sent* is what arrived, *about* what it was said to be about, in the same order.

    *failures* are raised, one a call, before or instead of sending.
    """

    sent: list[tuple[str, str]] = field(default_factory=list)
    about: list[dict[str, str]] = field(default_factory=list)
    failures: dict[str, list[BaseException]] = field(default_factory=lambda: defaultdict(list))

    def send(self, phone: str, text: str, *, about: Mapping[str, str] = NOTHING) -> str:
        if self.failures[phone]:
            raise self.failures[phone].pop(0)
        self.sent.append((phone, text))
        self.about.append(dict(about))
        return f"text-{len(self.sent)}"


@dataclass
class FakeMail:
    """`ports.Mail`, likewise."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    about: list[dict[str, str]] = field(default_factory=list)
    failures: dict[str, list[BaseException]] = field(default_factory=lambda: defaultdict(list))

    def send(self, to: str, subject: str, text: str, *, about: Mapping[str, str] = NOTHING) -> str:
        if self.failures[to]:
            raise self.failures[to].pop(0)
        self.sent.append((to, subject, text))
        self.about.append(dict(about))
        return f"mail-{len(self.sent)}"
