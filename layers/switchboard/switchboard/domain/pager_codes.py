"""The numbers by which the texts of one phone name questions: small, and never another question's too soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.pager import Code

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from switchboard.domain.pager import Pager

MOST_CODES = 99
"""So many numbers a phone has at most; when all are in use a text names none, and its link claims."""

REST = timedelta(hours=72)
"""So long after a text the number in it means no other question: a text may take that long, and is read late."""

_REST_AT_LEAST = timedelta(hours=2)


def with_code(
    pager: Pager, question_id: str, unfinished: Collection[str], *, now: datetime, taken: Collection[int] = ()
) -> tuple[Pager, int | None]:
    """Return the pager and the number of *question_id* in it, None when all are in use. The version is not raised.

    It is the same as long as the question is *unfinished*. A new question gets the smallest number that no unfinished
    one has, that was in no text for `REST`, and that is not *taken* by somebody else with the same phone: a late answer
    to an old text must not claim or close another question. When none is left, the one that rested longest.
    """
    known = next((code.number for code in pager.codes if code.question_id == question_id), None)
    number = known or _free_number(pager, unfinished, taken, now)
    if number is None:
        return pager, None
    others = tuple(code for code in pager.codes if code.number != number)
    return replace(pager, codes=(*others, Code(number=number, question_id=question_id, at=now))), number


def _free_number(pager: Pager, unfinished: Collection[str], taken: Collection[int], now: datetime) -> int | None:
    in_use = {code.number for code in pager.codes if code.question_id in unfinished} | set(taken)
    resting = {code.number: code.at for code in pager.codes if code.at and code.at + REST > now}
    for number in range(1, MOST_CODES + 1):
        if number not in in_use and number not in resting:
            return number
    rested = {number: at for number, at in resting.items() if number not in in_use and at + _REST_AT_LEAST <= now}
    return min(rested, key=rested.__getitem__, default=None)
