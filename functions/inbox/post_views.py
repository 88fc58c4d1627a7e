"""What the pages show of one post: plain values, worded, for the templates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from functions.inbox import post_words, words
from functions.inbox.views import names_of
from switchboard.domain.approval import approvers_of, may_approve, may_go_out
from switchboard.domain.composing import EARLIEST, LONGEST, longest
from switchboard.domain.post import HoldState, PostState
from switchboard.domain.recurrence import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.post import Hold, Post

_OURS_TO_EDIT = (PostState.DRAFT, PostState.TO_APPROVE, PostState.SCHEDULED, PostState.HELD, PostState.FAILED)
_WITH_A_PERSON = (PostState.HELD, PostState.DRAFT, PostState.FAILED, PostState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A post in a list; *link* is its id as it stands in an address."""

    link: str
    channel: str
    when: str
    time: str
    text: str
    state: str
    look: str
    rule: str = ""
    reason: str = ""
    evidence: tuple[str, ...] = ()
    note: str = ""
    who: str = ""
    repeats: str = ""
    alarm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """A post's own page, with what may be done; *done* is what the visitor just did.

    *give_back* says what its button does, *why_not* why there is none. *by_hand* is what a person must do in a
    scheduler that can only be read.
    """

    card: Card
    version: int
    text: str
    image: tuple[str, str] | None
    facts: tuple[tuple[str, str], ...]
    hold: Card | None
    holds: tuple[tuple[str, str], ...]
    done: str
    by_hand: str
    outside: str
    outside_link: str
    give_back: str
    why_not: str
    may_edit: bool
    may_reschedule: bool
    may_hold: bool
    may_discard: bool
    may_approve: bool
    approvers: str
    is_series: bool
    series_link: str


def card(post: Post, config: AutomationConfig, *, now: datetime) -> Card:
    """Return *post* as lists show it."""
    names = names_of(config)
    asked = post.state is PostState.SERIES and not may_go_out(post, config)
    seen = replace(post, state=PostState.TO_APPROVE) if asked else post
    return Card(
        link=quote(post.post_id, safe=""),
        channel=post_words.channel(post.channel, config),
        when=words.clock(post.publish_at, now, config.zone),
        time=f"{post.publish_at.astimezone(ZoneInfo(config.zone)):%H:%M}",
        text=post_words.excerpt(post.text),
        state=post_words.state(seen),
        look=seen.state.value,
        who=words.person(post.author, names) if post.author else "",
        repeats=in_words(post) if post.series_id else "",
    )


def held_card(hold: Hold, config: AutomationConfig, *, now: datetime) -> Card:
    """Return the post of *hold* as the list of what is held shows it."""
    post = hold.snapshot
    escaped = hold.state is HoldState.NOT_HELD
    note = post_words.where_it_stands(hold, config, now)
    return Card(
        link=quote(hold.post_id, safe=""),
        channel=_where(post, config),
        when=words.clock(post.publish_at, now, config.zone),
        time=f"{post.publish_at.astimezone(ZoneInfo(config.zone)):%H:%M}",
        text=post_words.excerpt(post.text),
        state="Not paused" if escaped else "Held",
        look="not_held" if escaped else "held",
        rule=post_words.rule(hold.rule),
        reason=hold.reason,
        evidence=hold.evidence,
        note=" ".join(part for part in (hold.problem, note) if part),
        who=post_words.whom(post, config),
        alarm=escaped,
    )


def view(post: Post, holds: Sequence[Hold], config: AutomationConfig, me: str, *, now: datetime) -> PostView:
    """Return *post* as *me* sees it at *now*."""
    names = names_of(config)
    latest = holds[-1] if holds else None
    open_hold = latest if latest is not None and latest.state is HoldState.HELD else None
    escaped = latest is not None and latest.state is HoldState.NOT_HELD and post.state is PostState.SCHEDULED
    moving = open_hold is not None and open_hold.step is not None and open_hold.step.is_under_way
    ours, settled = post.outside is None, open_hold is not None and not moving and post.state in _WITH_A_PERSON
    is_series = post.post_id == post.series_id
    give_back, why_not = _give_back(post, open_hold, config, now) if settled else ("", "")
    waits = post.state is PostState.TO_APPROVE or (is_series and post.state is PostState.SERIES)
    shown = held_card(latest, config, now=now) if latest is not None and (open_hold is not None or escaped) else None
    there = post_words.scheduler(post, config)
    return PostView(
        card=card(post, config, now=now),
        version=post.version,
        text=post.text,
        image=(post.image_url, post.image_alt or "")
        if post.image_url and post.image_url.startswith("https:")
        else None,
        facts=_facts(post, config, now),
        hold=shown,
        holds=tuple(
            (words.clock(hold.held_at, now, config.zone), _past(hold, config)) for hold in holds if hold is not latest
        ),
        done=_done(post, latest, me, config, now),
        by_hand=f"Open it in {there}, and make it a draft or delete it there." if escaped and there else "",
        outside=there,
        outside_link=_link(post),
        give_back=give_back,
        why_not=why_not,
        may_edit=ours and not is_series and post.state in _OURS_TO_EDIT,
        may_reschedule=settled and (not ours or post.state is PostState.UNKNOWN),
        may_hold=ours and not is_series and post.state is PostState.SCHEDULED,
        may_discard=settled or (ours and (post.state in _OURS_TO_EDIT or post.state is PostState.SERIES)),
        may_approve=waits and not may_go_out(post, config) and may_approve(post, me, config),
        approvers=" or ".join(words.person(one, names) for one in approvers_of(post, config))
        if waits and not may_go_out(post, config)
        else "",
        is_series=is_series,
        series_link=quote(post.series_id, safe="") if post.series_id and not is_series else "",
    )


def local_input(moment: datetime | None, zone: str) -> str:
    """Return *moment* as the value of a form's field for day and time."""
    return "" if moment is None else f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def day_input(moment: datetime | None, zone: str) -> str:
    """Return the day of *moment* as the value of a form's field."""
    return "" if moment is None else f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d}"


def fields_of(post: Post, config: AutomationConfig) -> dict[str, str]:
    """Return *post* as its form has it."""
    zone = config.zone
    return {
        "channel": post.channel,
        "text": post.text,
        "publish_at": local_input(post.publish_at, zone),
        "event_ends_at": local_input(post.event_ends_at, zone),
        "review_by": day_input(post.review_by, zone),
        "owner": post.owner or "",
        "campaign": post.campaign or "",
        "category": post.category or "",
        "image_url": post.image_url or "",
        "image_alt": post.image_alt or "",
    }


def choices(config: AutomationConfig) -> dict[str, object]:
    """Return what the form of a post lets one choose from."""
    channels = [
        (name, post_words.channel(name, config), longest(config, name))
        for name, channel in config.channels.items()
        if channel.platform in LONGEST
    ]
    people = sorted(names_of(config).items(), key=lambda one: one[1].casefold())
    return {
        "channels": channels,
        "people": people,
        "categories": sorted(config.posts.approvals),
        "zone": config.zone.replace("_", " "),
        "longest": max((most for _, _, most in channels), default=max(LONGEST.values())),
    }


# --- one post ----------------------------------------------------------------------------------------------------


def _give_back(post: Post, hold: Hold | None, config: AutomationConfig, now: datetime) -> tuple[str, str]:
    """Return what the button says, or why there is none."""
    if hold is None:
        return "", ""
    due = hold.snapshot.publish_at
    if post.outside is None and not may_go_out(post, config):
        return "", f"{words.plain(post.category or '')} posts need approval: edit it, and it waits for that."
    if due < now + EARLIEST:
        return (
            "",
            "Its time has passed: choose another below." if due <= now else "It is due too soon: choose a later time.",
        )
    return f"Give it back for {words.clock(due, now, config.zone)}", ""


def _facts(post: Post, config: AutomationConfig, now: datetime) -> tuple[tuple[str, str], ...]:
    zone, names = config.zone, names_of(config)

    def clock(moment: datetime | None) -> str:
        return words.clock(moment, now, zone) if moment is not None else ""

    def person(staff_id: str | None) -> str:
        return words.person(staff_id, names) if staff_id else ""

    out = post.published_at is not None
    due = (
        "Went out"
        if out
        else {PostState.SCHEDULED: "Goes out", PostState.SERIES: "From"}.get(post.state, "Planned for")
    )
    approved = f"{person(post.approved_by)}, {clock(post.approved_at)}" if post.approved_by and post.approved_at else ""
    found = [
        (due, clock(post.published_at if out else post.publish_at)),
        (
            "Repeats",
            f"{in_words(post).capitalize()}, until {_day(post.repeat_until, zone)}" if post.repeat_until else "",
        ),
        ("Channel", post_words.channel(post.channel, config)),
        ("Waits in", post_words.scheduler(post, config)),
        ("Written by", person(post.author)),
        ("Owner", person(post.owner)),
        ("Category", words.plain(post.category) if post.category else ""),
        ("Approved by", approved),
        ("Campaign", post.campaign or ""),
        ("Event ends", clock(post.event_ends_at)),
        ("Look again by", _day(post.review_by, zone)),
        ("Kept by", person(post.kept_by)),
    ]
    return tuple((name, value) for name, value in found if value)


def _day(moment: datetime | None, zone: str) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %Y}"


def _past(hold: Hold, config: AutomationConfig) -> str:
    what = {
        HoldState.HELD: "Held",
        HoldState.RESUMED: "Held, and given back",
        HoldState.DISCARDED: "Held, and discarded",
        HoldState.NOT_HELD: "Could not be paused",
    }[hold.state]
    by = f" by {words.person(hold.released_by, names_of(config))}" if hold.released_by else ""
    return f"{what}{by}: {hold.reason}"


_JUST = timedelta(minutes=5)


def _done(post: Post, latest: Hold | None, me: str, config: AutomationConfig, now: datetime) -> str:
    """Return what *me* just did, and what came of it."""
    due = words.clock(post.publish_at, now, config.zone)
    if post.approved_by == me and post.approved_at is not None and now - post.approved_at < _JUST:
        return "You approved it." if post.state is PostState.SERIES else f"You approved it. It goes out {due}."
    if latest is None or latest.released_by != me or latest.released_at is None or now - latest.released_at >= _JUST:
        return ""
    match post.state:
        case PostState.SCHEDULED:
            return f"You gave it back. It goes out {due}."
        case PostState.TO_APPROVE:
            return "You gave it back. It waits for approval."
        case PostState.DRAFT:
            return "You gave it back as a draft: its time has passed. Choose another."
        case PostState.DISCARDED:
            return "You discarded it. It will not go out."
        case _:
            return ""


def _link(post: Post) -> str:
    link = post.outside.link if post.outside is not None else ""
    return link if link.startswith("https:") else ""


def _where(post: Post, config: AutomationConfig) -> str:
    there = post_words.scheduler(post, config)
    return post_words.channel(post.channel, config) + (f" · in {there}" if there else "")
