"""The automation config in force, checked, with the last good one behind it.

A config that is wrong or cannot be read never stops questions: `current` goes on with the last good one. Publishing
asks `fresh`, which goes on with nothing: what cannot be read means paused (promise 7).
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from switchboard.config import check
from switchboard.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from switchboard.config import AutomationConfig
    from switchboard.ports import LastGood

_log = logging.getLogger(__name__)
_MOST_PLACES = 5
_REMEDY = "push a valid one: switchboard config push"


class Document(Protocol):
    """Where the text comes from: `configuration.ConfigurationDocument`."""

    def text(self, *, fresh: bool = False) -> str:
        """Return the JSON document; raise Unavailable when it cannot be read."""
        ...


class AppConfigAutomation:
    """`ports.AutomationSource`. *source* says where the config came from last: "appconfig", "last_good" or ""."""

    def __init__(
        self, document: Document, last_good: LastGood, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._document = document
        self._last_good = last_good
        self._clock = clock
        self._valid: tuple[str, AutomationConfig] | None = None
        self._refused = ""
        self.source = ""

    def current(self) -> AutomationConfig:
        """Return the config in force, or the last good one; raise Misconfigured when there is neither."""
        try:
            config = self._accept(self._document.text())
        except (Unavailable, Misconfigured) as error:
            return self._fall_back(error)
        self.source = "appconfig"
        return config

    def fresh(self) -> AutomationConfig:
        """Return the config in force now. Raises Unavailable when it cannot be read, Misconfigured when it is wrong."""
        config = self._accept(self._document.text(fresh=True))
        self.source = "appconfig"
        return config

    def _accept(self, text: str) -> AutomationConfig:
        """Return the config that *text* says, parsed once per text, and keep a copy of it."""
        if self._valid and self._valid[0] == text:
            return self._valid[1]
        if text == self._refused:
            raise Misconfigured(f"the automation config in force is not valid; {_REMEDY}")
        try:
            config = _parse(text)
        except Misconfigured as error:
            self._refused = text
            _log.warning("%s", error)
            raise
        self._valid = (text, config)
        self._keep(text)
        return config

    def _keep(self, text: str) -> None:
        try:
            if self._last_good.load() != text:
                self._last_good.save(text, now=self._clock())
        except Unavailable as error:
            _log.warning("the config is in force, but no copy of it could be kept: %s", error)

    def _fall_back(self, error: Unavailable | Misconfigured) -> AutomationConfig:
        if self._valid is None:
            self._valid = self._load(error)
            _log.warning("going on with the last good config: %s", error)
        elif self.source != "last_good":
            _log.warning("going on with the config that was in force before: %s", error)
        self.source = "last_good"
        return self._valid[1]

    def _load(self, error: Unavailable | Misconfigured) -> tuple[str, AutomationConfig]:
        try:
            text = self._last_good.load() or ""
            return text, _parse(text)
        except (Unavailable, Misconfigured) as also:
            raise Misconfigured(f"no automation config: {error}; nor is there a last good one: {also}") from error


def _parse(text: str) -> AutomationConfig:
    """Return the config; raise Misconfigured that names the places of what is wrong, never a value."""
    try:
        config, problems = check(json.loads(text))
    except (ValueError, RecursionError):
        raise Misconfigured(f"the automation config is not JSON; {_REMEDY}") from None  # the cause shows the text
    if config is None:
        places = ", ".join(problem.path for problem in problems[:_MOST_PLACES])
        more = f" and {len(problems) - _MOST_PLACES} more" if len(problems) > _MOST_PLACES else ""
        raise Misconfigured(f"the automation config is not valid at {places}{more}; {_REMEDY}")
    return config
