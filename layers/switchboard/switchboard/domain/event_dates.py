# ruff: noqa: RUF001 - people write dashes and curly quotes
"""The dates that a post announces, as a person in the hospital's town would read them.

English and Spanish. A date without a year is the one nearest to the time at which the post goes out; words such as
"tomorrow" are read from that time too, for whoever schedules a post writes it for the day on which it appears.
Only `re` and `zoneinfo`: what is not certainly a date is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain import date_shapes as shapes
from switchboard.domain.date_gates import has
from switchboard.domain.date_readers import SHAPES, Found, Needs, Reader
from switchboard.domain.date_senses import Sense, invites, is_exclusive, must_act, sense_of, sentence_ends
from switchboard.domain.tenses import clause_around
from switchboard.domain.wall_time import MINUTES_A_DAY, Hours, hours_in, is_evening

if TYPE_CHECKING:
    from collections.abc import Iterator

# What stands further on is no longer read: longer than any platform shows without a tap.
LONGEST_TEXT = 5_000
# Further back than this, a date with its year is history ("on May 3, 2009, we opened"), not a forgotten event.
HISTORY_DAYS = 3 * 366
_COVER = "\x00"
# What parts the dates of one list.
_IN_A_LIST = re.compile(r"[\s,;&/•|·+-]*(?:(?:and|y|e)\s)?")
# What joins two dates that are for the same.
_JOINED = re.compile(r"[ ,&]*(?:(?:and|y|e) )?")
_OF_BOTH = (Sense.RECAP, Sense.IGNORED)
_YESTERDAY = re.compile(r"\b(?:yesterday|ayer)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
# Patterns that ignore case take these for an i; a word that is looked up does not.
_TURKISH = str.maketrans("İı", "Ii")
# How many characters around a date decide what it is for.
_CONTEXT = 300
_REACH_AFTER = 90
_REACH_BEFORE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One date, or one run of dates, in a post: *text* is exactly what stood there.

    *ends_at* (aware UTC) is when the last of it is over; *has_hours* whether a time of day said so. *is_relative* is
    true for words such as "tonight". *must_act* marks a deadline after which the rest of the post is of no use.
    """

    text: str
    sense: Sense
    first_day: date
    last_day: date
    ends_at: datetime
    has_hours: bool = False
    is_relative: bool = False
    must_act: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """The words *before* a date, its *clause*, and its *sentence*, which begins at *start* of the text."""

    start: int
    before: str
    clause: str
    sentence: str


def mentions(
    text: str, *, publish_at: datetime, created_at: datetime | None = None, zone: str = "America/New_York"
) -> tuple[Mention, ...]:
    """Return what *text* says of dates, in order; *zone* is the wall on which its clock hangs."""
    text = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).translate(_TURKISH)
    if not 1971 <= publish_at.year <= 9000:  # noqa: PLR2004 - room for the sums
        return ()
    wall = ZoneInfo(zone)
    reader = Reader(
        today=publish_at.astimezone(wall).date(),
        written=created_at.astimezone(wall).date() if created_at and created_at.year > 1971 else None,  # noqa: PLR2004
        is_spanish=len(shapes.SPANISH_WORD.findall(text)) > 1,
    )
    masked = shapes.NO_DATES.sub(lambda match: " " * len(match[0]), text)
    found: list[Found] = []
    there = has(masked)
    for needed, pattern, read in SHAPES:
        if needed in there:
            new = [one for match in pattern.finditer(masked) if (one := read(match, reader)) is not None]
            masked = _blank(masked, new)
            found += new
    found = _in_order(sorted(found, key=lambda one: one.start), text)
    return _with_hours_of_the_day(list(_mentions(text, masked, found, reader, wall)))


def _with_hours_of_the_day(found: list[Mention]) -> tuple[Mention, ...]:
    """Give a day that is named twice ("noon today, Oct 21") the hours that stand with one of its names."""
    ends: dict[date, datetime] = {}
    for one in found:
        if one.has_hours and one.sense is Sense.EVENT:
            ends[one.last_day] = max(one.ends_at, ends.get(one.last_day, one.ends_at))
    return tuple(
        replace(one, ends_at=ends[one.last_day], has_hours=True)
        if one.last_day in ends and not one.has_hours and one.sense is Sense.EVENT
        else one
        for one in found
    )


def _in_order(found: list[Found], text: str) -> list[Found]:
    """Keep the dates of a list ("Jan 12, May 11, Sept 14") in one run of days, wherever each alone is nearest."""
    for number in range(len(found) - 2, -1, -1):
        one, after = found[number], found[number + 1]
        if one.is_relative or one.first <= after.first or not _IN_A_LIST.fullmatch(text, one.stop, after.start):
            continue
        month = 3 if one.first.month > 2 else 1  # noqa: PLR2004 - whether a 29th of February lies between
        a_year = date(one.first.year, month, 1) - date(one.first.year - 1, month, 1)
        if one.first - a_year <= after.first and not _YEAR.search(text, one.start, one.stop):
            found[number] = replace(one, first=one.first - a_year, last=one.last - a_year)
    return found


def _blank(text: str, found: list[Found]) -> str:
    """Cover what has been read, letter for letter, so that no other shape reads it again."""
    if not found:
        return text
    pieces: list[str] = []
    at = 0
    for one in found:
        pieces += [text[at : one.start], _COVER * (one.stop - one.start)]
        at = one.stop
    return "".join([*pieces, text[at:]])


def _mentions(text: str, masked: str, found: list[Found], reader: Reader, wall: ZoneInfo) -> Iterator[Mention]:
    if not found:
        return
    ends = [0, *sentence_ends(text), len(text)]
    hours = hours_in(masked, evening=is_evening(text))
    begin = [span.start for span in hours]
    sense = Sense.EVENT
    for number, one in enumerate(found):
        if (reader.today - one.last).days > HISTORY_DAYS or _is_narrowed(one, found):
            continue
        low = found[number - 1].stop if number else 0
        high = found[number + 1].start if number + 1 < len(found) else len(text)
        around = _around(text, one, low, ends)
        own = _hours_of(one, _near(hours, begin, one), low, high, around.start)
        if own is not None and number and own.stop <= one.start:
            own = _until_the_morning_of(one, own, found[number - 1])
        is_joined = number > 0 and _JOINED.fullmatch(text, low, one.start) is not None
        if not (is_joined and sense in _OF_BOTH):
            goes_on = number + 1 < len(found) and shapes.GOES_ON.match(text, one.stop, high) is not None
            timed = own is not None and _is_planned(own)
            sense = sense_of(
                around.before, around.sentence, around.clause, is_span=goes_on or one.first != one.last, has_hours=timed
            )
            if _was_yesterday(one, text, reader.today) or (sense is Sense.EVENT and _is_possessive(text, one, around)):
                sense = Sense.RECAP
        if sense is Sense.IGNORED or _is_call(text, one, around.before, own) or not _has_what_it_needs(one, around):
            continue
        yield _mention(text, one, around, own, sense, wall)


def _around(text: str, one: Found, low: int, ends: list[int]) -> _Around:
    """Return the words around a date; *low* is where the one before it stops, *ends* where sentences do."""
    place = bisect_right(ends, one.start)
    start = max(ends[place - 1], one.start - _CONTEXT)
    stop = min(ends[min(len(ends) - 1, place)], one.stop + _CONTEXT)
    sentence = text[start : max(stop, one.stop)]
    return _Around(
        start=start,
        before=text[max(start, low, one.start - 80) : one.start],
        sentence=sentence,
        clause=clause_around(sentence, one.start - start, one.stop - start),
    )


def _is_narrowed(one: Found, found: list[Found]) -> bool:
    """Whether "in October" only leads to a day that is named beside it, and "this October" to several."""
    if one.needs not in (Needs.INVITATION, Needs.NO_LIST):
        return False
    within = [other for other in found if one.first <= other.first and other.last <= one.last and other.needs is None]
    return len(within) > (one.needs is Needs.NO_LIST)


def _until_the_morning_of(one: Found, hours: Hours, before: Found) -> Hours:
    """Return *hours* as they end on the later of two days: "Aug. 17, 10 p.m. to 4 a.m. on Aug. 18"."""
    if hours.ends <= MINUTES_A_DAY or one.first - before.last != timedelta(days=1):
        return hours
    return replace(hours, ends=hours.ends - MINUTES_A_DAY)


def _was_yesterday(one: Found, text: str, today: date) -> bool:
    """Whether a post that speaks of yesterday names yesterday's date."""
    return today - one.last == timedelta(days=1) and _YESTERDAY.search(text) is not None


def _is_possessive(text: str, one: Found, around: _Around) -> bool:
    """Whether it is "April 18's shred day", of which something is told."""
    return text[one.stop : one.stop + 2] in {"'s", "’s"} and not invites(around.sentence)


def _is_planned(hours: Hours) -> bool:
    """Whether somebody plans with such a time of day: babies come at 3:14."""
    return hours.begins % 5 == 0


def _has_what_it_needs(one: Found, around: _Around) -> bool:
    sentence = around.sentence
    match one.needs:
        case None | Needs.NO_LIST:
            return True
        case Needs.INVITATION:
            return invites(sentence) and shapes.STANDING.search(sentence) is None
        case Needs.ONCE:
            return shapes.STANDING.search(sentence) is None
        case Needs.NOT_ALWAYS:
            return shapes.OF_HOLIDAYS.search(sentence) is None


def _mention(text: str, one: Found, around: _Around, own: Hours | None, sense: Sense, wall: ZoneInfo) -> Mention:
    start, stop = one.start, one.stop
    if own is not None:
        start, stop = min(start, own.start), max(stop, own.stop)
    last = one.last
    if shapes.WEEK_OF.search(around.before):
        last += timedelta(days=6 - last.weekday())
    midnight = datetime.combine(last, time())
    ends = midnight + timedelta(minutes=_last_minute(one, around.before, own, is_deadline=sense is Sense.DEADLINE))
    return Mention(
        text=" ".join(text[start:stop].split()),
        sense=sense,
        first_day=one.first,
        last_day=last,
        ends_at=ends.replace(tzinfo=wall).astimezone(UTC),
        has_hours=own is not None,
        is_relative=one.is_relative,
        must_act=sense is Sense.DEADLINE and must_act(around.sentence),
    )


def _last_minute(one: Found, before: str, own: Hours | None, *, is_deadline: bool) -> int:
    """Return when it is over, in minutes since the last day's midnight."""
    if own is not None:
        return own.begins if is_deadline and not own.given else own.ends
    if is_deadline and is_exclusive(before):
        return 0
    return one.ends


def _near(hours: list[Hours], begin: list[int], one: Found) -> list[Hours]:
    return hours[bisect_left(begin, one.start - _REACH_BEFORE) : bisect_left(begin, one.stop + _REACH_AFTER)]


def _hours_of(one: Found, hours: list[Hours], low: int, high: int, sentence_start: int) -> Hours | None:
    """Return the hours that belong to a date: those that follow it, the latest end of them, else those just before."""
    after = [span for span in hours if one.stop <= span.start < min(high, one.stop + _REACH_AFTER)]
    if after and after[0].start - one.stop < _REACH_AFTER:
        given = [span for span in after if span.given] or after
        return max(given, key=lambda span: span.ends)
    floor = max(low, sentence_start, one.start - _REACH_BEFORE)
    before = [span for span in hours if floor <= span.start and span.stop <= one.start]
    return before[-1] if before else None


def _is_call(text: str, one: Found, before: str, own: Hours | None) -> bool:
    """Whether "today" belongs to a call ("book today") or to nobody in particular ("today's world")."""
    if not one.is_relative:
        return False
    if text[one.stop : one.stop + 2] in {"'s", "’s"}:
        return True
    is_today = text[one.start : one.stop].lower() in {"today", "hoy"}
    return is_today and own is None and shapes.CALL.search(before) is not None
