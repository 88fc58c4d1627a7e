"""Alerts in a team's chat: a Slack incoming webhook, or a Teams workflow ("When a Teams webhook request is received").

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable, Unreachable

if TYPE_CHECKING:
    from switchboard.adapters.posting import Answer, Poster
    from switchboard.ports import ContactSecret, HookAlert

_SAID = {"slack": "Slack", "teams": "Teams"}
_GONE = (404, 410)
_SHUT = 401
_TOO_MANY, _TIMED_OUT, _BAD, _SERVER_ERROR = 429, 408, 400, 500
_OK, _REDIRECTED = 200, 300
_DEAD_HOOKS = frozenset({"invalid_token", "no_active_hooks", "no_service", "no_service_id", "no_team", "team_disabled"})
"""What Slack writes as the whole body when the webhook was removed or switched off."""


class ChatWebhook:
    """Posts to a chat. What a chat takes it shows: there are no receipts."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster

    def send(self, chat: Literal["slack", "teams"], secret: ContactSecret, alert: HookAlert) -> str:
        """Post *alert*; return "": a chat gives no id. Raises as `ports.Hooks.send` does."""
        url = secret.slack_url if chat == "slack" else secret.teams_url
        if not url:
            raise Misconfigured(f"{_SAID[chat]}: the staff member's secret has no {chat}_url")
        body = _slack(alert) if chat == "slack" else _teams(alert)
        wrong = _meaning(chat, self._poster.post(url, body, name=_SAID[chat]))
        if wrong is not None:
            raise wrong
        return ""


def _slack(alert: HookAlert) -> dict[str, Any]:
    """Return a plain message; nothing of the link is unfurled."""
    text = alert.summary.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": f"{text}\n<{alert.link}|Open the inbox>", "unfurl_links": False, "unfurl_media": False}


def _teams(alert: HookAlert) -> dict[str, Any]:
    """Return a message with one adaptive card, the only shape that a workflow's template takes."""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.2",
        "fallbackText": alert.summary,
        "body": [{"type": "TextBlock", "text": alert.summary, "wrap": True, "weight": "Bolder"}],
        "actions": [{"type": "Action.OpenUrl", "title": "Open the inbox", "url": alert.link}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _meaning(chat: str, answer: Answer) -> SwitchboardError | None:
    status, said = answer.status, f"{_SAID[chat]} says HTTP {answer.status}"
    error = answer.text.strip() if chat == "slack" else ""
    if _OK <= status < _REDIRECTED:
        proper = chat == "teams" or error == "ok"
        return None if proper else OutcomeUnknown(f"{said}, but not ok")
    if status == _TOO_MANY:
        return Unavailable(f"{said}; it asks to wait", retry_after=answer.retry_after)
    if status == _TIMED_OUT or status >= _SERVER_ERROR:
        return OutcomeUnknown(said)
    if status in _GONE or status == _SHUT or error in _DEAD_HOOKS:
        return Unreachable(f"{said}: the webhook is gone; make a new one", reason="gone")
    return Rejected(said, reason="redirected" if status < _BAD else "refused")
