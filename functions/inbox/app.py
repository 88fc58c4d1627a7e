"""inbox: the link from an alert opens a page on a phone, to see, claim, answer, hand over and close a question.

GET and HEAD change nothing, and the link's own page shows nothing: previews and scanners fetch links. A POST uses the
link up and begins a session. No exception leaves this function: API Gateway would answer with its text.
"""

from __future__ import annotations

import re
import secrets
import traceback
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from functions.inbox import pages, views, words
from functions.inbox.request import SESSION_COOKIE, Request, same_secret
from switchboard import settings, wiring
from switchboard.domain.handling import Refusal, answer, claim, close, hand_over
from switchboard.domain.session import SESSION_LIFETIME, Session, digest_of
from switchboard.errors import Conflict, Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.config import AutomationConfig
    from switchboard.domain.handling import CloseReason
    from switchboard.domain.question import Change, Conversation, Question
    from switchboard.ports import AutomationSource, QuestionStore, Sessions

logger = Logger()
app = APIGatewayRestResolver()

ATTEMPTS = 3
"""So often an action is decided anew when somebody else changed the question at the same moment."""

LONGEST_LIST = 200
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_QUESTION_ID = re.compile(r"[A-Z2-7]{26}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The ports of the inbox. *new_secret* makes a URL-safe secret of so many random bytes."""

    questions: QuestionStore
    sessions: Sessions
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


_ASKED: ContextVar[Asked] = ContextVar("asked")


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


def inbox(event: dict[str, Any], context: LambdaContext | None = None, *, desk: Desk, now: datetime) -> dict[str, Any]:
    """Answer one request of API Gateway's; never raises."""
    request = Request.of(event)
    head = request.method == "HEAD"
    asked = Asked(request=request, desk=desk, now=now)
    token = _ASKED.set(asked)
    try:
        routed = {**event, "path": request.path, "httpMethod": "GET" if head else request.method}
        response: dict[str, Any] = app.resolve(routed, cast("Any", context))
    except Exception as error:  # noqa: BLE001 - the last door: an exception's text would be shown to the world
        response = _plain(_failed(request, error, asked.kept))
    finally:
        _ASKED.reset(token)
    return {**response, "body": ""} if head else response


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request of API Gateway's."""
    try:
        config = settings.Inbox.read()
        desk = Desk(
            questions=wiring.questions(config.questions_table),
            sessions=wiring.sessions(config.short_lived_table),
            automation=wiring.automation(config),
        )
    except Exception as error:  # noqa: BLE001 - as above
        return _plain(_failed(Request.of(event), error, ""))
    return inbox(event, context, desk=desk, now=datetime.now(UTC))


@app.get("/inbox/static/<file>")
def static(file: str) -> Response[str]:
    """The style sheet."""
    return pages.static(file) or _not_found()


@app.get("/c/<token>")
def show_link(token: str) -> Response[str]:
    """A button, and not a word about the question: whoever fetches the link is not yet known to be the person."""
    request, desk, now = _ASKED.get().unpack()
    if not _TOKEN.fullmatch(token) or desk.sessions.find_token(digest_of(token), now=now) is None:
        return _link_is_over(request, desk, now)
    return pages.page("link.html", request, token=token)


@app.post("/c/<token>")
def use_link(token: str) -> Response[str]:
    """Use the link up, begin a session, and go on to the question.

    The session is stored first and ended again if somebody else was faster: a link is never used up in vain.
    """
    request, desk, now = _ASKED.get().unpack()
    request.require_same_origin()
    digest = digest_of(token)
    found = desk.sessions.find_token(digest, now=now) if _TOKEN.fullmatch(token) else None
    if found is None:
        return _link_is_over(request, desk, now)
    if found.staff_id not in desk.automation.current().staff:
        raise _NO_LONGER_STAFF
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
    return pages.redirect(request, where, [_cookie(secret)])


@app.get("/inbox")
def show_inbox() -> Response[str]:
    """All unfinished questions: one's own first, then the most urgent."""
    visit = _visit()
    found = views.in_order(visit.desk.questions.unfinished(), visit.me)
    cards = [views.card(question, visit.config, visit.me, now=visit.now) for question in found[:LONGEST_LIST]]
    return pages.page(
        "inbox.html",
        visit.request,
        organisation=visit.config.organisation,
        me=words.person(visit.me, views.names_of(visit.config)),
        cards=cards,
        more=len(found) - len(cards),
    )


@app.get("/inbox/<question_id>")
def show_question(question_id: str) -> Response[str]:
    """One question with everything that belongs to it."""
    visit = _visit()
    return _question_page(visit, *_load(visit, question_id))


@app.post("/inbox/<question_id>/claim")
def post_claim(question_id: str) -> Response[str]:
    """Claim the question, or renew the claim."""
    return _act(
        question_id,
        lambda conversation, question, visit, _: claim(
            conversation, visit.me, now=visit.now, lasting=visit.config.claims.lasting(question.urgency)
        ),
    )


@app.post("/inbox/<question_id>/answer")
def post_answer(question_id: str) -> Response[str]:
    """Put an answer on its way. The same form sent twice is one answer."""
    return _act(
        question_id,
        lambda conversation, _, visit, form: answer(
            conversation,
            visit.me,
            text=form.get("text", ""),
            answer_id=form.get("answer_id", ""),
            in_reply_to=form.get("in_reply_to", ""),
            now=visit.now,
        ),
    )


@app.post("/inbox/<question_id>/hand-over")
def post_hand_over(question_id: str) -> Response[str]:
    """Hand the question over to somebody else, who is rung."""
    return _act(
        question_id,
        lambda conversation, _, visit, form: (
            hand_over(conversation, visit.me, form["to"], now=visit.now)
            if form.get("to") in visit.config.staff
            else Refusal(reason="Choose somebody of the staff list to hand it over to.")
        ),
    )


@app.post("/inbox/<question_id>/close")
def post_close(question_id: str) -> Response[str]:
    """Close the question without an answer from here."""
    return _act(
        question_id,
        lambda conversation, _, visit, form: (
            close(
                conversation,
                visit.me,
                now=visit.now,
                why=cast("CloseReason", form["why"]),
                latest=form.get("in_reply_to", ""),
            )
            if form.get("why") in words.CLOSE_REASONS
            else Refusal(reason="Choose why you close it.")
        ),
    )


@app.exception_handler(Exception)  # type: ignore[untyped-decorator]  # not typed there
def show_failure(error: Exception) -> Response[str]:
    """Whatever a route raises. Left to the resolver it would be logged with its text."""
    asked = _ASKED.get()
    return _failed(asked.request, error, asked.kept)


@app.not_found  # pyright: ignore[reportUnknownMemberType] - not typed there
def show_not_found(_: Exception) -> Response[str]:
    """Any other address."""
    return _not_found()


def _visit() -> Visit:
    """Return who is there; raise Rejected (401) without a session, or when its owner has left the staff list."""
    request, desk, now = _ASKED.get().unpack()
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
        raise _NO_LONGER_STAFF
    return Visit(request=request, desk=desk, config=config, session=session, now=now)


def _load(visit: Visit, question_id: str) -> tuple[Conversation, Question]:
    conversation = visit.desk.questions.load(question_id) if _QUESTION_ID.fullmatch(question_id) else None
    if conversation is None or conversation.question is None:
        raise Rejected("There is no such question. It may have been deleted.", status=404, reason="no_question")
    return conversation, conversation.question


def _act(
    question_id: str,
    decide: Callable[[Conversation, Question, Visit, dict[str, str]], Change | Refusal | None],
) -> Response[str]:
    """Decide and write; decide anew when somebody else was faster. What was refused is said on the question's page."""
    asked = _ASKED.get()
    asked.request.require_same_origin()
    form = asked.request.form()
    asked.kept = form.get("text", "")
    visit = _visit()
    if not same_secret(form.get("csrf", ""), visit.session.csrf_token):
        raise Rejected("This form is out of date. Open the question again.", status=403, reason="csrf")
    for _ in range(ATTEMPTS):
        conversation, question = _load(visit, question_id)
        outcome = decide(conversation, question, visit, form)
        if isinstance(outcome, Refusal):
            said = outcome.in_words(views.names_of(visit.config), views.zone_of(question, visit.config))
            return _question_page(visit, conversation, question, said=said, form=form)
        try:
            if outcome is not None:
                visit.desk.questions.commit(outcome)
        except Conflict:
            continue
        events = [event.kind for event in outcome.events] if outcome else ["repeated"]
        logger.info("acted", question_id=question_id, staff_id=visit.me, events=events, characters=len(asked.kept))
        return pages.redirect(asked.request, f"inbox/{question_id}")
    said = "The question changed at the same moment. Nothing was done. Look at it below, then try again."
    return _question_page(visit, *_load(visit, question_id), said=said, form=form)


def _question_page(
    visit: Visit, conversation: Conversation, question: Question, *, said: str = "", form: dict[str, str] | None = None
) -> Response[str]:
    form = form or {}
    return pages.page(
        "question.html",
        visit.request,
        status=409 if said else 200,
        organisation=visit.config.organisation,
        me=words.person(visit.me, views.names_of(visit.config)),
        csrf=visit.session.csrf_token,
        answer_id=form.get("answer_id") or visit.desk.new_secret(16),
        kept=form.get("text", ""),
        said=said,
        view=views.view(conversation, question, visit.config, visit.me, now=visit.now),
    )


def _cookie(secret: str) -> Cookie:
    return Cookie(
        SESSION_COOKIE,
        secret,
        path="/",
        secure=True,
        http_only=True,
        max_age=int(SESSION_LIFETIME.total_seconds()),
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


def _not_found() -> Response[str]:
    request = _ASKED.get().request
    return pages.message(request, status=404, title="Not found", text="There is nothing at this address.", inbox=True)


def _failed(request: Request, error: Exception, kept: str) -> Response[str]:
    """Return the page for *error*. The log gets its type and place: its message might hold words of the author."""
    if isinstance(error, Rejected):
        logger.info("refused", status=error.status, reason=error.reason)
        page = pages.message(
            request,
            status=error.status,
            title="Please sign in" if error.status == 401 else "That did not work",  # noqa: PLR2004 - HTTP's
            text=str(error),
            kept=kept,
            inbox=error.status != 401,  # noqa: PLR2004
        )
    else:
        place = traceback.extract_tb(error.__traceback__)[-1:]
        at = [f"{frame.filename}:{frame.lineno}" for frame in place]
        logger.error("failed", error=type(error).__name__, at=at)
        page = pages.message(
            request,
            status=503 if isinstance(error, Unavailable) else 500,
            title="Something went wrong",
            text="The inbox could not do that. Go back and try again in a minute; sending a form twice is harmless.",
            kept=kept,
        )
    return page


def _plain(page: Response[str]) -> dict[str, Any]:
    """Return *page* as API Gateway takes it, without the resolver: it may be what failed."""
    headers = {name: [str(value)] for name, value in page.headers.items()}
    return {
        "statusCode": page.status_code,
        "body": page.body,
        "isBase64Encoded": False,
        "multiValueHeaders": headers,
    }


_NO_LONGER_STAFF = Rejected(
    "You are no longer on the staff list. Ask whoever keeps it to add you again.", status=401, reason="not_staff"
)
