"""What one WhatsApp message holds: its words, and the kinds of what is attached.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components#messages-object

The content stands under the name of its type: `{"type": "image", "image": {"caption": …}}`. Numbers and names in a
shared contact card are a third person's: of a card only its kind is told.
"""

from __future__ import annotations

import json
from typing import Any

from switchboard.platforms.fields import dict_of, list_of, text_of

_KINDS = {
    "text": "",
    "button": "",
    "interactive": "",
    "image": "image",
    "video": "video",
    "audio": "audio",
    "voice": "audio",
    "document": "file",
    "sticker": "sticker",
    "location": "location",
    "contacts": "contact",
    "order": "order",
    "unsupported": "unsupported",
    "unknown": "unsupported",
}
"""The types that we know, and the kind that staff are shown; "" where the words are all."""
_MOST = 20


def words(content: dict[str, Any]) -> str:
    """Return what the person wrote or chose; of a form that was filled in, a line for each answer."""
    kind = _kind(content)
    part = dict_of(content.get(kind))
    if kind == "interactive":
        return _chosen(part)
    told = (text_of(part.get(name)) for name in ("body", "caption", "text", "name", "address", "payload"))
    return next((text for text in told if text), "") or text_of(content.get(kind))


def attachments(content: dict[str, Any]) -> tuple[str, ...]:
    """Return the kinds of what is attached; never empty for a message without words, so that it can be seen."""
    kind = _kind(content)
    shown = _KINDS.get(kind, "attachment")
    if not shown:
        return () if words(content) else ("reply",)
    several = len(list_of(content.get(kind))) if kind == "contacts" else 1
    return (shown,) * min(max(several, 1), _MOST)


def is_call_permission(content: dict[str, Any]) -> bool:
    """Whether somebody only allowed or forbade that the hospital calls them."""
    return text_of(dict_of(content.get("interactive")).get("type")) == "call_permission_reply"


def _kind(content: dict[str, Any]) -> str:
    """Return the type whose content is there, whatever `type` says: words under another name are words."""
    told = text_of(content.get("type"))
    return told if content.get(told) else next((kind for kind in _KINDS if content.get(kind)), told)


def _chosen(interactive: dict[str, Any]) -> str:
    chosen = dict_of(interactive.get(text_of(interactive.get("type"))))
    told = [text_of(chosen.get(name)) for name in ("title", "description")]
    return ": ".join(text for text in told if text) or _answers(chosen) or text_of(chosen.get("body"))


def _answers(flow: dict[str, Any]) -> str:
    """Return what was filled in; the JSON stands in a text of its own, with the flow's token among the answers."""
    told = flow.get("response_json")
    try:
        found = dict_of(json.loads(told) if isinstance(told, str) else told)
    except (ValueError, RecursionError):
        return text_of(told)
    lines = [f"{name}: {_answer(value)}" for name, value in found.items() if name != "flow_token"]
    return text_of("\n".join(lines))


def _answer(value: object) -> str:
    if isinstance(value, (str, bool, int, float)):
        return str(value)
    return ", ".join(str(one) for one in list_of(value)) or json.dumps(value)
