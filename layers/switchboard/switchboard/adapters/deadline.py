"""An end to a whole request, however slowly its answer drips: httpx itself limits only the wait for the next bytes."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

_CONNECTED = ("connection.connect_tcp.complete", "connection.start_tls.complete")


class Deadline:
    """Shuts the connection of a request after so many *seconds*: whoever reads from it then gets an `httpx.HTTPError`.

    Used as a context; `trace` is the request's extension of that name.
    """

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(max(seconds, 0.0), self._end)
        self._timer.daemon = True
        self._stream: Any = None
        self._lock = threading.Lock()
        self._over = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Remember the connection, as httpcore tells of it."""
        if event not in _CONNECTED:
            return
        with self._lock:
            self._stream = info["return_value"]
            if self._over:
                self._shut()

    def _end(self) -> None:
        with self._lock:
            self._over = True
            self._shut()

    def _shut(self) -> None:
        found = self._stream.get_extra_info("socket") if self._stream is not None else None
        if found is None:
            return
        with suppress(OSError):
            # Not the TLS socket's own way, which forgets its state under the reader's hands.
            socket.socket.shutdown(found, socket.SHUT_RDWR)
