# ruff: noqa: RUF001 - people write curly quotes, so patterns must know them
"""What a date in a post is for, judged by the words around it: an event, a deadline, a beginning, or a look back."""

from __future__ import annotations

import re
from enum import StrEnum

from switchboard.domain.tenses import tells, was_done


class Sense(StrEnum):
    """What a date is for; only events and deadlines can be over."""

    EVENT = "event"
    DEADLINE = "deadline"
    OPEN_ENDED = "open_ended"
    RECAP = "recap"
    IGNORED = "ignored"


def _phrases(*lines: str, after: str = r"\b") -> re.Pattern[str]:
    """Return a pattern for any of the phrases on *lines*, parted by bars, as whole words."""
    return re.compile(rf"\b(?:{'|'.join(lines)}){after}", re.IGNORECASE)


# What may stand between such a word and its date: "by midnight on", "starting this".
_LEAD = (
    r"(?:\s*(?:on|the|el|la|los|las|del?|this|of|is|at|es|midnight|noon|\d{1,2}(?::\d\d)?\s?[ap]\.?m\.?)\b\.?|\s*[:,(])*"
    r"\s*$"
)

_OPEN_ENDED = _phrases(
    "starting|beginning|begins?|starts?|effective|as of|since|from|opens?|opened|(?<!grand )opening|available",
    "launch(?:es|ing)|out|after|following|ongoing|a partir|desde|comenzando|comienzan?|empiezan?|inician?|después",
    "despues|abren?|abrimos|changed?|moved",
    after=rf"(?:\s+(?:on|as of|immediately))?{_LEAD}",
)
_SINCE = _phrases(
    r"(?:after|since|following|because of|due to) (?:the|our|a) (?:\w+\s){1,3}(?:of|on|from)",
    r"(?:moved|switched|relocated|changed|went|expanded) (?:in)?to [^.,;!?]{3,40} (?:on|over the weekend of|in)",
    after=_LEAD,
)
_DELAYED = _phrases(r"delay\w*|late opening|retras\w+")
_BEGINS = _phrases("begins?|starts?|comienzan?|empiezan?|inician?", after=r"\b[^.!?]{0,12}$")
_MOVED = _phrases(
    r"move[sd]?(?= (?:back |up )?(?:to|until|from)\b)|reschedul\w+|postponed|extend(?:ed)?|change(?! on\b)",
    r"changed(?= to\b)|scheduled",
    r"set|slated|planned|back|return(?:s|ing)?|resum\w+",
    r"reopen\w*|aplaz\w+|reprogram\w+|pospuest\w+|extend\w+|reabr\w+",
    after=rf"(?:\s+(?:to|for|until|till|through|al?|para|hasta|from))?{_LEAD}",
)
_DEADLINE = _phrases(
    "by|before|until|till?|through|thru|ends?|ending|clos(?:es?|ing)|deadline|due(?: by| date)?|last day|no later than",
    "prior to|expires?|hasta|antes|cierran?|terminan?|vencen?|fecha l[ií]mite|último día|ultimo dia",
    after=rf"(?:\s+to\s+\w+)?{_LEAD}",
)
_EXCLUSIVE = _phrases("before|prior to|antes", after=_LEAD)
_TO_ACT = _phrases(
    r"regist\w*|sign(?:ing)?[ -]?up|rsvp|appl(?:y|ications?)|enroll?(?:ment)?|order|submi\w+|nominat\w+|reserv\w+",
    "send|mail|return|turn in|write|vote|buy|purchase|claim",
    r"inscr[ií]\w*|reg[ií]str\w*|solicit\w*|postul\w*|nomin\w+|enviar?|env[ií]e|deadline|fecha l[ií]mite",
)
_OPTIONAL = _phrases("walk[- ]?ins?|preferred|recommended|encouraged|not required|early[- ]bird|discount")

_LOOKS_BACK = _phrases(
    "(?<!comment )(?<!say )thank(?:s| you|ful)[^.!?\\n]{0,60}\\b(?:who|that|for (?:coming|joining|attending|an?|making"
    "|such|helping|giving|donating|your support|supporting|stopping|being|your patience during))",
    r"you (?:showed up|did it|did that|came through|made it happen)|recap\w*|throwback|tbt|looking back",
    "highlights (?:from|of)",
    "(?:photos?|pictures?|pics|scenes|memories|snapshots|images) (?:from|of)",
    "what an? (?:\\w+ ){0,2}(?:day|night|evening|turnout|success|event|weekend|time|crowd)",
    "(?:was|were) (?:such )?an? (?:\\w+ )?(?:success|hit|blast)|(?:we|our team) (?:had|have had) (?:a|an|so|such)",
    "(?:watch|view|see) the (?:recording|replay|video)",
    "missed (?:our|the|it)|recording|we recorded|on[- ]demand",
    "gracias (?:a (?:todos|todas|quienes|los que)|por (?:venir|asistir|participar|acompañarnos))[^.!?\\n]{0,40}",
    r"remember (?:the|our|when)\b[^.!?]{0,60}(?=\?)",
    "fotos (?:de|del)|resumen (?:de|del)|(?:fue|fueron) un (?:gran )?[ée]xito",
    "se llev(?:ó|aron) a cabo|tuvo lugar|qué (?:gran|bonito|lindo) (?:día|evento)",
)
_LATELY = _phrases(
    "last (?:year|week|weekend|night|month|fall|spring|summer|winter)",
    r"last (?:mon|tues|wednes|thurs|fri|satur|sun)day(?! (?:of|in)\b)|yesterday|ayer|el pasado|la pasada",
    "icymi|in case you missed",
)
_ANNOUNCES = _phrases(
    "is|are|es|ser[áa]n?|son",
    r"(?:stops|visits|comes|returns|meets|airs|speaks|holds|hosts|takes place|happens|runs|continues)"
    r"(?:\s[^.,;:!?]{1,40})?",
    after=r"(?:\s(?:now|coming|set for|all))?" + _LEAD,
)
_FOR = _phrases("for|para", after=r"(?:\s(?:the|our|an?|el|la|los|las|nuestr[oa]s?))?\s*$")
_INVITES = _phrases(
    "join us|come|register|sign up|rsvp|don['’]?t (?:miss|forget|wait)|save the date|see you|will be|we['’]ll|stop by",
    "drop by|mark your calendars?|reserve|book your|schedule|walk[- ]?ins?|get your|bring|reminder|remember to",
    "please note|visit us|apply|enroll|you['’]re invited|upcoming|is (?:coming|back|here)|are (?:coming|invited)",
    "cancell?ed|closed?(?! (?:our|its|their|all|down)\\b)",
    r"acompáñ\w+|acompañ(?:e|anos)\w*|únete|únase|venga|ven|regístr\w+|registr(?:e|ate)\w*|inscríb\w+",
    r"no (?:te|se) (?:lo )?pierda[sn]?|recuerd[ea]|asiste|visít\w+|los esperamos|te esperamos|estará|habrá",
    r"cancelad[oa]|cerrad[oa]s?|cerrarem\w+",
)
_SKIPPED = re.compile(
    r"\b(?:since|every|each|last|founded|est\.?|established|born|copyright|updated?|revised|posted|published|lots?"
    r"|(?:best|use|sell)[ -]by|desde|cada|pasado"
    r"|results from|(?:week|month|year|quarter|period) end(?:ing|ed))"
    r"(?:\s+(?:in|on|en|el|year,?))?\s*:?\s*$|©\s*$",
    re.IGNORECASE,
)
_END_OF_SENTENCE = re.compile(
    r"(?<![ap]\.m)(?<![ap]\.\sm)(?<!\b(?:Dr|Mr|Ms|St))(?<!\bMrs)(?<!\bSept)(?<!\bTues)(?<!\bThurs)"
    r"(?<!\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun))"
    r"[.!?…]+(?=\s+[^a-z\s\d])|[!?]+(?=\s)|\n"
)


def sentence_ends(text: str) -> list[int]:
    """Return where sentences of *text* end, in order; a line is a sentence too."""
    return [match.end() for match in _END_OF_SENTENCE.finditer(text)]


def looks_back(text: str) -> bool:
    """Whether the whole post looks back on something (thanks, photos, a recap) and invites to nothing."""
    return _LOOKS_BACK.search(text) is not None and _INVITES.search(text) is None


def invites(sentence: str) -> bool:
    """Whether *sentence* invites to something or announces it."""
    return _INVITES.search(sentence) is not None


def is_exclusive(before: str) -> bool:
    """Whether the words *before* a date leave the day itself out ("before Oct 1")."""
    return _EXCLUSIVE.search(before) is not None


def must_act(sentence: str) -> bool:
    """Whether *sentence* sets a deadline without which the rest is of no use ("register by")."""
    return _TO_ACT.search(sentence) is not None and _OPTIONAL.search(sentence) is None


def sense_of(before: str, sentence: str, clause: str, *, is_span: bool, has_hours: bool) -> Sense:
    """Return what a date is for, from the words *before* it in its *sentence*, and in its *clause* of that.

    *is_span* says that it has an end of its own ("Oct 1-5"); *has_hours* that a time of day belongs to it.
    """
    skipped = _SKIPPED.search(before)
    if skipped and not (is_span and skipped[0].strip().lower() in {"every", "each", "cada"}):
        return Sense.IGNORED
    if _MOVED.search(before):
        return Sense.EVENT
    if _DEADLINE.search(before):
        return Sense.RECAP if tells(clause, has_hours=True) else Sense.DEADLINE
    begins_at_an_hour = has_hours and _BEGINS.search(before) is not None
    goes_on = not is_span and not begins_at_an_hour and _OPEN_ENDED.search(before) and not _DELAYED.search(sentence)
    if goes_on or _SINCE.search(before):
        return Sense.OPEN_ENDED
    return Sense.RECAP if _is_told(before, sentence, clause, has_hours=has_hours) else Sense.EVENT


def _is_told(before: str, sentence: str, clause: str, *, has_hours: bool) -> bool:
    """Whether it is told of what has been; a verb that announces, a time of day or an invitation say that it is not."""
    if _ANNOUNCES.search(before):
        return False
    if _LOOKS_BACK.search(sentence):
        return True
    if _FOR.search(before):
        return False
    if _INVITES.search(clause):
        return False
    if not has_hours and was_done(before):
        return True
    return tells(clause, has_hours=has_hours) or _LATELY.search(clause) is not None
