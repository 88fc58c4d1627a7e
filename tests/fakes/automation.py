"""An automation source, a config document and a last good copy, all in memory, that can be told to fail."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from switchboard.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.config import AutomationConfig


@dataclass
class FakeAutomation:
    """`ports.AutomationSource`: *config* is in force; *last_good* stands in while it is None or not *readable*."""

    config: AutomationConfig | None = None
    last_good: AutomationConfig | None = None
    readable: bool = True

    def __post_init__(self) -> None:
        self.last_good = self.last_good or self.config

    def current(self) -> AutomationConfig:
        if self.readable and self.config is not None:
            self.last_good = self.config
        if self.last_good is None:
            raise Misconfigured("no automation config; push one: switchboard config push")
        return self.last_good

    def fresh(self) -> AutomationConfig:
        if not self.readable:
            raise Unavailable("AppConfig does not answer")
        if self.config is None:
            raise Misconfigured("the automation config is not valid; push a valid one: switchboard config push")
        self.last_good = self.config
        return self.config


@dataclass
class FakeDocument:
    """What `configuration.ConfigurationDocument` hands out: *content*, or Unavailable when it is None."""

    content: str | None = None
    asked: list[bool] = field(default_factory=list[bool])

    def text(self, *, fresh: bool = False) -> str:
        self.asked.append(fresh)
        if self.content is None:
            raise Unavailable("AppConfig does not answer")
        return self.content


@dataclass
class FakeLastGood:
    """`ports.LastGood` in memory; with *fails* every call raises Unavailable."""

    document: str | None = None
    fails: bool = False
    saves: int = 0

    def load(self) -> str | None:
        if self.fails:
            raise Unavailable("the table does not answer")
        return self.document

    def save(self, document: str, *, now: datetime) -> None:
        if self.fails:
            raise Unavailable("the table does not answer")
        self.document = document
        self.saves += 1
