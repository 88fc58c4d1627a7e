"""A function under AWS's own runtime client, against a local Runtime API.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

_PATIENCE = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One thing to measure: a *handler* in *folder*, with *path* as Lambda orders it."""

    name: str
    handler: str
    folder: Path
    path: tuple[Path, ...]
    environment: Mapping[str, str]
    event: Mapping[str, Any]


class Failed(Exception):
    """The function did not start, or raised."""


class Worker:
    """One running function. *started_in* is the seconds from the process's start to its first poll for work."""

    def __init__(self, variant: Variant, *, log: Path) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(_PATIENCE)
        self._log = log.open("wb")
        self._buffer = b""
        port = self._server.getsockname()[1]
        environment = {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
            "PYTHONPATH": ":".join(str(part) for part in variant.path),
            "PYTHONDONTWRITEBYTECODE": "1",  # /var/task and /opt are read-only
            **variant.environment,
        }
        command = [sys._base_executable, "-S", "-s", "-m", "awslambdaric", variant.handler]  # type: ignore[attr-defined]  # noqa: SLF001 - the interpreter itself: nothing leaks in from the environment
        began = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=variant.folder, env=environment, stdout=self._log, stderr=self._log
        )
        try:
            self._connection, _ = self._server.accept()
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            head, body = self._request()
        except (TimeoutError, ConnectionError) as exc:
            raise Failed(f"{variant.name} did not start; see {log}") from exc
        self.started_in = time.perf_counter() - began
        if "/invocation/next" not in head:
            raise Failed(f"{variant.name} did not start: {body[:500].decode()}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._server.close()
        self._log.close()

    def invoke(self, event: bytes) -> tuple[float, Any]:
        """Return the seconds that the function took for *event*, and its answer."""
        deadline = int((time.time() + 60) * 1000)
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n"
            f"Lambda-Runtime-Deadline-Ms: {deadline}\r\n"
            "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:bench\r\n"
            f"Content-Length: {len(event)}\r\n\r\n"
        )
        began = time.perf_counter()
        self._connection.sendall(head.encode() + event)
        head, body = self._request()
        took = time.perf_counter() - began
        if not head.split(" ")[1].endswith("/response"):
            raise Failed(f"the function raised: {body[:800].decode()}")
        self._connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
        self._request()  # the next poll
        return took, json.loads(body)

    def peak_memory(self) -> int:
        """Return the highest resident size so far, in KiB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))

    def _request(self) -> tuple[str, bytes]:
        while b"\r\n\r\n" not in self._buffer:
            self._receive()
        raw, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        head = raw.decode("latin-1")
        fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:])
        if fields.get("transfer-encoding") == "chunked":
            return head, self._chunks()
        length = int(fields.get("content-length", 0))
        return head, self._take(length)

    def _chunks(self) -> bytes:
        body = b""
        while True:
            while b"\r\n" not in self._buffer:
                self._receive()
            size, _, self._buffer = self._buffer.partition(b"\r\n")
            part = self._take(int(size, 16) + 2)[:-2]
            if not part:
                return body
            body += part

    def _take(self, length: int) -> bytes:
        while len(self._buffer) < length:
            self._receive()
        taken, self._buffer = self._buffer[:length], self._buffer[length:]
        return taken

    def _receive(self) -> None:
        part = self._connection.recv(1 << 16)
        if part:
            self._buffer += part
            return
        # curl may open a new connection for the next request
        self._connection, _ = self._server.accept()
        self._connection.settimeout(_PATIENCE)
