"""The simulator, and its control API in Python."""

import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import TracebackType
from typing import Any, Self

from simulators.mastodon.control import control
from simulators.mastodon.endpoints import Refused, perform
from simulators.mastodon.entities import moment
from simulators.mastodon.faults import Fault, Faults, parse_fault
from simulators.mastodon.kinds import KINDS
from simulators.mastodon.objects import DEMO, HOSPITAL, Account, Application, Notification, Status
from simulators.mastodon.wire import WIRE, Json, Reply, Request
from simulators.mastodon.world import World
from simulators.server import Server

RATE_WINDOW = timedelta(minutes=5)
_WENT_WRONG = "<html><body><h1>We're sorry, but something went wrong on our end.</h1></body></html>"
_TOO_MANY = 429


class MastodonSimulator:
    """A Mastodon-compatible server on a local port, from entering the `with` block until it is left.

    *kind* is "mastodon" or "gotosocial". *rate_limit* requests may be made in five minutes. *now* is the clock;
    `advance` moves it on. Everything may be called from any thread.
    """

    def __init__(
        self,
        kind: str = "mastodon",
        *,
        us: Account = HOSPITAL,
        application: Application = DEMO,
        rate_limit: int = 300,
        host: str = "127.0.0.1",
        port: int = 0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        quiet: bool = True,
    ) -> None:
        self._kind, self._us, self._application = KINDS[kind], us, application
        self._rate_limit, self._host, self._port, self._quiet = rate_limit, host, port, quiet
        self._clock, self._advanced = now, timedelta()
        self._faults = Faults()
        self._requests: deque[Json] = deque(maxlen=10_000)
        self._made: deque[datetime] = deque()
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._server: Server | None = None
        self._world = World(self._kind, us, application, self.now)

    def __enter__(self) -> Self:
        self._stopping.clear()
        self._server = Server(self.answer, WIRE, self._host, self._port, quiet=self._quiet)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        if self._server is not None:
            self._server.close()
            self._server = None

    @property
    def url(self) -> str:
        """Give the server's address, as it stands in a channel's secret."""
        port = self._port if self._server is None else self._server.port
        return f"http://{self._host}:{port}"

    # What people do

    def says(
        self,
        username: str,
        text: str,
        *,
        display_name: str = "",
        visibility: str = "public",
        spoiler_text: str = "",
        in_reply_to_id: str | None = None,
        media: tuple[str, ...] = (),
        poll: tuple[str, ...] = (),
    ) -> str:
        """Let somebody say something; we are told when it mentions us. Gives the status's id."""
        with self._lock:
            status = Status(
                id=self._kind.new_status_id(self.now(), self._world.number()),
                account=self._world.account(username, display_name),
                text=text,
                created_at=self.now(),
                visibility=visibility,
                spoiler_text=spoiler_text,
                in_reply_to_id=in_reply_to_id,
                media=media,
                poll=poll,
            )
            self._world.add(status)
            return status.id

    def edits(self, status_id: str, text: str) -> None:
        """Let its author change a status."""
        with self._lock:
            self._world.edit(self._world.statuses[status_id], text)

    def deletes(self, status_id: str) -> None:
        """Let its author delete a status; nobody is told."""
        with self._lock:
            self._world.remove(status_id)

    def reacts(self, username: str, type_: str = "favourite", *, status_id: str | None = None) -> None:
        """Let somebody favour or boost a status, or follow us."""
        with self._lock:
            status = self._world.statuses[status_id] if status_id else None
            self._world.tell(type_, self._world.account(username), status)

    def boost(self, status_id: str) -> None:
        """Let our own account boost a status: of its edits every kind of server tells us."""
        with self._lock:
            self._world.boosted.add(status_id)

    def kill_token(self) -> None:
        """Refuse our token from now on."""
        with self._lock:
            self._world.token_dead = True

    def revive_token(self) -> None:
        """Accept our token again, as after somebody connected the account anew."""
        with self._lock:
            self._world.token_dead = False

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        with self._lock:
            self._advanced += by

    # What goes wrong

    def fail(self, **fault: Any) -> None:  # noqa: ANN401 - the fields of Fault; a wrong one is refused by name
        """Let the next requests suffer a `Fault` with these fields."""
        with self._lock:
            self._faults.add(parse_fault(fault))

    def reset(self) -> None:
        """Forget everything that was said and told, faults, the log and moved time."""
        with self._lock:
            self._advanced = timedelta()
            self._world = World(self._kind, self._us, self._application, self.now)
            self._faults.clear()
            self._requests.clear()
            self._made.clear()

    # What happened

    def now(self) -> datetime:
        """Give the simulated time."""
        return self._clock() + self._advanced

    @property
    def answers(self) -> list[Status]:
        """List what our account said through the API and has not deleted, oldest first."""
        with self._lock:
            return [status for status in self._world.newest()[::-1] if status.by_api]

    @property
    def told(self) -> list[Notification]:
        """List what our account was told, oldest first."""
        with self._lock:
            return list(self._world.notifications)

    @property
    def requests(self) -> list[Json]:
        """List what was asked, oldest first: method, path, params without the token, and what came of it."""
        with self._lock:
            return list(self._requests)

    # What comes over HTTP

    def answer(self, request: Request) -> Reply | None:
        """Answer one request; `None` to hang up."""
        if request.path.startswith("/_simulator/"):
            return control(self, request)
        with self._lock:
            fault = self._faults.take(request.method, request.path)
            reply = None
            if fault is None or fault.performed:
                reply = self._perform(request)
            if fault is not None:
                reply = self._suffer(fault)
            self._record(request, reply)
        if fault is not None and fault.timeout is not None:
            self._stopping.wait(fault.timeout)
        return reply

    def _perform(self, request: Request) -> Reply:
        now = self.now()
        while self._made and self._made[0] <= now - RATE_WINDOW:
            self._made.popleft()
        if len(self._made) >= self._rate_limit:
            return self._refuse(_TOO_MANY, "too_many")
        self._made.append(now)
        try:
            reply = perform(self._world, request, self.url)
        except Refused as exc:
            return self._refuse(exc.status, exc.name)
        return Reply(reply.status, reply.body, reply.headers | self._headers())

    def _suffer(self, fault: Fault) -> Reply | None:
        if fault.status is None:
            return None
        if fault.html:
            return Reply(fault.status, _WENT_WRONG, {"Date": format_datetime(self.now(), usegmt=True)})
        if fault.status == _TOO_MANY:
            return self._refuse(_TOO_MANY, "too_many", remaining=0)
        return self._refuse(fault.status, {401: "dead_token", 403: "forbidden"}.get(fault.status, "not_there"))

    def _refuse(self, status: int, name: str, *, remaining: int | None = None) -> Reply:
        headers = self._headers() | ({} if remaining is None else {"X-RateLimit-Remaining": str(remaining)})
        return Reply(status, {"error": self._kind.errors[name]}, headers)

    def _headers(self) -> dict[str, str]:
        """Give what every answer bears. Mastodon names the moment of the reset, and sends no Retry-After."""
        reset = (self._made[0] if self._made else self.now()) + RATE_WINDOW
        return {
            "Date": format_datetime(self.now(), usegmt=True),
            "X-RateLimit-Limit": str(self._rate_limit),
            "X-RateLimit-Remaining": str(self._rate_limit - len(self._made)),
            "X-RateLimit-Reset": moment(reset),
        }

    def _record(self, request: Request, reply: Reply | None) -> None:
        self._requests.append(
            {
                "time": self.now().isoformat(),
                "method": request.method,
                "path": request.path,
                "params": dict(request.params),
                "status": reply.status if reply else None,
            }
        )
