"""The audit: whatever waits and has no next action in the future is found, and made due at once.

Every item that waits for something stands in the index `due` from the very write that created it. The audit asks what
no index can answer: what waits and does not stand there. It looks at each stored item by itself first (`suspicious`),
and then decides on the whole partition, read anew (`defects`), so that what was in motion is not disturbed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from switchboard.domain.business_time import passed_at
from switchboard.domain.filing import WAITS
from switchboard.domain.message import ref_of
from switchboard.domain.pager import PREFIX
from switchboard.domain.question import UNFINISHED, AnswerState, Change, Event, QuestionState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.pager import Pager
    from switchboard.domain.question import Answer, Conversation, Question

BY_US = "switchboard"

GRACE = timedelta(minutes=10)
"""So long the stream and the sweep have for what is due; later the audit speaks up."""

MARGIN = timedelta(days=1)
"""So much later than it can be a next action may be planned: clocks, and policies that were edited meanwhile."""

LONGEST_CLAIM = timedelta(days=31)
"""A claim that lasts longer than this, and than the config lets any claim last, is an error."""

LOOK_BACK = timedelta(days=1)
"""So long after it came in a message is certain to have its place beside it: the shortest retention."""


class Flaw(StrEnum):
    """What is wrong with one stored item."""

    NO_NEXT_ACTION = "no_next_action"
    TOO_FAR = "too_far"
    NOT_TAKEN_IN = "not_taken_in"
    STILL_DUE = "still_due"
    OVERDUE = "overdue"
    ORPHAN = "orphan"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One stored item as the audit sees it, without a word of anybody's.

    *indexed* says that the sweep would find it: it stands in the right shard of the index `due` with a readable moment,
    *next_action_at*; *marked* that it carries some of what belongs to that, *spoilt* that its moment is none.
    *waits_for_another* says that it may wait for the message it belongs to, *holds* that a pager holds something back,
    *filed* that the message has a place, None when nobody looked; *expires_at* is its TTL in seconds since 1970.
    """

    partition: str
    item: str
    indexed: bool = False
    marked: bool = False
    spoilt: bool = False
    next_action_at: datetime | None = None
    state: str = ""
    channel: str = ""
    message_id: str = ""
    received_at: datetime | None = None
    aside: bool = False
    waits_for_another: bool = False
    holds: bool = False
    filed: bool | None = None
    expires_at: int | None = None

    @property
    def kind(self) -> str:
        """What it is: `question`, `message`, `change`, `answer`, `pager`, or something that waits for nothing."""
        return self.item.partition("#")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One partition, read consistently; neither *conversation* nor *pager* when an item of it cannot be read."""

    partition: str
    entries: tuple[Entry, ...] = ()
    conversation: Conversation | None = None
    pager: Pager | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """Make a stored message due at *at*, and note *event* beside it, if the question's version is still *version*.

    It is 0 when nothing of the conversation was taken in yet.
    """

    entry: Entry
    at: datetime
    event: Event
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """Something that is wrong: *reason* is a sentence without anybody's words; *repair* what mends it, if anything."""

    partition: str
    item: str
    flaw: Flaw
    reason: str
    repair: Change | Wake | Pager | None = None

    @property
    def ref(self) -> str:
        """The short name that texts and pages show; the whole name of a pager."""
        return self.partition if self.partition.startswith(PREFIX) else ref_of(self.partition)


def wants_place(entry: Entry, now: datetime) -> bool:
    """Whether only a look at its place tells if the message *entry* was taken in: whatever was, has one."""
    return (
        entry.kind == "message"
        and not (entry.aside or entry.marked)
        and entry.received_at is not None
        and GRACE < now - entry.received_at < LOOK_BACK
    )


def suspicious(entry: Entry, now: datetime) -> bool:
    """Whether the partition of *entry* is worth a closer look."""
    return _flaw(entry, now, soon=now + MARGIN) is not None


def defects(stored: Stored, config: AutomationConfig, *, now: datetime) -> tuple[Defect, ...]:
    """Return what is wrong in one partition, each with its repair. What is well gives none."""
    if stored.pager is not None:
        return tuple(_of_pager(stored.entries, stored.pager, now))
    found = stored.conversation
    if found is None:
        return tuple(_unreadable(stored, now))
    return tuple(
        defect for entry in stored.entries if (defect := _of_conversation(entry, found, config, now)) is not None
    )


def overdue(due: Iterable[Entry], *, now: datetime) -> tuple[timedelta, tuple[Defect, ...]]:
    """Return how late the latest of *due* is, and what has been due for longer than the grace.

    It stands in the index and the sweep does not get to it: there is nothing to repair, and somebody must look.
    """
    late = [
        (now - entry.next_action_at, entry)
        for entry in due
        if entry.next_action_at is not None and entry.next_action_at < now and not _may_wait(entry, now)
    ]
    found = tuple(
        Defect(
            partition=entry.partition,
            item=entry.item,
            flaw=Flaw.OVERDUE,
            reason=f"The {entry.kind} has been due for {int(by.total_seconds()) // 60} minutes: no sweep does it.",
        )
        for by, entry in late
        if by > GRACE
    )
    return max((by for by, _ in late), default=timedelta(0)), found


def _may_wait(entry: Entry, now: datetime) -> bool:
    return entry.waits_for_another and entry.received_at is not None and now - entry.received_at < WAITS + GRACE


def _flaw(entry: Entry, now: datetime, *, soon: datetime) -> Flaw | None:
    """Return what is wrong with *entry* as far as it tells by itself; *soon* is the last moment it may be due at."""
    match entry.kind:
        case "question":
            if entry.state not in set(QuestionState):
                return Flaw.UNREADABLE
            return _of_due(entry, waits=entry.state in UNFINISHED, soon=soon)
        case "answer":
            if entry.state not in set(AnswerState):
                return Flaw.UNREADABLE
            return _of_due(entry, waits=entry.state in (AnswerState.PENDING, AnswerState.SENDING), soon=soon)
        case "pager":
            empty = not (entry.holds or entry.spoilt)  # one that is due and holds nothing, the sweep clears
            return None if empty else _of_due(entry, waits=True, soon=soon)
        case "message" | "change":
            return _of_message(entry, now)
        case _:
            return None


def _of_due(entry: Entry, *, waits: bool, soon: datetime) -> Flaw | None:
    if not waits:
        return Flaw.STILL_DUE if entry.indexed or entry.spoilt else None
    if not entry.indexed or entry.next_action_at is None:
        return Flaw.NO_NEXT_ACTION
    return Flaw.TOO_FAR if entry.next_action_at > soon else None


def _of_message(entry: Entry, now: datetime) -> Flaw | None:
    """Tell a message that was never taken in from one that was: that has a place, or is aside; and carries no mark."""
    if entry.aside:
        return None
    if entry.indexed and entry.next_action_at is not None:
        return Flaw.TOO_FAR if entry.next_action_at > now + GRACE else None
    if entry.marked or entry.kind == "change":
        return Flaw.NOT_TAKEN_IN
    return Flaw.NOT_TAKEN_IN if entry.filed is False and wants_place(entry, now) else None


def _of_conversation(entry: Entry, found: Conversation, config: AutomationConfig, now: datetime) -> Defect | None:
    question = found.question
    if entry.kind in ("message", "change"):
        flaw = _of_message(entry, now)
        return None if flaw is None else _message_defect(entry, flaw, question, now)
    if entry.kind == "question" and question is not None:
        flaw = _flaw(entry, now, soon=_latest(question, config, now))
        if flaw is None and question.unfinished and _claim_is_endless(question, config, now):
            flaw = Flaw.TOO_FAR
        return None if flaw is None else _question_defect(entry, question, flaw, config, now)
    answer = next((one for one in found.answers if entry.item == f"answer#{one.answer_id}"), None)
    if entry.kind == "answer" and answer is not None:
        flaw = _flaw(entry, now, soon=now + 2 * MARGIN)
        return None if flaw is None else _answer_defect(entry, answer, question, flaw, now)
    return None


def _latest(question: Question, config: AutomationConfig, now: datetime) -> datetime:
    """Return the last moment at which *question* may want attention: by the longest wait of its steps, or its claim."""
    if question.state is not QuestionState.OPEN:
        return max(question.claimed_until or now, now) + MARGIN
    waits = [passed_at(config, question.team, now, step.wait, business=step.business) for step in question.steps]
    return max(waits, default=now) + MARGIN


def _claim_is_endless(question: Question, config: AutomationConfig, now: datetime) -> bool:
    longest = max(LONGEST_CLAIM, *(config.claims.lasting(urgency) for urgency in type(question.urgency)))
    return (
        question.state is not QuestionState.OPEN
        and question.claimed_until is not None
        and question.claimed_until > now + longest
    )


def _question_defect(entry: Entry, question: Question, flaw: Flaw, config: AutomationConfig, now: datetime) -> Defect:
    mended = replace(question, next_action_at=now, version=question.version + 1)
    if flaw is Flaw.STILL_DUE:
        mended = replace(mended, next_action_at=None)
    elif _claim_is_endless(question, config, now):
        mended = replace(mended, claimed_until=now, remind_at=None)
    reason = {
        Flaw.NO_NEXT_ACTION: f"The question is {question.state} and had no next action: nobody would have been rung.",
        Flaw.TOO_FAR: f"The question is {question.state} and its next action was further off than any wait or claim.",
    }.get(flaw, f"The question is {question.state} and was still due.")
    change = Change(question=mended, events=(_event(entry, flaw, now),))
    return Defect(partition=entry.partition, item=entry.item, flaw=flaw, reason=reason, repair=change)


def _answer_defect(entry: Entry, answer: Answer, question: Question | None, flaw: Flaw, now: datetime) -> Defect:
    if question is None:
        reason = "An answer waits and its question is not there: a person must look."
        return Defect(partition=entry.partition, item=entry.item, flaw=Flaw.ORPHAN, reason=reason)
    done = flaw is Flaw.STILL_DUE
    mended = replace(answer, next_action_at=None if done else now)
    reason = {
        Flaw.NO_NEXT_ACTION: f"An answer is {answer.state} and had no next action: it would not have been sent.",
        Flaw.TOO_FAR: f"An answer is {answer.state} and its next action was too far off.",
    }.get(flaw, f"An answer is {answer.state} and was still due.")
    change = Change(
        question=replace(question, version=question.version + 1),
        answers=(mended,),
        events=(_event(entry, flaw, now),),
    )
    return Defect(partition=entry.partition, item=entry.item, flaw=flaw, reason=reason, repair=change)


def _message_defect(entry: Entry, flaw: Flaw, question: Question | None, now: datetime) -> Defect:
    return Defect(
        partition=entry.partition,
        item=entry.item,
        flaw=flaw,
        reason="A stored message was never taken in and would not have been: nobody would have heard of it.",
        repair=Wake(entry=entry, at=now, event=_event(entry, flaw, now), version=question.version if question else 0),
    )


def _of_pager(entries: Iterable[Entry], pager: Pager, now: datetime) -> Iterator[Defect]:
    for entry in entries:
        flaw = _flaw(entry, now, soon=now + MARGIN)
        if flaw is None:
            continue
        yield Defect(
            partition=entry.partition,
            item=entry.item,
            flaw=flaw,
            reason="A pager had no next action in time: what it holds back would not have been told.",
            repair=replace(pager, next_action_at=now, version=pager.version + 1),
        )


def _unreadable(stored: Stored, now: datetime) -> Iterator[Defect]:
    """Tell what cannot be read: all that the audit can do is be loud."""
    flaws = [(entry, _flaw(entry, now, soon=now + MARGIN)) for entry in stored.entries]
    for entry, flaw in flaws:
        if flaw is not None:
            reason = f"The {entry.kind} cannot be acted on: something stored beside it, or it, cannot be read."
            yield Defect(partition=entry.partition, item=entry.item, flaw=Flaw.UNREADABLE, reason=reason)


def _event(entry: Entry, flaw: Flaw, now: datetime) -> Event:
    return Event(question_id=entry.partition, kind="repaired", by=BY_US, at=now, detail=f"{entry.kind}: {flaw}")
