"""The rules, as they stand in `rules/*.json`: what a person reads there is what decides.

A book is a file of rules. A rule has a name, what it decides, wordings that it `fires` on and texts it is `silent` on.
A wording is a pair: *words*, a regular expression of whole words on canonical text (see `reading`: no accents, no
apostrophes, single spaces), and *like*, an invented text that it fires on, which the reason quotes. In *words* a
`<part>` stands for what the book's `parts` say. They repeat nothing without a bound, so that they take linear time.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchboard.domain.vocabulary import Category, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

_BOOKS = Path(__file__).with_name("rules")
_PART = re.compile(r"<([a-z_]+)>")


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say it: *words* finds it, *like* shows it."""

    words: str
    like: str


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """*name* and what its wordings are like stand in the reason; the author's words never do."""

    name: str
    category: Category
    urgency: Urgency
    fires: tuple[Wording, ...]
    silent: tuple[str, ...]

    def matches(self, canonical: str) -> bool:
        """Return whether the rule's words are in *canonical*."""
        return self.pattern().search(canonical) is not None

    def pattern(self) -> re.Pattern[str]:
        """Return all wordings as one pattern."""
        return _compiled(self)

    def quoted(self, canonical: str) -> str:
        """Return the rule's name and the example of the first wording that is in *canonical*, which it matches."""
        like = next(wording.like for wording in self.fires if whole_words(wording.words).search(canonical))
        return f"“{self.name}” (like “{like}”)"


@cache
def book(name: str) -> Mapping[str, Rule]:
    """Return the rules of the book *name* by their names, in its order; read on first use."""
    found: dict[str, Any] = json.loads((_BOOKS / f"{name}.json").read_text("utf-8"))
    return {rule["name"]: _rule(rule, found["parts"]) for rule in found["rules"]}


@cache
def whole_words(words: str) -> re.Pattern[str]:
    """Return *words* compiled on first use: a cold start pays only for what it reads."""
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


@cache
def _compiled(rule: Rule) -> re.Pattern[str]:
    return whole_words("|".join(wording.words for wording in rule.fires))


def _rule(found: dict[str, Any], parts: dict[str, str]) -> Rule:
    return Rule(
        found["name"],
        Category(found.get("category", Category.GENERAL)),
        Urgency(found.get("urgency", Urgency.NORMAL)),
        tuple(Wording(_whole(wording["words"], parts), wording["like"]) for wording in found["fires"]),
        tuple(found["silent"]),
    )


def _whole(words: str, parts: dict[str, str]) -> str:
    """Return *words* with its parts in place."""
    while "<" in words:
        put = _PART.sub(lambda part: parts[part[1]], words)
        if put == words:
            break
        words = put
    return words
