# ruff: noqa: RUF001 - people write curly quotes
"""The links of a text, and when one of them is dead: only after two looks that say so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

APART = timedelta(minutes=10)
"""Two looks that far apart say more than one: sites stumble."""
MOST = 10
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'()\[\]{}]+", re.IGNORECASE)
_TRAILING = ".,;:!?…'\"»”’"


class LinkState(StrEnum):
    """What one look found."""

    OK = "ok"
    DEAD = "dead"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One look at *url*: *reason* is a sentence for a person."""

    url: str
    state: LinkState
    reason: str
    looked_at: datetime


def links_in(text: str) -> tuple[str, ...]:
    """Return the links of *text*, each once, as addresses with a scheme; at most `MOST`."""
    found = (link.rstrip(_TRAILING) for link in _LINK.findall(text))
    whole = (link if "://" in link else f"https://{link}" for link in found)
    return tuple(dict.fromkeys(link for link in whole if "." in link))[:MOST]


def is_allowed(host: str, allowed: Sequence[str]) -> bool:
    """Whether *host* is one of *allowed*: `example.org`, or `*.example.org` for all below it."""
    name = host.lower().rstrip(".")
    return any(
        name.endswith(entry[1:]) if entry.startswith("*.") else name == entry for entry in map(str.lower, allowed)
    )


def why_dead(looks: Sequence[Link]) -> str:
    """Return why the link of *looks* is dead, or "": the last two looks say so, and lie `APART`."""
    ordered = sorted(looks, key=lambda look: look.looked_at)
    last = ordered[-1] if ordered else None
    if last is None or last.state is not LinkState.DEAD:
        return ""
    for look in reversed(ordered[:-1]):
        if look.state is LinkState.OK:
            return ""
        if look.state is LinkState.DEAD and last.looked_at - look.looked_at >= APART:
            return last.reason
    return ""
