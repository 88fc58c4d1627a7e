"""What an alert says: ids, urgency, time and link; never a word of the author, never a name.

An SMS is one segment of GSM-7: at most 160 characters of its basic alphabet (3GPP TS 23.038, table 6.2.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.platform import PLATFORMS
from switchboard.domain.vocabulary import Urgency

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from switchboard.domain.question import Question

SEGMENT = 160
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ONCE = "The link is yours alone; it works once, within 30 minutes."
_LOUD = {Urgency.EMERGENCY: "EMERGENCY ", Urgency.URGENT: "URGENT ", Urgency.NORMAL: "", Urgency.LOW: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an alert says besides the question: who calls, the link, and by when to claim, told in *zone*.

    *code* is the number that claims it by a text; None when no text can come back.
    """

    organisation: str
    link: str
    claim_by: datetime
    zone: str
    code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One message in the words of every contact: *text* for phones and chats, *subject* and *body* for email."""

    text: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What was held back and still waits: how many questions, how many of them are grave, since when the oldest."""

    count: int
    emergencies: int
    urgent: int
    since: datetime


def ring(question: Question, said: Said) -> Wording:
    """Return what rings somebody for one question."""
    subject, body = email(question, said)
    return Wording(text=sms(question, said), subject=subject, body=body)


def reminder(question: Question, said: Said, *, deadline: bool) -> Wording:
    """Return what reminds an owner: that the *deadline* of the answer comes, or that their claim ends."""
    clock = f"{said.claim_by.astimezone(ZoneInfo(said.zone)):%H:%M}"
    ends = f"answer by {clock}" if deadline else f"your claim ends at {clock}"
    wordings = (
        f"{said.organisation}: question {question.ref} is yours and has no answer yet, {ends}: {said.link}",
        f"{said.organisation}: {question.ref} is yours, {ends}: {said.link}",
        f"{question.ref} is yours, {ends}: {said.link}",
        f"{said.organisation}: question {question.ref} is yours and has no answer yet, {ends}. See the inbox.",
    )
    text = _first_that_fits(wordings)
    then = "" if deadline else "Then the question opens again and others are rung. Claim it again if you need longer."
    lines = [f"You have question {question.ref}, and it has no answer yet: {ends}.", then, "", said.link]
    subject = f"{said.organisation}: {question.ref} is yours and waits, {ends}"
    return Wording(text=text, subject=subject, body="\n".join([*lines, "", _ONCE]))


def summary(waiting: Waiting, said: Said, *, now: datetime) -> Wording:
    """Return what tells at once all that was held back."""
    what = _what_waits(waiting, now)
    wordings = (
        f"{said.organisation}: {what}. Claim: {said.link}" + (" Reply ? for a list" if said.code is not None else ""),
        f"{said.organisation}: {what}. Claim: {said.link}",
        f"{what}: {said.link}",
        f"{said.organisation}: {what}. See the inbox.",
    )
    lines = [
        f"{what[0].upper()}{what[1:]}.",
        "They came faster than one person is alerted; each of them is in the inbox:",
        said.link,
        "",
        _ONCE,
    ]
    return Wording(text=_first_that_fits(wordings), subject=f"{said.organisation}: {what}", body="\n".join(lines))


def sms(question: Question, said: Said) -> str:
    """Return the longest wording that fits one segment; without the link if even the shortest does not."""
    loud = _LOUD[question.urgency]
    platform = PLATFORMS[question.platform].said if question.platform in PLATFORMS else "question"
    organisation, link = said.organisation, said.link
    clock = f"{said.claim_by.astimezone(ZoneInfo(said.zone)):%H:%M}"
    reply = f" Reply {said.code} to claim" if said.code is not None else ""
    short = f" Reply {said.code}" if said.code is not None else ""
    waiting = f"{organisation}: {loud}question waiting ({platform}), ref {question.ref}. Claim by {clock}"
    named = f"{organisation}: {loud}question ({platform}), ref {question.ref}. Claim by {clock}: {link}"
    wordings = (
        f"{waiting}: {link}{reply}",
        f"{named}{reply}",
        f"{named}{short}",
        f"{organisation}: {loud}question, ref {question.ref}, by {clock}: {link}{short}",
        f"{organisation}: {loud}question, ref {question.ref}, by {clock}: {link}",
        f"{loud}ref {question.ref}: {link}{short}",
        f"{loud}ref {question.ref}: {link}",
        f"{waiting} in the inbox.{reply}",
        f"{waiting} in the inbox.",
    )
    return _first_that_fits(wordings)


def email(question: Question, said: Said) -> tuple[str, str]:
    """Return the subject and the plain-text body."""
    loud = _LOUD[question.urgency]
    platform = PLATFORMS[question.platform].said if question.platform in PLATFORMS else "question"
    zone = ZoneInfo(said.zone)
    local = said.claim_by.astimezone(zone)
    answer_by = question.answer_by.astimezone(zone) if question.answer_by else None
    subject = f"{said.organisation}: {loud}question waiting ({platform}), ref {question.ref}"
    lines = [
        f"Somebody asked a question ({platform}) and waits for an answer.",
        "",
        f"Reference: {question.ref}",
        f"About:     {question.category.value.replace('_', ' ')}, {question.urgency.value}",
        f"Claim by:  {local:%a %d %b, %H:%M %Z}; then the next person is rung",
    ]
    if answer_by:
        lines.append(f"Answer by: {answer_by:%a %d %b, %H:%M %Z}")
    lines += ["", _do_what(question.platform), said.link, "", _ONCE]
    return subject, "\n".join(lines)


def fits(text: str) -> bool:
    """Return whether *text* is one segment of GSM-7."""
    return len(text) <= SEGMENT and GSM_7.issuperset(text)


def _what_waits(waiting: Waiting, now: datetime) -> str:
    """Return how many questions wait, how many of them are grave, and for how long: "3 questions waiting, 1 URGENT"."""
    counted = ((waiting.emergencies, "EMERGENCY"), (waiting.urgent, "URGENT"))
    plural = "question" if waiting.count == 1 else "questions"
    alike = next((f"{word} " for number, word in counted if number == waiting.count), "")
    grave = [] if alike else [f"{number} {word}" for number, word in counted if number]
    waited = now - waiting.since
    oldest = [f"the oldest {_length(waited)}"] if waited >= timedelta(minutes=1) else []
    return ", ".join([f"{waiting.count:,} {alike}{plural} waiting", *grave, *oldest])


def _do_what(platform: str) -> str:
    if platform == "web_form":
        return "Open it and claim it here; the answer goes by the email or phone that they left:"
    return "Open it, claim it and answer it here:"


def _first_that_fits(wordings: Sequence[str]) -> str:
    return next(wording for wording in wordings if fits(wording))


def _length(length: timedelta) -> str:
    minutes = max(int(length.total_seconds()) // 60, 0)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"  # noqa: PLR2004 - two hours
