"""The dates that a post announces, as a person in the hospital's town would read them.

English and Spanish. A date without a year is the one nearest to the time at which the post goes out; words such as
"tomorrow" are read from that time too, for whoever schedules a post writes it for the day on which it appears.
Only `re` and `zoneinfo`: what is not certainly a date is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.calendar_words import AWARENESS_MONTHS, MONTHS, WEEKDAYS, alternatives
from switchboard.domain.date_senses import Sense, invites, is_exclusive, must_act, sense_of, sentence_ends
from switchboard.domain.wall_time import Hours, hours_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST_TEXT = 20_000
# Further back than this, a date with its year is history ("on May 3, 2009, we opened"), not a forgotten event.
HISTORY_DAYS = 3 * 366
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
    fixed: Sense | None = None
    hours: tuple[int, int] | None = None


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
    if not 1971 <= publish_at.year <= 9000 or not _WORTH_READING.search(text):  # noqa: PLR2004 - room for the sums
        return ()
    wall = ZoneInfo(zone)
    reader = _Reader(
        today=publish_at.astimezone(wall).date(),
        written=created_at.astimezone(wall).date() if created_at and created_at.year > 1971 else None,  # noqa: PLR2004
        is_spanish=_SPANISH.search(text) is not None,
    )
    masked = _NO_DATES.sub(lambda match: " " * len(match[0]), text)
    found: list[_Found] = []
    for pattern, read in _SHAPES:
        for match in pattern.finditer(masked):
            one = read(match, reader)
            if one is not None:
                found.append(one)
        masked = _blank(masked, found)
    found.sort(key=lambda one: one.start)
    return tuple(_mentions(text, masked, found, reader, wall))


def _blank(text: str, found: list[_Found]) -> str:
    for one in found:
        text = text[: one.start] + "\x00" * (one.stop - one.start) + text[one.stop :]
    return text


def _mentions(text: str, masked: str, found: list[_Found], reader: _Reader, wall: ZoneInfo) -> Iterator[Mention]:
    if not found:
        return
    ends = [0, *sentence_ends(text), len(text)]
    hours = hours_in(masked)
    for number, one in enumerate(found):
        if (reader.today - one.last).days > HISTORY_DAYS:
            continue
        low = found[number - 1].stop if number else 0
        high = found[number + 1].start if number + 1 < len(found) else len(text)
        sentence_start = ends[max(0, bisect_right(ends, one.start) - 1)]
        sentence_stop = ends[min(len(ends) - 1, bisect_right(ends, one.start))]
        sentence = text[sentence_start : max(sentence_stop, one.stop)]
        before = text[max(sentence_start, low, one.start - 80) : one.start]
        own = _hours_of(one, hours, low, high, sentence_start)
        sense = one.fixed or sense_of(before, sentence, is_span=one.first != one.last, has_hours=own is not None)
        if sense is Sense.IGNORED or (one.is_relative and _is_call(before, text[one.stop :], own)):
            continue
        yield _mention(text, one, sense, own, before, sentence, wall)


def _mention(
    text: str, one: _Found, sense: Sense, own: Hours | None, before: str, sentence: str, wall: ZoneInfo
) -> Mention:
    minutes = 24 * 60
    if own is not None:
        minutes = own.begins if sense is Sense.DEADLINE and not own.given else own.ends
    elif one.hours is not None:
        minutes = one.hours[1]
    elif sense is Sense.DEADLINE and is_exclusive(before):
        minutes = 0
    shown = text[one.start : one.stop].strip()
    if own is not None and own.start >= one.stop:
        shown = " ".join(text[one.start : own.stop].split())
    elif own is not None:
        shown = " ".join(text[own.start : one.stop].split())
    midnight = datetime.combine(one.last, time())
    return Mention(
        text=shown,
        sense=sense,
        first_day=one.first,
        last_day=one.last,
        ends_at=(midnight + timedelta(minutes=minutes)).replace(tzinfo=wall).astimezone(UTC),
        has_hours=own is not None,
        is_relative=one.is_relative,
        must_act=sense is Sense.DEADLINE and must_act(sentence),
    )


def _hours_of(one: _Found, hours: list[Hours], low: int, high: int, sentence_start: int) -> Hours | None:
    """Return the hours that belong to a date: those that follow it, the latest end of them, else those just before."""
    after = [span for span in hours if one.stop <= span.start < min(high, one.stop + _REACH_AFTER)]
    if after and after[0].start - one.stop < _REACH_AFTER:
        given = [span for span in after if span.given] or after
        return max(given, key=lambda span: span.ends)
    floor = max(low, sentence_start, one.start - _REACH_BEFORE)
    before = [span for span in hours if floor <= span.start and span.stop <= one.start]
    return before[-1] if before else None


def _is_call(before: str, after: str, own: Hours | None) -> bool:
    """Whether "today" belongs to a call ("book today") or to nobody in particular ("today's world")."""
    if after[:2] in {"'s", "’s"}:
        return True
    return own is None and _CALL.search(before) is not None


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


def _first(match: re.Match[str], *names: str) -> str:
    groups = match.groupdict()
    return next(value for name in names if (value := groups.get(name)) is not None)


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
    word = _first(match, "m", "m_bare")
    if word in {"may", "march"} and _MODAL.match(match.string, match.end()):
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
    month_first = _resolve(reader, year, one, two, match["w"])
    day_first = _resolve(reader, year, two, one, match["w"]) if reader.is_spanish or one > 12 else None  # noqa: PLR2004
    days = [day for day in (month_first, day_first) if day is not None]
    if not days:
        return None
    first = max(days)
    last: date | None = first
    if match["b2"]:
        last = _day(first.year, int(match["a2"] or first.month), int(match["b2"]))
        if last is not None and last < first:
            last = _day(first.year + 1, last.month, last.day) if match["a2"] else first
    return _found(match, first, last)


def _is_numeric_date(match: re.Match[str], one: int, two: int) -> bool:
    text, has_context = match.string, match["w"] is not None
    has_context = has_context or _BEFORE_DATE.search(text[max(0, match.start() - 16) : match.start()]) is not None
    after = text[match.end() : match.end() + 24]
    if _AFTER_FRACTION.match(after):
        return False
    if (one, two) in {(24, 7), (7, 24), (9, 11), (50, 50), (20, 20)}:
        return (one, two) == (9, 11) and has_context
    has_context = has_context or _AFTER_DATE.match(after) is not None
    is_fraction = one < two <= 10 and (two in {2, 3, 4, 5, 8, 10} or text[match.start() - 1 : match.start()] == "(")  # noqa: PLR2004
    return has_context or not is_fraction


def _read_iso(match: re.Match[str], _reader: _Reader) -> _Found | None:
    day = _day(int(match["y"]), int(match["mo"]), int(match["d"]))
    return _found(match, day, day)


def _read_nth(match: re.Match[str], reader: _Reader) -> _Found | None:
    """Read "Saturday the 12th" and "sábado 12": the month nearby in which the weekday agrees."""
    weekday, number = WEEKDAYS[_first(match, "w", "w_es").lower()], int(_first(match, "d", "d_es"))
    months = [(reader.today.replace(day=1) + timedelta(days=31 * shift + 15 * (shift != 0))) for shift in range(-2, 3)]
    days = {_day(month.year, month.month, number) for month in months}
    fitting = [day for day in days if day is not None and day.weekday() == weekday]
    if not fitting:
        return None
    best = min(fitting, key=lambda day: abs((day - reader.today).days))
    return _found(match, best, best)


def _read_month(match: re.Match[str], reader: _Reader) -> _Found | None:
    """Read "this October", "October 2026" and "October is …": over with its last day."""
    word = _first(match, "m", "m_es")
    if word in {"may", "march", "mar"}:
        return None
    return _month(match, MONTHS[word.lower()], _year(match["y"]), reader)


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
    today, hours = reader.today, None
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
        hours = (0, _PARTS_OF_DAY[word]) if word in _PARTS_OF_DAY else None
    return _Found(match.start(), match.end(), first, last, is_relative=True, hours=hours)


_PARTS_OF_DAY = {"this morning": 12 * 60, "this afternoon": 18 * 60, "esta tarde": 20 * 60}

# --- shapes ------------------------------------------------------------------------------------------------------

_M = alternatives(MONTHS)
_W = alternatives(WEEKDAYS)
_ORDINAL = r"(?:st|nd|rd|th|º|°|ro)?"
_D = rf"(?:3[01]|[12]\d|0?[1-9]){_ORDINAL}(?![\w%/])(?!:\d)(?![.,]\d{{2,}})(?!\s?[ap]\.?m\b)"
_WEEKDAY = rf"(?:\b(?P<GROUP>{_W})\.?,?\s+(?:the\s+|el\s+|día\s+)?)?"
_TO = r"\s{0,2}(?:[-–—−~]|\bto\b|\bthrough\b|\bthru\b|\buntil\b|\btill?\b|\bal?\b|\bhasta(?:\sel)?\b)\s{0,2}"
_ADDRESS = (
    r"(?!\s+(?:[NSEW]\.?\s+)?\w+\s+(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|way|hwy|pkwy|ct)\b)"
)
_Y = rf"(?:(?:,?\s{{0,2}}(?:de\s|del\s)?|,\s?)(?P<GROUP>(?:19|20)\d\d)(?![\d:/])(?!\s?[ap]\.?m\b){_ADDRESS})?"
_NOT_STREET = r"(?!\s*(?:street|st\b\.?\s|avenue|ave\b|road|rd\b|drive|blvd|boulevard|lane|ln\b|way\b|court|of dimes|for babies|madness))"
_NEXT_DAY = (
    rf"(?:(?:{_TO}|\s?,\s?(?:and\s|&\s?|y\s)?|\s(?:and|&|y|e)\s|\s?/\s?){_D}"
    r"(?=\s*(?:$|[,.;:!?)\](&/|·•–—-]|\n|and\b|y\b|at\b|from\b|in\b|on\b|for\b|de\b|to\b|@|a\b|al\b|\d|\W)))"
)
_OF = r"\s+(?:de\s+|of\s+)?"

_SPAN = re.compile(
    rf"{_WEEKDAY.replace('GROUP', 'w1')}\b(?P<m1>{_M})\b\.?\s*(?P<d1>{_D}){_Y.replace('GROUP', 'y1')}{_TO}"
    rf"(?:\b(?:{_W})\.?,?\s+)?(?P<m2>{_M})\b\.?\s*(?P<d2>{_D}){_Y.replace('GROUP', 'y2')}",
    re.IGNORECASE,
)
_SPAN_DAY_FIRST = re.compile(
    rf"{_WEEKDAY.replace('GROUP', 'w1')}(?<![\d/.$])\b(?P<d1>{_D}){_OF}(?P<m1>{_M})\b\.?{_Y.replace('GROUP', 'y1')}{_TO}"
    rf"(?:\b(?:{_W})\.?,?\s+)?(?P<d2>{_D}){_OF}(?P<m2>{_M})\b\.?{_Y.replace('GROUP', 'y2')}",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY.replace('GROUP', 'w')}\b(?P<m>{_M})\b\.?{_NOT_STREET}\s*(?P<days>{_D}{_NEXT_DAY}*)"
    rf"(?!\s(?:in|of|out)\s\d)(?!\s?(?:miles?|km\b|percent|%)){_Y.replace('GROUP', 'y')}",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY.replace('GROUP', 'w')}(?<![\d/.$#-])\b(?P<days>(?:{_D}(?:(?:{_TO}|\s?,\s?|\s(?:and|&|y|e)\s){_D})*|primero))"
    rf"(?:\s+(?:de\s+|of\s+)(?P<m>{_M})\b|\s+(?!may\b|march\b|mar\b|dic\b)(?P<m_bare>{_M})\b){_NOT_STREET}\.?{_Y.replace('GROUP', 'y')}",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    rf"{_WEEKDAY.replace('GROUP', 'w')}(?<![\w/$.-])(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})(?:/(?P<y>(?:19|20)\d\d|\d\d))?(?![\d/%])(?!\.\d)"
    r"(?:\s?(?:[-–—]|\bto\b|\bthrough\b|\bal?\b)\s?(?:(?P<a2>\d{1,2})/)?(?P<b2>\d{1,2})(?:/(?:20)?\d\d)?(?![\d/%:])(?!\s?[ap]\.?m\b))?",
    re.IGNORECASE,
)
_LONG_NUMBERS = re.compile(
    r"(?P<w>(?!))?(?<![\w/$.-])(?P<a>\d{1,2})[.-](?P<b>\d{1,2})[.-](?P<y>20\d\d)(?![\d/%-])(?P<a2>(?!))?(?P<b2>(?!))?"
)
_ISO = re.compile(r"(?<![\w/.-])(?P<y>20\d\d)-(?P<mo>\d\d)-(?P<d>\d\d)(?!\d)")
_NTH = re.compile(
    rf"\b(?P<w>{_W})\.?,?\s+(?:(?:the\s+)?(?P<d>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)\b(?!\s(?:of|floor|street|st\b|ave))"
    rf")|\b(?P<w_es>lunes|martes|miércoles|miercoles|jueves|viernes|sábado|sabado|domingo)\s+(?P<d_es>3[01]|[12]\d|[1-9])\b(?![:/.]\d|\s?[ap]\.?m)",
    re.IGNORECASE,
)
_MONTH = re.compile(
    rf"\b(?:(?:this|all|throughout|during|month of|entire|(?<=day\s)in|(?<=days\s)in|este|todo(?: el mes de)?|durante|mes de)\s+(?:the month of\s+)?"
    rf"(?P<m>{_M})\b(?!\s*\d)(?:,?\s+(?:de\s+|del\s+)?(?P<y>20\d\d))?)",
    re.IGNORECASE,
)
_MONTH_IS = re.compile(
    rf"\b(?P<m>{_M})(?P<y>(?!))?\s+(?:is|es(?: el)?)\s+(?:[\w'’#&-]+\s+){{0,7}}?(?:month|mes)\b|\b(?P<m_es>{_M})\s+es(?:\s+el)?\s+mes\b",
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(
    rf"\b(?:in|for|en|of|through|until|by|hasta|end of|para)\s+(?P<m>{_M})\.?,?\s+(?:de\s+|del\s+)?(?P<y>20\d\d)\b"
    r"(?!\s+(?:newsletter|issue|edition|report|magazine|survey|data|graduate|class))",
    re.IGNORECASE,
)
_AWARENESS = re.compile(
    rf"\b(?P<cause>{alternatives(AWARENESS_MONTHS).replace(chr(39), '[’' + chr(39) + ']')})(?:\s+(?:awareness|action|prevention))?"
    r"\s+month\b(?:,?\s+(?P<y>20\d\d)\b)?",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:today|tonight|this (?:morning|afternoon|evening)|tomorrow(?: (?:morning|afternoon|evening|night))?|(?:this|next) weekend|(?:this|next) week(?!\w)"
    rf"|(?:this(?: coming)?|este)\s+(?P<w>{_W})\b|hoy|esta (?:noche|tarde)|(?<!la )(?<!pasado )mañana|este fin de semana"
    r"|(?:el )?próximo fin de semana|(?:la )?pr[óo]xima semana|esta semana)\b",
    re.IGNORECASE,
)

_NO_DATES = re.compile(
    r"https?://\S+|www\.\S+|\b[\w.+-]+@[\w-]+\.\w[\w.]*|@\w+"
    r"|\b(?:\+?1[-. ]?)?(?:\(\d{3}\)\s?|\d{3}[-. ])?\d{3}[-. ]\d{4}\b|[$€£]\s?\d[\d,.]*(?:/\d+)?|\b\d[\d,.]*\s?%",
)
_WORTH_READING = re.compile(
    rf"\d|month|\bmes\b|\b(?:{_M})\b|today|tonight|tomorrow|week|this (?:morn|even|after)|hoy|mañana|semana|esta (?:noche|tarde)"
    rf"|\b(?:this|este|coming)\s+(?:{_W})\b",
    re.IGNORECASE,
)
_SPANISH = re.compile(
    r"\b(?:el|los|las|una?|para|gratis|gratuit[ao]s?|nuestr[ao]s?|con|por|únase|fecha|hoy|este|esta|clínica|salud)\b.*?"
    r"\b(?:el|los|las|una?|para|de|nuestr[ao]s?|con|por|en|y)\b",
    re.IGNORECASE | re.DOTALL,
)
_MODAL = re.compile(r"\s+(?!at\b|from\b|to\b|in\b|on\b|and\b|for\b|through\b|until\b|noon\b|a\b|by\b)[a-z]")
_BEFORE_DATE = re.compile(
    r"\b(?:on|by|until|thru|through|starting|date|from|before|el|hasta|since|due|ends|of|is)\s*:?\s*$|📅\s*$|🗓️?\s*$",
    re.IGNORECASE,
)
_AFTER_FRACTION = re.compile(
    r"\s*-?\s*(?:price|off|miles?\b|mi\b|cups?|hours?|hrs?|marathon|inch|lbs?\b|pounds?|tsp|tbsp|tea|table|of\b|stars?|mmhg|vision|day|ratio"
    r"|mark|k\b|oz\b|full|the\b|an?\s+(?:hour|cup|mile))",
    re.IGNORECASE,
)
_AFTER_DATE = re.compile(
    r",?\s*(?:at|from|@|a las|de)?\s*\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m|[-–])|,?\s*at\s", re.IGNORECASE
)
_CALL = re.compile(
    r"\b(?:call|schedule|book|register|sign up|apply|start|visit|ask|learn|donate|give|enroll|order|appointment\w*|mammogram|screening|doctor"
    r"|care|provider|online|us|more|here|now|world|healthcare|llame|llámenos|regístrese|agende|cita|solicite|inscríbase)"
    r"(?:\s+\S+){0,4}\s*$|[’']s\s*$",
    re.IGNORECASE,
)


_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Reader], _Found | None]], ...] = (
    (_ISO, _read_iso),
    (_LONG_NUMBERS, _read_numbers),
    (_SPAN, _read_span),
    (_SPAN_DAY_FIRST, _read_span),
    (_MONTH_FIRST, _read_days),
    (_DAY_FIRST, _read_days),
    (_NUMBERS, _read_numbers),
    (_NTH, _read_nth),
    (_MONTH_YEAR, _read_month),
    (_MONTH_IS, _read_month),
    (_MONTH, _read_month),
    (_AWARENESS, _read_awareness),
    (_RELATIVE, _read_relative),
)
