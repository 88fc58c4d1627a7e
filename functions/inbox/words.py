"""The words of the pages: times, people, platforms and what happened."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.platform import PLATFORMS
from switchboard.domain.question import AlertState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from switchboard.domain.pager import Dead
    from switchboard.domain.question import Alert, Answer, Event

CLOSE_REASONS = {
    "done": "Done",
    "no_answer_needed": "No answer needed",
    "answered_elsewhere": "Answered elsewhere, by phone or email",
    "spam": "Spam",
}
_EVENTS = {
    "opened": "The question was opened.",
    "reopened": "{by} opened the question again.",
    "no_answer_needed": "It was found to need no answer.",
    "more_urgent": "A new message made it more urgent.",
    "message_taken_in": "A message came in, or was changed.",
    "removed_by_author": "The author removed everything; it was closed.",
    "rung": "Rung: {whom}.",
    "news": "Told of a new message: {whom}.",
    "rung_by_hand_over": "Rung after the hand-over: {whom}.",
    "claim_expired": "The claim ran out. Rung: {whom}.",
    "answered_elsewhere": "Somebody answered on the platform itself.",
    "echo_of_answer": "The platform shows our answer.",
    "claimed": "{by} claimed it.",
    "answered": "{by} wrote an answer.",
    "handed_over": "{by} handed it over to {whom}.",
    "passed_on": "{by} passed it on: the next person is rung.",
    "reminded_of_claim": "Reminded that the claim ends: {whom}.",
    "reminded_of_deadline": "Reminded of the deadline: {whom}.",
    "alert_failed": "An alert did not arrive: {whom}. The next person need not wait for them.",
    "answer_sent": "The answer was delivered.",
    "answer_failed": "The answer could not be delivered.",
    "repaired": "It had fallen out of the list of what is due, and was put back.",
    "closed": "{by} closed it: {why}.",
}
_CONTACTS = {
    "sms": "text",
    "email": "email",
    "slack": "Slack message",
    "teams": "Teams message",
    "pagerduty": "PagerDuty incident",
}
_WHY_FAILED = {
    "opted_out": "the phone is opted out of our texts",
    "invalid_number": "there is no such number",
    "over_budget": "the budget for texts is used up",
    "pager_busy": "too many alerts came at once",
    "unreachable": "the address does not work",
    "unavailable": "the service that sends it did not answer",
    "rejected": "the service that sends it refused it",
    "misconfigured": "it is not set up right",
    "gone": "the webhook is gone",
}
_REMEDIES = {
    ("sms", "opted_out"): "Text START to the number that alerts come from.",
    ("sms", ""): "Text START to the number that alerts come from, or ask an admin to correct your number.",
    ("email", ""): "Ask an admin to correct your email address, and look whether your mailbox is full.",
    ("", ""): "Ask an admin to set it up again.",
}
_STATES = {"pending": "On its way", "sending": "Being delivered", "sent": "Delivered", "failed": "Not delivered"}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def platform(name: str) -> str:
    """Return the platform's name as people write it."""
    return PLATFORMS[name].label if name in PLATFORMS else plain(name)


def plain(label: str) -> str:
    """Return a label of the glossary as words: "adverse_event" becomes "Adverse event"."""
    return label.replace("_", " ").capitalize()


def person(staff_id: str, names: Mapping[str, str]) -> str:
    """Return the name of *staff_id*, who may have left since."""
    if staff_id in ("", "switchboard"):
        return "Switchboard"
    return names.get(staff_id) or f"{staff_id} (no longer on the staff list)"


def clock(moment: datetime, now: datetime, zone: str) -> str:
    """Return the local time, with the day when it is not today."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return (
        f"{local:%a} {local.day} {local:%b}, {local:%H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"
    )


def span(length: timedelta) -> str:
    """Return a length of time, as exact as a person needs it."""
    seconds = abs(int(length.total_seconds()))
    if seconds < _MINUTE:
        return "less than a minute"
    if seconds < 2 * _HOUR:
        return f"{seconds // _MINUTE} min"
    return f"{seconds // _HOUR} h" if seconds < 2 * _DAY else f"{seconds // _DAY} days"


def deadline(moment: datetime, now: datetime, zone: str) -> str:
    """Return "14:05, in 23 min", or "14:05, 12 min ago"."""
    left = moment - now
    return f"{clock(moment, now, zone)}, " + (f"in {span(left)}" if left.total_seconds() > 0 else f"{span(left)} ago")


def attachments(kinds: Sequence[str]) -> str:
    """Return "2 images, 1 video", or ""."""
    return ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in Counter(kinds).items())


def delivery(answer: Answer, now: datetime, zone: str) -> str:
    """Return how far the answer has come."""
    words = _STATES[answer.state.value]
    if answer.sent_at is not None:
        return f"{words} at {clock(answer.sent_at, now, zone)}"
    return f"{words}: {plain(answer.failure)}" if answer.failure else words


def alert(told: Alert, names: Mapping[str, str]) -> str:
    """Return what became of one alert."""
    kind, who = _CONTACTS.get(told.contact, plain(told.contact)), person(told.staff_id, names)
    article = "An" if kind[0] in "aeiou" else "A"
    match told.state:
        case AlertState.SENT:
            return f"{article} {kind} to {who} was sent."
        case AlertState.SENDING:
            return f"{article} {kind} to {who} is being sent."
        case AlertState.HELD:
            limit = told.failure or "others wait too"
            return f"{article} {kind} to {who} is held back ({limit}): it is told with their next one."
        case AlertState.UNKNOWN:
            return f"{article} {kind} to {who} may not have arrived: no answer came from the service that sends it."
        case AlertState.FAILED:
            return f"{article} {kind} to {who} did not arrive{_because(told.failure)}."


def dead(mark: Dead, contacts: Sequence[str]) -> tuple[str, str]:
    """Return what does not work, and what to do about it; *contacts* are all that the person has."""
    kind, label = _CONTACTS.get(mark.contact, plain(mark.contact)), _label(mark.reason)
    remedy = _REMEDIES.get((mark.contact, label)) or _REMEDIES.get((mark.contact, "")) or _REMEDIES["", ""]
    others = " Until then your other contacts are used." if len(contacts) > 1 else ""
    return f"Alerts by {kind} do not reach you{_because(mark.reason)}.", f"{remedy}{others}"


def _because(reason: str) -> str:
    if not reason:
        return ""
    return f": {_WHY_FAILED.get(_label(reason)) or plain(reason).lower()}"


def _label(reason: str) -> str:
    return reason.strip().lower().replace(" ", "_")


def happened(event: Event, names: Mapping[str, str]) -> str:
    """Return what the audit trail's line says; a kind that has no sentence yet is named as it is."""
    ids = event.detail.rpartition(": ")[2].split(", ")
    return _EVENTS.get(event.kind, f"{plain(event.kind)}.").format(
        by=person(event.by, names),
        whom=" and ".join(person(staff_id, names) for staff_id in ids),
        why=CLOSE_REASONS.get(event.detail, event.detail).lower(),
    )
