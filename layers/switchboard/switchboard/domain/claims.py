"""How long a claim binds, and when whoever has the question is reminded of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.question import Question

LEAD = timedelta(minutes=15)
"""So long before its end, or a quarter of its length if that is less, a reminder comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What the owner is reminded of: the `claim` that ends, or the `deadline`, and when it is."""

    of: Literal["claim", "deadline"]
    by: datetime


def claimed(question: Question, owner: str, *, now: datetime, until: datetime) -> Question:
    """Return the question held by *owner* until *until*, with its reminders; its next action is the first of them."""
    held = replace(
        question,
        owner=owner,
        claimed_until=until,
        remind_at=until - lead(until - now),
        deadline_told=question.deadline_told and question.owner == owner,
    )
    return replace(held, next_action_at=attention_at(held, now=now))


def attention_at(question: Question, *, now: datetime) -> datetime | None:
    """Return when a claimed question wants attention: a reminder is due, or the claim runs out."""
    moments = [question.claimed_until, question.remind_at, _deadline_reminder_at(question, now)]
    return min((moment for moment in moments if moment is not None), default=None)


def due_reminder(question: Question, *, now: datetime) -> tuple[Reminder, Question] | None:
    """Return what the owner is to be reminded of at *now*, and the question in which that is noted; None if nothing.

    When both are due it is one reminder: of whichever comes first.
    """
    claim = question.remind_at is not None and question.remind_at <= now
    deadline_at = _deadline_reminder_at(question, now)
    deadline = deadline_at is not None and deadline_at <= now
    noted = replace(
        question,
        remind_at=None if claim else question.remind_at,
        deadline_told=question.deadline_told or deadline,
    )
    if deadline and question.answer_by and (not claim or question.answer_by <= (question.claimed_until or now)):
        return Reminder(of="deadline", by=question.answer_by), noted
    if claim and question.claimed_until is not None:
        return Reminder(of="claim", by=question.claimed_until), noted
    return None


def lead(length: timedelta) -> timedelta:
    """Return how long before the end of *length* the reminder comes."""
    return min(LEAD, length / 4)


def _deadline_reminder_at(question: Question, now: datetime) -> datetime | None:
    """Return when the owner is reminded of the deadline; None when they were, or when it had passed before."""
    if question.answer_by is None or question.deadline_told or question.answer_by <= now:
        return None
    return question.answer_by - lead(question.answer_by - question.opened_at)
