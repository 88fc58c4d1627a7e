"""Every webhook body of ../shared/payloads through the real door: parsed, or refused with a reason; none raises.

`payloads/<folder>.json` holds the reviewed kinds, ids and counts. After a wanted change: `UPDATE_GOLDEN=1 pytest` this
file, and read the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.door import Door

PAYLOADS = Path(__file__).parents[3] / "shared/payloads"
GOLDEN = Path(__file__).parent / "payloads"
FOLDERS = {
    "facebook_page": "open-page",
    "google_reviews": "open-google",
    "instagram": "open-instagram",
    "linkedin": "open-linkedin",
    "malformed": "open-page",
    "messenger": "open-page",
    "whatsapp": "open-whatsapp",
    "x": "open-x",
}
"""Which channel of the fakes takes in the bodies of a folder."""
ANSWERS = ("reviews_list",)
"""What a file's name begins with that is no webhook's body but an answer of the platform's API."""
FILES = [
    path
    for folder in FOLDERS
    for path in sorted((PAYLOADS / folder).glob("*.json"))
    if not path.name.startswith(ANSWERS)
]

pytestmark = pytest.mark.skipif(not FILES, reason="../shared/payloads is not here")


def seen(path: Path) -> dict[str, Any]:
    door = Door()
    answer = door.post(path.read_bytes(), FOLDERS[path.parent.name])
    if answer.status != 200:
        kept = [refused.body for refused in door.quarantine.kept.values()]
        assert kept == [path.read_bytes()], "what is refused is kept, byte for byte"
        return {"status": answer.status, "error": json.loads(answer.body)["error"]}
    messages = [
        f"{message.platform} {message.kind} {message.change} {message.message_id} in {message.thread_id}"
        + (" by us" if message.by_us else "")
        + (f" to {message.reply_to}" if message.reply_to else "")
        + f", {len(message.text)} letters"
        + (f", {' and '.join(message.attachments)}" if message.attachments else "")
        for message in door.messages.stored.values()
    ]
    reasons = [
        f"{dimensions['reason']} {value:g}" for _, value, dimensions in door.metrics.counted if "reason" in dimensions
    ]
    return {"status": 200, "messages": messages, "ignored": reasons, "kept": len(door.messages.ignored)}


@pytest.fixture(scope="module", params=FOLDERS)
def folder(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if os.environ.get("UPDATE_GOLDEN"):
        found = {path.name: seen(path) for path in FILES if path.parent.name == name}
        (GOLDEN / f"{name}.json").write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    return name


def test_the_bodies_from_the_wild_are_taken_in_as_reviewed(folder: str) -> None:
    reviewed: dict[str, Any] = json.loads((GOLDEN / f"{folder}.json").read_text())

    assert {path.name: seen(path) for path in FILES if path.parent.name == folder} == reviewed


def test_every_malformed_body_is_refused_and_no_real_one() -> None:
    statuses = {path: seen(path)["status"] for path in FILES}

    assert {status for path, status in statuses.items() if path.parent.name == "malformed"} == {400}
    others = {path: status for path, status in statuses.items() if path.parent.name != "malformed"}
    assert {status for path, status in others.items() if _is_json(path)} == {200}
    assert {status for path, status in others.items() if not _is_json(path)} <= {400}, "an excerpt with ellipses"


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("channel", sorted({*FOLDERS.values(), "mercy-website"}))
def test_every_door_refuses_every_malformed_body_or_finds_no_message_in_it(channel: str) -> None:
    for path in sorted((PAYLOADS / "malformed").glob("*.json")):
        door = Door()
        try:
            answer = door.post(path.read_bytes(), channel)
        except UnicodeDecodeError:
            continue  # the scheme signs text
        assert answer.status == 400 or not door.messages.stored, path.name
