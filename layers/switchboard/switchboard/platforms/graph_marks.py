"""The mark of a look through several lists: where in each of them the next page begins."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from switchboard.platforms.fields import dict_of, id_of, list_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_BUSY = 25
_LONGEST_QUERY = 2_000


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one list stands: the *query* of its next page, what is *busy*, and where in the first of these."""

    query: str = ""
    busy: tuple[str, ...] = ()
    within: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """An immutable mark; `str` gives its opaque text, "" when every list is at its end."""

    _places: tuple[tuple[str, _Place], ...] = ()

    @classmethod
    def first(cls, names: Iterable[str]) -> Mark:
        """Return the mark before the first page of all lists."""
        return cls(tuple((name, _Place()) for name in names))

    @classmethod
    def read(cls, text: str) -> Mark | None:
        """Return the mark that *text* says, None when it says none: then the look begins anew."""
        try:
            told = dict_of(json.loads(text)) if text else {}
        except (ValueError, RecursionError):
            return None
        places = tuple((text_of(name, 50), _place(dict_of(told[name]))) for name in told)
        return cls(places) if places else None

    def __str__(self) -> str:
        """Return the mark as text."""
        told = {
            name: {key: value for key, value in _told(place).items() if value}
            for name, place in self._places
            if place.busy or not place.ended
        }
        return json.dumps(told, separators=(",", ":")) if told else ""

    def has(self, name: str) -> bool:
        """Whether there is more of the list."""
        return any(known == name for known, _ in self._places)

    def query(self, name: str) -> str:
        """Return the query of what comes next in the list."""
        place = self._of(name)
        return place.within if place.busy else place.query

    def busy(self, name: str) -> str:
        """Return what must be read before the list goes on, or ""."""
        return next(iter(self._of(name).busy), "")

    def without(self, name: str) -> Mark:
        """Return the mark without the list."""
        return Mark(tuple(entry for entry in self._places if entry[0] != name))

    def after(self, name: str, following: str, busy: Sequence[str]) -> Mark:
        """Return the mark after one more page, of the list or of what was busy in it, that *following* comes after."""
        place = self._of(name)
        if place.busy:
            rest = place.busy if following else place.busy[1:]
            place = replace(place, busy=rest, within=following)
        else:
            place = _Place(query=following, busy=tuple(busy)[:MOST_BUSY], ended=not following)
        if place.ended and not place.busy:
            return self.without(name)
        return Mark(tuple((known, place if known == name else other) for known, other in self._places))

    def _of(self, name: str) -> _Place:
        return next((place for known, place in self._places if known == name), _Place())


def _told(place: _Place) -> dict[str, object]:
    return {"q": place.query, "b": list(place.busy), "w": place.within, "e": int(place.ended)}


def _place(told: dict[str, object]) -> _Place:
    busy = tuple(named for one in list_of(told.get("b"))[:MOST_BUSY] if (named := id_of(one)))
    query, within = (text_of(told.get(name), _LONGEST_QUERY) for name in ("q", "w"))
    return _Place(query=query, busy=busy, within=within, ended=told.get("e") == 1)
