"""A post of our own queue from what a person filled in: `compose` and `edited` say every problem, with its remedy.

Times are wall time in the hospital's zone, as a browser's form sends them, unless they have an offset.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from switchboard.domain.approval import may_go_out
from switchboard.domain.post import Post, PostState
from switchboard.domain.recurrence import LONGEST_INTERVAL, MOST, ends_with, times
from switchboard.domain.wall import day_begins, earlier, is_real

if TYPE_CHECKING:
    from collections.abc import Mapping

    from switchboard.config import AutomationConfig

EARLIEST = timedelta(minutes=15)
"""So far ahead a post must be due when it is written, edited or approved."""
LATEST = timedelta(days=366)
LONGEST = {"facebook": 63_206}
"""The platforms to which we can post, and how many characters each takes."""
_SHORT = {"campaign": 80, "category": 40, "image_alt": 1000, "image_url": 2000}
_REPEATS = ("repeat_every", "repeat_unit", "repeat_until", "repeat_count")
_CATEGORY = re.compile(r"[a-z][a-z0-9-]*")
_DAYS = {"days": 1, "weeks": 7}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong in one *field*, and what to do about it."""

    field: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """Return it in one line."""
        return f"{self.field}: {self.message}; {self.remedy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """The post that was filled in, or a series; None exactly when there are *problems*."""

    post: Post | None
    problems: tuple[Problem, ...] = ()


def compose(
    fields: Mapping[str, Any], *, post_id: str, author: str, config: AutomationConfig, now: datetime
) -> Composed:
    """Return the post that *fields* describe, by *author*, or every problem in them.

    Fields: channel, text, publish_at, event_ends_at, review_by, owner, campaign, category, image_url, image_alt;
    repeat_every, repeat_unit ("days", "weeks"), and one of repeat_until and repeat_count. What repeats is a series.
    """
    sheet = _Sheet(fields, config, now)
    found = replace(
        _filled(sheet, Post(post_id=post_id, channel="", text="", publish_at=now)),
        created_at=now,
        author=author,
    )
    found = _repeated(sheet, found)
    if sheet.problems:
        return Composed(post=None, problems=tuple(sheet.problems))
    return Composed(post=replace(found, state=first_state(found, config)))


def edited(post: Post, fields: Mapping[str, Any], *, by: str, config: AutomationConfig, now: datetime) -> Composed:
    """Return *post* with what *fields* say, ready to go out or waiting for approval, or every problem in them.

    It is approved no more, *by* is its author from now on, and has looked at it. Its place in a series stays.
    """
    sheet = _Sheet({"channel": post.channel, **fields}, config, now)
    found = _filled(sheet, replace(post, author=by, approved_by=None, approved_at=None))
    if sheet.problems:
        return Composed(post=None, problems=tuple(sheet.problems))
    return Composed(post=replace(found, state=first_state(found, config)))


def first_state(post: Post, config: AutomationConfig) -> PostState:
    """Return the state in which *post* waits for its time."""
    if post.repeat_every is not None and post.post_id == post.series_id:
        return PostState.SERIES
    return PostState.SCHEDULED if may_go_out(post, config) else PostState.TO_APPROVE


# --- what was filled in ------------------------------------------------------------------------------------------


class _Sheet:
    """The fields, and the problems found so far."""

    def __init__(self, fields: Mapping[str, Any], config: AutomationConfig, now: datetime) -> None:
        self.fields, self.config, self.now = fields, config, now
        self.place = ZoneInfo(config.zone)
        self.problems: list[Problem] = []

    def wrong(self, field: str, message: str, remedy: str) -> None:
        if all(known.field != field for known in self.problems):
            self.problems.append(Problem(field=field, message=message, remedy=remedy))

    def word(self, field: str) -> str:
        value = self.fields.get(field)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(field, "is not a text", "put it in quotes")
            return ""
        written = value.replace("\r\n", "\n").strip()
        if len(written) > _SHORT.get(field, len(written)):
            self.wrong(field, f"has {len(written):,} characters", f"shorten it to {_SHORT[field]:,}")
        return written

    def number(self, field: str) -> int | None:
        value = self.fields.get(field)
        if value in (None, ""):
            return None
        found = str(value).strip()
        if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,4}", found):
            self.wrong(field, "is not a whole number", "write digits alone, as in 2")
            return None
        return int(found)

    def moment(self, field: str, *, missing: str = "") -> datetime | None:
        """Return the time (UTC) that *field* says; a day alone is over with its end."""
        written = self.word(field)
        if not written:
            if missing:
                self.wrong(field, "is missing", missing)
            return None
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
            day = self.day(field)
            return None if day is None else day_begins(day + timedelta(days=1), self.place) - timedelta(seconds=1)
        try:
            found = datetime.fromisoformat(written)
            if found.tzinfo is not None:
                return found.astimezone(UTC)
        except (ValueError, OverflowError):
            self.wrong(field, "is not a time", "write it as 2026-12-01T09:00")
            return None
        if not is_real(found, self.place):
            self.wrong(field, "is an hour that the clocks leave out on that day", "choose an hour earlier or later")
            return None
        return earlier(found, self.place)

    def day(self, field: str) -> date | None:
        written = self.word(field)
        if not written:
            return None
        try:
            found = date.fromisoformat(written)
        except ValueError:
            found = date.max
        if found.year == date.max.year:
            self.wrong(field, "is not a day", "write it as 2026-12-01")
            return None
        return found


def _filled(sheet: _Sheet, post: Post) -> Post:
    publish_at = sheet.moment("publish_at", missing="choose when it goes out") or sheet.now
    if publish_at > sheet.now and publish_at < sheet.now + EARLIEST:
        sheet.wrong("publish_at", "is too soon", "choose a time at least 15 minutes ahead")
    elif publish_at < sheet.now:
        sheet.wrong("publish_at", "has passed", "choose a time at least 15 minutes ahead")
    elif publish_at > sheet.now + LATEST:
        sheet.wrong("publish_at", "is more than a year ahead", "choose a time within a year")
    ends = sheet.moment("event_ends_at")
    if ends is not None and ends <= publish_at:
        sheet.wrong("event_ends_at", "is before the post goes out", "publish it before the event is over")
    review = sheet.moment("review_by")
    if review is not None and review <= sheet.now:
        sheet.wrong("review_by", "has passed", "choose a day to come, or leave it empty")
    url, alt = _image(sheet)
    return replace(
        post,
        channel=_channel(sheet),
        text=_text(sheet),
        publish_at=publish_at,
        event_ends_at=ends,
        review_by=review,
        reviewed_at=sheet.now,
        owner=_owner(sheet),
        campaign=sheet.word("campaign") or None,
        category=_category(sheet),
        image_url=url,
        image_alt=alt,
    )


def _channel(sheet: _Sheet) -> str:
    name = sheet.word("channel")
    open_to = publishable(sheet.config)
    choose = f"choose one of: {', '.join(open_to)}" if open_to else "add a channel to which we can post to the config"
    if not name:
        sheet.wrong("channel", "is missing", choose)
    elif name not in sheet.config.channels:
        sheet.wrong("channel", f"there is no channel {name}", choose)
    elif name not in open_to:
        sheet.wrong("channel", f"nothing can be posted to {name} from here", choose)
    return name


def publishable(config: AutomationConfig) -> list[str]:
    """Return the channels of *config* to which we can post."""
    return [name for name, channel in config.channels.items() if channel.platform in LONGEST]


def longest(config: AutomationConfig, channel: str) -> int:
    """Return how many characters a post on *channel* may have."""
    known = config.channels.get(channel)
    return LONGEST.get(known.platform if known is not None else "", max(LONGEST.values()))


def _text(sheet: _Sheet) -> str:
    written = sheet.word("text")
    most = longest(sheet.config, sheet.word("channel"))
    if not written:
        sheet.wrong("text", "is empty", "write what shall go out")
    elif len(written) > most:
        sheet.wrong("text", f"has {len(written):,} characters", f"shorten it to {most:,}")
    return written


def _owner(sheet: _Sheet) -> str | None:
    staff_id = sheet.word("owner")
    if staff_id and staff_id not in sheet.config.staff:
        sheet.wrong("owner", f"{staff_id} is not on the staff list", "choose somebody who is")
    return staff_id or None


def _category(sheet: _Sheet) -> str | None:
    written = sheet.word("category").lower()
    if written and not _CATEGORY.fullmatch(written):
        sheet.wrong("category", "is not a short name", "write small letters, digits and hyphens, as in clinical")
    return written or None


def _image(sheet: _Sheet) -> tuple[str | None, str | None]:
    url, alt = sheet.word("image_url"), sheet.word("image_alt")
    if url and not _is_public(url):
        sheet.wrong("image_url", "is not an https address that everybody can open", "write one as https://…")
    if url and not alt:
        sheet.wrong("image_alt", "is missing", "say what the picture shows, for people who cannot see it")
    if alt and not url:
        sheet.wrong("image_url", "is missing", "add the address of the picture, or remove its description")
    return url or None, alt or None


def _is_public(url: str) -> bool:
    """Return whether *url* looks like a public https address; nothing is fetched."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme != "https" or parts.username is not None or port not in (None, 443) or re.search(r"\s", url):
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        name, _, top = host.rpartition(".")
        return bool(name) and not top.isdigit() and top not in ("local", "internal", "localhost")


# --- what repeats ------------------------------------------------------------------------------------------------


def _repeated(sheet: _Sheet, post: Post) -> Post:
    """Return the series that *post* is the first of, or *post* when it goes out once."""
    every, until, count = sheet.number("repeat_every"), sheet.moment("repeat_until"), sheet.number("repeat_count")
    unit = sheet.word("repeat_unit") or "days"
    if every is None:
        if any(sheet.fields.get(field) for field in ("repeat_until", "repeat_count")):
            sheet.wrong("repeat_every", "is missing", "say every how many days or weeks, or remove the end")
        return post
    if unit not in _DAYS:
        sheet.wrong("repeat_unit", "is neither days nor weeks", "choose one of the two")
        return post
    days = every * _DAYS[unit]
    if not 1 <= days <= LONGEST_INTERVAL:
        sheet.wrong(
            "repeat_every", f"is not between 1 day and {LONGEST_INTERVAL // 7} weeks", "choose another interval"
        )
        return post
    if until is None and count is None:
        if not sheet.fields.get("repeat_until"):
            sheet.wrong("repeat_until", "is missing: what repeats needs an end", "choose its last day, or how often")
        return post
    if until is not None and count is not None:
        sheet.wrong("repeat_count", "stands beside a last day", "keep one of the two")
        return post
    if count is not None:
        if not 2 <= count <= MOST:  # noqa: PLR2004 - once is no repetition
            sheet.wrong("repeat_count", f"is not between 2 and {MOST}", "choose another number")
            return post
        until = ends_with(post.publish_at, every=days, count=count, zone=sheet.config.zone)
    return _series(sheet, replace(post, series_id=post.post_id, repeat_every=days, repeat_until=until))


def _series(sheet: _Sheet, series: Post) -> Post:
    coming = list(times(series, zone=sheet.config.zone))
    until = series.repeat_until or series.publish_at
    if len(coming) <= 1:
        sheet.wrong("repeat_until", "leaves room for one post only", "choose a later day, or do not repeat it")
    elif len(coming) == MOST and until - coming[-1][1] >= timedelta(days=series.repeat_every or 1):
        sheet.wrong("repeat_until", f"would be more than {MOST} posts", "choose an earlier day, or write it anew then")
    elif series.event_ends_at is not None and coming[-1][1] >= series.event_ends_at:
        sheet.wrong("repeat_until", "is after the event is over", "end it before the event does")
    return series
