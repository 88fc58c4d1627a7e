"""The words for days and months in English and Spanish, and the months that belong to a cause."""

from __future__ import annotations

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sept sep septiembre setiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}

# Monday is 0, as in date.weekday().
WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "monday mon lunes",
            "tuesday tues tue martes",
            "wednesday wed miércoles miercoles",
            "thursday thurs thur thu jueves",
            "friday fri viernes",
            "saturday sat sábado sabado",
            "sunday sun domingo",
        )
    )
    for name in names.split()
}

# As formal invitations have them: "the twentieth of February".
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth "
    "twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
)
ORDINALS: dict[str, int] = {name: number for number, name in enumerate(_ORDINALS.split(), start=1)}

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
SHORT_MONTHS = tuple(name[:3] for name in MONTH_NAMES)
SHORT_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

# What people call a month without naming it: "this Breast Cancer Awareness Month".
# Sources: the US National Health Observances and the proclamations by which each is kept.
AWARENESS_MONTHS: dict[str, int] = {
    "cervical health": 1,
    "blood donor": 1,
    "american heart": 2,
    "heart": 2,
    "black history": 2,
    "colorectal cancer": 3,
    "colon cancer": 3,
    "national nutrition": 3,
    "nutrition": 3,
    "women's history": 3,
    "brain injury": 3,
    "donate life": 4,
    "autism": 4,
    "sexual assault": 4,
    "minority health": 4,
    "mental health": 5,
    "stroke": 5,
    "skin cancer": 5,
    "asthma": 5,
    "men's health": 6,
    "pride": 6,
    "alzheimer's": 6,
    "breastfeeding": 8,
    "immunization": 8,
    "childhood cancer": 9,
    "prostate cancer": 9,
    "ovarian cancer": 9,
    "sepsis": 9,
    "suicide prevention": 9,
    "recovery": 9,
    "breast cancer": 10,
    "domestic violence": 10,
    "health literacy": 10,
    "sids": 10,
    "diabetes": 11,
    "lung cancer": 11,
    "copd": 11,
    "pancreatic cancer": 11,
    "family caregivers": 11,
}


# Month and day on which a season is over, at the latest (the equinox or the solstice).
SEASON_ENDS: dict[str, tuple[int, int]] = {
    "spring": (6, 20),
    "primavera": (6, 20),
    "summer": (9, 22),
    "verano": (9, 22),
    "fall": (12, 20),
    "autumn": (12, 20),
    "otoño": (12, 20),
    "winter": (3, 19),
    "invierno": (3, 19),
}


def alternatives(words: dict[str, int]) -> str:
    """Return the words as the inside of a regular expression's group, the longest first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))
