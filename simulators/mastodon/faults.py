"""What the next requests are told to suffer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong for requests whose *method* and *path* (a regular expression) match.

    Either *status*, answered with the server's own error (429 with its headers) or, with *html*, the page of a proxy
    in front of it; or *timeout*: the connection hangs for so many seconds and is cut without an answer. With
    *performed* the request is carried out all the same. It strikes *times* times; `None` means until the next reset.
    """

    method: str | None = None
    path: str = ""
    status: int | None = None
    html: bool = False
    timeout: float | None = None
    performed: bool = False
    times: int | None = 1

    def __post_init__(self) -> None:
        """Refuse a fault that would never strike, or in no way."""
        if (self.timeout is None) == (self.status is None):
            raise ValueError("a fault has either a status or a timeout")
        if self.times is not None and self.times < 1:
            raise ValueError("times is at least 1, or null for every time")
        re.compile(self.path)

    def matches(self, method: str, path: str) -> bool:
        """Say whether a request is struck."""
        return self.method in (None, method) and re.search(self.path, path) is not None


def parse_fault(body: Mapping[str, Any]) -> Fault:
    """Give the fault that *body* describes; ValueError names what is wrong with it."""
    known = [field.name for field in fields(Fault)]
    for name in body:
        if name not in known:
            raise ValueError(f"a fault has no {name!r}; it has {', '.join(known)}")
    try:
        return Fault(**body)
    except (TypeError, re.error) as exc:
        raise ValueError(f"this is no fault: {exc}") from exc


class Faults:
    """The faults that still wait for their request, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Queue *fault* behind the others."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Forget all faults."""
        self._waiting.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Give the fault that strikes this request, and count it."""
        for index, fault in enumerate(self._waiting):
            if not fault.matches(method, path):
                continue
            if fault.times == 1:
                del self._waiting[index]
            elif fault.times is not None:
                self._waiting[index] = replace(fault, times=fault.times - 1)
            return fault
        return None
