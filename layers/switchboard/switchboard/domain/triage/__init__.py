"""Does this need a person, how soon, and what is it about: by rules that anybody can read, and with a reason.

Deterministic: the same text has the same outcome, everywhere. When in doubt a person decides: what is not recognised
needs an answer. A reason quotes the rule that decided, never the author: reasons go where no word of theirs may go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchboard.domain.triage.danger import danger_in
from switchboard.domain.triage.language import language_of
from switchboard.domain.triage.own import OwnRule, first_of
from switchboard.domain.triage.questions import asks
from switchboard.domain.triage.reading import read
from switchboard.domain.triage.rule import book
from switchboard.domain.vocabulary import Category, Urgency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from switchboard.domain.triage.reading import Reading
    from switchboard.domain.triage.rule import Rule

__all__ = ["OwnRule", "Triage", "triage"]

_PERSONAL = frozenset({"direct_message", "form", "review"})
_GRAVE = frozenset({Category.PRIVACY, Category.ADVERSE_EVENT, Category.COMPLAINT, Category.PRESS})
_AFFAIRS = frozenset({Category.BILLING, Category.RECORDS, Category.APPOINTMENT})
_RINGS = frozenset({Urgency.EMERGENCY, Urgency.URGENT})
_SOLICITED = _GRAVE | _AFFAIRS | {Category.CLINICAL}
_LURES, _SHORT, _LONG = 3, 3, 8
"""So many lures and a way to pay are spam; so few words beside a tag are for that friend; so many are no remark."""


@dataclass(frozen=True, slots=True)
class Triage:
    """What a text is. *reason* says why in a sentence and quotes the rule; *language* is en, es, or und."""

    is_question: bool
    needs_answer: bool
    category: Category
    urgency: Urgency
    language: str
    reason: str


def triage(text: str, *, kind: str = "comment", own: Sequence[OwnRule] = ()) -> Triage:
    """Return what *text* is; *kind* is the message's. Never raises.

    *own* are the hospital's rules: the first that is met comes before all others, but danger to life stays what it is.
    """
    reading = read(text)
    language = language_of(reading.words, reading.accented)
    form = asks(reading, language)
    finding = _danger(reading) or _by(own, text, reading, _by_ours(reading, text, form, language, kind))
    return Triage(bool(form), finding.answer, finding.category, finding.urgency, language, finding.reason)


@dataclass(frozen=True, slots=True)
class _Finding:
    category: Category
    urgency: Urgency
    reason: str
    answer: bool = True


def _danger(reading: Reading) -> _Finding | None:
    quoted = danger_in(reading.canonical)
    return _Finding(Category.EMERGENCY, Urgency.EMERGENCY, f"Emergency: rule {quoted}.") if quoted else None


def _by(own: Sequence[OwnRule], text: str, reading: Reading, found: _Finding) -> _Finding:
    """Return *found* as the first of the hospital's own rules that is met changes it."""
    rule = first_of(own, text, reading)
    if rule is None:
        return found
    answer = rule.needs_answer
    if answer is None:
        answer = found.answer or rule.urgency in _RINGS
    if not answer:
        urgency = rule.urgency or Urgency.LOW
    else:
        urgency = rule.urgency or (found.urgency if found.answer else Urgency.NORMAL)
    said = (
        rule.category,
        rule.urgency,
        {True: "needs an answer", False: "no answer needed", None: None}[rule.needs_answer],
    )
    told = ", ".join(word.replace("_", " ") for word in said if word)
    rest = "" if all(said) else f" Else: {found.reason}"
    reason = f"The hospital's rule “{rule.name}” (like “{rule.phrases[0]}”): {told}.{rest}"
    return _Finding(rule.category or found.category, urgency, reason, answer=answer)


def _by_ours(reading: Reading, text: str, form: str, language: str, kind: str) -> _Finding:
    return (
        _wordless(reading, text, kind)
        or _spam(reading)
        or _remark(reading, form, kind)
        or _subject(reading, form)
        or _unknown(reading, language, kind)
    )


def _wordless(reading: Reading, text: str, kind: str) -> _Finding | None:
    if reading.words:
        return None
    if not text.strip():
        return _a_person("no text, so a person looks at what was attached")
    if kind in _PERSONAL or "?" in reading.canonical or any(character.isdigit() for character in reading.canonical):
        return _a_person("signs or figures without words, so a person decides")
    return _nothing(Category.GENERAL, "signs or a tag only")


def _spam(reading: Reading) -> _Finding | None:
    spam, lure, channel = book("spam").values()
    text = reading.canonical
    if len(set(lure.pattern().findall(text))) >= _LURES and channel.matches(text):
        return _nothing(Category.SPAM, "three lures and a way to pay or call are spam")
    return _nothing(Category.SPAM, f"rule {spam.quoted(text)}") if spam.matches(text) else None


def _remark(reading: Reading, form: str, kind: str) -> _Finding | None:
    if form or kind in _PERSONAL or "?" in reading.canonical:
        return None
    greets = book("manner")["greeting or remark"].pattern().fullmatch(" ".join(reading.words))
    if greets or (reading.mentions and len(reading.words) <= _SHORT and not _calls(reading.canonical)):
        return _nothing(Category.GENERAL, "a greeting, or a remark to a friend")
    return None


def _calls(text: str) -> bool:
    manner = book("manner")
    asking = (*book("topics").values(), manner["complaint"], manner["problem or wait"], manner["request"])
    return any(rule.matches(text) for rule in asking)


def _subject(reading: Reading, form: str) -> _Finding | None:
    text = reading.canonical
    request, praise = book("manner")["request"], book("manner")["thanks or praise"]
    topic = next((rule for rule in book("topics").values() if rule.matches(text)), None)
    if topic and topic.category in _GRAVE:
        return _found(topic, text)
    wrong = _wrong(text, topic)
    if form:
        return _asked(topic or wrong, form, text)
    if topic and topic.urgency is Urgency.URGENT:
        return _found(topic, text)
    if wrong:
        return _found(wrong, text)
    requests = request.matches(text)
    if not requests and praise.matches(text):
        return _nothing(Category.PRAISE, f"rule {praise.quoted(text)}")
    if topic and (requests or topic.category in _SOLICITED):
        return _found(topic, text)
    return _found(request, text) if requests else None


def _wrong(text: str, topic: Rule | None) -> Rule | None:
    """Return the complaint, or what it is about when something rather than somebody is at fault."""
    complaint, problem = book("manner")["complaint"], book("manner")["problem or wait"]
    if complaint.matches(text):
        return complaint
    if not problem.matches(text):
        return None
    return topic if topic and topic.category in _AFFAIRS else problem


def _asked(topic: Rule | None, form: str, text: str) -> _Finding:
    if topic is None:
        return _Finding(Category.GENERAL, Urgency.NORMAL, f"Asks something: {form}.")
    return _Finding(topic.category, topic.urgency, f"Asks something: {form}. {_topic(topic, text)}")


def _unknown(reading: Reading, language: str, kind: str) -> _Finding:
    if kind in _PERSONAL or language == "und" or len(reading.words) >= _LONG or "?" in reading.canonical:
        return _a_person("no rule says that it does not, so a person decides")
    return _nothing(Category.GENERAL, "a remark in public")


def _found(rule: Rule, text: str) -> _Finding:
    return _Finding(rule.category, rule.urgency, f"Needs an answer. {_topic(rule, text)}")


def _topic(rule: Rule, text: str) -> str:
    return f"Topic: {rule.category.replace('_', ' ')}, rule {rule.quoted(text)}."


def _a_person(because: str) -> _Finding:
    return _Finding(Category.GENERAL, Urgency.NORMAL, f"Needs an answer: {because}.")


def _nothing(category: Category, because: str) -> _Finding:
    return _Finding(category, Urgency.LOW, f"No answer needed: {because}.", answer=False)
