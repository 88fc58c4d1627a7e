"""One genuine body a platform, written by us with invented people; and what may become of it on its way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

US = "100200300400500"
"""Our account's id in all of them."""

BODIES: dict[str, Any] = {
    "facebook": {
        "object": "page",
        "entry": [
            {
                "id": US,
                "time": 1791799200,
                "changes": [
                    {
                        "field": "feed",
                        "value": {
                            "item": "comment",
                            "verb": "add",
                            "comment_id": "700_1",
                            "post_id": f"{US}_700",
                            "parent_id": f"{US}_700",
                            "from": {"id": "9001", "name": "Rosa Quimby"},
                            "message": "When do you open?",
                            "created_time": 1791799200,
                        },
                    }
                ],
                "messaging": [
                    {
                        "sender": {"id": "9001"},
                        "recipient": {"id": US},
                        "timestamp": 1791799200000,
                        "message": {"mid": "m_1", "text": "Is there parking?", "attachments": [{"type": "image"}]},
                    }
                ],
            }
        ],
    },
    "google_reviews": {
        "message": {
            # it says that there is a new review, "3AB"
            "data": "eyJub3RpZmljYXRpb25UeXBlIjogIk5FV19SRVZJRVciLCAicmV2aWV3SWQiOiAiM0FCIn0=",
            "messageId": "m1",
            "publishTime": "2026-10-12T09:59:00Z",
            "attributes": {},
        },
        "subscription": "projects/mercy/subscriptions/reviews",
    },
    "instagram": {
        "object": "instagram",
        "entry": [
            {
                "id": US,
                "time": 1791799200,
                "changes": [
                    {
                        "field": "comments",
                        "value": {
                            "id": "17865799348089039",
                            "from": {"id": "9001", "username": "rosa.quimby"},
                            "text": "When do you open?",
                            "media": {"id": "123"},
                            "parent_id": "17865799348089000",
                        },
                    },
                    {"field": "mentions", "value": {"media_id": "17918195224117851", "comment_id": "1791819522411"}},
                ],
                "messaging": [
                    {
                        "sender": {"id": "9001"},
                        "recipient": {"id": US},
                        "timestamp": 1791799200000,
                        "message": {"mid": "m_2", "text": "Hello?", "reply_to": {"story": {"id": "1", "url": "x"}}},
                    }
                ],
            }
        ],
    },
    "linkedin": {
        "type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS",
        "notifications": [
            {
                "notificationId": 1,
                "action": "COMMENT",
                "organizationalEntity": US,
                "sourcePost": "urn:li:share:9",
                "generatedActivity": "urn:li:comment:(urn:li:activity:9,1)",
                "lastModifiedAt": 1791799200000,
                "decoratedGeneratedActivity": {
                    "comment": {
                        "entity": "urn:li:comment:(urn:li:activity:9,1)",
                        "owner": "urn:li:person:A",
                        "text": "Are you hiring nurses?",
                    }
                },
            },
            {"action": "LIKE", "organizationalEntity": US},
        ],
    },
    "messenger": {
        "object": "page",
        "entry": [
            {
                "id": US,
                "time": 1791799200,
                "messaging": [
                    {
                        "sender": {"id": "9001"},
                        "recipient": {"id": US},
                        "timestamp": 1791799200000,
                        "postback": {"mid": "m_3", "title": "Visiting hours", "payload": "HOURS"},
                    }
                ],
                "standby": [
                    {
                        "sender": {"id": US},
                        "recipient": {"id": "9001"},
                        "timestamp": 1791799200000,
                        "message": {"mid": "m_4", "is_echo": True, "text": "From ten."},
                    }
                ],
            }
        ],
    },
    "web_form": {
        "text": "When do you open?",
        "name": "Rosa Quimby",
        "email": "rosa@example.org",
        "phone": "+1 202 555 0123",
        "page_url": "https://example.org/contact",
        "attachments": ["image"],
        "sent_at": "2026-10-12T09:59:00Z",
    },
    "whatsapp": {
        "object": "whatsapp_business_account",
        "entry": [
            {
                "id": "1",
                "changes": [
                    {
                        "field": "messages",
                        "value": {
                            "messaging_product": "whatsapp",
                            "metadata": {"display_phone_number": "12025550100", "phone_number_id": US},
                            "contacts": [
                                {"profile": {"name": "Rosa Quimby"}, "wa_id": "12025550123", "user_id": "US.1"}
                            ],
                            "messages": [
                                {
                                    "from": "12025550123",
                                    "id": "wamid.1",
                                    "timestamp": "1791799200",
                                    "type": "interactive",
                                    "interactive": {
                                        "type": "list_reply",
                                        "list_reply": {"id": "1", "title": "Visiting", "description": "hours"},
                                    },
                                    "context": {"id": "wamid.0", "from": "12025550100"},
                                },
                                {
                                    "from": "12025550123",
                                    "id": "wamid.2",
                                    "timestamp": "1791799201",
                                    "type": "edit",
                                    "edit": {
                                        "original_message_id": "wamid.9",
                                        "message": {"type": "image", "image": {"caption": "Which door?"}},
                                    },
                                },
                            ],
                        },
                    }
                ],
            }
        ],
    },
    "x": {
        "data": {
            "event_uuid": "1",
            "filter": {"user_id": US},
            "event_type": "post.mention.create",
            "tag": "mentions",
            "payload": {
                "id": "2090000000000000001",
                "author_id": "9001",
                "text": "@mercy When do you open? &amp; where",
                "created_at": "2026-10-12T09:59:00.000Z",
                "conversation_id": "2080761390344937796",
                "in_reply_to_user_id": US,
                "referenced_tweets": [{"type": "replied_to", "id": "2080761390344937796"}],
                "attachments": {"media_keys": ["3_1"]},
            },
            "includes": {
                "users": [{"id": "9001", "name": "Rosa Quimby", "username": "rosa"}],
                "media": [{"media_key": "3_1", "type": "photo"}],
            },
        }
    },
}

_ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e308,
    10**400,
    "",
    " ",
    "\ud800",
    "\x00",
    "a" * 2000,
    "99999999999999999999",
    [],
    {},
    [[]],
    [None],
    {"id": {"id": []}},
)


def body_of(platform: str) -> bytes:
    """Return the genuine body."""
    return json.dumps(BODIES[platform]).encode()


def mutated(value: Any, chance: Random) -> Any:
    """Return a copy of *value*, JSON, in which a few things are of another kind, gone, doubled or moved."""
    found = value
    for _ in range(chance.randint(1, 4)):
        found = _once(json.loads(json.dumps(found)), chance)  # a copy, in which nothing is shared
    return found


def _once(value: Any, chance: Random) -> Any:
    if chance.random() < 0.03 or not isinstance(value, (dict, list)) or not value:
        return chance.choice(_ODD) if chance.random() < 0.9 else [value, value]
    if isinstance(value, dict):
        keys = sorted(value)  # where there is more, more goes wrong
        (key,) = chance.choices(keys, [len(json.dumps(value[one])) for one in keys])
        match chance.randrange(16):
            case 0:
                del value[key]
            case 1:
                value[chance.choice(sorted(value))] = value[key]
            case 2:
                value[key.upper()] = value.pop(key)
            case _:
                value[key] = _once(value[key], chance)
        return value
    place = chance.randrange(len(value))
    match chance.randrange(6):
        case 0:
            del value[place]
        case 1:
            value.append(value[place])
        case _:
            value[place] = _once(value[place], chance)
    return value
