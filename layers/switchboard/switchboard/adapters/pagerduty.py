"""Alerts by PagerDuty's Events API v2.

https://developer.pagerduty.com/docs/events-api-v2-overview

The question's id is the deduplication key: however often one rings, it is one incident. What is about no single
question has none, and PagerDuty gives it one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from switchboard.domain.vocabulary import Urgency
from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable

if TYPE_CHECKING:
    from switchboard.adapters.posting import Answer, Poster
    from switchboard.ports import ContactSecret, HookAlert

URL = "https://events.pagerduty.com/v2/enqueue"
_SEVERITY: dict[str, str] = {
    Urgency.EMERGENCY: "critical",
    Urgency.URGENT: "error",
    Urgency.NORMAL: "warning",
    Urgency.LOW: "info",
}
_LONGEST_SUMMARY = 1024
_ACCEPTED, _OK, _REDIRECTED = 202, 200, 300
_TOO_MANY, _TIMED_OUT, _SERVER_ERROR = 429, 408, 500

Action = Literal["trigger", "acknowledge", "resolve"]


class PagerDuty:
    """Opens an incident for a question, and says when somebody has it and when it is done."""

    def __init__(self, poster: Poster, *, url: str = URL) -> None:
        self._poster = poster
        self._url = url

    def send(self, secret: ContactSecret, alert: HookAlert) -> str:
        """Trigger the question's incident; return its deduplication key. Raises as `ports.Hooks.send` does."""
        event = _event(secret, alert.question_id, "trigger") | {
            "client": "Switchboard",
            "links": [{"href": alert.link, "text": "Open the inbox"}],
            "payload": {
                "summary": alert.summary[:_LONGEST_SUMMARY],
                "severity": _SEVERITY.get(alert.urgency, "error"),
                "source": alert.organisation,
            },
        }
        return self._enqueue(event)

    def acknowledge(self, secret: ContactSecret, question_id: str) -> str:
        """Say that somebody has the question; return the key. Doing it again is harmless."""
        return self._enqueue(_event(secret, question_id, "acknowledge"))

    def resolve(self, secret: ContactSecret, question_id: str) -> str:
        """Say that the question is done; return the key. Doing it again is harmless."""
        return self._enqueue(_event(secret, question_id, "resolve"))

    def _enqueue(self, event: dict[str, Any]) -> str:
        answer = self._poster.post(self._url, event, name="PagerDuty")
        wrong = _meaning(answer)
        if wrong is not None:
            raise wrong
        told: Any = answer.json
        key = told.get("dedup_key") if isinstance(told, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return key if isinstance(key, str) else str(event.get("dedup_key", ""))


def _event(secret: ContactSecret, question_id: str, action: Action) -> dict[str, Any]:
    if not secret.pagerduty_key:
        raise Misconfigured("PagerDuty: the staff member's secret has no pagerduty_key")
    event = {"routing_key": secret.pagerduty_key, "event_action": action}
    return event | ({"dedup_key": question_id} if question_id else {})


def _meaning(answer: Answer) -> SwitchboardError | None:
    status, said = answer.status, f"PagerDuty says HTTP {answer.status}"
    if status == _ACCEPTED:
        return None
    if status == _TOO_MANY:
        return Unavailable(f"{said}; it asks to wait", retry_after=answer.retry_after)
    if status == _TIMED_OUT or status >= _SERVER_ERROR or _OK <= status < _REDIRECTED:
        return OutcomeUnknown(said)
    return Rejected(f"{said}; look at the integration key", reason="refused")
