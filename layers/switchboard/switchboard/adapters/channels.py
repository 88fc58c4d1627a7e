"""The channels of the automation config, as plain JSON: the model that checked it stays off the webhook path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from switchboard.errors import Unavailable
from switchboard.ports import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from switchboard.ports import LastGood

    class Document(Protocol):
        """What `configuration.ConfigurationDocument` does."""

        def text(self) -> str:
            """Return the JSON document; raise Unavailable when it cannot be read."""
            ...


class AppConfigChannels:
    """`ports.Channels`: from *document*, or from *last_good* while it cannot be read."""

    def __init__(self, document: Document, last_good: LastGood) -> None:
        self._document = document
        self._last_good = last_good
        self._read_from = ""
        self._channels: dict[str, Channel] = {}

    def find(self, name: str) -> Channel | None:
        """Return the channel, or None when the config has no such one; raise Unavailable when there is no config."""
        self._refresh()
        return self._channels.get(name)

    def all(self) -> Sequence[Channel]:
        """Return every channel; raise Unavailable when there is no config."""
        self._refresh()
        return tuple(self._channels.values())

    def _refresh(self) -> None:
        try:
            self._read(self._document.text())
        except Unavailable:
            if not self._channels:
                self._read(self._last_good.load() or "")

    def _read(self, document: str) -> None:
        if document == self._read_from and self._channels:
            return
        try:
            parts = json.loads(document)["channels"].items()
            self._channels = {name: _channel(name, part) for name, part in parts}
        except (ValueError, LookupError, TypeError, AttributeError) as exc:
            raise Unavailable("the automation config is not readable; push it again: switchboard config push") from exc
        self._read_from = document


def _channel(name: str, part: dict[str, Any]) -> Channel:
    return Channel(
        name=name,
        platform=part["platform"],
        account_id=part.get("account_id", ""),
        retention_days=part.get("retention_days", 90),
    )
