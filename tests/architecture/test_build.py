"""What `sam build` left behind: bytecode for everything, data for what is used, nothing else."""

from __future__ import annotations

import struct
from importlib.util import MAGIC_NUMBER, source_hash
from typing import TYPE_CHECKING

import pytest

from tests.architecture.template import ROOT, functions

if TYPE_CHECKING:
    from pathlib import Path

BUILT = ROOT / ".aws-sam" / "build"
LAYER = BUILT / "SwitchboardLayer" / "python"
HASHED, CHECKED = 0b01, 0b10

pytestmark = pytest.mark.skipif(not (LAYER / "switchboard").is_dir(), reason="nothing is built: make build")


def _bytecode(source: Path) -> Path | None:
    return next((source.parent / "__pycache__").glob(f"{source.stem}.cpython-*.pyc"), None)


def _complaint(source: Path) -> str:
    """What is wrong with the bytecode of *source*; empty when nothing is."""
    found = _bytecode(source)
    if not found:
        return f"{source.relative_to(BUILT)} has no bytecode"
    head = found.read_bytes()[:16]
    (flags,) = struct.unpack("<I", head[4:8])
    if flags & (HASHED | CHECKED) != HASHED:
        return f"{found.relative_to(BUILT)} is not trusted without a look at its source"
    if head[:4] == MAGIC_NUMBER and head[8:] != source_hash(source.read_bytes()):
        return f"{found.relative_to(BUILT)} is of another source"
    return ""


@pytest.mark.parametrize("name", ["SwitchboardLayer", *sorted(functions())])
def test_every_shipped_source_has_bytecode_that_is_used_as_it_is(name: str) -> None:
    sources = list((BUILT / name).rglob("*.py"))

    assert sources
    assert [told for told in map(_complaint, sources) if told] == []


def test_a_function_ships_its_own_folder_and_no_other() -> None:
    shipped = {name: [one.parent.name for one in (BUILT / name).rglob("app.py")] for name in functions()}

    assert {name: [function["Handler"].split(".")[1]] for name, function in functions().items()} == shipped


def test_the_layer_knows_the_services_in_use_and_no_others() -> None:
    services = {found.name for found in (LAYER / "botocore" / "data").iterdir() if found.is_dir()}

    assert services == {
        "appconfigdata",
        "dynamodb",
        "kms",
        "pinpoint-sms-voice-v2",
        "s3",
        "secretsmanager",
        "sesv2",
        "sns",
        "sqs",
        "sts",
    }


def test_the_layer_leaves_room_below_the_limit_of_lambda() -> None:
    size = sum(found.stat().st_size for found in LAYER.rglob("*") if found.is_file())

    assert size < 60 * 1024 * 1024  # of 250 MB, with everything else
