# ruff: noqa: RUF001 - people write dashes
"""Times of day in a post: when what it announces begins and ends, on the clock on the wall."""

from __future__ import annotations

import re
from dataclasses import dataclass

MINUTES_A_DAY = 24 * 60
_NOON = 12 * 60
# A beginning alone ("at 6 pm") says nothing of the end; classes, talks and drives seldom last longer.
PRESUMED_MINUTES = 180

_CLOCK = (
    r"(?:(?P<{0}h>\d{{1,2}})(?:[:.](?P<{0}m>[0-5]\d))?(?!\d)\s{{0,2}}"
    r"(?P<{0}x>[ap]\.?\s?m\b\.?|[ap]\b(?!\.?\w)|de\ la\ (?:mañana|tarde|noche)|hrs?\b|h\b|o'clock)?"
    r"|(?P<{0}w>noon|midnight|mediodía|mediodia|medianoche)\b)"
)
_TO = r"\s{0,3}(?:[-–—−~]|\bto\b|\buntil\b|\btill?\b|\bthrough\b|\ba\b|\bhasta\b|\by\b)\s{0,3}(?:las?\s|el\s)?"
_RANGE = re.compile(
    r"(?<![\w/$.:])(?<!\d[,-])" + _CLOCK.format("s") + _TO + _CLOCK.format("e") + r"(?![\d/%])", re.IGNORECASE
)
_POINT = re.compile(r"(?<![\w/$.:])(?<!\d[,-])" + _CLOCK.format("s") + r"(?![\d/%])", re.IGNORECASE)

_EVENING = re.compile(r"\b(?:tonight|dusk|sunset|esta noche)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hours:
    """From *begins* to *ends*, both in minutes since midnight; *ends* may lie past midnight (1,500 is 1 am).

    *given* is whether the end stood in the text; *text* is what stood there, between *start* and *stop*.
    """

    begins: int
    ends: int
    given: bool
    text: str
    start: int
    stop: int


def is_evening(text: str) -> bool:
    """Whether *text* speaks of an evening, so that "8:40" in it is none of the morning."""
    return _EVENING.search(text) is not None


def hours_in(text: str, *, evening: bool = False) -> list[Hours]:
    """Return the times of day in *text*, in order; a number is one only with am, pm, a colon or a word for it.

    With *evening* a bare "8:40" is 20:40.
    """
    found: list[Hours] = []
    covered: set[int] = set()
    for match in _RANGE.finditer(text):
        span = _range(match)
        if span is not None:
            found.append(Hours(*span, given=True, text=match[0].strip(), start=match.start(), stop=match.end()))
            covered.update(range(*match.span()))
    for match in _POINT.finditer(text):
        if match.start() in covered:
            continue
        begins = _minutes(match, "s", needs_mark=True)
        if begins is not None:
            if evening and begins < _NOON and not _marked(match, "s"):
                begins += _NOON
            ends = begins + PRESUMED_MINUTES
            found.append(Hours(begins, ends, given=False, text=match[0].strip(), start=match.start(), stop=match.end()))
    return sorted(found, key=lambda hours: hours.start)


def _range(match: re.Match[str]) -> tuple[int, int] | None:
    marks = [_marked(match, side) for side in "se"]
    colons = [match[f"{side}m"] is not None for side in "se"]
    if not (any(marks) or all(colons)):
        return None
    ends = _minutes(match, "e")
    begins = _minutes(match, "s")
    if ends is None or begins is None:
        return None
    if not marks[0] and begins + _NOON < ends:
        begins += _NOON
    if not marks[1] and ends <= begins and ends <= _NOON:
        ends += _NOON
    if ends <= begins:
        ends += MINUTES_A_DAY
    return begins, ends


def _marked(match: re.Match[str], side: str) -> bool:
    return match[f"{side}x"] is not None or match[f"{side}w"] is not None


def _minutes(match: re.Match[str], side: str, *, needs_mark: bool = False) -> int | None:
    word = match[f"{side}w"]
    if word is not None:
        return _NOON if word.lower() in {"noon", "mediodía", "mediodia"} else MINUTES_A_DAY
    hour, minute = int(match[f"{side}h"]), int(match[f"{side}m"] or 0)
    mark = (match[f"{side}x"] or "").lower()
    if hour > 24 or (needs_mark and not mark and match[f"{side}m"] is None):  # noqa: PLR2004 - hours of a day
        return None
    if needs_mark and not mark and ":" not in match[0]:
        return None
    afternoon = mark.startswith("p") or mark.endswith(("tarde", "noche"))
    morning = mark.startswith("a") or mark.endswith("mañana")
    if (afternoon or morning) and not 1 <= hour <= 12:  # noqa: PLR2004
        return hour * 60 + minute if 13 <= hour <= 23 else None  # noqa: PLR2004
    if afternoon or morning:
        hour = hour % 12 + (12 if afternoon else 0)
    return hour * 60 + minute
