"""Meta's error envelope, and the error codes that a client has to know.

https://developers.facebook.com/docs/graph-api/guides/error-handling and
https://developers.facebook.com/docs/messenger-platform/error-codes
"""

import json
import secrets
from dataclasses import dataclass

from simulators.graph.wire import Json, Reply

INVALID_PARAMETER = 100
NO_ACCESS_TOKEN = 104
DEAD_TOKEN = 190
NOT_THERE = 33  # subcode of 100: deleted, or no permission; Graph does not say which
WINDOW_CLOSED = 2534022  # subcode of 10; Messenger is also seen to send 2018278

RATE_LIMITED_BY_APP = frozenset({4, 17, 613})
RATE_LIMITED_BY_PAGE = frozenset({32, 80001})

_POLICY = "https://developers.facebook.com/docs/messenger-platform/policy-overview"
_DOCUMENTATION = "https://developers.facebook.com/docs/graph-api"


@dataclass(frozen=True, slots=True)
class _Kind:
    message: str
    status: int = 400
    type: str = "OAuthException"
    subcode: int | None = None
    is_transient: bool | None = None


_KINDS = {
    1: _Kind("An unknown error occurred", 500, subcode=99, is_transient=True),
    2: _Kind("An unexpected error has occurred. Please retry your request later.", 500, is_transient=True),
    4: _Kind("(#4) Application request limit reached", 403, is_transient=True),
    10: _Kind(
        f"(#10) This message is sent outside of allowed window. Learn more about the new policy here: {_POLICY}",
        subcode=WINDOW_CLOSED,
    ),
    17: _Kind("(#17) User request limit reached", is_transient=True),
    32: _Kind("(#32) Page request limit reached", 403, is_transient=True),
    INVALID_PARAMETER: _Kind("(#100) Invalid parameter"),
    NO_ACCESS_TOKEN: _Kind("An access token is required to request this resource."),
    DEAD_TOKEN: _Kind(
        "Error validating access token: The session has been invalidated because the user changed their "
        "password or Facebook has changed the session for security reasons.",
        subcode=460,
    ),
    200: _Kind("(#200) Permissions error", 403),
    368: _Kind("The action attempted has been deemed abusive or is otherwise disallowed", subcode=1390008),
    506: _Kind("(#506) Duplicate status message", subcode=1455006),
    551: _Kind("(#551) This person isn't available right now.", subcode=1545041),
    613: _Kind("(#613) Calls to this api have exceeded the rate limit.", is_transient=True),
    2500: _Kind("Unknown path components: "),
    10900: _Kind("(#10900) Activity already replied to"),
    10903: _Kind("(#10903) This user can't reply to this activity"),
    80001: _Kind(
        "(#80001) There have been too many calls to this Page account. Wait a bit and try again.",
        is_transient=True,
    ),
}


class GraphError(Exception):
    """A refusal as Graph words it: *code* alone brings Meta's own message, subcode, type and HTTP status."""

    def __init__(
        self,
        code: int,
        message: str | None = None,
        *,
        subcode: int | None = None,
        status: int | None = None,
        type_: str | None = None,
    ) -> None:
        kind = _KINDS.get(code, _Kind(f"(#{code}) Simulated error"))
        self.code = code
        self.message = message or kind.message
        # A message of our own means another reason than the usual one, so the usual subcode would lie.
        self.subcode = subcode or (kind.subcode if message is None else None)
        self.status = status or kind.status
        self.type = type_ or kind.type
        self.is_transient = kind.is_transient
        super().__init__(self.message)

    def reply(self, page_id: str, regain_minutes: int = 1) -> Reply:
        """Give the HTTP response; *page_id* and *regain_minutes* appear in the headers of a rate limit."""
        error: Json = {"message": self.message, "type": self.type, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.is_transient is not None:
            error["is_transient"] = self.is_transient
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        return Reply(self.status, {"error": error}, self._headers(page_id, regain_minutes))

    def _headers(self, page_id: str, regain_minutes: int) -> dict[str, str]:
        usage: Json = {"call_count": 100, "total_cputime": 25, "total_time": 25}
        if self.code in RATE_LIMITED_BY_APP:
            return {"X-App-Usage": json.dumps(usage)}
        if self.code in RATE_LIMITED_BY_PAGE:
            usage |= {"type": "pages", "estimated_time_to_regain_access": regain_minutes}
            return {"X-Business-Use-Case-Usage": json.dumps({page_id: [usage]})}
        if self.code == DEAD_TOKEN:
            return {"WWW-Authenticate": f'OAuth "Facebook Platform" "invalid_token" "{self.message}"'}
        return {}


def not_there(method: str, object_id: str) -> GraphError:
    """Give the answer for an object that was deleted, never was, or belongs to somebody else."""
    return GraphError(
        INVALID_PARAMETER,
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, cannot be loaded "
        "due to missing permissions, or does not support this operation. "
        f"Please read the Graph API documentation at {_DOCUMENTATION}",
        subcode=NOT_THERE,
        type_="GraphMethodException",
    )


def invalid(sentence: str, *, subcode: int | None = None) -> GraphError:
    """Give the answer for a parameter that Graph does not take."""
    return GraphError(INVALID_PARAMETER, f"(#100) {sentence}", subcode=subcode)


def unknown_path(path: str) -> GraphError:
    """Give the answer for a path that no object has."""
    return GraphError(2500, f"Unknown path components: {path}")
