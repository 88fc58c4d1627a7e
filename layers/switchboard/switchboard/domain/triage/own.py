"""The hospital's own rules: phrases as people write them, found as whole words however the author spells them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from switchboard.domain.triage.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from switchboard.domain.triage.reading import Reading
    from switchboard.domain.vocabulary import Category, Urgency

_WORD = re.compile(r"[^\W_]+")


class OwnRule(Protocol):
    """What the config says of a message in which one of *phrases* stands; None leaves it as it is found."""

    @property
    def name(self) -> str:
        """What stands in the reason."""
        ...

    @property
    def phrases(self) -> tuple[str, ...]:
        """Plain words; capitals, accents, signs, contractions and chat spelling do not matter. The first is quoted."""
        ...

    @property
    def category(self) -> Category | None:
        """What the message is about."""
        ...

    @property
    def urgency(self) -> Urgency | None:
        """How soon; urgent and emergency make it need an answer, unless *needs_answer* says otherwise."""
        ...

    @property
    def needs_answer(self) -> bool | None:
        """Whether a person is rung."""
        ...


def first_of(rules: Iterable[OwnRule], text: str, reading: Reading) -> OwnRule | None:
    """Return the first of *rules* with a phrase in *text*, which reads as *reading*."""
    words = f" {_words(reading.canonical)} "
    lower = text.casefold()
    return next((rule for rule in rules if _says(rule.phrases, words, lower)), None)


def _says(phrases: tuple[str, ...], words: str, lower: str) -> bool:
    plain, signs = _read(phrases)
    return any(f" {phrase} " in words for phrase in plain) or any(sign in lower for sign in signs)


@lru_cache(maxsize=1024)
def _read(phrases: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return *phrases* as canonical words, and those that have none, such as "@mercy" or an emoji, as they are."""
    plain = {phrase: _words(read(phrase).canonical) for phrase in phrases}
    signs = (phrase.strip().casefold() for phrase, words in plain.items() if not words)
    return tuple(filter(None, plain.values())), tuple(filter(None, signs))


def _words(canonical: str) -> str:
    return " ".join(_WORD.findall(canonical))
