"""FLOOR and the plain put: what every function on boto3 pays before it does anything of its own."""

from __future__ import annotations

import os
from typing import Any

import boto3

_TABLE = os.environ["QUESTIONS_TABLE"]
_CLIENT = boto3.client("dynamodb")
_ITEM: Any = {
    "question_id": {"S": "KRUGKIDROVUWG2ZAMJZG653OEA"},
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


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Put one message that is not there yet."""
    _CLIENT.put_item(TableName=_TABLE, Item=_ITEM, ConditionExpression="attribute_not_exists(question_id)")
    return {"statusCode": 200}
