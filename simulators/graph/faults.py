"""What the next requests are told to suffer."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from simulators.graph.errors import GraphError
from simulators.graph.wire import Reply

_WENT_WRONG = "<html><body><h1>Sorry, something went wrong.</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong for requests whose *method* and *path* (a regular expression) match.

    Exactly one way of failing, where *error* may be combined with *status*:

    - *error*: the answer is Meta's envelope with this code (and *subcode*, *message*, *status* if given);
    - *status*: the answer is this HTTP status with a page of HTML, as Meta's edge sends it;
    - *timeout*: no answer; the connection hangs for so many seconds and is then closed.

    With *performed* the request is carried out all the same, so that its outcome is unknown to the client.
    It strikes *times* times; `None` means until the next reset.
    """

    method: str | None = None
    path: str = ""
    error: int | None = None
    subcode: int | None = None
    message: str | None = None
    status: int | None = None
    timeout: float | None = None
    performed: bool = False
    times: int | None = 1
    regain_minutes: int = 1

    def __post_init__(self) -> None:
        """Refuse a fault that would never strike, or in no way."""
        if (self.timeout is None) == (self.error is None and self.status is None):
            raise ValueError("a fault has either a timeout, or an error or status")
        if self.times is not None and self.times < 1:
            raise ValueError("times is at least 1, or null for every time")
        re.compile(self.path)

    def matches(self, method: str, path: str) -> bool:
        """Say whether a request is struck; *path* comes without the version."""
        return self.method in (None, method) and re.search(self.path, path) is not None

    def reply(self, page_id: str) -> Reply | None:
        """Give the answer that the client sees; `None` when there is none."""
        if self.error is not None:
            error = GraphError(self.error, self.message, subcode=self.subcode, status=self.status)
            return error.reply(page_id, self.regain_minutes)
        return None if self.status is None else Reply(self.status, _WENT_WRONG)


_WANTED: dict[str, type | tuple[type, ...]] = {
    "method": str,
    "path": str,
    "error": int,
    "subcode": int,
    "message": str,
    "status": int,
    "timeout": (int, float),
    "performed": bool,
    "times": int,
    "regain_minutes": int,
}


def parse_fault(body: Mapping[str, Any]) -> Fault:
    """Give the fault that *body* describes; ValueError names what is wrong with it."""
    for key, value in body.items():
        if key not in _WANTED:
            raise ValueError(f"a fault has no {key!r}; it has {', '.join(f.name for f in fields(Fault))}")
        if value is not None and not isinstance(value, _WANTED[key]):
            raise ValueError(f"{key} cannot be {value!r}")
    try:
        return Fault(**body)
    except re.error as exc:
        raise ValueError(f"path is not a regular expression: {exc}") from exc


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

    def waiting(self) -> list[dict[str, Any]]:
        """List what has not struck yet, without the parts left at their default."""
        usual = {field.name: field.default for field in fields(Fault)}
        return [{key: value for key, value in asdict(fault).items() if value != usual[key]} for fault in self._waiting]
