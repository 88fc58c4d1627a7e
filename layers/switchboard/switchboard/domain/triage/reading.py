# ruff: noqa: RUF001 - people write curly quotes
"""A text made canonical, so that a rule need not know that people write "can't", "cant", "can not" and "CANNOT"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

HEAD = 4000
TAIL = 1000

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})
_LINK = re.compile(r"https?://\S+|\bwww\.\S+")
_MENTION = re.compile(r"(?<!\w)@[\w.]*\w:?(?: @[\w.]*\w:?){0,20}")
_APART = re.compile(r"(?<=\w) '(?=(?:s|re|ll|ve|d|m|t)\b)")
_HASH = re.compile(r"#(?=\w)")
_SPACE = re.compile(r"\s+")
_REPEATED = re.compile(r"(\w)\1{2,}")
_REPEATED_SIGN = re.compile(r"([^\w\s])\1{3,}")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_NOT = re.compile(r"\b(do|does|did|is|are|was|were|has|have|had|can|could|would|should|will) not\b")
_TO = re.compile(r"\b(want|wanna|going|need|have|got|try|ready|how) 2 (?=[a-z])")
_SHORTENED = re.compile(r"\b(\w+)'(re|ll|ve)\b")
_LONG = {"re": "are", "ll": "will", "ve": "have"}

_SLANG = {
    "u": "you", "yu": "you", "yall": "you all", "ur": "your", "urself": "yourself", "r": "are",
    "ru": "are you", "em": "them", "plz": "please", "pls": "please", "plse": "please", "pleas": "please",
    "wanna": "want to", "gonna": "going to", "gotta": "got to", "dunno": "dont know", "lemme": "let me",
    "gimme": "give me", "wat": "what", "wut": "what", "wot": "what", "whut": "what", "wht": "what", "wats": "whats",
    "wuts": "whats", "wen": "when", "wer": "where", "wher": "where", "whr": "where", "hw": "how", "hav": "have",
    "abt": "about", "bout": "about", "n": "and", "b4": "before", "cud": "could", "wud": "would", "shud": "should",
    "tho": "though", "ppl": "people", "sum1": "someone", "some1": "someone", "any1": "anyone", "ne1": "anyone",
    "cannot": "cant", "im": "i am", "ive": "i have", "appt": "appointment", "apt": "appointment", "dr": "doctor",
    "drs": "doctors", "doc": "doctor", "wtf": "what the fuck", "willnt": "wont", "cannt": "cant", "hlp": "help",
    "hosp": "hospital", "doin": "doing", "goin": "going", "comin": "coming", "havin": "having", "lookin": "looking",
    "talkin": "talking", "workin": "working", "feelin": "feeling", "leavin": "leaving", "watchin": "watching",
    "livin": "living", "thinkin": "thinking", "tryin": "trying", "waitin": "waiting", "killin": "killing",
    "bleedin": "bleeding", "breathin": "breathing", "dyin": "dying", "cuttin": "cutting",
}  # fmt: skip
"""What chat shortens, written out."""

_MENDED = [
    "suicide",
    "suicidal",
    "breathe",
    "breathing",
    "unconscious",
    "unresponsive",
    "seizure",
    "seizures",
    "overdose",
    "overdosed",
    "anaphylaxis",
    "anaphylactic",
    "hemorrhage",
    "hemorrhaging",
    "haemorrhage",
    "ambulance",
    "emergency",
    "collapsed",
    "convulsing",
    "convulsions",
    "bleeding",
    "poisoned",
    "paralyzed",
    "pregnant",
    "strangled",
    "appointment",
    "insurance",
    "prescription",
    "suicidio",
    "respirar",
    "inconsciente",
    "sobredosis",
    "ambulancia",
]
_REAL = frozenset(
    [
        "breath",
        "breaths",
        "emergence",
        "emergent",
        "breeding",
        "bleating",
        "blending",
        "blessing",
        "breather",
        "breathed",
        "wreathe",
        "overdone",
        "suicides",
        "seizing",
        "seizure",
        "poisonous",
        "collapses",
        "collapse",
        "breaching",
        "breathes",
        "bleedings",
        "poisoner",
        "pregnancy",
        "respira",
        "respiran",
    ]
)
_BY_FIRST: dict[str, tuple[str, ...]] = {
    first: tuple(word for word in _MENDED if word[0] == first) for first in {word[0] for word in _MENDED}
}


@dataclass(frozen=True, slots=True)
class Reading:
    """*accented* is the text in lower case; *canonical* has no accents, apostrophes, links or slang.

    A mention stands as "@". *words* are the canonical words; *mentions* says that somebody was tagged.
    """

    accented: str
    canonical: str
    words: tuple[str, ...]
    mentions: bool


def read(text: str) -> Reading:
    """Return *text* read: of a long one the first 4,000 characters and the last 1,000."""
    folded = unicodedata.normalize("NFKC", _bounded(text)).translate(_STRAIGHT).lower()
    folded = _REPEATED_SIGN.sub(r"\1\1\1", _REPEATED.sub(r"\1\1", _bounded(folded)))
    folded = _HASH.sub("", _LINK.sub(" ", folded))
    accented = _APART.sub("'", _SPACE.sub(" ", _MENTION.sub(" @ ", folded)).strip())
    bare = _without_accents(accented)
    bare = _TO.sub(r"\1 to ", bare)
    bare = _NOT.sub(r"\1n't", _SHORTENED.sub(lambda found: f"{found[1]} {_LONG[found[2]]}", bare))
    canonical = _SPACE.sub(" ", _WORD.sub(_written_out, bare)).strip()
    words = tuple(_LETTERS.findall(canonical))
    return Reading(accented, canonical, words, mentions="@" in canonical)


def _bounded(text: str) -> str:
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} {text[-TAIL:]}"


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _written_out(found: re.Match[str]) -> str:
    word = found[0].replace("'", "")
    return _SLANG.get(word) or _mended(word)


def _mended(word: str) -> str:
    """Return the grave word that *word* is one slip of the finger away from, else *word*."""
    if len(word) < 6 or word in _REAL:  # noqa: PLR2004 - a shorter word has too many neighbours
        return word
    near = (grave for grave in _BY_FIRST.get(word[0], ()) if abs(len(grave) - len(word)) <= 1)
    return next((grave for grave in near if _one_slip(word, grave)), word)


def _one_slip(word: str, other: str) -> bool:
    """Return whether one letter left out, added, changed or swapped with the next makes *word* into *other*.

    Not the last one: that makes another form of the word, or another word.
    """
    if word == other:
        return True
    at = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    if at >= min(len(word), len(other)) - 1:
        return False
    rest, wanted = word[at:], other[at:]
    if rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]:
        return True
    return len(rest) > 1 and len(wanted) > 1 and rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
