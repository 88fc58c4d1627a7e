# ruff: noqa: RUF001, RUF002 - people write dashes and curly quotes
"""The dates that a post announces, as a person in the hospital's town would read them.

English and Spanish. A date without a year is the one nearest to the time at which the post goes out; words such as
"tomorrow" are read from that time too, for whoever schedules a post writes it for the day on which it appears.
Only `re` and `zoneinfo`: what is not certainly a date is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain import date_shapes as shapes
from switchboard.domain.calendar_words import AWARENESS_MONTHS, MONTHS, WEEKDAYS
from switchboard.domain.date_senses import Sense, is_exclusive, must_act, sense_of, sentence_ends
from switchboard.domain.wall_time import Hours, hours_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Shape = tuple[re.Pattern[str] | None, re.Pattern[str], Callable[[re.Match[str], "_Reader"], "_Found | None"]]

# What stands further on is no longer read: longer than any platform shows without a tap.
LONGEST_TEXT = 5_000
# Further back than this, a date with its year is history ("on May 3, 2009, we opened"), not a forgotten event.
HISTORY_DAYS = 3 * 366
_COVER = "\x00"
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


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    stop: int
    first: date
    last: date
    is_relative: bool = False
    ends: int = 24 * 60


@dataclass(frozen=True, slots=True)
class _Context:
    before: str
    sentence: str
    hours: Hours | None
    sense: Sense


@dataclass(frozen=True, slots=True)
class _Reader:
    """From which day the dates are read: *today* is the local day of publication, *written* of creation."""

    today: date
    written: date | None
    is_spanish: bool

    def nearest(self, month: int, day: int, weekday: int | None = None) -> date | None:
        """Return the month's day in the year that the writer meant; None when there is no such day."""
        years = range(self.today.year - 1, self.today.year + 2)
        days = [found for year in years if (found := _day(year, month, day)) is not None]
        if weekday is not None:
            days = [found for found in days if found.weekday() == weekday] or days
        if not days:
            return None
        best = min(days, key=lambda found: abs((found - self.today).days))
        return self._as_written(best, days)

    def _as_written(self, best: date, days: list[date]) -> date:
        # A copy that comes round again: written before an earlier occurrence, it meant that one.
        if self.written is None or best <= self.today:
            return best
        earlier = [found for found in days if self.written <= found < best]
        return earlier[-1] if earlier else best


def mentions(
    text: str, *, publish_at: datetime, created_at: datetime | None = None, zone: str = "America/New_York"
) -> tuple[Mention, ...]:
    """Return what *text* says of dates, in order; *zone* is the wall on which its clock hangs."""
    text = unicodedata.normalize("NFKC", text[:LONGEST_TEXT])
    if not 1971 <= publish_at.year <= 9000:  # noqa: PLR2004 - room for the sums
        return ()
    wall = ZoneInfo(zone)
    reader = _Reader(
        today=publish_at.astimezone(wall).date(),
        written=created_at.astimezone(wall).date() if created_at and created_at.year > 1971 else None,  # noqa: PLR2004
        is_spanish=len(shapes.SPANISH_WORD.findall(text)) > 1,
    )
    masked = shapes.NO_DATES.sub(lambda match: " " * len(match[0]), text)
    found: list[_Found] = []
    for gate, pattern, read in _SHAPES:
        if gate is None or gate.search(masked):
            new = [one for match in pattern.finditer(masked) if (one := read(match, reader)) is not None]
            masked = _blank(masked, new)
            found += new
    found.sort(key=lambda one: one.start)
    return tuple(_mentions(text, masked, found, reader, wall))


def _blank(text: str, found: list[_Found]) -> str:
    """Cover what has been read, letter for letter, so that no other shape reads it again."""
    if not found:
        return text
    pieces: list[str] = []
    at = 0
    for one in found:
        pieces += [text[at : one.start], _COVER * (one.stop - one.start)]
        at = one.stop
    return "".join([*pieces, text[at:]])


def _mentions(text: str, masked: str, found: list[_Found], reader: _Reader, wall: ZoneInfo) -> Iterator[Mention]:
    if not found:
        return
    ends = [0, *sentence_ends(text), len(text)]
    hours = hours_in(masked)
    begin = [span.start for span in hours]
    for number, one in enumerate(found):
        if (reader.today - one.last).days > HISTORY_DAYS:
            continue
        low = found[number - 1].stop if number else 0
        high = found[number + 1].start if number + 1 < len(found) else len(text)
        place = bisect_right(ends, one.start)
        sentence_start = max(ends[place - 1], one.start - _CONTEXT)
        sentence_stop = min(ends[min(len(ends) - 1, place)], one.stop + _CONTEXT)
        sentence = text[sentence_start : max(sentence_stop, one.stop)]
        before = text[max(sentence_start, low, one.start - 80) : one.start]
        own = _hours_of(one, _near(hours, begin, one), low, high, sentence_start)
        sense = sense_of(before, sentence, is_span=one.first != one.last, has_hours=own is not None)
        if sense is Sense.IGNORED or _is_call(text, one, before, own):
            continue
        yield _mention(text, one, _Context(before, sentence, own, sense), wall)


def _mention(text: str, one: _Found, context: _Context, wall: ZoneInfo) -> Mention:
    own = context.hours
    start, stop = one.start, one.stop
    if own is not None:
        start, stop = min(start, own.start), max(stop, own.stop)
    midnight = datetime.combine(one.last, time())
    ends = midnight + timedelta(minutes=_last_minute(one, context))
    return Mention(
        text=" ".join(text[start:stop].split()),
        sense=context.sense,
        first_day=one.first,
        last_day=one.last,
        ends_at=ends.replace(tzinfo=wall).astimezone(UTC),
        has_hours=own is not None,
        is_relative=one.is_relative,
        must_act=context.sense is Sense.DEADLINE and must_act(context.sentence),
    )


def _last_minute(one: _Found, context: _Context) -> int:
    """Return when it is over, in minutes since the last day's midnight."""
    own, is_deadline = context.hours, context.sense is Sense.DEADLINE
    if own is not None:
        return own.begins if is_deadline and not own.given else own.ends
    if is_deadline and is_exclusive(context.before):
        return 0
    return one.ends


def _near(hours: list[Hours], begin: list[int], one: _Found) -> list[Hours]:
    return hours[bisect_left(begin, one.start - _REACH_BEFORE) : bisect_left(begin, one.stop + _REACH_AFTER)]


def _hours_of(one: _Found, hours: list[Hours], low: int, high: int, sentence_start: int) -> Hours | None:
    """Return the hours that belong to a date: those that follow it, the latest end of them, else those just before."""
    after = [span for span in hours if one.stop <= span.start < min(high, one.stop + _REACH_AFTER)]
    if after and after[0].start - one.stop < _REACH_AFTER:
        given = [span for span in after if span.given] or after
        return max(given, key=lambda span: span.ends)
    floor = max(low, sentence_start, one.start - _REACH_BEFORE)
    before = [span for span in hours if floor <= span.start and span.stop <= one.start]
    return before[-1] if before else None


def _is_call(text: str, one: _Found, before: str, own: Hours | None) -> bool:
    """Whether "today" belongs to a call ("book today") or to nobody in particular ("today's world")."""
    if not one.is_relative:
        return False
    if text[one.stop : one.stop + 2] in {"'s", "’s"}:
        return True
    is_today = text[one.start : one.stop].lower() in {"today", "hoy"}
    return is_today and own is None and shapes.CALL.search(before) is not None


# --- from a match to days ----------------------------------------------------------------------------------------


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(word: str | None) -> int | None:
    if not word:
        return None
    return int(word) if len(word) == 4 else 2000 + int(word)  # noqa: PLR2004 - digits of a year


def _group(match: re.Match[str], *names: str) -> str | None:
    """Return the first of the groups that is in the pattern and took part."""
    groups = match.groupdict()
    return next((value for name in names if (value := groups.get(name)) is not None), None)


def _word(match: re.Match[str], *names: str) -> str:
    return _group(match, *names) or ""


def _number(word: str) -> int:
    return 1 if word.lower() == "primero" else int(re.sub(r"\D", "", word))


def _resolve(reader: _Reader, year: int | None, month: int, day: int, weekday: str | None) -> date | None:
    if year is not None:
        return _day(year, month, day)
    return reader.nearest(month, day, WEEKDAYS.get(weekday.lower()) if weekday else None)


def _last_of(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _found(match: re.Match[str], first: date | None, last: date | None) -> _Found | None:
    if first is None or last is None:
        return None
    return _Found(match.start(), match.end(), min(first, last), last)


def _read_span(match: re.Match[str], reader: _Reader) -> _Found | None:
    """Read "Oct 30 – Nov 2, 2026" and "del 30 de octubre al 2 de noviembre"."""
    first_month, last_month = MONTHS[match["m1"].lower()], MONTHS[match["m2"].lower()]
    first_day, last_day = _number(match["d1"]), _number(match["d2"])
    last_year = _year(match["y2"])
    first_year = _year(match["y1"])
    if last_year is not None and first_year is None:
        first_year = last_year - ((first_month, first_day) > (last_month, last_day))
    first = _resolve(reader, first_year, first_month, first_day, match["w1"])
    if first is None:
        return None
    wraps = (last_month, last_day) < (first_month, first_day)
    last = _day(last_year or first.year + wraps, last_month, last_day)
    return _found(match, first, last)


def _read_days(match: re.Match[str], reader: _Reader) -> _Found | None:
    """Read "Oct 12", "Oct 12-14, 2026", "March 3, 10 and 17" and "12 y 13 de octubre"."""
    word = _word(match, "m", "m_bare")
    if word in {"may", "march"} and shapes.MODAL.match(match.string, match.end()):
        return None
    days = [int(digits) for digits in re.findall(r"\d{1,2}", match["days"])] or [1]
    year = _year(match["y"])
    first = _resolve(reader, year, MONTHS[word.lower()], days[0], match["w"])
    if first is None:
        return None
    last = first
    for before, after in pairwise(days):
        if after <= before:
            break
        last = _day(first.year, first.month, after) or last
    return _found(match, first, last)


def _read_numbers(match: re.Match[str], reader: _Reader) -> _Found | None:
    """Read "10/12", "10/12/26", "10/12-14" and "10/12-10/14"; month first, or both ways round in Spanish."""
    one, two, year = int(match["a"]), int(match["b"]), _year(match["y"])
    if year is None and not _is_numeric_date(match, one, two):
        return None
    month_first = _resolve(reader, year, one, two, _group(match, "w"))
    day_first = _resolve(reader, year, two, one, _group(match, "w")) if reader.is_spanish or one > 12 else None  # noqa: PLR2004
    days = [day for day in (month_first, day_first) if day is not None]
    if not days:
        return None
    first = max(days)
    last: date | None = first
    if _group(match, "b2"):
        last = _day(first.year, int(_group(match, "a2") or first.month), int(_word(match, "b2")))
        if last is not None and last < first:
            last = _day(first.year + 1, last.month, last.day) if _group(match, "a2") else first
    return _found(match, first, last)


def _is_numeric_date(match: re.Match[str], one: int, two: int) -> bool:
    text, has_context = match.string, _group(match, "w") is not None
    has_context = has_context or shapes.BEFORE_DATE.search(text[max(0, match.start() - 16) : match.start()]) is not None
    after = text[match.end() : match.end() + 24]
    if shapes.AFTER_FRACTION.match(after):
        return False
    if (one, two) in {(24, 7), (7, 24), (9, 11), (50, 50), (20, 20)}:
        return (one, two) == (9, 11) and has_context
    has_context = has_context or shapes.AFTER_DATE.match(after) is not None
    is_fraction = one < two <= 10 and (two in {2, 3, 4, 5, 8, 10} or text[match.start() - 1 : match.start()] == "(")  # noqa: PLR2004
    return has_context or not is_fraction


def _read_iso(match: re.Match[str], _reader: _Reader) -> _Found | None:
    day = _day(int(match["y"]), int(match["mo"]), int(match["d"]))
    return _found(match, day, day)


def _read_nth(match: re.Match[str], reader: _Reader) -> _Found | None:
    """Read "Saturday the 12th" and "sábado 12": the month nearby in which the weekday agrees."""
    weekday, number = WEEKDAYS[_word(match, "w", "w_es").lower()], int(_word(match, "d", "d_es"))
    months = [(reader.today.replace(day=1) + timedelta(days=31 * shift + 15 * (shift != 0))) for shift in range(-2, 3)]
    days = {_day(month.year, month.month, number) for month in months}
    fitting = [day for day in days if day is not None and day.weekday() == weekday]
    if not fitting:
        return None
    best = min(fitting, key=lambda day: abs((day - reader.today).days))
    return _found(match, best, best)


def _read_month(match: re.Match[str], reader: _Reader) -> _Found | None:
    """Read "this October", "October 2026" and "October is …": over with its last day."""
    word = match["m"]
    if word in {"may", "march", "mar"}:
        return None
    return _month(match, MONTHS[word.lower()], _year(_group(match, "y")), reader)


def _read_awareness(match: re.Match[str], reader: _Reader) -> _Found | None:
    month = AWARENESS_MONTHS.get(" ".join(match["cause"].lower().replace("’", "'").split()))
    return None if month is None else _month(match, month, _year(match["y"]), reader)


def _month(match: re.Match[str], month: int, year: int | None, reader: _Reader) -> _Found | None:
    if year is not None:
        return _found(match, date(year, month, 1), _last_of(year, month))
    if month == reader.today.month:
        return _found(match, reader.today.replace(day=1), _last_of(reader.today.year, month))
    middle = reader.nearest(month, 15)
    return None if middle is None else _found(match, middle.replace(day=1), _last_of(middle.year, month))


def _read_relative(match: re.Match[str], reader: _Reader) -> _Found | None:
    """Read "today", "tonight", "tomorrow", "this Saturday", "this weekend", "next week" from the day of publication."""
    word = " ".join(match[0].lower().split())
    today, ends = reader.today, 24 * 60
    to_sunday = 6 - today.weekday()
    if match["w"] is not None:
        last = today + timedelta(days=(WEEKDAYS[match["w"].lower()] - today.weekday()) % 7)
        first = last
    elif "week" in word or "semana" in word:
        first, last = today, today + timedelta(days=to_sunday)
        if word.startswith("next") or "próxima" in word or "proxima" in word or "próximo" in word:
            first, last = last + timedelta(days=1), last + timedelta(days=7)
    else:
        is_next = word.startswith(("tomorrow", "mañana"))
        first = last = today + timedelta(days=1 if is_next else 0)
        ends = _PARTS_OF_DAY.get(word, ends)
    return _Found(match.start(), match.end(), first, last, is_relative=True, ends=ends)


_PARTS_OF_DAY = {"this morning": 12 * 60, "this afternoon": 18 * 60, "esta tarde": 20 * 60}

# Each shape with what the text must have for it, the pattern, and how it is read; the most specific first.
_SHAPES: tuple[_Shape, ...] = (
    (shapes.HAS_NUMBER, shapes.ISO, _read_iso),
    (shapes.HAS_NUMBER, shapes.LONG_NUMBERS, _read_numbers),
    (shapes.HAS_SPAN, shapes.SPAN, _read_span),
    (shapes.HAS_SPAN, shapes.SPAN_DAY_FIRST, _read_span),
    (shapes.HAS_MONTH, shapes.MONTH_FIRST, _read_days),
    (shapes.HAS_MONTH, shapes.DAY_FIRST, _read_days),
    (shapes.HAS_SLASH, shapes.NUMBERS, _read_numbers),
    (shapes.HAS_WEEKDAY, shapes.NTH, _read_nth),
    (shapes.HAS_MONTH, shapes.MONTH_YEAR, _read_month),
    (shapes.HAS_MONTH, shapes.MONTH_IS, _read_month),
    (shapes.HAS_MONTH, shapes.MONTH, _read_month),
    (shapes.HAS_CAUSE, shapes.AWARENESS, _read_awareness),
    (None, shapes.RELATIVE, _read_relative),
)
