"""Which language a text is in: English, Spanish, or unknown, by the small words that every sentence has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


_ENGLISH = _words(
    "the a an of to in is are was were be been and or for with on at by from this that it i you he she we they my",
    "his her our their your do does did can could will would should have has had not no what when where who why how",
    "which there any if but so us them all just about please thanks thank hi hello get got need want know am dont",
    "cant isnt whats hows its lol yes yeah ok okay good great very more than then too some up out off go going help",
    "nice love said like one worst best ever never amazing",
)
_SPANISH = _words(
    "a el la los las del que en un una unos unas por para con no se su sus mi mis es al lo como pero le les ya o si",
    "porque esta este estos entre cuando muy sin sobre tambien hasta hay donde quien desde todo todos nos durante",
    "gracias hola necesito puedo tengo tiene cita dolor hijo hija mama papa cual cuanto cuantos fue son ser era",
    "estoy estan y de ayuda quiero quisiera buenos buenas dias tardes favor puede pueden tienen alguien saben sabe",
    "hace siento mucho mucha me te ustedes usted hora horas abren cierran tienes atienden",
)
_OTHER = _words(
    "de la que en se un para quelle quel comment combien",
    "le les des est et je vous nous pour dans une pas avec sur qui bonjour merci il elle au aux mon ma ce cette ou",
    "suis avez o os as um uma nao em com para voce voces obrigado obrigada ola meu minha eu tem sao isso mais como",
    "na no do da dos das der die das und ist nicht ein eine ich wir sie fur mit auf von zu den dem bitte danke wie",
    "wann hallo haben sind lo gli che di e un per non sono con del della grazie ciao quando dove ho mi het een van",
    "ik niet en dat op voor met ang ng sa mga ako po ba ko siya hindi nie jest sie jak czy dzien dobry toi khong la",
    "va co ban cho mwen pa nan ki gen pou ve bir bu icin ne var",
)
"""French, Portuguese, German, Italian, Dutch, Tagalog, Polish, Vietnamese, Haitian, Turkish."""


def language_of(words: Iterable[str], accented: str) -> str:
    """Return en, es or und for the canonical *words* of a text that reads *accented* before that."""
    english = spanish = other = 0
    for word in words:
        english += word in _ENGLISH
        spanish += word in _SPANISH
        other += word in _OTHER
    spanish += 3 if any(sign in accented for sign in "¿¡ñ") else 0
    other += 2 if any(sign in accented for sign in "ãõçßłøêè") else 0
    most = max(english, spanish, other)
    if not most:
        return "und"
    return "en" if english == most else "es" if spanish == most else "und"
