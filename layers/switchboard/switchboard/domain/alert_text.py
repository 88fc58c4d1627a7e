"""What an alert says: ids, urgency, time and link; never a word of the author, never a name.

An SMS is one segment of GSM-7: at most 160 characters of its basic alphabet (3GPP TS 23.038, table 6.2.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.platform import PLATFORMS
from switchboard.domain.vocabulary import Urgency

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.question import Question

SEGMENT = 160
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_LOUD = {Urgency.EMERGENCY: "EMERGENCY ", Urgency.URGENT: "URGENT ", Urgency.NORMAL: "", Urgency.LOW: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an alert says besides the question: who calls, the link, and by when to claim, told in *zone*."""

    organisation: str
    link: str
    claim_by: datetime
    zone: str


def sms(question: Question, said: Said) -> str:
    """Return the longest wording that fits one segment; without the link if even the shortest does not."""
    loud = _LOUD[question.urgency]
    platform = PLATFORMS[question.platform].said if question.platform in PLATFORMS else "question"
    organisation, link = said.organisation, said.link
    clock = f"{said.claim_by.astimezone(ZoneInfo(said.zone)):%H:%M}"
    wordings = (
        f"{organisation}: {loud}question waiting ({platform}), ref {question.ref}. Claim by {clock}: {link}",
        f"{organisation}: {loud}question ({platform}), ref {question.ref}. Claim by {clock}: {link}",
        f"{organisation}: {loud}question, ref {question.ref}, by {clock}: {link}",
        f"{loud}ref {question.ref}: {link}",
        f"{organisation}: {loud}question waiting ({platform}), ref {question.ref}. Claim by {clock} in the inbox.",
    )
    return next(wording for wording in wordings if fits(wording))


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
    lines += ["", "Open it, claim it and answer it here:", said.link, ""]
    lines.append("The link is yours alone; it works once, within 30 minutes.")
    return subject, "\n".join(lines)


def fits(text: str) -> bool:
    """Return whether *text* is one segment of GSM-7."""
    return len(text) <= SEGMENT and GSM_7.issuperset(text)
