"""Does a text ask something? By how English and Spanish build questions, with a question mark or without."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from switchboard.domain.triage.question_rules import (
    ADDRESSED,
    CASE,
    ECHO,
    FRONTED,
    INDIRECT,
    INVERTED,
    OPENING,
    QUERY,
    SPANISH,
    SPANISH_ACCENTED,
    SPANISH_OPENING,
    STATED,
    TAGS,
)
from switchboard.domain.triage.rule import pattern

if TYPE_CHECKING:
    from switchboard.domain.triage.reading import Reading

_QUERY_LENGTH = 26
_ENDING = 200
_GREETING = 8
_SENTENCE_END = re.compile(r"(?<=[.!?;])")


def asks(reading: Reading, language: str) -> str:
    """Return the name of the form in which the text asks, or "" when it asks nothing."""
    sentences = _SENTENCE_END.split(reading.canonical)
    if "¿" in reading.canonical or any(_is_asked(sentence) for sentence in sentences):
        return "question mark"
    text = "".join(sentence for sentence in sentences if not sentence.endswith("?")).strip()
    text = pattern(STATED).sub("", text, count=1) if pattern(STATED).match(text) else text
    return _english(text, len(reading.words)) or _spanish(text, reading.accented, language)


def _is_asked(sentence: str) -> bool:
    """Return whether *sentence* ends with a question mark and is more than a listener's "really?"."""
    return sentence.endswith("?") and pattern(ECHO).fullmatch(sentence.strip(' ?",-@*')) is None


def _english(text: str, length: int) -> str:
    forms = (
        ("question word or verb first", OPENING),
        ("verb before you or I", INVERTED),
        ("indirect question", INDIRECT),
    )
    for name, words in forms:
        if pattern(words).search(text):
            return name
    if length <= _QUERY_LENGTH and not any(sign in text.rstrip(". !") for sign in ".;!"):
        if pattern(FRONTED).match(text):
            return "fronted clause"
        if "," not in text[_GREETING:] and pattern(QUERY).match(text):
            return "search query"
    if pattern(ADDRESSED).match(text) or pattern(CASE).search(text):
        return "case put to a doctor"
    ending = _SENTENCE_END.split(text[-_ENDING:].rstrip(" .!"))[-1]
    return "tag question" if pattern(TAGS).search(ending) else ""


def _spanish(text: str, accented: str, language: str) -> str:
    if language == "en":
        return ""
    if pattern(SPANISH_ACCENTED).search(accented) or pattern(SPANISH_OPENING).search(text):
        return "Spanish question word"
    return "Spanish request to know" if language == "es" and pattern(SPANISH).search(text) else ""
