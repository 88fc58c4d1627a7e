"""Faults between any two outside calls, from a seed: the same seed breaks the same calls in the same way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from switchboard.errors import OutcomeUnknown, Unavailable


class Killed(BaseException):
    """The process ended here: nothing after this line ran, and no handler of ours saw it."""


@dataclass
class Faults:
    """Decides at every outside call whether it fails, and how.

    `refused`   it raises Unavailable and did nothing
    `lost`      it did its work, but the caller gets Unavailable (a store) or OutcomeUnknown (a phone)
    `killed`    the process dies before the call, or after it
    """

    seed: int
    rate: float = 0.08
    active: bool = True
    calls: int = 0
    injected: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - a seed that can be repeated

    def pick(self) -> str:
        """Return what happens to the next call."""
        self.calls += 1
        if not self.active or self.random.random() >= self.rate:
            return "passes"
        fault = self.random.choice(["refused", "lost", "killed_before", "killed_after"])
        self.injected[fault] += 1
        return fault


class Faulty:
    """A port whose every call may fail. With *sends*, a lost answer is an unknown outcome."""

    def __init__(self, port: Any, faults: Faults, *, sends: bool = False, spared: tuple[str, ...] = ()) -> None:
        self._port = port
        self._faults = faults
        self._sends = sends
        self._spared = spared

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if name in self._spared or not callable(method):
            return method

        def call(*args: Any, **kwargs: Any) -> Any:
            fault = self._faults.pick()
            if fault == "refused":
                raise Unavailable(f"{name}: injected")
            if fault == "killed_before":
                raise Killed(name)
            result = method(*args, **kwargs)
            if fault == "killed_after":
                raise Killed(name)
            if fault == "lost":
                raise (OutcomeUnknown if self._sends else Unavailable)(f"{name}: injected after it was done")
            return result

        return call
