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
    SPANISH_OPENING,
    STATED,
    TAGS,
)
from switchboard.domain.triage.rule import pattern

if TYPE_CHECKING:
    from switchboard.domain.triage.reading import Reading

_QUERY_LENGTH = 20
_FURTHER = ".,;!"
_ACCENTED = re.compile(
    r"(?<![\w¡])(?:qué|cuál|cuáles|quién|quiénes|cómo|dónde|adónde|cuándo|cuánto|cuánta|cuántos|cuántas)(?!\w)(?! (?:lind|bonit|buen|bell|hermos|rico|alegr))"
)
_ASKED = re.compile(r"([^.!?;]*)\?")
_LAST = re.compile(r"[^.!?;\n]{1,200}[.! ]*$")


def asks(reading: Reading, language: str) -> str:
    """Return the name of the form in which the text asks, or "" when it asks nothing."""
    text = reading.canonical
    if "¿" in text or any(_is_asked(part) for part in _ASKED.findall(text)):
        return "question mark"
    if pattern(STATED).match(text):
        text = pattern(STATED).sub("", text, count=1)
    for name, words in _ENGLISH:
        if pattern(words).search(text):
            return name
    if (
        len(reading.words) <= _QUERY_LENGTH
        and not any(s in text.rstrip(". !") for s in _FURTHER)
        and pattern(QUERY).match(text)
    ):
        return "search query"
    if pattern(FRONTED).match(text):
        return "fronted clause"
    if pattern(ADDRESSED).match(text) or pattern(CASE).search(text):
        return "case put to a doctor"
    last = _LAST.search(text)
    if last and pattern(TAGS).search(last[0]):
        return "tag question"
    if language != "en" and (_ACCENTED.search(reading.accented) or pattern(SPANISH_OPENING).search(text)):
        return "Spanish question word"
    if language == "es" and pattern(SPANISH).search(text):
        return "Spanish request to know"
    return ""


def _is_asked(part: str) -> bool:
    """Return whether *part*, which stood before a question mark, is more than a listener's "really?"."""
    return pattern(ECHO).fullmatch(part.strip(' ",-@*')) is None


_ENGLISH = (
    ("question word or verb first", OPENING),
    ("verb before you or I", INVERTED),
    ("indirect question", INDIRECT),
)
