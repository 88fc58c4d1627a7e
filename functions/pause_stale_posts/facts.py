"""What the rules must know beside the posts: who waits, who is on duty, who has left, which links are dead."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.governor import governed
from switchboard.domain.links import Link, LinkState, is_allowed, links_in, why_dead
from switchboard.domain.post import PostState
from switchboard.domain.rota import duty, on_leave
from switchboard.domain.routing import Asked, route
from switchboard.domain.staleness_facts import Facts, Mode, Rule, Thresholds, Waiting, hour_of
from switchboard.domain.vocabulary import Category, Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from switchboard.config import AutomationConfig, Staleness
    from switchboard.domain.governor import Governor
    from switchboard.domain.post import Post
    from switchboard.domain.question import Question
    from switchboard.ports import CalendarSpans, Governors, LinkChecker, LinkLooks, QuestionStore

MOST_LOOKS = 40
"""So many links are looked at by one run."""
AT_ONCE = 8
LOOK_EVERY = timedelta(hours=6)
LOOK_AGAIN = timedelta(minutes=12)
"""A link that seems dead is looked at again so soon: one look is not enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """Whom the facts come from."""

    questions: QuestionStore
    calendars: CalendarSpans
    governors: Governors
    links: LinkChecker
    looks: LinkLooks


def thresholds_of(config: AutomationConfig) -> tuple[Thresholds, dict[str, Thresholds]]:
    """Return the general thresholds, and those of channels that have their own."""
    own = {
        name: _thresholds(channel.staleness, config.zone)
        for name, channel in config.channels.items()
        if channel.staleness is not None
    }
    return _thresholds(config.staleness, config.zone), own


def _thresholds(staleness: Staleness, zone: str) -> Thresholds:
    return Thresholds(
        repeat_count=staleness.repeat_count,
        repeat_within=staleness.repeat_within,
        people_waiting=staleness.people_waiting,
        people_waiting_until=staleness.people_waiting_until,
        waiting_longest=staleness.waiting_longest,
        waiting_ahead=staleness.waiting_ahead,
        review_every=staleness.review_every,
        zone=zone,
        rules={rule: Mode(getattr(staleness.rules, rule.value)) for rule in Rule if rule is not Rule.CRISIS},
    )


def facts_of(
    posts: Sequence[Post],
    *,
    witnesses: Witnesses,
    config: AutomationConfig,
    limits_of: Callable[[str], Thresholds],
    now: datetime,
) -> Facts:
    """Return what the rules must know to judge the scheduled ones of *posts*."""
    unfinished = witnesses.questions.unfinished()
    waiting = waiting_on(unfinished)
    scheduled = [post for post in posts if post.state is PostState.SCHEDULED]
    links = {post.post_id: found for post in scheduled if (found := links_in(post.text))}
    return Facts(
        waiting=waiting,
        governors=_governors(waiting, witnesses.governors, limits_of, now),
        waiting_under=waiting_under(unfinished, posts),
        links_of=links,
        dead_links=_dead(links.values(), witnesses, config.staleness.link_hosts, now),
        nobody_on_duty=nobody_on_duty(scheduled, config, witnesses.calendars, limits_of, now),
        staff=frozenset(config.staff),
        campaign_ends=campaign_ends(config),
    )


def campaign_ends(config: AutomationConfig) -> dict[str, datetime]:
    """Return when each campaign of the config is over: with the end of its last day."""
    zone = ZoneInfo(config.zone)
    return {
        name: datetime.combine(date.fromisoformat(last) + timedelta(days=1), time(), tzinfo=zone)
        for name, last in config.posts.campaigns.items()
    }


# --- people who wait ---------------------------------------------------------------------------------------------


def waiting_on(unfinished: Iterable[Question]) -> dict[str, Waiting]:
    """Return who waits on each channel."""
    since: defaultdict[str, list[datetime]] = defaultdict(list)
    for question in unfinished:
        since[question.channel].append(question.opened_at)
    return {channel: Waiting(open_questions=len(opened), oldest_since=min(opened)) for channel, opened in since.items()}


def waiting_under(unfinished: Iterable[Question], posts: Iterable[Post]) -> dict[str, Waiting]:
    """Return who waits under each published post, by the platform's id of the post.

    A thread begins with the id of the post that it stands under, or of a comment whose id begins with the post's.
    """
    roots: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
    for question in unfinished:
        whole = question.thread_id.rpartition("/")[0] or question.thread_id  # the author stands behind the slash
        for name in {whole, whole.partition("_")[0]}:
            roots[question.channel, name].append(question.opened_at)
    found: dict[str, Waiting] = {}
    for post in posts:
        platform_id = post.platform_post_id or (post.outside.external_id if post.outside is not None else "")
        if post.state is not PostState.PUBLISHED or not platform_id:
            continue
        opened = roots.get((post.channel, platform_id)) or roots.get((post.channel, platform_id.rpartition("_")[2]))
        if opened:
            found[platform_id] = Waiting(open_questions=len(opened), oldest_since=min(opened))
    return found


def _governors(
    waiting: Mapping[str, Waiting], governors: Governors, limits_of: Callable[[str], Thresholds], now: datetime
) -> dict[str, Governor]:
    """Decide for every channel on which people wait, or did at the last run, and remember where it is on."""
    was_on = frozenset(governors.load())
    found = {
        channel: governed(waiting.get(channel), limits_of(channel), was_on=channel in was_on, now=now, channel=channel)
        for channel in {*waiting, *was_on}
    }
    on = frozenset(channel for channel, governor in found.items() if governor.on)
    if on != was_on:
        governors.save(on)
    return found


# --- people who are there ----------------------------------------------------------------------------------------


def nobody_on_duty(
    posts: Iterable[Post],
    config: AutomationConfig,
    calendars: CalendarSpans,
    limits_of: Callable[[str], Thresholds],
    now: datetime,
) -> dict[tuple[str, datetime], str]:
    """Return for each channel and hour of *posts* in which nobody would be on duty the team of which nobody is."""
    wanted = {
        (post.channel, hour_of(max(post.publish_at, now)))
        for post in posts
        if post.channel in config.channels and limits_of(post.channel).mode_of(Rule.NOBODY_ON_DUTY) is not Mode.IGNORE
    }
    spans = calendars.current(config.calendars if wanted else ())
    found: dict[tuple[str, datetime], str] = {}
    for channel, hour in wanted:
        asked = Asked(
            channel=channel,
            platform=config.channels[channel].platform,
            category=Category.GENERAL,
            urgency=Urgency.NORMAL,
            language="en",
            at=hour,
        )
        team = route(config, asked).team
        if all(on_leave(config, team, one, hour) for one in duty(config, team, hour, spans)):
            found[channel, hour] = team
    return found


# --- links -------------------------------------------------------------------------------------------------------


def _dead(
    links: Iterable[Iterable[str]], witnesses: Witnesses, allowed: Sequence[str], now: datetime
) -> dict[str, str]:
    """Look at the links that are due, and return why each dead one is."""
    urls = [url for url in dict.fromkeys(url for each in links for url in each) if _is_ours(url, allowed)]
    if not urls:
        return {}
    seen = {url: list(looks) for url, looks in witnesses.looks.load(urls).items()}
    due = [url for url in urls if _is_due(seen[url], now)][:MOST_LOOKS]

    def look(url: str) -> Link:
        return witnesses.links.look(url, allowed, now=now)

    if due:
        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            for link in pool.map(look, due):
                witnesses.looks.save(link)
                seen[link.url].append(link)
    return {url: why for url, looks in seen.items() if (why := why_dead(looks))}


def _is_ours(url: str, allowed: Sequence[str]) -> bool:
    host = url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2].partition(":")[0]
    return is_allowed(host, allowed)


def _is_due(looks: Sequence[Link], now: datetime) -> bool:
    if not looks:
        return True
    last = max(looks, key=lambda look: look.looked_at)
    return now - last.looked_at >= (LOOK_AGAIN if last.state is LinkState.DEAD else LOOK_EVERY)
