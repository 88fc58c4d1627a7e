"""inbox: the link from an alert opens a page on a phone, on which staff take, answer, pass on and close questions.

The pages of posts stand in `posting`.

GET and HEAD change nothing, and the link's own page shows nothing: previews and scanners fetch links. A POST uses the
link up and begins a session. No exception leaves this function: API Gateway would answer with its text.
"""

from __future__ import annotations

import re
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from functions.inbox import absence, duty, entrance, pages, posting, views, words
from functions.inbox.desk import ASKED, ATTEMPTS, Asked, Desk, Visit, visit_with_form
from functions.inbox.desk import visit as signed_in
from functions.inbox.request import Request
from switchboard import settings, wiring
from switchboard.domain.handling import Refusal, answer, claim, close, hand_over, pass_on
from switchboard.errors import Conflict, Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.domain.handling import CloseReason
    from switchboard.domain.question import Change, Conversation, Question

logger = Logger()
app = posting.with_posts(APIGatewayRestResolver())

LONGEST_LIST = 200
_QUESTION_ID = re.compile(r"[A-Z2-7]{26}")


def inbox(event: dict[str, Any], context: LambdaContext | None = None, *, desk: Desk, now: datetime) -> dict[str, Any]:
    """Answer one request of API Gateway's; never raises."""
    request = Request.of(event)
    head = request.method == "HEAD"
    asked = Asked(request=request, desk=desk, now=now)
    token = ASKED.set(asked)
    try:
        routed = {**event, "path": request.path, "httpMethod": "GET" if head else request.method}
        response: dict[str, Any] = app.resolve(routed, cast("Any", context))
    except Exception as error:  # noqa: BLE001 - the last door: an exception's text would be shown to the world
        response = _plain(_failed(request, error, asked.kept))
    finally:
        ASKED.reset(token)
    return {**response, "body": ""} if head else response


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request of API Gateway's."""
    try:
        desk = _desk(settings.Inbox.read())
    except Exception as error:  # noqa: BLE001 - as above
        return _plain(_failed(Request.of(event), error, ""))
    return inbox(event, context, desk=desk, now=datetime.now(UTC))


@app.get("/inbox/static/<file>")
def static(file: str) -> Response[str]:
    """The style sheet."""
    return pages.static(file) or _not_found()


@app.get("/c/<token>")
def show_link(token: str) -> Response[str]:
    """A button, and not a word about the question."""
    return entrance.show_link(token)


@app.post("/c/<token>")
def use_link(token: str) -> Response[str]:
    """Use the link up, and begin a session."""
    return entrance.use_link(token)


@app.post("/inbox/sign-out")
def post_sign_out() -> Response[str]:
    """End the session."""
    return entrance.sign_out()


@app.post("/inbox/away")
def post_away() -> Response[str]:
    """Let nobody ring the visitor for a while."""
    return absence.go_away()


@app.post("/inbox/back")
def post_back() -> Response[str]:
    """Let the visitor be rung again."""
    return absence.come_back()


@app.get("/inbox")
def show_inbox() -> Response[str]:
    """All unfinished questions, who is on duty, and how it stands with the visitor's own alerts."""
    visit = signed_in()
    roster = visit.roster()
    found = views.in_order(visit.desk.questions.unfinished(), visit.me)
    cards = [views.card(question, roster, visit.me, now=visit.now) for question in found[:LONGEST_LIST]]
    return pages.page(
        "inbox.html",
        visit.request,
        organisation=visit.config.organisation,
        me=words.person(visit.me, views.names_of(visit.config)),
        csrf=visit.session.csrf_token,
        counted=views.counted(cards, len(found)),
        cards=cards,
        more=len(found) - len(cards),
        mine=duty.mine(roster, visit.me, now=visit.now),
        on_duty=duty.on_duty(roster, visit.me, now=visit.now),
    )


@app.get("/inbox/<question_id>")
def show_question(question_id: str) -> Response[str]:
    """One question with everything that belongs to it."""
    visit = signed_in()
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


@app.post("/inbox/<question_id>/pass-on")
def post_pass_on(question_id: str) -> Response[str]:
    """Let whoever is next be rung at once: the visitor does not take the question, or gives it back."""
    return _act(question_id, lambda conversation, _, visit, __: pass_on(conversation, visit.me, now=visit.now))


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
    asked = ASKED.get()
    return _failed(asked.request, error, asked.kept)


@app.not_found  # pyright: ignore[reportUnknownMemberType] - not typed there
def show_not_found(_: Exception) -> Response[str]:
    """Any other address."""
    return _not_found()


def _desk(config: settings.Inbox) -> Desk:
    return Desk(
        questions=wiring.questions(config.questions_table),
        sessions=wiring.sessions(config.short_lived_table),
        pagers=wiring.pagers(config.questions_table),
        calendars=wiring.calendars(config.posts_table),
        posts=wiring.posts(config.posts_table),
        crises=wiring.crises(config.posts_table),
        mail=wiring.mail(config.sender_email, config.receipts_set),
        automation=wiring.automation(config),
    )


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
    visit, form = visit_with_form()
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
        logger.info(
            "acted", question_id=question_id, staff_id=visit.me, events=events, characters=len(form.get("text", ""))
        )
        return pages.redirect(visit.request, f"inbox/{question_id}")
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
        view=views.view(conversation, question, visit.roster(), visit.me, now=visit.now),
    )


def _not_found() -> Response[str]:
    request = ASKED.get().request
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
