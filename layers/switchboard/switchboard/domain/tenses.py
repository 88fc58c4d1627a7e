# ruff: noqa: RUF001 - people write dashes and curly quotes, so patterns must know them
"""Whether a clause tells of what has been, by its verb: "on November 11 we planted a tree".

Not a grammar: enough to tell a report from an announcement. Words that are a verb in one place and an adjective in
another ("registered nurses", "spots left") count only where an object follows, or somebody who did it stands before.
"""

from __future__ import annotations

import re


def _any(*lines: str, ending: str = "") -> str:
    """Return a pattern for any of the words on *lines*, each with *ending*; an underscore is a space."""
    words = (word.replace("_", " ") for line in lines for word in line.split())
    return f"(?:{'|'.join(words)}){ending}"


# Verbs whose past is nothing else.
_PLAIN = _any(
    "went came took gave spent won ran grew wrote became began broke brought built bought caught chose drew drove ate",
    "fell fought got knew rode rose sang saw sent slept spoke stood swam threw told thought woke wore flew dug hit",
    "hosted happened arrived ended turned joined reached raised retired graduated died passed_away kicked_off crossed",
    "wrapped_up survived rang shone sank stole swore tore wept blew froze flooded",
)
# Those that may be adjectives ("two left"), or stand in the present too ("read").
_WITH_OBJECT = _any(
    "made left found lost led taught kept sold paid met held put set cut read beat felt heard said shot moved changed",
    "closed canceled cancelled delayed",
)
# Those of reports, which count wherever they stand.
_OF_REPORTS = _any(
    "was were had held celebrated received earned named recognized honored awarded opened launched attended gathered",
    "welcomed visited completed born founded established announced published performed delivered donated participated",
    "met walked enjoyed loved learned shared presented served volunteered partnered teamed_up posted updated treated",
    "approved signed reported released collected finished helped packed screened trained traveled stopped_by switched",
    "started thanked surprised installed upgraded unveiled dedicated baby_of_the_week",
    r"lbs?_\d{1,2}_oz",
)
# What ends in -ed and is no verb, or is a participle in announcements ("limited to the first 50", "lunch provided").
_NO_VERB = _any(
    "need requir provid includ limit locat invit plann design offer reserv sponsor schedul recommend encourag accept",
    "suggest request expect allow permit register licens certifi relat interest excit thrill pleas delight unus expir",
    "insur uninsur vaccinat fill bas cater guid prepar advanc experienc us clos cancel cancell postpon reschedul mov",
    "chang extend delay add announc welcom book se fe spe bre ne shr br bl indee exce proce succe breastfe we re be m",
    "t f hundr sacr nak",
    ending="ed",
)
_ED = rf"(?!{_NO_VERB}\b)[a-z]{{2,}}ed"
_OBJECT = _any(
    "an? the this that these those our my your his her its their us me him them it more over nearly almost about up",
    "down out off away back home together through into onto another two three four five six seven eight nine ten",
    r"hundreds thousands some many every all \$?\d[\d,.]*",
    ending=r"\b",
)
_ADVERB = _any(r"\w+ly also just all both first finally once then")
_NEAR = rf"(?:\s{_ADVERB})?"
_PERSON = _any("we i he she they")
_WHO = _any(
    r"we i he she they it who our_(?:\w+\s){0,2}\w+ the_(?:\w+\s){0,2}\w+ dr\.?_\w+ nurse_\w+ [a-z]+_and_[a-z]+"
)
_PARTICIPLE = _any("been come gone done made had won seen given taken grown become begun run told met left")
_AUXILIARY = rf"(?:(?:has|have|['’]ve|['’]s){_NEAR}\s(?:{_ED}|{_PARTICIPLE})|did|didn['’]t|wasn['’]t|weren['’]t)"
_SPANISH = _any(
    "celebramos tuvimos recibimos atendimos hicimos fuimos logramos plantamos donamos entregamos inauguramos dimos",
    "cumplimos alcanzamos realizamos organizamos abrimos perdimos despedimos honramos vacunamos llegamos pusimos",
    "dijimos vinimos empezamos comenzamos cambiamos nos_mudamos nacio murio gano abrio recibio cumplio participo",
    "visito dono fundo logro empezo comenzo llego fue fueron era eran hubo estuvo estuvieron vino vinieron dio dieron",
    "hizo hicieron tuvo tuvieron pudo puso dijo dejo nombrad[oa]",
    "cambio_de_(?:direcci[oó]n|domicilio|nombre|horario|n[úu]mero|sede|lugar)",
)
_SPANISH_ENDING = r"(?:[^\W\d_]{2,}(?:ó|ieron)|[^\W\d_]{3,}aron)"


def _compiled(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_TELLS = _compiled(
    rf"(?<!['’]ve )(?<!\bhave )\b{_PLAIN}\b",
    rf"\b{_OF_REPORTS}\b",
    r"\bdid (?:you|your|we|they|not)\b",
    rf"\b{_WITH_OBJECT}{_NEAR}\s{_OBJECT}",
    rf"(?<!\bbe )(?<!\bis )(?<!\bare )(?<!\bto )(?<!\bget )\b{_ED}{_NEAR}\s{_OBJECT}",
    rf"\b{_WHO}{_NEAR}\s(?:{_ED}|{_WITH_OBJECT}|{_AUXILIARY})\b(?!\s(?:to be|by|you|your)\b)",
    rf"\b(?:{_SPANISH}|{_SPANISH_ENDING})\b",
)
_SOMEBODY_TELLS = _compiled(
    rf"\b{_PERSON}{_NEAR}\s(?:{_ED}|{_PLAIN}|{_WITH_OBJECT}|was|were|had)\b",
    r"\b(?:(?:was|were) born|died|passed away|naci(?:ó|o|eron)|muri(?:ó|o)|falleci(?:ó|o))\b",
)
# What an announcement says of its own day: "lunch served Oct 14".
_ON_THE_DAY = _any("serv perform observ featur present screen celebrat host", ending="ed")
_DONE = _compiled(
    rf"\b(?:(?!{_ON_THE_DAY}\b){_ED}|announced|drawn|won|sold|struck|found|caught|stolen)(?: on| between)?\s*$",
    rf"\b(?:who|that|which|if you)\s(?:{_PLAIN}|{_OF_REPORTS})\b[^.!?;:]*$",
)
_TO_COME = _compiled(r"\b(?:will|shall|going to|would|should|must|voy|vamos a|van a|va a)\b", r"['’]ll\b")
_BOUNDARY = _compiled(
    r"\s[-–—|]\s|—|[;:](?=\s)|[()]",
    r",\s(?=(?:and|but|so|or|yet|y|pero|as[ií] que)\b)",
    r"\s(?=(?:and|but|so|y|pero)\s(?:we|he|she|they|is|are|you|it|now|there|ahora|est[áa]n?)\b)",
)
# What is said beside: it ends with a comma or the clause.
_BESIDE = _compiled(
    r",?\s(?:who|whose|which|that|where|when|because)\s[^,]*(?:,|$)",
    r"\syou\s(?:loved|missed|enjoyed|asked for|know|wanted)\b[^,]*(?:,|$)",
    r",\s(?:founded|established|named|led|known|started|created|opened|presented|hosted|sponsored)\s[^,]*,",
)
_DATE_ALONE = 2


def clause_around(sentence: str, start: int, stop: int) -> str:
    """Return the part of *sentence* that the date from *start* to *stop* belongs to, without what is said beside.

    Of "Our fair, which drew 500 last year, is on Oct 17" that is "Our fair is on Oct 17". A date that stands almost
    alone belongs to all of the sentence.
    """
    before = [match.end() for match in _BOUNDARY.finditer(sentence, 0, start)]
    after = _BOUNDARY.search(sentence, stop)
    low, high = before[-1] if before else 0, after.start() if after else len(sentence)
    if len((sentence[low:start] + sentence[stop:high]).split()) < _DATE_ALONE:
        low, high = 0, len(sentence)
    kept: list[str] = []
    at = low
    for match in _BESIDE.finditer(sentence, low, high):
        if match.start() <= start < match.end():
            if match[0].startswith(","):
                return match[0]
            continue
        kept.append(sentence[at : match.start()])
        at = match.end()
    return " ".join([*kept, sentence[at:high]])


def was_done(before: str) -> bool:
    """Whether the words *before* a date say what was done then: "notice lifted October 18", "if you were seen on"."""
    return _DONE.search(before) is not None


def tells(clause: str, *, has_hours: bool) -> bool:
    """Whether *clause* tells of what has been; one that names a time of day must say who did it."""
    if _TO_COME.search(clause):
        return False
    return (_SOMEBODY_TELLS if has_hours else _TELLS).search(clause) is not None
