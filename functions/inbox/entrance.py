"""The way in and out: a link is used up and begins a session, and signing out ends it.

A link is to a question, to a post (`posts/` and its encoded id stand for the question's id), or to the list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from functions.inbox import pages
from functions.inbox.desk import ASKED, NO_LONGER_STAFF, visit_with_form
from functions.inbox.request import SESSION_COOKIE, Request
from switchboard.domain.session import SESSION_LIFETIME, Session, digest_of

if TYPE_CHECKING:
    from datetime import datetime

    from aws_lambda_powertools.event_handler import Response

    from functions.inbox.desk import Desk

logger = Logger()

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def show_link(token: str) -> Response[str]:
    """A button, and not a word about the question: whoever fetches the link is not yet known to be the person."""
    request, desk, now = ASKED.get().unpack()
    found = desk.sessions.find_token(digest_of(token), now=now) if _TOKEN.fullmatch(token) else None
    if found is None:
        return _link_is_over(request, desk, now)
    return pages.page("link.html", request, token=token, what=_what(found.question_id))


def use_link(token: str) -> Response[str]:
    """Use the link up, begin a session, and go on to the question, or to the list when the link is of no question.

    The session is stored first and ended again if somebody else was faster: a link is never used up in vain.
    """
    request, desk, now = ASKED.get().unpack()
    request.require_same_origin()
    digest = digest_of(token)
    found = desk.sessions.find_token(digest, now=now) if _TOKEN.fullmatch(token) else None
    if found is None:
        return _link_is_over(request, desk, now)
    if found.staff_id not in desk.automation.current().staff:
        raise NO_LONGER_STAFF
    secret = desk.new_secret(32)
    session = Session(
        digest=digest_of(secret),
        staff_id=found.staff_id,
        csrf_token=desk.new_secret(32),
        expires_at=now + SESSION_LIFETIME,
    )
    desk.sessions.put_session(session)
    if desk.sessions.consume_token(digest, now=now) is None:
        desk.sessions.end_session(session.digest)
        return _link_is_over(request, desk, now)
    if request.session_secret:
        desk.sessions.end_session(digest_of(request.session_secret))
    logger.info("link_used", question_id=found.question_id, staff_id=found.staff_id)
    where = f"inbox/{found.question_id}" if found.question_id else "inbox"
    return pages.redirect(request, where, [_cookie(secret, int(SESSION_LIFETIME.total_seconds()))])


def sign_out() -> Response[str]:
    """End the session and take the cookie back."""
    visit, _ = visit_with_form()
    visit.desk.sessions.end_session(visit.session.digest)
    logger.info("signed_out", staff_id=visit.me)
    return pages.message(
        visit.request,
        status=200,
        title="You are signed out",
        text="Alerts still reach you. The link in the next text or email signs you in again.",
        cookies=[_cookie("", 0)],
    )


def _what(place: str) -> str:
    """Return what a link opens; one to a post has its address below the inbox in the place of a question."""
    if place.startswith("posts/"):
        return "the post"
    return "your question" if place else "the inbox"


def _cookie(secret: str, seconds: int) -> Cookie:
    return Cookie(
        SESSION_COOKIE,
        secret,
        path="/",
        secure=True,
        http_only=True,
        max_age=seconds,
        same_site=SameSite.LAX_MODE,
    )


def _link_is_over(request: Request, desk: Desk, now: datetime) -> Response[str]:
    """Say that the link is used up or expired; whoever is signed in gets on from here."""
    secret = request.session_secret
    signed_in = bool(secret) and desk.sessions.find_session(digest_of(secret), now=now) is not None
    todo = "You are still signed in." if signed_in else "Open the link in your newest text or email."
    return pages.message(
        request,
        status=410,
        title="This link no longer works",
        text=f"It was used already, or its 30 minutes are over. {todo}",
        inbox=signed_in,
    )
