"""The pages of posts: what is held and why, the calendar, writing, approving, and what a person decides on one post."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, unquote

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.inbox import crisis, pages, post_calendar, post_views
from functions.inbox.desk import visit as signed_in
from functions.inbox.desk import visit_with_form
from functions.inbox.filled import moment_in
from functions.inbox.frame import framed
from switchboard.domain.post import PostState
from switchboard.errors import Conflict, Rejected
from switchboard.verbs import composing, giving_back

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aws_lambda_powertools.event_handler import ApiGatewayResolver, Response

    from functions.inbox.desk import Visit
    from switchboard.domain.composing import Problem
    from switchboard.domain.post import Hold, Post
    from switchboard.ports import PostStore

    App = TypeVar("App", bound=ApiGatewayResolver)

logger = Logger()
router = Router()  # type: ignore[no-untyped-call]  # not typed there

_NEW_ID = re.compile(r"p-[A-Za-z0-9_-]{22}")
_FIELDS = {
    "channel": "Channel",
    "text": "Text",
    "publish_at": "When it goes out",
    "event_ends_at": "When the event is over",
    "review_by": "Look again by",
    "owner": "Owner",
    "campaign": "Campaign",
    "category": "Category",
    "image_url": "Address of a picture",
    "image_alt": "What the picture shows",
    "repeat_every": "Repeat every",
    "repeat_unit": "Days or weeks",
    "repeat_until": "Last day",
    "repeat_count": "How often in all",
}
LONGEST_REASON = 200


def with_posts(app: App) -> App:
    """Return *app* with the pages of posts, and of the switch that stops them."""
    app.include_router(router)
    app.include_router(crisis.router)
    return app


@router.get("/inbox/posts")
def show_posts() -> Response[str]:
    """What is held first, then what waits for approval, the next two weeks, and drafts."""
    visit = signed_in()
    return framed(
        "posts.html",
        visit,
        crisis=crisis.crisis_of(visit),
        calendar=post_calendar.calendar(visit.desk.posts, visit.config, now=visit.now),
        zone=visit.config.zone.replace("_", " "),
    )


@router.get("/inbox/posts/new")
def show_new() -> Response[str]:
    """The form of a new post."""
    visit = signed_in()
    return _form_page(visit, f"p-{visit.desk.new_secret(16)}", {"owner": visit.me})


@router.post("/inbox/posts/new")
def post_new() -> Response[str]:
    """Add a post, or a series. The same form sent twice is one."""
    visit, form = visit_with_form()
    post_id = form.get("post_id", "")
    if not _NEW_ID.fullmatch(post_id):
        raise Rejected("This form is out of date. Open the page again.", reason="no_post_id")
    written = composing.compose(
        form,
        post_id=post_id,
        by=visit.me,
        posts=visit.desk.posts,
        config=visit.config,
        now=visit.now,
        as_draft=form.get("as_draft") == "yes",
    )
    if written.post is None:
        return _form_page(visit, post_id, form, written.problems)
    logger.info("composed", post_id=post_id, staff_id=visit.me, state=written.post.state)
    return _to(visit, post_id)


@router.get("/inbox/posts/<post_id>")
def show_post(post_id: str) -> Response[str]:
    """One post: why it is held, by which evidence, and what may be done."""
    visit = signed_in()
    return _post_page(visit, *_load(visit, unquote(post_id)))


@router.post("/inbox/posts/<post_id>/give-back")
def post_give_back(post_id: str) -> Response[str]:
    """Release the hold: the post goes out at its own time."""
    return _act(post_id, lambda visit, name, _: giving_back.resume(name, by=visit.me, now=visit.now, posts=_of(visit)))


@router.post("/inbox/posts/<post_id>/reschedule")
def post_reschedule(post_id: str) -> Response[str]:
    """Release the hold for another time, with other words: a post of a scheduler outside."""

    def give_back(visit: Visit, name: str, form: Mapping[str, str]) -> object:
        text = form.get("text", "").replace("\r\n", "\n").strip()
        if not text:
            raise Rejected("The text is empty: write what shall go out.", reason="no_text")
        at = moment_in(form.get("publish_at", ""), visit.config.zone)
        return giving_back.resume(name, by=visit.me, now=visit.now, posts=_of(visit), at=at, text=text)

    return _act(post_id, give_back)


@router.post("/inbox/posts/<post_id>/hold")
def post_hold(post_id: str) -> Response[str]:
    """Hold a scheduled post, with a word why."""

    def pause(visit: Visit, name: str, form: Mapping[str, str]) -> object:
        why = " ".join(form.get("why", "").split())[:LONGEST_REASON]
        if not why:
            raise Rejected("Say why, so that others know.", reason="no_reason")
        return giving_back.pause_by_hand(name, by=visit.me, why=why, now=visit.now, posts=_of(visit))

    return _act(post_id, pause)


@router.post("/inbox/posts/<post_id>/discard")
def post_discard(post_id: str) -> Response[str]:
    """Take the post out for good, or end the series; asked twice."""

    def discard(visit: Visit, name: str, form: Mapping[str, str]) -> object:
        if form.get("sure") != "yes":
            raise Rejected("Tick that you are sure: it cannot be brought back.", reason="not_sure")
        post, _ = _load(visit, name)
        if post.outside is None and post.state is not PostState.UNKNOWN:
            return composing.withdraw(name, by=visit.me, seen=_version(form), posts=_of(visit), now=visit.now)
        return giving_back.discard(name, by=visit.me, now=visit.now, posts=_of(visit))

    return _act(post_id, discard)


@router.post("/inbox/posts/<post_id>/approve")
def post_approve(post_id: str) -> Response[str]:
    """Let the post go out, as the visitor saw it."""

    def approve(visit: Visit, name: str, form: Mapping[str, str]) -> object:
        seen = _version(form)
        return composing.approve(name, by=visit.me, seen=seen, posts=_of(visit), config=visit.config, now=visit.now)

    return _act(post_id, approve)


@router.post("/inbox/posts/<post_id>/refuse")
def post_refuse(post_id: str) -> Response[str]:
    """Give the post back to whoever wrote it, with a word why."""

    def refuse(visit: Visit, name: str, form: Mapping[str, str]) -> object:
        return composing.refuse(
            name,
            by=visit.me,
            seen=_version(form),
            why=form.get("why", ""),
            posts=_of(visit),
            config=visit.config,
            now=visit.now,
        )

    return _act(post_id, refuse)


@router.post("/inbox/posts/<post_id>/edit")
def post_edit(post_id: str) -> Response[str]:
    """Give a post of our own queue other words or another time."""
    visit, form = visit_with_form()
    name = unquote(post_id)
    post, holds = _load(visit, name)
    try:
        written = composing.edit(
            name, form, by=visit.me, seen=_version(form), posts=_of(visit), config=visit.config, now=visit.now
        )
    except Rejected as refusal:
        return _post_page(visit, *_load(visit, name), said=str(refusal), form=form)
    if written.post is None:
        return _post_page(visit, post, holds, problems=written.problems, form=form)
    logger.info("edited", post_id=name, staff_id=visit.me, state=written.post.state)
    return _to(visit, name)


# --- what every page and every action has ------------------------------------------------------------------------


def _of(visit: Visit) -> PostStore:
    return visit.desk.posts


def _load(visit: Visit, post_id: str) -> tuple[Post, tuple[Hold, ...]]:
    found = visit.desk.posts.load(post_id)
    if found is None:
        raise Rejected("There is no such post. It may have been long ago.", status=404, reason="no_such_post")
    return found


def _act(post_id: str, do: Callable[[Visit, str, Mapping[str, str]], object]) -> Response[str]:
    """Do it, and show the post; what was refused is said on its page."""
    visit, form = visit_with_form()
    name = unquote(post_id)
    try:
        do(visit, name, form)
    except Rejected as refusal:
        if refusal.status == 404:  # noqa: PLR2004 - HTTP's
            raise
        return _post_page(visit, *_load(visit, name), said=str(refusal), form=form)
    except Conflict:
        said = "Somebody changed it at the same moment. Nothing was done. Look at it below, then try again."
        return _post_page(visit, *_load(visit, name), said=said, form=form)
    logger.info("acted", post_id=name, staff_id=visit.me, action=visit.request.path.rpartition("/")[2])
    return _to(visit, name)


def _to(visit: Visit, post_id: str) -> Response[str]:
    return pages.redirect(visit.request, f"inbox/posts/{quote(post_id, safe='')}")


def _version(form: Mapping[str, str]) -> int:
    """Return which version of the post the visitor saw; a form without one is of none that there is."""
    seen = form.get("seen", "")
    return int(seen) if re.fullmatch(r"[0-9]{1,9}", seen) else -1


def _form_page(
    visit: Visit, post_id: str, filled: Mapping[str, str], problems: Sequence[Problem] = ()
) -> Response[str]:
    return framed(
        "post_new.html",
        visit,
        status=400 if problems else 200,
        crisis=crisis.crisis_of(visit),
        post_id=post_id,
        filled={field: filled.get(field, "") for field in _FIELDS},
        problems=_worded(problems),
        choices=post_views.choices(visit.config),
    )


def _post_page(
    visit: Visit,
    post: Post,
    holds: Sequence[Hold],
    *,
    said: str = "",
    problems: Sequence[Problem] = (),
    form: Mapping[str, str] | None = None,
) -> Response[str]:
    view = post_views.view(post, holds, visit.config, visit.me, now=visit.now)
    kept = {field: value for field, value in (form or {}).items() if field in _FIELDS}
    return framed(
        "post.html",
        visit,
        status=400 if problems else 409 if said else 200,
        view=view,
        said=said,
        problems=_worded(problems),
        filled={**dict.fromkeys(_FIELDS, ""), **post_views.fields_of(post, visit.config), **kept},
        why=(form or {}).get("why", ""),
        choices=post_views.choices(visit.config),
        zone=visit.config.zone.replace("_", " "),
    )


def _worded(problems: Sequence[Problem]) -> dict[str, tuple[str, str]]:
    """Return label and sentence of each problem by its field."""
    return {
        one.field: (_FIELDS.get(one.field, one.field), f"{one.message[:1].upper()}{one.message[1:]}; {one.remedy}.")
        for one in problems
    }
