"""The REST API of a WordPress site: where it is, and what its refusals mean.

A site with plain permalinks has it at `/?rest_route=…` and not at `/wp-json/…`: a read finds out which. Only
WordPress's own word, `rest_post_invalid_id`, says that a post is not there; a page of HTML says that the API is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from switchboard.platforms.http import Reply
    from switchboard.schedulers.calling import Caller

POSTS = "/wp/v2/posts"
NO_SUCH_PAGE = "no_such_page"
_GONE = frozenset({"rest_post_invalid_id", "rest_already_trashed"})
_PASSWORD = frozenset({"incorrect_password", "invalid_username", "invalid_email", "rest_not_logged_in"})
_OFF = frozenset({"application_passwords_disabled", "application_passwords_disabled_for_user"})
_SUCCESS, _REDIRECT, _REFUSED = range(200, 300), range(300, 400), (401, 403)


class _NotThere(Misconfigured):
    """What answers is not the REST API."""


class _NoJson(OutcomeUnknown):
    """A success that says nothing, as a page of HTML."""


class Rest:
    """One site's API."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self._plain = False
        self._found = False

    def get(self, route: str, params: Mapping[str, str]) -> Reply:
        """Read *route*, where the API is; raises as `Caller.get` does."""
        try:
            reply = self._get(route, params)
        except (_NotThere, Unavailable) as error:
            if isinstance(error, Unavailable) and not isinstance(error.__cause__, _NoJson):
                raise
            reply = self._elsewhere(route, params, error)
        except Rejected:
            self._found = True
            raise
        self._found = True
        return reply

    def find(self, route: str, params: Mapping[str, str]) -> Reply | None:
        """Read *route*, or return None when WordPress says that it is not there."""
        try:
            return self.get(route, params)
        except Rejected as refusal:
            if refusal.reason == "deleted":
                return None
            raise

    def change(self, route: str, body: Mapping[str, str]) -> None:
        """Change what is at *route*, once."""
        self.caller.send("POST", self._known(route), body=dict(body))

    def delete(self, route: str) -> None:
        """Delete what is at *route*; one that is not there any more is no error."""
        self.caller.delete(self._known(route))

    def _known(self, route: str) -> str:
        """Return where *route* is; what changes something is not sent to find out."""
        if not self._found:
            self.get(POSTS, {"per_page": "1", "_fields": "id"})
        return f"/?rest_route={route}" if self._plain else f"/wp-json{route}"

    def _get(self, route: str, params: Mapping[str, str]) -> Reply:
        if self._plain:
            return self.caller.get("/", {"rest_route": route, **params})
        return self.caller.get(f"/wp-json{route}", params)

    def _elsewhere(self, route: str, params: Mapping[str, str], first: SwitchboardError) -> Reply:
        self._plain = not self._plain
        try:
            return self._get(route, params)
        except (_NotThere, Unavailable):
            self._plain = not self._plain
            raise first from None
        except Rejected:
            self._found = True
            raise


def meaning(reply: Reply) -> SwitchboardError | None:
    """Return the error that *reply* is, or None where its status alone says it."""
    status, told = reply.status, dict_of(reply.json)
    code = str(told.get("code") or "")
    if status in _SUCCESS:
        return _NoJson("WordPress answers with no JSON") if reply.json is None else None
    if status in _REDIRECT:
        return _NotThere(
            "WordPress leads to another address; write the one in its Settings, General, WordPress Address as server"
        )
    if status in (404, 410):
        return None if code in _GONE else _NotThere(_NO_API)
    if status in _REFUSED:
        return Misconfigured(f"WordPress says HTTP {status}: {_remedy(code)}; connect the account")
    if code == "rest_invalid_param" and "status" in dict_of(dict_of(told.get("data")).get("params")):
        return Misconfigured(f"WordPress says HTTP {status}: {ROLE}")
    if code == "rest_post_invalid_page_number":
        return Rejected("there is no such page any more", reason=NO_SUCH_PAGE)
    return None


ROLE = "the person of the application password may not edit all posts; give them the role Editor"
_NO_API = (
    "WordPress's REST API is not at this server; check the address, and that no plugin turns the REST API off or keeps "
    "/wp-json from who is logged in"
)


def _remedy(code: str) -> str:
    if code in _PASSWORD:
        return (
            "the username or the application password is wrong, was revoked, or the web server keeps the Authorization "
            "header to itself; make a new one under Users, Profile, Application Passwords"
        )
    if code in _OFF:
        return "application passwords are turned off there; turn them on, which needs https"
    if code.startswith(("rest_cannot", "rest_forbidden")):
        return ROLE
    return "it is refused, perhaps by a firewall or a plugin before WordPress: let the REST API through"


def params_of(fields: tuple[str, ...], **more: str) -> dict[str, str]:
    """Return what every read of posts asks for: the words as they are written, and *fields* alone."""
    return {"context": "edit", "_fields": ",".join(fields), **more}
