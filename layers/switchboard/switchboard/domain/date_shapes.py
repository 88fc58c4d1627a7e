# ruff: noqa: RUF001 - people write dashes and curly quotes, so patterns must know them
"""How dates look in English and Spanish posts: one regular expression a shape, from the most to the least specific.

Every repetition has an upper bound, so that no text, however made, is slow to read.
"""

from __future__ import annotations

import re

from switchboard.domain.calendar_words import AWARENESS_MONTHS, MONTH_NAMES, MONTHS, ORDINALS, WEEKDAYS, alternatives
from switchboard.domain.named_days import HOLIDAYS, OBSERVANCES


def _compiled(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.IGNORECASE)


def _weekday(group: str) -> str:
    return rf"(?:\b(?P<{group}>{_W})\.?,?\s{{1,3}}(?:the\s|el\s|día\s)?)?"


def _year(group: str) -> str:
    years = rf",?\s{{0,2}}(?:de\s|del\s)?(?P<{group}>(?:19|20)\d\d)(?![\d:/])(?!\s?[ap]\.?m\b)"
    return rf"(?:{years}{_NO_ADDRESS})?"


_M = alternatives(MONTHS)
_W = alternatives(WEEKDAYS)
_W_ES = "lunes|martes|miércoles|miercoles|jueves|viernes|sábado|sabado|domingo"
_D = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|º|°|ro)?(?![\w%/])(?!:\d)(?![.,]\d\d)(?!\s?[ap]\.?m\b)"
_ORDINAL = alternatives(ORDINALS)
_TO = r"\s{0,2}(?:[-–—−~]|\bto\b|\bthrough\b|\bthru\b|\buntil\b|\btill?\b|\bal?\b|\bhasta(?:\sel)?\b)\s{0,2}"
_OF = r"\s{1,2}(?:de\s|of\s)?"
_NO_ADDRESS = (
    r"(?!\s(?:[NSEW]\.?\s)?\w{1,20}\s"
    r"(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|way|hwy|pkwy|ct)\b)"
)
_NO_STREET = (
    r"(?!\s{0,2}(?:street|st\b\.?\s|avenue|ave\b|road|rd\b|drive|blvd|boulevard|lane|ln\b|way\b|court"
    r"|of dimes|for babies|madness))"
)
_NO_HOURS = r"(?!\s?(?:[-–—]|to|a)\s?(?:noon|midnight|mediod[ií]a|\d{1,2}(?::\d\d)?\s?[ap]\.?\s?m\b))"
_NEXT_DAY = (
    rf"(?:(?:{_TO}|\s?,\s?(?:and\s|&\s?|y\s)?|\s(?:and|&|y|e)\s|\s?/\s?){_D}{_NO_HOURS}"
    r"(?=\s{0,2}\n|\s{0,3}(?:$|[^\w\s]|\d|(?:and|y|at|from|in|on|for|de|to|a|al)\b))"
    rf"|[-–—]{_D}(?=\s[a-z]{{2}})(?!\s(?:years?|yrs?|months?|weeks?|days?|hours?|hrs?|minutes?|people)\b))"
)

ISO = _compiled(r"(?<![\w/.-])(?P<y>20\d\d)-(?P<mo>\d\d)-(?P<d>\d\d)(?!\d)")
LONG_NUMBERS = _compiled(
    r"(?<![\w/$.-])(?P<a>\d{1,2})[.-](?P<b>\d{1,2})[.-](?P<y>20\d\d)(?![\d/%-])"
    r"|(?<![\w/$.,-])(?P<a2d>\d{1,2})\.(?P<b2d>\d{1,2})\.(?P<y2d>[23]\d)(?![\d/%.-])"
)
SPAN = _compiled(
    _weekday("w1"), rf"\b(?P<m1>{_M})\b\.?\s{{0,2}}(?P<d1>{_D})", _year("y1"), _TO,
    rf"(?:\b(?:{_W})\.?,?\s)?(?P<m2>{_M})\b\.?\s{{0,2}}(?P<d2>{_D})", _year("y2"),
)  # fmt: skip
SPAN_DAY_FIRST = _compiled(
    _weekday("w1"), rf"(?<![\d/.$])\b(?P<d1>{_D}){_OF}(?P<m1>{_M})\b\.?", _year("y1"), _TO,
    rf"(?:\b(?:{_W})\.?,?\s)?(?P<d2>{_D}){_OF}(?P<m2>{_M})\b\.?", _year("y2"),
)  # fmt: skip
MONTH_FIRST = _compiled(
    _weekday("w"), rf"\b(?P<m>{_M})\b\.?{_NO_STREET}\s{{0,2}}(?P<days>{_D}{_NEXT_DAY}{{0,12}})",
    r"(?!\s(?:in|of|out)\s\d)(?!\s?(?:miles?|km\b|percent|%))", _year("y"),
)  # fmt: skip
DAY_FIRST = _compiled(
    _weekday("w"), rf"(?<![\d/.$#-])\b(?P<days>(?:{_D}(?:(?:{_TO}|\s?,\s?|\s(?:and|&|y|e)\s){_D}){{0,6}}|primero))",
    rf"(?:\s{{1,2}}(?:de\s|of\s)(?P<m>{_M})\b|\s(?!may\b|march\b|mar\b|dic\b)(?P<m_bare>{_M})\b)",
    _NO_STREET, r"\.?", _year("y"),
)  # fmt: skip
NUMBERS = _compiled(
    _weekday("w"), r"(?<![\w/$.-])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<y>(?:19|20)\d\d|\d\d))?(?![\d/%]|s\b)(?!\.\d)",
    r"(?:\s?(?:[-–—]|\bto\b|\bthrough\b|\bal?\b)\s?(?:(?P<a2>\d{1,2})/)?(?P<b2>\d{1,2})(?:/(?:20)?\d\d)?",
    r"(?![\d/%:])(?!\s?[ap]\.?m\b))?",
)  # fmt: skip
# Whole names only, and with "the" where they are words too: "two years ago first …", "you may first …".
_NAMES = "|".join(MONTH_NAMES)
_SURE = "|".join(name for name in MONTH_NAMES if name not in {"March", "May"})
SPELLED = _compiled(
    rf"\b(?P<n>{_ORDINAL})\s(?:day\s)?of\s(?P<m>{_NAMES})\b",
    rf"|\b(?:(?P<m_sure>{_SURE})\s(?:the\s)?|(?P<m_the>March|May)\sthe\s)(?P<n_last>{_ORDINAL})\b",
)
NTH = _compiled(
    rf"\b(?P<w>{_W})\.?,?\s(?:the\s)?(?P<d>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)\b(?!\s(?:of|floor|street|st\b|ave))",
    rf"|\b(?P<w_es>{_W_ES})\s(?P<d_es>3[01]|[12]\d|[1-9])\b(?![:/.]\d|\s?[ap]\.?\s?m)",
)
MONTH_YEAR = _compiled(
    rf"\b(?:in|for|en|of|through|until|by|hasta|end of|para)\s(?P<m>{_M})\.?,?\s(?:de\s|del\s)?(?P<y>20\d\d)\b",
    r"(?!\s(?:newsletter|issue|edition|report|magazine|survey|data|graduate|class))",
)
MONTH_IS = _compiled(
    rf"\b(?P<m>{_M})\b\.?\s(?:is|es(?: el)?)\s(?:[\w'’#&-]{{1,30}}\s){{0,7}}?(?:month|mes)\b",
)
MONTH = _compiled(
    r"\b(?:this|all|all through|all of|throughout|during|month of|end of|entire|(?<=day\s)in|(?<=days\s)in",
    r"|este|todo(?: el mes de)?|durante|mes de)\s",
    rf"(?:the month of\s)?(?P<m>{_M})\b(?!\s*\d)(?:,?\s(?:de\s|del\s)?(?P<y>20\d\d))?",
)
AWARENESS = _compiled(
    rf"\b(?P<cause>{alternatives(AWARENESS_MONTHS).replace(chr(39), '[’' + chr(39) + ']')})",
    r"(?:\s(?:awareness|action|prevention))?\s{1,2}month\b(?:,?\s(?P<y>20\d\d)\b)?",
)
RELATIVE = _compiled(
    r"\b(?:today|tonight|this (?:morning|afternoon|evening)|tomorrow(?: (?:morning|afternoon|evening|night))?",
    rf"|(?:this|next) weekend|(?:this|next) week(?!\w)|(?:this(?: coming)?|este)\s(?P<w>{_W})|hoy|esta (?:noche|tarde)",
    r"|(?<!la )(?<!pasado )mañana|este fin de semana|pr[óo]ximo fin de semana|pr[óo]xima semana|esta semana)\b",
)

NTH_OF = _compiled(
    rf"\b(?P<n>first|1st|second|2nd|third|3rd|fourth|4th|last)\s(?P<w>{_W})\s(?:of|in)\s(?P<m>{_M})\b(?!\s?\d{{1,2}}\b)",
    r"(?:,?\s(?P<y>20\d\d)\b)?",
)
THE_NTH = _compiled(
    r"\b(?:on|by|until|till?|through|thru|before|is)\sthe\s(?P<d>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)\b",
    r"(?=\s{0,2}(?:$|[.,;:!?|()\n@–—]|(?:at|from|in\sthe|in\sour|to|for)\b))",
    r"|\b(?:el|hasta\sel)\sdía\s(?P<d_es>3[01]|[12]\d|[1-9])\b(?=\s{0,2}(?:$|[.,;!?\n]|a\slas|de\s\d))",
)
MONTH_IN = _compiled(rf"\b(?:in|en)\s(?P<m>{_M})\b(?!\.?,?\s{{0,2}}\d)(?!,?\s(?:de\s|del\s)?(?:19|20)\d\d)")
SEASON = _compiled(
    r"\b(?:this|est[ea])\s(?P<s>spring|summer|fall|autumn|winter|primavera|verano|otoño|invierno)\b",
)
_FULL_W = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
BARE_WEEKDAY = _compiled(
    r"(?<!day )(?:\b(?:join us|come|see you|on|happening|by|until|till?|through|thru|close[sd]?|ends?|due|before)"
    r"(?: on| this)?\s|\b(?:hasta|antes)\s(?:el\s)?"
    r"|(?:(?<=\n)|^)(?=\w+\s?(?:[,:|@(]|at\b|from\b|\d)))",
    rf"(?P<w>{_FULL_W}|{_W_ES})\b",
    rf"(?!\s?(?:[-–—/&]|(?:and|to|through|thru|or|y|a)\s(?:{_W})s?\b|,\s(?:{_W})|mornings?|afternoons?|evenings?|nights?))",
)
_CAUSE_DAY = "|".join(re.escape(name).replace("'", "[’']?") for name in sorted(OBSERVANCES, key=len, reverse=True))
_HOLIDAY = "|".join(re.escape(name).replace("'", "[’']?") for name in sorted(HOLIDAYS, key=len, reverse=True))
NAMED = _compiled(
    rf"\b(?P<name>{_CAUSE_DAY}|{_HOLIDAY})(?![’']s)(?:\s(?P<more>weekend|week))?\b(?!\s(?:in\sjuly|seals|is\sover))"
)
# A holiday's name is a date after these words, or where its hours are told.
BEFORE_NAMED = _compiled(
    r"\b(?:on|this|happy|closed|observ\w{1,6}(?: of)?|celebrat\w{1,4}|by|before|until|till?|through|thru|is|feliz",
    r"|est[ea]|en|el|hasta|antes de(?:l| la)?|por(?: el)?|cerrad[oa]s?(?: (?:en|el))?)(?:\s(?:the|our|el|la))?\s{1,2}$",
    r"|\b(?:day|giving|eve|christmas|navidad)\s(?:and|&|y)\s$|\bclosed\sfor\s(?:the\s)?$",
)
AFTER_NAMED = _compiled(r"[^.!?\n]{0,40}\b(?:closed|hours|close|schedule|cerrad[oa]s?|horario)\b")
# "Smokeout kits": the day's name goes with a thing.
ATTRIBUTIVE = re.compile(
    r"\s(?:kits?|shirts?|tips|stories|trivia|recipes?|posters?|cards?|season|leftovers|candy|weight)\b"
)
NOT_NAMED = _compiled(
    r"\b(?:after|except|even on|includ\w+|besides|every|each|since|last|not on|following|cada|después del?",
    r"|excepto(?: en)?)(?:\s(?:the|el|la|for))?\s{1,2}$",
)
# What is true at all times is not over with the day that it names.
STANDING = _compiled(
    r"\b(?:daily|every\s?day|7 days|365|year[- ]round|24/7|all holidays|major holidays|always|(?:each|every) \w+",
    r"|weekly|monthly|of the month|todos los días|cada \w+|siempre|open|hours|abiert[oa]s?|horario)\b",
)
OF_HOLIDAYS = _compiled(
    r"\b(?:daily|every\s?day|7 days|365|year[- ]round|24/7|all holidays|major holidays|always|todos los días",
    r"|siempre)\b",
)
# "Dec 7-8, 12-1": the last two are no days.
ENDS_IN_HOURS = re.compile(r",\s?\d{1,2}\s?[-–]\s?\d{1,2}$")
GOES_ON = _compiled(r",?\s{0,2}(?:to|until|till?|through|thru|hasta|al?)\s[\w\s:.]{0,20}$")
WEEK_OF = _compiled(r"\b(?:week of|semana del?)(?:\s(?:the|el))?\s{0,2}$")

SPANISH_WORD = _compiled(
    r"\b(?:el|los|las|una?|para|gratis|gratuit[ao]s?|nuestr[ao]s?|con|por|únase|fecha|hoy|este|esta|clínica|salud)\b"
)

# --- what only looks like a date ---------------------------------------------------------------------------------

NO_DATES = _compiled(
    r"https?://\S+|www\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.\w[\w.]*|@\w+",
    r"|(?<![\w-])(?:\+?1[-. ]?)?(?:\(\d{3}\)\s?|\d{3}[-. ])?\d{3}[-. ]\d{4}\b",
    r"|[$€£]\s?\d[\d,.]{0,12}(?:/\d{1,6})?|(?<![\d,.])\d[\d,.]{0,12}\s?%",
)
# "may 5 people", "march 3 times": a number that goes on in a noun is no day.
MODAL = re.compile(r"\s+(?!(?:at|from|to|in|on|and|for|through|until|noon|a|by)\b)[a-z]")
BEFORE_DATE = _compiled(
    r"\b(?:on|by|until|thru|through|starting|date|from|before|el|hasta|since|due|ends|of|is)\s{0,2}:?\s{0,2}$",
    r"|📅\s?$|🗓️?\s?$",
)
AFTER_FRACTION = _compiled(
    r"\s?-?\s?(?:price|off|miles?\b|mi\b|cups?|hours?|hrs?|marathon|inch|lbs?\b|pounds?|tsp|tbsp|tea|table|of\b|stars?",
    r"|mmhg|vision|day|ratio|mark|k\b|oz\b|full|the\b|an?\s(?:hour|cup|mile))",
)
AFTER_DATE = _compiled(r",?\s{0,2}(?:at|from|@|a las|de)?\s{0,2}\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m|[-–])|,?\s{0,2}at\s")
# "Call today", "start your journey today": the word belongs to the call.
CALL = _compiled(
    r"\b(?:call|schedule|book|register|sign up|apply|start|visit|ask|learn|donate|give|enroll|order|appointments?",
    r"|mammogram|screening|doctor|care|provider|online|now|world|healthcare|llame|llámenos|regístrese|agende|cita|solicite",
    r"|inscríbase)(?:\s+\S+){0,4}\s*$|[’']s\s*$",
)
