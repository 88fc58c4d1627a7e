"""What the errors of Google's APIs mean to us.

https://developers.google.com/youtube/v3/docs/errors , https://cloud.google.com/apis/design/errors
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.errors import Misconfigured, Rejected, SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of, list_of, text_of

if TYPE_CHECKING:
    from switchboard.platforms.http import Reply

_LIMITS = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"})
_QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_SHUT = frozenset({"commentsDisabled", "processingFailure"})
_ZONE = ZoneInfo("America/Los_Angeles")  # Google's day of quotas


def meaning(reply: Reply) -> SwitchboardError | None:
    """Return what the error in the body means; the rest is told by the status."""
    if reply.is_success:
        return None
    error = dict_of(dict_of(reply.json).get("error"))
    reasons = {text_of(dict_of(one).get("reason")) for one in list_of(error.get("errors"))}
    reasons |= {text_of(dict_of(one).get("reason")) for one in list_of(error.get("details"))} | {
        text_of(error.get("status"))
    }
    if reasons & _QUOTA:
        return Unavailable("Google's quota of the day is spent", retry_after=_until_midnight())
    if reasons & _LIMITS:
        return Unavailable("Google asks to wait")
    if reasons & _SHUT:
        return Rejected("comments are turned off there", reason="comments_disabled")
    if reasons & {"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "SERVICE_DISABLED", "accessNotConfigured"}:
        return Misconfigured("Google refuses: the API is not enabled for the project, or the token lacks its scope")
    return None


def _until_midnight() -> float:
    now = datetime.now(UTC).astimezone(_ZONE)
    tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=1, second=0, microsecond=0)
    return (tomorrow - now).total_seconds()
