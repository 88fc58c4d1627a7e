"""What a platform answers, read: above all what others may have put into it."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from switchboard.errors import Unavailable
from switchboard.platforms.http import Api

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def answered(content: bytes) -> Any:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=content))
    return Api("https://api.example.org", name="Example", transport=transport).get("/", now=NOW).json


def test_what_one_person_nested_too_deep_hides_nobody_elses_words() -> None:
    """On a real Bluesky network one post, nested 1,500 deep, silenced the account that it mentioned."""
    theirs = json.dumps({"text": 'a brace } and a "quote" [', "x": 1})
    deep = b'{"x":' * 5000 + b"1" + b"}" * 5000
    found = answered(b'[{"text":"before"},{"text":"deep","x":' + deep + b"}," + theirs.encode() + b"]")

    assert [one["text"] for one in found] == ["before", "deep", 'a brace } and a "quote" [']


@pytest.mark.parametrize(
    "content",
    [b"[" * 100_000, b"[" * 5000 + b"]" * 4999, b"[" * 5000 + b"}" * 5000, b"[" * 5000 + b'"' + b"\\\\" * 99_999],
    ids=["never ends", "ends early", "other braces", "a text that never ends"],
)
def test_what_is_no_json_is_no_answer_and_soon_told(content: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(Unavailable):
        answered(content)

    assert time.monotonic() - started < 5
