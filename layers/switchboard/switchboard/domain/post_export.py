"""Calendars that people export from schedulers, as posts: tables of Buffer and Hootsuite, and the JSON of their APIs.

What is wrong is told by its row and column, with the remedy; a day that could be two days is wrong until somebody says
which comes first, or another row of the same table shows it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, cast
from zoneinfo import ZoneInfo

from switchboard.domain.post import Post, PostState, post_from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

DateOrder = Literal["", "mdy", "dmy"]

_COLUMNS = {
    "id": ("id", "post id", "message id", "update id"),
    "text": ("text", "message", "post", "content", "post text", "caption", "post content", "update", "post message"),
    "when": (
        "posting time", "scheduled time", "scheduled date", "due at", "dueat", "date & time", "date and time",
        "publish date", "scheduledsendtime", "scheduled send time", "date (local)", "datetime",
        "publish_at", "scheduled at", "scheduled for",
    ),
    "day": ("date", "day"),
    "hour": ("time", "hour"),
    "channel": (
        "channel", "profile", "social profile", "account", "network", "channelid", "channel id", "social network",
        "profile name", "social profile name", "profile id",
    ),
    "link": ("link", "url", "link url", "urls"),
    "image": ("image url", "image", "media", "image urls", "media url", "media urls", "picture"),
    "state": ("status", "state"),
}  # fmt: skip
_NAME_OF = {alias: name for name, aliases in _COLUMNS.items() for alias in aliases}
_SLASHED = re.compile(
    r"(?P<a>\d{1,2})[/.](?P<b>\d{1,2})[/.](?P<y>\d{4}|\d{2})[,\s]+(?P<h>\d{1,2}):(?P<m>\d{2})(?::\d{2})?\s*(?P<half>[ap]\.?m\.?)?",
    re.IGNORECASE,
)
_STATES = {
    "scheduled": PostState.SCHEDULED, "buffer": PostState.SCHEDULED, "queued": PostState.SCHEDULED,
    "pending": PostState.SCHEDULED, "approved": PostState.SCHEDULED,
    "queue": PostState.SCHEDULED, "sending": PostState.PUBLISHING,
    "sent": PostState.PUBLISHED, "published": PostState.PUBLISHED,
    "draft": PostState.DRAFT, "pending_approval": PostState.DRAFT, "needs_approval": PostState.DRAFT,
    "failed": PostState.FAILED, "error": PostState.FAILED, "send_failed_permanently": PostState.FAILED,
    "rejected": PostState.DISCARDED, "expired": PostState.DISCARDED, "deleted": PostState.DISCARDED,
}  # fmt: skip
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_DAY_ALONE = re.compile(r"\d{8}|\d{1,4}([-/.])\d{1,2}\1\d{1,4}")
_LONGEST_CELL = 131_072
_A_YEAR = 12
_SHAPES = tuple(
    f"{day} {hour}"
    for day in ("%Y-%m-%d", "%Y/%m/%d", "%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y", "%a %b %d %Y", "%A %B %d %Y")
    for hour in ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What is wrong in one *row* (the first is 1, a header counts), and how to mend it."""

    row: int
    column: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.message}; {self.remedy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The posts of an exported calendar, in its order, and what is wrong with the others."""

    posts: tuple[Post, ...]
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    fields: Mapping[str, str]
    own: Mapping[str, Any] | None = None


def decoded(content: bytes) -> str:
    """Return the text of a file that a spreadsheet may have written: UTF-8, UTF-16 with its mark, or Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def read_export(
    text: str, *, zone: str, channel: str = "", channels: Mapping[str, str] | None = None, date_order: DateOrder = ""
) -> Imported:
    """Return the posts in *text*, a table or JSON; times without an offset are wall time in *zone*.

    *channel* is that of rows that name none, *channels* says which channel an account of the export is. What is written
    like a post of our own, with `publish_at`, keeps its `event_ends_at`, its owner and the rest.
    """
    begins = text.lstrip()[:1]
    rows = list(_json_rows(text) if begins in ("{", "[") else _table_rows(text))
    order = date_order or _order_in(rows)
    posts: list[Post] = []
    wrong: list[Wrong] = []
    for row in rows:
        made = _post(row, zone, channel, channels or {}, order)
        if isinstance(made, Wrong):
            wrong.append(made)
        else:
            posts.append(made)
    if not rows:
        wrong.append(Wrong(row=1, column="file", message="holds no post", remedy="export the calendar again"))
    return Imported(posts=tuple(posts), wrong=tuple(wrong))


# --- rows --------------------------------------------------------------------------------------------------------


def _table_rows(text: str) -> Iterator[_Row]:
    lines = text.lstrip("\ufeff").replace("\0", "")
    header: list[str] = []
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=_delimiter(lines))
    try:
        for number, cells in enumerate(reader, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [_NAME_OF.get(" ".join(cell.lower().split()), "") for cell in cells]
                if "text" in header:
                    continue
                if any(header):
                    yield _Row(number, {"_wrong": "no column is named Text or Message"})
                    return
                # Hootsuite's bulk composer: no header; when, what, and then a link and a picture if you like.
                header = ["when", "text", "link", "image"]
            fields: dict[str, str] = {}
            for name, cell in zip(header, cells, strict=False):
                if name and cell.strip():
                    fields.setdefault(name, cell.strip())
            yield _Row(number, fields)
    except csv.Error:
        yield _Row(reader.line_num, {"_wrong": f"has a cell of more than {_LONGEST_CELL} letters, or an open quote"})


def _delimiter(lines: str) -> str:
    """Return what parts the cells of the first line that says something: what stands in quotes does not count."""
    first = next((line for line in lines.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"?', "", first)
    return max((",", ";", "\t"), key=bare.count)


def _json_rows(text: str) -> Iterator[_Row]:
    found = _json(text)
    if found is None:
        yield _Row(1, {"_wrong": "is not JSON"})
        return
    for number, entry in enumerate(_entries(found), start=1):
        if entry is None:
            yield _Row(number, {"_wrong": "is no post but a bare value"})
            continue
        if "publish_at" in entry:
            yield _Row(number, {}, entry)
            continue
        fields: dict[str, str] = {}
        for key, value in entry.items():
            name = _NAME_OF.get(key.lower().replace("_", " ")) or _NAME_OF.get(key.lower())
            if name and isinstance(value, str | int) and str(value).strip():
                fields.setdefault(name, str(value))
        profile = entry.get("socialProfile")
        if isinstance(profile, dict):
            fields["channel"] = str(cast("dict[str, Any]", profile).get("id", ""))
        yield _Row(number, fields)


def _json(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Return what *text* says, one value or one a line; None when it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            return None


def _entries(found: Any) -> Iterable[dict[str, Any] | None]:  # noqa: ANN401 - any JSON
    """Return the objects of a list, wherever the API put it (`data`, `posts`, `edges`); None for what is no object."""
    while isinstance(found, dict):
        inner = cast("dict[str, Any]", found)
        key = next((key for key in ("data", "posts", "edges", "messages", "updates") if key in inner), "")
        if not key:
            return [inner]
        found = inner[key]
    if not isinstance(found, list):
        return []
    return [_node(one) for one in found]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType, reportUnknownMemberType] - any JSON


def _node(entry: Any) -> dict[str, Any] | None:  # noqa: ANN401 - any JSON
    inner = cast("dict[str, Any]", entry).get("node", entry) if isinstance(entry, dict) else None
    return cast("dict[str, Any]", inner) if isinstance(inner, dict) else None


# --- a row -------------------------------------------------------------------------------------------------------


def _post(row: _Row, zone: str, channel: str, channels: Mapping[str, str], order: DateOrder) -> Post | Wrong:
    fields = row.fields
    if "_wrong" in fields:
        return Wrong(row=row.number, column="file", message=fields["_wrong"], remedy="export the calendar again")
    if row.own is not None:
        return _own(row.number, row.own, zone, channel, channels)
    text = fields.get("text", "")
    if fields.get("link") and fields["link"] not in text:
        text = f"{text} {fields['link']}".strip()
    if not text:
        return Wrong(
            row=row.number, column="text", message="is empty", remedy="write what is to be posted, or remove the row"
        )
    when = fields.get("when") or " ".join(filter(None, (fields.get("day"), fields.get("hour"))))
    at = _moment(when, zone, order)
    if isinstance(at, str):
        message, _, remedy = at.partition("; ")
        return Wrong(row=row.number, column="time", message=message, remedy=remedy)
    account = fields.get("channel", "")
    named = channels.get(account) or account or channel
    state = _STATES.get(fields.get("state", "scheduled").lower().replace(" ", "_"))
    if state is None:
        message = f"{fields['state']!r} is no state of a post"
        return Wrong(row=row.number, column="status", message=message, remedy="write scheduled, draft or sent")
    return Post(
        post_id=fields.get("id") or _made_id(named, at, text),
        channel=named,
        text=text,
        publish_at=at,
        state=state,
        image_url=fields.get("image") or None,
    )


def _own(number: int, entry: Mapping[str, Any], zone: str, channel: str, channels: Mapping[str, str]) -> Post | Wrong:
    try:
        post = post_from_json(entry, zone=zone)
    except ValueError as error:
        column, _, rest = str(error).partition(": ")
        message, _, remedy = rest.partition("; ")
        return Wrong(row=number, column=column, message=message, remedy=remedy)
    return replace(post, channel=channels.get(post.channel) or post.channel or channel)


def _moment(when: str, zone: str, order: DateOrder) -> datetime | str:
    """Return the moment, or what is wrong with it and the remedy."""
    remedy = "write it as 2026-10-12 14:00"
    if not when:
        return f"is empty; {remedy}"
    if _EPOCH.fullmatch(when):
        return datetime.fromtimestamp(int(when[:10]), UTC)
    if _DAY_ALONE.fullmatch(when):
        return f"{when!r} has no time of day; {remedy}"
    slashed = _SLASHED.fullmatch(when.strip())
    try:
        written = _written(when.strip()) if slashed is None else None
        found = written or (_from_slashes(slashed, order) if slashed is not None else None)
        if found is None:
            return f"{when} could be two days; say which comes first: --date-order mdy or dmy"
        wall = ZoneInfo(zone)
        at = (found if found.tzinfo else found.replace(tzinfo=wall)).astimezone(UTC)
        if found.tzinfo is None and at.astimezone(wall).replace(tzinfo=None) != found:
            return f"{when} is an hour that the clocks of {zone} skip; choose an hour before or after"
    except (ValueError, OverflowError):
        return f"{when!r} is not a time; {remedy}"
    return at


def _written(when: str) -> datetime:
    """Return what 2026-10-24 2:30 PM or Oct 24, 2026 14:00 says; ValueError if it is no time."""
    plain = " ".join(when.replace(",", " ").split())
    try:
        return datetime.fromisoformat(plain.replace(" UTC", "+00:00"))
    except ValueError:
        for shape in _SHAPES:
            try:
                return datetime.strptime(plain, shape)  # noqa: DTZ007 - wall time
            except ValueError:
                continue
        raise


def _from_slashes(found: re.Match[str], order: DateOrder) -> datetime | None:
    first, second, year = int(found["a"]), int(found["b"]), int(found["y"])
    if "." in found[0].split()[0]:
        order = "dmy"  # 24.12.2026 is written where the day comes first
    if first > _A_YEAR:
        order = "dmy"
    elif second > _A_YEAR:
        order = "mdy"
    elif first == second:
        order = order or "mdy"
    if not order:
        return None
    month, day = (first, second) if order == "mdy" else (second, first)
    hour = int(found["h"])
    half = (found["half"] or "").lower().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return datetime(year + 2000 if year < 100 else year, month, day, hour, int(found["m"]))  # noqa: PLR2004, DTZ001 - wall time


def _order_in(rows: Sequence[_Row]) -> DateOrder:
    """Return which comes first, the month or the day, if a row of the table shows it and none shows the opposite."""
    seen: set[DateOrder] = set()
    for row in rows:
        when = row.fields.get("when") or " ".join(filter(None, (row.fields.get("day"), row.fields.get("hour"))))
        found = _SLASHED.fullmatch(when.strip())
        if found is None:
            continue
        if int(found["a"]) > _A_YEAR:
            seen.add("dmy")
        if int(found["b"]) > _A_YEAR:
            seen.add("mdy")
    return next(iter(seen)) if len(seen) == 1 else ""


def _made_id(channel: str, at: datetime, text: str) -> str:
    digest = hashlib.sha256(f"{channel}\n{at.isoformat()}\n{text}".encode()).hexdigest()
    return f"import-{digest[:12]}"
