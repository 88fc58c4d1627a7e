"""Who is at the desk: the ports of the inbox, the request being answered, and the staff member who sent it."""

from __future__ import annotations

import secrets
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from functions.inbox.request import Request, same_secret
from switchboard.domain.roster import Roster
from switchboard.domain.session import digest_of
from switchboard.errors import Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.session import Session
    from switchboard.ports import (
        AutomationSource,
        CalendarSpans,
        CrisisStore,
        Mail,
        Pagers,
        PostStore,
        QuestionStore,
        Sessions,
    )

ATTEMPTS = 3
"""So often an action is decided anew when somebody else wrote at the same moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The ports of the inbox. *new_secret* makes a URL-safe secret of so many random bytes."""

    questions: QuestionStore
    sessions: Sessions
    pagers: Pagers
    calendars: CalendarSpans
    posts: PostStore
    crises: CrisisStore
    mail: Mail
    automation: AutomationSource
    new_secret: Callable[[int], str] = secrets.token_urlsafe


@dataclass(slots=True, kw_only=True)
class Asked:
    """What is being answered; *kept* is what the visitor wrote, in case it cannot be stored."""

    request: Request
    desk: Desk
    now: datetime
    kept: str = ""

    def unpack(self) -> tuple[Request, Desk, datetime]:
        """Return the parts that every route needs."""
        return self.request, self.desk, self.now


ASKED: ContextVar[Asked] = ContextVar("asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request by a staff member, with the config in force."""

    request: Request
    desk: Desk
    config: AutomationConfig
    session: Session
    now: datetime

    @property
    def me(self) -> str:
        """The staff id."""
        return self.session.staff_id

    def roster(self) -> Roster:
        """Return who can be rung now. What cannot be read is left out: the page is shown all the same."""
        found = Roster(config=self.config)
        try:
            if self.config.calendars:
                found = replace(found, calendars=self.desk.calendars.current(self.config.calendars))
            return replace(found, pagers=self.desk.pagers.load(self.config.staff))
        except Unavailable:
            return found


def visit() -> Visit:
    """Return who is there; raise Rejected (401) without a session, or when its owner has left the staff list."""
    request, desk, now = ASKED.get().unpack()
    secret = request.session_secret
    session = desk.sessions.find_session(digest_of(secret), now=now) if secret else None
    if session is None:
        raise Rejected(
            "You are not signed in, or your session has ended. Open the link in your newest text or email.",
            status=401,
            reason="no_session",
        )
    config = desk.automation.current()
    if session.staff_id not in config.staff:
        raise NO_LONGER_STAFF
    return Visit(request=request, desk=desk, config=config, session=session, now=now)


def visit_with_form() -> tuple[Visit, dict[str, str]]:
    """Return who is there and the form they sent; raise Rejected when it is not a form of theirs."""
    asked = ASKED.get()
    asked.request.require_same_origin()
    form = asked.request.form()
    asked.kept = form.get("text", "")
    found = visit()
    if not same_secret(form.get("csrf", ""), found.session.csrf_token):
        raise Rejected("This form is out of date. Open the page again.", status=403, reason="csrf")
    return found, form


NO_LONGER_STAFF = Rejected(
    "You are no longer on the staff list. Ask whoever keeps it to add you again.", status=401, reason="not_staff"
)
