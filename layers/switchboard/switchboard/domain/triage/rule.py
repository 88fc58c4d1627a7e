"""The rules, as they stand in `rules/*.json`: what a person reads there is what decides.

A book is a file of rules. A rule has a name, what it decides, wordings that it `fires` on and texts it is `silent` on.
A wording is a pair: *words*, a regular expression of whole words on canonical text (see `reading`: no accents, no
apostrophes, single spaces), and *like*, an invented text that it fires on, which the reason quotes. In *words* a
`<part>` stands for what the book's `parts` say; with *at* they count only where something begins (see `places`). They
repeat nothing without a bound, so that they take linear time.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchboard.domain.triage.places import places
from switchboard.domain.vocabulary import Category, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

_BOOKS = Path(__file__).with_name("rules")
_PART = re.compile(r"<([a-z_]+)>")


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say it: *words* finds it, *like* shows it; *at* is one of `places.PLACES`, or "" for anywhere."""

    words: str
    like: str
    at: str

    def stands_in(self, canonical: str) -> bool:
        """Return whether it is in *canonical*."""
        return _stands_in(whole_words(self.words), self.at, canonical)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """*name* and what its wordings are like stand in the reason; the author's words never do."""

    name: str
    category: Category
    urgency: Urgency
    fires: tuple[Wording, ...]
    silent: tuple[str, ...]

    def matches(self, canonical: str) -> bool:
        """Return whether one of the rule's wordings is in *canonical*."""
        return any(_stands_in(pattern, at, canonical) for at, pattern in _compiled(self))

    def pattern(self) -> re.Pattern[str]:
        """Return all wordings as one pattern, for a rule whose wordings may stand anywhere."""
        ((_, pattern),) = _compiled(self)
        return pattern

    def quoted(self, canonical: str) -> str:
        """Return the rule's name and the example of the first wording that is in *canonical*, which it matches."""
        like = next(wording.like for wording in self.fires if wording.stands_in(canonical))
        return f"“{self.name}” (like “{like}”)"


def _stands_in(pattern: re.Pattern[str], at: str, canonical: str) -> bool:
    if not at:
        return pattern.search(canonical) is not None
    return any(pattern.match(canonical, place) for place in places(canonical)[at])


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
def _compiled(rule: Rule) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the wordings of each place as one pattern."""
    by_place: dict[str, list[str]] = {}
    for wording in rule.fires:
        by_place.setdefault(wording.at, []).append(wording.words)
    return tuple((at, whole_words("|".join(words))) for at, words in by_place.items())


def _rule(found: dict[str, Any], parts: dict[str, str]) -> Rule:
    return Rule(
        found["name"],
        Category(found.get("category", Category.GENERAL)),
        Urgency(found.get("urgency", Urgency.NORMAL)),
        tuple(Wording(_whole(one["words"], parts), one["like"], one.get("at", "")) for one in found["fires"]),
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
