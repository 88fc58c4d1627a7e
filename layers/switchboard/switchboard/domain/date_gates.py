"""What a text has at all, found in one pass, so that most shapes of dates need not be looked for."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING

from switchboard.domain.calendar_words import MONTHS, SEASON_ENDS, WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterable


class Has(Enum):
    """Something in a text without which some shapes need not be looked for."""

    NUMBER = auto()
    MONTH = auto()
    TWO_MONTHS = auto()
    SLASH = auto()
    NTH = auto()
    WEEKDAY = auto()
    NAMED_DAY = auto()
    SEASON = auto()
    CAUSE = auto()
    NEARNESS = auto()


def has(text: str) -> set[Has]:
    """Return what *text* has; never less than there is."""
    words = _LETTERS.findall(text.lower())
    months = sum(word in MONTHS for word in words)
    found = {kind for word in set(words) & _TELLING.keys() for kind in _TELLING[word]}
    if _DIGIT.search(text) or "primero" in words:
        found.add(Has.NUMBER)
        if _SLASH.search(text):
            found.add(Has.SLASH)
        if _NTH.search(text):
            found.add(Has.NTH)
    if months:
        found.add(Has.MONTH)
    if months > 1:
        found.add(Has.TWO_MONTHS)
    return found


_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_SLASH = re.compile(r"\d/\d")
_NTH = re.compile(r"\d(?:st|nd|rd|th)\b|\bdía\s\d", re.IGNORECASE)
_KINDS: dict[Has, Iterable[str]] = {
    Has.WEEKDAY: WEEKDAYS,
    Has.CAUSE: ("month",),
    Has.SEASON: SEASON_ENDS,
    Has.NEARNESS: (
        "today", "tonight", "this", "next", "tomorrow", "hoy", "esta", "este", "mañana", "próximo", "proximo",
        "próxima", "proxima",
    ),
    Has.NAMED_DAY: (
        "day", "thanksgiving", "giving", "fourth", "christmas", "easter", "halloween", "juneteenth", "year", "friday",
        "mayo", "smokeout", "navidad", "nochebuena", "nochevieja", "año", "viernes", "día", "gracias",
    ),
}  # fmt: skip
_TELLING = {
    word: [kind for kind, those in _KINDS.items() if word in those] for words in _KINDS.values() for word in words
}
