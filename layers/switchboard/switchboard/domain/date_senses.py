"""What a date in a post is for, judged by the words around it: an event, a deadline, a beginning, or a look back."""

from __future__ import annotations

import re
from enum import StrEnum


class Sense(StrEnum):
    """What a date is for; only events and deadlines can be over."""

    EVENT = "event"
    DEADLINE = "deadline"
    OPEN_ENDED = "open_ended"
    RECAP = "recap"
    IGNORED = "ignored"


_LEAD = r"(?:\s*(?:on|the|el|la|los|las|del?|this|of|is|at|es|midnight|noon|\d{1,2}(?::\d\d)?\s?[ap]\.?m\.?)\b\.?|\s*[:,(])*\s*$"

_OPEN_ENDED = re.compile(
    r"\b(?:starting|beginning|begins?|starts?|effective|as of|since|from|opens?|opened|opening|available|launch(?:es|ing)"
    r"|after|following|ongoing|a partir|desde|comenzando|comienzan?|empiezan?|inician?|después|despues|abren?|abrimos)"
    r"(?:\s+(?:on|as of|immediately))?" + _LEAD,
    re.IGNORECASE,
)
_BEGINS = re.compile(r"\b(?:begins?|starts?|comienzan?|empiezan?|inician?)\b[^.!?]{0,12}$", re.IGNORECASE)
_MOVED = re.compile(
    r"\b(?:moved?|reschedul\w+|postponed|extend(?:ed)?|changed|scheduled|set|slated|planned|back|return(?:s|ing)?|resum\w+"
    r"|reopen\w*|aplaz\w+|reprogram\w+|pospuest\w+|extend\w+|reabr\w+)(?:\s+(?:to|for|until|till|through|al?|para|hasta|from))?"
    + _LEAD,
    re.IGNORECASE,
)
_DEADLINE = re.compile(
    r"\b(?:by|before|until|till?|through|thru|ends?|ending|clos(?:es?|ing)|deadline|due(?: by| date)?|last day|no later than"
    r"|prior to|expires?|hasta|antes|cierran?|terminan?|vencen?|fecha l[ií]mite|último día|ultimo dia)"
    r"(?:\s+(?:to\s+\w+))?" + _LEAD,
    re.IGNORECASE,
)
_EXCLUSIVE = re.compile(r"\b(?:before|prior to|antes)" + _LEAD, re.IGNORECASE)
_TO_ACT = re.compile(
    r"\b(?:regist\w*|sign(?:ing)?[ -]?up|rsvp|appl(?:y|ications?)|enroll?(?:ment)?|order|submi\w+|nominat\w+|reserv\w+"
    r"|inscr[ií]\w*|reg[ií]str\w*|solicit\w*|postul\w*|nomin\w+|enviar?|env[ií]e|deadline|fecha l[ií]mite)\b",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(
    r"\b(?:walk[- ]?ins?|preferred|recommended|encouraged|not required|early[- ]bird|discount)\b", re.IGNORECASE
)

_LOOKS_BACK = re.compile(
    r"\b(?:thank(?:s| you|ful)[^.!?\n]{0,60}\b(?:who|that|for (?:coming|joining|attending|a|an|making|such|helping|your support"
    r"|supporting|stopping|being))\b|recap\w*|throwback|tbt|icymi|in case you missed|looking back|highlights (?:from|of)"
    r"|(?:photos?|pictures?|pics|scenes|memories|snapshots|images) (?:from|of)|what an? (?:\w+ ){0,2}(?:day|night|evening|turnout|success"
    r"|event|weekend|time|crowd)|(?:was|were) (?:such )?an? (?:\w+ )?(?:success|hit|blast)|(?:we|our team) (?:had|have had) (?:a|an|so|such)"
    r"|last (?:year|week|weekend|night|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday|fall|spring|summer|winter)(?:'s|’s)?"
    r"|yesterday(?:'s|’s)?|(?:watch|view|see) the (?:recording|replay|video)|missed (?:our|the|it)|recording|on[- ]demand"
    r"|gracias (?:a (?:todos|todas|quienes|los que)|por (?:venir|asistir|participar|acompañarnos))[^.!?\n]{0,40}"
    r"|fotos (?:de|del)|resumen (?:de|del)|(?:fue|fueron) un (?:gran )?[ée]xito|ayer|el pasado|la pasada|se llev(?:ó|aron) a cabo|tuvo lugar"
    r"|qué (?:gran|bonito|lindo) (?:día|evento))\b",
    re.IGNORECASE,
)
_INVITES = re.compile(
    r"\b(?:join us|come|register|sign up|rsvp|don['’]?t (?:miss|forget|wait)|save the date|see you|will be|we['’]ll|stop by|drop by|mark"
    r" your calendars?|reserve|book your|schedule|walk[- ]?ins?|get your|bring|reminder|remember to|please note|visit us|apply|enroll"
    r"|you['’]re invited|upcoming|is (?:coming|back|here)|are (?:coming|invited)|acompáñ\w+|acompañ(?:e|anos)\w*|únete|unete|únase|venga|ven"
    r"|regístr\w+|registr(?:e|ate)\w*|inscríb\w+|no (?:te|se) (?:lo )?pierda[sn]?|recuerd[ea]|asiste|visít\w+|los esperamos|te esperamos|estará"
    r"|habrá|cancell?ed|cancelad[oa]|closed?|cerrad[oa]s?|cerrarem\w+)\b",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:was|were|had|held|hosted|celebrated|received|earned|named|recognized|honored|awarded|opened|launched|joined|attended|came"
    r"|gathered|raised|welcomed|visited|completed|graduated|born|founded|established|passed away|died|won|announced|published|became"
    r"|performed|delivered|donated|participated|took|gave|met|spent|walked|enjoyed|loved|learned|shared|kicked off|presented|served"
    r"|volunteered|partnered|teamed up|posted|updated|retired|treated|approved|signed|broke ground|reported|released"
    r"|fue|fueron|celebramos|tuvimos|recibi(?:ó|mos)|abrió|abrimos|participaron|asistieron|vinieron|realizó|realizamos|nació|murió|fundó"
    r"|nombrad[oa]|ganó|entregó|donó|visitó|visitaron|anunció)\b",
    re.IGNORECASE,
)
_SKIPPED = re.compile(
    r"\b(?:since|every|each|last|founded|est\.?|established|born|copyright|updated?|revised|posted|published|desde|cada|pasado)"
    r"(?:\s+(?:in|on|en|el|year,?))?\s*:?\s*$|©\s*$",
    re.IGNORECASE,
)
_END_OF_SENTENCE = re.compile(
    r"(?<![ap]\.m)(?<![ap]\.\sm)(?<!\b(?:Dr|Mr|Ms|St))(?<!\b(?:Mrs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun))"
    r"(?<!\bSept)(?<!\bTues)(?<!\bThurs)[.!?…]+(?=\s+[^a-z\s\d])|[!?]+(?=\s)|\n"
)


def sentence_ends(text: str) -> list[int]:
    """Return where sentences of *text* end, in order; a line is a sentence too."""
    return [match.end() for match in _END_OF_SENTENCE.finditer(text)]


def looks_back(text: str) -> bool:
    """Whether the whole post looks back on something (thanks, photos, a recap) and invites to nothing."""
    return _LOOKS_BACK.search(text) is not None and _INVITES.search(text) is None


def invites(sentence: str) -> bool:
    """Whether *sentence* asks the reader to come or to do something."""
    return _INVITES.search(sentence) is not None


def is_exclusive(before: str) -> bool:
    """Whether the words *before* a date leave the day itself out ("before Oct 1")."""
    return _EXCLUSIVE.search(before) is not None


def must_act(sentence: str) -> bool:
    """Whether *sentence* sets a deadline without which the rest is of no use ("register by")."""
    return _TO_ACT.search(sentence) is not None and _OPTIONAL.search(sentence) is None


def sense_of(before: str, sentence: str, *, is_span: bool, has_hours: bool) -> Sense:
    """Return what a date is for, from the words *before* it in its *sentence*.

    *is_span* says that it has an end of its own ("Oct 1-5"); *has_hours* that a time of day belongs to it.
    """
    skipped = _SKIPPED.search(before)
    if skipped and not (is_span and skipped[0].strip().lower() in {"every", "each", "cada"}):
        return Sense.IGNORED
    if _MOVED.search(before):
        return Sense.EVENT
    if _DEADLINE.search(before):
        return Sense.DEADLINE
    if not is_span and _OPEN_ENDED.search(before) and not (has_hours and _BEGINS.search(before)):
        return Sense.OPEN_ENDED
    if _LOOKS_BACK.search(sentence):
        return Sense.RECAP
    if not has_hours and not _INVITES.search(sentence) and _HAPPENED.search(sentence):
        return Sense.RECAP
    return Sense.EVENT
