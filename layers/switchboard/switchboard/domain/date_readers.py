# ruff: noqa: RUF001, RUF002 - people write dashes and curly quotes
"""From what looks like a date to the days that are meant: one reader a shape, and `SHAPES`, all of them in order."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from switchboard.domain import date_shapes as shapes
from switchboard.domain.calendar_words import AWARENESS_MONTHS, MONTHS, ORDINALS, SEASON_ENDS, WEEKDAYS
from switchboard.domain.date_gates import Has
from switchboard.domain.named_days import is_observance, named_day, nth_weekday, plain_name

if TYPE_CHECKING:
    from collections.abc import Callable

    Shape = tuple[Has, re.Pattern[str], Callable[[re.Match[str], "Reader"], "Found | None"]]


class Needs(StrEnum):
    """What the sentence around must have, or must not, for a word to be a date."""

    INVITATION = "invitation"
    NO_LIST = "no_list"
    ONCE = "once"
    NOT_ALWAYS = "not_always"


@dataclass(frozen=True, slots=True)
class Found:
    """Where a date stands in a text, and which days it means; *ends* is in minutes since the last day's midnight."""

    start: int
    stop: int
    first: date
    last: date
    is_relative: bool = False
    ends: int = 24 * 60
    needs: Needs | None = None


@dataclass(frozen=True, slots=True)
class Reader:
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


def _resolve(reader: Reader, year: int | None, month: int, day: int, weekday: str | None) -> date | None:
    if year is not None:
        return _day(year, month, day)
    return reader.nearest(month, day, WEEKDAYS.get(weekday.lower()) if weekday else None)


def _last_of(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _found(match: re.Match[str], first: date | None, last: date | None) -> Found | None:
    if first is None or last is None:
        return None
    return Found(match.start(), match.end(), min(first, last), last)


def _read_span(match: re.Match[str], reader: Reader) -> Found | None:
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


def _read_days(match: re.Match[str], reader: Reader) -> Found | None:
    """Read "Oct 12", "Oct 12-14, 2026", "March 3, 10 and 17" and "12 y 13 de octubre"."""
    word = _word(match, "m", "m_bare")
    if word in {"may", "march"} and shapes.MODAL.match(match.string, match.end()):
        return None
    days = [int(digits) for digits in re.findall(r"\d{1,2}", match["days"])] or [1]
    year = _year(match["y"])
    of_the_last = match.string[max(0, match.start() - 2) : match.start()].rstrip().endswith(("-", "–", "/", "&"))
    first = _resolve(reader, year, MONTHS[word.lower()], days[0], None if of_the_last else match["w"])
    if first is None:
        return None
    if len(days) > 2 and days[-1] <= days[-2] and shapes.ENDS_IN_HOURS.search(match["days"]):  # noqa: PLR2004
        del days[-2:]
    last = first
    for before, after in pairwise(days):
        if after <= before:
            break
        last = _day(first.year, first.month, after) or last
    return _found(match, first, last)


def _read_numbers(match: re.Match[str], reader: Reader) -> Found | None:
    """Read "10/12", "10/12/26", "10/12-14" and "10/12-10/14"; month first, or both ways round in Spanish."""
    one, two, year = int(_word(match, "a", "a2d")), int(_word(match, "b", "b2d")), _year(_group(match, "y", "y2d"))
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
    if (one, two) == (10, 10):  # a mark out of ten
        return has_context
    is_fraction = one < two <= 10 and (two in {2, 3, 4, 5, 8, 10} or text[match.start() - 1 : match.start()] == "(")  # noqa: PLR2004
    return has_context or not is_fraction


def _read_iso(match: re.Match[str], _reader: Reader) -> Found | None:
    day = _day(int(match["y"]), int(match["mo"]), int(match["d"]))
    return _found(match, day, day)


def _read_spelled(match: re.Match[str], reader: Reader) -> Found | None:
    """Read "the twentieth of February"."""
    number = ORDINALS[_word(match, "n", "n_last").lower()]
    day = reader.nearest(MONTHS[_word(match, "m", "m_sure", "m_the").lower()], number)
    return _found(match, day, day)


def _read_nth(match: re.Match[str], reader: Reader) -> Found | None:
    """Read "Saturday the 12th" and "sábado 12": the month nearby in which the weekday agrees."""
    weekday, number = WEEKDAYS[_word(match, "w", "w_es").lower()], int(_word(match, "d", "d_es"))
    months = [(reader.today.replace(day=1) + timedelta(days=31 * shift + 15 * (shift != 0))) for shift in range(-2, 3)]
    days = {_day(month.year, month.month, number) for month in months}
    fitting = [day for day in days if day is not None and day.weekday() == weekday]
    if not fitting:
        return None
    best = min(fitting, key=lambda day: abs((day - reader.today).days))
    return _found(match, best, best)


def _read_month(match: re.Match[str], reader: Reader) -> Found | None:
    """Read "this October", "October 2026" and "October is …": over with its last day."""
    word = match["m"]
    if word in {"may", "march", "mar"}:
        return None
    found = _month(match, MONTHS[word.lower()], _year(_group(match, "y")), reader)
    is_this = match[0].lower().startswith(("this ", "este "))
    return replace(found, needs=Needs.NO_LIST) if found is not None and is_this else found


def _read_awareness(match: re.Match[str], reader: Reader) -> Found | None:
    month = AWARENESS_MONTHS.get(" ".join(match["cause"].lower().replace("’", "'").split()))
    return None if month is None else _month(match, month, _year(match["y"]), reader)


def _month(match: re.Match[str], month: int, year: int | None, reader: Reader) -> Found | None:
    if year is not None:
        return _found(match, date(year, month, 1), _last_of(year, month))
    if month == reader.today.month:
        return _found(match, reader.today.replace(day=1), _last_of(reader.today.year, month))
    middle = reader.nearest(month, 15)
    return None if middle is None else _found(match, middle.replace(day=1), _last_of(middle.year, month))


def _read_nth_of(match: re.Match[str], reader: Reader) -> Found | None:
    """Read "the second Tuesday of November"."""
    number, weekday = _NUMBERS[match["n"].lower()], WEEKDAYS[match["w"].lower()]
    month, year = MONTHS[match["m"].lower()], _year(match["y"])
    years = [year] if year is not None else [reader.today.year + shift for shift in (-1, 0, 1)]
    days = [day for one in years if (day := nth_weekday(one, month, weekday, number)) is not None]
    best = min(days, key=lambda day: abs((day - reader.today).days), default=None)
    return _found(match, best, best)


_NUMBERS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1,
}  # fmt: skip


def _read_the_nth(match: re.Match[str], reader: Reader) -> Found | None:
    """Read "on the 12th": the nearest one, for whoever means the last month's says so."""
    number = int(_word(match, "d", "d_es"))
    middle = reader.today.replace(day=15)
    months = [middle + timedelta(days=30 * shift) for shift in (-1, 0, 1, 2)]
    days = [day for month in months if (day := _day(month.year, month.month, number)) is not None]
    near = [day for day in days if (reader.today - day).days <= _FORGOTTEN_NTH]
    best = min(near, key=lambda day: abs((day - reader.today).days), default=None)
    if best is None:
        return None
    name = "d" if match["d"] else "d_es"
    return Found(match.start(name), match.end(), best, best, needs=Needs.ONCE)


_FORGOTTEN_NTH = 10


def _read_month_in(match: re.Match[str], reader: Reader) -> Found | None:
    """Read "in October", which is a date only where something is offered."""
    found = _month(match, MONTHS[match["m"].lower()], None, reader)
    return found and replace(found, start=match.start("m"), needs=Needs.INVITATION)


def _read_season(match: re.Match[str], reader: Reader) -> Found | None:
    """Read "this summer": over with the last day of the nearest one."""
    month, day = SEASON_ENDS[match["s"].lower()]
    ends = [date(reader.today.year + shift, month, day) for shift in (-1, 0, 1)]
    last = min(ends, key=lambda end: abs((end - timedelta(days=45) - reader.today).days))
    return Found(match.start(), match.end(), last - timedelta(days=91), last, needs=Needs.INVITATION)


def _read_bare_weekday(match: re.Match[str], reader: Reader) -> Found | None:
    """Read "join us Saturday" as the coming one, from the day of publication."""
    day = reader.today + timedelta(days=(WEEKDAYS[match["w"].lower()] - reader.today.weekday()) % 7)
    return Found(match.start("w"), match.end(), day, day, is_relative=True, needs=Needs.ONCE)


def _read_named(match: re.Match[str], reader: Reader) -> Found | None:
    """Read "closed on Labor Day" and "World Diabetes Day"; a holiday that is only spoken of is no date."""
    text, name = match.string, plain_name(match["name"])
    before = text[max(0, match.start() - 30) : match.start()]
    if shapes.NOT_NAMED.search(before) or shapes.ATTRIBUTIVE.match(text, match.end()):
        return None
    if not (is_observance(name) or shapes.BEFORE_NAMED.search(before) or shapes.AFTER_NAMED.match(text, match.end())):
        return None
    day = named_day(name, reader.today)
    last = day
    if match["more"]:
        is_weekend = match["more"].lower() == "weekend"
        last = day if is_weekend and day.weekday() == 0 else day + timedelta(days=6 - day.weekday())
    return Found(match.start(), match.end(), day, last, needs=Needs.NOT_ALWAYS)


def _read_relative(match: re.Match[str], reader: Reader) -> Found | None:
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
    return Found(match.start(), match.end(), first, last, is_relative=True, ends=ends)


_PARTS_OF_DAY = {"this morning": 12 * 60, "this afternoon": 18 * 60, "esta tarde": 20 * 60}

# Each shape with what the text must have for it, the pattern, and how it is read; the most specific first.
SHAPES: tuple[Shape, ...] = (
    (Has.NUMBER, shapes.ISO, _read_iso),
    (Has.NUMBER, shapes.LONG_NUMBERS, _read_numbers),
    (Has.TWO_MONTHS, shapes.SPAN, _read_span),
    (Has.TWO_MONTHS, shapes.SPAN_DAY_FIRST, _read_span),
    (Has.MONTH, shapes.MONTH_FIRST, _read_days),
    (Has.MONTH, shapes.DAY_FIRST, _read_days),
    (Has.SLASH, shapes.NUMBERS, _read_numbers),
    (Has.MONTH, shapes.SPELLED, _read_spelled),
    (Has.MONTH, shapes.NTH_OF, _read_nth_of),
    (Has.WEEKDAY, shapes.NTH, _read_nth),
    (Has.NAMED_DAY, shapes.NAMED, _read_named),
    (Has.MONTH, shapes.MONTH_YEAR, _read_month),
    (Has.MONTH, shapes.MONTH_IS, _read_month),
    (Has.MONTH, shapes.MONTH, _read_month),
    (Has.CAUSE, shapes.AWARENESS, _read_awareness),
    (Has.MONTH, shapes.MONTH_IN, _read_month_in),
    (Has.SEASON, shapes.SEASON, _read_season),
    (Has.NTH, shapes.THE_NTH, _read_the_nth),
    (Has.NEARNESS, shapes.RELATIVE, _read_relative),
    (Has.WEEKDAY, shapes.BARE_WEEKDAY, _read_bare_weekday),
)
