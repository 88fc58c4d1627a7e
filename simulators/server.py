"""Sockets: HTTP/1.1 with kept-alive connections, one thread each."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Generic, Protocol, TypeVar

Asked = TypeVar("Asked", bound="Request")


class Request(Protocol):
    """What a simulator made of a call; the log names it."""

    @property
    def method(self) -> str: ...  # noqa: D102
    @property
    def path(self) -> str: ...  # noqa: D102


class Reply(Protocol):
    """One HTTP response: *body* is sent as HTML when it is text, else as JSON."""

    @property
    def status(self) -> int: ...  # noqa: D102
    @property
    def body(self) -> object: ...  # noqa: D102
    @property
    def headers(self) -> Mapping[str, str]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Wire(Generic[Asked]):
    """How one platform's requests are read, and what it says of one that cannot be.

    *read* takes method, target, headers (names in lower case) and body, and raises ValueError.
    """

    read: Callable[[str, str, Mapping[str, str], bytes], Asked]
    unreadable: Callable[[str], Reply]


class Server:
    """Serves *answer* on *host* and *port* (0: any free one) until closed; `None` from it hangs up without a word."""

    def __init__(
        self, answer: Callable[[Asked], Reply | None], wire: Wire[Asked], host: str, port: int, *, quiet: bool
    ) -> None:
        self._server = _Connections((host, port), _handler(answer, wire, quiet=quiet))
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and cut every open connection."""
        self._server.shutdown()
        self._server.server_close()
        self._server.cut()
        self._thread.join()


class _Connections(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as the parent has it
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(*args, **kwargs)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the parent has it
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as the parent has it
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the parent has it
        """Pass over a client that went away first; that is its right."""

    def cut(self) -> None:
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def _handler(
    answer: Callable[[Asked], Reply | None], wire: Wire[Asked], *, quiet: bool
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1
        timeout = 120

        def do_GET(self) -> None:
            self._serve()

        do_POST = do_DELETE = do_PUT = do_GET  # noqa: N815 - http.server looks these names up

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as the parent has it
            """Say nothing: the parent would print the token in the address."""

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                request = wire.read(self.command, self.path, headers, body)
            except ValueError as exc:
                self._send(wire.unreadable(str(exc)))
                return
            reply = answer(request)
            if not quiet:
                print(request.method, request.path, reply.status if reply else "no answer", flush=True)
            if reply is None:
                self.close_connection = True
            else:
                self._send(reply)

        def _send(self, reply: Reply) -> None:
            is_html = isinstance(reply.body, str)
            content = (str(reply.body) if is_html else json.dumps(reply.body)).encode()
            self.send_response_only(reply.status)
            self.send_header("Content-Type", "text/html" if is_html else "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    return Handler
