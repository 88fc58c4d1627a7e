"""Does this need a person, how soon, and what is it about: by rules that anybody can read, and with a reason.

Deterministic: the same text has the same outcome, everywhere. When in doubt a person decides: what is not recognised
needs an answer. A reason names the rule that decided, never the author's words: reasons go where no word may go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchboard.domain.triage.danger import danger_in
from switchboard.domain.triage.language import language_of
from switchboard.domain.triage.questions import asks
from switchboard.domain.triage.reading import read
from switchboard.domain.triage.rule import pattern
from switchboard.domain.triage.topic_rules import CHANNEL, COMPLAINT, LURE, PRAISE, PROBLEM, REQUEST, SPAM, TOPICS
from switchboard.domain.vocabulary import Category, Urgency

if TYPE_CHECKING:
    from switchboard.domain.triage.reading import Reading
    from switchboard.domain.triage.rule import Rule

__all__ = ["Triage", "triage"]

_PERSONAL = frozenset({"direct_message", "form", "review"})
_GRAVE = frozenset({Category.PRIVACY, Category.ADVERSE_EVENT, Category.COMPLAINT, Category.PRESS})
_AFFAIRS = frozenset({Category.BILLING, Category.RECORDS, Category.APPOINTMENT})
_SOLICITED = _GRAVE | _AFFAIRS | {Category.CLINICAL}
_LURES, _SHORT, _LONG = 3, 3, 8
"""So many lures and a way to pay are spam; so few words beside a tag are for that friend; so many are no remark."""

_REMARK = (
    r"lol|haha\w*|yes|yep|yeah|no|nope|ok|okay|same|true|amen|wow|cool|cute|yay|hi|hello|hey|gm|first|this|so true",
    r"me too|rip|pray\w*|prayers|good (?:morning|night|evening|afternoon)|hola|buen[oa]s (?:dias|tardes|noches)",
    r"look|look at this|check this out|this is you|mira|presente|saludos",
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
    finding = (
        _danger(reading)
        or _wordless(reading, text, kind)
        or _spam(reading)
        or _remark(reading, form, kind)
        or _subject(reading, form)
        or _unknown(reading, language, kind)
    )
    return Triage(bool(form), finding.answer, finding.category, finding.urgency, language, finding.reason)


@dataclass(frozen=True, slots=True)
class _Finding:
    category: Category
    urgency: Urgency
    reason: str
    answer: bool = True


def _danger(reading: Reading) -> _Finding | None:
    rule = danger_in(reading.canonical)
    return _found(rule, "Emergency") if rule else None


def _wordless(reading: Reading, text: str, kind: str) -> _Finding | None:
    if reading.words:
        return None
    if not text.strip():
        return _a_person("no text, so a person looks at what was attached")
    if kind in _PERSONAL or "?" in reading.canonical or any(character.isdigit() for character in reading.canonical):
        return _a_person("signs or figures without words, so a person decides")
    return _nothing(Category.GENERAL, "signs or a tag only")


def _spam(reading: Reading) -> _Finding | None:
    lures = set(pattern(LURE).findall(reading.canonical))
    lured = len(lures) >= _LURES and pattern(CHANNEL).search(reading.canonical)
    return _nothing(Category.SPAM, "looks like spam") if lured or SPAM.matches(reading.canonical) else None


def _remark(reading: Reading, form: str, kind: str) -> _Finding | None:
    if form or kind in _PERSONAL or "?" in reading.canonical:
        return None
    greets = pattern(_REMARK).fullmatch(" ".join(reading.words))
    if greets or (reading.mentions and len(reading.words) <= _SHORT and not _calls(reading.canonical)):
        return _nothing(Category.GENERAL, "a greeting, or a remark to a friend")
    return None


def _calls(text: str) -> bool:
    return any(rule.matches(text) for rule in (*TOPICS, COMPLAINT, PROBLEM, REQUEST))


def _subject(reading: Reading, form: str) -> _Finding | None:
    text = reading.canonical
    topic = next((rule for rule in TOPICS if rule.matches(text)), None)
    if topic and topic.category in _GRAVE:
        return _found(topic, "Needs an answer")
    wrong = _wrong(text, topic)
    if form:
        return _asked(topic or wrong, form)
    if topic and topic.urgency is Urgency.URGENT:
        return _found(topic, "Needs an answer")
    if wrong:
        return _found(wrong, "Needs an answer")
    requests = REQUEST.matches(text)
    if not requests and PRAISE.matches(text):
        return _nothing(Category.PRAISE, "thanks or praise")
    if topic and (requests or topic.category in _SOLICITED):
        return _found(topic, "Needs an answer")
    return _found(REQUEST, "Needs an answer") if requests else None


def _wrong(text: str, topic: Rule | None) -> Rule | None:
    """Return the complaint, or what it is about when something rather than somebody is at fault."""
    if COMPLAINT.matches(text):
        return COMPLAINT
    if not PROBLEM.matches(text):
        return None
    return topic if topic and topic.category in _AFFAIRS else PROBLEM


def _asked(topic: Rule | None, form: str) -> _Finding:
    if topic is None:
        return _Finding(Category.GENERAL, Urgency.NORMAL, f"Needs an answer: asks, by the form “{form}”.")
    reason = f"Needs an answer: asks, by the form “{form}”; rule “{topic.name}”."
    return _Finding(topic.category, topic.urgency, reason)


def _unknown(reading: Reading, language: str, kind: str) -> _Finding:
    if kind in _PERSONAL or language == "und" or len(reading.words) >= _LONG or "?" in reading.canonical:
        return _a_person("no rule says that it does not, so a person decides")
    return _nothing(Category.GENERAL, "a remark in public")


def _found(rule: Rule, because: str) -> _Finding:
    return _Finding(rule.category, rule.urgency, f"{because}: rule “{rule.name}”.")


def _a_person(because: str) -> _Finding:
    return _Finding(Category.GENERAL, Urgency.NORMAL, f"Needs an answer: {because}.")


def _nothing(category: Category, because: str) -> _Finding:
    return _Finding(category, Urgency.LOW, f"No answer needed: {because}.", answer=False)
