"""What staff do with a question: claim it, answer it, hand it over, close it.

Each returns the Change to write, or a Refusal that says why not. A claim that ran out binds nobody, even before the
sweep has opened the question again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from switchboard.domain.claims import claimed
from switchboard.domain.escalation import UNDELIVERED_AFTER, kept
from switchboard.domain.question import Answer, AnswerState, Change, Event, Question, QuestionState, Step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from switchboard.domain.question import Conversation

CloseReason = Literal["no_answer_needed", "answered_elsewhere", "spam", "done"]

LONGEST = {"facebook": 8000, "messenger": 2000}
"""How many characters an answer may have, by platform; where none stands, nothing can be answered from here."""

_SKEW = timedelta(seconds=5)
"""So much the clocks of two functions may differ."""

_ANSWER_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
_FINISHED = {
    QuestionState.ANSWERED: "It has been answered already.",
    QuestionState.ANSWERED_ELSEWHERE: "It was answered on the platform itself. Claim it to open it again.",
    QuestionState.CLOSED: "It is closed. Claim it to open it again.",
    QuestionState.NO_ANSWER_NEEDED: "It needs no answer. Claim it if you want to answer it all the same.",
}
_UNDER_WAY = "The answer is on its way; wait until it has arrived."


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why nothing is done: *reason* is a sentence; *by* has the question, since *at* as far as the trail tells."""

    reason: str
    by: str = ""
    at: datetime | None = None

    def in_words(self, names: Mapping[str, str], zone: str) -> str:
        """Return the reason with the holder's name and the local time: "Already claimed by Maria at 14:02. …"."""
        if not self.by:
            return self.reason
        clock = f" at {self.at.astimezone(ZoneInfo(zone)):%H:%M}" if self.at else ""
        return f"Already claimed by {names.get(self.by, self.by)}{clock}. {self.reason}"


def claim(conversation: Conversation, staff_id: str, *, now: datetime, lasting: timedelta) -> Change | Refusal:
    """Give the question to *staff_id* until *now* + *lasting*; claiming one's own again renews the claim.

    A question that was closed, or needed no answer, is opened again. One that was never routed has no policy: if this
    claim runs out, the same person is rung, and then the last resort.
    """
    question = conversation.question
    if question is None:
        return _NOT_THERE
    match question.state:
        case QuestionState.ANSWERED:
            return Refusal(reason=_FINISHED[question.state])
        case QuestionState.ANSWERING if question.owner == staff_id:
            return Refusal(reason=_UNDER_WAY)
        case QuestionState.ANSWERED_ELSEWHERE | QuestionState.CLOSED | QuestionState.NO_ANSWER_NEEDED:
            kinds = [("reopened", ""), ("claimed", "")]
        case _:
            kinds = [("claimed", "")]
    if refusal := _held_by_another(conversation, question, staff_id, "Ask them to hand it over to you.", now):
        return refusal
    until = now + lasting
    news = question.unseen and holder(question, now) == staff_id
    held = claimed(question, staff_id, now=now, until=until)
    change = _change(
        held,
        staff_id,
        now,
        kinds,
        state=QuestionState.CLAIMED,
        handed_to="",
        steps=question.steps or (Step(alert=staff_id, wait=lasting), Step(alert="everyone", wait=lasting)),
        unseen=news,
        next_action_at=now if news else held.next_action_at,
    )
    return replace(change, messages=kept(conversation, until))


def answer(
    conversation: Conversation, staff_id: str, *, text: str, answer_id: str, in_reply_to: str, now: datetime
) -> Change | Refusal | None:
    """Put *text* on its way to the platform, as *staff_id*; a question that nobody has is claimed thereby.

    *answer_id* comes with the form: sending the same form twice is one answer, and the second returns None.
    """
    question = conversation.question
    if question is None:
        return _NOT_THERE
    text = text.replace("\r\n", "\n").strip()
    for known in conversation.answers:
        if known.answer_id == answer_id:
            same = known.staff_id == staff_id and known.text == text
            return None if same else Refusal(reason="This form was sent before. Open the question again to write more.")
    refusal = (
        _not_in_hand(conversation, question, staff_id, "Only whoever has claimed it can answer it.", now)
        or _unanswerable(question.platform, text)
        or _out_of_date(conversation, in_reply_to)
    )
    if refusal:
        return refusal
    if not _ANSWER_ID.fullmatch(answer_id):
        return Refusal(reason="The form was not complete. Open the question again.")
    check_at = now + UNDELIVERED_AFTER
    mine = holder(question, now) == staff_id
    until = max(question.claimed_until, check_at) if mine and question.claimed_until else check_at
    reply = Answer(
        question_id=question.question_id,
        answer_id=answer_id,
        staff_id=staff_id,
        text=text,
        in_reply_to=in_reply_to,
        state=AnswerState.PENDING,
        created_at=now,
        next_action_at=now,
        expires_at=question.expires_at,
    )
    change = _change(
        question,
        staff_id,
        now,
        [("answered", answer_id)] if mine else [("claimed", ""), ("answered", answer_id)],
        state=QuestionState.ANSWERING,
        owner=staff_id,
        handed_to="",
        claimed_until=until,
        remind_at=None,
        unseen=False,
        next_action_at=check_at,
    )
    return replace(change, answers=(reply,), messages=kept(conversation, until))


def hand_over(conversation: Conversation, staff_id: str, to_staff_id: str, *, now: datetime) -> Change | Refusal:
    """Open the question for *to_staff_id*, who is rung at once, and until they or somebody else takes it."""
    question = conversation.question
    if question is None:
        return _NOT_THERE
    if to_staff_id == staff_id:
        return Refusal(reason="You cannot hand it over to yourself. Claim it instead.")
    if refusal := _not_in_hand(conversation, question, staff_id, "Only whoever has it can hand it over.", now):
        return refusal
    return _change(
        question,
        staff_id,
        now,
        [("handed_over", to_staff_id)],
        state=QuestionState.OPEN,
        owner="",
        handed_to=to_staff_id,
        position=0,
        claimed_until=None,
        remind_at=None,
        unseen=False,
        next_action_at=now,
    )


def pass_on(conversation: Conversation, staff_id: str, *, now: datetime) -> Change | Refusal:
    """Let whoever is next be rung at once: *staff_id* does not take the question, or gives it back."""
    question = conversation.question
    if question is None:
        return _NOT_THERE
    if refusal := _not_in_hand(conversation, question, staff_id, "It is theirs already.", now):
        return refusal
    return _change(
        question,
        staff_id,
        now,
        [("passed_on", "")],
        state=QuestionState.OPEN,
        owner="",
        handed_to="",
        claimed_until=None,
        remind_at=None,
        unseen=False,
        next_action_at=now,
    )


def close(
    conversation: Conversation, staff_id: str, *, now: datetime, why: CloseReason, latest: str | None = None
) -> Change | Refusal:
    """Close the question without an answer from here. A new message, or a claim, opens it again.

    *latest* is the last message that whoever closes has read, "" if there was none: what came since is not closed away.
    """
    question = conversation.question
    if question is None:
        return _NOT_THERE
    if refusal := _not_in_hand(conversation, question, staff_id, "Only whoever has it can close it.", now):
        return refusal
    if latest is not None and _alive(conversation)[-1:] not in ([], [latest]):
        return Refusal(reason="What you read is not the latest message any more. Read it again, then close.")
    return _change(
        question,
        staff_id,
        now,
        [("closed", why)],
        state=QuestionState.CLOSED,
        handed_to="",
        claimed_until=None,
        unseen=False,
        next_action_at=None,
    )


def news_since_told(conversation: Conversation, staff_id: str) -> bool:
    """Whether the author wrote after *staff_id* was last alerted, or claimed it: whoever texts has not read that."""
    alerts = (alert.at for alert in conversation.alerts if alert.staff_id == staff_id)
    claims = (event.at for event in conversation.events if event.by == staff_id and event.kind == "claimed")
    told = max((*alerts, *claims), default=None)
    written = [message.received_at for message in conversation.theirs if message.change != "removed"]
    return told is not None and any(at > told + _SKEW for at in written)


def holder(question: Question, now: datetime) -> str:
    """Return who has the question at *now*, or "" when nobody does: never claimed, run out, or finished."""
    match question.state:
        case QuestionState.ANSWERING:
            return question.owner
        case QuestionState.CLAIMED if question.claimed_until is None or question.claimed_until > now:
            return question.owner
        case _:
            return ""


def why_unanswerable(platform: str) -> str:
    """Return why a question on *platform* cannot be answered from here, and what to do; "" when it can be."""
    if platform in LONGEST:
        return ""
    if platform == "web_form":
        return "A web form cannot be answered here. Answer by the email or phone they left, then close the question."
    return "This platform cannot be answered from here yet. Answer there, then close the question."


_NOT_THERE = Refusal(reason="There is no such question.")


def _held_by_another(
    conversation: Conversation, question: Question, staff_id: str, reason: str, now: datetime
) -> Refusal | None:
    by = holder(question, now)
    if by in ("", staff_id):
        return None
    claims = [event.at for event in conversation.events if event.kind == "claimed" and event.by == by]
    return Refusal(reason=reason, by=by, at=max(claims, default=None))


def _not_in_hand(
    conversation: Conversation, question: Question, staff_id: str, reason: str, now: datetime
) -> Refusal | None:
    if finished := _FINISHED.get(question.state):
        return Refusal(reason=finished)
    if question.state is QuestionState.ANSWERING and question.owner == staff_id:
        return Refusal(reason=_UNDER_WAY)
    return _held_by_another(conversation, question, staff_id, reason, now)


def _unanswerable(platform: str, text: str) -> Refusal | None:
    if why := why_unanswerable(platform):
        return Refusal(reason=why)
    if not text:
        return Refusal(reason="The answer is empty.")
    if len(text) > LONGEST[platform]:
        return Refusal(reason=f"The answer has {len(text):,} characters; {LONGEST[platform]:,} are allowed here.")
    return None


def _out_of_date(conversation: Conversation, in_reply_to: str) -> Refusal | None:
    """Refuse an answer to something that the author has taken back, or to which they have added since."""
    alive = _alive(conversation)
    if not alive:
        return Refusal(reason="The author has removed what you answer to.")
    if alive[-1] != in_reply_to:
        return Refusal(reason="What you answer to is not the latest message any more. Read it again, then send.")
    return None


def _alive(conversation: Conversation) -> list[str]:
    return [message.message_id for message in conversation.theirs if message.change != "removed"]


def _change(
    question: Question,
    by: str,
    now: datetime,
    kinds: list[tuple[str, str]],
    **fields: Any,  # noqa: ANN401 - the question's fields
) -> Change:
    question_id = question.question_id
    return Change(
        question=replace(question, version=question.version + 1, **fields),
        events=tuple(Event(question_id=question_id, kind=kind, by=by, at=now, detail=detail) for kind, detail in kinds),
    )
