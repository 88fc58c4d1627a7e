"""Mercy Hospital: the automation config and the messages that tests begin with. All people are invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from switchboard.config import AutomationConfig, check
from switchboard.domain.message import Message

NOON = datetime(2026, 10, 13, 16, 0, tzinfo=UTC)  # a Tuesday; 12:00 in New York

DOCUMENT: dict[str, Any] = {
    "organisation": "Mercy Social",
    "zone": "America/New_York",
    "channels": {
        "facebook": {"platform": "facebook", "account_id": "100200300400500"},
        "website": {"platform": "web_form"},
    },
    "staff": {
        "maria": {"name": "Maria Lopez", "phone": "+12025550101", "email": "maria@example.org"},
        "james": {"name": "James Okafor", "phone": "+12025550102", "email": "james@example.org"},
        "chen": {"name": "Wei Chen", "phone": "+12025550103", "alert_by": ["sms"]},
    },
    "teams": {"social": {"rota": [{"on": ["maria", "james"]}]}},
    "policies": {
        "standard": {"steps": [{"alert": "primary", "wait": "15m"}, {"alert": "secondary", "wait": "15m"}]},
        "emergency": {"steps": [{"alert": "everyone", "wait": "5m"}, {"alert": "chen", "wait": "5m"}]},
    },
    "routes": [
        {
            "name": "emergencies",
            "when": {"urgencies": ["emergency"]},
            "team": "social",
            "policy": "emergency",
            "answer_within": "15m",
        },
        {"name": "everything", "team": "social", "policy": "standard", "answer_within": "4h"},
    ],
    "last_resort": "chen",
}


def config(**changes: Any) -> AutomationConfig:
    """Return Mercy's config with top-level *changes*."""
    found, problems = check(DOCUMENT | changes)
    assert found is not None, problems
    return found


def message(number: int = 1, text: str = "What are your visiting hours?", **changes: Any) -> Message:
    """Return a comment; *number* makes it another message, `thread_id=` another question."""
    sent_at = NOON + timedelta(seconds=number)
    return Message(
        **{
            "channel": "facebook",
            "platform": "facebook",
            "kind": "comment",
            "message_id": f"m{number}",
            "thread_id": "t1",
            "author_id": "a1",
            "author_name": "Pat Example",
            "text": text,
            "sent_at": sent_at,
            "received_at": sent_at,
        }
        | changes
    )
