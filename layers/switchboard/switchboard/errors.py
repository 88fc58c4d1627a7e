"""Every error of Switchboard, by what its catcher does.

    SwitchboardError
    ├── Rejected          never retry: tell the sender what is wrong and how to mend it
    │   └── Unreachable   the contact itself is dead, opted out, bounced, no such number: use another from now on
    ├── Unavailable       let the trigger retry: nothing was done, or doing it again is safe
    │   └── Conflict      somebody else changed it first: load again and decide again
    ├── OutcomeUnknown    it may have happened: look it up before it is ever done again
    └── Misconfigured     alarm: a person must change a setting, a secret or the config

Adapters translate foreign errors into these, `from exc`. Nobody branches on a message's text.
"""

from __future__ import annotations


class SwitchboardError(Exception):
    """The root of all errors that Switchboard raises itself."""


class Rejected(SwitchboardError):
    """The request is wrong and stays wrong; *status* is the HTTP status that says so."""

    def __init__(self, message: str, *, status: int = 400, reason: str = "rejected") -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


class Unreachable(Rejected):
    """The contact itself is dead: opted out, bounced, no such number. Trying it again reaches nobody."""

    def __init__(self, message: str, *, status: int = 400, reason: str = "unreachable") -> None:
        super().__init__(message, status=status, reason=reason)


class Unavailable(SwitchboardError):
    """Something outside did not answer; nothing was done. *retry_after* is in seconds, if it was told."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Conflict(Unavailable):
    """The fence was lost: the stored version is not the one that the decision was made on."""


class OutcomeUnknown(SwitchboardError):
    """The request left and no answer came back; it may have been carried out."""


class Misconfigured(SwitchboardError):
    """A setting, a secret or the automation config is missing or wrong; it names which."""
