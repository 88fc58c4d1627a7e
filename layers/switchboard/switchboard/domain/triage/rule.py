"""A rule: a name that a person reads, what it means, and the words it looks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from switchboard.domain.vocabulary import Category, Urgency


@dataclass(frozen=True, slots=True)
class Rule:
    """*name* stands in the reason; the author's words never do.

    *words* are alternatives, each a regular expression of whole words on canonical text (see `reading`): no accents,
    no apostrophes, single spaces. They repeat nothing without a bound, so that they take linear time.
    """

    name: str
    category: Category
    urgency: Urgency
    words: tuple[str, ...]

    def matches(self, canonical: str) -> bool:
        """Return whether the rule's words are in *canonical*."""
        return pattern(self.words).search(canonical) is not None


@cache
def pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return *words* as one pattern, compiled on first use: a cold start pays only for what it reads."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")
