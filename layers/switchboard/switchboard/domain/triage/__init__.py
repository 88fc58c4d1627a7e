"""Does this need a person, how soon, and what is it about: by rules that anybody can read, and with a reason.

Deterministic: the same text has the same outcome, everywhere. When in doubt a person decides: what is not recognised
needs an answer. A reason names the rule that decided, never the author's words: reasons go where no word may go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchboard.domain.triage.danger import danger_in
from switchboard.domain.triage.language import language_of
from switchboard.domain.triage.questions import asks
from switchboard.domain.triage.reading import read
from switchboard.domain.triage.topic_rules import COMPLAINT, PRAISE, REQUEST, SPAM, TOPICS
from switchboard.domain.vocabulary import Category, Urgency

if TYPE_CHECKING:
    from switchboard.domain.triage.reading import Reading
    from switchboard.domain.triage.rule import Rule

__all__ = ["Triage", "triage"]

_PERSONAL = frozenset({"direct_message", "form", "review"})
_GRAVE = frozenset({Category.PRIVACY, Category.ADVERSE_EVENT, Category.COMPLAINT, Category.PRESS})
_SOLICITED = _GRAVE | {Category.CLINICAL, Category.BILLING, Category.RECORDS, Category.APPOINTMENT}
_LONG = 8
"""From so many words on, a text that no rule knows is more than a remark."""

_REMARK = re.compile(
    r"\W*(?:lol|haha\w*|yes|yep|yeah|no|nope|ok|okay|same|true|amen|wow|cool|cute|yay|hi|hello|hey|gm|first|this|so true|me too|rip|praying|prayers|"
    r"good (?:morning|night|evening|afternoon)|hola|buenos dias|look|look at this|check this out|this is you|mira)?\W*"
)


@dataclass(frozen=True, slots=True)
class Triage:
    """What a text is. *reason* is a sentence that names the rule that decided; *language* is en, es, or und."""

    is_question: bool
    needs_answer: bool
    category: Category
    urgency: Urgency
    language: str
    reason: str


def triage(text: str, *, kind: str = "comment") -> Triage:
    """Return what *text* is; *kind* is the message's. Never raises."""
    reading = read(text)
    language = language_of(reading.words, reading.accented)
    form = asks(reading, language)
    finding = _danger(reading) or _wordless(reading, text, kind) or _spam(reading) or _subject(reading, form)
    finding = finding or _unknown(reading, language, kind)
    return Triage(bool(form), finding.answer, finding.category, finding.urgency, language, finding.reason)


@dataclass(frozen=True, slots=True)
class _Finding:
    answer: bool
    category: Category
    urgency: Urgency
    reason: str


def _danger(reading: Reading) -> _Finding | None:
    rule = danger_in(reading.canonical)
    return rule and _found(rule, "Emergency")


def _wordless(reading: Reading, text: str, kind: str) -> _Finding | None:
    if reading.words:
        return None
    if not text.strip():
        return _a_person("no text, so a person looks at what was attached")
    if kind in _PERSONAL or "?" in reading.canonical or any(character.isdigit() for character in reading.canonical):
        return _a_person("signs or figures without words, so a person decides")
    return _nothing(Category.GENERAL, "signs or a tag only")


def _spam(reading: Reading) -> _Finding | None:
    return _nothing(Category.SPAM, "looks like spam") if SPAM.matches(reading.canonical) else None


def _subject(reading: Reading, form: str) -> _Finding | None:
    text = reading.canonical
    topic = next((rule for rule in TOPICS if rule.matches(text)), None)
    if topic and topic.category in _GRAVE:
        return _found(topic, "Needs an answer")
    complains, praises = COMPLAINT.matches(text), PRAISE.matches(text)
    if form:
        return _asked(topic or (COMPLAINT if complains else None), form)
    if complains and not (topic and topic.urgency is Urgency.URGENT):
        return _found(COMPLAINT, "Needs an answer")
    if praises and not REQUEST.matches(text) and not (topic and topic.urgency is Urgency.URGENT):
        return _nothing(Category.PRAISE, "thanks or praise")
    if topic and (topic.category in _SOLICITED or REQUEST.matches(text)):
        return _found(topic, "Needs an answer")
    return _found(REQUEST, "Needs an answer") if REQUEST.matches(text) else None


def _asked(topic: Rule | None, form: str) -> _Finding:
    if topic is None:
        return _Finding(True, Category.GENERAL, Urgency.NORMAL, f"Needs an answer: asks, by the form “{form}”.")
    reason = f"Needs an answer: asks, by the form “{form}”; rule “{topic.name}”."
    return _Finding(True, topic.category, topic.urgency, reason)


def _unknown(reading: Reading, language: str, kind: str) -> _Finding:
    if (reading.mentions and len(reading.words) <= 3) or _REMARK.fullmatch(reading.canonical):
        return _nothing(Category.GENERAL, "a remark to a friend")
    if kind in _PERSONAL or language == "und" or len(reading.words) >= _LONG or "?" in reading.canonical:
        return _a_person("no rule says that it does not, so a person decides")
    return _nothing(Category.GENERAL, "a remark in public")


def _found(rule: Rule, because: str) -> _Finding:
    return _Finding(True, rule.category, rule.urgency, f"{because}: rule “{rule.name}”.")


def _a_person(because: str) -> _Finding:
    return _Finding(True, Category.GENERAL, Urgency.NORMAL, f"Needs an answer: {because}.")


def _nothing(category: Category, because: str) -> _Finding:
    return _Finding(False, category, Urgency.LOW, f"No answer needed: {because}.")
