"""Does a text ask something? By how English and Spanish build questions, with a question mark or without."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from switchboard.domain.triage.rule import book

if TYPE_CHECKING:
    from switchboard.domain.triage.reading import Reading

_QUERY_LENGTH = 26
_ENDING = 200
_GREETING = 8
_SENTENCE_END = re.compile(r"(?<=[.!?;])")


def asks(reading: Reading, language: str) -> str:
    """Return the form in which the text asks, with the example of its rule, or "" when it asks nothing."""
    sentences = _SENTENCE_END.split(reading.canonical)
    if "¿" in reading.canonical or any(_is_asked(sentence) for sentence in sentences):
        return "a question mark"
    text = "".join(sentence for sentence in sentences if not sentence.endswith("?")).strip()
    stated = book("questions")["statement that begins like a question"].pattern()
    text = stated.sub("", text, count=1) if stated.match(text) else text
    if _is_echo(text):
        return ""
    return _english(text, len(reading.words)) or _spanish(text, reading.accented, language)


def _is_asked(sentence: str) -> bool:
    """Return whether *sentence* ends with a question mark and is more than a listener's "really?"."""
    return sentence.endswith("?") and not _is_echo(sentence)


def _is_echo(sentence: str) -> bool:
    echo = book("questions")["listener's echo"].pattern()
    return echo.fullmatch(sentence.strip(' ?.!",-@*')) is not None


def _english(text: str, length: int) -> str:
    forms = book("questions")
    for name in ("question word or verb first", "verb before you or I", "indirect question"):
        if forms[name].matches(text):
            return forms[name].quoted(text)
    if length <= _QUERY_LENGTH and not any(sign in text.rstrip(". !") for sign in ".;!"):
        if forms["fronted clause"].pattern().match(text):
            return forms["fronted clause"].quoted(text)
        if "," not in text[_GREETING:] and forms["search query"].pattern().match(text):
            return forms["search query"].quoted(text)
    if forms["letter to a doctor"].pattern().match(text):
        return forms["letter to a doctor"].quoted(text)
    if forms["case put to a doctor"].matches(text):
        return forms["case put to a doctor"].quoted(text)
    ending = _SENTENCE_END.split(text[-_ENDING:].rstrip(" .!"))[-1]
    return forms["tag question"].quoted(ending) if forms["tag question"].matches(ending) else ""


def _spanish(text: str, accented: str, language: str) -> str:
    if language == "en":
        return ""
    forms = book("questions")
    if forms["accented Spanish question word"].matches(accented):
        return forms["accented Spanish question word"].quoted(accented)
    if forms["Spanish question word"].matches(text):
        return forms["Spanish question word"].quoted(text)
    asked = language == "es" and forms["Spanish request to know"].matches(text)
    return forms["Spanish request to know"].quoted(text) if asked else ""
