"""The Send API: who may still be written to, and how.

https://developers.facebook.com/docs/messenger-platform/policy/policy-overview
"""

import json
from datetime import timedelta
from typing import cast

from simulators.graph.errors import GraphError, invalid
from simulators.graph.objects import Comment, Message, Page
from simulators.graph.wire import Json
from simulators.graph.world import Missing, World

_WINDOW = timedelta(hours=24)
_HUMAN_AGENT_WINDOW = timedelta(days=7)
_PRIVATE_REPLY_WINDOW = timedelta(days=7)
_LONGEST = 2000
_TYPES = frozenset({"RESPONSE", "UPDATE", "MESSAGE_TAG"})

_NO_SUCH_COMMENT = 2018292
_NO_RECIPIENT = 2018001


def send(world: World, page: Page, params: Json) -> Json:
    """Send one message to a person, or one private reply to a comment."""
    recipient, text = _structure(params, "recipient"), _text(params)
    kind, tag = _kind(params)
    if comment_id := recipient.get("comment_id"):
        return _reply_privately(world, page, str(comment_id), text)
    psid = str(recipient.get("id") or "")
    if not psid:
        raise invalid("param recipient must be non-empty.")
    if psid in world.pages:
        raise invalid("No matching user found", subcode=_NO_RECIPIENT)
    if psid in world.deleted:
        raise GraphError(551)
    _check_window(world, page, psid, tag)
    sent = Message(_mid(world), page.id, psid, text, world.now(), by_page=True, messaging_type=kind, tag=tag)
    return _deliver(world, sent)


def _reply_privately(world: World, page: Page, comment_id: str, text: str) -> Json:
    try:
        comment = world.find(comment_id)
    except Missing as exc:
        raise invalid("Invalid comment_id parameter", subcode=_NO_SUCH_COMMENT) from exc
    if not isinstance(comment, Comment) or comment.by_page:
        raise GraphError(10903)
    if comment.private_reply is not None:
        raise GraphError(10900)
    if world.now() - comment.created_time > _PRIVATE_REPLY_WINDOW:
        raise GraphError(10903)
    comment.private_reply = mid = _mid(world)
    # A person's id towards the page is another one than in a comment; here it only needs to be the same each time.
    psid = comment.from_id or f"9{world.number()}"
    sent = Message(mid, page.id, psid, text, world.now(), by_page=True, comment_id=comment_id)
    return _deliver(world, sent)


def _check_window(world: World, page: Page, psid: str, tag: str | None) -> None:
    last = world.last_inbound(page.id, psid)
    window = _HUMAN_AGENT_WINDOW if tag == "HUMAN_AGENT" else _WINDOW
    if last is not None and world.now() - last > window:
        raise GraphError(10)


def _deliver(world: World, message: Message) -> Json:
    world.messages.append(message)
    return {"recipient_id": message.psid, "message_id": message.id}


def _mid(world: World) -> str:
    return f"m_{world.number()}"


def _text(params: Json) -> str:
    text = _structure(params, "message").get("text")
    if not isinstance(text, str) or not text:
        raise invalid("Param message[text] must be a non-empty UTF-8 encoded string")
    if len(text) > _LONGEST:
        raise invalid(f"Length of param message[text] must be less than or equal to {_LONGEST}")
    return text


def _kind(params: Json) -> tuple[str, str | None]:
    kind = str(params.get("messaging_type") or "RESPONSE")
    tag = params.get("tag")
    if kind not in _TYPES:
        raise invalid("Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}")
    if kind != "MESSAGE_TAG":
        return kind, None
    if tag != "HUMAN_AGENT":
        raise invalid("Param tag must be one of {HUMAN_AGENT}")
    return kind, "HUMAN_AGENT"


def _structure(params: Json, name: str) -> Json:
    # A form carries structures as JSON text; a JSON body carries them as they are.
    value = params.get(name)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as exc:
            raise invalid(f"Param {name} must be a valid JSON object") from exc
    if not isinstance(value, dict):
        raise invalid(f"The parameter {name} is required.")
    return cast("Json", value)
