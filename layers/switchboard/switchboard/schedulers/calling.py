"""Calling a scheduler's API for one account: where it is, with which token, and what its answers mean.

Nothing here repeats a request: whoever holds a post reads back what came of it.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of, id_of, list_of
from switchboard.platforms.http import Api, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx

    from switchboard.domain.post import Post
    from switchboard.ports import SchedulerAccount, SchedulerSecret, SchedulerSecrets

_SECURE = re.compile(r"https://[\w-]+(?:\.[\w-]+)*(?::[0-9]{1,5})?(?:/[\w./~-]*)?")
_LOOPBACK = re.compile(r"http://(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?(?:/[\w./~-]*)?", re.ASCII)
LONGEST_PAYLOAD = 100_000
"""Bytes; a table's item holds 400 kB, and a hold has the snapshot beside its own words."""
TOO_LARGE = "It is too large to be kept here: pause it there by hand."


class Caller:
    """One account's API. *name* stands in errors; *headers* makes the credentials of a secret into headers.

    *url* is where the API is reached; empty where the secret names the account's own server.
    """

    def __init__(
        self,
        account: SchedulerAccount,
        secrets: SchedulerSecrets,
        *,
        name: str,
        headers: Callable[[SchedulerSecret], Mapping[str, str]],
        url: str = "",
        meaning: Callable[[Reply], SwitchboardError | None] = lambda _: None,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account = account
        self.clock = clock
        self._secrets = secrets
        self._name = name
        self._headers = headers
        self._url = url
        self._meaning = meaning
        self._transport = transport
        self._apis: dict[str, Api] = {}

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Reply:
        """Read *path*; raises as `Api.get` does."""
        api, headers = self._ready()
        return api.get(path, headers=headers, params=params, now=self.clock())

    def find(
        self, path: str, params: Mapping[str, Any] | None = None, *, besides: str = "", gone: str = "deleted"
    ) -> Reply | None:
        """Read *path*, or return None when it is not there; *gone* "refused" says that any refusal means that.

        A wrong address answers 404 to everything: *besides* is a path that must be there, and is asked before what is
        not there is believed.
        """
        try:
            return self.get(path, params)
        except Rejected as refusal:
            if refusal.reason not in ("deleted", gone):
                raise
        if besides:
            try:
                self.get(besides)
            except Rejected as refusal:
                raise Misconfigured(
                    f"{self._name} knows nothing at its address; check the server of scheduler {self.account.name}"
                ) from refusal
        return None

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,  # noqa: ANN401 - any JSON
        form: Mapping[str, str] | None = None,
        file: tuple[str, bytes, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Change something, once; raises as `Api.send` does."""
        api, own = self._ready()
        every = {**own, **(headers or {})}
        return api.send(method, path, headers=every, body=body, form=form, file=file, now=self.clock())

    def delete(self, path: str) -> None:
        """Delete what is at *path*; one that is not there any more is no error, and an empty answer is an answer."""
        try:
            self.send("DELETE", path)
        except OutcomeUnknown:
            return  # the caller reads back
        except Rejected as refusal:
            if refusal.reason != "deleted":
                raise

    def _ready(self) -> tuple[Api, Mapping[str, str]]:
        secret = self._secrets.of(self.account.name)
        address = (self._url or secret.server).strip().rstrip("/")
        if not (_SECURE.fullmatch(address) or _LOOPBACK.fullmatch(address)):
            raise Misconfigured(
                f"the secret of scheduler {self.account.name} has no usable server; write it as https://www.example.org"
            )
        if address not in self._apis:
            self._apis[address] = Api(address, name=self._name, meaning=self._meaning, transport=self._transport)
        return self._apis[address], {"Accept": "application/json", **self._headers(secret)}


def bearer(account: SchedulerAccount) -> Callable[[SchedulerSecret], Mapping[str, str]]:
    """Return what makes a secret's token into a Bearer header."""

    def headers(secret: SchedulerSecret) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {usable(secret.token, 'token', account)}"}

    return headers


def usable(credential: str, name: str, account: SchedulerAccount) -> str:
    """Return *credential* if it can stand in a header; raise Misconfigured that names it."""
    if not credential or not credential.isascii() or not credential.isprintable():
        raise Misconfigured(f"the secret of scheduler {account.name} has no usable {name}; connect the account")
    return credential


def payload_of(entry: Mapping[str, Any]) -> str:
    """Return what a scheduler told of a post as a JSON text, "" when a table's item cannot hold it."""
    text = json.dumps(entry, separators=(",", ":"), ensure_ascii=False)
    return text if len(text.encode()) <= LONGEST_PAYLOAD else ""


def told_in(post: Post) -> dict[str, Any]:
    """Return what the scheduler told of *post* when its snapshot was taken."""
    found: dict[str, Any] = json.loads(post.outside.payload or "{}") if post.outside is not None else {}
    return found


def has_all_kept(post: Post) -> bool:
    """Whether we have our own copy of each of its media, so that nothing is missing when it is made anew."""
    return post.outside is None or all(one.kept_as for one in post.outside.media)


def stamp(moment: datetime) -> str:
    """Return *moment* as `2026-12-24T08:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_id(external_id: str) -> str:
    """Return *external_id* if it can stand in a path; raise Rejected otherwise."""
    if not re.fullmatch(r"[A-Za-z0-9_:.-]{1,200}", external_id, re.ASCII) or external_id in {".", ".."}:
        raise Rejected("that is no id of a post", reason="deleted")
    return external_id


def moment_in(value: object) -> datetime | None:
    """Return the moment that an ISO 8601 text or a number of seconds says, None when it says none; UTC by default."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        found = datetime.fromisoformat(str(value))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def listed(value: object, name: str) -> list[dict[str, Any]]:
    """Return the objects of a list; raise Unavailable when it is none: an odd answer is no empty calendar."""
    if not isinstance(value, list):
        raise Unavailable(f"{name} gave an answer that is no list of posts")
    return [dict_of(entry) for entry in list_of(cast("object", value))]


def the_one(value: object, external_id: str, name: str) -> dict[str, Any]:
    """Return the object if it is the post *external_id*; raise Unavailable when it says nothing about the post."""
    found = dict_of(value)
    if id_of(found.get("id")) != external_id:
        raise Unavailable(f"{name} gave an answer that is not the post")
    return found
