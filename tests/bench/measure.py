"""Interleaved rounds: each round starts every variant once, so that a noisy minute hits all of them."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from tests.bench.built import ROOT
from tests.bench.runtime import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.bench.runtime import Variant

WARM_CALLS = 40


@dataclass(slots=True, kw_only=True)
class Measured:
    """One variant's figures, a value for each round: seconds and KiB. The *calls* are AWS's, first and warm."""

    name: str
    init: list[float] = field(default_factory=list[float])
    first: list[float] = field(default_factory=list[float])
    warm: list[float] = field(default_factory=list[float])
    memory: list[int] = field(default_factory=list[int])
    first_calls: list[str] = field(default_factory=list[str])
    calls: float = 0


class Stub:
    """The AWS stub, in a process of its own."""

    def __init__(self, work: Path, config: bytes) -> None:
        document = work / "config.json"
        document.write_bytes(config)
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "tests.bench.aws_stub", str(document)], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def calls(self) -> list[str]:
        """Return the operations since the last time."""
        with urllib.request.urlopen(f"{self.url}/_calls") as answer:  # noqa: S310 - our own
            found: list[str] = json.load(answer)
        return found


def measure(
    variants: Sequence[Variant], stub: Stub, work: Path, *, rounds: int, said: Callable[[str], None]
) -> list[Measured]:
    """Return the figures of *variants*, in their order; raises Failed when one does not run."""
    found = [Measured(name=variant.name) for variant in variants]
    for number in range(rounds):
        said(f"round {number + 1} of {rounds}")
        for variant, figures in zip(variants, found, strict=True):
            _round(variant, figures, stub, work)
    return found


def _round(variant: Variant, figures: Measured, stub: Stub, work: Path) -> None:
    event = json.dumps(variant.event).encode()
    stub.calls()
    with Worker(variant, log=work / f"{variant.name.replace(' ', '-')}.log") as worker:
        figures.init.append(worker.started_in)
        figures.first.append(worker.invoke(event)[0])
        figures.first_calls = stub.calls()
        took: list[float] = []
        calls: list[list[str]] = []
        for _ in range(WARM_CALLS):
            took.append(worker.invoke(event)[0])
            calls.append(stub.calls())
        figures.warm.append(statistics.median(took))
        figures.calls = statistics.median(len(operations) for operations in calls)
        figures.memory.append(worker.peak_memory())
