"""A webhook on this machine that answers as it is told and remembers what it was sent."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class HookServer:
    """*status*, *body* and *headers* are what it answers; with *hangs_up* it closes after it has read the request.

    With *drips* the body comes byte by byte, and then for ever, until the event is set.
    """

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    hangs_up: bool = False
    drips: threading.Event | None = None
    url: str = ""
    seen: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    @property
    def sent(self) -> Any:
        """The body of the only request."""
        ((_, _, body),) = self.seen
        return body


@contextmanager
def hook_server(**told: Any) -> Iterator[HookServer]:
    """Serve until the end of the block."""
    found = HookServer(**told)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            found.seen.append((self.path, headers, json.loads(content)))
            if found.hangs_up:
                return
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            if found.drips is None:
                self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            if found.drips is None:
                self.wfile.write(found.body)
                return
            rest = iter(found.body)
            try:
                while not found.drips.wait(0.05):
                    self.wfile.write(bytes([next(rest, ord(" "))]))
            except OSError:
                return

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        if found.drips is not None:
            found.drips.set()
        server.shutdown()
        server.server_close()
        thread.join()
