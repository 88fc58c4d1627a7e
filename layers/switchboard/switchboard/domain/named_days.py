# ruff: noqa: RUF001 - people write curly quotes
"""Days that people name instead of dating them: holidays and observances, in English and Spanish, and in which year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Further back than this a holiday by its name is the coming one: nobody plans for Memorial Day in October.
FORGOTTEN_DAYS = 120
_DAYS_A_WEEK = 7


def nth_weekday(year: int, month: int, weekday: int, number: int) -> date | None:
    """Return the *number*-th *weekday* (Monday is 0) of a month, from its end for -1; None when there is none."""
    if number < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % _DAYS_A_WEEK)
    first = date(year, month, 1)
    found = first + timedelta(days=(weekday - first.weekday()) % _DAYS_A_WEEK + _DAYS_A_WEEK * (number - 1))
    return found if found.month == month else None


def easter(year: int) -> date:
    """Return Easter Sunday of the western churches (the computus of Meeus, Jones and Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    skipped = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - skipped + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _nth(month: int, weekday: int, number: int, *, later: int = 0) -> Callable[[int], date]:
    return lambda year: (nth_weekday(year, month, weekday, number) or date(year, month, 1)) + timedelta(days=later)


def _by_easter(later: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=later)


HOLIDAYS: dict[str, Callable[[int], date]] = {
    "new year's eve": _fixed(12, 31),
    "new year's day": _fixed(1, 1),
    "new year's": _fixed(1, 1),
    "martin luther king jr. day": _nth(1, 0, 3),
    "martin luther king day": _nth(1, 0, 3),
    "mlk day": _nth(1, 0, 3),
    "valentine's day": _fixed(2, 14),
    "presidents' day": _nth(2, 0, 3),
    "presidents day": _nth(2, 0, 3),
    "president's day": _nth(2, 0, 3),
    "st. patrick's day": _fixed(3, 17),
    "st patrick's day": _fixed(3, 17),
    "good friday": _by_easter(-2),
    "easter monday": _by_easter(1),
    "easter sunday": _by_easter(0),
    "easter": _by_easter(0),
    "cinco de mayo": _fixed(5, 5),
    "mother's day": _nth(5, 6, 2),
    "memorial day": _nth(5, 0, -1),
    "juneteenth": _fixed(6, 19),
    "father's day": _nth(6, 6, 3),
    "independence day": _fixed(7, 4),
    "fourth of july": _fixed(7, 4),
    "labor day": _nth(9, 0, 1),
    "indigenous peoples' day": _nth(10, 0, 2),
    "columbus day": _nth(10, 0, 2),
    "halloween": _fixed(10, 31),
    "veterans day": _fixed(11, 11),
    "veteran's day": _fixed(11, 11),
    "thanksgiving day": _nth(11, 3, 4),
    "thanksgiving": _nth(11, 3, 4),
    "black friday": _nth(11, 3, 4, later=1),
    "giving tuesday": _nth(11, 3, 4, later=5),
    "christmas eve": _fixed(12, 24),
    "christmas day": _fixed(12, 25),
    "christmas": _fixed(12, 25),
    "nochebuena": _fixed(12, 24),
    "navidad": _fixed(12, 25),
    "nochevieja": _fixed(12, 31),
    "año nuevo": _fixed(1, 1),
    "día de reyes": _fixed(1, 6),
    "día de san valentín": _fixed(2, 14),
    "viernes santo": _by_easter(-2),
    "día de los caídos": _nth(5, 0, -1),
    "día del padre": _nth(6, 6, 3),
    "día de la independencia": _fixed(7, 4),
    "día de muertos": _fixed(11, 2),
    "día de los veteranos": _fixed(11, 11),
    "día de acción de gracias": _nth(11, 3, 4),
    "acción de gracias": _nth(11, 3, 4),
}
"""Each holiday with its day in a given year, in the United States."""

OBSERVANCES: dict[str, Callable[[int], date]] = {
    "world cancer day": _fixed(2, 4),
    "national wear red day": _nth(2, 4, 1),
    "world kidney day": _nth(3, 3, 2),
    "national doctors' day": _fixed(3, 30),
    "national doctor's day": _fixed(3, 30),
    "world health day": _fixed(4, 7),
    "earth day": _fixed(4, 22),
    "national nurses day": _fixed(5, 6),
    "world no tobacco day": _fixed(5, 31),
    "world blood donor day": _fixed(6, 14),
    "world hepatitis day": _fixed(7, 28),
    "world sepsis day": _fixed(9, 13),
    "world alzheimer's day": _fixed(9, 21),
    "world heart day": _fixed(9, 29),
    "world mental health day": _fixed(10, 10),
    "world stroke day": _fixed(10, 29),
    "world diabetes day": _fixed(11, 14),
    "great american smokeout": _nth(11, 3, 3),
    "national rural health day": _nth(11, 3, 3),
    "world aids day": _fixed(12, 1),
    "día mundial de la diabetes": _fixed(11, 14),
    "día mundial de la salud": _fixed(4, 7),
    "día mundial del corazón": _fixed(9, 29),
}
"""Days of a cause, by the bodies that keep them (WHO and the US National Health Observances)."""

_ALL = {name.replace("'", ""): day for name, day in (HOLIDAYS | OBSERVANCES).items()}
_CAUSES = frozenset(name.replace("'", "") for name in OBSERVANCES)


def plain_name(name: str) -> str:
    """Return *name* in lower case and without apostrophes, as the functions here take it."""
    return " ".join(name.lower().replace("’", "").replace("'", "").split())


def is_observance(name: str) -> bool:
    """Whether the plain *name* is that of a cause's day, which nobody speaks of but on it or for it."""
    return name in _CAUSES


def named_day(name: str, today: date) -> date:
    """Return the day that the plain *name* means to somebody who reads it on *today*."""
    days = [_ALL[name](year) for year in (today.year - 1, today.year, today.year + 1)]
    return min((day for day in days if (today - day).days <= FORGOTTEN_DAYS), key=lambda day: abs((day - today).days))
