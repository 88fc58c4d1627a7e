"""Reading back from Graph what its webhooks should have told: the same message ids, kinds and threads.

What is read is said once more as the webhook says it, and goes through the parser of the webhook. So whatever came by
webhook is known, and only what was missed is new.

A look goes through several lists (posts with their comments, conversations, …), one request for each of them in a
call, so three at most, and one more where Graph asks to be asked for less. Of what has more comments than stand on
the first page, the rest is read as long as it is younger than `REACH`. Reading back sees neither edits (Graph does
not date them) nor removals.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from switchboard.domain.message import Delivery, Ignored
from switchboard.errors import Misconfigured, Rejected, SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of, text_of
from switchboard.platforms.graph_marks import Mark
from switchboard.ports import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from switchboard.platforms.graph import Graph, Json
    from switchboard.ports import Channel, ChannelSecret, Inbound

    Ask = Callable[..., Json]

REACH = timedelta(hours=48)
"""What is older is not looked for page after page: Meta itself tries a webhook for 36 hours."""

_NEXT = ("after", "until", "__paging_token")
_LONGEST_NEXT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What one request brought: *changes* and *messaging* as the webhook tells them.

    *following* is the query of the list's next page, "" at its end. *busy* names what has more to read, in the words
    of the list. *reaches_to* is as in `ports.Page`.
    """

    changes: Sequence[Json] = ()
    messaging: Sequence[Json] = ()
    following: str = ""
    busy: Sequence[str] = ()
    reaches_to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list: *read* takes who asks, the query of the page, the channel and now; *dig* reads on in what is busy."""

    name: str
    read: Callable[[Ask, Mapping[str, str], Channel, datetime], Read]
    dig: Callable[[Ask, Mapping[str, str], Channel, datetime, str], Read] | None = None


class Readback:
    """`ports.Polled` over *lists*, the first of which must be readable; *inbound* parses what *named* webhooks tell."""

    def __init__(self, graph: Graph, inbound: Inbound, named: str, lists: Sequence[Listing]) -> None:
        self._graph = graph
        self._inbound = inbound
        self._named = named
        self._lists = lists

    def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
        """Return one page of every list that is not at its end.

        A list that may not be read is ignored ("conversations_unread"), but for the first. One that asks to wait
        stands in the mark again, unless nothing else could be read: then Unavailable.
        """
        if not channel.account_id:
            raise Misconfigured(f"channel {channel.name} has no account_id in the automation config; put it there")
        mark = Mark.read(older_than) or Mark.first(listing.name for listing in self._lists)
        ask = partial(self._graph.get, channel, secret)
        reads: list[Read] = []
        unread: list[Ignored] = []
        failures: list[SwitchboardError] = []
        for listing in self._lists:
            if not mark.has(listing.name):
                continue
            try:
                reads.append(_read(listing, mark, ask, channel, now))
            except Unavailable as exc:
                failures.append(exc)
            except (Rejected, Misconfigured) as exc:
                if listing is self._lists[0] and not older_than:
                    raise _misconfigured(exc, listing, channel) from exc
                failures += [exc] if isinstance(exc, Misconfigured) else []
                unread.append(Ignored(reason=f"{listing.name}_unread"))
                mark = mark.without(listing.name)
            else:
                mark = mark.after(listing.name, reads[-1].following, reads[-1].busy)
        if failures and not reads:
            raise failures[0]
        delivery = self._told(reads, channel, now)
        return Page(
            delivery=replace(delivery, ignored=(*delivery.ignored, *unread)),
            older=str(mark),
            reaches_to=None if any(isinstance(exc, Unavailable) for exc in failures) else _reaches_to(reads),
        )

    def _told(self, reads: Sequence[Read], channel: Channel, now: datetime) -> Delivery:
        changes = [change for read in reads for change in read.changes]
        messaging = [event for read in reads for event in read.messaging]
        body = {"object": self._named, "entry": [{"changes": changes, "messaging": messaging}]}
        delivery = self._inbound.parse(json.dumps(body).encode(), {}, channel, now=now)
        return Delivery(
            messages=tuple(replace(message, via="poll") for message in delivery.messages),
            ignored=tuple(part for part in delivery.ignored if part.event),
        )


def following(page: Json) -> str:
    """Return the query of the list's next page, "" at its end. The link itself, which bears a token, is not used."""
    paging = dict_of(page.get("paging"))
    link = paging.get("next")
    if not isinstance(link, str) or not link:
        return ""
    after = dict_of(paging.get("cursors")).get("after")
    found = [("after", after)] if isinstance(after, str) and after else _query_of(link)
    query = urlencode([(name, text_of(value, _LONGEST_NEXT)) for name, value in found])
    return query if len(query) <= _LONGEST_NEXT else ""


def _query_of(link: str) -> list[tuple[str, str]]:
    try:
        return [pair for pair in parse_qsl(urlsplit(link).query) if pair[0] in _NEXT]
    except ValueError:
        return []


def _read(listing: Listing, mark: Mark, ask: Ask, channel: Channel, now: datetime) -> Read:
    query = {name: value for name, value in parse_qsl(mark.query(listing.name)) if name in _NEXT}
    busy = mark.busy(listing.name)
    if not busy or listing.dig is None:
        return listing.read(ask, query, channel, now)
    try:
        return listing.dig(ask, query, channel, now, busy)
    except Rejected:  # it was deleted meanwhile
        return Read()


def _reaches_to(reads: Sequence[Read]) -> datetime | None:
    told = [read.reaches_to for read in reads]
    known = [moment for moment in told if moment is not None]
    return max(known) if known and len(known) == len(told) else None


def _misconfigured(exc: SwitchboardError, listing: Listing, channel: Channel) -> Misconfigured:
    if isinstance(exc, Misconfigured):
        return exc
    return Misconfigured(
        f"Facebook does not give the {listing.name} of channel {channel.name}; check account_id, and what the "
        "access token may read"
    )
