"""Every body of ../shared/payloads for a Page through the real door: parsed, or refused with a reason; none raises.

`payloads.json` holds the reviewed kinds, ids and counts. After a wanted change: `UPDATE_GOLDEN=1 pytest` this file, and
read the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.door import Door

PAYLOADS = Path(__file__).parents[3] / "shared/payloads"
GOLDEN = Path(__file__).parent / "payloads.json"
FOLDERS = {"facebook_page": "open-page", "messenger": "open-page", "malformed": "open-page"}
FILES = [path for folder in FOLDERS for path in sorted((PAYLOADS / folder).glob("*.json"))]

pytestmark = pytest.mark.skipif(not FILES, reason="../shared/payloads is not here")


def seen(path: Path) -> dict[str, Any]:
    door = Door()
    answer = door.post_meta(path.read_bytes(), FOLDERS[path.parent.name])
    if answer.status != 200:
        kept = [refused.body for refused in door.quarantine.kept.values()]
        assert kept == [path.read_bytes()], "what is refused is kept, byte for byte"
        return {"status": answer.status, "error": json.loads(answer.body)["error"]}
    messages = [
        f"{message.platform} {message.kind} {message.change} {message.message_id} in {message.thread_id}"
        for message in door.messages.stored.values()
    ]
    reasons = [
        f"{dimensions['reason']} {value:g}" for _, value, dimensions in door.metrics.counted if "reason" in dimensions
    ]
    return {"status": 200, "messages": messages, "ignored": reasons, "kept": len(door.messages.ignored)}


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    if os.environ.get("UPDATE_GOLDEN"):
        found = {f"{path.parent.name}/{path.name}": seen(path) for path in FILES}
        GOLDEN.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    reviewed: dict[str, Any] = json.loads(GOLDEN.read_text())
    return reviewed


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_body_from_the_wild_is_taken_in_as_reviewed(path: Path, golden: dict[str, Any]) -> None:
    assert seen(path) == golden[f"{path.parent.name}/{path.name}"]


def test_every_malformed_body_is_refused_and_no_real_one() -> None:
    statuses = {path: seen(path)["status"] for path in FILES}

    assert {status for path, status in statuses.items() if path.parent.name == "malformed"} == {400}
    assert {status for path, status in statuses.items() if path.parent.name != "malformed"} == {200}
