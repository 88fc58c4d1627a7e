"""The page of the crisis switch: it stops all automatic posts, says what could not be paused, and ends it.

Starting is asked twice. Everybody sees it; only those whom the config names may turn it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.inbox import pages, post_views, post_words, words
from functions.inbox.desk import visit as signed_in
from functions.inbox.desk import visit_with_form
from functions.inbox.filled import moment_in
from functions.inbox.frame import framed
from functions.inbox.views import names_of
from switchboard.domain.crisis import LONGEST_REASON, UNLESS_SAID, Crisis, in_force
from switchboard.domain.post import PostState
from switchboard.domain.scheduler_kinds import KINDS
from switchboard.errors import Conflict, Rejected
from switchboard.verbs.crisis import end_crisis, may_switch, start_crisis

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aws_lambda_powertools.event_handler import Response

    from functions.inbox.desk import Visit
    from switchboard.config import AutomationConfig
    from switchboard.domain.crisis import NotPaused

logger = Logger()
router = Router()  # type: ignore[no-untyped-call]  # not typed there

MOST_PAST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Escaped:
    """What was not paused; *link* is the address of its page, "" for a whole scheduler."""

    where: str
    when: str
    why: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisView:
    """The crisis in force. *listed* is when it was last looked what is paused, "" before the first look."""

    reason: str
    who: str
    since: str
    until: str
    held: int
    listed: str
    escaped: tuple[Escaped, ...]
    more: int
    by_config: bool


@router.get("/inbox/crisis")
def show_crisis() -> Response[str]:
    """Whether posts are stopped, what was not paused, and the switch."""
    return _page(signed_in())


@router.post("/inbox/crisis/start")
def post_start() -> Response[str]:
    """Ask whether it shall be, then stop all automatic posts."""
    visit, form = visit_with_form()
    try:
        _must_be_allowed(visit)
        reason, until = _asked(visit, form)
        if form.get("sure") != "yes":
            return _confirm(visit, reason, until)
        start_crisis(
            reason=reason,
            by=visit.me,
            via="inbox",
            until=until,
            crises=visit.desk.crises,
            config=visit.config,
            mail=visit.desk.mail,
            now=visit.now,
        )
    except (Rejected, Conflict) as refusal:
        return _page(visit, said=_said(refusal), form=form, status=_status(refusal))
    logger.info("crisis_started", staff_id=visit.me)
    return pages.redirect(visit.request, "inbox/crisis")


@router.post("/inbox/crisis/end")
def post_end() -> Response[str]:
    """End it; what is held stays held."""
    visit, form = visit_with_form()
    try:
        _must_be_allowed(visit)
        _must_be_sure(form)
        end_crisis(by=visit.me, crises=visit.desk.crises, now=visit.now)
    except (Rejected, Conflict) as refusal:
        return _page(visit, said=_said(refusal), form=form, status=_status(refusal))
    logger.info("crisis_ended", staff_id=visit.me)
    return pages.redirect(visit.request, "inbox/crisis")


def crisis_of(visit: Visit) -> CrisisView | None:
    """Return the crisis that stops posts now, for a page."""
    stored = visit.desk.crises.current()
    found = in_force(stored, visit.config, visit.now)
    return None if found is None else _view(found, stored, visit.config, visit.now)


def _view(found: Crisis, stored: Crisis | None, config: AutomationConfig, now: datetime) -> CrisisView:
    # What the config stops is listed with what is stored of it.
    seen = stored if stored is not None and stored.is_in_force(now) else found
    escaped = tuple(_escaped(one, config, now) for one in seen.not_paused)
    return CrisisView(
        reason=found.reason,
        who=_who(found.started_by, config),
        since=words.clock(found.started_at, now, config.zone),
        until=words.clock(found.until, now, config.zone),
        held=seen.held,
        listed=words.clock(seen.listed_at, now, config.zone) if seen.listed_at is not None else "",
        escaped=escaped,
        more=max(seen.open_count - len(escaped), 0),
        by_config=found.via == "config",
    )


def _escaped(one: NotPaused, config: AutomationConfig, now: datetime) -> Escaped:
    known = config.schedulers.get(one.scheduler)
    label = KINDS[known.kind].label if known is not None else one.scheduler
    where = post_words.channel(one.channel, config) if one.channel else ""
    return Escaped(
        where=" · in ".join(part for part in (where, label) if part),
        when=words.clock(one.publish_at, now, config.zone) if one.publish_at is not None else "",
        why=one.why,
        link=quote(one.post_id, safe="") if one.post_id else "",
    )


def _who(staff_id: str, config: AutomationConfig) -> str:
    return "The automation config" if staff_id == "config" else words.person(staff_id, names_of(config))


def _past(crisis: Crisis, config: AutomationConfig, now: datetime) -> tuple[str, str]:
    ended = crisis.ended_at or crisis.until
    by = f", ended by {_who(crisis.ended_by, config)}" if crisis.ended_by else ""
    span = f"{words.clock(crisis.started_at, now, config.zone)} to {words.clock(ended, now, config.zone)}"
    return span, f"{_who(crisis.started_by, config)}: {crisis.reason}{by}"


def _must_be_allowed(visit: Visit) -> None:
    if not may_switch(visit.me, visit.config):
        raise Rejected(f"You may not. Ask {_allowed(visit)}.", status=403, reason="no_admin")


def _must_be_sure(form: Mapping[str, str]) -> None:
    if form.get("sure") != "yes":
        raise Rejected("Tick that you are sure: new posts go out again then.", status=409, reason="not_sure")


def _asked(visit: Visit, form: Mapping[str, str]) -> tuple[str, datetime]:
    """Return the reason and the end that the form says."""
    reason = " ".join(form.get("reason", "").split())[:LONGEST_REASON]
    if not reason:
        raise Rejected("Say why: everybody who is told reads it.", reason="no_reason")
    until = moment_in(form["until"], visit.config.zone) if form.get("until") else visit.now + UNLESS_SAID
    if until <= visit.now:
        raise Rejected("Its end has passed: choose a later one.", reason="ended_before")
    return reason, until


def _allowed(visit: Visit) -> str:
    people = visit.config.admins or (visit.config.last_resort,)
    return " or ".join(words.person(one, names_of(visit.config)) for one in people)


def _said(refusal: Exception) -> str:
    if isinstance(refusal, Conflict):
        return "Somebody turned the switch at the same moment. Look at it below, then try again."
    text = str(refusal)
    return text[:1].upper() + text[1:]


def _status(refusal: Exception) -> int:
    return refusal.status if isinstance(refusal, Rejected) else 409


def _page(visit: Visit, *, said: str = "", form: Mapping[str, str] | None = None, status: int = 200) -> Response[str]:
    now, config = visit.now, visit.config
    was = [one for one in visit.desk.crises.past() if not one.is_in_force(now)]
    return framed(
        "crisis.html",
        visit,
        status=status,
        crisis=crisis_of(visit),
        may=may_switch(visit.me, config),
        allowed=_allowed(visit),
        said=said,
        reason=(form or {}).get("reason", ""),
        until=(form or {}).get("until", ""),
        longest=LONGEST_REASON,
        past=[_past(one, config, now) for one in was[:MOST_PAST]],
        zone=config.zone.replace("_", " "),
    )


def _confirm(visit: Visit, reason: str, until: datetime) -> Response[str]:
    own = len(visit.desk.posts.in_state([PostState.SCHEDULED, PostState.PUBLISHING]))
    names = sorted({KINDS[one.kind].label for one in visit.config.schedulers.values()})
    return framed(
        "crisis_confirm.html",
        visit,
        reason=reason,
        until=post_views.local_input(until, visit.config.zone),
        ends=words.clock(until, visit.now, visit.config.zone),
        own=own,
        schedulers=" and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part),
        zone=visit.config.zone.replace("_", " "),
    )
