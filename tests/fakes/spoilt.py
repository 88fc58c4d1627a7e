"""Bodies in which something is wrong, for properties: and the words that must be found in what is made of them."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from hypothesis import strategies as st

from switchboard.domain.message import Delivery

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import SearchStrategy

WORDS = re.compile(r"aardvark|badger|chamois|dormouse|ermine|ferret|gopher|hamster|ibex|jackal")
_GONE = object()
_ODD: tuple[Any, ...] = (
    _GONE,
    None,
    True,
    0,
    -1,
    2**80,
    1e308,
    "",
    " ",
    "9",
    "\ud800",
    "x" * 600,
    "x" * 20_000,
    [],
    [[]],
    {},
    {"id": []},
)


def spoilt(body: Any) -> SearchStrategy[Any]:
    """Return copies of *body*, JSON, in which one to four places are gone or hold something else."""
    place = st.sampled_from(list(_places(body)))
    return st.lists(st.tuples(place, st.sampled_from(_ODD)), min_size=1, max_size=4).map(
        lambda changes: _changed(body, changes)
    )


def words_in(found: Any) -> set[str]:
    """Return which of WORDS stand in *found*: JSON, or the messages and kept events of a delivery."""
    if isinstance(found, Delivery):
        return set(WORDS.findall(json.dumps(asdict(found), default=str)))
    return set(WORDS.findall(json.dumps(found)))


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    match value:
        case dict():
            keys: list[Any] = list(cast("dict[str, Any]", value))
        case list():
            keys = list(range(len(cast("list[object]", value))))
        case _:
            return
    for key in keys:
        yield (*above, key)
        yield from _places(value[key], (*above, key))


def _changed(body: Any, changes: list[tuple[tuple[Any, ...], Any]]) -> Any:
    found = deepcopy(body)
    for (*above, last), odd in changes:
        holder = found
        try:
            for key in above:
                holder = holder[key]
            if odd is _GONE:
                del holder[last]
            else:
                holder[last] = deepcopy(odd)
        except (KeyError, IndexError, TypeError):
            continue  # it is gone already
    return found
