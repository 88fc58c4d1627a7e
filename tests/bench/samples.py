"""What the stub knows: a channel's secret, and one conversation that nobody has taken in yet."""

from __future__ import annotations

import json
from typing import Any

from switchboard.domain.message import question_id_of

QUESTION_ID = question_id_of("mercy-facebook", "700_1/9001")
SECRET = json.dumps(
    {
        "signing_secrets": ["sample-app-secret"],
        "verify_token": "sample-verify-token",
        "access_token": "sample-access-token",
    }
)
CONVERSATION: list[dict[str, Any]] = [
    {
        "question_id": {"S": QUESTION_ID},
        "item": {"S": "message#700_1"},
        "channel": {"S": "mercy-facebook"},
        "platform": {"S": "facebook"},
        "kind": {"S": "comment"},
        "message_id": {"S": "700_1"},
        "thread_id": {"S": "700_1/9001"},
        "author_id": {"S": "9001"},
        "author_name": {"S": "Rosa Quimby"},
        "text": {"S": "Do you have visiting hours on Sunday?"},
        "attachments": {"L": []},
        "permalink": {"S": "https://www.facebook.com/700_1"},
        "change": {"S": "new"},
        "sent_at": {"S": "2026-10-12T10:00:00.000000Z"},
        "received_at": {"S": "2026-10-12T10:00:01.000000Z"},
        "expires_at": {"N": "1999575200"},
        "open_shard": {"S": "ring#2"},
        "next_action_at": {"S": "2026-10-12T10:00:31.000000Z"},
    }
]
